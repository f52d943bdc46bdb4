"""Read HSDS (Open Referral) data sets and Ohana's CSV files: linked tables or JSON become rows.

`hsds_reader.py` recognizes and reads the files, `linked_tables.py` nests their rows, and `organization.py` turns an organization
into a row, with its `locations_and_contacts.py`. `own_export.py` reads what this directory exported.
"""
