"""Coalitions, events and instruments of a few organizations, with hidden ones among them. `TODAY` is the real day."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from starlette.testclient import TestClient

from directory.kinds.coalition import CoalitionMember
from directory.kinds.event import EventHost
from directory.records import Audience, Link, SearchEngines, Source, StoredRecord
from directory.vocabulary.choices import CoalitionKind, InstrumentKind
from tests.builders import (
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_location,
    a_stored_organization,
    a_stored_provision,
    an_id,
)
from tests.web.pages.organization.served_directory import serve

TODAY = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
UNION = a_stored_organization("Harbor Tenants Union", issue_areas=("housing",))
CLINIC = a_stored_organization("Legal Clinic", issue_areas=("tenants",))
QUIET = a_stored_organization("Quiet House", search_engines=SearchEngines.REFUSED)
SECRET = a_stored_organization("Secret House", audience=Audience.MEMBERS, issue_areas=("housing",))
ALLIANCE = replace(
    a_stored_coalition("Homes Alliance", started_on=dt.date(2019, 5, 1), issue_areas=("housing",), regions=("US-GA",)),
    members=(
        CoalitionMember(UNION.id, "Chair", dt.date(2019, 5, 1), note="It knows the law."),
        CoalitionMember(CLINIC.id, since=dt.date(2020, 1, 1), until=dt.date(2021, 1, 1)),
        CoalitionMember(SECRET.id, "Hidden role"),
    ),
    summary="It keeps people in their homes.",
    website="https://homes.example/",
    links=(Link("newsletter", "https://homes.example/letter"),),
    sources=(Source("summary", "Its flyer", date=dt.date(2024, 3, 11)), Source("members", "A list for staff")),
)
CAMPAIGN = a_stored_coalition(
    "No Evictions Campaign",
    members=("Legal Clinic",),
    kind=CoalitionKind.CAMPAIGN,
    parent=ALLIANCE.id,
    ended_on=dt.date(2020, 2, 1),
)
LATER = a_stored_coalition("Later Group", started_on=TODAY.date() + dt.timedelta(days=30), members=("Quiet House",))
HIDDEN_PART = a_stored_coalition("Hidden Campaign", parent=ALLIANCE.id, audience=Audience.STAFF)
ASSEMBLY = a_stored_event(
    "Assembly",
    starts_at=TODAY + dt.timedelta(days=2, hours=23),
    ends_at=TODAY + dt.timedelta(days=3, hours=1),
    time_zone="America/New_York",
    time_as_stated="after work",
    summary="Neighbors plan the year.",
    issue_areas=("housing",),
    registration_url="https://homes.example/register",
    online_url="https://meet.example/secret",
    sites=(a_stored_location(),),
    hosts=(EventHost(organization=UNION.id), EventHost(organization=SECRET.id), EventHost(actor="City Library")),
    coalition=ALLIANCE.id,
)
MARCH = a_stored_event(
    "Spring March", starts_at=dt.datetime(2021, 4, 1, 4, tzinfo=dt.UTC), time_zone="Pacific/Honolulu", is_cancelled=True
)
FESTIVAL = a_stored_event(
    "Festival",
    starts_at=dt.datetime(2021, 2, 27, tzinfo=dt.UTC),
    ends_at=dt.datetime(2021, 3, 2, tzinfo=dt.UTC),
    is_all_day=True,
    hosts=(EventHost(organization=QUIET.id),),
)
HIDDEN_EVENT = a_stored_event("Hidden Vigil", audience=Audience.MEMBERS)
DECLARATION = a_stored_instrument(
    "Declaration", acronym="DEC", kind=InstrumentKind.DECLARATION, url="https://rights.example/", adopted_on=dt.date(1948, 12, 10)
)
REVIEW = a_stored_instrument("Review", kind=InstrumentKind.REVIEW, issue_areas=("accountability",))
HIDDEN_TREATY = a_stored_instrument("Hidden Treaty", audience=Audience.STAFF)
ARTICLE = a_stored_provision("25", "Declaration", issue_areas=("housing",), name_es="una vivienda")
BARE_ARTICLE = a_stored_provision("26", "Declaration")
NOTED, SUPPORTED = (
    a_stored_provision(
        number,
        "Review",
        id=an_id(f"Recommendation {number}"),
        slug=f"recommendation-{number.replace('.', '-')}",
        name=subject,
        cycle="3",
        recommending_state=state,
        response=response,
        issue_areas=issue_areas,
    )
    for number, subject, state, response, issue_areas in (
        ("26.9", "protection from eviction", "Norway", "Noted", ("tenants",)),
        ("26.10", "votes for everyone", "Ghana", "Supported", ("democracy",)),
    )
)
UNANSWERED = a_stored_provision("26.11", "Review", id=an_id("unanswered"), slug="recommendation-26-11", name="a plan", cycle="3")
HIDDEN_ARTICLE = a_stored_provision("1", "Hidden Treaty", id=an_id("hidden article"), slug="hidden-article")
RECORDS: tuple[StoredRecord, ...] = (
    *(UNION, CLINIC, QUIET, SECRET, ALLIANCE, CAMPAIGN, LATER, HIDDEN_PART, ASSEMBLY, MARCH, FESTIVAL, HIDDEN_EVENT),
    *(DECLARATION, REVIEW, HIDDEN_TREATY, ARTICLE, BARE_ARTICLE, NOTED, SUPPORTED, UNANSWERED, HIDDEN_ARTICLE),
)


@contextmanager
def serve_records(folder: Path, *records: StoredRecord, **settings: Any) -> Iterator[TestClient]:
    with serve(f"sqlite:///{folder / 'directory.sqlite3'}", *(records or RECORDS), **settings) as browser:
        yield browser
