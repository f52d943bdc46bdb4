"""What organizations look for in partners and what they can give: stored, found, highlighted, answered and exported."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect
from starlette.testclient import TestClient

from directory.drafts.free_text import CHECKED_FIELDS
from directory.live import Directory
from directory.records import RecordKind
from directory.store.database import migrate
from directory.store.store import Store
from tests.seed.import_session import ImportSession
from tests.stories.http_client import serve

TEXTS = {"seeks": "Interpreters for evening meetings", "offers": "Childcare and a van"}  # by field
texts = pytest.mark.parametrize(("field", "text"), TEXTS.items())
QUERY = """query Find($words: String!) { organizations(query: $words) { edges {
  node { slug TEXTS } match { tier highlights { field segments { text matched } } }
} } }""".replace("TEXTS", " ".join(TEXTS))


@pytest.fixture
def walk(sqlite_url: str, tmp_path: Path) -> ImportSession:
    """A directory with the texts of one organization, imported from a list with Spanish and English headings."""
    session = ImportSession(sqlite_url, tmp_path)
    headings, cells = ",".join(heading.capitalize() for heading in TEXTS), ",".join(TEXTS.values())
    rows = f"Organización,Ciudad,{headings}\nHarbor Union,Atlanta,{cells}\nOther Union,Boston\n"
    session.import_all(session.write_file("members.csv", rows))
    return session


@pytest.fixture
def client(walk: ImportSession) -> Iterator[TestClient]:
    with serve(Directory.open(walk.url)) as client:
        yield client


@texts
def test_it_is_found_by_its_words(client: TestClient, field: str, text: str) -> None:
    first, *others = text.split()
    body = client.post("/graphql", json={"query": QUERY, "variables": {"words": f"{first} union"}}).json()
    (edge,) = body["data"]["organizations"]["edges"]
    assert edge["node"] == {"slug": "harbor-union", **TEXTS}
    assert edge["match"]["tier"] == "SUMMARY"
    segments = [{"text": first, "matched": True}, {"text": f" {' '.join(others)}", "matched": False}]
    assert {"field": field, "segments": segments} in edge["match"]["highlights"]


def test_addresses_in_them_are_refused() -> None:
    """tests/directory/drafts covers every route of a checked field."""
    assert TEXTS.keys() <= CHECKED_FIELDS[RecordKind.ORGANIZATION].keys()


@texts
def test_openrefine_can_fetch_it(walk: ImportSession, client: TestClient, field: str, text: str) -> None:
    id = walk.records["Harbor Union"].id
    body = client.post("/reconcile", data={"extend": json.dumps({"ids": [id], "properties": [{"id": field}]})}).json()
    assert body["rows"] == {id: {field: [{"str": text}]}}


@texts
def test_an_edited_cell_of_an_export_changes_it_and_an_undo_brings_it_back(walk: ImportSession, field: str, text: str) -> None:
    path = walk.folder / "all.csv"
    assert walk.run("export", "--output", path).exit_code == 0
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert [row[field] for row in rows] == [text, ""]
    walk.import_all(walk.write_file("edited.csv", path.read_bytes().replace(text.encode(), b"Drivers")), "--overwrite-edits")
    assert getattr(walk.records["Harbor Union"], field) == "Drivers"
    assert walk.run("undo", "2", "--yes").exit_code == 0
    assert getattr(walk.records["Harbor Union"], field) == text


@texts
def test_its_migration_adds_and_removes_the_column(any_store: Store, field: str, text: str) -> None:
    (script,) = migrate.SCRIPTS_FOLDER.glob(f"r*_{field}.py")
    previous = re.search(r'^down_revision = "(\d+)"$', script.read_text(), re.M)
    assert previous is not None
    has_column = []
    for change in (lambda connection: None, lambda connection: migrate.downgrade(connection, previous[1]), migrate.upgrade):
        any_store.database.run_write(change)
        with any_store.database.begin_read() as connection:
            has_column.append(field in {column["name"] for column in inspect(connection).get_columns("organizations")})
    assert has_column == [True, False, True]
