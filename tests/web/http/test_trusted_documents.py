"""Trusted documents: checked at startup, requested by id, and optionally the only ones allowed."""

from collections.abc import Mapping
from hashlib import md5, sha256
from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from directory.errors import BadInput
from directory.live import Directory
from tests.web.conftest import TENANTS, code, put
from web.app import create_app
from web.http.trusted_documents import TrustedDocuments
from web.settings import Settings
from web.startup import serve

PAGE = "query Page($n: Int) {\n  organizations(first: $n) {\n    nodes {\n      name\n    }\n  }\n}"
NAMES = {"organizations": {"nodes": [{"name": TENANTS.name}]}}
RELAY_ID = md5(PAGE.encode(), usedforsecurity=False).hexdigest()
CODEGEN_ID = sha256(PAGE.encode()).hexdigest()


def write_documents(path: Path, documents: Mapping[str, object]) -> Path:
    path.write_bytes(msgspec.json.encode(documents))
    return path


def open_client(folder: Path, settings: Settings) -> TestClient:
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    put(directory, TENANTS)
    return TestClient(create_app(directory, settings), base_url="http://localhost")


@pytest.mark.parametrize("key", [RELAY_ID, CODEGEN_ID, f"sha256:{CODEGEN_ID}", "Page"])
def test_a_document_is_answered_by_its_id(tmp_path: Path, key: str) -> None:
    path = write_documents(tmp_path / "persisted.json", {RELAY_ID: PAGE, CODEGEN_ID: PAGE, "Page": PAGE})
    with open_client(tmp_path, Settings(documents=path)) as client:
        by_post = client.post("/graphql", json={"documentId": key, "variables": {"n": 1}})
        by_get = client.get("/graphql", params={"documentId": key, "variables": '{"n": 1}'})
        by_text = client.get("/graphql", params={"query": PAGE, "variables": '{"n": 1}'})
    assert by_post.json() == by_get.json() == by_text.json()
    assert by_post.json()["data"] == NAMES
    assert by_get.headers["etag"] == by_text.headers["etag"]


def test_an_unknown_id_is_refused(client: TestClient) -> None:
    for response in (
        client.post("/graphql", json={"documentId": "nothing"}),
        client.get("/graphql", params={"documentId": "nothing"}),
    ):
        assert (response.status_code, code(response)) == (400, "DOCUMENT_NOT_FOUND")


def test_id_and_text_together_are_refused(client: TestClient) -> None:
    response = client.post("/graphql", json={"documentId": "x", "query": "{ __typename }"})
    assert (response.status_code, code(response)) == (400, "BAD_INPUT")


def test_other_documents_are_refused_if_only_trusted_ones_are_allowed(tmp_path: Path) -> None:
    path = write_documents(tmp_path / "persisted.json", {RELAY_ID: PAGE})
    with open_client(tmp_path, Settings(documents=path, documents_only=True)) as client:
        assert client.post("/graphql", json={"documentId": RELAY_ID}).json()["data"] == NAMES
        for request in ({"query": "{ __typename }"}, {"query": PAGE}):
            response = client.post("/graphql", json=request)
            assert (response.status_code, code(response)) == (400, "DOCUMENT_REQUIRED")
            assert code(client.get("/graphql", params=request)) == "DOCUMENT_REQUIRED"


def test_all_files_of_a_folder_are_read(tmp_path: Path) -> None:
    write_documents(tmp_path / "relay.json", {"a": PAGE})
    write_documents(tmp_path / "codegen.json", {"b": "{ network { name } }", "a": PAGE})
    (tmp_path / "Typename.graphql").write_text("{ __typename }")
    (tmp_path / "README.md").write_text("not read")
    documents = TrustedDocuments.load(tmp_path)
    assert len(documents) == 3


def test_documents_are_optional() -> None:
    assert len(TrustedDocuments.load(None)) == 0


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.json", b"", "JSON object"),
        ("a.json", b"[]", "JSON object"),
        ("a.json", b'{"a": 3}', "JSON object"),
        ("a.json", b'{"a": {"text": "{ a }"}}', "JSON object"),
        ("a.json", b'{"a": "\xff"}', "JSON object"),
        ("a.graphql", b"\xff", "UTF-8"),
        ("a.json", b'{"": "{ __typename }"}', "an id must have 1 to"),
        ("a.json", b'{"page": "{"}', "'page' is not valid: Syntax Error"),
        ("a.json", b'{"page": "{ nothing }"}', "'page' is not valid: Cannot query field 'nothing'"),
        ("a.json", b'{"page": "mutation { a }"}', "'page' is not valid"),
        ("page.graphql", b"fragment A on Query { __typename }", "'page' is not valid"),
    ],
)
def test_an_invalid_document_is_refused_at_startup(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput) as error:
        TrustedDocuments.load(tmp_path)
    assert name in error.value.user_message
    assert problem in error.value.user_message


def test_one_id_for_two_documents_is_refused(tmp_path: Path) -> None:
    write_documents(tmp_path / "a.json", {"page": PAGE})
    write_documents(tmp_path / "b.json", {"page": "{ __typename }"})
    with pytest.raises(BadInput, match=r"b\.json .*'page' is also the id of a different document"):
        TrustedDocuments.load(tmp_path)


def test_a_path_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"no \.json or \.graphql file"):
        TrustedDocuments.load(tmp_path)
    with pytest.raises(BadInput, match="no such file"):
        TrustedDocuments.load(tmp_path / "nothing.json")
    with pytest.raises(BadInput, match="none are configured"):
        TrustedDocuments.load(None, trusted_only=True)


def test_the_server_does_not_start_with_an_invalid_document(tmp_path: Path) -> None:
    path = write_documents(tmp_path / "persisted.json", {"page": "{ nothing }"})
    database = tmp_path / "directory.sqlite3"
    with pytest.raises(BadInput, match="'page' is not valid"):
        serve(Settings(documents=path, database_url=f"sqlite:///{database}", port=0), lambda directory: None, print)
    assert not database.exists()
