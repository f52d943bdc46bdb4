"""Addresses of /plan that cannot be used as they are: a sentence says so, and the rest applies."""

import gzip
import re
from urllib.parse import quote_plus, urlencode

import pytest
from starlette.testclient import TestClient

from tests.web.pages.conftest import read_text
from tests.web.pages.plan.conftest import BOTH, MAX_BYTES, NOINDEX, QUESTION, read_plan
from tests.web.pages.test_hostile_addresses import VALUES
from web.pages.plan.plan_form import DECLINED, KEYS, LINE, TYPED_KEYS


@pytest.mark.parametrize(
    ("search", "sentence"),
    [
        ("issue=housng", "“issue=housng”. Did you mean: Housing"),
        ("region=US-GEORGA", "“region=US-GEORGA”. Did you mean: Georgia"),
        ("by=NEARBY", "“by=NEARBY”"),
        ("nationwide=yes", "“nationwide=yes”"),
        ("per=0", "The number of members for each theme in each place is 1 to 5, not “0”."),
        ("per=²", "not “²”"),
        ("max=101", "The limit on members is a number from 1 to 100, not “101”."),
        (f"max={'9' * 5000}", "The limit on members is a number from 1 to 100"),
        (
            "max=1&include=both-in-georgia&include=spare-in-alabama",
            "2 members must take part, so a plan of at most 1 is impossible.",
        ),
        (f"include={BOTH.slug}&exclude={BOTH.id}", "“Both in Georgia” cannot both take part and be left out."),
        ("include=a/b", "“include=a/b”"),
        ("filter=issue%3Dnothing", "The filter of this plan is not valid"),
        ("filter=%00", "The filter of this plan is not valid"),
        ("version=1", "“version=1”"),
        ("max=3&max=4", "“max=3”"),
        ("place=Nowhereland", "No place is called “Nowhereland”."),
        (
            "place=30303",
            "“30303” is a city or a ZIP code, and a plan needs a county or a larger place. Did you mean: Fulton County, GA",
        ),
        ("place=Washington+County", "Several places have a name that is or begins with “Washington County”. Choose one."),
        (f"place={'x' * 201}", "It can have at most 200 characters."),
        ("place=%00", "No place is called"),
        ("member=Alabama", "Several organizations match “Alabama”."),
        ("member=Nobody+at+all", "No organization in this directory is called “Nobody at all”."),
        ("member=%00", "No organization in this directory is called"),
        ("member=!!!", "No organization in this directory is called “!!!”."),
        (f"member={'x' * 501}", "It can have at most 500 characters."),
        (f"search={'x' * 8001}", "It can have at most 8,000 characters and 200 parameters."),
        (f"search={quote_plus('issue=x&' * 300)}", "It can have at most 8,000 characters and 200 parameters."),
        ("&".join(f"exclude=x{number}" for number in range(60)), "At most 50 members can be left out."),
        ("&".join(f"issue=x{number}" for number in range(190)), "“issue=x4”"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence_and_the_rest_applies(browser: TestClient, search: str, sentence: str) -> None:
    response = browser.get(f"/plan?{QUESTION}&{search}")
    assert response.status_code == 200
    assert sentence in read_text(response)
    assert BOTH.name in response.text
    assert "<table>" in response.text
    assert NOINDEX in response.text
    assert response.headers["cache-control"] == "private, no-store"  # a typed name may be that of a group that is not listed
    assert "etag" not in response.headers


def test_too_many_combinations_say_how_many(browser: TestClient, visitor: TestClient) -> None:
    themes = re.findall(r'name="issue" value="([\w-]+)"', browser.get("/plan").text)
    states = re.findall(r'name="region" value="(US-\w\w)"', browser.get("/plan").text)
    search = "&".join([*(f"issue={theme}" for theme in themes[:21]), *(f"region={state}" for state in states[:40])])
    text = read_plan(browser, search)
    assert "A plan can have at most 20 themes. The first 20 are in this one." in text
    assert "20 themes in 40 places are 800 combinations, and a plan can have at most 400." in text
    largest = "&".join([*(f"issue={theme}" for theme in themes[:20]), *(f"region={state}" for state in states[:20])])
    assert "This plan takes too much work." in read_plan(browser, f"{largest}&per=5")
    page = visitor.get(f"/plan?{largest}").content
    assert b"400 combinations" in page
    assert len(gzip.compress(page, 4)) <= MAX_BYTES
    nine = "&".join([*(f"issue={theme}" for theme in themes[:6]), *(f"region={state}" for state in states[:9])])
    assert len(gzip.compress(visitor.get(f"/plan?{nine}").content, 4)) <= MAX_BYTES / 2


def test_a_plan_in_one_line_is_an_address(browser: TestClient) -> None:
    line = "issue=housing&region=US-AL&version=1&issue=hosing"
    text = read_plan(browser, f"search={quote_plus(line)}&region=US-GA")
    assert "2 members cover all 2 combinations" in text
    assert "“version=1”" in text
    assert "“issue=hosing”" in text
    address = re.search(r"copy its address: (\S+)", text)
    assert address
    assert address[1] == "http://localhost/plan?issue=housing&region=US-AL&region=US-GA"


@pytest.mark.slow
@pytest.mark.parametrize("key", [*KEYS, *TYPED_KEYS, LINE, DECLINED])
def test_whatever_a_parameter_says_there_is_a_page_with_the_rest(browser: TestClient, key: str) -> None:
    for value in VALUES:
        response = browser.get(f"/plan?{QUESTION}&{urlencode([(key, value)])}")
        assert response.status_code == 200, value
        assert "<h1" in response.text
        assert 'value="US-GA" checked' in response.text, value
