"""What the files in web/server/ assume about uvicorn: the internals that they override and read.

A test fails here when a new version of uvicorn changes one of them.
"""

import ast
import asyncio
import inspect
import socket
import textwrap
from collections.abc import Callable
from typing import Any

import httptools
import pytest
from starlette.applications import Starlette
from uvicorn import Config, Server
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState
from uvicorn.supervisors import Multiprocess, multiprocess

from web.http.responses import WRITE_RESPONSE_KEY
from web.server.connection import Connection, LimitExceeded
from web.server.connection_limits import ConnectionLimits
from web.server.shutdown import DrainingServer, DrainingWorker, DrainingWorkers

# For each of our classes: the methods it overrides, and the inherited attributes it uses
UVICORN_CLASSES: dict[type, tuple[set[str], set[str]]] = {
    Connection: (
        {
            "connection_made", "connection_lost", "data_received", "on_message_begin", "on_header", "on_body",
            "on_headers_complete", "on_message_complete", "on_response_complete", "shutdown", "pause_writing",
            "resume_writing", "timeout_keep_alive_handler", "send_400_response",
        },
        {"client", "cycle", "flow", "loop", "parser", "pipeline", "scope", "transport"},
    ),
    DrainingServer: ({"capture_signals", "shutdown"}, {"config", "lifespan", "server_state", "servers"}),
    DrainingWorker: ({"server"}, {"_server", "config"}),
    DrainingWorkers: ({"terminate_all"}, {"sockets"}),
}  # fmt: skip
CYCLE_ATTRIBUTES = {
    "default_headers", "disconnected", "keep_alive", "message_event", "on_response", "response_complete", "response_started",
}  # fmt: skip


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
    assert used - {"_limits", "_memory", "_peer"} == inherited, "UVICORN_CLASSES does not list all attributes"
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


class RecordingTransport(asyncio.Transport):
    """Records what is written to it and whether it was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = list[bytes]()
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.writes.append(bytes(data))

    def is_closing(self) -> bool:
        return self.is_closed

    def can_write_eof(self) -> bool:
        return False

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def close(self) -> None:
        self.is_closed = True


HEADERS = [(b"content-length", b"4"), (b"etag", b'"a"')]
WHOLE_HEAD = b'content-length: 4\r\netag: "a"\r\n'


async def answer_one_request(sent: bytes, *, at_once: bool, disconnect: bool = False) -> tuple[Connection, RecordingTransport]:
    """Answer a request in one write or as uvicorn does, and return the connection afterwards."""

    async def app(scope: Any, receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
        await receive()
        if disconnect:
            connection.cycle.disconnected = True
        write_response = scope.pop(WRITE_RESPONSE_KEY)
        if not at_once:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send({"type": "http.response.body", "body": b"body"})
        else:
            assert write_response(200, WHOLE_HEAD, b"body")
        assert disconnect or not write_response(200, WHOLE_HEAD, b"body")

    config = Config(app, lifespan="off", log_config=None)
    state, transport = ServerState(), RecordingTransport()
    state.default_headers = [(b"date", b"today"), (b"server", b"x")]
    connection = Connection(ConnectionLimits(10, 10, ()), config=config, server_state=state, app_state={})
    connection.connection_made(transport)
    connection.data_received(sent)
    await asyncio.gather(*state.tasks)
    assert state.total_requests == (not disconnect)
    if connection.timeout_keep_alive_task:
        connection.timeout_keep_alive_task.cancel()
    return connection, transport


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("header", [b"", b"Connection: close\r\n", b"Expect: 100-continue\r\n"])
@pytest.mark.parametrize("disconnect", [False, True])
def test_a_whole_response_is_sent_in_one_write_and_leaves_the_state_that_uvicorn_leaves(
    version: bytes, header: bytes, disconnect: bool
) -> None:
    async def run(at_once: bool) -> tuple[RecordingTransport, dict[str, Any]]:
        sent = b"POST / HTTP/%b\r\nContent-Length: 1\r\n%b\r\n." % (version, header)
        connection, transport = await answer_one_request(sent, at_once=at_once, disconnect=disconnect)
        cycle = {name: value for name, value in vars(connection.cycle).items() if isinstance(value, bool | int | list | None)}
        state = {**cycle, "event": connection.cycle.message_event.is_set(), "pipeline": list(connection.pipeline)}
        return transport, {**state, "keep_alive_timer": connection.timeout_keep_alive_task is not None}

    (ours, our_state), (theirs, their_state) = asyncio.run(run(True)), asyncio.run(run(False))
    assert our_state.pop("chunked_encoding") is None  # the body's framing, which uvicorn notes between head and body
    assert their_state.pop("chunked_encoding") is (None if disconnect else False)
    assert our_state == their_state
    assert ours.is_closed == theirs.is_closed
    assert b"".join(ours.writes) == b"".join(theirs.writes)
    assert sum(write != b"HTTP/1.1 100 Continue\r\n\r\n" for write in ours.writes) == (not disconnect)


def test_a_client_that_does_not_read_gets_no_whole_responses() -> None:
    async def run() -> list[bytes]:
        connection, transport = await answer_one_request(b"GET / HTTP/1.1\r\n\r\n", at_once=True)
        cycle = connection.cycle
        cycle.response_started = cycle.response_complete = False
        connection.pause_writing()
        assert not connection._write_response(cycle, 200, WHOLE_HEAD, b"body")
        connection.resume_writing()
        assert connection._write_response(cycle, 200, WHOLE_HEAD, b"body")
        return transport.writes

    assert len(asyncio.run(run())) == 2


def test_an_exception_in_a_callback_of_the_parser_is_an_error_that_uvicorn_handles() -> None:
    """`LimitExceeded` stops the parser, and uvicorn then calls `send_400_response`."""

    class Callbacks:
        def on_header(self, name: bytes, value: bytes) -> None:
            raise LimitExceeded

    with pytest.raises(httptools.HttpParserError):
        httptools.HttpRequestParser(Callbacks()).feed_data(b"GET / HTTP/1.1\r\nA: b\r\n\r\n")
    assert "send_400_response" in HttpToolsProtocol.data_received.__code__.co_names


def test_uvicorn_takes_a_function_as_protocol_and_calls_it_with_these_arguments() -> None:
    config = Config(Starlette(), http=Connection, log_config=None)
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
