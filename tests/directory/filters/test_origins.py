import pytest

from directory.errors import AmbiguousPlace, BadInput, UnknownPlace
from directory.filters.origins import near_point, resolve_near
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Point
from directory.question import Near


def test_coordinates_are_rounded_once_and_stay_so() -> None:
    origin = resolve_near("33.7500001, -84.38996")
    assert (origin.reference, origin.point, origin.label) == ("33.75,-84.39", Point(33.75, -84.39), "33.75, -84.39")
    assert resolve_near(origin.reference) == origin
    assert resolve_near("-0.00001,0").reference == "0,0"


@pytest.mark.parametrize("said", ["Atlanta", "atlanta, ga", "city:US-GA:atlanta"])
def test_words_and_ids_lead_to_one_place(said: str) -> None:
    place = get_gazetteer().resolve("Atlanta")
    assert resolve_near(said, 10) == Near(place.point, 10, "city:US-GA:atlanta", "Atlanta, GA")


@pytest.mark.parametrize("said", ["30312", "zip:30312", "30312-1234"])
def test_postal_codes(said: str) -> None:
    assert resolve_near(said).reference == "zip:30312"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ("", UnknownPlace),
        ("nowhere at all", UnknownPlace),
        ("city:US-GA:nowhere", UnknownPlace),
        ("Springfield", AmbiguousPlace),
        ("91,0", BadInput),
        ("0,181", BadInput),
        ("33.7;-84.4", UnknownPlace),
    ],
)
def test_what_leads_nowhere_is_refused(said: str, refusal: type[BadInput]) -> None:
    with pytest.raises(refusal):
        resolve_near(said)


@pytest.mark.parametrize("radius", [0, -1, 30_000, float("nan")])
def test_a_radius_that_cannot_be_is_refused(radius: float) -> None:
    with pytest.raises(BadInput):
        resolve_near("Atlanta", radius)


def test_an_organization_without_a_place_and_one_that_is_not_there_are_refused_alike() -> None:
    places = {"here": (Point(1, 2), "Somebody")}
    assert resolve_near("organization:here", 3, places.get) == Near(Point(1, 2), 3, "organization:here", "Somebody")
    refusals = []
    for origin_of in (None, places.get):
        with pytest.raises(UnknownPlace) as refused:
            resolve_near("organization:gone", None, origin_of)
        refusals.append((refused.value.user_message, refused.value.params))
    assert refusals[0] == refusals[1]


def test_a_point_is_said_as_short_as_it_can_be() -> None:
    assert [near_point(Point(*degrees)).reference for degrees in ((10, -20), (-0.5, 0.12345), (90, 180))] == [
        "10,-20",
        "-0.5,0.1235",
        "90,180",
    ]
