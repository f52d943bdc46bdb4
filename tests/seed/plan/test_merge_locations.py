"""Locations are matched by area, and parts that a row does not state are kept."""

from typing import Any

import pytest

from directory.drafts.draft_parts import LocationDraft
from directory.drafts.geocoding import locate
from directory.geo import Disclosure, Point, Precision
from directory.records import PrivatePlace, StoredLocation
from seed.plan.merge_locations import merge_locations
from tests.builders import an_id

OWNER = an_id("Harbor Tenants Union")
STREET = PrivatePlace(street="12 Peachtree St NE", point=Point(33.75, -84.39))


def a_location(number: int = 0, **fields: Any) -> StoredLocation:
    return StoredLocation(
        **{"id": an_id(f"a_location {number}"), "state": "US-GA", "city": "Atlanta", "known": Precision.CITY, **fields}
    )


def merge(before: list[StoredLocation], *locations: dict[str, Any]) -> list[StoredLocation]:
    drafts = [LocationDraft(**{"state": "GA", **fields}) for fields in locations]
    incoming = [locate(draft, id=str(position)) for position, draft in enumerate(drafts)]
    return list(merge_locations(before, incoming, [draft.model_fields_set for draft in drafts], OWNER))


def areas(sites: list[StoredLocation]) -> list[tuple[str | None, str | None]]:
    return [(site.city, site.postal_code) for site in sites]


TWO = [a_location(0, city="Savannah", postal_code="31401"), a_location(1, city="Atlanta")]


@pytest.mark.parametrize("city", ["Atlanta", "ATLANTA", "atlanta"])
def test_a_city_matches_in_any_letter_case_and_keeps_its_spelling(city: str) -> None:
    found = merge(TWO, {"city": city, "postal_code": "30303"})
    assert areas(found) == [("Savannah", "31401"), ("Atlanta", "30303")]
    assert [site.id for site in found] == [site.id for site in TWO]


def test_a_state_alone_matches_its_first_location_and_clears_nothing() -> None:
    found = merge(TWO, {})
    assert areas(found) == areas(TWO)


def test_the_location_that_agrees_in_the_finest_area_matches() -> None:
    before = [a_location(0, postal_code=None), a_location(1, postal_code="30303"), a_location(2, postal_code=None)]
    found = merge(before, {"city": "Atlanta", "postal_code": "30303", "name": "Front office"})
    assert [site.name for site in found] == [None, "Front office", None]


def test_a_different_postal_code_is_a_new_location_with_its_own_id() -> None:
    before = [a_location(0, postal_code="30303"), a_location(1, city="Savannah")]
    found = merge(before, {"city": "Atlanta", "postal_code": "30312"})
    assert areas(found) == [("Atlanta", "30303"), ("Savannah", None), ("Atlanta", "30312")]
    assert len({site.id for site in found}) == 3


def test_two_places_of_a_row_are_never_one_place_of_the_record() -> None:
    before = [a_location(0), a_location(1, city="Savannah")]
    found = merge(before, {"city": "Atlanta", "name": "One"}, {"city": "Atlanta", "name": "Other"})
    assert [site.name for site in found] == ["One", None, "Other"]


def test_places_that_share_no_more_than_the_country_are_not_one() -> None:
    before = [a_location(0, state=None, city=None), a_location(1, city="Savannah")]
    found = merge(before, {"city": "Atlanta"})
    assert areas(found) == [(None, None), ("Savannah", None), ("Atlanta", None)]


def test_the_only_location_moves_and_loses_its_street() -> None:
    (moved,) = merge([a_location(0, disclosure=Disclosure.EXACT, private=STREET, postal_code="30303")], {"city": "Savannah"})
    assert (moved.city, moved.postal_code, moved.disclosure) == ("Savannah", None, Disclosure.EXACT)
    assert moved.private == PrivatePlace()
    assert moved.known is Precision.CITY


def test_a_city_alone_removes_neither_street_nor_point() -> None:
    before = a_location(0, disclosure=Disclosure.EXACT, private=STREET, postal_code="30303", known=Precision.EXACT)
    (found,) = merge([before], {"city": "Atlanta"})
    assert found.private == STREET
    assert (found.postal_code, found.known) == ("30303", Precision.EXACT)


def test_the_same_street_without_a_point_keeps_the_point() -> None:
    before = a_location(0, disclosure=Disclosure.EXACT, private=STREET, known=Precision.EXACT)
    (found,) = merge([before], {"city": "Atlanta", "street": "12  PEACHTREE st ne"})
    assert found.private == STREET
    assert found.known is Precision.EXACT


def test_another_street_does_not_keep_the_point_of_the_old_one() -> None:
    before = a_location(0, disclosure=Disclosure.EXACT, private=STREET, known=Precision.EXACT)
    (found,) = merge([before], {"city": "Atlanta", "street": "99 Auburn Ave"})
    assert found.private == PrivatePlace(street="99 Auburn Ave")
    assert found.known is Precision.CITY


def test_a_location_that_becomes_exact_does_not_publish_its_old_street() -> None:
    (found,) = merge([a_location(0, disclosure=Disclosure.CITY)], {"city": "Atlanta", "disclosure": "EXACT"})
    assert (found.disclosure, found.private) == (Disclosure.EXACT, PrivatePlace())


def test_a_cleared_street_is_removed() -> None:
    before = a_location(0, disclosure=Disclosure.EXACT, private=STREET, known=Precision.EXACT)
    (found,) = merge([before], {"city": "Atlanta", "street": None})
    assert (found.private, found.known) == (PrivatePlace(), Precision.CITY)


def test_a_cleared_postal_code_is_removed_and_a_missing_one_is_kept() -> None:
    before = a_location(0, postal_code="30303", name="Front office", disclosure=Disclosure.COUNTY)
    (cleared,) = merge([before], {"city": "Atlanta", "postal_code": None})
    (left,) = merge([before], {"city": "Atlanta"})
    assert (cleared.postal_code, left.postal_code) == (None, "30303")
    assert (left.name, left.disclosure) == ("Front office", Disclosure.COUNTY)


def test_the_only_place_is_the_primary_one() -> None:
    assert merge([], {"city": "Atlanta"})[0].is_primary
    assert merge([a_location(0)], {"city": "Atlanta"})[0].is_primary


def test_of_several_places_the_primary_one_stays_unless_the_row_names_another() -> None:
    before = [a_location(0, is_primary=True), a_location(1, city="Savannah")]
    assert [site.is_primary for site in merge(before, {"city": "Savannah"})] == [True, False]
    assert [site.is_primary for site in merge(before, {"city": "Savannah", "is_primary": True})] == [False, True]
    assert [site.is_primary for site in merge(before, {"city": "Macon"})] == [True, False, False]


def test_none_of_several_locations_need_be_primary() -> None:
    before = [a_location(0), a_location(1, city="Savannah")]
    assert [site.is_primary for site in merge(before, {"city": "Savannah"})] == [False, False]


def test_used_ids_are_not_assigned_again() -> None:
    first = merge([], {"city": "Atlanta"}, {"city": "Savannah"})
    more = merge(first[1:], {"city": "Savannah"}, {"city": "Augusta"}, {"city": "Athens"})
    assert len({site.id for site in more}) == 3
