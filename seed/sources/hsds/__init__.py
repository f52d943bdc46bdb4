"""Read HSDS (Open Referral) data sets and Ohana's CSV files: linked tables or JSON become rows.

`hsds_reader.py` recognizes and opens the files, `dataset.py` nests the tables, and `organization.py` turns an organization into a
row.
"""
