"""A text may not name a city, county or postal code that its record does not publish."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from directory.drafts.free_text import CHECKED_FIELDS, find_text_problems, list_place_names
from directory.fields import FIELDS
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Disclosure, Precision
from directory.published_places import publish_places
from directory.records import RecordKind, StoredLocation, StoredOrganization
from tests.builders import a_stored_organization, an_id

CHECKED = CHECKED_FIELDS[RecordKind.ORGANIZATION]
FIELD = replace(FIELDS["summary"], name="offers", limit=300, refuses_addresses=True)
TAOS = StoredLocation(
    id=an_id("taos"), state="US-NM", county="US-NM-055", city="Taos", postal_code="87571", known=Precision.POSTAL_CODE
)
DISCLOSURES = (*Disclosure, None)
COARSE: set[Disclosure | None] = {Disclosure.COUNTY, Disclosure.STATE, Disclosure.HIDDEN, None}
CITY_MESSAGE = "`offers` names the city Taos, which this organization does not publish. Use another word, or leave it out."


def find_problem(text: str, *sites: StoredLocation, **fields: Any) -> str | None:
    """Return the message about the text of a record with these places."""
    record = a_stored_organization("Shelter", sites=sites, summary=text, **fields)
    messages = [message for _, message in find_text_problems(record, {"summary": FIELD})]
    return messages[0] if messages else None


def at(disclosure: Disclosure | None, site: StoredLocation = TAOS) -> StoredLocation:
    return replace(site, disclosure=disclosure)


@pytest.mark.parametrize(
    "text",
    [
        *("We meet in Taos", "Taos", "TAOS,", "Táos", "taos.", "(Taos)", "Taos-based", "Taos's families", "Taos’ kitchen"),
        *("T.A.O.S", "T a o s", "#TaosStrong", "Taos/Questa", "near Taos; call us", "Ｔａｏｓ", "Ta\u0301os", "de Taos y Questa"),
        *("o Taos", "Rooms in taos,nm", "https://example.org/taos", "Taos\nQuesta"),
    ],
)
@pytest.mark.parametrize("disclosure", [Disclosure.COUNTY, Disclosure.STATE, Disclosure.HIDDEN])
def test_an_unpublished_city_is_refused_however_it_is_written(text: str, disclosure: Disclosure) -> None:
    assert find_problem(text, at(disclosure)) == CITY_MESSAGE


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Taos County",
            "taos county's schools",
            "County of Taos",
            "condado de Taos",
            "Condado de Táos",
            "Taos Co.",
            "TAOS COUNTY",
        ),
        *("TaosCounty", "the Taos-County line"),
    ],
)
def test_an_unpublished_county_is_refused_with_and_without_county(text: str) -> None:
    county_only = replace(TAOS, city=None, postal_code=None, known=Precision.COUNTY)
    for site in (at(Disclosure.STATE), at(Disclosure.HIDDEN), at(Disclosure.STATE, county_only)):
        message = find_problem(text, site)
        assert message is not None
        assert "names the county Taos County, which this organization does not publish" in message
    assert find_problem("Help in Taos", at(Disclosure.STATE, county_only)) == message
    assert find_problem(text, at(Disclosure.COUNTY)) is None


@pytest.mark.parametrize("text", ["ZIP 87571", "87571-1234", "NM87571", "87571", "(87571)", "8 7 5 7 1"])
def test_an_unpublished_postal_code_is_refused(text: str) -> None:
    for disclosure in (Disclosure.CITY, Disclosure.COUNTY, Disclosure.STATE, Disclosure.HIDDEN):
        message = find_problem(text, at(disclosure))
        assert message is not None
        assert "names the postal code 87571" in message
    assert find_problem(text, at(Disclosure.POSTAL_CODE)) is None


def test_a_city_follows_from_a_postal_code_and_a_county_from_a_city() -> None:
    code_only = replace(TAOS, city=None, county=None, disclosure=Disclosure.STATE)
    city_only = replace(TAOS, postal_code=None, county=None, disclosure=Disclosure.STATE)
    assert find_problem("in Taos", code_only) == CITY_MESSAGE
    assert "the county Taos County" in (find_problem("in Taos County", city_only) or "")


def test_a_published_place_may_be_named() -> None:
    assert find_problem("Rooms in Taos, Taos County", at(Disclosure.CITY)) is None
    assert find_problem("Rooms in Taos 87571", at(Disclosure.EXACT, replace(TAOS, known=Precision.EXACT))) is None
    assert find_problem("Rooms in Taos County, New Mexico", at(Disclosure.COUNTY)) is None
    assert find_problem("Rooms in Taos", at(Disclosure.HIDDEN), replace(at(Disclosure.CITY), id=an_id("other"))) is None


def test_other_places_may_be_named() -> None:
    assert find_problem("Training in Atlanta, Santa Fe County and 30312; taostas, 875712", at(Disclosure.HIDDEN)) is None
    assert find_problem("Training in Taos") is None


def test_the_default_disclosure_counts() -> None:
    """Taos is too small to be published by default, and some themes publish no place at all."""
    assert find_problem("Rooms in Taos", at(None)) == CITY_MESSAGE
    atlanta = StoredLocation(id=an_id("a"), state="US-GA", city="Atlanta", known=Precision.CITY)
    assert find_problem("Rooms in Atlanta", atlanta) is None
    assert find_problem("Rooms in Atlanta", atlanta, issue_areas=("gender-violence",)) is not None


def test_the_county_of_a_published_city_with_its_name() -> None:
    """Dallas lies in several counties, so it is published without one. One of them is Dallas County."""
    dallas = StoredLocation(
        id=an_id("da"), state="US-TX", county="US-TX-113", city="Dallas", known=Precision.CITY, disclosure=Disclosure.CITY
    )
    assert find_problem("Rooms in Dallas", dallas) is None
    assert "the county Dallas County" in (find_problem("Rooms in Dallas County", dallas) or "")


def test_spellings_of_the_postal_service() -> None:
    saint_paul = StoredLocation(id=an_id("s"), state="US-MN", city="Saint Paul", known=Precision.CITY)
    de_kalb = StoredLocation(id=an_id("d"), state="US-GA", county="US-GA-089", known=Precision.COUNTY)
    prince = StoredLocation(id=an_id("p"), state="US-MD", county="US-MD-033", known=Precision.COUNTY)
    for site, names in (
        (saint_paul, ("St. Paul", "Saint Paul", "ST PAUL", "SaintPaul")),
        (de_kalb, ("DeKalb County", "De Kalb County", "DEKALB COUNTY")),
        (prince, ("Prince George's County", "Prince George’s", "Prince Georges County", "Prince George County")),
    ):
        assert [name for name in names if find_problem(f"in {name}", at(Disclosure.STATE, site)) is None] == []


def test_places_abroad() -> None:
    toronto = StoredLocation(
        id=an_id("t"),
        country="CA",
        state="CA-ON",
        city="Toronto",
        postal_code="M5V 2T6",
        disclosure=Disclosure.HIDDEN,
        known=Precision.CITY,
    )
    assert all(find_problem(text, at(Disclosure.HIDDEN, toronto)) for text in ("in Toronto", "M5V 2T6", "m5v2t6"))
    assert find_problem("in Toronto", at(Disclosure.CITY, toronto)) is None


def test_the_limit_comes_first() -> None:
    message = find_problem("Taos " * 100, at(Disclosure.HIDDEN))
    assert message == "`offers` can have at most 300 characters, but this text has 500. Shorten it."


def test_addresses_are_refused_without_places_too() -> None:
    assert find_problem("Call 404-555-0100") is not None
    assert find_problem("") is None


def iter_random_sites(rng: Random, count: int) -> Iterator[StoredLocation]:
    """Yield places all over the country, stated in every combination of parts, with every disclosure."""
    codes = (get_gazetteer().find_postal_code(f"{rng.randrange(501, 99_951):05}") for _ in range(20 * count))
    places = [place for place in codes if place is not None][:count]
    assert len(places) == count
    for number, place in enumerate(places):
        parts: dict[str, Any] = {"city": place.city, "county": place.county, "postal_code": place.name}
        stated = {part: value for part, value in parts.items() if rng.random() < 0.7}
        known = rng.choice([Precision.CITY, Precision.POSTAL_CODE, Precision.COUNTY, Precision.EXACT])
        disclosure = DISCLOSURES[number % len(DISCLOSURES)]
        yield StoredLocation(id=an_id(f"site {number}"), state=place.state, disclosure=disclosure, known=known, **stated)


def write_spellings(kind: str, name: str) -> list[str]:
    short = name.removesuffix(" County")
    spellings = [name, name.upper(), name.lower(), f"{name},", f"({name})", name.replace("a", "á")]
    return [*spellings, short, f"condado de {short}"] if kind == "county" and short != name else spellings


def list_refused_fields(text: str, site: StoredLocation) -> set[str]:
    """Return the fields of the registry that refuse the text in a record with this place."""
    record = a_stored_organization("Any", sites=(site,), **dict.fromkeys(CHECKED, text))
    return {name for name, _ in find_text_problems(record)}


@pytest.mark.slow
def test_every_unpublished_place_is_refused_and_accepted_where_it_is_published() -> None:
    refused, accepted = set[tuple[str, Disclosure | None]](), set[str]()
    for site in iter_random_sites(Random(5), 1_000):  # noqa: S311 - must be reproducible
        _, unpublished = list_place_names(a_stored_organization("Any", sites=(site,)))
        shown = replace(site, disclosure=Disclosure.POSTAL_CODE, known=Precision.POSTAL_CODE)
        published_names = set(list_published(a_stored_organization("Any", sites=(shown,))))
        for place in unpublished:
            texts = [f"Rooms in {spelling} for a night" for spelling in write_spellings(place.kind, place.name)]
            assert [text for text in texts if list_refused_fields(text, site) != CHECKED.keys()] == [], site
            refused.add((place.kind, site.disclosure))
            if (place.kind, place.name) in published_names:
                assert [text for text in texts if list_refused_fields(text, shown)] == [], shown
                accepted.add(place.kind)
        for _, name in list_published(a_stored_organization("Any", sites=(site,))):
            assert list_refused_fields(f"Rooms in {name}, {name.upper()}", site) == set(), site
    levels = {"city": COARSE, "county": COARSE - {Disclosure.COUNTY}, "postal code": COARSE | {Disclosure.CITY}}
    assert {(kind, disclosure) for kind, disclosures in levels.items() for disclosure in disclosures} <= refused
    assert accepted == levels.keys()


def list_published(record: StoredOrganization) -> Iterator[tuple[str, str]]:
    for location in publish_places(record).locations:
        if address := location.address:
            names = {"city": address.city, "county": address.county, "postal code": address.postal_code}
            yield from ((kind, name) for kind, name in names.items() if name)
