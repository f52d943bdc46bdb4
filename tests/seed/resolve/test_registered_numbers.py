"""Rows with the EIN of another organization: projects of a fiscal sponsor, renamed organizations, and registers."""

from collections.abc import Mapping
from typing import Any

import pytest

from directory.live import Directory
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import OrganizationRow, RowAction
from seed.rows import Row
from tests.seed.plan_builders import EIN, NOW, a_dataset, plan_one_row, plan_rows, seed_rows

STREET = [{"street": "12 Peachtree St NE", "city": "Atlanta", "state": "GA", "postal_code": "30303"}]
MOVED = [{"street": "900 Oak Ave", "city": "Savannah", "state": "GA", "postal_code": "31401"}]
SPONSOR: dict[str, Any] = {"name": "Tidewater Commons", "identifiers": [EIN], "locations": STREET}
PROJECT: dict[str, Any] = {"name": "Harrowgate Quill Project", "identifiers": [EIN], "locations": STREET}


@pytest.fixture
def store_with_sponsor(store: Store) -> Store:
    seed_rows(store, SPONSOR)
    return store


def list_names(store: Store) -> dict[str, int]:
    """Return the names of all records, with how many numbers each has."""
    return {record.name: len(record.identifiers) for record, _ in store.load_organizations()}


def plan_register_row(store: Store, stated: Mapping[str, object]) -> OrganizationRow:
    dataset = a_dataset([Row("irs.csv", 1, dict(stated))], key="irs", is_register=True)
    (item,) = plan_import(dataset, store, today=NOW.date()).items
    return item


def test_a_row_with_the_number_of_its_sponsor_is_doubtful(store_with_sponsor: Store) -> None:
    item = plan_one_row(store_with_sponsor, source="another-list", **PROJECT)
    assert item.action is RowAction.REVIEW
    assert [candidate.name for candidate in item.candidates] == ["Tidewater Commons"]
    details = [part.detail for part in item.candidates[0].match_result.evidence]
    assert "same US-EIN: 52-1633883" in details
    assert any(detail.startswith("different names") for detail in details)


def test_a_project_is_created_without_the_number_and_found_again(store_with_sponsor: Store) -> None:
    plan = plan_rows(store_with_sponsor, {**PROJECT, "same_as": "new"}, source="another-list")
    (item,) = plan.items
    assert item.action is RowAction.CREATE
    assert "belongs to another organization" in item.left_out[0].message
    assert "Tidewater" not in item.left_out[0].message
    apply_plan(plan, Directory(store_with_sponsor), now=NOW, reason="test")
    assert list_names(store_with_sponsor) == {"Tidewater Commons": 1, "Harrowgate Quill Project": 0}
    (again,) = plan_rows(store_with_sponsor, PROJECT, source="another-list").items
    assert (again.action, again.candidates) == (RowAction.SKIP, ())
    assert again.record_before is not None
    assert again.record_before.name == "Harrowgate Quill Project"


def test_a_person_can_decide_that_it_is_the_sponsor(store_with_sponsor: Store) -> None:
    item = plan_one_row(store_with_sponsor, source="another-list", **PROJECT, same_as="tidewater-commons")
    assert item.action is RowAction.UPDATE


@pytest.mark.parametrize("order", [1, -1])
def test_a_sponsor_and_its_project_in_one_list(store: Store, order: int) -> None:
    rows = [SPONSOR, PROJECT][::order]
    for _ in range(2):
        actions = [item.action for item in plan_rows(store, *rows).items]
        assert actions.count(RowAction.REVIEW) == 1
        assert not {RowAction.REJECT, RowAction.UPDATE}.intersection(actions)
        seed_rows(store, SPONSOR)


@pytest.mark.parametrize("name", ["Tidewater Commons", "Tidewatr Commons", "Tidewater Commons of Georgia, Inc."])
def test_a_similar_name_confirms_a_number(store_with_sponsor: Store, name: str) -> None:
    item = plan_one_row(store_with_sponsor, source="another-list", name=name, identifiers=[EIN], locations=MOVED)
    assert item.action is RowAction.UPDATE


def test_a_list_may_rename_and_move_what_it_stated_before(store_with_sponsor: Store) -> None:
    renamed = {**PROJECT, "locations": MOVED}
    item = plan_one_row(store_with_sponsor, **renamed)
    assert item.action is RowAction.UPDATE
    assert item.record_after is not None
    assert item.record_after.name == "Harrowgate Quill Project"
    other = plan_one_row(store_with_sponsor, source="another-list", **renamed)
    assert other.action is RowAction.REVIEW


def test_a_register_finds_a_renamed_organization_at_its_street(store_with_sponsor: Store) -> None:
    assert plan_register_row(store_with_sponsor, PROJECT).action is RowAction.UPDATE
    assert plan_register_row(store_with_sponsor, {**PROJECT, "locations": MOVED}).action is RowAction.REVIEW
