"""A place that a row states again is known by its area; what the row leaves out of it stays."""

from typing import Any

import pytest

from directory.drafts.draft_parts import LocationDraft
from directory.drafts.geocoding import locate
from directory.geo import Disclosure, Point, Precision
from directory.records import PrivatePlace, StoredLocation
from seed.merge.merge_locations import merge_locations
from tests.builders import an_id

OWNER = an_id("Harbor Tenants Union")
STREET = PrivatePlace(street="12 Peachtree St NE", point=Point(33.75, -84.39))


def kept(number: int = 0, **fields: Any) -> StoredLocation:
    return StoredLocation(
        **{"id": an_id(f"kept {number}"), "state": "US-GA", "city": "Atlanta", "known": Precision.CITY, **fields}
    )


def after(before: list[StoredLocation], *stated: dict[str, Any]) -> list[StoredLocation]:
    drafts = [LocationDraft(**{"state": "GA", **fields}) for fields in stated]
    said = [locate(draft, id=str(position)) for position, draft in enumerate(drafts)]
    return list(merge_locations(before, said, drafts, OWNER))


def areas(sites: list[StoredLocation]) -> list[tuple[str | None, str | None]]:
    return [(site.city, site.postal_code) for site in sites]


TWO = [kept(0, city="Savannah", postal_code="31401"), kept(1, city="Atlanta")]


@pytest.mark.parametrize("city", ["Atlanta", "ATLANTA", "atlanta"])
def test_a_city_is_known_again_however_it_is_capitalized_and_keeps_its_spelling(city: str) -> None:
    found = after(TWO, {"city": city, "postal_code": "30303"})
    assert areas(found) == [("Savannah", "31401"), ("Atlanta", "30303")]
    assert [site.id for site in found] == [site.id for site in TWO]


def test_the_state_alone_names_the_first_of_its_places_and_takes_nothing_away() -> None:
    found = after(TWO, {})
    assert areas(found) == areas(TWO)


def test_the_place_that_agrees_in_the_finest_area_is_meant() -> None:
    before = [kept(0, postal_code=None), kept(1, postal_code="30303"), kept(2, postal_code=None)]
    found = after(before, {"city": "Atlanta", "postal_code": "30303", "name": "Front office"})
    assert [site.name for site in found] == [None, "Front office", None]


def test_a_place_with_another_code_is_another_place_with_an_id_of_its_own() -> None:
    found = after([kept(0, postal_code="30303"), kept(1, city="Savannah")], {"city": "Atlanta", "postal_code": "30312"})
    assert areas(found) == [("Atlanta", "30303"), ("Savannah", None), ("Atlanta", "30312")]
    assert len({site.id for site in found}) == 3


def test_two_places_of_a_row_are_never_one_place_of_the_record() -> None:
    found = after([kept(0), kept(1, city="Savannah")], {"city": "Atlanta", "name": "One"}, {"city": "Atlanta", "name": "Other"})
    assert [site.name for site in found] == ["One", None, "Other"]


def test_places_that_share_no_more_than_the_country_are_not_one() -> None:
    before = [kept(0, state=None, city=None), kept(1, city="Savannah")]
    found = after(before, {"city": "Atlanta"})
    assert areas(found) == [(None, None), ("Savannah", None), ("Atlanta", None)]


def test_the_only_place_moves_and_leaves_its_street_behind() -> None:
    (moved,) = after([kept(0, disclosure=Disclosure.EXACT, private=STREET, postal_code="30303")], {"city": "Savannah"})
    assert (moved.city, moved.postal_code, moved.disclosure) == ("Savannah", None, Disclosure.EXACT)
    assert moved.private == PrivatePlace()
    assert moved.known is Precision.CITY


def test_a_city_alone_takes_neither_the_street_nor_the_point_away() -> None:
    before = kept(0, disclosure=Disclosure.EXACT, private=STREET, postal_code="30303", known=Precision.EXACT)
    (found,) = after([before], {"city": "Atlanta"})
    assert found.private == STREET
    assert (found.postal_code, found.known) == ("30303", Precision.EXACT)


def test_the_same_street_without_a_point_leaves_the_point_where_it_is() -> None:
    before = kept(0, disclosure=Disclosure.EXACT, private=STREET, known=Precision.EXACT)
    (found,) = after([before], {"city": "Atlanta", "street": "12  PEACHTREE st ne"})
    assert found.private == STREET
    assert found.known is Precision.EXACT


def test_another_street_does_not_keep_the_point_of_the_old_one() -> None:
    before = kept(0, disclosure=Disclosure.EXACT, private=STREET, known=Precision.EXACT)
    (found,) = after([before], {"city": "Atlanta", "street": "99 Auburn Ave"})
    assert found.private == PrivatePlace(street="99 Auburn Ave")
    assert found.known is Precision.CITY


def test_a_place_that_may_be_told_from_now_on_does_not_bring_its_old_street_to_light() -> None:
    (found,) = after([kept(0, disclosure=Disclosure.CITY)], {"city": "Atlanta", "disclosure": "EXACT"})
    assert (found.disclosure, found.private) == (Disclosure.EXACT, PrivatePlace())


def test_a_street_that_is_cleared_is_gone() -> None:
    before = kept(0, disclosure=Disclosure.EXACT, private=STREET, known=Precision.EXACT)
    (found,) = after([before], {"city": "Atlanta", "street": None})
    assert (found.private, found.known) == (PrivatePlace(), Precision.CITY)


def test_a_code_that_is_cleared_is_gone_and_one_that_is_not_stated_stays() -> None:
    before = kept(0, postal_code="30303", name="Front office", disclosure=Disclosure.COUNTY)
    (cleared,) = after([before], {"city": "Atlanta", "postal_code": None})
    (left,) = after([before], {"city": "Atlanta"})
    assert (cleared.postal_code, left.postal_code) == (None, "30303")
    assert (left.name, left.disclosure) == ("Front office", Disclosure.COUNTY)


def test_the_only_place_is_the_primary_one() -> None:
    assert after([], {"city": "Atlanta"})[0].is_primary
    assert after([kept(0)], {"city": "Atlanta"})[0].is_primary


def test_of_several_places_the_primary_one_stays_unless_the_row_names_another() -> None:
    before = [kept(0, is_primary=True), kept(1, city="Savannah")]
    assert [site.is_primary for site in after(before, {"city": "Savannah"})] == [True, False]
    assert [site.is_primary for site in after(before, {"city": "Savannah", "is_primary": True})] == [False, True]
    assert [site.is_primary for site in after(before, {"city": "Macon"})] == [True, False, False]


def test_nobody_made_one_of_several_places_the_primary_one() -> None:
    before = [kept(0), kept(1, city="Savannah")]
    assert [site.is_primary for site in after(before, {"city": "Savannah"})] == [False, False]


def test_ids_that_are_taken_are_not_given_again() -> None:
    first = after([], {"city": "Atlanta"}, {"city": "Savannah"})
    more = after(first[1:], {"city": "Savannah"}, {"city": "Augusta"}, {"city": "Athens"})
    assert len({site.id for site in more}) == 3
