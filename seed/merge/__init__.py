"""Merge a row into its record: which stated values replace stored ones, which are added, and where each came from.

Start with `merge_row.merge_row`. `provenance` adds the dataset as the source of each changed field.
"""
