"""The tables of the current records, and the rules for what may be stored in them.

`tables.py` declares every table. `loading.py` and `saving.py` turn rows into stored organizations and back. `part_readers.py`
says how the rows of each part are read, `combined_query.py` reads those of a few organizations at once, and `provenance.py` and
`datasets.py` group sources by the rows they come from. `invariants.py` checks one record, and `references.py` checks it against
the others. `slug_assignment.py` decides which slug a record gets, and `slug_lookup.py` finds the record that a slug leads to.
"""
