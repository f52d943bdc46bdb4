"""Coverage in the API: the cells, where they lead, the gaps, and what is refused."""

import datetime as dt
from typing import Any

import pytest

from directory.errors import TooLarge
from directory.search import past_index
from directory.search.record_history import RecordHistory, RecordPast, ValueChange
from schema.context import Context
from schema.execution.execute import answer_document
from schema.schema import SCHEMA
from tests.builders import NOW, decode_body
from tests.engine_answers import EngineRequest, assert_same_answer
from tests.schema.conftest import ALL_ORGANIZATIONS, HARBOR, QUIET, RIVER, ROOF, Ask, a_snapshot

CELLS = """query($first: Int, $after: String, $goal: CoverageGoal, $values: [String!], $within: String) {
  coverage(values: $values, within: $within, goal: $goal) {
    cells(first: $first, after: $after) {
      totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
      nodes { row { value label } region { code } located serving nationwide groups verdict search localSearch }
    }
  }
}"""


def read(ask: Ask, document: str, **variables: Any) -> Any:
    body = ask(document, **variables)
    assert "errors" not in body, body
    return body["data"]["coverage"]


def test_a_cell_has_the_counts_of_the_searches_that_it_links_to(ask: Ask) -> None:
    cells = read(ask, CELLS, first=1_000)["cells"]["nodes"]
    totals = """query($all: String, $local: String) {
      all: organizations(search: $all) { totalCount }
      local: organizations(search: $local) { totalCount }
    }"""
    for cell in cells[::7]:
        found = ask(totals, all=cell["search"], local=cell["localSearch"])["data"]
        assert found["all"]["totalCount"] == cell["located"] + cell["serving"] + cell["nationwide"]
        assert found["local"]["totalCount"] == cell["located"] + cell["serving"]
    georgia = next(cell for cell in cells if (cell["row"]["value"], cell["region"]["code"]) == ("housing", "US-GA"))
    assert (georgia["located"], georgia["serving"], georgia["nationwide"], georgia["groups"]) == (1, 0, 1, 1)
    assert georgia["search"] == "issue=housing&region=US-GA"


def test_pages_follow_each_other_without_a_skip(ask: Ask) -> None:
    everything = read(ask, CELLS, first=1_000)["cells"]
    edges = read(ask, "{ coverage { cells(first: 5) { edges { cursor node { search } } pageInfo { endCursor } } } }")["cells"]
    assert [edge["node"]["search"] for edge in edges["edges"]] == [cell["search"] for cell in everything["nodes"][:5]]
    assert edges["edges"][-1]["cursor"] == edges["pageInfo"]["endCursor"]
    cells: list[Any] = []
    after = None
    while len(cells) < everything["totalCount"]:
        page = read(ask, CELLS, first=37, after=after)["cells"]
        cells += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        assert page["pageInfo"]["hasNextPage"] == (len(cells) < everything["totalCount"])
    assert cells == everything["nodes"]
    assert everything["totalCount"] > 100
    assert len(read(ask, CELLS)["cells"]["nodes"]) == 100


def test_a_filter_and_a_search_limit_the_members(ask: Ask) -> None:
    document = """{
      coverage(filter: {languages: {anyOf: ["es"]}}, query: "tenants", search: "region=US-GA") {
        regions { code } rows { facet value label(language: "es") memberCount stated recentlyVerified verifiedSince lastVerified }
        regionUnknown { value count label }
      }
    }"""
    coverage = read(ask, document)
    assert [(row["value"], row["label"], row["memberCount"]) for row in coverage["rows"]] == [
        ("economic-social-cultural", "Derechos económicos, sociales y culturales", 1),
        ("housing", "Vivienda", 1),
    ]
    assert (coverage["rows"][1]["facet"], coverage["rows"][1]["stated"], coverage["rows"][1]["recentlyVerified"]) == (
        "issueAreas",
        1,
        1,
    )
    assert coverage["rows"][1]["verifiedSince"] == coverage["rows"][1]["lastVerified"] == "2025-06-01"
    assert len(coverage["regions"]) == 56
    assert coverage["regionUnknown"] == []


def test_gaps_have_their_nearest_members(ask: Ask) -> None:
    document = """query($goal: CoverageGoal) {
      coverage(values: ["housing", "workers"], within: "US-SOUTH-ATLANTIC", goal: $goal) {
        gapCount
        gaps(first: 3) {
          target missing nearest { name } cell { row { value } region { code } groups placeUnknown stated verifiedSince verdict }
        }
      }
    }"""
    coverage = read(ask, document, goal={"atLeast": 1})
    assert coverage["gapCount"] == 8 + 8
    first = coverage["gaps"][0]
    assert (first["cell"]["row"]["value"], first["cell"]["region"]["code"]) == ("housing", "US-DC")
    assert (first["target"], first["missing"]) == (1, 1)
    assert [one["name"] for one in first["nearest"]] == [HARBOR.name]  # the other one with a point is its parent
    assert (first["cell"]["verdict"], first["cell"]["placeUnknown"], first["cell"]["stated"]) == ("UNKNOWN", 1, 2)  # Quiet House
    everything = read(ask, document, goal={"atLeast": 1, "by": "LOCATED_OR_SERVING", "nationwide": "INCLUDE"})
    assert {gap["cell"]["row"]["value"] for gap in everything["gaps"]} == {"workers"}


