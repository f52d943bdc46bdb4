"""The snapshot: everything that is found is found here, in memory, without I/O.

One mechanism throughout: sets of row numbers as bitmaps, rows numbered in the order of names.
A set of rows in a `Snapshot` is never changed after it was built; every operation makes a new one.
"""
