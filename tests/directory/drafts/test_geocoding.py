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
    """Answers every question with one point and remembers what it was asked."""

    def __init__(self, point: tuple[float, float] | None = (33.7388, -84.3806), failure: Exception | None = None) -> None:
        super().__init__()
        self.point = point
        self.failure = failure
        self.asked: list[str] = []

    def geocode(self, query: str) -> Answer | None:
        self.asked.append(query)
        if self.failure:
            raise self.failure
        return Answer(query, self.point, {}) if self.point else None


def located(geocoder: RecordingGeocoder | None = None, **stated: Any) -> StoredLocation:
    return locate(LocationDraft.model_validate(stated), limit_request_rate(geocoder, 0) if geocoder else None, id=ID)


# ---------------------------------------------------------------- by the gazetteer


@pytest.mark.parametrize(
    ("stated", "known"),
    [
        (OFFICE, Precision.POSTAL_CODE),
        ({"city": "Atlanta", "state": "Georgia"}, Precision.CITY),
        ({"county": "Fulton County", "state": "GA"}, Precision.COUNTY),
        ({"city": "Nowhereville", "county": "Fulton", "state": "GA"}, Precision.COUNTY),
        ({"city": "Nowhereville", "state": "GA"}, Precision.STATE),
        ({"state": "US-GA"}, Precision.STATE),
        ({"city": "Atlanta"}, Precision.UNKNOWN),  # in which state?
        ({}, Precision.UNKNOWN),
        ({"latitude": 33.7, "longitude": -84.4, "city": "Atlanta", "state": "GA"}, Precision.EXACT),
    ],
)
def test_a_place_is_known_as_finely_as_the_gazetteer_knows_it(stated: dict[str, Any], known: Precision) -> None:
    assert located(**stated).known is known


def test_what_is_stated_becomes_codes_and_keeps_its_words() -> None:
    site = located(**OFFICE, name="Office", disclosure="EXACT", is_primary=True)
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


def test_the_centroid_of_a_postal_code_is_no_true_point() -> None:
    assert located(postal_code="30312").private is None
    private = located(**OFFICE).private
    assert private is not None
    assert private.point is None


def test_a_stated_point_is_private() -> None:
    assert located(latitude=33.7, longitude=-84.4).private == PrivatePlace(None, Point(33.7, -84.4))


def test_a_postal_code_tells_its_state_and_county() -> None:
    site = located(postal_code="30312-1234")
    assert (site.state, site.county, site.postal_code) == ("US-GA", "US-GA-121", "30312")


def test_a_city_over_several_counties_tells_none_by_itself() -> None:
    assert located(city="Atlanta", state="GA").county is None
    assert located(city="Savannah", state="GA").county == "US-GA-051"
    assert located(city="Atlanta", state="GA", county="US-GA-089").county == "US-GA-089"


def test_a_territory_is_a_state() -> None:
    assert located(city="San Juan", state="PR", postal_code="00901").state == "US-PR"


@pytest.mark.parametrize(
    ("stated", "argument"),
    [
        ({"latitude": 0, "longitude": 0}, "point"),
        ({"latitude": 33.7, "longitude": 84.4, "state": "GA"}, "point"),  # the sign was lost
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
def test_a_contradiction_is_refused_where_it_stands(stated: dict[str, Any], argument: str) -> None:
    with pytest.raises(BadInput) as refusal:
        located(**stated)
    assert refusal.value.params.get("argument") == argument


def test_an_unknown_state_is_refused_with_what_is_spelled_like_it() -> None:
    with pytest.raises(BadInput) as refusal:
        located(state="Georgai")
    assert refusal.value.params["suggestions"] == ["US-GA"]


def test_a_point_near_the_edge_of_what_the_gazetteer_knows_of_a_state_lies_in_it() -> None:
    assert located(latitude=51.88, longitude=-176.63, state="AK").known is Precision.EXACT  # Adak, its western post office


def test_abroad_a_place_keeps_its_words() -> None:
    site = located(country="MX", city="Tijuana", state="Baja California", postal_code="22000", street="Calle 1")
    assert (site.country, site.state, site.city, site.postal_code) == ("MX", "MX-BCN", "Tijuana", "22000")
    assert (site.known, site.private) == (Precision.POSTAL_CODE, PrivatePlace("Calle 1"))
    assert located(country="DE", state="DE-BY").state == "DE-BY"


# ---------------------------------------------------------------- by an online service


@pytest.mark.parametrize("disclosure", [None, *(one for one in Disclosure if one is not Disclosure.EXACT)])
@pytest.mark.parametrize("country", ["US", "MX"])
def test_nothing_that_may_not_be_told_is_sent_to_a_service(disclosure: Disclosure | None, country: str) -> None:
    geocoder = RecordingGeocoder()
    address = OFFICE if country == "US" else {"street": "Calle 1", "city": "Tijuana"}
    located(geocoder, **address, country=country, disclosure=disclosure)
    assert geocoder.asked == []


@pytest.mark.parametrize("stated", [{"city": "Atlanta", "state": "GA"}, {**OFFICE, "latitude": 33.7, "longitude": -84.4}])
def test_a_service_is_not_asked_without_a_street_or_for_a_known_point(stated: dict[str, Any]) -> None:
    geocoder = RecordingGeocoder()
    located(geocoder, **stated, disclosure="EXACT")
    assert geocoder.asked == []


def test_a_street_that_may_be_told_is_found_by_the_service() -> None:
    geocoder = RecordingGeocoder()
    site = located(geocoder, **OFFICE, disclosure="EXACT")
    assert geocoder.asked == ["250 Georgia Ave SE #330, Atlanta, GA, 30312, US"]
    assert site.known is Precision.STREET
    assert site.private == PrivatePlace(OFFICE["street"], Point(33.7388, -84.3806))


@pytest.mark.parametrize("answer", [None, (0.0, 0.0), (41.9, -87.6)])
def test_no_answer_and_one_that_cannot_be_leave_what_the_gazetteer_knows(answer: tuple[float, float] | None) -> None:
    geocoder = RecordingGeocoder(answer)
    assert located(geocoder, **OFFICE, disclosure="EXACT") == located(**OFFICE, disclosure="EXACT")
    assert len(geocoder.asked) == 1


def test_a_service_that_fails_says_so() -> None:
    with pytest.raises(Unavailable):
        located(RecordingGeocoder(failure=GeocoderServiceError("down")), **OFFICE, disclosure="EXACT")


# ---------------------------------------------------------------- ids


def test_a_places_id_is_the_same_at_every_import_and_no_other_places() -> None:
    other = "22222222-2222-4222-8222-222222222222"
    ids = [make_location_id(ID, 0), make_location_id(ID, 1), make_location_id(other, 0)]
    assert ids == [make_location_id(ID, 0), make_location_id(ID, 1), make_location_id(other, 0)]
    assert len(set(ids)) == 3
    assert all(str(UUID(id_)) == id_ for id_ in ids)
    assert ids[1] == str(uuid5(UUID(ID), "site:1"))  # as every earlier import has kept it


@given(st.text(min_size=1, max_size=20), st.floats(30.5, 34.5), st.floats(-85, -81))
def test_the_id_tells_nothing_of_the_true_place(street: str, latitude: float, longitude: float) -> None:
    stated = LocationDraft.model_construct(street=street, state="GA", latitude=latitude, longitude=longitude)
    site = locate(stated, id=make_location_id(ID, 0))
    assert site.id == make_location_id(ID, 0)
    assert site.private == PrivatePlace(street, Point(latitude, longitude))
