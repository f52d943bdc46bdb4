"""/coverage: its cells, gaps, map and file, and addresses that cannot be used as they are."""

import csv
import datetime as dt
import gzip
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from directory.records import Audience, SearchEngines, StoredOrganization
from tests.builders import a_stored_location, a_stored_organization, an_id
from tests.web.pages.conftest import read_text
from tests.web.pages.organization.served_directory import serve

NOINDEX = '<meta name="robots" content="noindex">'
MAX_BYTES = 120_000  # over the wire
CELL = re.compile(r'<td class="([\w ]+)">(?:<a href="([^"]*)" aria-label="([^"]*)">(\d+)</a>|<i>([\w ]+)</i>|(0))')
VERIFIED = {"verified_at": dt.datetime.now(dt.UTC)}


def an_office(name: str, state: str, city: str, *themes: str, **fields: object) -> StoredOrganization:
    place = a_stored_location(city, state=state[:5], county=state, id=an_id(f"{name}, {city}"))
    values = {"sites": (place,), "service_areas": (state[:5],), "issue_areas": themes, **VERIFIED, **fields}
    return a_stored_organization(name, **values)


HARBOR = an_office("Harbor Tenants Union", "US-GA-121", "Atlanta", "housing")
ROOF = an_office("Roof Committee", "US-GA-121", "Atlanta", "housing")
BRANCH = an_office("Roof Branch", "US-GA-121", "Atlanta", "housing", parent=ROOF.id)
SECRET = an_office("Secret Shelter", "US-AL-073", "Birmingham", "housing", audience=Audience.MEMBERS)
NOWHERE = a_stored_organization("Nowhere Stated", issue_areas=("refugees",), **VERIFIED)
ASYLUM = an_office("Asylum Clinic", "US-FL-086", "Miami", "refugees")
NATION = a_stored_organization("National Homes", issue_areas=("housing",), service_areas=("US",), **VERIFIED)
RECORDS = (HARBOR, ROOF, BRANCH, SECRET, NOWHERE, ASYLUM, NATION)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serve(f"sqlite:///{tmp_path_factory.mktemp('coverage') / 'directory.sqlite3'}", *RECORDS) as browser:
        yield browser


