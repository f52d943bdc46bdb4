from typing import Any
from uuid import UUID, uuid5

import pytest
from geopy import Location as Answer
from geopy.exc import GeocoderServiceError
from geopy.geocoders.base import Geocoder
from hypothesis import given
from hypothesis import strategies as st

from directory.drafts.draft_parts import LocationDraft
from directory.drafts.geocoding import limit_request_rate, locate, make_location_id
from directory.errors import BadInput, Unavailable
from directory.geo import Disclosure, Point, Precision
from directory.records import PrivatePlace, StoredLocation

ID = "11111111-1111-4111-8111-111111111111"
OFFICE: dict[str, Any] = {"street": "250 Georgia Ave SE #330", "city": "Atlanta", "state": "GA", "postal_code": "30312"}


class RecordingGeocoder(Geocoder):  # type: ignore[misc]
    """A geocoder that returns one point for every query and records the queries."""

    def __init__(self, point: tuple[float, float] | None = (33.7388, -84.3806), failure: Exception | None = None) -> None:
        super().__init__()
        self.point = point
        self.failure = failure
        self.queries: list[str] = []

    def geocode(self, query: str) -> Answer | None:
        self.queries.append(query)
        if self.failure:
            raise self.failure
        return Answer(query, self.point, {}) if self.point else None


def locate_draft(geocoder: RecordingGeocoder | None = None, **stated: Any) -> StoredLocation:
    return locate(LocationDraft.model_validate(stated), limit_request_rate(geocoder, 0) if geocoder else None, id=ID)


# ---------------------------------------------------------------- with the gazetteer


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        (OFFICE, Precision.POSTAL_CODE),
        ({"city": "Atlanta", "state": "Georgia"}, Precision.CITY),
        ({"county": "Fulton County", "state": "GA"}, Precision.COUNTY),
        ({"city": "Nowhereville", "county": "Fulton", "state": "GA"}, Precision.COUNTY),
        ({"city": "Nowhereville", "state": "GA"}, Precision.STATE),
        ({"state": "US-GA"}, Precision.STATE),
        ({"city": "Atlanta"}, Precision.UNKNOWN),  # the state is missing
        ({}, Precision.UNKNOWN),
        ({"latitude": 33.7, "longitude": -84.4, "city": "Atlanta", "state": "GA"}, Precision.EXACT),
    ],
)
def test_the_gazetteer_determines_how_precisely_a_place_is_known(stated: dict[str, Any], known: Precision) -> None:
    assert locate_draft(**stated).known is known


def test_state_and_county_become_codes() -> None:
    site = locate_draft(**OFFICE, name="Office", disclosure="EXACT", is_primary=True)
    assert site == StoredLocation(
        id=ID,
        name="Office",
        state="US-GA",
        county="US-GA-121",
        city="Atlanta",
        postal_code="30312",
        disclosure=Disclosure.EXACT,
        known=Precision.POSTAL_CODE,
        is_primary=True,
        private=PrivatePlace("250 Georgia Ave SE #330"),
    )


def test_the_centroid_of_a_postal_code_is_not_an_exact_point() -> None:
    assert locate_draft(postal_code="30312").private is None
    private = locate_draft(**OFFICE).private
    assert private is not None
    assert private.point is None


def test_a_stated_point_is_private() -> None:
    assert locate_draft(latitude=33.7, longitude=-84.4).private == PrivatePlace(None, Point(33.7, -84.4))


def test_a_postal_code_determines_its_state_and_county() -> None:
    site = locate_draft(postal_code="30312-1234")
    assert (site.state, site.county, site.postal_code) == ("US-GA", "US-GA-121", "30312")


def test_a_city_in_several_counties_determines_none() -> None:
    assert locate_draft(city="Atlanta", state="GA").county is None
    assert locate_draft(city="Savannah", state="GA").county == "US-GA-051"
    assert locate_draft(city="Atlanta", state="GA", county="US-GA-089").county == "US-GA-089"


def test_a_territory_is_a_state() -> None:
    assert locate_draft(city="San Juan", state="PR", postal_code="00901").state == "US-PR"


@pytest.mark.parametrize(
    ("stated", "argument"),
    [
        ({"latitude": 0, "longitude": 0}, "point"),
        ({"latitude": 33.7, "longitude": 84.4, "state": "GA"}, "point"),  # the sign is missing
        ({"latitude": -84.4, "longitude": 33.7, "state": "GA"}, "point"),  # swapped
        ({"latitude": 41.9, "longitude": -87.6, "postal_code": "30312"}, "point"),
        ({"postal_code": "30312", "state": "AL"}, "postal_code"),
        ({"postal_code": "2134", "state": "MA"}, "postal_code"),
        ({"postal_code": "00000"}, "postal_code"),
        ({"postal_code": "3O312"}, "postal_code"),
        ({"state": "Ontario"}, "state"),
        ({"county": "Fulton"}, "county"),
        ({"county": "Kings", "state": "GA"}, "county"),
        ({"county": "US-AL-001", "state": "GA"}, "county"),
        ({"country": "DE", "state": "Bavaria"}, "state"),
        ({"country": "MX", "state": "CA-ON"}, "state"),
        ({"country": "MX", "latitude": 0, "longitude": 0}, "point"),
    ],
)
def test_a_contradiction_is_reported_at_its_field(stated: dict[str, Any], argument: str) -> None:
    with pytest.raises(BadInput) as refusal:
        locate_draft(**stated)
    assert refusal.value.params.get("argument") == argument


