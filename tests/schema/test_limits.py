"""Requests that exceed a limit: refused with a code, a message and the numbers, or answered in part."""

import datetime as dt
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from directory.search.snapshot import Snapshot
from schema.context import ClientBudget, Context
from schema.execution.execute import Answer, answer_document
from schema.execution.prepared_document import _document_cache
from schema.limits import LIMITS, POINTS_A_MINUTE, Limits
from tests.builders import NOW, decode_body
from tests.schema.conftest import Ask
from tests.schema.execution.test_document_measures import ABUSIVE, FILLED

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "front-end.md"
HUGE = "9" * 5_000
COUNT = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"


@pytest.fixture
def within(snapshot: Snapshot) -> Any:
    def answer(document: str, variables: dict[str, Any] | None = None, **limits: float) -> Answer:
        return answer_document(
            document, variables, None, Context(snapshot, NOW, limits=msgspec.structs.replace(LIMITS, **limits))
        )

    return answer


def refusal(body: dict[str, Any]) -> dict[str, Any]:
    """Return the extensions of the one error that refuses a whole request."""
    assert "data" not in body
    (error,) = body["errors"]
    assert error["message"].endswith(".")
    extensions: dict[str, Any] = error["extensions"]
    return extensions


@pytest.mark.parametrize(
    ("document", "extensions"),
    [
        ("{ __typename }" + " " * 16_371, {"limit": 16_384, "counted": 16_385, "of": "document_bytes"}),
        ("{ __typename } #" + "é" * 8_185, {"limit": 16_384, "counted": 16_386, "of": "document_bytes"}),
        (
            f'{{ organizations(query: "{"x" * 900_000}") {{ totalCount }} }}',
            {"limit": 16_384, "counted": 900_043, "of": "document_bytes"},
        ),
        ("{ a {" + "b: id " * 10_000 + "} }", {"limit": 16_384, "counted": 60_008, "of": "document_bytes"}),
        ("{ a " + "@skip(if: true) " * 20_000 + "}", {"limit": 16_384, "counted": 320_005, "of": "document_bytes"}),
        ("query A { a } " * 5_000, {"limit": 16_384, "counted": 70_000, "of": "document_bytes"}),
        ("{ " + "a " * 1_999 + "}", {"limit": 2_000, "of": "tokens"}),
        ("{ __typename }" + "#\n" * 501, {"limit": 500, "of": "comments"}),
    ],
)
def test_a_document_that_is_too_large_is_not_parsed(ask: Ask, document: str, extensions: dict[str, Any]) -> None:
    assert refusal(ask(document)) == {"code": "TOO_LARGE", **extensions}


def test_a_document_at_the_limit_is_answered(ask: Ask) -> None:
    assert "data" in ask("{ __typename }" + " " * 16_370)
    assert "data" in ask("{ __typename }" + "#\n" * 500)
    assert "data" in ask("{ network { " + "__typename " * 50 + "} }")


@pytest.mark.parametrize(("document", "_of"), ABUSIVE.values(), ids=ABUSIVE)
def test_abuse_is_refused(ask: Ask, document: str, _of: str) -> None:
    assert refusal(ask(document))["code"] in ("TOO_LARGE", "TOO_COMPLEX")


def test_the_count_is_reported(ask: Ask) -> None:
    extensions = refusal(ask(FILLED["aliases"](101)))
    assert extensions == {"code": "TOO_COMPLEX", "limit": 100, "counted": 101, "of": "aliases"}


def test_overlapping_fields_are_refused_by_count_or_by_comparisons(ask: Ask) -> None:
    parent = "parent { id name slug kind founded website summary nationwide updatedAt } "
    few, many = (f'{{ organization(by: {{slug: "a"}}) {{ {parent * number} }} }}' for number in (50, 51))
    assert refusal(ask(few))["of"] == "comparisons"
    assert refusal(ask(many))["of"] == "equal_keys"


def test_cyclic_fragments_are_not_valid(ask: Ask) -> None:
    body = ask("{ ...F } fragment F on Query { network { name } ...F " + "viewer { audience } " * 20 + "}")
    assert refusal(body)["code"] == "NOT_VALID"


