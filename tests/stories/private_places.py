"""Organizations and events with secret places, and directories that differ only in these places."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from msgspec.structs import replace
from sqlalchemy import update

from cli.fictional.organizations import fictional_id, generate_fictional_organizations
from directory.geo import Disclosure, Point, Precision
from directory.kinds.event import EventHost, StoredEvent
from directory.kinds.kind import list_reference_fields
from directory.live import Directory
from directory.records import (
    Audience,
    Identifier,
    PrivatePlace,
    Source,
    StoredContact,
    StoredLocation,
    StoredOrganization,
    StoredRecord,
)
from directory.store.ledger.edits import Network, Put
from directory.store.records.tables import head
from directory.store.store import Store
from directory.vocabulary.slugs import generate_suffix
from tests.builders import (
    NOW,
    a_slug,
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_organization,
    a_stored_provision,
    an_id,
)

FICTIONAL, SEED = 40, 7
KEY = bytes(range(32))  # the same for all, as the version depends on it
COALITIONS = ("Rookery Alliance", "Unlisted Alliance")  # the second one is for staff
UNLISTED_TREATY = an_id("Unlisted Treaty")
REVISION = 7_310_000  # so high that it is recognizable in any response


@dataclass(frozen=True)
class SecretPlace:
    """A real place. Only its published area may be visible."""

    street: str
    point: Point
    city: str = "Atlanta"
    county: str | None = "US-GA-121"
    postal_code: str | None = "30312"
    country: str = "US"
    state: str | None = "US-GA"
    known_precision: Precision = Precision.STREET


HERE = SecretPlace("1717 Juniperhollow Lane", Point(33.74317, -84.37029))
SAME_ZIP = SecretPlace("904 Quarrybend Court", Point(33.75023, -84.38117), known_precision=Precision.EXACT)
SAME_CITY = SecretPlace("38 Marigoldview Street", Point(33.76903, -84.33507), county="US-GA-089", postal_code="30307")
SAME_COUNTY = SecretPlace("6 Thistledown Road", Point(33.57011, -84.57203), city="Fairburn", postal_code="30213")
ALSO_SAME_COUNTY = SecretPlace("52 Larkspurfield Way", Point(33.51889, -84.66907), city="Palmetto", postal_code="30268")
SAME_STATE = SecretPlace("260 Oleanderwalk", Point(32.07121, -81.09503), city="Savannah", county="US-GA-051", postal_code="31401")
HAMLET = SecretPlace("3 Wrenhaven Path", Point(33.91207, -84.44101), city="Quietfordham", postal_code=None)
OTHER_HAMLET = SecretPlace("8 Heronhaven Path", Point(33.63209, -84.63103), city="Stillwaterham", postal_code=None)
ABROAD = SecretPlace("44 Cedarmoor Avenue", Point(43.65123, -79.38017), "Toronto", None, None, "CA", None)
ALSO_ABROAD = SecretPlace("91 Birchmoor Crescent", Point(43.70013, -79.43021), "Toronto", None, None, "CA", None)


@dataclass(frozen=True)
class DisclosureCase:
    """A disclosure, and two places that must look the same when published with it."""

    disclosure: Disclosure | None
    before: SecretPlace
    after: SecretPlace
    issue_area: str = "housing"
    is_geocoded: bool = True  # otherwise there is a street without a point, known only by its ZIP code


LEVELS = {
    "Postal": DisclosureCase(Disclosure.POSTAL_CODE, HERE, SAME_ZIP),
    "Postal Street": DisclosureCase(Disclosure.POSTAL_CODE, HERE, SAME_ZIP, is_geocoded=False),
    "City": DisclosureCase(Disclosure.CITY, HERE, SAME_CITY),
    "County": DisclosureCase(Disclosure.COUNTY, HERE, SAME_COUNTY),
    "State": DisclosureCase(Disclosure.STATE, HERE, SAME_STATE),
    "Hidden": DisclosureCase(Disclosure.HIDDEN, HERE, SAME_STATE),
    "Undecided": DisclosureCase(None, HERE, SAME_CITY),
    "Undecided Town": DisclosureCase(None, SAME_COUNTY, ALSO_SAME_COUNTY),  # each has one ZIP code, so the county is published
    "Undecided Perch": DisclosureCase(None, HERE, SAME_COUNTY, "reproductive"),
    "Undecided Nest": DisclosureCase(None, HERE, SAME_STATE, "gender-violence"),
    "Hamlet": DisclosureCase(Disclosure.CITY, HAMLET, OTHER_HAMLET),  # not in the gazetteer, so the county is published
    "Abroad": DisclosureCase(Disclosure.CITY, ABROAD, ALSO_ABROAD),
}
SPOTS = tuple(dict.fromkeys(spot for level in LEVELS.values() for spot in (level.before, level.after)))


def private_name(level: str, audience: Audience = Audience.PUBLIC) -> str:
    return f"Rookery {level} House" if audience is Audience.PUBLIC else f"Unlisted {level} {audience.title()} Circle"


def build_private_entry(level: str, audience: Audience, use_moved_places: bool, exact: bool = False) -> StoredOrganization:
    case = LEVELS[level]
    name, spot = private_name(level, audience), case.after if use_moved_places else case.before
    lease = f"Lease of {spot.street}", f"https://leases.example/{spot.street.replace(' ', '-')}"
    return a_stored_organization(
        name,
        audience=audience,
        issue_areas=(case.issue_area,),
        identifiers=(Identifier("US-EIN", f"{list(LEVELS).index(level) + 10}-{list(Audience).index(audience):07}"),),
        sites=(_build_location(name, spot, Disclosure.EXACT if exact else case.disclosure, case.is_geocoded),),
        contacts=(StoredContact(name="Robin Larkspur", phone="+14045550142", audience=Audience.MEMBERS),),
        sources=(Source("locations", *lease), Source("contacts", "Its payroll"), Source("name", "Its letterhead")),
    )


def _build_location(name: str, spot: SecretPlace, disclosure: Disclosure | None, geocoded: bool) -> StoredLocation:
    return StoredLocation(
        id=an_id(f"site of {name}"),
        name=f"House at {spot.street}",
        country=spot.country,
        state=spot.state,
        county=spot.county,
        city=spot.city,
        postal_code=spot.postal_code,
        disclosure=disclosure,
        known=spot.known_precision if geocoded else Precision.POSTAL_CODE,
        is_primary=True,
        private=PrivatePlace(spot.street, spot.point if geocoded else None),
    )


def event_name(level: str, audience: Audience = Audience.PUBLIC) -> str:
    return f"Gathering {level}" if audience is Audience.PUBLIC else f"Unlisted gathering {level} {audience.title()}"


def build_event(level: str, audience: Audience, use_moved_places: bool, exact: bool = False) -> StoredEvent:
    """Build an event at a secret place. Organizations of all audiences host it, and its link is for members."""
    case, name = LEVELS[level], event_name(level, audience)
    spot = case.after if use_moved_places else case.before
    place = _build_location(name, spot, Disclosure.EXACT if exact else case.disclosure, case.is_geocoded)
    return a_stored_event(
        name,
        audience=audience,
        issue_areas=(case.issue_area,),
        sites=(place,),
        starts_at=NOW + dt.timedelta(days=list(LEVELS).index(level)),
        hosts=(*(EventHost(an_id(private_name(level, host))) for host in Audience), EventHost(actor="Council of Rookeries")),
        coalition=an_id(COALITIONS[0]),
        online_url=f"https://meet.example/{a_slug(name)}",
        sources=(Source("locations", f"Lease of {spot.street}"), Source("name", "Its poster")),
    )


def build_other_records(use_moved_places: bool, exact: bool) -> Iterator[StoredRecord]:
    """Build coalitions with members of all audiences, one of them for staff only, their events, and a treaty."""
    members = [private_name(level, audience) for level in LEVELS for audience in Audience]
    public, hidden = COALITIONS
    yield a_stored_coalition(public, members, parent=an_id(hidden), issue_areas=("housing",), regions=("US-GA",))
    yield a_stored_coalition(hidden, members, audience=Audience.STAFF, issue_areas=("housing",))
    yield a_stored_coalition("Rookery Campaign", members, parent=an_id(public), ended_on=NOW.date())
    yield a_stored_coalition("Unlisted Campaign", members, parent=an_id(public), audience=Audience.STAFF)
    yield from (build_event(level, audience, use_moved_places, exact) for level in LEVELS for audience in Audience)
    yield a_stored_instrument("Rookery Treaty", acronym="RT", issue_areas=("housing",))
    yield a_stored_instrument("Unlisted Treaty", audience=Audience.STAFF)
    yield a_stored_provision("7", "Rookery Treaty", issue_areas=("housing",), cycle="3", response="Noted")
    yield a_stored_provision("9", "Rookery Treaty", audience=Audience.STAFF, cycle="3 unlisted", response="Unlisted")


def build_entries(use_moved_places: bool = False, exact: bool = False) -> list[StoredRecord]:
    private = [build_private_entry(level, audience, use_moved_places, exact) for level in LEVELS for audience in Audience]
    fictional = generate_fictional_organizations(FICTIONAL, SEED, NOW)
    return [*fictional, *private, *build_other_records(use_moved_places, exact)]


def build_public_entries() -> list[StoredRecord]:
    """Build the public entries only, without references to the others."""
    public = [entry for entry in build_entries() if entry.audience is Audience.PUBLIC]
    public_ids = {entry.id for entry in public}
    return [_keep_references(entry, public_ids) for entry in public if getattr(entry, "instrument", None) != UNLISTED_TREATY]


def _keep_references(entry: StoredRecord, public_ids: Collection[str]) -> StoredRecord:
    """Return the record without references to records that are not public."""
    single = {
        name: None
        for name, _ in list_reference_fields(type(entry))
        if name != "instrument" and getattr(entry, name) not in public_ids
    }
    lists = {
        name: tuple(part for part in getattr(entry, name) if part.organization is None or part.organization in public_ids)
        for name in ("relations", "members", "hosts")
        if name in entry.__struct_fields__
    }
    return replace(entry, **single, **lists)


def build_changed_entries() -> Iterator[StoredRecord]:
    """Build the entries with changes that the public cannot see: of hidden records, and of what only members see."""
    for entry in build_entries(use_moved_places=True):
        hidden = entry.audience is not Audience.PUBLIC
        changed = replace(entry, name=f"Renamed {entry.name}") if hidden else entry
        yield _change_what_members_see(changed)


def _change_what_members_see(entry: StoredRecord) -> StoredRecord:
    if isinstance(entry, StoredEvent):
        return replace(entry, online_url="https://meet.example/moved")
    return replace(entry, contacts=tuple(map(_change_phone, entry.contacts))) if isinstance(entry, StoredOrganization) else entry


def _change_phone(contact: StoredContact) -> StoredContact:
    return contact if contact.audience is Audience.PUBLIC else replace(contact, phone="+14045550177")


def a_directory(url: str, records: list[StoredRecord]) -> Directory:
    """Build a directory with all snapshots, so that later edits update them. Random suffixes are always the same."""
    store = Store.open(url, new_suffix=partial(generate_suffix, Random(SEED).choice))  # noqa: S311 - must be reproducible
    store.migrate()
    directory = Directory(store)
    directory.store.database.run_write(lambda connection: connection.execute(update(head).values(key=KEY, revision=REVISION)))
    write_entries(directory, records)
    for audience in Audience:
        directory.get_snapshot(audience)
    directory.load_histories()
    return directory


def write_entries(directory: Directory, records: list[StoredRecord], now: dt.datetime = NOW) -> None:
    network = Network(fictional_id(0, SEED), fictional=True)
    directory.write([Put(entry) for entry in records], actor="test", now=now, reason="test", network=network)
