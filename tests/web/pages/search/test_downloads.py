"""Lists as files: in parts of 1,000 records, with headings in the language of the page."""

import csv
import io
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from directory.export.tables import load_spanish_headings
from seed.sources.formats.csv_records import read_delimited
from seed.sources.own_tables import read_own_rows, restore_spanish_headings
from tests.builders import a_stored_organization
from tests.web.pages.conftest import find_links, read_text
from tests.web.pages.organization.served_directory import serve
from web.pages.search import download_parts
from web.pages.search.download_parts import FilePart, find_part, list_parts

COUNT = 25


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    members = (a_stored_organization(f"Member {number:02}", issue_areas=("housing",)) for number in range(COUNT))
    with serve(f"sqlite:///{tmp_path_factory.mktemp('downloads') / 'directory.sqlite3'}", *members) as browser:
        yield browser


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_parts, "MAX_RECORDS", 10)


def read_names(text: str) -> list[str]:
    return [row[0] for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")))][1:]


@pytest.mark.parametrize(
    ("count", "parts"),
    [
        (0, [(1, 1, 0)]),
        (1, [(1, 1, 1)]),
        (1_000, [(1, 1, 1_000)]),
        (1_001, [(1, 1, 1_000), (2, 1_001, 1_001)]),
        (2_345, [(1, 1, 1_000), (2, 1_001, 2_000), (3, 2_001, 2_345)]),
    ],
)
def test_parts_of_a_list(count: int, parts: list[tuple[int, int, int]]) -> None:
    assert list_parts(count) == [FilePart(*part) for part in parts]
    assert find_part(count, str(len(parts))) == FilePart(*parts[-1])
    assert find_part(count, str(len(parts) + 1)) is None


def test_a_short_list_is_one_file(browser: TestClient) -> None:
    page = browser.get("/?issue=housing")
    assert "A file has at most" not in read_text(page)
    assert find_links(page, r"/organizations\.") == ["/organizations.csv?issue=housing", "/organizations.geojson?issue=housing"]
    response = browser.get("/organizations.csv?issue=housing")
    assert response.headers["content-disposition"] == 'attachment; filename="organizations.csv"'
    assert "part" not in browser.get("/organizations.geojson?issue=housing").json()["about"]


@pytest.mark.usefixtures("small_files")
def test_a_long_list_is_in_several_files_and_the_page_says_so(browser: TestClient) -> None:
    page = browser.get("/?issue=housing")
    assert "A file has at most 10 organizations, so this list is in 3 files." in read_text(page)
    assert "Spreadsheet (CSV), 21–25" in read_text(page)
    links = find_links(page, r"/organizations\.csv")
    assert len(links) == 3
    names = [name for link in links for name in read_names(browser.get(link).text)]
    assert names == [f"Member {number:02}" for number in range(COUNT)]


@pytest.mark.usefixtures("small_files")
def test_each_file_says_what_it_contains(browser: TestClient) -> None:
    names = {
        link: browser.get(link).headers["content-disposition"]
        for prefix in ("/en", "/es")
        for link in find_links(browser.get(f"{prefix}/?issue=housing"), r"\.(csv|geojson)\?.*part=3")
    }
    assert names == {
        "/en/organizations.csv?issue=housing&part=3": 'attachment; filename="organizations-21-25-of-25.csv"',
        "/en/organizations.geojson?issue=housing&part=3": 'attachment; filename="organizations-21-25-of-25.geojson"',
        "/es/organizations.csv?issue=housing&part=3": 'attachment; filename="organizaciones-21-25-de-25.csv"',
        "/es/organizations.geojson?issue=housing&part=3": 'attachment; filename="organizaciones-21-25-de-25.geojson"',
    }
    about = browser.get("/organizations.geojson?issue=housing").json()["about"]
    assert about["part"] == {"first": 1, "last": 10, "total": COUNT}


@pytest.mark.parametrize("number", ["0", "4", "x", "-1", "01", "", "²", "9" * 5000])
@pytest.mark.usefixtures("small_files")
def test_there_are_no_other_parts(browser: TestClient, number: str) -> None:
    response = browser.get(f"/organizations.csv?issue=housing&part={number}")
    assert response.status_code == (200 if number == "" else 404)


def test_an_invalid_search_with_a_part_says_what_is_wrong(browser: TestClient) -> None:
    text = read_text(browser.get("/organizations.csv?bogus=1&part=2"))
    assert "“bogus=1”" in text
    assert "“part=2”" not in text


def test_a_spanish_page_has_spanish_headings_and_the_import_reads_them(browser: TestClient) -> None:
    files = {code: browser.get(f"/{code}/organizations.csv?issue=housing") for code in ("en", "es")}
    english, spanish = (read_delimited(file.content, "list.csv") for file in files.values())
    assert spanish.headings
    assert english.headings == tuple(restore_spanish_headings(spanish).headings or ())
    assert set(spanish.headings) <= set(load_spanish_headings().values())
    rows = [[row.fields for row in read_own_rows(restore_spanish_headings(table))] for table in (english, spanish)]
    assert rows[0] == rows[1]
    assert len(rows[1]) == COUNT
