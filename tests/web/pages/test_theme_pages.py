"""/themes and the pages of issue areas, communities and ways of working."""

import gzip
import html
import re
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from directory.live import Directory
from directory.store.ledger.edits import Network
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, WORK_AREAS, Vocabulary
from tests.builders import a_stored_location, a_stored_organization
from tests.web.conftest import NETWORK, put
from tests.web.pages.conftest import HTML, find_links, read_count, read_text
from web.app import create_app
from web.pages.sensitive_themes import SENSITIVE_THEMES, is_sensitive_organization, is_sensitive_search
from web.settings import Settings

VOCABULARIES: dict[str, Vocabulary] = {"/themes": ISSUE_AREAS, "/communities": COMMUNITIES, "/work-areas": WORK_AREAS}
KEYS = {"/themes": "issue", "/communities": "community", "/work-areas": "work"}
THEMES = [(path, term.slug) for path, vocabulary in VOCABULARIES.items() for term in vocabulary]
SENSITIVE = [("/themes", slug) for group in SENSITIVE_THEMES for slug in group.issue_areas]
SENSITIVE += [("/communities", slug) for group in SENSITIVE_THEMES for slug in group.communities]
HOSTILE_NAME = """<script>alert(1)</script> "onload=' &amp; </title>"""
MAX_BYTES = 40_000


def read_links_with_counts(response: Response) -> list[tuple[str, int]]:
    """Return the addresses of the links that are followed by a number, and the numbers."""
    found = re.findall(r'<a href="([^"]+)">[^<]*</a> <span class="number">([\d,.]+)<', response.text)
    return [(html.unescape(address), int(re.sub(r"\D", "", number))) for address, number in found]


def test_all_themes_are_listed_with_the_numbers_of_the_searches_for_them(visitor: TestClient) -> None:
    counts = dict(read_links_with_counts(visitor.get("/themes")))
    assert set(counts) == {f"{path}/{slug}" for path, slug in THEMES}
    for path, slug in THEMES:
        assert counts[f"{path}/{slug}"] == read_count(visitor.get(f"/?{KEYS[path]}={slug}")), slug


def test_a_theme_is_listed_below_each_of_its_broader_themes(visitor: TestClient) -> None:
    links = find_links(visitor.get("/themes"), r"^/(themes|communities|work-areas)/")
    for path, vocabulary in VOCABULARIES.items():
        for term in vocabulary:
            assert links.count(f"{path}/{term.slug}") == _count_ways_down(vocabulary, term.slug)


def _count_ways_down(vocabulary: Vocabulary, slug: str) -> int:
    broader = vocabulary.require(slug).broader
    return sum(_count_ways_down(vocabulary, each) for each in broader) if broader else 1


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_the_page_of_a_theme_says_what_it_is_and_leads_to_its_neighbors(visitor: TestClient, prefix: str) -> None:
    language = "es" if prefix else "en"
    for path, slug in THEMES:
        response, term = visitor.get(f"{prefix}{path}/{slug}"), VOCABULARIES[path].require(slug)
        text = read_text(response)
        assert response.status_code == 200
        assert term.label(language) in text
        assert all(synonym in text for synonym in term.synonyms.get(language, ())), slug
        for other in (*term.broader, *VOCABULARIES[path].narrower_slugs(slug)):
            assert f'href="{prefix}{path}/{other}"' in response.text


@pytest.mark.parametrize(
    ("path", "english", "spanish"),
    [
        ("/themes/housing", ("All themes", "Who works on it"), ("Todos los temas", "Quién trabaja en este tema")),
        (
            "/communities/immigrants-refugees",
            ("All communities", "Who works for this community"),
            ("Todas las comunidades", "Quién trabaja para esta comunidad"),
        ),
        (
            "/work-areas/organizing",
            ("All ways of working", "Who works this way"),
            ("Todas las formas", "Quién trabaja de esta forma"),
        ),
    ],
)
def test_each_facet_has_its_own_words(visitor: TestClient, path: str, english: tuple[str, str], spanish: tuple[str, str]) -> None:
    for code, texts in (("en", english), ("es", spanish)):
        page = read_text(visitor.get(f"/{code}{path}"))
        assert all(text in page for text in texts)