def test_an_unknown_state_is_refused_with_suggestions() -> None:
    with pytest.raises(BadInput) as refusal:
        locate_draft(state="Georgai")
    assert refusal.value.params["suggestions"] == ["US-GA"]


def test_a_point_near_the_bounds_of_a_state_is_accepted() -> None:
    assert locate_draft(latitude=51.88, longitude=-176.63, state="AK").known is Precision.EXACT  # Adak, its western post office


def test_a_foreign_place_is_stored_as_stated() -> None:
    site = locate_draft(country="MX", city="Tijuana", state="Baja California", postal_code="22000", street="Calle 1")
    assert (site.country, site.state, site.city, site.postal_code) == ("MX", "MX-BCN", "Tijuana", "22000")
    assert (site.known, site.private) == (Precision.POSTAL_CODE, PrivatePlace("Calle 1"))
    assert locate_draft(country="DE", state="DE-BY").state == "DE-BY"


# ---------------------------------------------------------------- with an online service


@pytest.mark.parametrize("disclosure", [None, *(one for one in Disclosure if one is not Disclosure.EXACT)])
@pytest.mark.parametrize("country", ["US", "MX"])
def test_an_address_that_may_not_be_published_is_never_sent_to_the_service(disclosure: Disclosure | None, country: str) -> None:
    geocoder = RecordingGeocoder()
    address = OFFICE if country == "US" else {"street": "Calle 1", "city": "Tijuana"}
    locate_draft(geocoder, **address, country=country, disclosure=disclosure)
    assert geocoder.queries == []


@pytest.mark.parametrize("stated", [{"city": "Atlanta", "state": "GA"}, {**OFFICE, "latitude": 33.7, "longitude": -84.4}])
def test_the_service_is_not_used_without_a_street_or_with_a_stated_point(stated: dict[str, Any]) -> None:
    geocoder = RecordingGeocoder()
    locate_draft(geocoder, **stated, disclosure="EXACT")
    assert geocoder.queries == []


def test_a_street_that_may_be_published_is_geocoded() -> None:
    geocoder = RecordingGeocoder()
    site = locate_draft(geocoder, **OFFICE, disclosure="EXACT")
    assert geocoder.queries == ["250 Georgia Ave SE #330, Atlanta, GA, 30312, US"]
    assert site.known is Precision.STREET
    assert site.private == PrivatePlace(OFFICE["street"], Point(33.7388, -84.3806))


@pytest.mark.parametrize("answer", [None, (0.0, 0.0), (41.9, -87.6)])
def test_a_missing_or_impossible_answer_is_ignored(answer: tuple[float, float] | None) -> None:
    geocoder = RecordingGeocoder(answer)
    assert locate_draft(geocoder, **OFFICE, disclosure="EXACT") == locate_draft(**OFFICE, disclosure="EXACT")
    assert len(geocoder.queries) == 1


def test_a_failing_service_raises_unavailable() -> None:
    with pytest.raises(Unavailable):
        locate_draft(RecordingGeocoder(failure=GeocoderServiceError("down")), **OFFICE, disclosure="EXACT")


# ---------------------------------------------------------------- ids


def test_ids_of_locations_are_stable_and_unique() -> None:
    other = "22222222-2222-4222-8222-222222222222"
    ids = [make_location_id(ID, 0), make_location_id(ID, 1), make_location_id(other, 0)]
    assert ids == [make_location_id(ID, 0), make_location_id(ID, 1), make_location_id(other, 0)]
    assert len(set(ids)) == 3
    assert all(str(UUID(id_)) == id_ for id_ in ids)
    assert ids[1] == str(uuid5(UUID(ID), "site:1"))  # the ids of existing databases


@given(st.text(min_size=1, max_size=20), st.floats(30.5, 34.5), st.floats(-85, -81))
def test_the_id_does_not_depend_on_the_address(street: str, latitude: float, longitude: float) -> None:
    stated = LocationDraft.model_construct(street=street, state="GA", latitude=latitude, longitude=longitude)
    site = locate(stated, id=make_location_id(ID, 0))
    assert site.id == make_location_id(ID, 0)
    assert site.private == PrivatePlace(street, Point(latitude, longitude))
