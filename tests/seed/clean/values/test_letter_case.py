import pytest

from seed.clean.values.letter_case import recase_name, recase_place

NAMES = [
    "United Tenants of the South LLC",
    "NAACP of D.C.",
    "Mothers Against Evictions (MAE)",
    "St. Mary's Center, Inc.",
    "O'Neill and McDonald Fund",
    "Friends of the Earth",
    "Centro de la Raza",
    "Mujeres Unidas y Activas",
    "Iglesia La Luz del Mundo",
    "Friends of El Salvador",
    "People of Los Angeles",
    "21st Century Fund II",
    "AFL-CIO Council",
    "Face-to-Face",
    "Smith & Sons Ltd.",
    "A&M Law Project",
    "U.S. Human Rights Network",
    "P A T T",
    "Charles A Brown Foundation",
    "Partnership for a Healthier City",
    "US-Mexico Border Project",
    "Let Us Live",
    "Walk with Us",
    "Schools of DC",
    "Building Hope Co",
    "Organización en California de Líderes Campesinas",
    "501(c)(3) Help",
    "Change.org",
    "Workers' Center",
    "Hawai‘i Center",
    "D'Arcy House",
    "Al-Islam Center",
    "K-12 Fund",
    "COVID-19 Relief",
    "John Paul II Center",
    "1960s Veterans",
    "McGee House",
    "Ph.D. Project",
    "N.A.A.C.P.",
    "HIV/AIDS Alliance",
    "UFCW Local 400",
    "NTEU Chapter 3",
]
STREETS = [
    "1200 MLK Jr Blvd NW Ste 4B",
    "PO Box 12",
    "5 N 21st St Apt 2",
    "1 Avenida de la Paz",
    "100 W 57th St Fl 3 Rm 2A",
    "1 McPherson Sq",
    "US Hwy 41",
    "Winston-Salem",
    "Lake in the Hills",
    "St Louis",
    "Washington DC",
    "O'Fallon",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_capitals_is_recased(name: str) -> None:
    assert recase_name(name.upper()) == name


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_lower_case_is_recased(name: str) -> None:
    assert recase_name(name.lower()) == name


@pytest.mark.parametrize("name", ["ACLU of Georgia", "iPhone Users", "bell hooks Center", "McAllen", "X", "日本", "123", ""])
def test_a_name_with_both_cases_or_none_is_unchanged(name: str) -> None:
    assert recase_name(name) == name


def test_a_letter_without_a_capital_is_unchanged() -> None:
    assert recase_name("STRAßE") == "STRAßE"


def test_recasing_twice_changes_nothing() -> None:
    for name in NAMES:
        assert recase_name(recase_name(name.upper())) == recase_name(name.upper())


@pytest.mark.parametrize("street", STREETS)
def test_streets_and_cities_are_recased(street: str) -> None:
    assert recase_place(street.upper()) == street


def test_a_separated_mc_is_joined() -> None:
    assert recase_place("MC LEAN") == "McLean"
