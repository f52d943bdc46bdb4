"""The network's own records, served from each engine in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from seed.network import seed_network
from tests.builders import NOW
from tests.stories.asking import served


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """As `database_url`, for all tests of a file together."""
    if request.param == "sqlite":
        folder: Path = tmp_path_factory.mktemp("story")
        yield f"sqlite:///{folder / 'directory.sqlite3'}"
        return
    with request.getfixturevalue("postgres_server").database() as url:
        yield url


@pytest.fixture(scope="module")
def seeded_url(engine_url: str) -> str:
    """The URL of a database that holds the network's own records."""
    directory = Directory.open(engine_url)
    seed_network(directory.store, NOW)
    directory.close()
    return engine_url


@pytest.fixture(scope="module")
def network(seeded_url: str) -> Iterator[TestClient]:
    """The network's own directory, over HTTP."""
    with served(Directory.open(seeded_url)) as client:
        yield client
