"""Maintain the records: merge duplicates, undo revisions, hide records in an emergency, find records due for verification.

`consistency` checks that snapshots, tables and ledger agree. The `*_parts` and `later_revisions` files serve `merge` and `undo`.
"""
