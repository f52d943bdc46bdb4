"""Build plans of a few rows for tests."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from directory.live import Directory
from directory.store.ledger.edits import Receipt
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import OrganizationPlan, OrganizationRow, PlannedRow
from seed.rows import Row
from seed.sources.dataset import Dataset

NOW = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
OTHER = "22222222-2222-4222-8222-222222222222"
EIN = {"scheme": "US-EIN", "value": "52-1633883"}
SHELTER = {"street": "12 Peachtree St NE", "city": "Atlanta", "state": "GA", "postal_code": "30312", "disclosure": "HIDDEN"}


def plan_rows(store: Store, *stated: Mapping[str, object], source: str = "a-list", **options: Any) -> OrganizationPlan:
    rows = [Row("file.json", number, one) for number, one in enumerate(stated, start=1)]
    return plan_import(a_dataset(rows, key=source), store, today=NOW.date(), **options)


def a_dataset(rows: Iterable[Row], **fields: Any) -> Dataset:
    return Dataset(**{"key": "a-list", "title": "A list", "rows": rows, **fields})


def plan_one_row(store: Store, *, source: str = "a-list", **stated: Any) -> OrganizationRow:
    (item,) = plan_rows(store, {"name": "Tenants Union", **stated}, source=source).items
    return item


def seed_rows(store: Store, *stated: Mapping[str, object], **options: Any) -> Receipt:
    return apply_plan(plan_rows(store, *stated, **options), Directory(store), now=NOW, reason="test")


def only_message(item: PlannedRow) -> str:
    (problem,) = item.problems
    return problem.message


def record_with_location(**location: object) -> dict[str, object]:
    return {"slug": "tu", "name": "Tenants Union", "locations": [{**SHELTER, **location}]}
