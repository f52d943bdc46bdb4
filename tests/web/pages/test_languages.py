import datetime as dt

import pytest

from web.pages.languages import LANGUAGES, negotiate_language

ENGLISH, SPANISH = LANGUAGES["en"], LANGUAGES["es"]
TODAY = dt.date(2026, 11, 28)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("fr,es;q=0.2", "es"),
        ("en;q=0.5,es;q=0.5", "en"),
        ("es;q=0", "en"),
        ("*", "en"),
        ("es," * 500, "en"),
        (";;,=q", "en"),
    ],
)
def test_the_browser_chooses_the_language(header: str, code: str) -> None:
    assert negotiate_language(header).code == code


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (0, "today"),
        (-3, "today"),
        (1, "1 day ago"),
        (59, "59 days ago"),
        (61, "2 months ago"),
        (729, "23 months ago"),
        (731, "2 years ago"),
    ],
)
def test_ages_are_in_days_months_or_years(days: int, text: str) -> None:
    assert ENGLISH.format_age(TODAY - dt.timedelta(days), TODAY) == text


@pytest.mark.parametrize(
    ("kilometers", "miles", "km"),
    [
        (0, "less than 1 mile away", "less than 1 km away"),
        (1.2, "less than 1 mile away", "about 1.2 km"),
        (1.609344, "about 1 mile", "about 1.6 km"),
        (2000, "about 1,243 miles", "about 2,000 km"),
    ],
)
def test_distances_are_rounded(kilometers: float, miles: str, km: str) -> None:
    assert ENGLISH.format_distance(kilometers, "mi") == miles
    assert ENGLISH.format_distance(kilometers, "km") == km


@pytest.mark.parametrize(
    ("kilometers", "miles", "km"),
    [
        (0, "a menos de 1 milla", "a menos de 1 km"),
        (1.609344, "a 1 milla", "a unos 1.6 km"),
        (16, "a unas 9.9 millas", "a unos 16 km"),
    ],
)
def test_distances_are_alike_in_spanish(kilometers: float, miles: str, km: str) -> None:
    assert LANGUAGES["es"].format_distance(kilometers, "mi") == miles
    assert LANGUAGES["es"].format_distance(kilometers, "km") == km


def test_days_and_months_are_written_as_each_language_does() -> None:
    assert (ENGLISH.format_day(TODAY), SPANISH.format_day(TODAY)) == ("November 28, 2026", "28 de noviembre de 2026")
    assert (ENGLISH.format_month(TODAY), SPANISH.format_month(TODAY)) == ("November 2026", "noviembre de 2026")
    assert (ENGLISH.format_count(1234), SPANISH.format_count(1234)) == ("1,234", "1,234")
