"""A server and a writer in two processes on one database: responses follow edits, and continue while the database is down."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Condition, Thread

import httpx2
import psycopg
import pytest
from sqlalchemy import make_url

from directory.store.store import Store
from tests.builders import a_stored_organization
from tests.directory.store.stored_organizations import put_organizations
from tests.polling import poll_until

FOLLOW_SECONDS = 30.0  # generous, for busy machines; the benchmarks measure the real delay
START_SECONDS = 60.0
LOG_SECONDS = 30.0

SERVER = "from cli.main import main; main()"

pytestmark = pytest.mark.slow


class Server:
    """`directory serve` in its own process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.log_lines = process, list[str]()
        self._has_new_line = Condition()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        match = self.wait_for(r"(http://127\.0\.0\.1:\d+)/graphql", START_SECONDS)
        self.client = httpx2.Client(base_url=match[1], timeout=START_SECONDS)
        assert self.client.get("/healthz").status_code == 200

    def wait_for(self, pattern: str, seconds: float = LOG_SECONDS) -> re.Match[str]:
        """Wait for a match in the log, and return it."""
        with self._has_new_line:
            assert self._has_new_line.wait_for(lambda: re.search(pattern, "".join(self.log_lines)), seconds), "".join(
                self.log_lines
            )
            match = re.search(pattern, "".join(self.log_lines))
        assert match
        return match

    def fetch_names(self) -> set[str]:
        response = self.client.post("/graphql", json={"query": "{ organizations(first: 100) { nodes { name } } }"})
        assert response.status_code == 200
        return {node["name"] for node in response.json()["data"]["organizations"]["nodes"]}

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._has_new_line:
                self.log_lines.append(line)
                self._has_new_line.notify_all()


def build_command(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def write_records(url: str, *names: str) -> None:
    """Write records in this process, which is another one than the server's."""
    with closing(Store.open(url)) as store:
        put_organizations(store, *(a_stored_organization(name, issue_areas=("housing",)) for name in names))


def build_environment() -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")])),
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    """A server over a directory with a record. It would fill an empty one, which takes longer than these tests."""
    write_records(database_url, "Alder League")
    command = build_command(SERVER, "serve", "--database-url", database_url, "--port", "0")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=build_environment())
    try:
        yield Server(process)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def test_edits_of_another_process_are_served(server: Server, database_url: str) -> None:
    version = server.client.get("/readyz").json()["version"]
    assert "Newcomers Union" not in server.fetch_names()
    write_records(database_url, "Newcomers Union", "Newcomers League")
    assert poll_until(lambda: {"Newcomers Union", "Newcomers League"} <= server.fetch_names(), FOLLOW_SECONDS)
    assert server.client.get("/readyz").json()["version"] != version


def test_hiding_a_record_also_removes_it_from_another_process(server: Server, database_url: str) -> None:
    """Staff hide records by command. A client with the ETag of an old response does not get 304."""
    write_records(database_url, "Harbor Union", "Bay Union")
    assert poll_until(lambda: {"Harbor Union", "Bay Union"} <= server.fetch_names(), FOLLOW_SECONDS)
    params = {"query": '{ organization(by: { slug: "harbor-union" }) { name } suggest(query: "Harbor U") { label } }'}
    before = server.client.get("/graphql", params=params)
    assert "Harbor Union" in before.text
    assert before.headers["cache-control"] == "public, max-age=0, must-revalidate"
    hide(database_url, "harbor-union")
    assert poll_until(lambda: "Harbor Union" not in server.fetch_names(), FOLLOW_SECONDS)
    after = server.client.get("/graphql", params=params, headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.json()["data"]["organization"], "Harbor Union" in after.text) == (200, None, False)
    assert "Bay Union" in server.fetch_names()


def hide(url: str, *arguments: str) -> None:
    command = build_command(SERVER, "hide", "--database-url", url, *arguments)
    subprocess.run(command, check=True, timeout=START_SECONDS, env=build_environment(), capture_output=True)


def test_the_server_survives_an_outage_of_the_database(server: Server, database_url: str) -> None:
    before = server.fetch_names()
    with disconnect_database(database_url):
        server.wait_for("Answering from memory")
        for _ in range(20):
            assert server.fetch_names() == before
        assert server.client.get("/readyz").status_code == 200
    server.wait_for("The database can be reached again")
    write_records(database_url, "After The Storm")
    assert poll_until(lambda: "After The Storm" in server.fetch_names(), FOLLOW_SECONDS)
    assert server.process.poll() is None
    assert not re.search("Traceback|SELECT |sqlalchemy", "".join(server.log_lines))


@contextmanager
def disconnect_database(url: str) -> Iterator[None]:
    """Make the database unreachable until the block ends."""
    address = make_url(url)
    assert address.database
    with move_files(Path(address.database)) if address.get_backend_name() == "sqlite" else refuse_connections(url):
        yield


@contextmanager
def move_files(file: Path) -> Iterator[None]:
    """Move the database file away, with the other files of SQLite."""
    folder = file.parent / "away"
    folder.mkdir()
    for path in file.parent.glob(f"{file.name}*"):
        path.rename(folder / path.name)
    yield
    for path in folder.iterdir():
        path.rename(file.parent / path.name)


@contextmanager
def refuse_connections(url: str) -> Iterator[None]:
    """Close all connections to a PostgreSQL database and refuse new ones."""
    address = make_url(url)
    elsewhere = address.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    name = address.database
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
