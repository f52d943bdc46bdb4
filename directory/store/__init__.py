"""Where the directory is kept: tables, the ledger of every change, and the only way to write either."""

from directory.store.edits import (
    Change,
    Edit,
    Head,
    LedgerKind,
    Network,
    Outcome,
    Put,
    Receipt,
    Remove,
    SeenChange,
    Stamps,
    Touched,
    Written,
)
from directory.store.loading import Reading
from directory.store.store import Store

__all__ = [
    "Change",
    "Edit",
    "Head",
    "LedgerKind",
    "Network",
    "Outcome",
    "Put",
    "Reading",
    "Receipt",
    "Remove",
    "SeenChange",
    "Stamps",
    "Store",
    "Touched",
    "Written",
]
