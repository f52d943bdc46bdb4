"""The requests of benchmarks/graphql_attacks.py are what they say, and none is a fault of ours; how long they take, no test says."""

from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from benchmarks.abuse_report import AttackResult, format_report
from benchmarks.fictional_networks import NOW, NetworkDatabase, build_snapshot
from benchmarks.field_costs import FIELDS, QUESTIONS, CostComparison, build_tables, measure_costs
from benchmarks.graphql_attacks import GRAPHQL_FAMILIES
from benchmarks.http_attacks import HTTP_FAMILIES
from benchmarks.reconcile_attacks import RECONCILE_FAMILIES
from directory.errors import ErrorCode
from directory.gazetteer.gazetteer import get_gazetteer
from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.execution.execute import answer_document
from web.http.responses import Refusal
from web.reconcile.limits import BODY_BYTES
from web.reconcile.reconcile_endpoint import _extend_organizations, _reconcile_rows
from web.reconcile.reconcile_request import parse_request

SIZE = 60
ANSWERED = {
    "90 fragments in one place",
    "100 aliases",
    "overlapping fields, 50",
    "overlapping fields in 45 fragments",
    "introspection within introspection",
    "variables nested 400 deep",
    "30 questions with words",
    "4 questions of 30 misspelled words",
    "12 questions of 30 misspelled words",
    "relaxations of 8 words and 4 filters",
    "3 quoted phrases of common words",
    "15 facets by county, the first of each",
    "60 lists of facets of one question",
    "45 overlapping parents",
    "200 counties",
    "20 suggestions for two letters",
    "places for two letters, 30 times",
    "regions by 250 words",
    "highlights of a page",
    "2,000 marks of a map",
    "characters of every script",
    "a page as costly as allowed",
}


REFUSED_LISTS = {
    "a form of 1 MB",
    "a form of percent signs",
    "a form nested 100,000 deep",
    "4,000 rows without a question",
    "9,000 ids",
}


@pytest.fixture(scope="module")
def network() -> Snapshot:
    get_gazetteer().prepare()  # as a server does before it answers
    return build_snapshot(SIZE)


@pytest.mark.parametrize("family", GRAPHQL_FAMILIES)
def test_each_family_is_refused_with_a_code_or_answered(network: Snapshot, family: str) -> None:
    asked = GRAPHQL_FAMILIES[family]("turn")
    body = answer_document(asked["query"], asked["variables"], None, Context(network, NOW)).body
    codes = {error["extensions"]["code"] for error in body.get("errors", ())}
    assert ErrorCode.INTERNAL not in codes
    assert bool(codes) == (family not in ANSWERED)


@pytest.mark.parametrize("family", GRAPHQL_FAMILIES)
def test_no_request_is_sent_twice(family: str) -> None:
    assert GRAPHQL_FAMILIES[family]("t0") != GRAPHQL_FAMILIES[family]("t1")


@pytest.mark.parametrize("family", HTTP_FAMILIES)
def test_each_raw_request_is_one_and_new(family: str) -> None:
    first, second = HTTP_FAMILIES[family]("t0"), HTTP_FAMILIES[family]("t1")
    assert first != second
    assert first.startswith((b"GET /graphql", b"POST /graphql"))
    assert first.count(b"\r\n\r\n") >= 1


@pytest.mark.parametrize("family", RECONCILE_FAMILIES)
def test_each_form_is_as_large_as_it_says_and_a_form(family: str) -> None:
    fields = dict(parse_qsl(RECONCILE_FAMILIES[family]("t0").decode(), max_num_fields=2))
    assert {"queries", "extend"} & fields.keys()
    assert (len(RECONCILE_FAMILIES[family]("t0")) > BODY_BYTES) == (family == "a form of 1 MB")


@pytest.mark.parametrize("family", RECONCILE_FAMILIES)
def test_each_form_is_refused_with_a_code_or_answered(network: Snapshot, family: str) -> None:
    body = RECONCILE_FAMILIES[family]("t0")
    if family in REFUSED_LISTS:
        with pytest.raises(Refusal) as refused:
            parse_request(body)
        assert refused.value.code in (ErrorCode.BAD_INPUT, ErrorCode.TOO_LARGE)
    else:
        asked = parse_request(body)
        assert _extend_organizations(network, asked.extension) if asked.extension else _reconcile_rows(network, asked.rows or {})


def test_every_family_stands_in_the_report() -> None:
    abused = [AttackResult(family, 200, "TOO_COMPLEX", 10, 0.3, 0.1, [0.01, 0.2, 0.02]) for family in GRAPHQL_FAMILIES]
    told = format_report(NetworkDatabase(SIZE, Path("none"), None), (abused, [0.001]))
    assert all(f"| {family} |" in told for family in GRAPHQL_FAMILIES)
    assert "| 100 ms | 300 ms | ≤ 250 ms | **missed** | ≤ 205 ms | **missed** | 20 ms | ≤ 100 ms | met | 200 ms |" in told


@pytest.mark.slow
def test_what_was_measured_is_told_beside_what_was_declared() -> None:
    fields, questions = build_tables(SIZE, measure_costs(SIZE))
    assert len(fields.rows) == len(FIELDS)
    assert len(questions.rows) > len(QUESTIONS)


def test_a_field_fits_when_it_is_no_dearer_than_declared_give_or_take() -> None:
    assert CostComparison("a", 10.0, 30.0).is_covered
    assert CostComparison("a", 0.3, 2.0).is_covered
    assert not CostComparison("a", 10.0, 30.1).is_covered
