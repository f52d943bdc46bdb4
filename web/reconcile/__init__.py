"""The Reconciliation Service API 0.2: match a list in OpenRefine or a spreadsheet against the directory.

A request passes through `reconcile_endpoint` and `reconcile_request`; `candidates` compares a row with the organizations.
"""