def test_members_whose_place_is_unknown_are_counted_by_row(ask: Ask) -> None:
    coverage = read(ask, '{ coverage(values: ["housing"]) { regionUnknown { value count label selected } } }')
    assert coverage["regionUnknown"] == [{"value": "housing", "count": 1, "label": "Housing", "selected": True}]


REFUSALS = [
    ('values: ["houzing"]', "UNKNOWN_TERM", "Did you mean housing"),
    ('within: "US-XX"', "UNKNOWN_REGION", "US-XX"),
    ('within: "US-GA-121"', "BAD_INPUT", "contains no region of the kind state"),
    ("goal: {atLeast: 0}", "BAD_INPUT", "1 to 1,000"),
    ("regionKind: COUNTY", "TOO_LARGE", "at most 10,000"),
    (f'values: ["{"x" * 101}"]', "BAD_INPUT", "at most 100 characters"),
    ('filter: {issueAreas: {anyOf: ["x"]}}', "UNKNOWN_TERM", "issue area"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), REFUSALS)
def test_a_refusal_is_coded_and_says_what_to_do(ask: Ask, arguments: str, code: str, message: str) -> None:
    body = ask(f"{{ coverage({arguments}) {{ gapCount }} }}")
    assert body["data"] == {"coverage": None}
    (error,) = body["errors"]
    assert error["extensions"]["code"] == code
    assert message in error["message"]


@pytest.mark.parametrize(
    "selection",
    [
        "cells(first: 0) { totalCount }",
        "cells(first: 1001) { totalCount }",
        "gaps(first: 101) { missing }",
        "gaps(first: 0) { missing }",
    ],
)
def test_the_length_of_lists_is_limited(ask: Ask, selection: str) -> None:
    (error,) = ask(f'{{ coverage(within: "US-SOUTH") {{ {selection} }} }}')["errors"]
    assert error["extensions"]["code"] == "BAD_INPUT"


def test_a_cursor_of_another_matrix_is_refused(ask: Ask) -> None:
    cursor = read(ask, CELLS, first=5)["cells"]["pageInfo"]["endCursor"]
    (error,) = ask(CELLS, first=5, after=cursor, within="US-SOUTH")["errors"]
    assert error["extensions"]["code"] == "BAD_CURSOR"


def test_the_compiled_answer_is_that_of_graphql_core() -> None:
    document = """{
      coverage {
        rows { value stated } regions { code } gapCount regionUnknown { value count }
        cells(first: 50) { nodes { located search } }
        gaps(first: 10) { nearest { name locations { precision } } cell { region { name(language: "es") } groups verdict } }
      }
    }"""
    small = a_snapshot(HARBOR, ROOF, RIVER, QUIET)
    request = EngineRequest(SCHEMA, document, {}, build_context=lambda: Context(small, NOW))
    assert assert_same_answer(request).is_compiled


def test_a_row_has_the_numbers_and_verdicts_of_all_its_cells(ask: Ask) -> None:
    document = """query($goal: CoverageGoal) {
      coverage(goal: $goal, values: ["housing", "migration", "death-penalty"]) {
        regions { code }
        rows { value memberCount regionGroups regionVerdicts search }
        cells(first: 1000) { nodes { row { value } region { code } groups verdict } }
        gaps(first: 100) { cell { row { value } region { code } groups verdict } }
      }
    }"""
    found = read(ask, document, goal={"atLeast": 1})
    codes = [region["code"] for region in found["regions"]]
    cells = {
        (row["value"], code): (groups, verdict)
        for row in found["rows"]
        for code, groups, verdict in zip(codes, row["regionGroups"], row["regionVerdicts"], strict=True)
    }
    for cell in (*found["cells"]["nodes"], *(gap["cell"] for gap in found["gaps"])):
        assert cells[cell["row"]["value"], cell["region"]["code"]] == (cell["groups"], cell["verdict"])
    assert {verdict for _, verdict in cells.values()} == {"COVERED", "NONE", "UNKNOWN"}
    for row in found["rows"]:
        total = ask("query($search: String) { organizations(search: $search) { totalCount } }", search=row["search"])
        assert total["data"]["organizations"]["totalCount"] == row["memberCount"]


