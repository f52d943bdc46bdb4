"""Export records: one file per format, each with a function that writes what an audience may see.

`formats` lists all formats, `flat_fields` the columns of tables. `draft_fields` turns a published record into draft fields, so
that exports can be imported again.
"""
