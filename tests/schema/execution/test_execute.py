"""Invalid documents, and internal errors."""

import logging
from typing import Any

import pytest

from directory.search.snapshot import Snapshot, SnapshotState
from schema.context import Context
from schema.execution.execute import answer_document, answer_quickly, find_document_errors
from schema.execution.prepared_document import _document_cache, find_prepared
from schema.limits import QUICK_POINTS
from tests.builders import NOW, decode_body
from tests.schema.conftest import HARBOR, PATIENT, Ask, a_snapshot


def get_code(body: dict[str, Any]) -> str:
    return str(body["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize("document", ["", "{", "nonsense {", "{ a(b: }", '{ network { name } } "', "{ \x00 }", "#"])
def test_a_syntax_error_is_refused(ask: Ask, document: str) -> None:
    body = ask(document)
    assert get_code(body) == "BAD_SYNTAX"
    assert "data" not in body


@pytest.mark.parametrize(
    "document",
    [
        "{ nothing }",
        "mutation { a }",
        "subscription { a }",
        "{ network }",
        "{ organizations(first: $n) { totalCount } }",
        '{ organizations(first: "3") { totalCount } }',
        "{ organizations(first: %s) { totalCount } }" % ("9" * 5000),
        "{ organizations(filter: {near: {place: {}}}) { totalCount } }",
        "{ network { ...A } } fragment A on Network { ...A }",
        "type Query { a: Int }",
    ],
)
def test_an_invalid_document_is_refused(ask: Ask, document: str) -> None:
    body = ask(document)
    assert get_code(body) == "NOT_VALID"
    assert "data" not in body


@pytest.mark.parametrize(
    "document",
    [
        "{ network " * 20_000,
        "{ organizations(filter: " + "{a: " * 20_000,
        "{ organizations(filter: {kinds: " + "[" * 3000 + "]" * 3000 + "}) { totalCount } }",
        '{ issueArea(slug: "housing") { ' + "broader { " * 3000 + "slug" + " }" * 3002,
        "query($a: " + "[" * 3000 + "Int" + "]" * 3000 + ") { network { name } }",
    ],
)
def test_deep_nesting_is_refused(ask: Ask, document: str) -> None:
    body = ask(document)
    assert get_code(body) in ("TOO_LARGE", "BAD_SYNTAX", "NOT_VALID")
    assert "data" not in body


def test_an_unknown_operation_is_refused(snapshot: Snapshot) -> None:
    for name in ("B", None):
        body = decode_body(
            answer_document("query A { network { name } } query C { network { name } }", None, name, Context(snapshot, NOW))
        )
        assert get_code(body) == "BAD_INPUT"


def test_an_infinite_latitude_is_refused(ask: Ask) -> None:
    body = ask("{ organizations(filter: {within: {south: %s, west: 0, north: 1, east: 1}}) { totalCount } }" % ("9" * 5000))
    assert get_code(body) == "BAD_INPUT"


@pytest.mark.parametrize("wrong", [{"n": "three"}, {"n": 2**40}, {"n": [1]}, {"n": {"a": 1}}, {"n": True}])
def test_invalid_variables_are_refused(ask: Ask, wrong: dict[str, Any]) -> None:
    body = ask("query($n: Int) { organizations(first: $n) { totalCount } }", **wrong)
    assert get_code(body) == "BAD_INPUT"
    assert "data" not in body


def test_an_internal_error_is_masked_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    broken = a_snapshot(HARBOR, state=SnapshotState(1, "v1", HARBOR.id))
    broken.state = None  # type: ignore[assignment]
    with caplog.at_level(logging.ERROR):
        body = decode_body(
            answer_document("{ organizations { version totalCount } viewer { audience } }", None, None, Context(broken, NOW))
        )
    assert body["data"] == {"organizations": None, "viewer": {"audience": "PUBLIC"}}
    error = body["errors"][0]
    assert error["extensions"].keys() == {"code", "errorId"}
    assert get_code(body) == "INTERNAL"
    assert "NoneType" not in str(body)
    assert error["extensions"]["errorId"] in caplog.text


def test_a_refusal_is_not_logged(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    ask("{ organizations(first: 0) { totalCount } }")
    ask("{ nonsense }")
    assert caplog.text == ""


def test_without_a_network_the_network_is_refused() -> None:
    body = decode_body(
        answer_document("{ network { name } }", None, None, Context(a_snapshot(state=SnapshotState(0, "v0")), NOW))
    )
    assert get_code(body) == "UNAVAILABLE"


def test_a_cached_document_gives_the_same_answer(ask: Ask) -> None:
    _document_cache.clear()
    document = '{ issueArea(slug: "housing") { label } }'
    assert find_prepared(document, PATIENT) is None
    assert ask(document) == ask(document)
    assert find_prepared(document, PATIENT)


def test_a_cached_cheap_document_is_quick(ask: Ask) -> None:
    page = "organizations(first: 100) { nodes { updatedAt verifiedAt } }"
    document = f"query($n: Int) {{ issueAreas(first: $n) {{ nodes {{ {page} }} }} }}"
    context = Context(a_snapshot(HARBOR), NOW, None, PATIENT)
    _document_cache.clear()
    assert answer_quickly(document, {"n": 1}, None, context).is_unfinished
    ask(document, n=1)
    assert not answer_quickly(document, {"n": 1}, None, context).is_unfinished
    many = answer_quickly(document, {"n": 100}, None, context)
    assert many.is_unfinished
    assert many.estimate > QUICK_POINTS


def test_the_schema_can_be_read_by_tools(ask: Ask) -> None:
    kinds = ask('{ __schema { types { name } } __type(name: "PlaceInput") { isOneOf } }')["data"]
    assert {"name": "Organization"} in kinds["__schema"]["types"]
    assert kinds["__type"]["isOneOf"] is True


@pytest.mark.parametrize(
    ("document", "codes"),
    [
        ("{ __typename }", []),
        ("{ nothing }", ["NOT_VALID"]),
        ("{", ["BAD_SYNTAX"]),
        ("{ a" * 20 + " }" * 20, ["TOO_COMPLEX"]),
        ("{ a" * 600 + " }" * 600, ["BAD_SYNTAX"]),  # the parser goes no deeper
    ],
)
def test_a_trusted_document_is_refused_for_what_a_request_would_be_refused_for(document: str, codes: list[str]) -> None:
    asked = decode_body(answer_document(document, {}, None, Context(a_snapshot(HARBOR), NOW)))
    assert [error["extensions"]["code"] for error in asked.get("errors", ())] == codes
    assert [fault["extensions"]["code"] for fault in find_document_errors(document)] == codes
