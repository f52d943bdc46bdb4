"""Random organizations that share names, places, dates and terms, so questions find long lists with ties."""

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Any

from directory.fields import TEXT_FIELDS
from directory.geo import Point, Precision
from directory.records import (
    Address,
    Location,
    Membership,
    MembershipStatus,
    NameKind,
    Organization,
    OrganizationKind,
    OrganizationName,
)
from directory.vocabulary.regions import REGIONS
from tests.builders import NOW, an_id

TERMS = {
    "issue_areas": (
        *("housing", "tenants", "homelessness", "immigration", "refugees"),
        *("incarceration", "aging-prison", "detention-deportation", "reentry", "health"),
    ),
    "communities": ("black", "black-workers", "youth", "immigrants-refugees", "women"),
    "work_areas": ("organizing", "law", "litigation", "education"),
    "languages": ("en", "es", "ht"),
}
SERVICE_AREAS = (
    *("US", "US", "US-SOUTH", "US-SOUTH-ATLANTIC", "US-GA", "US-GA-121", "US-GA-089", "US-FL"),
    *("US-CA", "BAY-AREA", "US-CA-075", "MX", "US-TERRITORIES"),
)
# City, county, state, the innermost region, latitude, longitude. Some lie on either side of the antimeridian.
PLACES: tuple[tuple[str | None, str | None, str | None, str, float | None, float | None], ...] = (
    ("Atlanta", "Fulton County", "GA", "US-GA-121", 33.749, -84.388),
    ("Atlanta", "Fulton County", "GA", "US-GA-121", 33.749, -84.388),
    ("Alpharetta", "Fulton County", "GA", "US-GA-121", 34.0754, -84.2941),
    ("Decatur", "DeKalb County", "GA", "US-GA-089", 33.7748, -84.2963),
    ("Savannah", "Chatham County", "GA", "US-GA-051", 32.0809, -81.0912),
    ("Miami", "Miami-Dade County", "FL", "US-FL-086", 25.7617, -80.1918),
    ("Oakland", "Alameda County", "CA", "US-CA-001", 37.8044, -122.2712),
    ("San Francisco", "San Francisco County", "CA", "US-CA-075", 37.7749, -122.4194),
    ("Boston", "Suffolk County", "MA", "US-MA-025", 42.3601, -71.0589),
    ("Adak", None, "AK", "US-AK-016", 51.88, -176.6581),
    ("Attu", None, "AK", "US-AK-016", 52.9028, 172.9053),
    (None, None, "GA", "US-GA", None, None),
    (None, "Fulton County", "GA", "US-GA-121", 33.7902, -84.4671),
    (None, None, None, "FJ", -18.1416, 178.4419),
    (None, None, None, "WS", -13.8507, -171.7514),
    (None, None, None, "MX-CMX", 19.4326, -99.1332),
)
NAME_WORDS = (
    "Harbor",
    "Tenants",
    "Unión",
    "Justice",
    "Niñez",
    "House",
    "Workers",
    "River",
    "Legal",
    "Álamo",
    "Freedom",
    "Mujeres",
)
TEXT_WORDS = (
    *("gardens", "kitchen", "evictions", "clinics", "radio", "solidarity", "neighbors", "Georgia", "bail", "library", "songs"),
    *("together", "unions", "families", "law", "derechos", "abogadas", "weekly", "shelter", "cooperative", "of", "the", "and"),
)
KINDS = (OrganizationKind.COLLECTIVE, OrganizationKind.UNION, OrganizationKind.ARTS, OrganizationKind.GRASSROOTS_GROUP)
STATUSES = (*[MembershipStatus.ACTIVE] * 9, MembershipStatus.PROSPECT, MembershipStatus.LAPSED, MembershipStatus.NONE)
DAYS = tuple(dt.date(2019 + number, 1 + number, 1 + 3 * number) for number in range(6))
PARENTS = 5  # records with branches
MOMENTS = tuple(dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(seconds=late) for day in DAYS for late in (-1, 0, 1))


def generate_records(rng: Random, count: int) -> list[Organization]:
    return [generate_record(rng, number) for number in range(count)]


def generate_record(rng: Random, number: int) -> Organization:
    """Generate a record. The number determines the id, so another record with the same number is a change of the first."""
    return Organization(
        id=an_id(str(number)),
        slug=f"generated-{number}",
        parent=an_id(str(rng.randrange(PARENTS))) if rng.random() < 0.3 else None,
        name=" ".join(rng.sample(NAME_WORDS, rng.choice((1, 2, 2, 2, 3)))),
        names=tuple(OrganizationName(word[:4].upper(), NameKind.ACRONYM) for word in _sample_up_to(rng, NAME_WORDS, 1)),
        kind=rng.choice(KINDS),
        founded=rng.choice((None, *range(1990, 1996))),
        **_generate_texts(rng),
        service_areas=tuple(dict.fromkeys(_sample_up_to(rng, SERVICE_AREAS, 2))),
        locations=tuple(_generate_location(rng, f"{number}.{at}") for at in range(rng.choice((0, 0, 1, 1, 1, 1, 2, 2, 3)))),
        membership=Membership(rng.choice(STATUSES), rng.choice((None, *DAYS))),
        verified_at=rng.choice((None, *MOMENTS)),
        updated_at=NOW + dt.timedelta(hours=rng.randrange(5)),
        issue_areas=_sample_up_to(rng, TERMS["issue_areas"], 3),
        communities=_sample_up_to(rng, TERMS["communities"], 3),
        work_areas=_sample_up_to(rng, TERMS["work_areas"], 3),
        languages=_sample_up_to(rng, TERMS["languages"], 3),
    )


def _sample_up_to(rng: Random, values: Sequence[str], most: int) -> tuple[str, ...]:
    return tuple(rng.sample(values, rng.randint(0, most)))


def _generate_texts(rng: Random) -> dict[str, Any]:
    return {name: _generate_text(rng, 12 if name == "description" else 6) for name in TEXT_FIELDS}


def _generate_text(rng: Random, words: int) -> str | None:
    return rng.choice((None, " ".join(rng.choices(TEXT_WORDS, k=words))))


def _generate_location(rng: Random, name: str) -> Location:
    city, county, state, code, latitude, longitude = rng.choice(PLACES)
    return Location(
        id=an_id(name),
        precision=rng.choice((Precision.CITY, Precision.STREET)),
        regions=(code, *REGIONS.containing_codes(code)),
        address=Address("US", state, county, city) if state else None,
        point=Point(*_shift_point(rng, latitude, longitude)) if latitude is not None and longitude is not None else None,
    )


def _shift_point(rng: Random, latitude: float, longitude: float) -> tuple[float, float]:
    """Return the point of the city, which many share, in half of the cases; otherwise one nearby, at an extreme or far away."""
    if rng.random() < 0.5:
        return latitude, longitude
    if rng.random() < 0.9:
        return round(latitude + rng.uniform(-0.3, 0.3), 5), round(longitude + rng.uniform(-0.3, 0.3), 5)
    return rng.choice(((-16.5, 180.0), (-90.0, 0.0), (90.0, 12.5), (0.0, 0.0), (61.2, -179.999)))
