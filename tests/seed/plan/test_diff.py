"""The fields that a row changes, and those that are kept because a person edited them later."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from directory.live import Directory
from directory.records import PrivatePlace, StoredOrganization
from directory.store.ledger.edits import IMPORT_ACTOR, Put
from directory.store.store import Store
from seed.plan.diff import is_import
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import OrganizationRow, RowAction
from seed.rows import Row
from tests.seed.plan_builders import EIN, NOW, SHELTER, a_dataset

EDITED = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
BEFORE, SAME_DAY, AFTER = dt.date(2024, 5, 31), dt.date(2024, 6, 1), dt.date(2024, 6, 2)
FIRST: dict[str, Any] = {"name": "Tenants Union", "identifiers": [EIN], "summary": "Old.", "founded": 1986}
SECOND: dict[str, Any] = {"identifiers": [EIN], "summary": "From the list.", "founded": 1987}


def import_fields(store: Store, fields: dict[str, Any], date: dt.date | None = None, **options: Any) -> OrganizationRow:
    dataset = a_dataset([Row("list.csv", 2, fields)], date=date)
    plan = plan_import(dataset, store, today=NOW.date(), **options)
    apply_plan(plan, Directory(store), now=NOW, reason="test")
    return plan.items[0]


@pytest.fixture
def edited_store(store: Store) -> Store:
    import_fields(store, FIRST)
    ((record, _),) = store.load_organizations()
    store.write([Put(replace(record, summary="Ours."))], actor="a person", now=EDITED, reason="test")
    return store


def summary(store: Store) -> str | None:
    ((record, _),) = store.load_organizations()
    return record.summary


@pytest.mark.parametrize("date", [None, BEFORE])
def test_later_edits_are_kept_and_other_fields_written(edited_store: Store, date: dt.date | None) -> None:
    item = import_fields(edited_store, SECOND, date)
    assert (item.action, item.changed_fields, item.proposed_fields) == (RowAction.UPDATE, ("founded",), ("summary",))
    assert item.proposed_record is not None
    assert (item.proposed_record.summary, summary(edited_store)) == ("From the list.", "Ours.")


def test_a_row_with_only_edited_fields_changes_nothing(edited_store: Store) -> None:
    item = import_fields(edited_store, {"identifiers": [EIN], "summary": "From the list."})
    assert (item.action, item.changed_fields, item.proposed_fields) == (RowAction.SKIP, (), ("summary",))
    assert edited_store.load_head().revision == 2


@pytest.mark.parametrize("date", [SAME_DAY, AFTER])
def test_a_list_of_the_same_day_or_later_replaces_the_edit(edited_store: Store, date: dt.date) -> None:
    assert import_fields(edited_store, SECOND, date).proposed_fields == ()
    assert summary(edited_store) == "From the list."


def test_edits_can_be_overwritten_on_request(edited_store: Store) -> None:
    import_fields(edited_store, SECOND, BEFORE, overwrites_edits=True)
    assert summary(edited_store) == "From the list."


def test_an_import_is_not_an_edit(store: Store) -> None:
    import_fields(store, FIRST)
    import_fields(store, SECOND)
    assert summary(store) == "From the list."
    assert is_import(IMPORT_ACTOR)
    assert not is_import("a person")


def test_a_location_moved_by_a_person_is_kept_with_its_street(store: Store) -> None:
    fields = {**FIRST, "locations": [SHELTER]}
    import_fields(store, fields)
    ((record, _),) = store.load_organizations()
    moved = replace(record.sites[0], private=PrivatePlace("14 Oak St"))
    store.write([Put(replace(record, sites=(moved,)))], actor="a person", now=EDITED, reason="test")
    item = import_fields(store, fields)
    assert (item.action, item.proposed_fields) == (RowAction.SKIP, ("sites",))
    import_fields(store, {**fields, "founded": 1990})
    after = store.load_history(record.id)[-1].after
    assert isinstance(after, StoredOrganization)
    assert (after.founded, after.sites[0].private) == (1990, PrivatePlace("14 Oak St"))
