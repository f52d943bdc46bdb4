"""Coalition plans in the API: the story of a plan and a refusal, every field, prices and errors."""

from typing import Any

import pytest

from directory.errors import Busy
from directory.partners.plans.cover_solver import CoverProposal, solve_cover
from directory.partners.plans.highs_models import CoverProblem
from directory.records import Audience, Organization, RecordKind
from directory.search.snapshot import Snapshot, SnapshotState
from schema.context import Context
from schema.execution.execute import answer_document, answer_quickly
from schema.fields import InputPrice
from schema.types.coalition_plan import CELL, EXTRA_NEED, INPUT_PRICE, LINE_PRICE
from schema.types.global_ids import GlobalId
from tests.builders import NOW, a_location, an_id, an_organization, decode_body

FIELDS = """{
  covered total search notes spanish: notes(language: "es")
  members {
    organization { slug } included adds searchWithout
    covers { label issueArea { slug } region { code } } coversAlone { label(language: "es") } alternatives { slug }
  }
  uncovered { cell { label } missing reason text nearest { slug } }
  certificate { optimal lowerBound proof reason cells { label } weights needs capacity excess timedOut }
}"""
DOCUMENT = f"""query($input: CoalitionPlanInput, $search: String, $without: [ID!]) {{
  coalitionPlan(input: $input, search: $search, without: $without) {FIELDS}
}}"""
INPUT: dict[str, Any] = {"issueAreas": ["housing", "immigration"], "regions": ["US-AL", "US-GA"]}


def a_member(name: str, themes: tuple[str, ...], states: tuple[str, ...], **fields: Any) -> Organization:
    return an_organization(name, issue_areas=themes, service_areas=states, **fields)


MEMBERS = [
    a_member("Both in Georgia", ("housing", "immigration"), ("US-GA",), verified_at=NOW),
    a_member("Housing in Alabama", ("housing",), ("US-AL",), verified_at=NOW),
    a_member("Shelter in Alabama", ("housing",), ("US-AL",)),
    a_member("Migrants far away", ("immigration",), ("US-WA",), locations=(a_location("Seattle, WA"),)),
]


def build_snapshot(*members: Organization) -> Snapshot:
    slugs = {RecordKind.ORGANIZATION: {member.slug: member.id for member in members}}
    return Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), members, slugs, [])


SNAPSHOT = build_snapshot(*MEMBERS)


def ask(document: str = DOCUMENT, context: Context | None = None, **variables: Any) -> dict[str, Any]:
    return decode_body(answer_document(document, variables, None, context or Context(SNAPSHOT, NOW)))


def read_plan(**variables: Any) -> dict[str, Any]:
    body = ask(**variables)
    assert "errors" not in body, body["errors"]
    plan: dict[str, Any] = body["data"]["coalitionPlan"]
    return plan


def list_slugs(plan: dict[str, Any]) -> list[str]:
    return [member["organization"]["slug"] for member in plan["members"]]


def make_id(slug: str) -> str:
    return str(GlobalId("Organization", next(member.id for member in MEMBERS if member.slug == slug)))


def test_a_plan_says_who_covers_what_and_why_fewer_are_not_enough() -> None:
    plan = read_plan(input=INPUT)
    assert (plan["covered"], plan["total"], plan["notes"]) == (3, 4, [])
    assert list_slugs(plan) == ["both-in-georgia", "housing-in-alabama"]
    first, second = plan["members"]
    assert [cell["label"] for cell in first["covers"]] == ["housing in Georgia", "immigrants' rights in Georgia"]
    assert first["covers"][0] == {"label": "housing in Georgia", "issueArea": {"slug": "housing"}, "region": {"code": "US-GA"}}
    assert (first["adds"], second["adds"], first["alternatives"], first["included"]) == (2, 1, [], False)
    assert second["coversAlone"] == [{"label": "vivienda en Alabama"}]
    assert second["alternatives"] == [{"slug": "shelter-in-alabama"}]
    (gap,) = plan["uncovered"]
    assert gap == {
        "cell": {"label": "immigrants' rights in Alabama"},
        "missing": 1,
        "reason": "NO_MEMBER",
        "text": "Immigrants' rights in Alabama: too few organizations in the directory work on this there. Missing: 1.",
        "nearest": [{"slug": "migrants-far-away"}],
    }
    certificate = plan["certificate"]
    assert (certificate["optimal"], certificate["lowerBound"], certificate["proof"]) == (True, 2, "SEPARATE_CELLS")
    assert (certificate["weights"], certificate["needs"]) == ([1, 1], [1, 1])
    assert (certificate["capacity"], certificate["excess"], certificate["timedOut"]) == (1, 0, False)
    assert certificate["reason"].startswith(
        "No single member can cover this: these 2 combinations of theme and region have no member"
    )


def test_a_member_says_no() -> None:
    plan = read_plan(input=INPUT)
    again = read_plan(search=plan["members"][1]["searchWithout"])
    assert list_slugs(again) == ["both-in-georgia", "shelter-in-alabama"]
    assert again["search"] == plan["search"] + "&exclude=housing-in-alabama"
    assert read_plan(search=plan["search"], without=[make_id("housing-in-alabama")]) == again
    assert read_plan(input={**INPUT, "exclude": [make_id("housing-in-alabama")]}) == again
    assert read_plan(search=plan["search"]) == plan


