import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import encode
from msgspec.structs import replace

from directory.geo import Disclosure, Point, Precision, distance_km
from directory.publish import classify_change, publish
from directory.published_places import determine_disclosure, publish_location
from directory.records import (
    Address,
    Audience,
    Location,
    Organization,
    PrivatePlace,
    Source,
    StoredLocation,
    StoredOrganization,
)

NOW = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)
ID = "11111111-1111-4111-8111-111111111111"
DOOR = PrivatePlace("12 Peachtree St NE", Point(33.7571, -84.3880))


def an_entry(**fields: Any) -> StoredOrganization:
    return StoredOrganization(**{"id": ID, "slug": "tenants-union", "name": "Tenants Union", **fields})


def a_site(**fields: Any) -> StoredLocation:
    atlanta = {"state": "US-GA", "county": "US-GA-121", "city": "Atlanta", "postal_code": "30312"}
    return StoredLocation(**{"id": "site", "known": Precision.EXACT, "private": DOOR, **atlanta, **fields})


def publish_record(entry: StoredOrganization, audience: Audience = Audience.PUBLIC) -> Organization:
    organization = publish(entry, audience, NOW, lambda _: True)
    assert organization is not None
    return organization


def the_location(**fields: Any) -> Location:
    return publish_record(an_entry(sites=(a_site(**fields),))).locations[0]


# ---------------------------------------------------------------- the published place

GEORGIA = Address("US", state="GA")
FULTON = Address("US", state="GA", county="Fulton County")
ATLANTA = Address("US", state="GA", city="Atlanta")
ZIP = Address("US", state="GA", county="Fulton County", city="Atlanta", postal_code="30312")


@pytest.mark.parametrize(
    ("disclosure", "precision", "address", "finest_region"),
    [
        (Disclosure.POSTAL_CODE, Precision.POSTAL_CODE, ZIP, "US-GA-121"),
        (Disclosure.CITY, Precision.CITY, ATLANTA, "US-METRO-12060"),
        (Disclosure.COUNTY, Precision.COUNTY, FULTON, "US-GA-121"),
        (Disclosure.STATE, Precision.STATE, GEORGIA, "US-GA"),
    ],
)
def test_each_disclosure_publishes_its_area(
    disclosure: Disclosure, precision: Precision, address: Address, finest_region: str
) -> None:
    location = the_location(disclosure=disclosure)
    assert (location.precision, location.address, location.regions[0]) == (precision, address, finest_region)
    assert location.point is not None
    assert location.radius_km is not None
    assert DOOR.point is not None
    assert 0 < distance_km(location.point, DOOR.point) <= location.radius_km


@pytest.mark.parametrize("known", [Precision.STREET, Precision.CITY])
def test_exact_publishes_how_precisely_the_point_is_known(known: Precision) -> None:
    location = the_location(disclosure=Disclosure.EXACT, known=known)
    assert (location.precision, location.point) == (known, DOOR.point)


def test_exact_publishes_the_point_and_the_street() -> None:
    location = the_location(disclosure=Disclosure.EXACT)
    assert (location.precision, location.point, location.radius_km) == (Precision.EXACT, DOOR.point, None)
    assert location.address == replace(ZIP, street=DOOR.street)
    assert location.regions[:3] == ("US-GA-121", "US-METRO-12060", "US-GA")


def test_exact_without_a_point_publishes_the_street_and_the_area_of_the_postal_code() -> None:
    place = PrivatePlace("12 Peachtree St NE")
    location = the_location(disclosure=Disclosure.EXACT, known=Precision.POSTAL_CODE, private=place)
    area = the_location(disclosure=Disclosure.POSTAL_CODE, known=Precision.POSTAL_CODE, private=place)
    assert location.address == replace(ZIP, street=place.street)
    assert replace(location, address=area.address) == area
    assert location.radius_km


def test_exact_without_an_area_publishes_the_stated_address() -> None:
    nowhere = {"city": "Nowhereville", "county": None, "postal_code": None, "known": Precision.STATE}
    location = the_location(disclosure=Disclosure.EXACT, private=PrivatePlace("1 Main St"), **nowhere)
    assert location.address == Address("US", state="GA", city="Nowhereville", street="1 Main St")
    assert location.precision is Precision.STATE
    assert the_location(disclosure=Disclosure.EXACT, private=None, **nowhere).address == GEORGIA


@pytest.mark.parametrize("disclosure", [one for one in Disclosure if one is not Disclosure.HIDDEN])
@pytest.mark.parametrize("known", [Precision.POSTAL_CODE, Precision.CITY, Precision.COUNTY, Precision.STATE])
def test_the_precision_is_the_coarser_of_disclosure_and_known_precision(disclosure: Disclosure, known: Precision) -> None:
    location = the_location(disclosure=disclosure, known=known, private=None)
    coarsest = max(Precision(disclosure.value), known, key=lambda precision: precision.coarseness)
    assert location.precision is coarsest
    assert location.radius_km


