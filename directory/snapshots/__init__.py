"""Snapshots of all audiences, built and advanced from what the store holds.

Start with `snapshot_set.py`. The snapshots themselves are in directory/search, which knows nothing of the store.
"""
