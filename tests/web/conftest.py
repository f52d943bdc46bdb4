"""The application with a real SQLite database of a few records."""

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import Audience, Membership, MembershipStatus, OrganizationKind, StoredRecord
from directory.store.ledger.edits import Network, Put
from tests.builders import NOW, a_stored_location, a_stored_organization
from web.app import create_app
from web.http.responses import GRAPHQL_JSON
from web.operations.request_log import LOG_WRITER
from web.settings import Settings

TENANTS = a_stored_organization("Harbor Tenants Union", issue_areas=("housing",), sites=(a_stored_location(),))
SECRET = a_stored_organization("Members Only Circle", audience=Audience.MEMBERS)
NETWORK = a_stored_organization(
    "All Together Network", kind=OrganizationKind.NETWORK, membership=Membership(MembershipStatus.NONE)
)
LOG_LINE = re.compile(r"[\d-]+ [\d:,]+ INFO (.*)")
LogReader: TypeAlias = Callable[[], list[str]]
PATIENT = ("cpu_seconds=30",)  # for a busy machine


def put(directory: Directory, *entries: StoredRecord, now: dt.datetime = NOW, network: Network | None = None) -> None:
    directory.write([Put(entry) for entry in entries], actor="test", now=now, reason="test", network=network)


@pytest.fixture(scope="module")
def database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web") / "directory.sqlite3"


@pytest.fixture(scope="module")
def directory(database_file: Path) -> Directory:
    directory = Directory.open(f"sqlite:///{database_file}")
    put(directory, TENANTS, SECRET, NETWORK, network=Network(NETWORK.id))
    return directory


@pytest.fixture(scope="module")
def client(directory: Directory) -> Iterator[TestClient]:
    with TestClient(
        create_app(directory, Settings(limits=PATIENT)), base_url="http://localhost", raise_server_exceptions=False
    ) as client:
        yield client


@pytest.fixture
def read_request_log(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Iterator[LogReader]:
    """Yield a function that returns the new lines of the request log, without their time and level."""

    def read() -> list[str]:
        LOG_WRITER.flush()
        matches = (LOG_LINE.fullmatch(line) for line in capfd.readouterr().err.splitlines())
        return [match[1] for match in matches if match]

    with caplog.at_level(logging.DEBUG):
        read()  # lines of earlier tests
        yield read


def code(response: Response) -> str:
    """Return the code of the first error, and check that the response is JSON in UTF-8."""
    assert response.headers["content-type"] in ("application/json; charset=utf-8", f"{GRAPHQL_JSON}; charset=utf-8")
    return str(response.json()["errors"][0]["extensions"]["code"])
