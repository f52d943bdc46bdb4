"""Where the directory is kept: tables, the ledger of every change, and the only way to write either."""

from directory.store.agreement import find_inconsistencies
from directory.store.backup import backup, restore
from directory.store.edits import (
    IMPORT_ACTOR,
    Change,
    ChangedRecords,
    Edit,
    EditOutcome,
    EditResult,
    Head,
    LedgerKind,
    Network,
    Put,
    Receipt,
    RecordVersion,
    Remove,
    Revision,
)
from directory.store.erase import Erasure, erase
from directory.store.loading import ReadTransaction
from directory.store.store import Store

__all__ = [
    "IMPORT_ACTOR",
    "Change",
    "Edit",
    "Erasure",
    "Head",
    "LedgerKind",
    "Network",
    "Outcome",
    "Put",
    "Reading",
    "Receipt",
    "Remove",
    "Revision",
    "Stamps",
    "Store",
    "Touched",
    "Written",
    "backup",
    "disagreements",
    "erase",
    "restore",
]
