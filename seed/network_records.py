"""The records that are shipped with the program: the network itself, the organizations that its documents name, its coalitions
and events, and human-rights instruments."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from directory.errors import BadInput
from directory.live import Directory
from directory.store.ledger.edits import Network, Receipt
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import OrganizationRow, Plan, PlannedRow, RowAction
from seed.rows import Row
from seed.shipped_records import plan_shipped_records, read_shipped_rows
from seed.sources import own_records
from seed.sources.dataset import Dataset

DATA_FOLDER = Path(__file__).with_name("data")
NETWORK_SLUG = "us-human-rights-network"  # the record that is the network itself
NETWORK_ID = "5380c410-d2d6-5d03-b4c8-197f6a3896c9"  # as in its file


def load_network_dataset() -> Dataset:
    """Return the shipped organizations, one for each file, ordered by file name. They state their own sources."""
    return Dataset("network", "The network's own records", _read_rows(), has_provenance=True)


def _read_rows() -> Iterator[Row]:
    for path in sorted(DATA_FOLDER.glob("*.toml")):
        yield from own_records.read_record_file(path)


def plan_network(store: Store, today: dt.date) -> Plan:
    """Return a plan of all shipped records. It updates the stored organizations to the shipped ones; records of other kinds that
    exist do not change. Records that were removed here stay removed.
    """
    plan = plan_import(load_network_dataset(), store, today=today, is_strict=True)
    with store.begin_read() as reading:
        removed_ids = reading.load_removed_records([id for item in plan.items for id in _list_removable_ids(item)])
        organizations = [_skip_removed(item, removed_ids) for item in plan.items]
        new_ids = {item.record_after.id for item in organizations if item.action is RowAction.CREATE and item.record_after}
        others = list(plan_shipped_records(list(read_shipped_rows(DATA_FOLDER)), reading, new_ids))
    return Plan((*organizations, *others))


def _list_removable_ids(item: OrganizationRow) -> Sequence[str]:
    """Return the ids under which the record of the row may have been removed."""
    if item.action is RowAction.CREATE and item.record_after:
        return (item.record_after.id,)
    return tuple(
        candidate.id for candidate in item.candidates if candidate.was_removed and candidate.id == item.row.fields.get("id")
    )


def _skip_removed(item: OrganizationRow, removed_ids: Collection[str]) -> OrganizationRow:
    is_removed = any(id in removed_ids for id in _list_removable_ids(item))
    return PlannedRow(row=item.row, action=RowAction.SKIP) if is_removed else item


def seed_network(directory: Directory, now: dt.datetime) -> Receipt:
    """Add the shipped records that this directory never had, and set its network unless one is set.

    Existing records do not change and removed ones stay removed: after the first start, staff decide. A second call changes
    nothing and creates no revision. Raises BadInput in a fictional directory.
    """
    head = directory.store.load_head()
    if head.fictional:
        raise BadInput("This directory holds a fictional network and cannot take real records. Use another database.")
    plan = plan_network(directory.store, now.date()).select(RowAction.CREATE)
    network = Network(NETWORK_ID) if head.network_id is None and _will_have_network_record(directory.store, plan) else None
    return apply_plan(plan, directory, now=now, reason="the network's own records", network=network)


def _will_have_network_record(store: Store, plan: Plan) -> bool:
    return any(edit.id == NETWORK_ID for edit in plan.edits) or bool(store.load_organizations([NETWORK_ID]))
