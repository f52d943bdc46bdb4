"""Fixtures of the stories: the network's own records, and directories with secret places."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from seed.network_records import seed_network
from tests.builders import NOW
from tests.stories.five_directories import Directories, build_directories, serve_directories
from tests.stories.http_client import serve

ENGINES = ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.slow])]


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


@pytest.fixture(scope="session", params=ENGINES)
def five(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directories]:
    folder: Path = tmp_path_factory.mktemp("places")
    with ExitStack() as stack:

        def url(name: str) -> str:
            if request.param == "sqlite":
                return f"sqlite:///{folder / name}"
            database: str = stack.enter_context(request.getfixturevalue("postgres_server").create_database())
            return database

        yield stack.enter_context(serve_directories(build_directories(url)))


@pytest.fixture(scope="session")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directories]:
    folder: Path = tmp_path_factory.mktemp("exact")
    with serve_directories(build_directories(lambda name: f"sqlite:///{folder / name}", exact=True)) as directories:
        yield directories
