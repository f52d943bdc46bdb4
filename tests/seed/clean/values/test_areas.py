import pytest

from directory.errors import BadInput
from seed.clean.values import areas
from seed.clean.values.areas import ParsedCity


@pytest.mark.parametrize(
    ("text", "country", "state"),
    [
        *(
            ("GA", None, "GA"),
            ("georgia", None, "GA"),
            ("G.A.", None, "GA"),
            ("Georgia (GA)", None, "GA"),
            ("GA - Georgia", None, "GA"),
        ),
        *(("Calif.", None, "CA"), ("Nuevo México", "US", "NM"), ("D.C.", None, "DC"), ("Puerto Rico", "US", "PR")),
        *(("Ontario", None, "CA-ON"), ("ON", "CA", "CA-ON"), ("Baja California", None, "MX-BCN"), ("GB-ENG", "GB", "GB-ENG")),
        *(("England", "GB", None), ("Atlantis", None, "Atlantis"), ("GA/AL", None, "GA/AL")),
    ],
)
def test_states(text: str, country: str | None, state: str | None) -> None:
    assert areas.clean_state(text, country).value == state


def test_an_unknown_foreign_state_is_removed_and_reported() -> None:
    assert areas.clean_state("England", "GB").reasons == ("removed: not an ISO 3166-2 code",)


@pytest.mark.parametrize(
    ("text", "code"),
    [("USA", "US"), ("EE. UU.", "US"), ("México", "MX"), ("Georgia", "GE"), ("Puerto Rico", "US"), ("Narnia", "Narnia")],
)
def test_countries(text: str, code: str) -> None:
    assert areas.clean_country(text).value == code


@pytest.mark.parametrize(
    ("text", "state", "city"),
    [
        ("Atlanta", "GA", ParsedCity("Atlanta")),
        ("ATLANTA", "GA", ParsedCity("Atlanta")),
        ("Atlanta, GA", None, ParsedCity("Atlanta", "GA")),
        ("Atlanta, Georgia 30303", None, ParsedCity("Atlanta", "GA", "30303")),
        ("Washington, D.C.", "DC", ParsedCity("Washington", "DC")),
        ("Washington DC", None, ParsedCity("Washington", "DC")),
        ("Paris, France", None, ParsedCity("Paris", country="FR")),
        ("Winston-Salem", None, ParsedCity("Winston-Salem")),
    ],
)
def test_areas_after_a_city_are_separated(text: str, state: str | None, city: ParsedCity) -> None:
    assert areas.clean_city(text, state).value == city


def test_a_city_with_a_conflicting_state_is_refused() -> None:
    with pytest.raises(BadInput, match=r"Georgia.*Alabama"):
        areas.clean_city("Atlanta, GA", "AL")


@pytest.mark.parametrize(
    ("text", "state", "code"),
    [
        *(("30303", "GA", "30303"), ("30303-1234", "GA", "30303"), ("303031234", None, "30303"), ("30303.0", None, "30303")),
        *(("2134", "MA", "02134"), ("2134.0", "MA", "02134"), ("601", "PR", "00601"), ("GA 30303", "GA", "30303")),
        *(("2134", "GA", "2134"), ("2134", None, "2134"), ("303", "GA", "303"), ("SW1A 2AA", None, "SW1A 2AA")),
    ],
)
def test_leading_zeros_are_restored_only_if_the_state_has_that_postal_code(text: str, state: str | None, code: str) -> None:
    assert areas.clean_postal_code(text, state).value == code


def test_a_restored_zero_is_reported_and_a_shortened_code_is_not() -> None:
    assert areas.clean_postal_code("2134", "MA").reasons == ("leading zero restored",)
    assert areas.clean_postal_code("30303-1234", "GA").reasons == ()


@pytest.mark.parametrize(
    ("text", "county"),
    [("FULTON", "Fulton"), ("Fulton Co.", "Fulton County"), ("Fulton County, GA", "Fulton County"), ("US-GA-121", "US-GA-121")],
)
def test_counties(text: str, county: str) -> None:
    assert areas.clean_county(text).value == county
