"""What somebody else does to Alder while a person edits it."""

from contextlib import closing

from msgspec.structs import replace

from directory.curation.hiding import hide
from directory.live import Directory
from directory.store.ledger.edits import Put, Remove
from directory.store.store import Store
from tests.builders import NOW
from tests.cli.editing.conftest import ALDER


def change_alder(url: str) -> None:
    with closing(Store.open(url)) as store:
        (record, _) = next(iter(store.load_organizations([ALDER.id])))
        changed = replace(record, founded=1985, summary="Woods.")
        store.write([Put(changed)], actor="bob", now=NOW, reason="the annual report")


def hide_alder(url: str) -> None:
    with closing(Directory.open(url)) as directory:
        hide(directory, "alder", now=NOW, reason="threatened")


def remove_alder(url: str, survivor_id: str | None) -> None:
    with closing(Store.open(url)) as store:
        store.write([Remove(ALDER.id, survivor_id=survivor_id)], actor="bob", now=NOW, reason="closed")
