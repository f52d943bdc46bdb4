"""Coalitions: every field, lists, pages, members, ids, and what an audience does not see."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from directory.kinds.coalition import CoalitionMember
from directory.live import Directory
from directory.records import Audience, Link, MembershipStatus, Source
from directory.vocabulary.choices import CoalitionKind
from tests.builders import NOW, a_membership, a_stored_coalition, a_stored_event, a_stored_organization
from tests.schema.conftest import Ask
from tests.schema.types.record_lists import (
    check_pages,
    list_slugs,
    make_ask,
    make_global_id,
    read_data,
    read_page,
    read_refusal,
    write_records,
)

HARBOR = a_stored_organization("Harbor Tenants")
RIVER = a_stored_organization("River Workers")
LAPSED = a_stored_organization("Former Friends", membership=a_membership(MembershipStatus.LAPSED))
SECRET = a_stored_organization("Secret House", hidden_since=NOW)
PARENT = a_stored_coalition("Tenants Alliance", ["Harbor Tenants"], issue_areas=("tenants",), regions=("US-AL",))
TASK_FORCE = replace(
    a_stored_coalition(),
    kind=CoalitionKind.TASK_FORCE,
    summary="Prepares the review.",
    started_on=dt.date(2020, 1, 2),
    ended_on=dt.date(2024, 5, 6),
    website="https://upr.example",
    links=(Link("instagram", "https://instagram.example/upr"),),
    issue_areas=("housing",),
    regions=("US-GA",),
    parent=PARENT.id,
    members=(
        CoalitionMember(RIVER.id, "Chair", dt.date(2021, 3, 4), dt.date(2023, 5, 6), "It knows the law."),
        CoalitionMember(SECRET.id, "Adviser"),
        CoalitionMember(LAPSED.id),
        CoalitionMember(HARBOR.id, since=dt.date(2022, 1, 1)),
    ),
    sources=(
        Source("name", "Its page", "https://upr.example/about", dt.date(2021, 1, 2), origin="list", file="list.csv", row=3),
        Source("members", "A list for staff"),
    ),
)
HIDDEN = a_stored_coalition("Hidden Circle", ["Harbor Tenants"], hidden_since=NOW)
CHILD = a_stored_coalition("Child of the hidden", ["River Workers"], parent=HIDDEN.id, kind=CoalitionKind.CAMPAIGN)
FOR_MEMBERS = a_stored_coalition("Members Circle", ["Harbor Tenants"], audience=Audience.MEMBERS)
EVENTS = [
    a_stored_event(f"Meeting {number}", starts_at=NOW + dt.timedelta(days=number), coalition=TASK_FORCE.id) for number in range(5)
]
HIDDEN_EVENT = a_stored_event("Meeting in secret", coalition=TASK_FORCE.id, hidden_since=NOW)
RECORDS = (HARBOR, RIVER, LAPSED, SECRET, PARENT, TASK_FORCE, HIDDEN, CHILD, FOR_MEMBERS, *EVENTS, HIDDEN_EVENT)
RIVER_ID, HARBOR_ID, SECRET_ID = (make_global_id("Organization", one) for one in (RIVER, HARBOR, SECRET))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    file: Path = tmp_path_factory.mktemp("coalitions") / "directory.sqlite3"
    with closing(Directory.open(f"sqlite:///{file}")) as directory:
        write_records(directory, *RECORDS)
        yield directory


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return make_ask(directory)


def read_coalition(ask: Ask, slug: str, selection: str) -> dict[str, Any]:
    coalition: dict[str, Any] = read_data(
        ask, f"query($slug: String!) {{ coalition(slug: $slug) {{ {selection} }} }}", slug=slug
    )["coalition"]
    return coalition


# ---------------------------------------------------------------- fields


def test_plain_fields(ask: Ask) -> None:
    coalition = read_coalition(
        ask,
        "upr-task-force",
        """id slug name kind summary startedOn endedOn website links { kind url } issueAreas { slug label(language: "es") }
        regions { code name } parent { slug parent { slug } } sources { field title url date } updatedAt""",
    )
    assert coalition == {
        "id": make_global_id("Coalition", TASK_FORCE),
        "slug": "upr-task-force",
        "name": "UPR Task Force",
        "kind": "TASK_FORCE",
        "summary": "Prepares the review.",
        "startedOn": "2020-01-02",
        "endedOn": "2024-05-06",
        "website": "https://upr.example",
        "links": [{"kind": "instagram", "url": "https://instagram.example/upr"}],
        "issueAreas": [{"slug": "housing", "label": "Vivienda"}],
        "regions": [{"code": "US-GA", "name": "Georgia"}],
        "parent": {"slug": "tenants-alliance", "parent": None},
        "sources": [{"field": "name", "title": "Its page", "url": "https://upr.example/about", "date": "2021-01-02"}],
        "updatedAt": "2026-06-01T12:00:00Z",
    }


MEMBERS = "totalCount nodes { slug } edges { cursor node { slug } role since until note }"


def test_members_are_listed_by_name_with_their_part_in_the_coalition(ask: Ask) -> None:
    members = read_coalition(ask, "upr-task-force", f"members {{ {MEMBERS} }}")["members"]
    assert members["totalCount"] == 3
    assert [edge["node"] for edge in members["edges"]] == members["nodes"]
    assert [{name: value for name, value in edge.items() if name != "cursor"} for edge in members["edges"]] == [
        {"node": {"slug": "former-friends"}, "role": None, "since": None, "until": None, "note": None},
        {"node": {"slug": "harbor-tenants"}, "role": None, "since": "2022-01-01", "until": None, "note": None},
        {
            "node": {"slug": "river-workers"}, "role": "Chair", "since": "2021-03-04", "until": "2023-05-06",
            "note": "It knows the law.",
        },
    ]  # fmt: skip


def test_pages_of_members(ask: Ask) -> None:
    info = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"

    def read(arguments: str) -> dict[str, Any]:
        selection = f"members({arguments}) {{ nodes {{ slug }} {info} }}"
        members: dict[str, Any] = read_coalition(ask, "upr-task-force", selection)["members"]
        return members

    first = read("first: 2")
    assert [node["slug"] for node in first["nodes"]] == ["former-friends", "harbor-tenants"]
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    rest = read(f'first: 2, after: "{first["pageInfo"]["endCursor"]}"')
    assert [node["slug"] for node in rest["nodes"]] == ["river-workers"]
    assert (rest["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasPreviousPage"]) == (False, True)
    assert read(f'last: 2, before: "{rest["pageInfo"]["startCursor"]}"')["nodes"] == first["nodes"]


def test_events_are_listed_by_time(ask: Ask) -> None:
    events = read_coalition(ask, "upr-task-force", "events(first: 3) { totalCount nodes { slug } pageInfo { endCursor } }")[
        "events"
    ]
    assert (events["totalCount"], [node["slug"] for node in events["nodes"]]) == (5, ["meeting-0", "meeting-1", "meeting-2"])
    cursor = events["pageInfo"]["endCursor"]
    rest = read_coalition(ask, "upr-task-force", f'events(after: "{cursor}") {{ nodes {{ slug }} }}')["events"]
    assert [node["slug"] for node in rest["nodes"]] == ["meeting-3", "meeting-4"]


def test_a_coalition_without_anything_has_empty_lists(ask: Ask) -> None:
    coalition = read_coalition(
        ask, "child-of-the-hidden",
        "kind summary startedOn endedOn website links { url } issueAreas { slug } regions { code } sources { field } "
        "parent { slug } events { totalCount nodes { slug } }",
    )  # fmt: skip
    assert coalition == {
        **dict.fromkeys(("summary", "startedOn", "endedOn", "website")),
        **{name: [] for name in ("links", "issueAreas", "regions", "sources")},
        "kind": "CAMPAIGN",
        "parent": None,  # it is hidden
        "events": {"totalCount": 0, "nodes": []},
    }


# ---------------------------------------------------------------- lists

ALL = ["child-of-the-hidden", "tenants-alliance", "upr-task-force"]
LISTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ALL),
    ({"query": ""}, ALL),
    ({"query": "task force"}, ["upr-task-force"]),
    ({"query": "REVIEW"}, ["upr-task-force"]),
    ({"query": "secret"}, []),
    ({"query": "adviser"}, []),
    ({"issueAreas": {"anyOf": ["housing"]}}, ["tenants-alliance", "upr-task-force"]),
    ({"issueAreas": {"anyOf": ["housing"], "narrower": False}}, ["upr-task-force"]),
    ({"issueAreas": {"noneOf": ["tenants"]}}, ["child-of-the-hidden", "upr-task-force"]),
    ({"issueAreas": {"allOf": ["housing", "tenants"]}}, ["tenants-alliance"]),
    ({"issueAreas": {"anyOf": []}}, ALL),
    ({"regions": {"anyOf": ["US-GA"]}}, ["upr-task-force"]),
    ({"regions": {"anyOf": ["US-GA", "US-AL"]}}, ["tenants-alliance", "upr-task-force"]),
    ({"regions": {"noneOf": ["US-GA"]}}, ["child-of-the-hidden", "tenants-alliance"]),
    ({"regions": {"anyOf": ["US-TX"]}}, []),
    ({"member": HARBOR_ID}, ["tenants-alliance", "upr-task-force"]),
    ({"member": RIVER_ID}, ["child-of-the-hidden", "upr-task-force"]),
    ({"member": SECRET_ID}, []),
    ({"member": HARBOR_ID, "query": "tenants", "issueAreas": {"anyOf": ["housing"]}}, ["tenants-alliance"]),
]


@pytest.mark.parametrize(("arguments", "slugs"), LISTS)
def test_each_condition_limits_the_list(ask: Ask, arguments: dict[str, Any], slugs: list[str]) -> None:
    assert list_slugs(ask, "coalitions", **arguments) == slugs


def test_kinds_limit_the_list(ask: Ask) -> None:
    document = "query($kinds: [CoalitionKind!]) { coalitions(kinds: $kinds) { nodes { slug } totalCount } }"
    for kinds, slugs in (
        (["TASK_FORCE"], ["upr-task-force"]),
        (["ALLIANCE", "CAMPAIGN"], ALL[:2]),
        (["WORKING_GROUP"], []),
        ([], ALL),
    ):
        coalitions = read_data(ask, document, kinds=kinds)["coalitions"]
        assert ([node["slug"] for node in coalitions["nodes"]], coalitions["totalCount"]) == (slugs, len(slugs))


REFUSED: list[tuple[str, str]] = [
    ("BAD_INPUT", '(query: "%s")' % ("x" * 501)),
    ("NOT_VALID", "(kinds: [CLUB])"),
    ("BAD_INPUT", '(member: "nonsense")'),
    ("BAD_INPUT", f'(member: "{make_global_id("Coalition", TASK_FORCE)}")'),
    ("BAD_INPUT", "(first: 0)"),
    ("BAD_INPUT", "(first: 101)"),
    ("BAD_INPUT", "(first: 1, last: 1)"),
    ("BAD_CURSOR", '(after: "nonsense")'),
    ("UNKNOWN_TERM", '(issueAreas: {anyOf: ["hosing"]})'),
    ("UNKNOWN_REGION", '(regions: {anyOf: ["US-XX"]})'),
]


@pytest.mark.parametrize(("code", "arguments"), REFUSED)
def test_invalid_arguments_are_refused(ask: Ask, code: str, arguments: str) -> None:
    assert read_refusal(ask, f"{{ coalitions{arguments} {{ totalCount }} }}")["code"] == code


def test_pages_neither_skip_nor_repeat_coalitions(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        names = [f"Alliance {number}" for number in range(9)]
        write_records(
            directory, *(a_stored_coalition(name, summary="For homes" if name[-1] in "2468" else None) for name in names)
        )
        same = [
            a_stored_coalition("Same name", id=a_stored_coalition(f"{number}").id, slug=f"same-{number}") for number in range(3)
        ]
        write_records(directory, *same)
        check_pages(make_ask(directory), "coalitions")
        check_pages(make_ask(directory), "coalitions", query="homes")


def test_a_cursor_of_another_question_is_refused(ask: Ask) -> None:
    cursor = read_page(ask, "coalitions", first=1)["pageInfo"]["endCursor"]
    for field in (
        'coalitions(query: "task", ',
        f'coalitions(member: "{HARBOR_ID}", ',
        "events(",
        "organizations(",
        "instruments(",
    ):
        refusal = read_refusal(ask, f'{{ {field} after: "{cursor}") {{ totalCount }} }}')
        assert (refusal["code"], refusal["reason"]) == ("BAD_CURSOR", "OTHER_QUESTION")
    members = read_coalition(ask, "upr-task-force", "members(first: 1) { pageInfo { endCursor } }")["members"]
    cursor = members["pageInfo"]["endCursor"]
    other = f'{{ coalition(slug: "tenants-alliance") {{ members(after: "{cursor}") {{ totalCount }} }} }}'
    assert read_refusal(ask, other)["code"] == "BAD_CURSOR"


# ---------------------------------------------------------------- what an audience does not see


def test_hidden_coalitions_look_like_ones_that_do_not_exist(ask: Ask, directory: Directory) -> None:
    hidden, document = make_global_id("Coalition", HIDDEN), "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }"
    assert read_data(ask, document, id=hidden) == {"node": None, "nodes": [None]}
    assert read_data(ask, '{ coalition(slug: "hidden-circle") { id } }') == {"coalition": None}
    assert "hidden-circle" not in list_slugs(ask, "coalitions")
    staff = make_ask(directory, Audience.STAFF)
    assert read_data(staff, document, id=hidden) == {"node": {"id": hidden}, "nodes": [{"id": hidden}]}
    (slug,) = list_slugs(staff, "coalitions", query="circle hidden")
    assert read_data(ask, f'{{ coalition(slug: "{slug}") {{ id }} }}') == {"coalition": None}


def test_each_audience_sees_its_own_members_and_coalitions(directory: Directory) -> None:
    document = '{ coalitions { totalCount } coalition(slug: "upr-task-force") { members { totalCount } events { totalCount } } }'
    answers = [read_data(make_ask(directory, audience), document) for audience in Audience]
    assert [one["coalitions"]["totalCount"] for one in answers] == [3, 4, 5]
    assert [one["coalition"]["members"]["totalCount"] for one in answers] == [3, 3, 4]
    assert [one["coalition"]["events"]["totalCount"] for one in answers] == [5, 5, 6]


def test_a_node_is_found_by_its_id_and_a_coalition_by_a_former_slug(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        write_records(directory, a_stored_coalition("Alliance", slug="old"))
        write_records(directory, a_stored_coalition("Alliance", slug="new"))
        found = read_data(make_ask(directory), '{ coalition(slug: "old") { id slug } }')["coalition"]
        assert found["slug"] == "new"
        node = read_data(make_ask(directory), f'{{ node(id: "{found["id"]}") {{ __typename id ... on Coalition {{ slug }} }} }}')
    assert node == {"node": {"__typename": "Coalition", "id": found["id"], "slug": "new"}}
