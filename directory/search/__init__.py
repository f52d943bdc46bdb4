"""Search: immutable in-memory snapshots that answer questions without I/O.

Start with `snapshot.py`. A `Snapshot` answers a `Question` with a `SearchResult`: a page of hits, facets, a map and relaxations.

Every organization has a row number, and every filter is a bitmap of row numbers (`rows.py`, `search_index.py`). Rows are
numbered by name. A bitmap is never changed after it is built; every operation returns a new one.
"""
