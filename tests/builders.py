"""Build records for tests. A test passes the fields that matter to it; the others have defaults."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Point, Precision
from directory.kinds import publish_record
from directory.kinds.coalition import CoalitionMember, StoredCoalition
from directory.kinds.event import StoredEvent
from directory.kinds.instrument import StoredInstrument, StoredProvision
from directory.records import (
    Audience,
    Location,
    Membership,
    MembershipStatus,
    NameKind,
    Organization,
    OrganizationName,
    PublishedRecord,
    StoredLocation,
    StoredOrganization,
    StoredRecord,
)
from directory.text import fold

if TYPE_CHECKING:
    from schema.execution.execute import Answer

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def an_id(name: str) -> str:
    """Return an id derived from the name, the same in every run."""
    return str(uuid5(NAMESPACE_URL, name))


def a_slug(name: str) -> str:
    return fold(name).replace(" ", "-")


def an_organization(name: str = "Harbor Tenants Union", **fields: Any) -> Organization:
    return Organization(**{"id": an_id(name), "slug": a_slug(name), "name": name, "updated_at": NOW, **fields})


def a_stored_organization(name: str = "Harbor Tenants Union", **fields: Any) -> StoredOrganization:
    return StoredOrganization(**{"id": an_id(name), "slug": a_slug(name), "name": name, **fields})


def a_stored_coalition(name: str = "UPR Task Force", members: Iterable[str] = (), **fields: Any) -> StoredCoalition:
    """Build a coalition of the organizations with these names."""
    parts = tuple(CoalitionMember(an_id(member)) for member in members)
    return StoredCoalition(**{"id": an_id(name), "slug": a_slug(name), "name": name, "members": parts, **fields})


def a_stored_event(name: str = "Press conference", **fields: Any) -> StoredEvent:
    return StoredEvent(**{"id": an_id(name), "slug": a_slug(name), "name": name, "starts_at": NOW, **fields})


def a_stored_instrument(name: str = "Universal Declaration", **fields: Any) -> StoredInstrument:
    return StoredInstrument(**{"id": an_id(name), "slug": a_slug(name), "name": name, **fields})


def a_stored_provision(number: str = "25", instrument: str = "Universal Declaration", **fields: Any) -> StoredProvision:
    name = f"Article {number}"
    own = {"id": an_id(name), "slug": a_slug(name), "name": name, "number": number, "instrument": an_id(instrument)}
    return StoredProvision(**{**own, **fields})


def publish_for(record: StoredRecord, audience: Audience = Audience.PUBLIC) -> PublishedRecord:
    """Publish a record for an audience that sees all others."""
    published = publish_record(record, audience, NOW, lambda _: True)
    assert published is not None
    return published


def a_location(place: str = "Atlanta, GA", **fields: Any) -> Location:
    """Build the published location of a city that the gazetteer knows."""
    city = get_gazetteer().resolve(place)
    defaults: dict[str, Any] = {"id": an_id(place), "precision": Precision.CITY, "regions": city.regions, "point": city.point}
    return Location(**{**defaults, **fields})


def a_location_at(latitude: float, longitude: float, **fields: Any) -> Location:
    """Build a published location at a point, in no region."""
    point = Point(latitude, longitude)
    return Location(**{"id": an_id(str(point)), "precision": Precision.EXACT, "regions": (), "point": point, **fields})


def a_stored_location(city: str = "Atlanta", state: str = "US-GA", **fields: Any) -> StoredLocation:
    return StoredLocation(**{"id": an_id(f"{city} {state}"), "city": city, "state": state, "known": Precision.CITY, **fields})


def an_alternative_name(name: str, kind: NameKind = NameKind.ALSO_KNOWN_AS) -> OrganizationName:
    return OrganizationName(name, kind)


def a_membership(status: MembershipStatus = MembershipStatus.ACTIVE, joined: dt.date | None = None) -> Membership:
    return Membership(status, joined)


def decode_body(answer: "Answer") -> dict[str, Any]:
    body: dict[str, Any] = msgspec.json.decode(answer.body)
    return body
