"""Search: immutable in-memory snapshots that answer questions without I/O.

Start with `snapshot.py`. A `Snapshot` answers a `Question` with a `SearchResult`: a page of hits, facets, a map and relaxations.

Every organization has a row number, and every filter is a bitmap of row numbers (`rows.py`, `search_index.py`). Rows are
numbered by name. A bitmap is never changed after it is built; every operation returns a new one.

The audiences of a process share one index. An audience's view of it is masked by row and by field, once when it is built and
again after each change: bitmaps, points and numbers in `search_index.py`, words in `text/word_index.py`. What the mask leaves
unchanged is the same object for all audiences.
"""
