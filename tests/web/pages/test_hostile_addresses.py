"""Whatever an address contains, the answer is a page: it says what is wrong, keeps the rest, and takes time in proportion."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from directory.filters.question_fields import FIELDS, RADIUS_KEY
from tests.stories.http_client import INTERNALS
from tests.web.pages.conftest import read_count, read_text
from web.pages.feed import PATH as FEED_PATH
from web.pages.languages import LANGUAGES
from web.pages.routes import PAGES
from web.pages.search.search_form import PAGE_KEYS

pytestmark = pytest.mark.slow

KEPT = ("community", "tenants")  # the rest of the address
SEARCH_KEYS = [*(field.key for field in FIELDS), RADIUS_KEY]
KEYS = [*SEARCH_KEYS, *PAGE_KEYS, "bogus", "", "issue.", "any.all"]
VALUES = [
    "\x00",
    "\u202e\ufeff\u2028",
    "\N{PILE OF POO}" * 120,
    "'; DROP TABLE organizations; --",
    "../../etc/passwd",
    "%s%n{0}${7*7}{{7*7}}",
    '"unclosed',
    "* OR (",
    "a" * 501,
    "a b " * 2_000,
    "-1",
    "0",
    "1e999",
    "nan",
    "9" * 400,
    "2020-99-99",
    "91,181,-91,-181",
    "a=b&c=d|e=f|",
    "|".join(["issue=housing"] * 300),
    "city:US-GA:atlanta",
    "organization:no-such-organization",
    "true",
    "US-GA",
    "housing",
]
PATHS = [prefix + path for path in PAGES for prefix in ("", *(f"/{code}" for code in LANGUAGES))]
PATH_VALUES = [
    "\x00",
    "..",
    ".",
    "%2e%2e",
    "a" * 5_000,
    "é" * 300,
    "x.html",
    "<b>",
    "a b",
    "US-GA-",
    "city:US-GA:atlanta",
    "{slug}",
    "\\",
]
REFUSALS = {400, 404, 414}  # 400: a feed reader must not take a page for a feed
QUICK = 100


def assert_helpful_page(response: Response) -> None:
    """Check that the response is a page, a redirect or a file, and reveals nothing about the server."""
    assert response.status_code in {200, 308} | REFUSALS
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    if response.headers["content-type"].startswith("text/html"):
        assert "<h1" in response.text
        assert not INTERNALS.search(re.sub(r"<[^>]+>", " ", response.text).replace("sqlite", ""))


def count_by_api(visitor: TestClient, pairs: Sequence[tuple[str, str]]) -> int | None:
    """Return how many organizations the API finds; None if it refuses the search."""
    words = next((value for key, value in pairs if key == "words"), None)
    search = urlencode([pair for pair in pairs if pair[0] not in PAGE_KEYS])
    body = {
        "query": "query($w: String, $s: String) { organizations(words: $w, search: $s) { totalCount } }",
        "variables": {"w": words, "s": search},
    }
    answer: dict[str, Any] = visitor.post("/graphql", json=body, headers={"Accept": "application/json"}).json()
    found = (answer.get("data") or {}).get("organizations")
    return found["totalCount"] if found else None


@pytest.mark.parametrize("key", [key for key in (*SEARCH_KEYS, "words", "bogus") if key != RADIUS_KEY])
def test_the_page_searches_for_what_is_valid_and_says_what_is_not(visitor: TestClient, key: str) -> None:
    alone = read_count(visitor.get(f"/?{urlencode([KEPT])}"))
    for value in VALUES:
        pairs = [KEPT, (key, value)]
        response = visitor.get(f"/?{urlencode(pairs)}")
        assert_helpful_page(response)
        expected = count_by_api(visitor, pairs)
        assert ("notice error" in response.text) == (expected is None), value
        assert read_count(response) == (alone if expected is None else expected), value


@pytest.mark.parametrize("key", KEYS)
def test_repeated_and_huge_parameters_get_a_page(visitor: TestClient, key: str) -> None:
    for value in ("housing", "US-GA", "x" * 100, "x" * 30_000):
        for times in (1, 2) if len(value) > 100 else (1, 2, 50, 199):
            response = visitor.get(f"/?{urlencode([KEPT, *([(key, value)] * times)])}")
            assert_helpful_page(response)
            if response.status_code == 200 and times < 50:
                assert 'aria-label="Remove Tenants' in response.text


HOMES = ("/en/", "/es/")


@pytest.mark.parametrize("path", [path for path in PATHS if "{" in path])
def test_every_value_in_a_path_gets_a_page(visitor: TestClient, path: str) -> None:
    for value in (*PATH_VALUES, *VALUES):
        response = visitor.get(re.sub(r"\{\w+\}", quote(value, safe=""), path), follow_redirects=False)
        if response.status_code == 308:  # the client has resolved "..": /en/themes/.. is /en
            assert response.headers["location"] in HOMES
        else:
            assert_helpful_page(response)


@pytest.mark.parametrize("path", [path for path in PATHS if "{" not in path])
def test_parameters_that_a_page_does_not_have_are_ignored(visitor: TestClient, path: str) -> None:
    if path in ("/", "/en/", "/es/") or path.endswith((".csv", ".geojson", FEED_PATH)):  # of a search
        return
    for key in KEYS[:: len(KEYS) // 8]:
        response = visitor.get(f"{path}?{urlencode([(key, value) for value in VALUES[:12]])}")
        assert_helpful_page(response)
        assert response.status_code == 200


texts = st.sampled_from(VALUES) | st.text(max_size=40)
pairs_of_address = st.lists(st.tuples(st.sampled_from(KEYS) | texts, texts), max_size=12)
raw_queries = st.binary(max_size=60).map(lambda raw: quote(raw, safe="%&=+;?/"))
paths = st.sampled_from([path for path in PATHS if "{" not in path]) | texts.map(lambda text: "/" + quote(text))


@settings(max_examples=QUICK, deadline=None)
@given(path=paths, pairs=pairs_of_address, raw=raw_queries)
def test_no_address_breaks_anything(visitor: TestClient, path: str, pairs: list[tuple[str, str]], raw: str) -> None:
    query = "&".join([urlencode(pairs, errors="replace"), raw])
    assert_helpful_page(visitor.get(f"{path}?{query}", follow_redirects=False))


@pytest.mark.parametrize("header", ["Accept-Language", "If-None-Match", "Accept-Encoding", "Cookie"])
def test_no_header_breaks_a_page(visitor: TestClient, header: str) -> None:
    for value in ("", ",", ";q=", "es;q=nan", "*" * 5_000, "es," * 2_000, '"x"' * 1_000, "\xff", "gzip;q=0,*;q=1e999"):
        response = visitor.get("/?issue=housing", headers=[(header.encode(), value.encode("latin-1"))])
        assert_helpful_page(response)
        assert "housing" in read_text(response).lower() or "vivienda" in read_text(response).lower()
