"""Plan and apply imports of provisions, and look at what is stored."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.provisions import REVIEW
from directory.kinds.instrument import StoredProvision
from directory.live import Directory
from directory.records import RecordKind
from directory.store.ledger.edits import Put
from directory.store.store import Store
from seed.plan.import_plan import apply_plan
from seed.plan.planned_row import Plan, RowAction
from seed.plan.provision_plan import plan_provisions
from seed.rows import Row as StatedRow
from seed.sources.dataset import Dataset
from tests.builders import a_stored_instrument, an_id

NOW = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
LATER = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
OTHER_REVIEW = a_stored_instrument("Review of 2015", id=an_id("2015"), slug="upr-usa-2015")


@pytest.fixture
def directory(store: Store) -> Directory:
    directory = Directory(store)
    directory.write([Put(REVIEW), Put(OTHER_REVIEW)], actor="staff", now=NOW, reason="the reviews")
    return directory


def plan_rows(directory: Directory, *stated: Mapping[str, object], key: str = "upr", **options: Any) -> Plan[StoredProvision]:
    rows = [StatedRow("upr.csv", number, one) for number, one in enumerate(stated, start=2)]
    date = options.pop("date", None)
    dataset = Dataset(key, "A list", rows, date=date, has_provenance=options.pop("has_provenance", False))
    return plan_provisions(dataset, directory.store, **{"instrument": REVIEW.slug, **options})


def import_rows(directory: Directory, *stated: Mapping[str, object], **options: Any) -> Plan[StoredProvision]:
    plan = plan_rows(directory, *stated, **options)
    apply_plan(plan, directory, now=NOW, reason="test", actor="directory seed")
    return plan


def list_actions(plan: Plan[StoredProvision]) -> list[RowAction]:
    return [item.action for item in plan.items]


def list_messages(plan: Plan[StoredProvision]) -> list[str]:
    return [problem.message for item in plan.items for problem in item.problems]


def load_provisions_by_number(directory: Directory) -> dict[str, StoredProvision]:
    records = (record for record, _ in directory.store.load_records(RecordKind.PROVISION))
    return {record.number: record for record in records if isinstance(record, StoredProvision)}


def edit(directory: Directory, number: str, /, **fields: Any) -> None:
    """Edit a provision as a person, later."""
    record = load_provisions_by_number(directory)[number]
    directory.write([Put(replace(record, **fields))], actor="staff", now=LATER, reason="test")


ROW = {"number": "26.101", "cycle": "3", "recommending_state": "Norway", "summary": "End evictions. Now.", "response": "Noted"}