@pytest.mark.parametrize(
    "path", ["/themes/housing", "/communities/latinx", "/work-areas/organizing", "/es/themes/gender-violence"]
)
def test_every_number_on_the_page_of_a_theme_is_that_of_the_search_it_leads_to(visitor: TestClient, path: str) -> None:
    response = visitor.get(path)
    states = [(link, count) for link, count in read_links_with_counts(response) if "region=" in link]
    assert states
    for link, count in states:
        assert read_count(visitor.get(link)) == count
    for link in find_links(response, r"nationwide=ONLY|located=false|^(/es)?/\?\w+=[\w-]+$"):
        (text,) = re.findall(rf'href="{re.escape(html.escape(link))}">([^<]*\d[^<]*)<', response.text)[:1]
        assert read_count(visitor.get(link)) == int(re.sub(r"\D", "", text))


def test_numbers_of_coalitions_events_and_rights_are_those_of_the_lists(visitor: TestClient) -> None:
    checked = set()
    for slug in ("housing", "racial-justice", "workers"):
        response = visitor.get(f"/themes/{slug}")
        for link in find_links(response, r"^/(coalitions|events|instruments)\?theme="):
            (number,) = re.findall(rf'href="{re.escape(html.escape(link))}">See all (\d+) ', response.text)
            assert re.search(rf">{number} (coalitions|events|articles and recommendations)<", visitor.get(link).text)
            checked.add(link.partition("?")[0])
    assert {"/coalitions", "/instruments"} <= checked


def test_the_first_ten_organizations_are_those_of_the_search(visitor: TestClient) -> None:
    shown = find_links(visitor.get("/themes/housing"), "^/organizations/")
    assert len(shown) == 10
    assert shown == find_links(visitor.get("/?issue=housing"), r"^/organizations/[^?]+$")[:10]


@pytest.mark.parametrize(
    "path", ["/themes/nothing", "/themes/veterans", "/communities/housing", "/work-areas/", "/themes/HOUSING", "/themes/%ff"]
)
def test_a_theme_that_does_not_exist_has_no_page(visitor: TestClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/themes", "/es/themes", "/themes/equality", "/work-areas/organizing"])
def test_pages_of_themes_are_small(visitor: TestClient, path: str) -> None:
    assert len(gzip.compress(visitor.get(path).content, 5)) < MAX_BYTES / 2


def test_names_are_escaped(tmp_path: Path) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    organization = a_stored_organization(HOSTILE_NAME, slug="hostile", issue_areas=("housing",), sites=(a_stored_location(),))
    put(directory, organization, NETWORK, network=Network(NETWORK.id))
    with TestClient(create_app(directory, Settings(points_a_minute=0)), base_url="http://localhost", headers=HTML) as client:
        for path in ("/themes/housing", "/places/US-GA"):
            text = client.get(path).text
            assert "alert(1)" in text
            assert "<script>" not in text
            assert "' &amp;amp; &lt;/title&gt;" in text.replace("&#39;", "'")


# ---------------------------------------------------------------- sensitive themes


def test_pages_of_sensitive_themes_have_a_button_to_leave_them(visitor: TestClient) -> None:
    for path, slug in THEMES:
        button = re.search(
            r'<a data-exit href="https://www.weather.gov/" rel="noreferrer nofollow"', visitor.get(f"{path}/{slug}").text
        )
        assert bool(button) == ((path, slug) in SENSITIVE), slug


def test_whatever_is_narrower_than_a_sensitive_theme_is_sensitive_too() -> None:
    for path, slug in SENSITIVE:
        assert {(path, narrower) for narrower in VOCABULARIES[path].closure(slug)} <= set(SENSITIVE)


def test_themes_whose_places_are_protected_are_sensitive() -> None:
    protected = {term.slug for term in ISSUE_AREAS if term.disclosure}
    assert protected
    assert all(("/themes", slug) in SENSITIVE for slug in protected)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("issue", "gender-violence")], True),
        ([("region", "US-GA"), ("community.all", "survivors")], True),
        ([("any", "issue=housing|community=trans-people")], True),
        ([("any", "region=US-GA|near=Atlanta, GA")], False),
        ([("issue", "housing"), ("community", "tenants")], False),
        ([("issue.not", "gender-violence")], False),
        ([("community", "gender-violence")], False),
        ([], False),
    ],
)
def test_a_search_is_sensitive_if_it_asks_for_a_sensitive_theme(pairs: list[tuple[str, str]], expected: bool) -> None:
    assert is_sensitive_search(pairs) is expected


def test_an_organization_is_sensitive_if_one_of_its_themes_is() -> None:
    assert is_sensitive_organization({"issueAreas": [{"slug": "housing"}, {"slug": "lgbtq"}], "communities": []})
    assert is_sensitive_organization({"issueAreas": [], "communities": [{"slug": "survivors"}]})
    assert not is_sensitive_organization({"issueAreas": [{"slug": "housing"}], "communities": [{"slug": "tenants"}]})