@pytest.mark.parametrize(
    "document",
    [
        f"{{ organizations(first: {HUGE}) {{ totalCount }} }}",
        f"{{ organizations(first: -{HUGE}) {{ totalCount }} }}",
        f"{{ organizations {{ map(limit: {HUGE}) {{ withoutPoint }} }} }}",
        f"query($n: Int = {HUGE}) {{ organizations(first: $n) {{ totalCount }} }}",
    ],
)
def test_numbers_of_5000_digits_are_not_valid(ask: Ask, document: str) -> None:
    assert refusal(ask(document))["code"] == "NOT_VALID"


@pytest.mark.parametrize("number", [10**400, -(10**400), 1e300, True, "20", [1, 2], None, 0])
def test_no_number_in_the_variables_breaks_the_cost(ask: Ask, number: Any) -> None:
    body = ask("query($n: Int) { organizations(first: $n) { nodes { name } } }", n=number)
    assert all(error["extensions"]["code"] == "BAD_INPUT" for error in body.get("errors", ()))


@pytest.mark.parametrize(
    ("variables", "of"),
    [
        ({"ids": ["a"] * 100_000}, "variable_values"),
        ({"ids": [], "other": [[[1] * 700] * 3]}, "variable_values"),
        ({"ids": [], "other": {str(n): n for n in range(1_000)}}, "variable_values"),
        ({"ids": ["x" * 16_400]}, "variable_characters"),
        ({"ids": [], "other": {"x" * 1_000_000: 1}}, "variable_characters"),
    ],
)
def test_variables_that_are_too_large_are_not_read(ask: Ask, variables: dict[str, Any], of: str) -> None:
    extensions = refusal(ask(COUNT, **variables))
    assert (extensions["code"], extensions["of"]) == ("TOO_LARGE", of)


