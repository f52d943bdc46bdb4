"""The log of every change, and what is derived from it.

`edits.py` holds the values that go into and come out of a write. `change_log.py` appends rows, `change_reading.py` builds changes
from them, `history.py` finds them, and `erase.py` removes private parts from them. `state_digest.py` makes damage visible.
`visible_changes.py` determines what each audience sees change, `feed.py` numbers and lists that, `merges.py` tracks which
records were merged into which, and `removal_decisions.py` which removed ones are to stay removed.
"""
