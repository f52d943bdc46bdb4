import pytest

from directory.errors import BadInput
from seed.clean.values.addresses import parse_point

ATLANTA = (33.749, -84.388)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        *(("33.749", "-84.388"), ("33,749", "-84,388"), ("33.749, -84.388", ""), ("", "33.749 -84.388"), ("33,749; -84,388", "")),
        *(
            ("33.749° N", "84.388° W"),
            ("(33.749,-84.388)", ""),
            ("33.749 N, 84.388 W", ""),
            ("33.749", "84,388 O"),
            ("33.749", "−84.388"),
        ),
    ],
)
def test_a_point_is_parsed_in_many_forms(latitude: str, longitude: str) -> None:
    assert parse_point(latitude, longitude).value == ATLANTA


def test_degrees_minutes_and_seconds() -> None:
    assert parse_point("33°44'56\"N", "84°23'17\"W").value == pytest.approx((33.74889, -84.38806), abs=1e-5)


def test_the_last_minute_and_second_of_a_degree() -> None:
    assert parse_point("33°59'59\"N", "84°59'59.5\"W").value == pytest.approx((33.999722, -84.999861), abs=1e-6)


def test_converted_degrees_are_reported() -> None:
    assert parse_point("33.749", "-84.388").reasons == ()
    assert parse_point("33.749, -84.388", "").reasons == ("two numbers in one cell",)
    assert parse_point("33,749", "-84,388").reasons == ("converted to decimal degrees",)


@pytest.mark.parametrize(
    ("latitude", "longitude", "sentence"),
    [
        ("0", "0", "Atlantic"),
        ("0.0", "-0.0", "Atlantic"),
        ("-84.388", "33.749", "swapped"),
        ("84.388 W", "33.749 N", "swapped"),
        ("151.2", "-33.8", "swapped"),
        ("33.749", "", "both or neither"),
        ("", "-84.388", "both or neither"),
        ("nan", "1", "not a latitude"),
        ("1e5", "2", "not a latitude"),
        ("33.7", "190", "not a latitude"),
        ("33°70'", "84", "not a latitude"),
        ("33°60'", "84", "not a latitude"),
        ("33°59'60\"", "84", "not a latitude"),
        ("33°44'", "84°60'", "not a latitude"),
    ],
)
def test_an_invalid_point_is_refused_and_not_corrected(latitude: str, longitude: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        parse_point(latitude, longitude)


def test_southern_and_eastern_points_are_accepted() -> None:
    assert parse_point("-33.8", "151.2").value == (-33.8, 151.2)
    assert parse_point("13.45", "144.78").value == (13.45, 144.78)


def test_only_the_point_with_two_zeros_is_refused() -> None:
    assert parse_point("0", "32.5").value == (0.0, 32.5)
    assert parse_point("51.5", "0").value == (51.5, 0.0)
    assert parse_point("-16.5", "180").value == (-16.5, 180.0)
    assert parse_point("90", "-180").value == (90.0, -180.0)
