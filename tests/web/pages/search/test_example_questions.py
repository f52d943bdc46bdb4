"""The first page offers only questions that find something."""

import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from directory.records import Audience
from tests.builders import a_stored_location, a_stored_organization
from tests.web.conftest import put
from tests.web.pages.conftest import find_links, read_count, read_text
from tests.web.pages.organization.served_directory import open_browser, open_directory, serve

HOUSING = a_stored_organization("Harbor Tenants Union", issue_areas=("housing",), sites=(a_stored_location(),))
SECRET = a_stored_organization(
    "Secret Circle", issue_areas=("migration",), sites=(a_stored_location("Houston", "US-TX"),), audience=Audience.MEMBERS
)


def list_examples(browser: TestClient, language: str) -> dict[str, str]:
    """Return the addresses of the questions by their words."""
    links = re.findall(r'<a href="([^"]*[?]words=[^"]*)">([^<]*)</a>', browser.get(f"/{language}/").text)
    return {unescape(words): unescape(address) for address, words in links}


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_questions_of_a_small_network_are_about_what_it_has(tmp_path: Path, language: str) -> None:
    with serve(f"sqlite:///{tmp_path / 'directory.sqlite3'}", HOUSING, SECRET) as browser:
        examples = list_examples(browser, language)
        assert examples
        assert all(read_count(browser.get(address)) == 1 for address in examples.values())
        assert not any("Texas" in words for words in examples)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_large_network_has_the_questions_that_people_wrote(visitor: TestClient, language: str) -> None:
    examples = list_examples(visitor, language)
    assert any("Chicago" in words for words in examples)
    assert len(examples) == 3
    assert all(read_count(visitor.get(address)) for address in examples.values())


def test_without_questions_there_is_no_heading_and_new_records_bring_some(tmp_path: Path) -> None:
    directory = open_directory(f"sqlite:///{tmp_path / 'directory.sqlite3'}", SECRET)
    with open_browser(directory) as browser:
        assert list_examples(browser, "en") == {}
        page = browser.get("/en/")
        assert "Questions people ask" not in read_text(page)
        assert {"/en/partners", "/en/plan", "/en/coverage"} <= set(find_links(page, "^/en/[a-z]+$"))
    put(directory, HOUSING)
    with open_browser(directory) as browser:
        assert list_examples(browser, "en")
