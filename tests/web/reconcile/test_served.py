"""The service of a real server, used as OpenRefine does: manifest, batch, suggestions and extension."""

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from directory.live import Directory
from tests.web.conftest import put
from tests.web.reconcile.conftest import ENTRIES, TENANTS
from web.app import create_app
from web.server.shutdown import DrainingServer
from web.settings import Settings
from web.startup import build_uvicorn_config, listen

TIMEOUT_SECONDS = 60  # for busy machines
FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(directory, *ENTRIES)
    settings = Settings()
    server = DrainingServer(build_uvicorn_config(settings, create_app(directory, settings)))
    listener = listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join(TIMEOUT_SECONDS)


def send(connection: HTTPConnection, method: str, path: str, **form: Any) -> Any:
    body = urlencode({field: json.dumps(value) for field, value in form.items()}) if form else None
    connection.request(method, path, body, FORM if form else {})
    response = connection.getresponse()
    content = response.read()
    assert response.status == 200, content
    return json.loads(content)


def test_a_list_is_matched(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    manifest = send(connection, "GET", "/reconcile")
    service = f"http://127.0.0.1:{port}/reconcile"
    assert manifest["suggest"]["entity"] == {"service_url": service, "service_path": "/suggest/entity"}
    batch = {
        f"q{number}": {"query": "Harbor Tenants Union", "limit": 3, "type": "organization"}
        for number in range(manifest["batchSize"])
    }
    batch["q0"]["properties"] = [{"pid": "ein", "v": "52-1633883"}]
    results = send(connection, "POST", "/reconcile", queries=batch)
    assert results.keys() == batch.keys()
    assert [(one["id"], one["match"]) for one in results["q0"]["result"]] == [(TENANTS.id, True)]
    assert len(results["q1"]["result"]) == 2
    assert send(connection, "GET", "/reconcile/suggest/entity?prefix=harbor%20ten")["result"]
    extension = send(connection, "POST", "/reconcile", extend={"ids": [TENANTS.id], "properties": [{"id": "city"}]})
    assert extension["rows"] == {TENANTS.id: {"city": [{"str": "Atlanta"}]}}
