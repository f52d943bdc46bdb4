"""Reconciliation: a list in OpenRefine or a spreadsheet matched against the directory (Reconciliation Service API 0.2)."""