def read_row(browser: TestClient, search: str, theme: str) -> dict[str, tuple[str, ...]]:
    """Return the cells of a row by the headings of their columns: class, address, name and text."""
    page = browser.get(f"/coverage?{search}").text
    head, body = page.partition("<thead>")[2].split("</thead>")
    headings = [re.sub("<[^>]+>", "", text) for text in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', head)][1:-1]
    row = next(row for row in body.split("<tr>") if f"theme={theme}" in row)
    cells = [(style, link, name, count or unknown or zero) for style, link, name, count, unknown, zero in CELL.findall(row)]
    return dict(zip(headings, cells, strict=True))


def count_listed(browser: TestClient, address: str) -> int:
    found = re.search(r"(\d+) organizations?", read_text(browser.get(address.replace("&amp;", "&"))))
    return int(found[1]) if found else 0


def test_a_cell_is_a_link_to_those_it_counts(browser: TestClient) -> None:
    style, address, name, text = read_row(browser, "", "housing")["GA"]
    assert (name, text) == ("Housing, Georgia: 2", "2")
    assert "below" not in style
    assert count_listed(browser, address) == 3  # with the branch, which the number does not count again
    listed = browser.get(address.replace("&amp;", "&")).text
    assert all(record.name in listed for record in (HARBOR, ROOF, BRANCH))
    assert NATION.name not in listed


def test_nobody_and_unknown_are_different_and_neither_is_a_link(browser: TestClient) -> None:
    housing, refugees = read_row(browser, "", "housing"), read_row(browser, "", "refugees")
    assert housing["TX"] == ("none below", "", "", "0")
    assert refugees["TX"] == ("unknown below", "", "", "unknown")
    assert refugees["FL"][3] == "1"


def test_a_record_that_not_everyone_sees_counts_nowhere(browser: TestClient) -> None:
    assert read_row(browser, "", "housing")["AL"] == ("none below", "", "", "0")
    assert SECRET.name not in browser.get("/coverage?theme=housing&within=US-AL").text


def test_the_goal_marks_cells_and_counts_by_its_rule(browser: TestClient) -> None:
    style, address, name, _ = read_row(browser, "goal=3", "housing")["GA"]
    assert "below" in style
    assert name == "Housing, Georgia: 2, below the goal"
    assert "nationwide=EXCLUDE" in address
    everyone = read_row(browser, "goal=3&nationwide=INCLUDE", "housing")
    assert everyone["GA"][3] == "3"
    assert everyone["TX"][3] == "1"
    assert "nationwide" not in everyone["TX"][1]
    assert count_listed(browser, everyone["TX"][1]) == 1
    located = read_row(browser, "by=LOCATED", "housing")["GA"]
    assert "by=LOCATED" in located[1]
    assert count_listed(browser, located[1]) == 3


def test_words_limit_what_is_counted_and_the_lists_behind_the_numbers(browser: TestClient) -> None:
    cells = read_row(browser, "words=in+Georgia&by=LOCATED", "housing")
    assert cells["GA"][3] == "2"
    assert count_listed(browser, cells["GA"][1]) == 3
    assert "any=region%3DUS-GA" in cells["GA"][1] or "any=region=US-GA" in cells["GA"][1]


def test_gaps_say_who_is_closest(browser: TestClient) -> None:
    text = read_text(browser.get("/coverage?theme=housing&within=US-SOUTH-ATLANTIC"))
    assert " Florida Nobody Closest: " in text
    assert "Housing, Florida" not in text  # the table has one row
    assert any(f"Closest: {record.name}" in text for record in (HARBOR, ROOF, BRANCH))
    unknown = read_text(browser.get("/coverage?theme=refugees&within=US-TX"))
    assert " Texas Unknown Closest: Asylum Clinic" in unknown


def test_gaps_of_several_rows_say_which_row(browser: TestClient) -> None:
    text = read_text(browser.get("/coverage?within=US-SOUTH-ATLANTIC"))
    assert re.search("These are the first. Choose a row to see more of its gaps. [A-Z][^.]*, [A-Z]", text)


def test_a_row_with_few_places_leads_to_a_plan_for_them(browser: TestClient) -> None:
    page = browser.get("/coverage?theme=housing&within=US-SOUTH-ATLANTIC&goal=9&by=LOCATED").text
    address = re.search(r'href="(/plan\?[^"]*)"', page)
    assert address is not None
    search = address[1].replace("&amp;", "&")
    assert search.startswith("/plan?issue=housing&region=US-DC&region=US-DE&region=US-FL&region=US-GA&")
    assert search.endswith("&per=5&by=LOCATED")  # 5 is the most of a plan
    assert "was left out" not in read_text(browser.get(search))
    for others in ("", "theme=housing", "theme=tenants&facet=COMMUNITY&within=US-SOUTH-ATLANTIC"):
        assert 'href="/plan?' not in browser.get(f"/coverage?{others}").text


def test_a_table_that_fits_a_wide_screen_asks_only_others_to_slide_it(browser: TestClient) -> None:
    assert '<span class="slide no-print">Slide the table' in browser.get("/coverage").text
    assert '<span class="slide no-print few">Slide the table' in browser.get("/coverage?within=US-SOUTH-ATLANTIC").text


def test_the_map_has_the_numbers_of_the_chosen_row(browser: TestClient) -> None:
    page = browser.get("/coverage?theme=refugees&within=US-SOUTH").text
    drawn = page.partition('class="map-numbers')[2].partition("</svg>")[0]
    texts = [re.sub(r"^[A-Z]{2} ", "", text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", drawn)]
    if drawn:  # the outlines were built
        assert texts.count("1") == 1
        assert texts.count("?") == 16
        assert "0" not in texts  # states that are not in the South have no number
    text = read_text(browser.get("/coverage?theme=refugees&within=US-SOUTH"))
    assert "Florida 1" in text
    assert "Unknown in: Alabama, Arkansas" in text


@pytest.mark.parametrize(
    ("search", "sentence"),
    [
        ("goal=0", "A goal is a number from 1 to 1,000, not “0”."),
        ("goal=1001", "A goal is a number from 1 to 1,000"),
        ("goal=-1", "A goal is a number from 1 to 1,000"),
        ("goal=²", "A goal is a number from 1 to 1,000"),
        (f"goal={'9' * 5000}", "A goal is a number from 1 to 1,000"),
        ("within=US-GEORGA", "“within=US-GEORGA”. Did you mean: Georgia"),
        ("within=FR", "“within=FR”"),
        ("theme=housng", "“theme=housng”. Did you mean: Housing"),
        ("kind=COUNTY", "Choose a state under “Area”."),
        ("kind=COUNTY&within=US-SOUTH", "Choose a state under “Area”."),
        ("kind=METRO_AREA&within=US-SOUTH", "Metropolitan areas fit into a table only for one state or Census division"),
        ("kind=NOTHING&by=LOCATED", "“kind=NOTHING”"),
        ("facet=SHOE_SIZE", "“facet=SHOE_SIZE”"),
        ("version=1&theme=housing", "“version=1”"),
        (f"words={'x' * 5000}", "The text for “words” is too long."),
        ("theme=<script>", "“theme=&lt;script&gt;”"),
        ("within=%00%ff", "A part of the address is not valid"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence_and_the_rest_applies(browser: TestClient, search: str, sentence: str) -> None:
    response = browser.get(f"/coverage?{search}")
    assert response.status_code == 200
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.text)) if "&lt;" in sentence else read_text(response)
    assert sentence in text
    assert "<table>" in response.text
    assert NOINDEX in response.text


def test_a_table_with_too_many_cells_says_how_many(visitor: TestClient) -> None:
    text = read_text(visitor.get("/coverage?kind=COUNTY&within=US-TX"))
    assert re.search(r"This table would have 1\d,\d{3} cells, and a table can have at most 10,000\.", text)
    assert "<table>" in visitor.get("/coverage?kind=COUNTY&within=US-TX").text
    of_one_theme = visitor.get("/coverage?kind=COUNTY&within=US-TX&theme=housing").text
    assert of_one_theme.count('<th scope="col" class="long">') == 254


def test_words_that_nobody_matches_leave_no_table(browser: TestClient) -> None:
    response = browser.get("/coverage?words=zzzzqqqq")
    assert "No organization matches" in read_text(response)
    assert "<table>" not in response.text


def test_the_file_has_the_numbers_of_the_table(browser: TestClient) -> None:
    response = browser.get("/coverage.csv?within=US-SOUTH&goal=2")
    assert response.headers["x-robots-tag"] == "noindex"
    lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    known = {(line["theme code"], line["region code"]): (line["organizations"], line["what is known"]) for line in lines}
    assert known["housing", "US-GA"] == ("2", "covered")
    assert known["housing", "US-TX"] == ("0", "nobody")
    assert known["refugees", "US-TX"] == ("", "unknown")
    assert {line["goal"] for line in lines} == {"2"}
    spanish = browser.get("/es/coverage.csv?theme=housing").content.decode("utf-8-sig")
    assert spanish.startswith("tema,código del tema,región,")
    assert "cobertura.csv" in browser.get("/es/coverage.csv").headers["content-disposition"]


def test_one_that_refuses_search_engines_is_not_named_on_an_indexed_page(browser: TestClient, tmp_path: Path) -> None:
    assert NOINDEX not in browser.get("/coverage").text
    quiet = an_office("Quiet House", "US-GA-121", "Atlanta", "housing", search_engines=SearchEngines.REFUSED)
    with serve(f"sqlite:///{tmp_path / 'directory.sqlite3'}", quiet) as other:
        page = other.get("/coverage").text
        assert quiet.name in page
        assert NOINDEX in page


def test_pages_about_sensitive_themes_can_be_left_quickly(browser: TestClient) -> None:
    assert 'class="exit"' in browser.get("/coverage?theme=refugees").text
    assert 'class="exit"' not in browser.get("/coverage?theme=housing").text


def test_all_themes_and_states_are_a_small_page(visitor: TestClient) -> None:
    page = visitor.get("/coverage").content
    assert page.count(b"<td class=") > 2_000
    assert len(gzip.compress(page, 4)) < MAX_BYTES / 2


def test_the_picture_has_the_numbers_of_the_table(browser: TestClient) -> None:
    response = browser.get("/es/coverage.svg?words=vivienda&within=US-SOUTH&theme=housing&goal=2")
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.headers["x-robots-tag"] == "noindex"
    assert ">Vivienda</text>" in response.text
    assert ">Georgia</text>" in response.text
    numbers = re.findall(r'text-anchor="middle"[^>]*>([^<]+)<', response.text)
    assert len(numbers) == 17
    assert numbers.count("2") == 1
