from typing import Any

import pytest

from directory.errors import ErrorCode
from directory.geo import Precision
from directory.live import Directory
from directory.records import PrivatePlace
from directory.store.ledger.edits import Receipt
from directory.store.store import Store
from seed.plan.import_plan import apply_plan
from seed.plan.planned_row import RowAction
from tests.seed.plan_builders import EIN, NOW, OTHER, SHELTER, plan_one_row, plan_rows, record_with_location, seed_rows


def test_a_plan_writes_nothing(store: Store) -> None:
    assert plan_rows(store, {"name": "Tenants Union"}).counts[RowAction.CREATE] == 1
    assert list(store.load_organizations()) == []
    assert store.load_head().revision == 0


def test_planning_again_changes_nothing(any_store: Store) -> None:
    record = {"slug": "tu", "name": "Tenants Union", "identifiers": [EIN], "locations": [SHELTER], "contacts": [{"role": "x"}]}
    seed_rows(any_store, record)
    again = plan_rows(any_store, record)
    assert again.counts[RowAction.SKIP] == 1
    assert apply_plan(again, Directory(any_store), actor="test", now=NOW, reason="test") == Receipt(1, ())


@pytest.mark.parametrize(
    ("fields", "path", "code"),
    [
        ({"name": None}, ("name",), ErrorCode.BAD_INPUT),
        ({"issue_areas": ["housng"]}, ("issue_areas", 0), ErrorCode.UNKNOWN_TERM),
        ({"founded": 2025}, ("founded",), ErrorCode.BAD_INPUT),
        ({"id": "tu"}, ("id",), ErrorCode.BAD_INPUT),
        ({"id": 7}, ("id",), ErrorCode.BAD_INPUT),
        ({"name": "労働組合"}, ("slug",), ErrorCode.BAD_INPUT),
        ({"parent": OTHER, "id": OTHER, "slug": "tu"}, ("relations",), ErrorCode.BAD_INPUT),
    ],
)
def test_a_refused_row_has_path_and_code(
    store: Store, fields: dict[str, Any], path: tuple[str | int, ...], code: ErrorCode
) -> None:
    (item,) = plan_rows(store, {"name": "Tenants Union", **fields}, is_strict=True).items
    assert (item.action, item.record_after) == (RowAction.REJECT, None)
    assert [(problem.path, problem.code) for problem in item.problems] == [(path, code)]


def test_all_invalid_locations_are_reported(store: Store) -> None:
    item = plan_one_row(store, locations=[{"state": "Georgai"}, {"city": "Atlanta"}, {"postal_code": "00000"}])
    assert [problem.path for problem in item.left_out] == [("locations", 0, "state"), ("locations", 2, "postal_code")]
    assert item.record_after is not None
    assert [site.city for site in item.record_after.sites] == [None, "Atlanta", None]


def stored_private_place(store: Store) -> PrivatePlace | None:
    last = store.load_history(store.load_slug_targets()["tu"])[-1].after
    assert last is not None
    return last.sites[0].private


def without_street(**location: object) -> dict[str, object]:
    place = {name: value for name, value in {**SHELTER, **location}.items() if name != "street"}
    return {"slug": "tu", "name": "Tenants Union", "locations": [place]}


def test_a_moved_location_is_a_change(any_store: Store) -> None:
    seed_rows(any_store, record_with_location())
    assert plan_rows(any_store, record_with_location(street="14 Oak St")).items[0].changed_fields == ("sites",)
    seed_rows(any_store, record_with_location(street="14 Oak St"))
    assert stored_private_place(any_store) == PrivatePlace("14 Oak St")


def test_a_row_without_the_street_keeps_the_street_of_the_same_place(store: Store) -> None:
    seed_rows(store, record_with_location(latitude=33.7571, longitude=-84.3880))
    again = plan_rows(store, without_street())
    assert again.items[0].action is RowAction.SKIP
    seed_rows(store, {**without_street(), "founded": 1986})
    private = stored_private_place(store)
    assert private is not None
    assert private.street == SHELTER["street"]
    assert next(store.load_organizations())[0].sites[0].known is Precision.EXACT


def test_a_row_about_another_place_does_not_keep_the_street(store: Store) -> None:
    seed_rows(store, record_with_location())
    seed_rows(store, without_street(city="Savannah", postal_code="31401"))
    assert stored_private_place(store) == PrivatePlace()


def test_a_cleared_street_is_removed(store: Store) -> None:
    seed_rows(store, record_with_location())
    seed_rows(store, record_with_location(street=None))
    assert stored_private_place(store) == PrivatePlace()
