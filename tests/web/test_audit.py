"""GraphQL over HTTP, as the audit suite of npm's `graphql-http` asks for it, of a real server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
import uvicorn

from directory.live import Directory
from directory.store import Network
from tests.conftest import missing
from tests.node import MissingNodeError, installed, node
from tests.web.conftest import NETWORK, TENANTS, put
from web.app import application
from web.serving import listen

AUDITS = 61


@pytest.mark.slow
def test_every_audit_is_passed(tmp_path: Path) -> None:
    try:
        audit = installed(Path(__file__).parent / "audit", tmp_path)
    except MissingNodeError:
        missing("Node with npm and its registry")
    with serving(tmp_path) as address:
        results = msgspec.json.decode(node("audit.mjs", f"{address}/graphql", folder=audit))
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == AUDITS


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a server on a port of its own, which ends with the block."""
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    put(directory, TENANTS, NETWORK, network=Network(NETWORK.id))
    listening = listen("127.0.0.1", 0)  # from here on callers wait, and none is turned away
    server = uvicorn.Server(uvicorn.Config(application(directory), log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive()
