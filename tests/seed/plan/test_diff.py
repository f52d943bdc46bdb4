"""What of a record a row changes, and what stays because a person edited it later."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from directory.records import PrivatePlace
from directory.store.ledger.edits import IMPORT_ACTOR, Put
from directory.store.store import Store
from seed.plan.diff import is_import
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import PlannedRow, RowAction
from seed.rows import Row
from tests.seed.plan_builders import EIN, NOW, SHELTER, a_dataset

EDITED = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
BEFORE, SAME_DAY, AFTER = dt.date(2024, 5, 31), dt.date(2024, 6, 1), dt.date(2024, 6, 2)
FIRST: dict[str, Any] = {"name": "Tenants Union", "identifiers": [EIN], "summary": "Old.", "founded": 1986}
SECOND: dict[str, Any] = {"identifiers": [EIN], "summary": "From the list.", "founded": 1987}


def fed(store: Store, stated: dict[str, Any], date: dt.date | None = None, **options: Any) -> PlannedRow:
    dataset = a_dataset([Row("list.csv", 2, stated)], date=date)
    planned = plan_import(dataset, store, today=NOW.date(), **options)
    apply_plan(planned, store, now=NOW, reason="test")
    return planned.items[0]


@pytest.fixture
def edited(store: Store) -> Store:
    fed(store, FIRST)
    ((entry, _),) = store.load_organizations()
    store.write([Put(replace(entry, summary="Ours."))], actor="a person", now=EDITED, reason="test")
    return store


def summary(store: Store) -> str | None:
    ((entry, _),) = store.load_organizations()
    return entry.summary


@pytest.mark.parametrize("date", [None, BEFORE])
def test_what_a_person_edited_later_stays_and_the_rest_is_written(edited: Store, date: dt.date | None) -> None:
    item = fed(edited, SECOND, date)
    assert (item.action, item.changed_fields, item.proposed_fields) == (RowAction.UPDATE, ("founded",), ("summary",))
    assert item.proposed_record is not None
    assert (item.proposed_record.summary, summary(edited)) == ("From the list.", "Ours.")


def test_a_row_of_which_all_stays_changes_nothing(edited: Store) -> None:
    item = fed(edited, {"identifiers": [EIN], "summary": "From the list."})
    assert (item.action, item.changed_fields, item.proposed_fields) == (RowAction.SKIP, (), ("summary",))
    assert edited.load_head().revision == 2


@pytest.mark.parametrize("date", [SAME_DAY, AFTER])
def test_a_list_of_that_day_or_later_goes_before_the_edit(edited: Store, date: dt.date) -> None:
    assert fed(edited, SECOND, date).proposed_fields == ()
    assert summary(edited) == "From the list."


def test_a_person_may_let_it(edited: Store) -> None:
    fed(edited, SECOND, BEFORE, overwrites_edits=True)
    assert summary(edited) == "From the list."


def test_what_an_import_wrote_is_no_edit(store: Store) -> None:
    fed(store, FIRST)
    fed(store, SECOND)
    assert summary(store) == "From the list."
    assert is_import(IMPORT_ACTOR)
    assert not is_import("a person")


def test_a_place_that_a_person_moved_stays_where_it_is_with_its_street(store: Store) -> None:
    record = {**FIRST, "locations": [SHELTER]}
    fed(store, record)
    ((entry, _),) = store.load_organizations()
    moved = replace(entry.sites[0], private=PrivatePlace("14 Oak St"))
    store.write([Put(replace(entry, sites=(moved,)))], actor="a person", now=EDITED, reason="test")
    item = fed(store, record)
    assert (item.action, item.proposed_fields) == (RowAction.SKIP, ("sites",))
    fed(store, {**record, "founded": 1990})
    after = store.load_history(entry.id)[-1].after
    assert after is not None
    assert (after.founded, after.sites[0].private) == (1990, PrivatePlace("14 Oak St"))
