"""The request log: one short line per request, without user input."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from schema.types import query
from tests.web.conftest import LogReader, code
from web.operations.request_log import OPERATION_NAME

USER_INPUT = "harriet"
MAX_LINE_BYTES = 2_048
LINE = re.compile(
    r"\(?[\w ]+\)? (/|/healthz|/graphql|\(another path\)) \d{3} \d+\.\d ms( [A-Za-z_]\w*)?( [A-Z_]+)?( error=\w{12})?"
)
SEARCH = "query Find($q: String) { organizations(query: $q) { totalCount } }"


@pytest.fixture
def read_lines(read_request_log: LogReader, caplog: pytest.LogCaptureFixture) -> Iterator[LogReader]:
    """Yield a function that returns the new lines. Afterwards, check that nothing that was logged contains the user input."""
    lines: list[str] = []

    def read() -> list[str]:
        lines.extend(new := read_request_log())
        return new

    yield read
    records = [record.getMessage() for record in caplog.records if record.name.startswith("directory")]
    assert USER_INPUT not in "\n".join([*lines, *records]).lower()
    assert all(len(line.encode()) <= MAX_LINE_BYTES and LINE.fullmatch(line) for line in lines), lines


REQUESTS: list[tuple[str, dict[str, Any], str]] = [
    ("POST", {"json": {"query": SEARCH, "variables": {"q": USER_INPUT}, "operationName": "Find"}}, "Find"),
    ("GET", {"params": {"query": SEARCH, "variables": f'{{"q": "{USER_INPUT}"}}'}}, ""),
    ("POST", {"json": {"query": f'{{ organizations(query: "{USER_INPUT}") {{ totalCount }} }}'}}, ""),
    ("POST", {"json": {"query": f"query {USER_INPUT} {{ nothing }}", "operationName": USER_INPUT}}, "NOT_VALID"),
    ("POST", {"json": {"query": "query A { __typename }", "operationName": USER_INPUT}}, "BAD_INPUT"),
    ("POST", {"json": {"query": "query INTERNAL { __typename }", "operationName": "INTERNAL"}}, ""),
    ("POST", {"json": {"query": "{ __typename }", "operationName": f"A {USER_INPUT}"}}, "BAD_INPUT"),
    ("POST", {"json": {"query": f"{{ {USER_INPUT}"}}, "BAD_SYNTAX"),
    ("POST", {"json": {"documentId": USER_INPUT}}, "DOCUMENT_NOT_FOUND"),
    ("POST", {"content": USER_INPUT.encode(), "headers": {"Content-Type": "application/json"}}, "BAD_INPUT"),
    ("POST", {"content": b"", "headers": {"Content-Type": f"text/{USER_INPUT}"}}, "BAD_INPUT"),
    ("GET", {"params": {"query": "{ __typename }"}, "headers": {"Authorization": f"Bearer {USER_INPUT}"}}, "UNAUTHENTICATED"),
    ("GET", {"params": {"query": "{ __typename }"}, "headers": {"Accept": f"text/{USER_INPUT}"}}, "BAD_INPUT"),
    ("POST", {"json": {"query": "{ __typename }"}, "headers": dict.fromkeys(("User-Agent", "Referer", "X-F"), USER_INPUT)}, ""),
    ("POST", {"json": {"query": f'{{ node(id: "{USER_INPUT}") {{ id }} }}'}}, "BAD_INPUT"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "request_", "details"), REQUESTS)
def test_user_input_is_not_logged(
    client: TestClient, read_lines: LogReader, method: str, request_: dict[str, Any], details: str
) -> None:
    client.request(method, "/graphql", **request_)
    (line,) = read_lines()
    assert line.partition(" ms")[2].strip() == details


@pytest.mark.parametrize("path", [f"/{USER_INPUT}", f"/graphql/{USER_INPUT}", f"/healthz?{USER_INPUT}", f"/%0a{USER_INPUT}"])
def test_unknown_paths_are_not_logged(client: TestClient, read_lines: LogReader, path: str) -> None:
    client.get(path)
    assert len(read_lines()) == 1


def test_an_unknown_method_is_not_logged(client: TestClient, read_lines: LogReader) -> None:
    client.request(USER_INPUT.upper(), "/graphql")
    assert read_lines()[0].startswith("(another method) /graphql 405")


@pytest.mark.parametrize("name", ["A" * 62, "A b", "é", "1A", "A\n", ""])
def test_an_operation_name_that_may_be_user_input_is_not_logged(name: str) -> None:
    assert not OPERATION_NAME.fullmatch(name)


def test_an_internal_error_is_logged_with_its_id(
    client: TestClient, read_lines: LogReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(query, "require_network", fail)
    response = client.post("/graphql", json={"query": "{ network { name } }"})
    assert code(response) == "INTERNAL"
    assert read_lines()[0].endswith(f" INTERNAL error={response.json()['errors'][0]['extensions']['errorId']}")


def test_a_request_that_fails_completely_is_logged(client: TestClient, read_lines: LogReader, tmp_path: Path) -> None:
    client.app.state.graphql.documents, documents = None, client.app.state.graphql.documents  # type: ignore[attr-defined]
    try:
        assert client.post("/graphql", json={"query": "{ __typename }"}).status_code == 500
    finally:
        client.app.state.graphql.documents = documents  # type: ignore[attr-defined]
    assert read_lines()[0].startswith("POST /graphql 500")