def test_the_search_of_a_row_keeps_the_conditions_of_the_question(ask: Ask) -> None:
    rows = read(ask, '{ coverage(search: "issue=housing&region=US-GA") { rows { value memberCount search } } }')["rows"]
    assert rows
    for row in rows:
        total = ask("query($search: String) { organizations(search: $search) { totalCount } }", search=row["search"])
        assert total["data"]["organizations"]["totalCount"] == row["memberCount"]


# ---------------------------------------------------------------- a past day

PAST = """query($day: Date, $filter: OrganizationFilter, $query: String, $after: String) {
  coverage(asOf: $day, filter: $filter, query: $query) {
    rows { value memberCount } cells(first: 2, after: $after) { pageInfo { endCursor } nodes { search groups } }
  }
}"""


@pytest.fixture
def ask_past() -> Ask:
    """Ask a directory whose organizations have been there since May 2, 2026, except one that was added on the 20th."""
    snapshot = a_snapshot(*ALL_ORGANIZATIONS)
    numbered = snapshot.index.rows.number_records()
    since = {record.id: dt.datetime(2026, 5, 20 if record.id == ROOF.id else 2, 9, tzinfo=dt.UTC) for _, record in numbered}
    for row, record in numbered:
        snapshot.index.columns["UPDATED"][row] = since[record.id].timestamp()
    snapshot.history = RecordHistory.build({})

    def ask(document: str, **variables: Any) -> Any:
        return decode_body(answer_document(document, variables, None, Context(snapshot, NOW)))

    return ask


def count_members(body: Any) -> dict[str, int]:
    return {row["value"]: row["memberCount"] for row in body["data"]["coverage"]["rows"]}


def test_a_past_day_counts_who_was_there_at_its_start(ask_past: Ask) -> None:
    now = count_members(ask_past(PAST))
    before, same_day, after = (count_members(ask_past(PAST, day=f"2026-05-{day}")) for day in ("19", "20", "21"))
    assert before == same_day
    assert after == now
    differences = {term: count - before.get(term, 0) for term, count in now.items()}
    assert set(differences.values()) == {0, 1}
    assert {term for term, difference in differences.items() if difference} >= set(ROOF.issue_areas)


@pytest.mark.parametrize(
    ("variables", "reason", "words"),
    [
        ({"day": "2026-06-02"}, "FUTURE", "is in the future"),
        ({"day": "2026-05-02"}, "TOO_EARLY", "Choose 2026-05-03 or a later day."),
        ({"day": "0001-01-01"}, "TOO_EARLY", "Choose 2026-05-03 or a later day."),
        ({"day": "2026-05-10", "filter": {"coalition": "quiet-alliance"}}, "CONDITION", "a coalition"),
        ({"day": "2026-05-10", "filter": {"updatedSince": "2026-01-01T00:00:00Z"}}, "CONDITION", "the last change"),
    ],
)
def test_a_past_day_that_cannot_be_answered(ask_past: Ask, variables: dict[str, Any], reason: str, words: str) -> None:
    error = ask_past(PAST, **variables)["errors"][0]
    assert (error["extensions"]["code"], error["extensions"]["reason"]) == ("BAD_INPUT", reason)
    assert words in error["message"]


def test_a_past_day_needs_the_history(ask: Ask) -> None:
    error = ask(PAST, day="2026-05-10")["errors"][0]
    assert error["extensions"]["code"] == "UNAVAILABLE"
    assert "still being loaded" in error["message"]


def test_a_cursor_belongs_to_one_day(ask_past: Ask) -> None:
    after = ask_past(PAST, day="2026-05-10")["data"]["coverage"]["cells"]["pageInfo"]["endCursor"]
    assert ask_past(PAST, day="2026-05-10", after=after)["data"]["coverage"]["cells"]["nodes"]
    error = ask_past(PAST, after=after)["errors"][0]
    assert error["extensions"]["code"] == "BAD_CURSOR"


def test_so_many_changes_that_going_back_takes_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = a_snapshot(*ALL_ORGANIZATIONS)
    changes = (ValueChange(NOW.timestamp(), (("issue_areas", frozenset(["housing"])),), ()),)
    records = [record for _, record in snapshot.index.rows.number_records()]
    history = RecordHistory.build({record.id: RecordPast(0.0, changes) for record in records})
    moment = NOW.timestamp() - 1
    monkeypatch.setattr(past_index, "MAX_CHANGED", len(records))
    past_index.build_past_index(snapshot.index, history, moment)
    monkeypatch.setattr(past_index, "MAX_CHANGED", len(records) - 1)
    with pytest.raises(TooLarge, match="Choose a later day"):
        past_index.build_past_index(snapshot.index, history, moment)
