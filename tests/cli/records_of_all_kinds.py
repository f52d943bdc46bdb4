"""Records of all kinds for tests of the commands that list and show them, some of them hidden."""

import datetime as dt
import json
from contextlib import closing
from typing import Any

from msgspec.structs import replace

from directory.geo import Disclosure, Precision
from directory.kinds.coalition import CoalitionMember
from directory.kinds.event import EventHost
from directory.live import Directory
from directory.records import Audience, Link, PrivatePlace, Source, StoredRecord
from directory.store.ledger.edits import Network, Put
from directory.vocabulary.choices import CoalitionKind
from tests.builders import (
    NOW,
    a_membership,
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_location,
    a_stored_organization,
    a_stored_provision,
    an_id,
)
from tests.cli.command_runner import Run

HIDDEN_NAMES = ("Quiet House", "Hidden Circle", "Secret vigil", "12 Shelter Rd")
NETWORK = a_stored_organization("All Together", membership=a_membership(), issue_areas=("health",))
HARBOR = a_stored_organization("Harbor Tenants", issue_areas=("tenants",))  # narrower than housing
RIVER = a_stored_organization("River Workers", issue_areas=("workers",))
QUIET = a_stored_organization("Quiet House", issue_areas=("faith",), hidden_since=NOW)
ALLIANCE = a_stored_coalition("Tenants Alliance", ["Harbor Tenants"], issue_areas=("tenants",))
TASK_FORCE = replace(
    a_stored_coalition(),
    kind=CoalitionKind.TASK_FORCE,
    summary="Prepares the review.",
    issue_areas=("housing",),
    regions=("US-GA",),
    started_on=dt.date(2020, 1, 2),
    ended_on=dt.date(2024, 5, 6),
    website="https://upr.example/a-page-with-an-address-that-is-longer-than-a-line-of-the-terminal-is",
    links=(Link("instagram", "https://instagram.example/upr"),),
    parent=ALLIANCE.id,
    members=(
        CoalitionMember(RIVER.id, "Chair", dt.date(2021, 3, 4), dt.date(2023, 5, 6), "It knows the law of work."),
        CoalitionMember(HARBOR.id, "Writer", dt.date(2022, 1, 1)),
        CoalitionMember(QUIET.id, "Adviser of the hidden kind"),
    ),
    sources=(Source("name", "Its page", "https://upr.example/about", dt.date(2021, 1, 2)),),
)
HIDDEN_CIRCLE = a_stored_coalition("Hidden Circle", ["Harbor Tenants"], hidden_since=NOW)
MEMBERS_CIRCLE = a_stored_coalition("Members Circle", ["River Workers"], audience=Audience.MEMBERS)
PRESS = a_stored_event(
    starts_at=dt.datetime(2021, 3, 17, 12, tzinfo=dt.UTC),
    ends_at=dt.datetime(2021, 3, 17, 13, 30, tzinfo=dt.UTC),
    time_zone="America/New_York",
    time_as_stated="7a CST/8a EST",
    summary="What is at stake.",
    sites=(a_stored_location(name="City Hall", disclosure=Disclosure.EXACT, private=PrivatePlace("55 Trinity Ave")),),
    hosts=(EventHost(HARBOR.id), EventHost(QUIET.id), EventHost(actor="Human Rights Council")),
    coalition=TASK_FORCE.id,
    registration_url="https://upr.example/register",
    online_url="https://upr.example/only-for-members",
    issue_areas=("housing",),
)
VIGIL = a_stored_event(
    "Vigil",
    starts_at=dt.datetime(2021, 12, 10, tzinfo=dt.UTC),
    ends_at=dt.datetime(2021, 12, 11, tzinfo=dt.UTC),
    is_all_day=True,
    is_cancelled=True,
    sites=(a_stored_location(id=an_id("Shelter"), name="12 Shelter Rd", disclosure=Disclosure.HIDDEN, known=Precision.CITY),),
    coalition=HIDDEN_CIRCLE.id,
)
SECRET_VIGIL = a_stored_event("Secret vigil", hidden_since=NOW, coalition=TASK_FORCE.id)
DECLARATION = a_stored_instrument(acronym="UD", name_es="Declaración Universal", adopted_on=dt.date(1948, 12, 10))
REVIEW = a_stored_instrument("Review of the United States", slug="review")
HOUSING = a_stored_provision(issue_areas=("housing",), name_es="Vivienda", summary="A home for all.")
FAITH = a_stored_provision("18", issue_areas=("faith",))  # only a hidden organization works on it
UNLABELED = a_stored_provision("30")
RECOMMENDATION = a_stored_provision(
    "26.133", REVIEW.name, cycle="3", issue_areas=("workers",), recommending_state="Ghana", response="Supports"
)
RECORDS = (
    *(NETWORK, HARBOR, RIVER, QUIET, ALLIANCE, TASK_FORCE, HIDDEN_CIRCLE, MEMBERS_CIRCLE, PRESS, VIGIL, SECRET_VIGIL),
    *(DECLARATION, REVIEW, HOUSING, FAITH, UNLABELED, RECOMMENDATION),
)


def write(url: str, *records: StoredRecord, fictional: bool = False) -> None:
    with closing(Directory.open(url)) as directory:
        network = Network(NETWORK.id, fictional=True) if fictional else None
        directory.write([Put(record) for record in records], actor="test", now=NOW, reason="test", network=network)


def read_json(run: Run, *arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--format", "json")
    body: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == (0 if body.get("total", 1) else 1)
    assert not [name for name in HIDDEN_NAMES if name in result.output]
    return body


def list_slugs(run: Run, *arguments: str) -> list[str]:
    return [record["slug"] for record in read_json(run, *arguments)["records"]]


def read_text(run: Run, *arguments: str, columns: int = 200) -> str:
    result = run(*arguments, columns=columns)
    assert result.exit_code == 0, result.output
    assert not [name for name in HIDDEN_NAMES if name in result.output]
    return result.output
