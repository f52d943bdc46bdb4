"""What the code assumes about its libraries beyond their documentation.

These are internals that we override or read, constants that we overwrite, and errors that we can recognize only by their text. A
test fails here when a new version of a library changes one of them.
"""

import ast
import asyncio
import csv
import inspect
import io
import json
import re
import socket
import sqlite3
import textwrap
import tomllib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import httptools
import numpy as np
import psycopg
import pytest
import strawberry
import xlsxwriter
from graphql import GraphQLSchema, build_schema, parse, print_schema, validate
from graphql.validation.rules import overlapping_fields_can_be_merged as merge_rule
from graphql.validation.validate import ValidationAbortedError
from msgspec.structs import replace
from pydantic import AfterValidator, BaseModel, ValidationError
from pyroaring import BitMap
from python_calamine import CalamineError, CalamineWorkbook
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState
from uvicorn.supervisors import Multiprocess, multiprocess

from schema.errors import RequestRefusedError
from schema.execution.prepared_document import get_prepared_document
from schema.limits import LIMITS, MAX_FIELD_COMPARISONS
from seed.sources import dataset_loader
from seed.sources.formats import csv_records, workbook
from web.server.connection import Connection, LimitExceeded
from web.server.shutdown import DrainingServer, DrainingWorker, DrainingWorkers
from web.settings import VALUE_ERROR_PREFIX

ROOT = Path(__file__).parent.parent
PINNED_MINORS = ["uvicorn", "graphql-core", "strawberry-graphql"]


@pytest.mark.parametrize("name", PINNED_MINORS)
def test_a_library_whose_internals_are_used_is_pinned_to_its_minor_version(name: str) -> None:
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    major, minor = map(int, version(name).split(".")[:2])
    assert [each for each in dependencies if re.match(rf"{name}\b", each)] == [f"{name}>={major}.{minor},<{major}.{minor + 1}"]


# uvicorn: web/server/connection.py and web/server/shutdown.py

# The methods that each of our classes overrides, then the inherited attributes that it uses
UVICORN_CLASSES: dict[type, tuple[set[str], set[str]]] = {
    Connection: (
        {
            "connection_made", "connection_lost", "data_received", "on_message_begin", "on_header", "on_body",
            "on_headers_complete", "on_message_complete", "on_response_complete", "shutdown", "pause_writing",
            "resume_writing", "timeout_keep_alive_handler", "send_400_response",
        },
        {"client", "cycle", "loop", "pipeline", "transport"},
    ),
    DrainingServer: ({"shutdown"}, {"config", "lifespan", "server_state", "servers"}),
    DrainingWorker: ({"server"}, {"_server", "config"}),
    DrainingWorkers: ({"terminate_all"}, {"sockets"}),
}  # fmt: skip
CYCLE_ATTRIBUTES = {"disconnected", "keep_alive", "message_event", "response_complete", "response_started"}


def list_self_attributes(cls: type) -> set[str]:
    """Return the names of all attributes that the methods of a class use through `self`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return {node.attr for node in attributes if isinstance(node.value, ast.Name) and node.value.id == "self"}


def list_assigned_attributes(cls: type) -> set[str]:
    """Return the names that the methods of a class itself assign through `self`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    targets = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)]
    return {node.attr for node in targets if isinstance(node.value, ast.Name) and node.value.id == "self"}


@pytest.mark.parametrize("cls", UVICORN_CLASSES, ids=lambda cls: cls.__name__)
def test_every_override_has_a_method_of_uvicorn_with_the_same_parameters(cls: type) -> None:
    overridden, _ = UVICORN_CLASSES[cls]
    base: Any = cls.__mro__[1]
    public = {name for name, member in vars(cls).items() if (not name.startswith("_") and callable(member)) or name == "server"}
    assert public == overridden, "UVICORN_CLASSES does not list all overrides"
    for name in overridden:
        ours, theirs = inspect.getattr_static(cls, name), inspect.getattr_static(base, name)
        assert type(ours) is type(theirs), name
        if inspect.isfunction(ours):
            assert list(inspect.signature(ours).parameters) == list(inspect.signature(theirs).parameters), name
            assert inspect.iscoroutinefunction(ours) == inspect.iscoroutinefunction(theirs), name


@pytest.mark.parametrize("cls", UVICORN_CLASSES, ids=lambda cls: cls.__name__)
def test_every_inherited_attribute_is_one_of_uvicorn(cls: type) -> None:
    _, inherited = UVICORN_CLASSES[cls]
    base = cls.__mro__[1]
    of_uvicorn = list_assigned_attributes(base)
    used = list_self_attributes(cls) - vars(cls).keys()
    assert used - {"_limits", "_peer"} == inherited, "UVICORN_CLASSES does not list all attributes"
    assert inherited <= of_uvicorn


