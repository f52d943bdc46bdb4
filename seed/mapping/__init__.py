"""Map the columns of any table to the flat fields of flat_fields.py, by a profile or by a guess from headings and values.

`guess.py` combines the meaning of headings (`headings.py`, `heading_meaning.py`) with the form of values (`value_patterns.py`).
`profile.py` stores a mapping in a file. `column_mapping.py` applies a mapping to rows.
"""
