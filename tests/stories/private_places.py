"""Organizations whose true places must not be found out, and directories that differ in nothing but those places."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from msgspec.structs import replace
from sqlalchemy import update

from directory.geo import Disclosure, Point, Precision
from directory.live import Directory
from directory.records import Audience, Entry, Identifier, KeptContact, PrivatePlace, Site, Source
from directory.slugs import new_suffix
from directory.store import Network, Put, Store
from directory.store.tables import head
from seed.fictional import fictional_entries, fictional_id
from tests.builders import NOW, an_entry, an_id

FICTIONAL, SEED = 40, 7
KEY = bytes(range(32))  # one for all, since the version is made with it
REVISION = 7_310_000  # so high that it would be noticed anywhere


@dataclass(frozen=True)
class Spot:
    street: str
    point: Point
    city: str = "Atlanta"
    county: str | None = "US-GA-121"
    postal_code: str | None = "30312"
    country: str = "US"
    state: str | None = "US-GA"
    known: Precision = Precision.STREET


HERE = Spot("1717 Juniperhollow Lane", Point(33.74317, -84.37029))
SAME_ZIP = Spot("904 Quarrybend Court", Point(33.75023, -84.38117), known=Precision.EXACT)
SAME_CITY = Spot("38 Marigoldview Street", Point(33.76903, -84.33507), county="US-GA-089", postal_code="30307")
SAME_COUNTY = Spot("6 Thistledown Road", Point(33.57011, -84.57203), city="Fairburn", postal_code="30213")
ALSO_SAME_COUNTY = Spot("52 Larkspurfield Way", Point(33.51889, -84.66907), city="Palmetto", postal_code="30268")
SAME_STATE = Spot("260 Oleanderwalk", Point(32.07121, -81.09503), city="Savannah", county="US-GA-051", postal_code="31401")
HAMLET = Spot("3 Wrenhaven Path", Point(33.91207, -84.44101), city="Quietfordham", postal_code=None)
OTHER_HAMLET = Spot("8 Heronhaven Path", Point(33.63209, -84.63103), city="Stillwaterham", postal_code=None)
ABROAD = Spot("44 Cedarmoor Avenue", Point(43.65123, -79.38017), "Toronto", None, None, "CA", None)
ALSO_ABROAD = Spot("91 Birchmoor Crescent", Point(43.70013, -79.43021), "Toronto", None, None, "CA", None)


@dataclass(frozen=True)
class Level:
    """Who decided what, and two spots that nobody may tell apart."""

    disclosure: Disclosure | None
    before: Spot
    after: Spot
    issue_area: str = "housing"
    geocoded: bool = True  # else there is a street, of which no more is known than its ZIP code


LEVELS = {
    "Postal": Level(Disclosure.POSTAL_CODE, HERE, SAME_ZIP),
    "Postal Street": Level(Disclosure.POSTAL_CODE, HERE, SAME_ZIP, geocoded=False),
    "City": Level(Disclosure.CITY, HERE, SAME_CITY),
    "County": Level(Disclosure.COUNTY, HERE, SAME_COUNTY),
    "State": Level(Disclosure.STATE, HERE, SAME_STATE),
    "Hidden": Level(Disclosure.HIDDEN, HERE, SAME_STATE),
    "Undecided": Level(None, HERE, SAME_CITY),
    "Undecided Town": Level(None, SAME_COUNTY, ALSO_SAME_COUNTY),  # each has one ZIP code, so that the county is told
    "Undecided Perch": Level(None, HERE, SAME_COUNTY, "reproductive"),
    "Undecided Nest": Level(None, HERE, SAME_STATE, "gender-violence"),
    "Hamlet": Level(Disclosure.CITY, HAMLET, OTHER_HAMLET),  # the gazetteer knows neither, so that the county is told
    "Abroad": Level(Disclosure.CITY, ABROAD, ALSO_ABROAD),
}
SPOTS = tuple(dict.fromkeys(spot for level in LEVELS.values() for spot in (level.before, level.after)))


def private_name(level: str, audience: Audience = Audience.PUBLIC) -> str:
    return f"Rookery {level} House" if audience is Audience.PUBLIC else f"Unlisted {level} {audience.title()} Circle"


def private_entry(level: str, audience: Audience, moved: bool, exact: bool = False) -> Entry:
    chosen = LEVELS[level]
    name, spot = private_name(level, audience), chosen.after if moved else chosen.before
    lease = f"Lease of {spot.street}", f"https://leases.example/{spot.street.replace(' ', '-')}"
    return an_entry(
        name,
        audience=audience,
        issue_areas=(chosen.issue_area,),
        identifiers=(Identifier("US-EIN", f"{list(LEVELS).index(level) + 10}-{list(Audience).index(audience):07}"),),
        sites=(_site(name, spot, Disclosure.EXACT if exact else chosen.disclosure, chosen.geocoded),),
        contacts=(KeptContact(name="Robin Larkspur", phone="+14045550142", audience=Audience.MEMBERS),),
        sources=(Source("locations", *lease), Source("contacts", "Its payroll"), Source("name", "Its letterhead")),
    )


def _site(name: str, spot: Spot, disclosure: Disclosure | None, geocoded: bool) -> Site:
    return Site(
        id=an_id(f"site of {name}"),
        name=f"House at {spot.street}",
        country=spot.country,
        state=spot.state,
        county=spot.county,
        city=spot.city,
        postal_code=spot.postal_code,
        disclosure=disclosure,
        known=spot.known if geocoded else Precision.POSTAL_CODE,
        is_primary=True,
        private=PrivatePlace(spot.street, spot.point if geocoded else None),
    )


def entries(moved: bool = False, exact: bool = False) -> list[Entry]:
    private = [private_entry(level, audience, moved, exact) for level in LEVELS for audience in Audience]
    return [*fictional_entries(FICTIONAL, SEED, NOW), *private]


def public_entries() -> list[Entry]:
    """Those alone that everybody may see, without a word of the others."""
    everybody = [entry for entry in entries() if entry.audience is Audience.PUBLIC]
    known = {entry.id for entry in everybody}
    return [
        replace(
            entry,
            parent=entry.parent if entry.parent in known else None,
            relations=tuple(one for one in entry.relations if one.organization is None or one.organization in known),
        )
        for entry in everybody
    ]


def stirred_entries() -> Iterator[Entry]:
    """The others renamed, and what of everybody's is for members changed."""
    for entry in entries(moved=True):
        hidden = entry.audience is not Audience.PUBLIC
        contacts = tuple(
            replace(one, phone="+14045550177") if one.audience is not Audience.PUBLIC else one for one in entry.contacts
        )
        yield replace(entry, name=f"Renamed {entry.name}" if hidden else entry.name, contacts=contacts)


def a_directory(url: str, kept: list[Entry]) -> Directory:
    """With all snapshots built, so that what is written next is followed, and the same random suffixes each time."""
    store = Store.open(url, new_suffix=partial(new_suffix, Random(SEED).choice))  # noqa: S311 - the same each time is what is wanted
    store.migrate()
    directory = Directory(store)
    directory.store.database.writing(lambda connection: connection.execute(update(head).values(key=KEY, revision=REVISION)))
    put(directory, kept)
    for audience in Audience:
        directory.snapshot(audience)
    return directory


def put(directory: Directory, kept: list[Entry], now: dt.datetime = NOW) -> None:
    network = Network(fictional_id(0, SEED), fictional=True)
    directory.write([Put(entry) for entry in kept], actor="test", now=now, reason="test", network=network)