def test_too_many_ids_are_refused_by_their_field(ask: Ask) -> None:
    body = ask(COUNT, ids=["a"] * 101)
    assert body["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    literal = ask("{ nodes(ids: [%s]) { id } }" % ('"a" ' * 1_900))
    assert literal["errors"][0]["extensions"]["code"] == "BAD_INPUT"


def test_a_response_has_at_most_five_errors_and_counts_the_others(ask: Ask) -> None:
    body = ask(COUNT, ids=["a"] * 12)
    assert len(body["errors"]) == LIMITS.errors
    assert body["extensions"]["errorsLeftOut"] == 7
    assert body["data"]["nodes"] == [None] * 12


def test_an_invalid_document_gets_at_most_five_errors(ask: Ask) -> None:
    body = ask("{ network { " + " ".join(f"nothing{n}" for n in range(30)) + " } }")
    assert [error["extensions"]["code"] for error in body["errors"]] == ["NOT_VALID"] * LIMITS.errors
    assert not any("Too many validation errors" in error["message"] for error in body["errors"])


def test_invalid_variables_get_at_most_five_errors(ask: Ask) -> None:
    body = ask(COUNT, ids=[{}] * 30)
    assert "data" not in body
    assert len(body["errors"]) == LIMITS.errors


def test_a_slow_request_is_stopped(within: Any) -> None:
    extensions = refusal(decode_body(within("{ organizations { nodes { name } } }", seconds=-1)))
    assert extensions == {"code": "TOO_SLOW", "limit": -1}


def test_execution_stops_between_the_items_of_a_list(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(100))
    own_time = SimpleNamespace(monotonic=lambda: float(next(clock)), thread_time=time.thread_time)  # other threads keep theirs
    monkeypatch.setattr("schema.limits.time", own_time)
    document = '{ region(code: "US") { contains { code within { code } } } }'
    body = decode_body(answer_document(document, None, None, Context(snapshot, NOW, limits=Limits(seconds=3))))
    assert refusal(body)["code"] == "TOO_SLOW"
    # At the start, before the root field, and each time some fields have been answered: the last is too late.
    assert next(clock) == 5


def test_execution_stops_if_lists_are_longer_than_usual(within: Any) -> None:
    lists = " ".join(f'a{n}: region(code: "US") {{ contains {{ code name kind }} }}' for n in range(3))
    extensions = refusal(decode_body(within(f"{{ {lists} }}", cpu_seconds=60)))
    assert extensions == {"code": "TOO_COMPLEX", "limit": 20_000, "of": "answered_fields"}


@pytest.mark.parametrize("alias", ["a", "a" * 4_000])
def test_execution_stops_at_too_many_characters(within: Any, alias: str) -> None:
    names = " ".join(f"{alias}{n}: name" for n in range(3))
    document = f'{{ region(code: "US") {{ contains {{ {names} }} }} }}'
    assert "errors" not in decode_body(within(document, document_bytes=20_000, answered_characters=60_000_000))
    extensions = refusal(decode_body(within(document, document_bytes=20_000, answered_characters=500)))
    assert extensions == {"code": "TOO_COMPLEX", "limit": 500, "of": "answered_characters"}


def test_every_response_reports_its_cost(ask: Ask) -> None:
    for document in ("{ __typename }", "{ organizations(first: 0) { totalCount } }", "{ organizations { nodes { name } } }"):
        cost = ask(document)["extensions"]["cost"]
        assert cost["limit"] == LIMITS.cost
        assert 0 < cost["requested"] < 100


def test_a_request_that_costs_too_much_is_refused_with_its_cost(ask: Ask) -> None:
    document = (
        "query($n: Int) { issueAreas(first: $n) { nodes { organizations(first: $n) { nodes { "
        "updatedAt branches { id updatedAt verifiedAt branches { id updatedAt verifiedAt } } } } } } }"
    )
    assert "data" in ask(document, n=3)
    body = ask(document, n=100)
    extensions = refusal(body)
    assert (extensions["code"], extensions["of"], extensions["limit"]) == ("TOO_COMPLEX", "cost", 10_000)
    assert extensions["cost"] == body["extensions"]["cost"]["requested"] > 10_000


def test_a_request_is_charged_its_cost_and_the_parsing_of_a_new_document(within: Any) -> None:
    _document_cache.clear()
    document = "{ communities { label } }"
    first, again = within(document), within(document)
    cost = decode_body(again)["extensions"]["cost"]["requested"]
    assert first.points > again.points >= cost
    refusal_answer = within("{ communities { lable } }")
    assert refusal_answer.points > 0
    assert "extensions" not in decode_body(refusal_answer)


def test_refused_documents_are_not_cached(ask: Ask) -> None:
    _document_cache.clear()
    for n in range(10):
        ask(f"{{ nothing{n} }}")
    assert len(_document_cache) == 0


RATE = "{ viewer { rateLimit { cost limit remaining resetAt } } }"


def test_the_viewer_reads_the_remaining_points(snapshot: Snapshot) -> None:
    budget = ClientBudget(1_000, 500, NOW + dt.timedelta(seconds=7))
    body = decode_body(answer_document(RATE, None, None, Context(snapshot, NOW, budget)))
    cost = body["extensions"]["cost"]["requested"]
    extensions = {"cost": cost, "limit": 1_000, "remaining": 500 - cost, "resetAt": "2026-06-01T12:00:07Z"}
    assert body["data"]["viewer"]["rateLimit"] == extensions


def test_remaining_points_are_never_negative(snapshot: Snapshot) -> None:
    body = decode_body(answer_document(RATE, None, None, Context(snapshot, NOW, ClientBudget(1_000, 1, NOW))))
    assert body["data"]["viewer"]["rateLimit"]["remaining"] == 0


def test_without_a_rate_limit_the_budget_is_full(ask: Ask) -> None:
    extensions = ask(RATE)["data"]["viewer"]["rateLimit"]
    assert (extensions["limit"], extensions["remaining"]) == (POINTS_A_MINUTE, POINTS_A_MINUTE - extensions["cost"])
    assert extensions["resetAt"] == "2026-06-01T12:01:00Z"


@pytest.mark.parametrize("limit", [field.name for field in msgspec.structs.fields(Limits)])
def test_the_documentation_states_the_limit(limit: str) -> None:
    value = getattr(LIMITS, limit)
    number = f"{value:,}" if isinstance(value, int) else f"{value:g}"
    assert f"| `{limit}` | {number} |" in DOCUMENTATION.read_text()
