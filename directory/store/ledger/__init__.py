"""The log of every change, and what is derived from it.

`edits.py` holds the values that go into and come out of a write. `change_log.py` appends rows, `history.py` reads them, and
`erase.py` removes private parts from them. `visible_changes.py` tracks what each audience could see change, and `merges.py` which
records were merged into which.
"""