def test_no_private_method_of_ours_hides_one_of_uvicorn() -> None:
    for cls in UVICORN_CLASSES:
        base = cls.__mro__[1]
        private = {name for name in vars(cls) if name.startswith("_") and not name.startswith("__")}
        assert not private & (vars(base).keys() | list_assigned_attributes(base)), cls


def test_a_request_of_uvicorn_has_the_attributes_that_a_connection_reads_and_sets() -> None:
    tree = ast.parse(textwrap.dedent(inspect.getsource(Connection)))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    used = {node.attr for node in nodes if ast.unparse(node.value) in ("cycle", "self.cycle", "self._oldest_cycle")}
    assert used == CYCLE_ATTRIBUTES
    assert used <= list_assigned_attributes(RequestResponseCycle)


def test_status_lines_are_complete_lines() -> None:
    assert STATUS_LINE[431] == b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    assert {400, 408, 413, 429, 431, 503} <= STATUS_LINE.keys()


class PipeliningApp:
    """An application that answers each request only when it is released, and records what `receive` returns."""

    def __init__(self) -> None:
        self.released = asyncio.Event()
        self.started = asyncio.Event()
        self.received: list[str] = []

    async def __call__(self, scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        if scope["type"] != "http":
            return
        self.received.append((await receive())["type"])
        self.started.set()
        await self.released.wait()
        self.received.append((await receive())["type"])


def test_uvicorn_queues_pipelined_requests_and_reports_a_disconnect() -> None:
    """`pipeline` holds pairs, the oldest at its end; `cycle` is the newest request; setting `disconnected` ends `receive`."""

    async def run() -> list[str]:
        app, protocols = PipeliningApp(), list[HttpToolsProtocol]()
        config = Config(app, lifespan="off", log_config=None)
        config.load()

        def build() -> HttpToolsProtocol:
            protocols.append(HttpToolsProtocol(config=config, server_state=ServerState(), app_state={}))
            return protocols[0]

        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        await asyncio.get_running_loop().connect_accepted_socket(build, sock=theirs)
        ours.sendall(b"GET /a HTTP/1.1\r\n\r\n" + b"GET /b HTTP/1.1\r\n\r\n" + b"GET /c HTTP/1.1\r\n\r\n")
        async with asyncio.timeout(10):
            await app.started.wait()
        (protocol,) = protocols
        assert [cycle.scope["path"] for cycle, _ in protocol.pipeline] == ["/c", "/b"]
        assert protocol.cycle.scope["path"] == "/c"
        first = next(iter(protocol.tasks))
        assert not protocol.cycle.response_started
        assert not protocol.cycle.response_complete
        running = first.get_coro().cr_frame.f_locals["self"]  # type: ignore[union-attr]
        running.disconnected = True
        running.message_event.set()
        app.released.set()
        async with asyncio.timeout(10):
            await first
        protocol.transport.abort()
        ours.close()
        return app.received

    assert asyncio.run(run()) == ["http.request", "http.disconnect"]


def test_an_exception_in_a_callback_of_the_parser_is_an_error_that_uvicorn_handles() -> None:
    """`LimitExceeded` stops the parser, and uvicorn then calls `send_400_response`."""

    class Callbacks:
        def on_header(self, name: bytes, value: bytes) -> None:
            raise LimitExceeded

    with pytest.raises(httptools.HttpParserError):
        httptools.HttpRequestParser(Callbacks()).feed_data(b"GET / HTTP/1.1\r\nA: b\r\n\r\n")
    assert "send_400_response" in HttpToolsProtocol.data_received.__code__.co_names


def test_uvicorn_takes_a_function_as_protocol_and_calls_it_with_these_arguments() -> None:
    config = Config(Starlette(), http=Connection)
    config.load()
    assert config.http_protocol_class is Connection
    assert list(inspect.signature(HttpToolsProtocol).parameters)[:3] == ["config", "server_state", "app_state"]


def test_a_shutdown_closes_the_servers_and_shuts_down_each_connection() -> None:
    names = Server.shutdown.__code__.co_names
    assert {"servers", "close", "server_state", "connections", "shutdown"} <= set(names)


def test_workers_are_created_by_the_name_that_we_replace() -> None:
    for create in (
        Multiprocess.init_processes,
        Multiprocess.restart_all,
        Multiprocess.keep_subprocess_alive,
        Multiprocess.handle_ttin,
    ):
        assert "Process" in create.__code__.co_names
        assert create.__globals__ is vars(multiprocess)
    assert "server" in multiprocess.Process.target.__code__.co_names


def test_the_parent_stops_its_workers_before_it_waits_for_them() -> None:
    names = Multiprocess.run.__code__.co_names
    assert names.index("terminate_all") < names.index("join_all")


# graphql-core and Strawberry: schema/


@pytest.mark.parametrize(
    ("document", "limit"), [("{ __typename __typename }", {"tokens": 3}), ("#a\n#b\n#c\n{ __typename }", {"comments": 2})]
)
def test_the_limits_of_the_parser_are_recognized_by_its_message(document: str, limit: dict[str, int]) -> None:
    """graphql-core has no code for them, so schema/execution/prepared_document.py looks for parts of the text."""
    with pytest.raises(RequestRefusedError) as error:
        get_prepared_document(document, replace(LIMITS, **limit))
    assert error.value.errors[0]["extensions"] == {
        "code": "TOO_LARGE",
        "of": next(iter(limit)),
        "limit": next(iter(limit.values())),
    }


def test_graphql_core_reads_the_budget_for_comparing_fields_that_we_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert merge_rule.MAX_COMPLEXITY_BUDGET == MAX_FIELD_COMPARISONS
    schema, document = build_schema("type Query { a: Int }"), parse("{ x: a x: a x: a }")
    rules = [merge_rule.OverlappingFieldsCanBeMergedRule]
    assert validate(schema, document, rules) == []
    monkeypatch.setattr(merge_rule, "MAX_COMPLEXITY_BUDGET", 1)
    assert [type(error) for error in validate(schema, document, rules)] == [ValidationAbortedError]


@strawberry.input(one_of=True)
class Choice:
    a: int | None = strawberry.UNSET
    b: int | None = strawberry.UNSET


@strawberry.type
class Query:
    @strawberry.field
    def field(self, choice: Choice, count: int | None = None) -> int:
        return count or 0


def test_strawberry_has_a_graphql_core_schema_that_can_be_changed() -> None:
    schema = strawberry.Schema(query=Query)._schema
    assert isinstance(schema, GraphQLSchema)
    count: Any = schema.type_map["Query"].fields["field"].args["count"]  # type: ignore[attr-defined]
    assert count.default_value is None
    assert "count: Int = null" in print_schema(schema)


def test_strawberry_keeps_its_definition_of_an_input_with_the_graphql_type() -> None:
    schema = strawberry.Schema(query=Query)._schema
    definition = schema.type_map["Choice"].extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    assert isinstance(definition, StrawberryObjectDefinition)
    assert definition.is_one_of


# The standard library and libraries that read files: seed/


def test_json_reports_a_second_value_with_this_text() -> None:
    with pytest.raises(json.JSONDecodeError) as error:
        json.loads('{"a": 1}\n{"a": 2}')
    assert error.value.msg == dataset_loader.EXTRA_DATA_MESSAGE


@pytest.mark.parametrize(
    ("line", "beginning"),
    [
        ('"open', csv_records._UNEXPECTED_END),
        (f'"{"a" * (csv.field_size_limit() + 1)}"', csv_records._FIELD_TOO_LARGE),
    ],
    ids=["open", "long"],
)
def test_csv_reports_a_broken_cell_with_these_texts(line: str, beginning: str) -> None:
    with pytest.raises(csv.Error) as error:
        next(csv.reader([line], strict=True))
    assert str(error.value).startswith(beginning)


def test_calamine_reports_a_sheet_with_too_many_cells_with_this_text() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "first")
        sheet.write("XFD1048576", "last")
    with pytest.raises(CalamineError, match=workbook._CELL_LIMIT_MESSAGE):
        CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)


