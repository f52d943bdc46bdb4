"""The filter `coalition` of organizations, the coalitions of an organization, and changes of records of every kind."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from directory.live import Directory
from directory.records import MembershipStatus, RecordKind
from directory.store.ledger.edits import Remove
from tests.builders import (
    NOW,
    a_membership,
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_location,
    a_stored_organization,
    a_stored_provision,
)
from tests.schema.conftest import Ask
from tests.schema.types.record_lists import make_ask, make_global_id, read_data, read_refusal, write_records

HARBOR = a_stored_organization(
    "Harbor Tenants", issue_areas=("tenants",), sites=(a_stored_location(),), languages=("en", "es"), communities=("women",)
)
RIVER = a_stored_organization("River Workers", issue_areas=("workers", "housing"), service_areas=("US-AL",), work_areas=("law",))
ELDERS = a_stored_organization("Elders", issue_areas=("health",), service_areas=("US",))
LAPSED = a_stored_organization("Former Friends", membership=a_membership(MembershipStatus.LAPSED), issue_areas=("housing",))
SECRET = a_stored_organization("Secret House", hidden_since=NOW, issue_areas=("housing",))
OUTSIDE = a_stored_organization("Outside the coalition", issue_areas=("tenants", "workers"), languages=("es",))
MEMBERS = [HARBOR, RIVER, ELDERS, LAPSED, SECRET]
TASK_FORCE = a_stored_coalition(members=[member.name for member in MEMBERS])
ALLIANCE = a_stored_coalition("Tenants Alliance", ["Harbor Tenants"])
EMPTY = a_stored_coalition("Nobody")
HIDDEN = a_stored_coalition("Hidden Circle", ["Harbor Tenants"], hidden_since=NOW)
OTHERS = (a_stored_event(), a_stored_instrument(), a_stored_provision())
PART = 'field value label labelEs: label(language: "es") search'
ORGANIZATIONS = f"""query($filter: OrganizationFilter, $search: String, $first: Int, $after: String) {{
  organizations(filter: $filter, search: $search, first: $first, after: $after) {{
    nodes {{ slug }} totalCount search question {{ {PART} }} pageInfo {{ endCursor }}
  }}
}}"""


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    file: Path = tmp_path_factory.mktemp("coalitions") / "directory.sqlite3"
    with closing(Directory.open(f"sqlite:///{file}")) as directory:
        write_records(directory, *MEMBERS, OUTSIDE, TASK_FORCE, ALLIANCE, EMPTY, HIDDEN, *OTHERS)
        yield directory


@pytest.fixture(scope="module")
def ask(directory: Directory) -> Ask:
    return make_ask(directory)


def read_organizations(ask: Ask, **variables: Any) -> dict[str, Any]:
    organizations: dict[str, Any] = read_data(ask, ORGANIZATIONS, **variables)["organizations"]
    return organizations


@pytest.mark.parametrize(
    ("conditions", "slugs"),
    [
        ({}, ["elders", "harbor-tenants", "river-workers"]),  # active members of the network
        ({"membership": ["ACTIVE", "LAPSED"]}, ["elders", "former-friends", "harbor-tenants", "river-workers"]),
        ({"membership": ["LAPSED"]}, ["former-friends"]),
        ({"issueAreas": {"anyOf": ["housing"]}}, ["harbor-tenants", "river-workers"]),
        ({"or": [{"coalition": "tenants-alliance"}, {"issueAreas": {"anyOf": ["health"]}}]}, ["elders", "harbor-tenants"]),
        ({"and": [{"coalition": "tenants-alliance"}]}, ["harbor-tenants"]),  # both coalitions
        ({"and": [{"coalition": "nobody"}]}, []),
    ],
)
def test_members_of_a_coalition_are_found(ask: Ask, conditions: dict[str, Any], slugs: list[str]) -> None:
    organizations = read_organizations(ask, filter={"coalition": "upr-task-force", **conditions})
    assert ([node["slug"] for node in organizations["nodes"]], organizations["totalCount"]) == (slugs, len(slugs))


def test_the_coalition_is_a_part_of_the_question_with_a_label(ask: Ask) -> None:
    organizations = read_organizations(ask, filter={"coalition": "upr-task-force"})
    assert organizations["search"] == "coalition=upr-task-force"
    assert organizations["question"] == [
        {
            "field": "coalition",
            "value": "upr-task-force",
            "label": "in the coalition UPR Task Force",
            "labelEs": "en la coalición UPR Task Force",
            "search": "",
        }
    ]


def test_a_search_string_names_the_coalition(ask: Ask) -> None:
    organizations = read_organizations(ask, search="coalition=upr-task-force&issue=housing")
    assert [node["slug"] for node in organizations["nodes"]] == ["harbor-tenants", "river-workers"]
    parts = {part["field"]: part for part in organizations["question"]}
    assert (parts["coalition"]["search"], parts["issueAreas"]["search"]) == ("issue=housing", "coalition=upr-task-force")
    without = read_organizations(ask, search=parts["coalition"]["search"])
    assert [node["slug"] for node in without["nodes"]] == ["harbor-tenants", "outside-the-coalition", "river-workers"]
    assert [part["field"] for part in without["question"]] == ["issueAreas"]
    again = read_organizations(ask, search=organizations["search"])
    assert again == organizations


def test_an_empty_coalition_finds_nothing_and_offers_the_search_without_it(ask: Ask) -> None:
    document = """{ organizations(filter: {coalition: "nobody", issueAreas: {anyOf: ["health"]}}) {
      totalCount relaxations { search count without { field value } }
    } }"""
    organizations = read_data(ask, document)["organizations"]
    assert organizations["totalCount"] == 0
    for relaxation in organizations["relaxations"]:
        assert read_organizations(ask, search=relaxation["search"])["totalCount"] == relaxation["count"] > 0
    without = {"field": "coalition", "value": "nobody"}
    assert {"search": "issue=health", "count": 1, "without": [without]} in organizations["relaxations"]


@pytest.mark.parametrize(
    ("slug", "suggestions"), [("upr-taskforce", ["upr-task-force"]), ("zzz", []), ("hidden-circle", []), ("hidden-circl", [])]
)
def test_an_unknown_coalition_is_refused_with_suggestions(ask: Ask, slug: str, suggestions: list[str]) -> None:
    for variables in (
        {"filter": {"coalition": slug}},
        {"search": f"coalition={slug}"},
        {"filter": {"or": [{"coalition": slug}, {"kinds": ["UNION"]}]}},
    ):
        refusal = read_refusal(ask, ORGANIZATIONS, **variables)
        assert (refusal["code"], refusal["suggestions"], refusal["value"]) == ("BAD_INPUT", suggestions, slug)
        assert "hidden-circle-" not in str(refusal)


@pytest.mark.parametrize("slug", ["", "Not A Slug", "x" * 101])
def test_a_coalition_that_is_not_a_slug_is_refused(ask: Ask, slug: str) -> None:
    assert read_refusal(ask, ORGANIZATIONS, filter={"coalition": slug})["code"] == "BAD_INPUT"


def test_a_cursor_is_valid_with_the_same_coalition_only(ask: Ask) -> None:
    cursor = read_organizations(ask, filter={"coalition": "upr-task-force"}, first=1)["pageInfo"]["endCursor"]
    rest = read_organizations(ask, filter={"coalition": "upr-task-force"}, after=cursor)
    assert [node["slug"] for node in rest["nodes"]] == ["harbor-tenants", "river-workers"]
    for other in ({"coalition": "tenants-alliance"}, {}):
        assert read_refusal(ask, ORGANIZATIONS, filter=other, after=cursor)["code"] == "BAD_CURSOR"


FACETS = {  # the selection of each facet
    **{facet: f"{facet} {{ value count }}" for facet in ("issueAreas", "communities", "workAreas", "languages", "kinds")},
    "regions": "regions(kind: STATE, first: 100) { value count }",
}


@pytest.mark.parametrize("facet", FACETS)
@pytest.mark.parametrize("own", [{}, {"issueAreas": {"anyOf": ["housing"]}}], ids=["coalition", "coalition and issue area"])
def test_each_count_of_a_facet_is_the_total_of_the_question_that_follows(ask: Ask, facet: str, own: dict[str, Any]) -> None:
    document = f"query($filter: OrganizationFilter) {{ organizations(filter: $filter) {{ facets {{ {FACETS[facet]} }} }} }}"
    conditions: dict[str, Any] = {"coalition": "upr-task-force", **own}
    counts = read_data(ask, document, filter=conditions)["organizations"]["facets"][facet]
    assert counts
    for one in counts:
        choice = [one["value"]] if facet == "kinds" else {"anyOf": [one["value"]]}
        assert read_organizations(ask, filter={**conditions, facet: choice})["totalCount"] == one["count"], one


# ---------------------------------------------------------------- changes

CHANGES = """query($after: String) { changes(first: 100, after: $after) {
  nodes { kind nodeId node { __typename id } organizationId organization { id slug } } pageInfo { endCursor }
} }"""


def test_changes_have_nodes_of_every_kind(ask: Ask) -> None:
    nodes = read_data(ask, CHANGES)["changes"]["nodes"]
    types = {node["node"]["__typename"] for node in nodes}
    assert types == {"Organization", "Coalition", "Event", "Instrument", "Provision"}
    assert len(nodes) == len(MEMBERS) - 1 + 1 + 3 + len(OTHERS)
    for node in nodes:
        assert (node["kind"], node["nodeId"]) == ("ADDED", node["node"]["id"])
        is_organization = node["node"]["__typename"] == "Organization"
        assert node["organizationId"] == (node["nodeId"] if is_organization else None)
        assert (node["organization"] or {}).get("id") == node["organizationId"]
    hidden = {make_global_id("Coalition", HIDDEN), make_global_id("Organization", SECRET)}
    assert not hidden & {node["nodeId"] for node in nodes}


def test_a_removed_record_of_another_kind_is_identified_by_its_id(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        write_records(directory, ALLIANCE, HARBOR, *OTHERS)
        ask = make_ask(directory)
        end = read_data(ask, CHANGES)["changes"]["pageInfo"]["endCursor"]
        directory.write([Remove(ALLIANCE.id, kind=RecordKind.COALITION)], actor="test", now=NOW, reason="test")
        (change,) = read_data(ask, CHANGES, after=end)["changes"]["nodes"]
    assert change == {
        "kind": "REMOVED",
        "nodeId": make_global_id("Coalition", ALLIANCE),
        "node": None,
        "organizationId": None,
        "organization": None,
    }


def test_a_record_that_becomes_hidden_is_removed_for_everyone_else(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        write_records(directory, HARBOR, a_stored_coalition("Circle"))
        ask = make_ask(directory)
        end = read_data(ask, CHANGES)["changes"]["pageInfo"]["endCursor"]
        write_records(directory, a_stored_coalition("Circle", hidden_since=NOW))
        (change,) = read_data(ask, CHANGES, after=end)["changes"]["nodes"]
        assert (change["kind"], change["node"], change["nodeId"]) == (
            "REMOVED", None, make_global_id("Coalition", a_stored_coalition("Circle")),
        )  # fmt: skip


# ---------------------------------------------------------------- the coalitions of an organization


def test_an_organization_lists_its_coalitions(ask: Ask) -> None:
    document = "query($id: ID!) { node(id: $id) { ... on Organization { coalitions { totalCount nodes { slug } } } } }"
    for member, slugs in ((HARBOR, ["tenants-alliance", "upr-task-force"]), (RIVER, ["upr-task-force"]), (OUTSIDE, [])):
        coalitions = read_data(ask, document, id=make_global_id("Organization", member))["node"]["coalitions"]
        assert (coalitions["totalCount"], [node["slug"] for node in coalitions["nodes"]]) == (len(slugs), slugs)


def test_pages_of_the_coalitions_of_an_organization(ask: Ask) -> None:
    document = """query($first: Int, $after: String) { organization(by: {slug: "harbor-tenants"}) {
      coalitions(first: $first, after: $after) { nodes { slug } pageInfo { endCursor hasNextPage } }
    } }"""
    first = read_data(ask, document, first=1)["organization"]["coalitions"]
    assert (first["nodes"], first["pageInfo"]["hasNextPage"]) == ([{"slug": "tenants-alliance"}], True)
    rest = read_data(ask, document, after=first["pageInfo"]["endCursor"])["organization"]["coalitions"]
    assert (rest["nodes"], rest["pageInfo"]["hasNextPage"]) == ([{"slug": "upr-task-force"}], False)
