"""Organizations that are hard to export and import again: parts of every kind, and texts that spreadsheets misread.

Each is a published draft, so all of them are valid.
"""

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Any

from directory.drafts.address_patterns import find_address
from directory.drafts.free_text import CHECKED_FIELDS
from directory.drafts.geocoding import locate, make_location_id
from directory.drafts.organization_draft import build_stored_organization, parse_draft
from directory.geo import Disclosure
from directory.publish import publish
from directory.records import (
    SOURCED_FIELDS,
    Audience,
    MembershipStatus,
    NameKind,
    Organization,
    OrganizationKind,
    RecordKind,
    RelationKind,
    SearchEngines,
    StoredOrganization,
)
from tests.builders import NOW, an_id

TEXTS = (
    *(
        "=cmd|' /C calc'!A1",
        "+1 (404) 555-0100",
        "-2+3",
        "-7",
        "@SUM(A1:A9)",
        "'=x",
        "''=x",
        "'tis so",
        "＝1+1",
        "'＠SUM(A1:A9)",
        "−5",
        "''",
        "'",
        "=",
        "-",
        "--",
    ),
    *("one; two", "one;two", ";", 'say "hi"', '"', "comma, here", "tab", "_x000D_ and _x0041_", "Niñez & Juventud", "权利 人权"),
    *("🏳️‍🌈 pride", "NULL", "TRUE", "1e5", "00123", "2024-05-01", "1/2", "N/A", "#REF!", "ALL CAPS INC", "o'neill", "= ", "{}"),
)
LONG = " ".join(["A long word about rights"] * 400)[:10_000]
EMOJI = "🏠" * 10_000
_LOCATIONS: tuple[dict[str, Any], ...] = (
    {"city": "Atlanta", "state": "GA"},
    {"city": "Chicago", "state": "IL", "postal_code": "60608-1234", "street": "1 Main St", "disclosure": "EXACT"},
    {"postal_code": "02134", "disclosure": "POSTAL_CODE"},
    {"city": "Selma", "state": "AL", "street": "12 Broad St", "disclosure": "HIDDEN"},
    {"state": "AL", "disclosure": "HIDDEN"},
    {"disclosure": "HIDDEN"},
    {"country": "CA", "state": "CA-ON", "city": "Toronto", "disclosure": "HIDDEN"},
    {"country": "CA", "state": "CA-ON", "city": "Toronto", "postal_code": "M5V 2T6", "street": "1 Bay St", "disclosure": "EXACT"},
    {"country": "NL", "city": "Amsterdam", "postal_code": "1016 GV"},
    {"country": "NL", "postal_code": "1016 GV", "disclosure": "EXACT"},
    {"state": "GA", "city": "Atlanta", "name": "=HQ", "latitude": 33.749, "longitude": -84.388, "disclosure": "EXACT"},
    {"state": "GA", "latitude": 33.7, "longitude": -84.00000001, "known": "STREET", "street": "'=1", "disclosure": "EXACT"},
    {"state": "GA", "latitude": 33.7, "longitude": -84.0, "street": "1 Main St"},
    {"county": "Fulton County", "state": "GA", "disclosure": "COUNTY"},
    {"city": "Nowheresville", "state": "GA", "name": "The office", "disclosure": "EXACT"},
    {"city": "Springfield"},
    {"state": "WY", "disclosure": "STATE"},
    {"country": "DE"},
    {},
)
_TERMS = {
    "issue_areas": ("housing", "immigration", "gender-violence", "workers"),
    "communities": ("youth", "immigrants-refugees", "women"),
    "work_areas": ("organizing", "education"),
    "languages": ("en", "es", "ht"),
    "service_areas": ("US", "US-GA", "US-GA-121", "BAY-AREA"),
}


def build_difficult_records(count: int, seed: int = 7) -> list[StoredOrganization]:
    return [_build_record(number, count, Random(seed * 1_000_003 + number)) for number in range(count)]  # noqa: S311 - reproducible


def build_difficult_organizations(count: int, audience: Audience = Audience.PUBLIC) -> list[Organization]:
    """Return the difficult records that the audience sees, published."""
    published = (publish(one, audience, NOW, lambda _: True) for one in build_difficult_records(count))
    return [one for one in published if one is not None]


def build_stored_record(fields: dict[str, Any], id: str) -> StoredOrganization:
    """Return the stored record of these draft fields."""
    draft = parse_draft({field: value for field, value in fields.items() if field != "id"}, today=NOW.date())
    sites = tuple(locate(location, id=make_location_id(id, position)) for position, location in enumerate(draft.locations))
    return build_stored_organization(draft, id=id, slug=draft.slug or "a-slug", sites=sites)


