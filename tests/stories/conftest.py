"""Fixtures of the stories: the network's own records, and directories with secret places."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from seed.network_records import seed_network
from tests.builders import NOW
from tests.postgres_server import PostgresServer
from tests.stories.five_directories import Directories, build_directories, serve_directories
from tests.stories.http_client import serve


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Like `database_url`, but shared by all tests of a file."""
    if request.param == "sqlite":
        folder: Path = tmp_path_factory.mktemp("story")
        yield f"sqlite:///{folder / 'directory.sqlite3'}"
        return
    with request.getfixturevalue("postgres_server").create_database() as url:
        yield url


@pytest.fixture(scope="module")
def seeded_url(engine_url: str) -> str:
    """The URL of a database with the network's own records."""
    directory = Directory.open(engine_url)
    seed_network(directory, NOW)
    directory.close()
    return engine_url


@pytest.fixture(scope="module")
def network(seeded_url: str) -> Iterator[TestClient]:
    """The network's own directory, over HTTP."""
    with serve(Directory.open(seeded_url)) as client:
        yield client


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The network's own directory on SQLite only, for requests that never reach the database."""
    directory = Directory.open(f"sqlite:///{tmp_path_factory.mktemp('refusals') / 'directory.sqlite3'}")
    seed_network(directory, NOW)
    with serve(directory) as client:
        yield client


@pytest.fixture(scope="session")
def five(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directories]:
    """The five directories on SQLite. test_private_places.py checks that PostgreSQL leads to the same snapshots."""
    folder: Path = tmp_path_factory.mktemp("places")
    with serve_directories(build_directories(lambda name: f"sqlite:///{folder / name}")) as directories:
        yield directories


@pytest.fixture(scope="session")
def five_on_postgres(postgres_server: PostgresServer) -> Iterator[dict[str, Directory]]:
    with ExitStack() as stack:
        directories = build_directories(lambda _: stack.enter_context(postgres_server.create_database()))
        for directory in directories.values():
            stack.callback(directory.close)
        yield directories


@pytest.fixture(scope="session")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directories]:
    folder: Path = tmp_path_factory.mktemp("exact")
    with serve_directories(build_directories(lambda name: f"sqlite:///{folder / name}", exact=True)) as directories:
        yield directories
