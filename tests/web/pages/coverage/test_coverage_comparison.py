"""/coverage compared with a past day: the cells, the words, the file, and days that cannot be used."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import Audience, Membership, MembershipStatus, StoredOrganization
from directory.store.ledger.edits import Network
from tests.builders import a_stored_organization
from tests.web.conftest import NETWORK, put
from tests.web.pages.conftest import read_text
from tests.web.pages.coverage.test_coverage_page import ASYLUM, HARBOR, NOINDEX, ROOF, an_office
from tests.web.pages.organization.served_directory import open_browser

TODAY = dt.datetime.now(dt.UTC)
FIRST, THEN, LATER = (TODAY - dt.timedelta(days=days) for days in (90, 60, 30))
DAY = THEN.date().isoformat()
LEFT = an_office("Old Homes", "US-AL-073", "Birmingham", "housing")
QUIET = an_office("Hidden House", "US-WY-021", "Cheyenne", "housing")
NEW = an_office("New Roofs", "US-FL-086", "Miami", "housing")
REFUGE = an_office("Old Refuge", "US-AL-073", "Birmingham", "refugees")
YOUTH = a_stored_organization("Youth", issue_areas=("disability",))
DISCREET = an_office("Discreet House", "US-GA-121", "Atlanta", "gender-violence")
EARLY = (HARBOR, replace(ROOF, issue_areas=()), LEFT, ASYLUM, QUIET, YOUTH, replace(REFUGE, issue_areas=()), DISCREET)
LAPSED = Membership(MembershipStatus.LAPSED)
LATE = (ROOF, REFUGE, NEW, *(replace(one, membership=LAPSED) for one in (LEFT, YOUTH)), replace(DISCREET, issue_areas=()))
HIDDEN = replace(QUIET, hidden_since=LATER)


def open_directory(url: str, *early: StoredOrganization, late: tuple[StoredOrganization, ...] = ()) -> Directory:
    directory = Directory.open(url)
    put(directory, NETWORK, *early, now=FIRST, network=Network(NETWORK.id))
    put(directory, *late, now=LATER)
    directory.build_snapshots([Audience.PUBLIC])
    directory.load_histories()
    return directory


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    url = f"sqlite:///{tmp_path_factory.mktemp('compared') / 'directory.sqlite3'}"
    with open_browser(open_directory(url, *EARLY, late=(*LATE, HIDDEN))) as browser:
        yield browser


def read_cells(page: str, theme: str) -> dict[str, str]:
    """Return the cells of a row as HTML, by state."""
    headings = [re.sub("<[^>]+>", "", text) for text in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page)][1:-1]
    row = next(row for row in page.split("<tr>") if f"theme={theme}" in row and "<td" in row)
    return dict(zip(headings, row.split("<td ")[1:], strict=False))


def test_a_changed_cell_has_the_number_of_then_in_its_text_and_in_its_name(browser: TestClient) -> None:
    page = browser.get(f"/coverage?compare={DAY}").text
    housing, refugees = read_cells(page, "housing"), read_cells(page, "refugees")
    assert '2<span aria-hidden="true">▲1</span></a>' in housing["GA"]
    assert re.search(r'aria-label="Housing, Georgia: 2, more than on \w+ \d+, \d{4}, when there were 1"', housing["GA"])
    assert '<span aria-hidden="true">▼1</span><i>, fewer than on ' in housing["AL"]
    assert '1<span aria-hidden="true">▲0</span></a>' in housing["FL"]
    assert "▲0" in refugees["AL"]
    assert "▲" not in refugees["FL"]
    assert "▲" not in browser.get("/coverage").text


def test_the_words_say_what_has_changed(browser: TestClient) -> None:
    text = read_text(browser.get(f"/coverage?compare={DAY}"))
    assert "7 cells of the table have more organizations than then. 2 cells have fewer." in text
    assert "Housing Covered now, and not then: Florida. Covered then, and not now: Alabama." in text
    assert "Refugees and asylum Covered now, and not then: Alabama." in text
    assert "include only organizations that everyone could see then and ever since" in text
    assert NOINDEX in browser.get(f"/coverage?compare={DAY}").text


def test_a_row_that_has_no_organization_any_more_is_shown(browser: TestClient) -> None:
    assert "theme=disability" not in browser.get("/coverage").text
    assert "theme=disability" in browser.get(f"/coverage?compare={DAY}").text


def test_a_theme_that_was_taken_back_is_not_found_again(browser: TestClient) -> None:
    for path in ("/coverage", "/coverage.csv"):
        assert "gender-violence" not in browser.get(f"{path}?compare={DAY}").text


def test_one_that_was_hidden_since_is_as_if_it_had_never_been_there(browser: TestClient, database_url: str) -> None:
    with open_browser(open_directory(database_url, *(one for one in EARLY if one != QUIET), late=LATE)) as other:
        for path in (f"/coverage?compare={DAY}", f"/es/coverage?compare={DAY}", f"/coverage.csv?compare={DAY}&goal=2"):
            pages = [browser.get(path).content, other.get(path).content]
            assert pages[0] == pages[1]
        assert b"Hidden House" not in pages[0]


def test_the_file_has_both_numbers(browser: TestClient) -> None:
    lines = csv.DictReader(io.StringIO(browser.get(f"/coverage.csv?compare={DAY}").content.decode("utf-8-sig")))
    known = {
        (line["theme code"], line["region code"]): (line["organizations"], line[f"organizations on {DAY}"]) for line in lines
    }
    assert known["housing", "US-GA"] == ("2", "1")
    assert known["housing", "US-AL"][1] == "1"
    assert known["refugees", "US-AL"][0] == "1"
    plain = browser.get("/coverage.csv").content.decode("utf-8-sig").splitlines()
    assert plain[0].endswith(",goal")


@pytest.mark.parametrize(
    ("search", "sentence"),
    [
        ("compare=yesterday", "“yesterday” is not a day."),
        ("compare=2026-02-30", "“2026-02-30” is not a day."),
        ("compare=20260101", "“20260101” is not a day."),
        (f"compare={'9' * 5000}", "is not a day."),
        ("compare=%00%00", "is not a day."),
        ("compare=2999-01-01", "is in the future."),
        ("compare=1999-01-01", "none of these organizations were in the directory yet"),
        ("compare=0001-01-01", "none of these organizations were in the directory yet"),
        (f"compare=yesterday&compare={DAY}", "“compare=yesterday”"),
        (f"compare={DAY}&goal=0&within=US-GEORGA", "A goal is a number from 1 to 1,000"),
    ],
)
def test_a_day_that_cannot_be_used_gets_a_sentence_and_the_table_stays(browser: TestClient, search: str, sentence: str) -> None:
    for prefix in ("", "/es"):
        response = browser.get(f"{prefix}/coverage?theme=housing&{search}")
        assert response.status_code == 200
        assert "<table>" in response.text
        assert 'class="notice error"' in response.text
    assert sentence in read_text(browser.get(f"/coverage?theme=housing&{search}"))
    assert browser.get(f"/coverage.csv?theme=housing&{search}").status_code == 200


def test_until_the_past_is_loaded_there_is_a_sentence(tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path_factory.mktemp('late') / 'directory.sqlite3'}")
    put(directory, NETWORK, *EARLY, now=FIRST, network=Network(NETWORK.id))
    with open_browser(directory) as browser:
        directory.get_snapshot(Audience.PUBLIC).history = None
        first = browser.get(f"/coverage?compare={DAY}")
        assert "The past of the directory is still being loaded." in read_text(first)
        directory.load_histories()
        second = browser.get(f"/coverage?compare={DAY}", headers={"If-None-Match": first.headers["etag"]})
        assert "What has changed since" in read_text(second)


def test_a_past_that_costs_too_much_gets_a_sentence(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('costly') / 'directory.sqlite3'}"
    cost = 1_100  # enough for the table of now
    with open_browser(open_directory(url, *EARLY), limits=("cpu_seconds=30", f"cost={cost}")) as browser:
        text = read_text(browser.get(f"/coverage?compare={DAY}"))
    assert "This table cannot be compared with" in text
    assert "The table" in text
