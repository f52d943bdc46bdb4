"""What is kept of an answer never shows in another one: not to another audience, not after an edit, not on another day."""

import datetime as dt
import itertools
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import msgspec
import pytest
from msgspec.structs import replace

from directory.geo import Disclosure, Point, Precision
from directory.live import Directory
from directory.records import (
    Audience,
    Membership,
    MembershipStatus,
    OrganizationKind,
    PrivatePlace,
    StoredContact,
    StoredOrganization,
)
from directory.search.snapshot import Snapshot
from directory.store.ledger.edits import Network, Put, Remove
from schema.context import Context, SingleUseFields
from schema.execution.execute import answer_document
from schema.limits import LIMITS
from schema.schema import SCHEMA
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id
from tests.engine_answers import EngineRequest, execute_with_graphql_core
from tests.stories.fragments import build_document

pytestmark = pytest.mark.slow

DAY = dt.timedelta(days=1)
PATIENT = replace(LIMITS, cpu_seconds=60.0)  # the first documents of a process load tables
HARBOR = a_stored_organization(
    "Harbor Union",
    issue_areas=("housing",),
    parent=an_id("Bay League"),
    contacts=(
        StoredContact(role="office", email="office@harbor.example", audience=Audience.PUBLIC),
        StoredContact(name="Robin Larkspur", phone="+14045550142", audience=Audience.MEMBERS),
    ),
    sites=(
        a_stored_location(
            id=an_id("site"),
            postal_code="30312",
            known=Precision.STREET,
            disclosure=Disclosure.CITY,
            private=PrivatePlace("10 Elm Street", Point(33.75, -84.38)),
        ),
    ),
    verified_at=NOW - dt.timedelta(days=365),
)
BAY = a_stored_organization("Bay League", issue_areas=("housing", "workers"), verified_at=NOW - 400 * DAY)
SECRET = a_stored_organization("Quiet House", audience=Audience.MEMBERS, parent=an_id("Bay League"), issue_areas=("housing",))
NETWORK = a_stored_organization(
    "All Together Network", kind=OrganizationKind.NETWORK, membership=Membership(MembershipStatus.NONE)
)
CARDS = "nodes { ...whole }"
SLUGS = ("harbor-union", "bay-league", "quiet-house")
DOCUMENTS = (
    build_document(f"organizations(first: 10) {{ totalCount {CARDS} }}"),
    build_document(f'organizations(filter: {{issueAreas: {{anyOf: ["housing"]}}}}) {{ totalCount version {CARDS} }}'),
    build_document("\n".join(f'o{n}: organization(by: {{slug: "{slug}"}}) {{ ...whole }}' for n, slug in enumerate(SLUGS))),
    "{ organizations { nodes { slug verificationDue branches { slug branches { slug } } parent { slug verificationDue } } } }",
    '{ issueArea(slug: "housing") { organizationCount narrower { organizationCount } organizations { totalCount } } }',
    '{ region(code: "US-GA") { organizationCount } network { version memberCount organization { slug } } viewer { audience } }',
    "{ organizations { facets { issueAreas { value count } communities { value count } } } }",
)


@pytest.fixture
def directory(sqlite_url: str) -> Iterator[Directory]:
    with closing(Directory.open(sqlite_url)) as directory:
        directory.write(
            [Put(entry) for entry in (HARBOR, BAY, SECRET, NETWORK)],
            actor="a test",
            now=NOW,
            reason="to try it",
            network=Network(NETWORK.id),
        )
        yield directory


def write(directory: Directory, *entries: StoredOrganization) -> None:
    directory.write([Put(entry) for entry in entries], actor="a test", now=NOW + DAY, reason="to try it")


def answer_all(snapshot: Snapshot, now: dt.datetime = NOW) -> list[bytes]:
    """Answer all documents, and check that each answer is that of graphql-core."""
    answers = []
    for document in DOCUMENTS:
        answer = answer_document(document, None, None, Context(snapshot, now, limits=PATIENT))
        cost = answer.cost or 0
        build_context = partial(Context, snapshot, now, limits=PATIENT, cost=cost, single_use_fields=SingleUseFields())
        expected = execute_with_graphql_core(EngineRequest(SCHEMA, document, build_context=build_context))
        assert (answer.data or b"").decode() == expected.data.decode(), document
        assert not answer.errors
        answers.append(expected.data)
    return answers


