"""The log: one short line a request, and nothing in it that somebody typed."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from schema.types import query
from tests.web.conftest import code
from web.operations.request_log import OPERATION_NAME

TYPED = "harriet"
LONGEST = 2_048  # bytes
LINE = re.compile(
    r"\(?[\w ]+\)? (/|/healthz|/graphql|\(another path\)) \d{3} \d+\.\d ms( [A-Za-z_]\w*)?( [A-Z_]+)?( error=\w{12})?"
)
SEARCH = "query Find($q: String) { organizations(query: $q) { totalCount } }"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """The lines of requests, which grow; at the end nothing that was logged may hold what was typed."""
    told: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record.getMessage())

    handler, logger = Kept(), logging.getLogger("directory.requests")
    logger.addHandler(handler)
    with caplog.at_level(logging.DEBUG):
        yield told
    logger.removeHandler(handler)
    assert TYPED not in "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("directory")).lower()
    assert all(len(line.encode()) <= LONGEST and LINE.fullmatch(line) for line in told), told


ASKED: list[tuple[str, dict[str, Any], str]] = [
    ("POST", {"json": {"query": SEARCH, "variables": {"q": TYPED}, "operationName": "Find"}}, "Find"),
    ("GET", {"params": {"query": SEARCH, "variables": f'{{"q": "{TYPED}"}}'}}, ""),
    ("POST", {"json": {"query": f'{{ organizations(query: "{TYPED}") {{ totalCount }} }}'}}, ""),
    ("POST", {"json": {"query": f"query {TYPED} {{ nothing }}", "operationName": TYPED}}, "NOT_VALID"),
    ("POST", {"json": {"query": "query A { __typename }", "operationName": TYPED}}, "BAD_INPUT"),
    ("POST", {"json": {"query": "{ __typename }", "operationName": f"A {TYPED}"}}, "BAD_INPUT"),
    ("POST", {"json": {"query": f"{{ {TYPED}"}}, "BAD_SYNTAX"),
    ("POST", {"json": {"documentId": TYPED}}, "DOCUMENT_NOT_FOUND"),
    ("POST", {"content": TYPED.encode(), "headers": {"Content-Type": "application/json"}}, "BAD_INPUT"),
    ("POST", {"content": b"", "headers": {"Content-Type": f"text/{TYPED}"}}, "BAD_INPUT"),
    ("GET", {"params": {"query": "{ __typename }"}, "headers": {"Authorization": f"Bearer {TYPED}"}}, "UNAUTHENTICATED"),
    ("GET", {"params": {"query": "{ __typename }"}, "headers": {"Accept": f"text/{TYPED}"}}, "BAD_INPUT"),
    ("POST", {"json": {"query": "{ __typename }"}, "headers": {"User-Agent": TYPED, "Referer": TYPED, "X-F": TYPED}}, ""),
    ("POST", {"json": {"query": f'{{ node(id: "{TYPED}") {{ id }} }}'}}, "BAD_INPUT"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "request_", "told"), ASKED)
def test_nothing_that_somebody_typed_is_told(
    client: TestClient, lines: list[str], method: str, request_: dict[str, Any], told: str
) -> None:
    client.request(method, "/graphql", **request_)
    (line,) = lines
    assert line.partition(" ms")[2].strip() == told


@pytest.mark.parametrize("path", [f"/{TYPED}", f"/graphql/{TYPED}", f"/healthz?{TYPED}", f"/%0a{TYPED}"])
def test_no_path_is_told_but_ours(client: TestClient, lines: list[str], path: str) -> None:
    client.get(path)
    assert len(lines) == 1


def test_a_method_that_somebody_made_up_is_not_told(client: TestClient, lines: list[str]) -> None:
    client.request(TYPED.upper(), "/graphql")
    assert lines[0].startswith("(another method) /graphql 405")


@pytest.mark.parametrize("name", ["A" * 62, "A b", "é", "1A", "A\n", ""])
def test_a_name_that_no_program_would_give_is_not_told(name: str) -> None:
    assert not OPERATION_NAME.fullmatch(name)


def test_what_is_ours_is_told_with_its_id(client: TestClient, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(query, "require_network", broken)
    response = client.post("/graphql", json={"query": "{ network { name } }"})
    assert code(response) == "INTERNAL"
    assert lines[0].endswith(f" INTERNAL error={response.json()['errors'][0]['extensions']['errorId']}")


def test_a_line_is_told_of_a_request_that_breaks_everything(client: TestClient, lines: list[str], tmp_path: Path) -> None:
    client.app.state.documents, kept = None, client.app.state.documents  # type: ignore[attr-defined]
    try:
        assert client.post("/graphql", json={"query": "{ __typename }"}).status_code == 500
    finally:
        client.app.state.documents = kept  # type: ignore[attr-defined]
    assert lines[0].startswith("POST /graphql 500")