def _build_record(number: int, count: int, rng: Random) -> StoredOrganization:
    id = an_id(f"nasty {number}")
    fields = {field: make(rng) for field, make in _FIELDS.items() if rng.random() < 0.7}
    terms = {field: rng.sample(among, rng.randrange(len(among))) for field, among in _TERMS.items()}
    other = an_id(f"nasty {(number + 1) % count}")
    if rng.random() < 0.2:
        fields["parent"] = other
    if rng.random() < 0.2:
        fields["relations"] = [{"kind": rng.choice(list(RelationKind)), "organization": other, "note": _random_text(rng)}]
    locations = [dict(one) for one in rng.sample(_LOCATIONS, rng.choice((0, 1, 1, 2, 5)))]
    if locations:
        rng.choice(locations)["is_primary"] = True
    fields |= terms | {"locations": locations, "slug": f"nasty-{number}", "name": _random_text(rng)}
    return build_stored_record(fields, id)


def _random_text(rng: Random) -> str:
    return rng.choice(TEXTS) if rng.random() < 0.7 else f"{rng.choice(TEXTS)} {rng.choice(TEXTS)}"


def _random_text_without_address(rng: Random) -> str:
    return rng.choice([text for text in TEXTS if find_address(text) is None])


def _random_contact(rng: Random) -> dict[str, Any]:
    contact = {
        "name": _random_text(rng),
        "role": _random_text(rng),
        "email": "Ana.Pérez+x@example.org",
        "phone": rng.choice(("(404) 588-9761 x12", "+44 20 7946 0958", "404-588-9761")),
        "languages": ["es", "en"],
        "audience": rng.choice(list(Audience)),
    }
    left_out = {field for field in contact if field != "audience" and rng.random() < 0.4}
    return {field: value for field, value in contact.items() if field not in left_out} | {"role": _random_text(rng)}


def _random_source(rng: Random, number: int = 0) -> dict[str, Any]:
    source = {
        "field": rng.choice(SOURCED_FIELDS),
        "title": f"{_random_text(rng)} {number}",
        "tells": rng.choice(list(Disclosure)),
    }
    return source | ({"url": f"https://example.org/?q={number}", "date": dt.date(2024, 5, 1)} if rng.random() < 0.5 else {})


def _random_sources(rng: Random) -> list[dict[str, Any]]:
    return [{**_random_source(rng, number), "title": f"{number} {LONG[:280]}"} for number in range(100)]


_FIELDS: dict[str, Callable[[Random], Any]] = {
    "names": lambda rng: [
        {"name": _random_text(rng), "kind": rng.choice(list(NameKind)), **rng.choice(({}, {"language": "es"}))}
        for _ in range(rng.choice((1, 2, 4)))
    ],
    "kind": lambda rng: rng.choice(list(OrganizationKind)),
    "summary": _random_text,
    "description": lambda rng: rng.choice((f"{_random_text(rng)}\n\n{_random_text(rng)}\nthird", LONG, EMOJI, _random_text(rng))),
    "founded": lambda rng: rng.choice((1600, 1986, 2024)),
    "website": lambda rng: rng.choice(("https://example.org", "http://example.org/a;b?c=d, e#f")),
    "links": lambda rng: [
        {"kind": rng.choice(("facebook", "donate", "mastodon", "x")), "url": f"https://example.org/{rng.random()}"}
        for _ in range(rng.choice((1, 3)))
    ],
    "identifiers": lambda rng: rng.choice(
        (
            [{"scheme": "US-EIN", "value": f"05-{rng.randrange(10**7):07}"}],
            [{"scheme": "X-LIST", "value": f"={rng.random()}"}, {"scheme": "US-EIN", "value": f"05{rng.randrange(10**7):07}"}],
        )
    ),
    "contacts": lambda rng: [_random_contact(rng) for _ in range(rng.choice((1, 2)))],
    "membership": lambda rng: {
        "status": rng.choice(list(MembershipStatus)),
        **rng.choice(({}, {"joined_on": "2001-02-03"}, {"joined_on": "2001-02-03", "ended_on": "2020-01-01"})),
    },
    "relations": lambda rng: [{"kind": "FUNDER", "actor": _random_text(rng), "url": "https://example.org"}],
    "sources": lambda rng: _random_sources(rng) if rng.random() < 0.1 else [_random_source(rng, number) for number in range(3)],
    "verified_at": lambda rng: rng.choice(("2024-05-01T12:00:00Z", "2024-05-01T12:00:00.000123-05:00")),
    "search_engines": lambda rng: rng.choice(list(SearchEngines)),
    "audience": lambda rng: rng.choice((*[Audience.PUBLIC] * 4, *Audience)),
    **dict.fromkeys(CHECKED_FIELDS[RecordKind.ORGANIZATION], _random_text_without_address),
}
