import pytest

from directory.errors import AmbiguousPlace, BadInput, UnknownPlace
from directory.filters.origins import near_point, resolve_near
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Point
from directory.question import Near


def test_rounding_coordinates_again_changes_nothing() -> None:
    origin = resolve_near("33.7500001, -84.38996")
    assert (origin.reference, origin.point, origin.label) == ("33.75,-84.39", Point(33.75, -84.39), "33.75, -84.39")
    assert resolve_near(origin.reference) == origin
    assert resolve_near("-0.00001,0").reference == "0,0"


@pytest.mark.parametrize("text", ["Atlanta", "atlanta, ga", "city:US-GA:atlanta"])
def test_words_and_ids_give_the_same_place(text: str) -> None:
    place = get_gazetteer().resolve("Atlanta")
    assert resolve_near(text, 10) == Near(place.point, 10, "city:US-GA:atlanta", "Atlanta, GA")


@pytest.mark.parametrize("text", ["30312", "zip:30312", "30312-1234"])
def test_postal_codes(text: str) -> None:
    assert resolve_near(text).reference == "zip:30312"


@pytest.mark.parametrize(
    ("text", "error"),
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
def test_unknown_and_invalid_origins_are_refused(text: str, error: type[BadInput]) -> None:
    with pytest.raises(error):
        resolve_near(text)


@pytest.mark.parametrize("radius", [0, -1, 30_000, float("nan")])
def test_an_invalid_radius_is_refused(radius: float) -> None:
    with pytest.raises(BadInput):
        resolve_near("Atlanta", radius)


def test_an_organization_without_a_place_is_refused_like_a_missing_one() -> None:
    places = {"here": (Point(1, 2), "Somebody")}
    assert resolve_near("organization:here", 3, places.get) == Near(Point(1, 2), 3, "organization:here", "Somebody")
    refusals = []
    for find_origin in (None, places.get):
        with pytest.raises(UnknownPlace) as refusal:
            resolve_near("organization:gone", None, find_origin)
        refusals.append((refusal.value.user_message, refusal.value.params))
    assert refusals[0] == refusals[1]


def test_the_reference_of_a_point_is_as_short_as_possible() -> None:
    assert [near_point(Point(*degrees)).reference for degrees in ((10, -20), (-0.5, 0.12345), (90, 180))] == [
        "10,-20",
        "-0.5,0.1235",
        "90,180",
    ]
