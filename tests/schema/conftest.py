"""A small directory, and a fixture that executes documents against it."""

import datetime as dt
from typing import Any, Protocol

import pytest
from msgspec.structs import replace

from directory.gazetteer.gazetteer import get_gazetteer
from directory.kinds import get_kind
from directory.kinds.event import EventHost
from directory.publish import ChangeKind, VisibleChange
from directory.records import (
    Audience,
    Contact,
    Identifier,
    MembershipStatus,
    NameKind,
    Organization,
    OrganizationKind,
    OrganizationName,
    RecordKind,
    Relation,
    RelationKind,
    Source,
)
from directory.search.snapshot import Snapshot, SnapshotState
from directory.snapshots.gc_pause import gc_paused
from directory.understanding.understand import understand
from directory.vocabulary.choices import CoalitionKind
from schema.context import Context
from schema.execution.execute import answer_document
from schema.limits import LIMITS
from tests.builders import (
    NOW,
    a_location,
    a_membership,
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_location,
    a_stored_provision,
    an_id,
    an_organization,
    decode_body,
    publish_for,
)

HARBOR = an_organization(
    "Harbor Tenants Union",
    names=(OrganizationName("HTU", NameKind.ACRONYM),),
    kind=OrganizationKind.UNION,
    summary="Tenants who defend each other.",
    issue_areas=("housing",),
    languages=("en", "es"),
    identifiers=(Identifier("US-EIN", "52-1633883"),),
    locations=(a_location("Atlanta, GA"),),
    service_areas=("US-GA-121",),
    contacts=(Contact(role="office", email="office@harbor.example", languages=("es",)),),
    membership=a_membership(joined=dt.date(2020, 5, 1)),
    parent=an_id("Fair Roof Network"),
    relations=(Relation(RelationKind.PARTNER, actor="City of Atlanta"),),
    sources=(Source("issue_areas", "Its own page", "https://harbor.example/about", dt.date(2026, 1, 2)),),
    verified_at=NOW - dt.timedelta(days=365, hours=11),  # days are counted, not hours
)
ROOF = an_organization(
    "Fair Roof Network",
    issue_areas=("housing",),
    service_areas=("US",),
    locations=(a_location("Chicago, IL"),),
    verified_at=NOW - dt.timedelta(days=366),
)
RIVER = an_organization("River Workers Center", issue_areas=("workers",), locations=(a_location("Savannah, GA"),))
QUIET = an_organization("Quiet House", issue_areas=("housing",))
PROSPECT = an_organization("Someday Society", membership=a_membership(MembershipStatus.PROSPECT))
NETWORK = an_organization("All Together Network", kind=OrganizationKind.NETWORK, membership=a_membership(MembershipStatus.NONE))
ALL_ORGANIZATIONS = (HARBOR, ROOF, RIVER, QUIET, PROSPECT, NETWORK)


PATIENT = replace(LIMITS, cpu_seconds=30.0)  # for a busy machine


class Ask(Protocol):
    """Executes a document with variables and returns the body of the response."""

    def __call__(self, document: str, **variables: Any) -> dict[str, Any]: ...


COALITION = publish_for(
    a_stored_coalition(
        members=[HARBOR.name, RIVER.name],
        kind=CoalitionKind.TASK_FORCE,
        summary="Prepares the review.",
        issue_areas=("housing",),
        regions=("US-GA",),
        parent=an_id("Alliance"),
    )
)
ALLIANCE = publish_for(a_stored_coalition("Alliance", [ROOF.name]))
INSTRUMENT = publish_for(a_stored_instrument(acronym="UDHR", name_es="Declaración Universal"))
EVENT = publish_for(
    a_stored_event(
        hosts=(EventHost(HARBOR.id), EventHost(actor="Human Rights Council")),
        coalition=COALITION.id,
        sites=(a_stored_location(),),
        issue_areas=("housing",),
    )
)
PROVISION = publish_for(a_stored_provision(issue_areas=("housing",), name_es="Un nivel de vida adecuado"))
OTHER_RECORDS = (COALITION, ALLIANCE, INSTRUMENT, EVENT, PROVISION)


def a_snapshot(*organizations: Organization, state: SnapshotState | None = None) -> Snapshot:
    """Build a snapshot of these organizations, with records of the other kinds that belong to them."""
    slugs = {organization.slug: organization.id for organization in organizations} | {"harbor-old": HARBOR.id}
    slugs_by_kind = {RecordKind.ORGANIZATION: slugs}
    for record in OTHER_RECORDS:
        slugs_by_kind.setdefault(get_kind(record).name, {})[record.slug] = record.id
    records = [*organizations, *OTHER_RECORDS]
    changes = [
        VisibleChange(number, NOW, ChangeKind.ADDED, organization.id) for number, organization in enumerate(organizations, 1)
    ]
    changes.append(VisibleChange(len(changes) + 1, NOW, ChangeKind.REMOVED, an_id("Gone")))
    return Snapshot.build(Audience.PUBLIC, state or SnapshotState(9, "v9", NETWORK.id), records, slugs_by_kind, changes)


@pytest.fixture(scope="session")
def snapshot() -> Snapshot:
    with gc_paused():  # as a server does before it answers, so that no collection takes the time of a request
        get_gazetteer().prepare()
        small = a_snapshot(*ALL_ORGANIZATIONS)
        understand("evicton near Atlnta", small)
    return small


@pytest.fixture(scope="session")
def ask(snapshot: Snapshot) -> Ask:
    def execute(document: str, **variables: Any) -> dict[str, Any]:
        return decode_body(answer_document(document, variables, None, Context(snapshot, NOW, None, PATIENT)))

    return execute
