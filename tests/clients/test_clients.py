"""Front ends compile against the schema with strict types, and work with a server that allows only their documents."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn

from directory.live import Directory
from seed.network_records import seed_network
from tests.clients.projects import ROOT, install_project, run
from web.app import create_app
from web.settings import load_settings
from web.startup import listen

pytestmark = pytest.mark.slow
FIRST_PAGE = 2  # of both projects' search for "rights"
# The file of documents that each writes, and a mistake that its types must detect.
PROJECTS = {
    "relay": ("documents.json", "src/Card.tsx", "organization.summary ??", "organization.sumary ??"),
    "codegen": ("src/gql/persisted-documents.json", "src/ask.ts", '"MILE"', '"LEAGUE"'),
}


@pytest.fixture(scope="module", params=PROJECTS)
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = install_project(request.param, tmp_path_factory.mktemp(request.param))
    compiled = run(project, "build")
    assert compiled.is_successful, compiled.output
    return project


def documents(client: Path) -> Path:
    return client / PROJECTS[client.name][0]


@contextmanager
def serving(folder: Path, documents: Path) -> Iterator[str]:
    """Run a server with the network's own records that allows only these documents. Yields its address."""
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    seed_network(directory, datetime.now(UTC))
    app = create_app(directory, load_settings({"documents": documents, "documents_only": True}))
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def printed_answers(client: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with serving(tmp_path_factory.mktemp("served"), documents(client)) as address:
        result = run(client, "ask", address)
    assert result.is_successful, result.output
    answers: dict[str, Any] = msgspec.json.decode(result.output)
    return answers


def test_at_least_ten_documents_are_written_for_the_server(client: Path) -> None:
    assert len(msgspec.json.decode(documents(client).read_bytes(), type=dict[str, str])) >= 10


def test_every_document_is_answered(client: Path, printed_answers: dict[str, Any]) -> None:
    assert len(printed_answers["answers"]) == len(msgspec.json.decode(documents(client).read_bytes()))
    for name, data in printed_answers["answers"].items():
        assert all(value is not None for value in data.values()), name


def test_all_pages_of_a_search_are_read(printed_answers: dict[str, Any]) -> None:
    search = next(data for name, data in printed_answers["answers"].items() if name.startswith("Search"))
    assert (
        len(printed_answers["slugs"]) == len(set(printed_answers["slugs"])) == search["organizations"]["totalCount"] > FIRST_PAGE
    )


def test_a_mistake_in_a_front_end_does_not_compile(client: Path) -> None:
    _, source, right, wrong = PROJECTS[client.name]
    text = (ROOT / "clients" / client.name / source).read_text()
    assert right in text
    (client / source).write_text(text.replace(right, wrong))
    try:
        compiled = run(client, "build")
    finally:
        (client / source).write_text(text)
    assert not compiled.is_successful
    assert f"{source}(" in compiled.output


@pytest.mark.parametrize("field", ["label", "organizationCount"])
def test_a_removed_field_does_not_compile(client: Path, field: str) -> None:
    schema = client.parent.parent / "schema" / "schema.graphql"
    text = schema.read_text()
    schema.write_text(text.replace(f"  {field}", f"  {field}OfOld"))
    try:
        compiled = run(client, "build")
    finally:
        schema.write_text(text)
    assert not compiled.is_successful
    assert field in compiled.output
