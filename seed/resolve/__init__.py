"""Resolve a row: check what it states, and find the record it refers to.

`row_statement` parses the row, `already_published` drops values that came from our own export, and `record_resolver` finds the
record by its keys or by similarity.
"""
