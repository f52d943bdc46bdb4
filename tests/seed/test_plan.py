from typing import Any

import pytest

from directory.errors import Code
from directory.geo import Precision
from directory.records import PrivatePlace
from directory.store import Receipt, Store
from seed.apply import apply
from seed.items import Fate
from tests.seed.planning import EIN, NOW, OTHER, SHELTER, at, planned, seeded, the_item


def test_a_plan_writes_nothing(store: Store) -> None:
    assert planned(store, {"name": "Tenants Union"}).counts[Fate.CREATED] == 1
    assert list(store.entries()) == []
    assert store.head().revision == 0


def test_planning_again_changes_nothing(any_store: Store) -> None:
    record = {"slug": "tu", "name": "Tenants Union", "identifiers": [EIN], "locations": [SHELTER], "contacts": [{"role": "x"}]}
    seeded(any_store, record)
    again = planned(any_store, record)
    assert again.counts[Fate.UNCHANGED] == 1
    assert apply(again, any_store, actor="test", now=NOW, reason="test") == Receipt(1, ())


@pytest.mark.parametrize(
    ("stated", "path", "code"),
    [
        ({"name": None}, ("name",), Code.BAD_INPUT),
        ({"issue_areas": ["housng"]}, ("issue_areas", 0), Code.UNKNOWN_TERM),
        ({"founded": 2025}, ("founded",), Code.BAD_INPUT),
        ({"id": "tu"}, ("id",), Code.BAD_INPUT),
        ({"id": 7}, ("id",), Code.BAD_INPUT),
        ({"name": "労働組合"}, ("slug",), Code.BAD_INPUT),
        ({"parent": OTHER, "id": OTHER, "slug": "tu"}, ("relations",), Code.BAD_INPUT),
    ],
)
def test_a_refusal_tells_where_and_why(store: Store, stated: dict[str, Any], path: tuple[str | int, ...], code: Code) -> None:
    item = the_item(store, **stated)
    assert (item.fate, item.entry) == (Fate.REFUSED, None)
    assert [(problem.path, problem.code) for problem in item.problems] == [(path, code)]


def test_all_wrong_locations_are_told(store: Store) -> None:
    item = the_item(store, locations=[{"state": "Georgai"}, {"city": "Atlanta"}, {"postal_code": "00000"}])
    assert [problem.path for problem in item.problems] == [("locations", 0, "state"), ("locations", 2, "postal_code")]


def kept_place(store: Store) -> PrivatePlace | None:
    last = store.history(store.slugs()["tu"])[-1].after
    assert last is not None
    return last.sites[0].private


def without_street(**location: object) -> dict[str, object]:
    place = {name: value for name, value in {**SHELTER, **location}.items() if name != "street"}
    return {"slug": "tu", "name": "Tenants Union", "locations": [place]}


def test_a_moved_shelter_is_a_change(any_store: Store) -> None:
    seeded(any_store, at())
    assert planned(any_store, at(street="14 Oak St")).items[0].fields == ("sites",)
    seeded(any_store, at(street="14 Oak St"))
    assert kept_place(any_store) == PrivatePlace("14 Oak St")


def test_a_row_without_the_street_keeps_the_street_of_the_same_place(store: Store) -> None:
    seeded(store, at(latitude=33.7571, longitude=-84.3880))
    again = planned(store, without_street())
    assert again.items[0].fate is Fate.UNCHANGED
    seeded(store, {**without_street(), "founded": 1986})
    private = kept_place(store)
    assert private is not None
    assert private.street == SHELTER["street"]
    assert next(store.entries())[0].sites[0].known is Precision.EXACT


def test_a_row_about_another_place_does_not_keep_the_street(store: Store) -> None:
    seeded(store, at())
    seeded(store, without_street(city="Savannah", postal_code="31401"))
    assert kept_place(store) == PrivatePlace()


def test_a_street_that_is_cleared_is_gone(store: Store) -> None:
    seeded(store, at())
    seeded(store, at(street=None))
    assert kept_place(store) == PrivatePlace()
