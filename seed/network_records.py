"""The network's own records, as they are shipped: who it is and which organizations its documents name."""

import datetime as dt
from collections.abc import Collection, Iterator
from pathlib import Path

from msgspec.structs import replace

from directory.errors import BadInput
from directory.store.ledger.edits import Network, Receipt
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import Plan, PlannedRow, RowAction
from seed.rows import Row
from seed.sources import own_records
from seed.sources.dataset import Dataset

DATA_FOLDER = Path(__file__).with_name("data")
NETWORK_SLUG = "us-human-rights-network"  # the record that is the network itself
NETWORK_ID = "5380c410-d2d6-5d03-b4c8-197f6a3896c9"  # stated in its file


def load_network_dataset() -> Dataset:
    """The shipped records, one file each, in the order of the files' names. They state their sources."""
    return Dataset("network", "The network's own records", _read_rows(), has_provenance=True)


def _read_rows() -> Iterator[Row]:
    for path in sorted(DATA_FOLDER.glob("*.toml")):
        yield from own_records.read_record_file(path)


def plan_network(store: Store, today: dt.date) -> Plan:
    """What of the shipped records differs from what is kept. One that was removed here changes nothing."""
    planned = plan_import(load_network_dataset(), store, today=today)
    with store.begin_read() as reading:
        had = reading.load_removed_organizations(
            [item.record_after.id for item in planned.items if item.action is RowAction.CREATE and item.record_after]
        )
    return Plan(tuple(_skip_removed(item, had) for item in planned.items))


def _skip_removed(item: PlannedRow, removed_ids: Collection[str]) -> PlannedRow:
    is_removed = item.action is RowAction.CREATE and item.record_after is not None and item.record_after.id in removed_ids
    return replace(item, action=RowAction.SKIP, record_after=None, changed_fields=()) if is_removed else item


def seed_network(store: Store, now: dt.datetime) -> Receipt:
    """Adds those shipped records that this directory never had, and says whose directory it is where that is not said yet.

    What is kept already stays as it is, and what was removed stays removed: from the first start on, staff decide.
    A second time changes nothing and raises no revision. Raises BadInput in a fictional directory.
    """
    head = store.load_head()
    if head.fictional:
        raise BadInput("This directory holds a fictional network; real records do not belong into it. Use another database.")
    planned = plan_network(store, now.date()).select(RowAction.CREATE)
    network = Network(NETWORK_ID) if head.network_id is None and NETWORK_ID in _list_ids(store, planned) else None
    return apply_plan(planned, store, now=now, reason="the network's own records", network=network)


def _list_ids(store: Store, planned: Plan) -> set[str]:
    """Of the network's own record, if it is there or about to be."""
    return {edit.id for edit in planned.edits} | {entry.id for entry, _ in store.load_organizations([NETWORK_ID])}