def test_the_centroid_of_a_postal_code_is_never_published_as_an_exact_point() -> None:
    location = the_location(disclosure=Disclosure.EXACT, known=Precision.POSTAL_CODE, private=None)
    assert location.precision is Precision.POSTAL_CODE
    assert location.radius_km


def test_hidden_publishes_at_most_the_state() -> None:
    location = the_location(name="The house on Oak Street", disclosure=Disclosure.HIDDEN, is_primary=True)
    assert location == Location(id=location.id, precision=Precision.UNKNOWN, regions=location.regions, address=GEORGIA)
    assert location.regions[0] == "US-GA"
    assert b"121" not in encode(location)


def test_hidden_looks_the_same_wherever_in_the_state() -> None:
    elsewhere = {"city": "Savannah", "county": "US-GA-051", "postal_code": "31401", "name": "Riverside"}
    assert the_location(disclosure=Disclosure.HIDDEN) == the_location(disclosure=Disclosure.HIDDEN, **elsewhere)


def hidden_site(number: int, **fields: Any) -> StoredLocation:
    return a_site(**{"id": f"shelter {number}", "disclosure": Disclosure.HIDDEN, **fields})


def test_hidden_places_cannot_be_counted_or_followed() -> None:
    office = a_site(id="office", disclosure=Disclosure.EXACT)
    one = publish_record(an_entry(sites=(hidden_site(1), office)))
    several = publish_record(an_entry(sites=(office, hidden_site(2), hidden_site(3, city="Savannah"), hidden_site(4))))
    assert [location.precision for location in one.locations] == [Precision.EXACT, Precision.UNKNOWN]
    assert classify_change(one, several) is None


def test_hidden_places_show_once_for_each_state() -> None:
    wyoming = {"state": "US-WY", "county": None, "city": None, "postal_code": None}
    sites = (hidden_site(1, **wyoming), hidden_site(2), hidden_site(3, **wyoming), hidden_site(4, **wyoming | {"state": None}))
    locations = publish_record(an_entry(sites=sites)).locations
    assert [location.regions[0] for location in locations] == ["US", "US-GA", "US-WY"]
    assert len({location.id for location in locations}) == 3
    assert locations == publish_record(an_entry(sites=sites[::-1])).locations


def test_an_unknown_county_is_not_published() -> None:
    assert the_location(disclosure=Disclosure.EXACT, county="US-GA-999", postal_code=None, city=None).address == Address(
        "US", state="GA", street=DOOR.street
    )


@pytest.mark.parametrize("disclosure", [Disclosure.EXACT, Disclosure.POSTAL_CODE])
def test_only_five_digits_of_a_zip_code_are_published(disclosure: Disclosure) -> None:
    address = the_location(disclosure=disclosure, postal_code="30312-1234").address
    assert address is not None
    assert address.postal_code == "30312"


def test_a_city_over_several_counties_has_no_county() -> None:
    location = the_location(disclosure=Disclosure.CITY)
    assert location.regions[:2] == ("US-METRO-12060", "US-GA")
    assert location.address == ATLANTA
    savannah = the_location(disclosure=Disclosure.CITY, city="Savannah", county="US-GA-051", postal_code=None)
    assert savannah.regions[:2] == ("US-GA-051", "US-METRO-42340")
    assert savannah.address == Address("US", state="GA", county="Chatham County", city="Savannah")


def test_a_city_that_is_not_in_the_gazetteer_is_published_as_a_larger_area() -> None:
    unknown = {"city": "Nowhereville", "postal_code": None, "disclosure": Disclosure.CITY, "private": None}
    assert the_location(known=Precision.COUNTY, **unknown).precision is Precision.COUNTY
    assert the_location(known=Precision.STATE, **unknown | {"county": None}).address == GEORGIA


def test_a_place_without_a_known_area_has_unknown_precision() -> None:
    unknown = StoredLocation(id="site", city="Nowhereville")
    location = publish_location(unknown, Disclosure.CITY)
    assert location == Location(id="site", precision=Precision.UNKNOWN, regions=("US",), address=Address("US"))


# ---------------------------------------------------------------- abroad