@pytest.mark.parametrize("order", list(itertools.permutations(Audience)))
def test_no_audience_gets_the_bytes_of_another(directory: Directory, order: tuple[Audience, ...]) -> None:
    first = {audience: answer_all(directory.get_snapshot(audience)) for audience in order}
    again = {audience: answer_all(directory.get_snapshot(audience)) for audience in order}
    assert first == again
    public, members, _ = (b"".join(first[audience]) for audience in (Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF))
    for secret in (b"Robin Larkspur", b"quiet-house"):
        assert secret not in public
        assert secret in members
    assert b"office@harbor.example" in public


def disclose(disclosure: Disclosure) -> StoredOrganization:
    return replace(HARBOR, sites=(replace(HARBOR.sites[0], disclosure=disclosure),))


EDITS = {
    "loosened": disclose(Disclosure.EXACT),
    "tightened": disclose(Disclosure.STATE),
    "hidden place": disclose(Disclosure.HIDDEN),
    "a contact for fewer": replace(HARBOR, contacts=()),
    "members only": replace(HARBOR, audience=Audience.MEMBERS),
    "another parent": replace(HARBOR, parent=None),
    "another name": replace(HARBOR, name="Harbour Union"),
    "another record": replace(SECRET, audience=Audience.PUBLIC),
    "another branch": replace(HARBOR, parent=an_id("Quiet House")),
    "confirmed": replace(BAY, verified_at=NOW),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_shows_at_once(directory: Directory, name: str) -> None:
    before = {audience: answer_all(directory.get_snapshot(audience)) for audience in Audience}
    write(directory, EDITS[name])
    after = {audience: answer_all(directory.get_snapshot(audience)) for audience in Audience}
    assert before[Audience.STAFF] != after[Audience.STAFF]
    write(directory, HARBOR, BAY, SECRET)
    assert answer_all(directory.get_snapshot(Audience.STAFF)) != after[Audience.STAFF]


def test_a_street_is_shown_only_while_its_place_is_exact(directory: Directory) -> None:
    shown = []
    for disclosure in (Disclosure.CITY, Disclosure.EXACT, Disclosure.CITY, Disclosure.EXACT, Disclosure.HIDDEN):
        write(directory, disclose(disclosure))
        shown.append(b"10 Elm Street" in b"".join(answer_all(directory.get_snapshot(Audience.PUBLIC))))
    assert shown == [False, True, False, True, False]


def test_a_removed_record_leaves_no_card(directory: Directory) -> None:
    answer_all(directory.get_snapshot(Audience.PUBLIC))
    directory.write([Remove(HARBOR.id)], actor="a test", now=NOW + DAY, reason="to try it")
    assert b"harbor-union" not in b"".join(answer_all(directory.get_snapshot(Audience.PUBLIC)))


def test_an_earlier_snapshot_keeps_its_answers(directory: Directory) -> None:
    """A request that began before an edit ends with the snapshot that it began with."""
    earlier = directory.get_snapshot(Audience.PUBLIC)
    before = answer_all(earlier)
    write(directory, EDITS["loosened"])
    assert answer_all(directory.get_snapshot(Audience.PUBLIC)) != before
    assert answer_all(earlier) == before


def test_a_record_becomes_due_at_midnight(directory: Directory) -> None:
    snapshot = directory.get_snapshot(Audience.PUBLIC)
    midnight = NOW.replace(hour=0) + DAY
    times = (midnight - dt.timedelta(seconds=1), midnight, midnight + DAY, NOW)
    due = []
    for now in times:
        data = msgspec.json.decode(answer_all(snapshot, now)[3])
        due.append({node["slug"]: node["verificationDue"] for node in data["organizations"]["nodes"]}["harbor-union"])
    assert due == [False, True, True, False]
    assert [answer_all(snapshot, now) == answer_all(snapshot, NOW) for now in times] == [True, False, False, True]
