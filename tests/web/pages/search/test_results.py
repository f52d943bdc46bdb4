import datetime as dt
from typing import Any

import pytest

from directory.geo import Precision
from directory.search.region_sets import RegionReason
from web.pages.languages import LANGUAGES
from web.pages.search.results import PRECISIONS, REASONS, format_freshness, format_place

TODAY = dt.date(2026, 11, 28)


def a_location(**address: str) -> dict[str, Any]:
    return {"address": {"city": None, "county": None, "state": None, "country": "US", **address} if address else None}


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (a_location(city="Atlanta", county="Fulton County", state="GA"), "Atlanta, GA"),
        (a_location(county="Levy County", state="FL"), "Levy County, FL"),
        (a_location(state="GA"), "Georgia"),
        (a_location(state="ZZ"), "ZZ"),
        (a_location(country="MX"), "MX"),
        (a_location(), None),
    ],
)
def test_a_place_is_named_by_its_smallest_published_part(location: dict[str, Any], text: str | None) -> None:
    assert format_place(location, {"US-GA": "Georgia"}) == text


@pytest.mark.parametrize(
    ("county", "text"),
    [
        ("Levy County", "Condado de Levy, FL"),
        ("Orleans Parish", "Parroquia de Orleans, FL"),
        ("Baltimore city", "Baltimore city, FL"),
    ],
)
def test_counties_have_their_spanish_names_on_spanish_pages(county: str, text: str) -> None:
    assert format_place(a_location(county=county, state="FL"), language="es") == text


@pytest.mark.parametrize(
    ("verified_at", "is_due", "english"),
    [
        (None, True, "Never verified"),
        ("2026-08-01T10:00:00Z", False, "Verified 3 months ago"),
        ("2025-03-11T10:00:00Z", True, "Last verified March 2025. May be out of date."),
        ("2026-11-28T01:00:00Z", False, "Verified today"),
    ],
)
def test_freshness_is_a_sentence(verified_at: str | None, is_due: bool, english: str) -> None:
    assert format_freshness(verified_at, is_due, LANGUAGES["en"], TODAY) == english
    assert format_freshness(verified_at, is_due, LANGUAGES["es"], TODAY) != english


def test_every_reason_and_precision_of_the_api_has_a_text() -> None:
    assert {reason.value for reason in RegionReason} == set(REASONS)
    assert {precision.value for precision in Precision} == set(PRECISIONS)