@pytest.mark.parametrize(("country", "city", "code"), [("NL", "Amsterdam", "1016 GV 267"), ("CA", "Toronto", "M5V 2T6")])
def test_abroad_a_postal_code_is_published_as_its_city(country: str, city: str, code: str) -> None:
    site = StoredLocation(id="site", country=country, city=city, postal_code=code, known=Precision.POSTAL_CODE)
    decided = replace(site, disclosure=Disclosure.POSTAL_CODE)
    assert determine_disclosure(decided, ()) is Disclosure.CITY
    report = Source("locations", "A report", tells=Disclosure.POSTAL_CODE)
    organization = publish_record(an_entry(sites=(decided,), sources=(report,)))
    assert (organization.locations[0].address, organization.sources) == (Address(country, city=city), ())
    exact = publish_record(an_entry(sites=(replace(site, disclosure=Disclosure.EXACT),))).locations[0].address
    assert exact == Address(country, city=city, postal_code=code)


def test_abroad_the_address_is_published_without_a_point() -> None:
    tijuana = StoredLocation(
        id="site", country="MX", state="MX-BCN", city="Tijuana", postal_code="22000", known=Precision.POSTAL_CODE
    )
    city = publish_location(tijuana, Disclosure.CITY)
    assert city.address == Address("MX", state="BCN", city="Tijuana")
    assert (city.point, city.precision, city.regions) == (None, Precision.UNKNOWN, ("MX-BCN", "MX"))
    assert publish_location(tijuana, Disclosure.STATE).address == Address("MX", state="BCN")
    assert publish_location(tijuana, Disclosure.HIDDEN).address == Address("MX", state="BCN")


def test_a_state_abroad_that_has_no_region_lies_in_its_country() -> None:
    bavaria = StoredLocation(id="site", country="DE", state="DE-BY", city="Fürth", known=Precision.CITY)
    location = publish_location(bavaria, Disclosure.CITY)
    assert location.regions == ("DE",)
    assert location.address == Address("DE", state="BY", city="Fürth")


def test_abroad_too_only_exact_publishes_the_exact_place() -> None:
    private = PrivatePlace("Calle 1", Point(32.53, -117.02))
    tijuana = StoredLocation(id="site", country="MX", state="MX-BCN", city="Tijuana", known=Precision.EXACT, private=private)
    assert publish_location(tijuana, Disclosure.EXACT).point == private.point
    assert publish_location(tijuana, Disclosure.CITY).point is None
    assert publish_location(replace(tijuana, private=PrivatePlace("Calle 1")), Disclosure.EXACT).address == Address(
        "MX", state="BCN", city="Tijuana", street="Calle 1"
    )


# ---------------------------------------------------------------- private parts

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
private_places = st.none() | st.builds(
    PrivatePlace, st.none() | st.text(max_size=40), st.none() | st.builds(Point, latitudes, longitudes)
)
sites = st.builds(
    StoredLocation,
    id=st.just("site"),
    name=st.none() | st.just("East office"),
    country=st.sampled_from(["US", "MX"]),
    state=st.sampled_from([None, "US-GA", "US-WY", "MX-BCN"]),
    county=st.sampled_from([None, "US-GA-121"]),
    city=st.sampled_from([None, "Atlanta", "Hapeville", "Nowhereville"]),
    postal_code=st.sampled_from([None, "30312", "82001"]),
    disclosure=st.none() | st.sampled_from([one for one in Disclosure if one is not Disclosure.EXACT]),
    known=st.sampled_from(list(Precision)),
)
issue_area_lists = st.lists(st.sampled_from(["housing", "immigration", "gender-violence"]), unique=True).map(tuple)


@settings(max_examples=200, deadline=None)
@given(sites, issue_area_lists, private_places, private_places, st.sampled_from(list(Audience)))
def test_below_exact_no_audience_sees_a_difference_between_two_private_places(
    site: StoredLocation, issue_areas: tuple[str, ...], one: PrivatePlace | None, other: PrivatePlace | None, audience: Audience
) -> None:
    entry = an_entry(issue_areas=issue_areas, sources=(Source("locations", "A report"),))
    organizations = [
        publish_record(replace(entry, sites=(replace(site, private=private),)), audience)  # staff get the published place too
        for private in (one, other)
    ]
    assert encode(organizations[0]) == encode(organizations[1])
    assert classify_change(organizations[0], organizations[1]) is None


@settings(max_examples=100, deadline=None)
@given(sites, private_places)
def test_the_published_place_is_not_more_precise_than_its_disclosure(site: StoredLocation, private: PrivatePlace | None) -> None:
    disclosure = determine_disclosure(site, ())
    location = publish_location(replace(site, private=private), disclosure)
    assert location.address is not None
    assert location.address.street is None
    if disclosure is Disclosure.HIDDEN:
        assert (location.point, location.name, location.address.city) == (None, None, None)
    else:
        assert location.precision.coarseness >= Precision(disclosure.value).coarseness
