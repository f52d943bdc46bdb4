"""Plans of a few rows, to test with."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from directory.store import Receipt, Store
from seed.apply import apply
from seed.dataset import Dataset
from seed.items import Item, Plan
from seed.plan import plan
from seed.rows import Row

NOW = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
OTHER = "22222222-2222-4222-8222-222222222222"
EIN = {"scheme": "US-EIN", "value": "52-1633883"}
SHELTER = {"street": "12 Peachtree St NE", "city": "Atlanta", "state": "GA", "postal_code": "30312", "disclosure": "HIDDEN"}


def planned(store: Store, *stated: Mapping[str, object], source: str = "a-list", **options: Any) -> Plan:
    rows = [Row("file.json", number, one) for number, one in enumerate(stated, start=1)]
    return plan(a_dataset(rows, key=source), store, today=NOW.date(), **options)


def a_dataset(rows: Iterable[Row], **fields: Any) -> Dataset:
    return Dataset(**{"key": "a-list", "title": "A list", "rows": rows, **fields})


def the_item(store: Store, *, source: str = "a-list", **stated: Any) -> Item:
    (item,) = planned(store, {"name": "Tenants Union", **stated}, source=source).items
    return item


def seeded(store: Store, *stated: Mapping[str, object], **options: Any) -> Receipt:
    return apply(planned(store, *stated, **options), store, now=NOW, reason="test")


def the_message(item: Item) -> str:
    (problem,) = item.problems
    return problem.message


def at(**location: object) -> dict[str, object]:
    return {"slug": "tu", "name": "Tenants Union", "locations": [{**SHELTER, **location}]}
