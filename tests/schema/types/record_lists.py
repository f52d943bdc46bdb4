"""Ask a directory in a real database, and read its lists page by page. For tests of coalitions, events and instruments."""

from typing import Any

import msgspec

from directory.live import Directory
from directory.records import Audience, StoredRecord
from directory.store.ledger.edits import Put
from schema.context import Context
from schema.execution.execute import answer_document
from schema.types.global_ids import GlobalId
from tests.builders import NOW, decode_body
from tests.schema.conftest import PATIENT, Ask

PAGE_INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


def write_records(directory: Directory, *records: StoredRecord) -> None:
    directory.write([Put(record) for record in records], actor="test", now=NOW, reason="test")


def make_ask(directory: Directory, audience: Audience = Audience.PUBLIC) -> Ask:
    """Return a function that executes a document against what the audience sees at that time."""

    def execute(document: str, **variables: Any) -> dict[str, Any]:
        context = Context(directory.get_snapshot(audience), NOW, None, PATIENT)
        return decode_body(answer_document(document, variables, None, context))

    return execute


def read_data(ask: Ask, document: str, **variables: Any) -> dict[str, Any]:
    """Return the data of the answer, which must have no errors."""
    body = ask(document, **variables)
    assert "errors" not in body, body["errors"]
    data: dict[str, Any] = body["data"]
    return data


def read_refusal(ask: Ask, document: str, **variables: Any) -> dict[str, Any]:
    """Return the extensions of the only error, and its message. Without them the field must be null."""
    body = ask(document, **variables)
    (error,) = body["errors"]
    assert len(error["message"]) > 20
    return {**error["extensions"], "message": error["message"]}


def make_global_id(type_name: str, record: StoredRecord) -> str:
    return str(GlobalId(type_name, record.id))


def format_arguments(**arguments: Any) -> str:
    """Return arguments as they stand in a document; "" without any. Values of enums are not supported."""
    texts = [f"{name}: {_format_value(value)}" for name, value in arguments.items() if value is not None]
    return f"({', '.join(texts)})" if texts else ""


def _format_value(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_format_value(item)}' for name, item in value.items())}}}"
    return msgspec.json.encode(value).decode()


def list_slugs(ask: Ask, field: str, **arguments: Any) -> list[str]:
    """Return the slugs of a list of the query type, all on one page, whose total must be their number."""
    data = read_data(ask, f"{{ {field}{format_arguments(first=100, **arguments)} {{ nodes {{ slug }} totalCount }} }}")
    slugs = [node["slug"] for node in data[field]["nodes"]]
    assert data[field]["totalCount"] == len(slugs)
    return slugs


def read_page(ask: Ask, field: str, **arguments: Any) -> dict[str, Any]:
    """Return a page whose edges agree with its nodes and cursors."""
    selection = f"edges {{ cursor node {{ slug }} }} nodes {{ slug }} totalCount {PAGE_INFO}"
    page: dict[str, Any] = read_data(ask, f"{{ {field}{format_arguments(**arguments)} {{ {selection} }} }}")[field]
    cursors = [edge["cursor"] for edge in page["edges"]]
    assert [edge["node"] for edge in page["edges"]] == page["nodes"]
    expected = (cursors[0], cursors[-1]) if cursors else (None, None)
    assert (page["pageInfo"]["startCursor"], page["pageInfo"]["endCursor"]) == expected
    return page


def walk_forward(ask: Ask, field: str, size: int, **arguments: Any) -> list[str]:
    """Return the slugs of all pages from the first to the last. Checks on each page whether there are more."""
    slugs: list[str] = []
    cursor = None
    while True:
        page = read_page(ask, field, first=size, after=cursor, **arguments)
        slugs += [node["slug"] for node in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage"] == (cursor is not None)
        assert page["pageInfo"]["hasNextPage"] == (len(slugs) < page["totalCount"])
        if not page["pageInfo"]["hasNextPage"]:
            return slugs
        cursor = page["pageInfo"]["endCursor"]


def walk_backward(ask: Ask, field: str, size: int, **arguments: Any) -> list[str]:
    """Return the slugs of all pages from the last to the first, in the order of the list."""
    slugs: list[str] = []
    cursor = None
    while True:
        page = read_page(ask, field, last=size, before=cursor, **arguments)
        slugs = [node["slug"] for node in page["nodes"]] + slugs
        assert page["pageInfo"]["hasNextPage"] == (cursor is not None)
        assert page["pageInfo"]["hasPreviousPage"] == (len(slugs) < page["totalCount"])
        if not page["pageInfo"]["hasPreviousPage"]:
            return slugs
        cursor = page["pageInfo"]["startCursor"]


def check_pages(ask: Ask, field: str, **arguments: Any) -> None:
    """Check that pages of several sizes neither skip nor repeat a record, in both directions."""
    slugs = list_slugs(ask, field, **arguments)
    assert len(slugs) == len(set(slugs)) > 3
    for size in (1, 2, 3, len(slugs), 100):
        assert walk_forward(ask, field, size, **arguments) == slugs
        assert walk_backward(ask, field, size, **arguments) == slugs
