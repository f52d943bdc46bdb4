"""Resolve rows: check what they state, and find the records that they refer to.

`row_statement` parses a row. `record_resolver` finds the record by its keys (`record_keys`), by a decision in an earlier import
(`import_history`, which also drops values that came from our own export), or by similarity (directory.matching).
"""
