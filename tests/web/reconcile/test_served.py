"""The service from a real server, asked as OpenRefine asks: the manifest, a batch by POST, suggestions, an extension."""

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

WITHIN = 10  # seconds in which what a test waits for has to come
FORM = {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(directory, *ENTRIES)
    settings = Settings()
    server, listening = DrainingServer(build_uvicorn_config(settings, create_app(directory, settings))), listen("127.0.0.1", 0)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(WITHIN)


def answered(connection: HTTPConnection, method: str, path: str, **form: Any) -> Any:
    body = urlencode({field: json.dumps(value) for field, value in form.items()}) if form else None
    connection.request(method, path, body, FORM if form else {})
    response = connection.getresponse()
    told = response.read()
    assert response.status == 200, told
    return json.loads(told)


def test_a_list_is_matched(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=WITHIN)
    told = answered(connection, "GET", "/reconcile")
    service = f"http://127.0.0.1:{port}/reconcile"
    assert told["suggest"]["entity"] == {"service_url": service, "service_path": "/suggest/entity"}
    batch = {
        f"q{number}": {"query": "Harbor Tenants Union", "limit": 3, "type": "organization"} for number in range(told["batchSize"])
    }
    batch["q0"]["properties"] = [{"pid": "ein", "v": "52-1633883"}]
    found = answered(connection, "POST", "/reconcile", queries=batch)
    assert found.keys() == batch.keys()
    assert [(one["id"], one["match"]) for one in found["q0"]["result"]] == [(TENANTS.id, True)]
    assert len(found["q1"]["result"]) == 2
    assert answered(connection, "GET", "/reconcile/suggest/entity?prefix=harbor%20ten")["result"]
    more = answered(connection, "POST", "/reconcile", extend={"ids": [TENANTS.id], "properties": [{"id": "city"}]})
    assert more["rows"] == {TENANTS.id: {"city": [{"str": "Atlanta"}]}}
