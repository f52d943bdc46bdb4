"""Embeds: /embed, a list or map for frames on other sites, and /embed/snippet, the code for it."""

import html
import re
from collections.abc import Iterator

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from directory.records import SearchEngines
from tests.builders import NOW, a_stored_organization
from tests.web.pages.conftest import find_links, find_svgs, read_text
from tests.web.pages.organization.served_directory import serve

HOUSING = [
    a_stored_organization(f"Union {number:02}", issue_areas=("housing",), service_areas=("US-GA",)) for number in range(12)
]
REFUSING = a_stored_organization("Refusing Union", issue_areas=("health",), search_engines=SearchEngines.REFUSED)
HIDDEN = a_stored_organization("Secret Union", issue_areas=("housing",), hidden_since=NOW)
UGLY = a_stored_organization('<script>alert("x")</script></textarea>', issue_areas=("housing",), service_areas=("US-WY",))
ALLOWED_SOURCES = {"'none'", "'self'", "data:", "*"}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serve(
        f"sqlite:///{tmp_path_factory.mktemp('embed') / 'directory.sqlite3'}", *HOUSING, REFUSING, HIDDEN, UGLY
    ) as browser:
        yield browser


def read_policy(response: Response) -> dict[str, list[str]]:
    parts = (part.split() for part in response.headers["content-security-policy"].split("; "))
    return {name: sources for name, *sources in parts}


def read_code(response: Response) -> str:
    """Return the text in the field to copy from."""
    match = re.search(r"<textarea[^>]*>(.*?)</textarea>", response.text, re.DOTALL)
    assert match
    return html.unescape(match[1])


def test_an_embed_lists_a_search(browser: TestClient) -> None:
    response = browser.get("/embed?issue=housing&number=5")
    assert len(find_links(response, "/organizations/")) == 5
    assert "Secret" not in response.text
    assert find_links(response, "issue=housing") == ["/?issue=housing"]
    assert "See all 13 organizations" in read_text(response)


def test_a_map_has_the_numbers_as_text_too(browser: TestClient) -> None:
    response = browser.get("/embed?issue=housing&view=map")
    assert "Georgia 12" in read_text(response)
    assert find_svgs(response)


@pytest.mark.parametrize("view", ["list", "map"])
def test_every_link_opens_a_tab_of_its_own(browser: TestClient, view: str) -> None:
    tags = re.findall(r"<a [^>]*>", browser.get(f"/es/embed?issue=housing&view={view}").text)
    assert len(tags) > 2
    assert all('target="_blank" rel="noopener"' in tag and 'href="/es/' in tag for tag in tags)


def test_only_embeds_may_be_framed(browser: TestClient) -> None:
    for path in ("/embed", "/en/embed", "/es/embed?view=map", "/embed?issue=nonsense"):
        assert read_policy(browser.get(path))["frame-ancestors"] == ["*"]
    for path in ("/", "/embed/snippet", "/es/embed/snippet", "/themes", "/embed/", "/embed/x", "/feed", "/about", "/embed.x"):
        assert read_policy(browser.get(path))["frame-ancestors"] == ["'none'"], path


def test_an_unchanged_embed_may_still_be_framed(browser: TestClient) -> None:
    """A browser replaces the headers that it has by those of the answer 304."""
    first = browser.get("/en/embed?issue=housing")
    again = browser.get("/en/embed?issue=housing", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]


def test_an_embed_may_do_nothing(browser: TestClient) -> None:
    response = browser.get("/embed?issue=housing")
    policy = read_policy(response)
    assert policy["default-src"] == policy["form-action"] == policy["base-uri"] == ["'none'"]
    assert "connect-src" not in policy
    assert "worker-src" not in policy
    assert {source for sources in policy.values() for source in sources} <= ALLOWED_SOURCES
    assert not {"set-cookie", "speculation-rules"} & set(response.headers)
    assert re.findall(r'<script[^>]*src="([^"]*)"', response.text) == re.findall(r"/assets/embed-\w+\.js", response.text)


def test_search_engines_list_neither(browser: TestClient) -> None:
    response = browser.get("/embed?issue=health")
    assert "Refusing Union" in response.text
    assert response.headers["x-robots-tag"] == "noindex"
    for path in ("/embed?issue=health", "/embed/snippet?issue=health"):
        assert '<meta name="robots" content="noindex">' in browser.get(path).text


@pytest.mark.parametrize("query", ["view=pie", "number=0", "number=-1", "number=1e9", "number=", "view=", "number=5&number=x"])
def test_what_cannot_be_shown_is_replaced(browser: TestClient, query: str) -> None:
    response = browser.get(f"/embed?issue=housing&{query}")
    assert response.status_code == 200
    assert len(find_links(response, "/organizations/")) == 10


@pytest.mark.parametrize("path", ["/embed", "/embed/snippet"])
@pytest.mark.parametrize("query", ["issue=housng", "bogus=1", f"words={'a' * 501}", "unit=parsec", "near=nowhere-at-all"])
def test_what_is_not_valid_is_left_out_with_a_sentence(browser: TestClient, path: str, query: str) -> None:
    response = browser.get(f"{path}?issue=health&{query}")
    assert response.status_code == 200
    assert "A part of the search is not valid" in read_text(response)
    assert "Health" in read_text(response)
    assert "A part of the search" not in read_text(browser.get(f"{path}?issue=health"))


def test_the_code_shows_the_search(browser: TestClient) -> None:
    code = read_code(browser.get("/embed/snippet?words=housing+in+Georgia&number=20&frame=es"))
    frame, _, script = code.partition("\n")
    address = re.search(r'src="(http://localhost(/es/embed\?[^"]*))"', frame)
    assert address
    embed = browser.get(html.unescape(address[2]))
    assert len(find_links(embed, "/es/organizations/")) == 12
    assert '<html lang="es">' in embed.text
    assert frame.startswith("<iframe ")
    assert frame.endswith("</iframe>")
    assert script.startswith("<script>")
    assert script.endswith("</script>")
    assert 'event.origin !== "http://localhost"' in script


def test_the_preview_shows_what_the_code_shows(browser: TestClient) -> None:
    page = browser.get("/embed/snippet?issue=housing&view=map")
    assert read_policy(page)["frame-src"] == ["'self'"]
    sources = [html.unescape(source) for source in re.findall(r'<iframe [^>]*src="([^"]*)"', page.text)]
    assert sources == ["/en/embed?issue=housing&view=map"]
    assert f'src="http://localhost{html.escape(sources[0])}"' in read_code(page)


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "</textarea><script>alert(1)</script>", "'-alert(1)-'"])
def test_hostile_words_stay_words(browser: TestClient, text: str) -> None:
    for path in ("/embed", "/embed/snippet"):
        response = browser.get(path, params={"words": text})
        assert response.status_code == 200
        assert "<script>alert" not in response.text
    code = read_code(browser.get("/embed/snippet", params={"words": text}))
    assert code.count("<script") == 1
    assert "<script>alert" not in browser.get("/embed?region=US-WY").text


def test_the_page_of_a_search_leads_to_the_code(browser: TestClient) -> None:
    (address,) = find_links(browser.get("/es/?issue=housing&order=NAME"), "/embed/snippet")
    response = browser.get(address)
    assert "/es/embed?" in read_code(response)
    assert find_links(response, r"/es/\?issue=housing")


def test_a_sensitive_search_has_the_exit_beside_its_code(browser: TestClient) -> None:
    assert 'class="exit' in browser.get("/embed/snippet?issue=gender-violence").text
    assert 'class="exit' not in browser.get("/embed/snippet?issue=housing").text
