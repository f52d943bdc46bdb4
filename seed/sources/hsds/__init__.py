"""HSDS (Open Referral) data sets in all their shapes, and Ohana's CSV files: from linked tables or JSON to rows.

`hsds_reader.py` recognizes and opens the files, `dataset.py` nests the tables, and `organization.py` turns an organization into a
row.
"""