# Databases: directory/store/


def test_sqlite_errors_have_the_name_of_their_code() -> None:
    with sqlite3.connect(":memory:") as connection, pytest.raises(sqlite3.Error) as error:
        connection.execute("SELECT * FROM missing")
    assert error.value.sqlite_errorname == "SQLITE_ERROR"


def test_sqlalchemy_keeps_the_error_of_the_driver() -> None:
    with create_engine("sqlite://").connect() as connection, pytest.raises(DBAPIError) as error:
        connection.execute(text("SELECT * FROM missing"))
    assert isinstance(error.value.orig, sqlite3.Error)


def test_psycopg_errors_have_a_sqlstate() -> None:
    assert psycopg.errors.SerializationFailure("x").sqlstate == "40001"
    assert psycopg.OperationalError("connection lost").sqlstate is None


# Others


def test_pydantic_puts_this_before_the_message_of_a_value_error() -> None:
    def refuse(_value: str) -> str:
        raise ValueError("our message")

    class Model(BaseModel):
        value: Annotated[str, AfterValidator(refuse)]

    with pytest.raises(ValidationError) as error:
        Model(value="x")
    assert [problem["msg"] for problem in error.value.errors()] == [f"{VALUE_ERROR_PREFIX}our message"]


def test_bitmaps_export_32_bit_numbers_in_order() -> None:
    """web/reconcile/candidates.py reads their buffer as such."""
    assert np.frombuffer(BitMap([70_000, 3]).to_array(), np.uint32).tolist() == [3, 70_000]
