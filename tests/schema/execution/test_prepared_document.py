"""Texts with the same key share a plan, and nothing that depends on their literals."""

import sys
import threading
from typing import Any

import pytest

from schema.context import Context
from schema.execution import prepared_document
from schema.execution.execute import Answer, answer_document
from schema.execution.prepared_document import _document_cache, find_prepared
from schema.limits import LIMITS
from tests.builders import NOW
from tests.schema.conftest import HARBOR, a_snapshot

CONTEXT = Context(a_snapshot(HARBOR), NOW)


@pytest.fixture(autouse=True)
def no_documents() -> None:
    _document_cache.clear()


def answer(document: str, variables: dict[str, Any] | None = None, operation: str | None = None) -> Answer:
    return answer_document(document, variables, operation, CONTEXT)


def get_prepared(document: str) -> prepared_document.PreparedDocument:
    found = find_prepared(document, LIMITS)
    assert found
    return found[0]


def test_only_operations_of_the_document_are_remembered() -> None:
    document = "query A { __typename } query B { network { name } }"
    for operation in ("A", "B", None, *(f"unknown{number}" for number in range(50))):
        answer(document, None, operation)
    assert get_prepared(document).plans.keys() == {"A", "B", None}


def test_threads_prepare_the_operations_of_a_document_at_once() -> None:
    document = " ".join(f"query Q{number} {{ a{number}: __typename }}" for number in range(40))
    codes: list[Any] = []

    def ask(first: int) -> None:
        for number in range(first, first + 40):
            codes.append(answer(document, None, f"Q{number % 40}").first_error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=ask, args=(first,)) for first in (0, 10, 20, 30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert codes == [None] * 160


SEARCHES = " ".join(f'a{number}: organizations(query: "tenants", first: $n) {{ edges {{ cursor }} }}' for number in range(20))


@pytest.mark.parametrize(
    "document",
    [
        "query($n: Int = N) { " + SEARCHES + " }",
        '{ organizations(query: "TEXT") { totalCount } }',
        '{ organizations(query: """TEXT""") { totalCount } }',
        'query($q: String = "TEXT") { organizations(query: $q) { totalCount } }',
    ],
)
def test_the_price_is_that_of_the_literals_of_each_text(document: str) -> None:
    texts = [document.replace("N)", f"{n})").replace("TEXT", "tenants housing " * n) for n in (1, 9)]
    fresh = []
    for text in texts:
        _document_cache.clear()
        fresh.append(answer(text).cost)
    assert fresh[0] < fresh[1]  # type: ignore[operator]
    for order in (texts, texts[::-1]):
        _document_cache.clear()
        costs = {text: answer(text).cost for text in order}
        assert [costs[text] for text in texts] == fresh


def test_a_text_with_too_many_bytes_is_refused_even_if_its_key_is_known() -> None:
    document = "{ " + " ".join(f'a{n}: organizations(query: "{"x" * 480}") {{ totalCount }}' for n in range(20)) + " }"
    assert answer(document).has_data
    longer = document.replace("x" * 480, "é" * 480)
    assert len(longer) < LIMITS.document_bytes < len(longer.encode())
    assert answer(longer).first_error == {"code": "TOO_LARGE", "limit": LIMITS.document_bytes, "of": "document_bytes"} | {
        "counted": len(longer.encode())
    }


def test_a_document_of_introspection_is_parsed_once() -> None:
    document = "{ __schema { queryType { name } } }"
    answer(document)
    parsed = get_prepared(document).document
    answer(document)
    assert parsed is not None
    assert get_prepared(document).document is parsed


@pytest.mark.parametrize("number", ["9" * 4_301, "-" + "9" * 12])
@pytest.mark.parametrize("document", ["{ nodes(ids: N) { id } }", "{ organizations(first: N) { totalCount } }"])
def test_a_long_number_is_a_mistake_of_the_client(document: str, number: str) -> None:
    assert answer(document.replace("N", number)).first_error["code"] in ("NOT_VALID", "BAD_INPUT", None)  # type: ignore[index]