def test_all_arguments_apply() -> None:
    fields = {
        "by": "SERVING",
        "nationwide": "INCLUDE",
        "include": [make_id("migrants-far-away")],
        "exclude": [make_id("both-in-georgia")],
        "maxSize": 2,
        "perCell": 1,
        "query": "Alabama",
        "filter": {"issueAreas": {"anyOf": ["housing"]}},
    }
    plan = read_plan(input={**INPUT, **fields})
    assert list_slugs(plan) == ["migrants-far-away", "housing-in-alabama"]
    assert plan["search"] == (
        "issue=housing&issue=immigration&region=US-AL&region=US-GA&by=SERVING&nationwide=INCLUDE&include=migrants-far-away"
        "&exclude=both-in-georgia&max=2&filter=q%3DAlabama%26issue%3Dhousing"
    )
    assert plan["members"][0]["included"]
    assert {gap["reason"] for gap in plan["uncovered"]} == {"EXCLUDED", "NO_MEMBER"}


def test_an_unlisted_member_leads_to_a_note() -> None:
    key = an_id("Nobody")
    plan = read_plan(input={**INPUT, "include": [str(GlobalId("Organization", key))]})
    assert plan["notes"] == [f"{key} is not listed here, so the plan is made without it."]
    assert plan["spanish"] == [f"{key} no figura aquí; el plan se hace sin tenerlo en cuenta."]
    assert list_slugs(plan) == list_slugs(read_plan(input=INPUT))
    assert f"include={key}" in plan["search"]


REFUSALS: list[tuple[dict[str, Any], str, str]] = [
    ({"input": {**INPUT, "issueAreas": ["hosing"]}}, "UNKNOWN_TERM", "Did you mean housing?"),
    ({"input": {**INPUT, "regions": ["GAA"]}}, "UNKNOWN_REGION", "no region"),
    ({"input": {**INPUT, "regions": []}}, "BAD_INPUT", "at least one"),
    ({"input": {**INPUT, "maxSize": 0}}, "BAD_INPUT", "from 1 to 100"),
    ({"input": {**INPUT, "include": ["nonsense"]}}, "BAD_INPUT", "not an id"),
    ({"input": {**INPUT, "exclude": [make_id("both-in-georgia")] * 51}}, "BAD_INPUT", "at most 50"),
    ({"input": {**INPUT, "filter": {"coalition": "nobody"}}}, "BAD_INPUT", "no coalition"),
    ({"input": {**INPUT, "query": "x" * 501}}, "BAD_INPUT", "500 characters"),
    ({"search": "foo=1"}, "BAD_INPUT", "no parameter"),
    ({"search": "x" * 8_001}, "BAD_INPUT", "8,000 characters"),
    ({}, "BAD_INPUT", "either `input` or `search`"),
    ({"input": INPUT, "search": "issue=housing&region=US-GA"}, "BAD_INPUT", "either `input` or `search`"),
]


@pytest.mark.parametrize(("variables", "code", "text"), REFUSALS)
def test_an_invalid_plan_is_refused(variables: dict[str, Any], code: str, text: str) -> None:
    body = ask(**variables)
    (error,) = body["errors"]
    assert body["data"] == {"coalitionPlan": None}
    assert error["extensions"]["code"] == code
    assert text in error["message"]


def test_a_plan_never_runs_on_the_event_loop() -> None:
    ask(input=INPUT)  # so that the document is prepared
    assert answer_quickly(DOCUMENT, {"input": INPUT}, None, Context(SNAPSHOT, NOW)).is_unfinished


def test_one_plan_per_request() -> None:
    body = ask(
        "{ a: coalitionPlan(search: %s) { total } b: coalitionPlan(search: %s) { total } }"
        % (('"issue=housing&region=US-GA"',) * 2)
    )
    (error,) = body["errors"]
    assert error["extensions"]["code"] == "TOO_COMPLEX"


def test_the_time_of_another_process_is_charged() -> None:
    def solve_slowly(problem: CoverProblem) -> CoverProposal:
        return solve_cover(problem)._replace(cpu_seconds=3.0)

    answer = answer_document(DOCUMENT, {"input": INPUT}, None, Context(SNAPSHOT, NOW, solve_cover=solve_slowly))
    assert answer.has_data
    assert 300_000 <= answer.points < 400_000


def test_a_busy_solver_is_reported() -> None:
    def refuse(_problem: CoverProblem) -> CoverProposal:
        raise Busy("Other coalition plans are being made. Try again in a few seconds.")

    body = ask(context=Context(SNAPSHOT, NOW, solve_cover=refuse), input=INPUT)
    assert body["errors"][0]["extensions"]["code"] == "BUSY"


PRICES: list[tuple[InputPrice, Any, dict[str, float]]] = [
    (INPUT_PRICE, INPUT, {CELL: 4, EXTRA_NEED: 0}),
    (INPUT_PRICE, {**INPUT, "perCell": 3}, {CELL: 4, EXTRA_NEED: 8}),
    (INPUT_PRICE, {"issueAreas": "housing", "regions": ["US-GA"] * 5_000}, {CELL: 400, EXTRA_NEED: 0}),
    (INPUT_PRICE, None, {}),
    (INPUT_PRICE, {"perCell": "x", "filter": 3}, {CELL: 1}),
    (LINE_PRICE, "issue=a&issue=b&region=c&per=2", {CELL: 2, EXTRA_NEED: 2}),
    (LINE_PRICE, "per=99&issue=a&region=b", {CELL: 1, EXTRA_NEED: 4}),
    (LINE_PRICE, None, {}),
]


@pytest.mark.parametrize(("price", "value", "expected"), PRICES)
def test_the_price_grows_with_the_cells(price: InputPrice, value: Any, expected: dict[str, float]) -> None:
    counts = price.count(value)
    assert {kind: counts[kind] for kind in expected} == expected
    assert price.compute(value, 1.0) >= 0
