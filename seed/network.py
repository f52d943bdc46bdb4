"""The network's own records, as they are shipped: who it is and which organizations its documents name."""

import datetime as dt
from collections.abc import Collection, Iterator
from pathlib import Path

from msgspec.structs import replace

from directory.errors import BadInput
from directory.store import Network, Receipt, Store
from seed.apply import apply
from seed.dataset import Dataset
from seed.items import Fate, Item, Plan
from seed.plan import plan
from seed.readers import native
from seed.rows import Row

DATA = Path(__file__).with_name("data")
NETWORK_SLUG = "us-human-rights-network"  # the record that is the network itself
NETWORK_ID = "5380c410-d2d6-5d03-b4c8-197f6a3896c9"  # stated in its file


def network_dataset() -> Dataset:
    """The shipped records, one file each, in the order of the files' names. They state their sources."""
    return Dataset("network", "The network's own records", _rows(), states_sources=True)


def _rows() -> Iterator[Row]:
    for path in sorted(DATA.glob("*.toml")):
        yield from native.read(path)


def network_plan(store: Store, today: dt.date) -> Plan:
    """What of the shipped records differs from what is kept. One that was removed here changes nothing."""
    planned = plan(network_dataset(), store, today=today)
    with store.reading() as reading:
        had = reading.last_known([item.entry.id for item in planned.items if item.fate is Fate.CREATED and item.entry])
    return Plan(tuple(_left_removed(item, had) for item in planned.items))


def _left_removed(item: Item, had: Collection[str]) -> Item:
    is_removed = item.fate is Fate.CREATED and item.entry is not None and item.entry.id in had
    return replace(item, fate=Fate.UNCHANGED, entry=None, fields=()) if is_removed else item


def seed_network(store: Store, now: dt.datetime) -> Receipt:
    """Adds those shipped records that this directory never had, and says whose directory it is where that is not said yet.

    What is kept already stays as it is, and what was removed stays removed: from the first start on, staff decide.
    A second time changes nothing and raises no revision. Raises BadInput in a fictional directory.
    """
    head = store.head()
    if head.fictional:
        raise BadInput("This directory holds a fictional network; real records do not belong into it. Use another database.")
    planned = network_plan(store, now.date()).of(Fate.CREATED)
    network = Network(NETWORK_ID) if head.network_id is None and NETWORK_ID in _ids(store, planned) else None
    return apply(planned, store, now=now, reason="the network's own records", network=network)


def _ids(store: Store, planned: Plan) -> set[str]:
    """Of the network's own record, if it is there or about to be."""
    return {edit.id for edit in planned.edits} | {entry.id for entry, _ in store.entries([NETWORK_ID])}
