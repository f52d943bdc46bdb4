"""The GraphQL documents that the script of the pages requests by id."""

from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from schema.execution.execute import find_document_errors
from web.app import create_app
from web.pages.documents import load_browser_documents
from web.settings import Settings

VARIABLES: dict[str, dict[str, object]] = {
    "pages/suggestions": {"query": "hous", "language": "es"},
    "pages/state-names": {"language": "es"},
    "pages/map-marks": {"search": "issue=housing", "zoom": 4},
}


@pytest.mark.parametrize("key", sorted(load_browser_documents()))
def test_the_documents_are_valid_and_answered(visitor: TestClient, key: str) -> None:
    assert not find_document_errors(load_browser_documents()[key])
    answer = ask(visitor, key)
    assert "errors" not in answer
    assert all(answer["data"].values())


def ask(client: TestClient, key: str) -> dict[str, dict[str, object]]:
    variables = msgspec.json.encode(VARIABLES[key]).decode()
    response = client.get("/graphql", params={"documentId": key, "variables": variables}, headers={"Accept": "application/json"})
    answer: dict[str, dict[str, object]] = response.json()
    return answer


def test_they_are_answered_where_only_trusted_documents_are(fictional_directory: Directory, tmp_path: Path) -> None:
    (tmp_path / "Own.graphql").write_text("{ network { name } }")
    settings = Settings(documents=tmp_path, documents_only=True)
    client = TestClient(create_app(fictional_directory, settings), base_url="http://localhost")
    for key in VARIABLES:
        assert "errors" not in ask(client, key)
    assert client.get("/graphql", params={"documentId": "Own"}).json()["data"]
    assert client.get("/graphql", params={"query": "{ __typename }"}).status_code == 400


def test_the_script_requests_these_documents() -> None:
    folder = Path(__file__).parents[3] / "web" / "front" / "pages"
    scripts = "".join(path.read_text() for path in folder.glob("*.ts"))
    assert all(f'("{key.removeprefix("pages/")}"' in scripts for key in load_browser_documents())
