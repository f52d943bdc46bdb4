"""A server and a writer in two processes on one database: the served answer follows, and goes on while the database is away."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Thread

import httpx2
import psycopg
import pytest
from sqlalchemy import make_url

from tests.polling import poll_until

FOLLOWED_WITHIN = 30.0  # a bound for a loaded machine; how soon it is, the benchmark of edits measures
STARTED_WITHIN = 60.0
TOLD_WITHIN = 30.0  # until the log has what it is to have

SERVER = "from cli.main import main; main()"
WRITER = """
import sys
from directory.live import Directory
from tests.builders import NOW, a_stored_organization
from directory.store.ledger.edits import Put
directory = Directory.open(sys.argv[1])
directory.write([Put(a_stored_organization(name, issue_areas=("housing",))) for name in sys.argv[2:]], actor="test", now=NOW, reason="test")
"""

pytestmark = pytest.mark.slow


class Server:
    """`directory serve` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.said = process, list[str]()
        self._said_more = Condition()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        found = self.wait_for(r"(http://127\.0\.0\.1:\d+)/graphql", STARTED_WITHIN)
        self.client = httpx2.Client(base_url=found[1], timeout=STARTED_WITHIN)
        assert self.client.get("/healthz").status_code == 200

    def wait_for(self, pattern: str, seconds: float = TOLD_WITHIN) -> re.Match[str]:
        """The first match in the log, as soon as it is there."""
        with self._said_more:
            assert self._said_more.wait_for(lambda: re.search(pattern, "".join(self.said)), seconds), "".join(self.said)
            found = re.search(pattern, "".join(self.said))
        assert found
        return found

    def names(self) -> set[str]:
        answer = self.client.post("/graphql", json={"query": "{ organizations(first: 100) { nodes { name } } }"})
        assert answer.status_code == 200
        return {one["name"] for one in answer.json()["data"]["organizations"]["nodes"]}

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._said_more:
                self.said.append(line)
                self._said_more.notify_all()


def python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def written(url: str, *names: str) -> None:
    """By another process, which has ended when this returns."""
    subprocess.run(python(WRITER, url, *names), check=True, timeout=STARTED_WITHIN, env=environment())


def environment() -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")])),
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture
def server(database_url: str) -> Iterator[Server]:
    command = python(SERVER, "serve", "--database-url", database_url, "--port", "0")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment())
    try:
        yield Server(process)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def test_what_another_process_writes_is_served(server: Server, database_url: str) -> None:
    version = server.client.get("/readyz").json()["version"]
    assert "Newcomers Union" not in server.names()
    written(database_url, "Newcomers Union", "Newcomers League")
    assert poll_until(lambda: {"Newcomers Union", "Newcomers League"} <= server.names(), FOLLOWED_WITHIN)
    assert server.client.get("/readyz").json()["version"] != version


def test_a_record_that_is_hidden_is_gone_from_another_process_with_its_answers(server: Server, database_url: str) -> None:
    """By the command, as staff do it; a client that asks by the tag of an old answer is not told that it still holds."""
    written(database_url, "Harbor Union", "Bay Union")
    assert poll_until(lambda: {"Harbor Union", "Bay Union"} <= server.names(), FOLLOWED_WITHIN)
    asked = {"query": '{ organization(by: { slug: "harbor-union" }) { name } suggest(query: "Harbor U") { label } }'}
    before = server.client.get("/graphql", params=asked)
    assert "Harbor Union" in before.text
    assert before.headers["cache-control"] == "public, max-age=0, must-revalidate"
    hide(database_url, "harbor-union")
    assert poll_until(lambda: "Harbor Union" not in server.names(), FOLLOWED_WITHIN)
    after = server.client.get("/graphql", params=asked, headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.json()["data"]["organization"], "Harbor Union" in after.text) == (200, None, False)
    assert "Bay Union" in server.names()


def hide(url: str, *arguments: str) -> None:
    command = python(SERVER, "hide", "--database-url", url, *arguments)
    subprocess.run(command, check=True, timeout=STARTED_WITHIN, env=environment(), capture_output=True)


def test_while_the_database_is_away_reading_goes_on_and_it_recovers_without_a_restart(server: Server, database_url: str) -> None:
    before = server.names()
    with away(database_url):
        server.wait_for("answering from memory")
        for _ in range(20):
            assert server.names() == before
        assert server.client.get("/readyz").status_code == 200
    server.wait_for("the database is back")
    written(database_url, "After The Storm")
    assert poll_until(lambda: "After The Storm" in server.names(), FOLLOWED_WITHIN)
    assert server.process.poll() is None
    assert not re.search("Traceback|SELECT |sqlalchemy", "".join(server.said))


@contextmanager
def away(url: str) -> Iterator[None]:
    """The database cannot be reached until the end of the block."""
    address = make_url(url)
    assert address.database
    with moved_away(Path(address.database)) if address.get_backend_name() == "sqlite" else closed(url):
        yield


@contextmanager
def moved_away(file: Path) -> Iterator[None]:
    """The file and those that SQLite keeps beside it."""
    hidden = file.parent / "away"
    hidden.mkdir()
    for one in file.parent.glob(f"{file.name}*"):
        one.rename(hidden / one.name)
    yield
    for one in hidden.iterdir():
        one.rename(file.parent / one.name)


@contextmanager
def closed(url: str) -> Iterator[None]:
    """Whoever is connected is thrown out, and nobody gets in."""
    address = make_url(url)
    elsewhere = address.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    name = address.database
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
