"""Export records in HSDS 3.1 (Open Referral), as JSON or as a tabular data package.

`profile` defines how records are represented, `organization` builds the objects, and `writer` writes both formats.
"""
