"""Stored records of every kind other than organizations, with a value in each field, to write in tests."""

import datetime as dt
from collections.abc import Sequence

from msgspec.structs import replace

from directory.geo import Disclosure, Point
from directory.kinds.coalition import CoalitionMember, StoredCoalition
from directory.kinds.event import EventHost, StoredEvent
from directory.kinds.instrument import StoredInstrument, StoredProvision
from directory.records import Audience, Link, PrivatePlace, Source, StoredRecord
from directory.vocabulary.choices import CoalitionKind, InstrumentKind
from tests.builders import (
    NOW,
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_location,
    a_stored_provision,
    an_id,
)

LINK = Link("instagram", "https://instagram.example/upr")
SOURCE = Source("name", "A press release", "https://example.org/upr", dt.date(2021, 3, 18))


def a_full_coalition(*members: str, parent: str | None = None) -> StoredCoalition:
    """Build a coalition of organizations with these names, with a value in each field."""
    day = dt.date(2019, 5, 1)
    parts = tuple(CoalitionMember(an_id(name), "Chair", day, dt.date(2021, 1, 1), "It wrote.") for name in members)
    coalition = a_stored_coalition(
        kind=CoalitionKind.TASK_FORCE,
        summary="Prepares the review.",
        started_on=day,
        ended_on=dt.date(2021, 4, 1),
        website="https://upr.example/",
        issue_areas=("housing", "immigration"),
        regions=("US", "US-GA"),
        links=(LINK,),
        parent=parent,
        sources=(SOURCE, Source("members", "Minutes")),
    )
    return replace(coalition, members=parts)


def a_full_event(host: str, coalition: str, disclosure: Disclosure = Disclosure.CITY) -> StoredEvent:
    """Build an event that an organization and an actor host, at a place with a street, with a value in each field."""
    place = a_stored_location(
        name="City Hall",
        id=an_id("hall"),
        postal_code="30312",
        disclosure=disclosure,
        private=PrivatePlace("250 Georgia Ave SE", Point(33.7466, -84.3561)),
    )
    return a_stored_event(
        ends_at=NOW + dt.timedelta(hours=2),
        is_cancelled=True,
        time_zone="America/New_York",
        time_as_stated="7a CST/8a EST",
        summary="Members speak.",
        registration_url="https://register.example/",
        issue_areas=("housing",),
        links=(LINK,),
        online_url="https://meet.example/secret",
        sites=(place,),
        hosts=(EventHost(an_id(host)), EventHost(actor="Human Rights Council")),
        coalition=an_id(coalition),
        sources=(SOURCE,),
    )


def a_full_instrument() -> StoredInstrument:
    return a_stored_instrument(
        name_es="Declaración Universal",
        kind=InstrumentKind.DECLARATION,
        acronym="UDHR",
        adopted_on=dt.date(1948, 12, 10),
        url="https://un.example/udhr",
        summary="Thirty articles.",
        issue_areas=("housing",),
        sources=(SOURCE,),
    )


def a_full_provision() -> StoredProvision:
    return a_stored_provision(
        name_es="Un nivel de vida adecuado",
        summary="A home and food.",
        cycle="3",
        recommending_state="Norway",
        response="Noted",
        issue_areas=("housing",),
        sources=(SOURCE,),
    )


def list_records_of_all_kinds(organization: str) -> Sequence[StoredRecord]:
    """Return two coalitions, an event, an instrument and a provision that refer to the organization with this name."""
    alliance = a_stored_coalition("Alliance", [organization], audience=Audience.MEMBERS)
    coalition = a_full_coalition(organization, parent=alliance.id)
    return alliance, coalition, a_full_event(organization, coalition.name), a_full_instrument(), a_full_provision()
