"""/instruments and the pages of instruments, articles and recommendations."""

import gzip
import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from benchmarks.pages.example_pages import list_example_pages
from directory.live import Directory
from directory.store.ledger.edits import Put
from tests.builders import NOW, a_stored_coalition, a_stored_event, a_stored_instrument, a_stored_provision
from tests.web.pages.conftest import find_links, read_text
from tests.web.pages.kinds.joint_records import DECLARATION, RECORDS, serve_records
from tests.web.pages.organization.served_directory import open_browser, open_directory

MAX_BYTES = 40_000


def list_provisions(browser: TestClient, path: str) -> list[str]:
    response = browser.get(path)
    assert response.status_code == 200
    return re.findall(r'<p><a href="/instruments/[\w-]+/([\w-]+)"><b>', response.text)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/instruments/declaration", ["article-25", "article-26"]),
        ("/instruments/declaration?theme=housing", ["article-25"]),
        ("/instruments/declaration?members=yes", ["article-25"]),
        ("/instruments/declaration?members=no", ["article-26"]),
        ("/instruments/review", ["recommendation-26-9", "recommendation-26-10", "recommendation-26-11"]),
        ("/instruments/review?response=Noted", ["recommendation-26-9"]),
        ("/instruments/review?words=Ghana", ["recommendation-26-10"]),
        ("/instruments/review?members=no&response=Supported", ["recommendation-26-10"]),
        ("/instruments/review?theme=housing", ["recommendation-26-9"]),
        ("/instruments?theme=housing", ["article-25", "recommendation-26-9"]),
        ("/instruments?words=eviction", ["recommendation-26-9"]),
        ("/instruments?words=nothing", []),
    ],
)
def test_provisions_are_listed_and_narrowed(browser: TestClient, path: str, expected: list[str]) -> None:
    assert list_provisions(browser, path) == expected


def test_instruments_are_listed(browser: TestClient) -> None:
    response = browser.get("/instruments")
    assert re.findall(r'<h3><a href="/instruments/([\w-]+)"', response.text) == ["declaration", "review"]
    assert "Hidden Treaty" not in response.text
    assert "adopted on December 10, 1948" in read_text(response)


def test_a_recommendation_says_who_made_it_and_what_the_state_answered(browser: TestClient) -> None:
    text = read_text(browser.get("/instruments/review"))
    assert "Recommendation 26.9: protection from eviction" in text
    assert "Recommended by: Norway · Answer: Noted · Cycle: 3 1 member works on it" in text
    assert "Answer: Not stated" in text
    assert "No member states that it works on it" in text
    assert "Respuesta: Se tomó nota" in read_text(browser.get("/es/instruments/review"))


def test_answers_are_counted_and_lead_to_their_recommendations(browser: TestClient) -> None:
    response = browser.get("/instruments/review")
    for answer in ("Noted", "Supported"):
        (link,) = find_links(response, f"response={answer}$")
        assert len(list_provisions(browser, link)) == 1


def test_the_page_of_an_article_leads_to_the_members_who_work_on_it(browser: TestClient) -> None:
    response = browser.get("/instruments/declaration/article-25")
    names = re.findall(r'<a href="/organizations/[\w-]+"><b>([^<]+)</b>', response.text)
    assert names == ["Harbor Tenants Union", "Legal Clinic"]  # tenants are a narrower theme than housing
    (search,) = set(find_links(response, r"^/\?issue="))
    assert "2 organizations" in read_text(browser.get(search))
    assert find_links(response, "^/themes/housing$")
    assert "Artículo 25: una vivienda" in read_text(browser.get("/es/instruments/declaration/article-25"))


@pytest.mark.parametrize(
    "path",
    [
        *("/coalitions/homes-alliance", "/events/assembly", "/organizations/legal-clinic"),
        *("/instruments/declaration", "/instruments/declaration/article-25"),
    ],
)
def test_pages_of_single_records_have_their_stylesheet(browser: TestClient, path: str) -> None:
    assert re.search(r'<link rel="stylesheet" href="/assets/records-\w+\.css">', browser.get(path).text)


def test_an_article_without_themes_says_so(browser: TestClient) -> None:
    assert "Its themes are not stated, so members cannot be found by them." in read_text(
        browser.get("/instruments/declaration/article-26")
    )


@pytest.mark.parametrize(
    "search", ["theme=nothing", "members=perhaps", "response=Whatever", "cycle=9", "after=x", "words=" + "a " * 300]
)
def test_what_is_not_valid_is_left_out_with_a_sentence(browser: TestClient, search: str) -> None:
    response = browser.get(f"/instruments/review?members=no&{search}")
    assert response.text.count('role="alert"') == 1
    assert "recommendation-26-10" in response.text


def test_themes_lead_to_their_provisions_coalitions_and_events(browser: TestClient) -> None:
    response = browser.get("/themes/housing")
    for link in (
        "/instruments/declaration/article-25",
        "/instruments/review/recommendation-26-9",
        "/coalitions/homes-alliance",
        "/events/assembly",
    ):
        assert find_links(response, f"^{link}$"), link
    assert not find_links(browser.get("/communities/tenants"), "^/(instruments|coalitions|events)/")


def test_organizations_lead_to_their_coalitions_and_events(browser: TestClient) -> None:
    response = browser.get("/organizations/harbor-tenants-union")
    assert find_links(response, "^/coalitions/homes-alliance$")
    assert find_links(response, "^/events/assembly$")
    quiet = browser.get("/organizations/quiet-house")
    assert find_links(quiet, r"^/events\?host=quiet-house&when=past$")
    assert "1 past event that it hosted" in read_text(quiet)


def test_another_address_of_a_provision_leads_to_its_page(browser: TestClient) -> None:
    response = browser.get("/es/instruments/review/article-25", follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (308, "/es/instruments/declaration/article-25")


def test_former_slugs_lead_to_the_pages(tmp_path: Path) -> None:
    directory: Directory = open_directory(f"sqlite:///{tmp_path / 'former.sqlite3'}", *RECORDS)
    with open_browser(directory) as browser:
        for path, record in (
            ("/coalitions/{}", next(record for record in RECORDS if record.slug == "homes-alliance")),
            ("/events/{}", next(record for record in RECORDS if record.slug == "assembly")),
            ("/instruments/{}", DECLARATION),
        ):
            directory.write([Put(replace(record, slug="a-new-slug"))], actor="test", now=NOW, reason="test")
            response = browser.get(f"/es{path.format(record.slug)}", follow_redirects=False)
            assert (response.status_code, response.headers["location"]) == (308, f"/es{path.format('a-new-slug')}")
        response = browser.get("/instruments/declaration/article-25", follow_redirects=False)
        assert response.headers["location"] == "/instruments/a-new-slug/article-25"


@pytest.mark.parametrize(
    "path", ["/instruments/hidden-treaty", "/instruments/hidden-treaty/hidden-article", "/instruments/review/hidden-article"]
)
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_what_is_hidden_is_like_what_never_existed(browser: TestClient, tmp_path: Path, prefix: str, path: str) -> None:
    hidden_slugs = ("hidden-treaty", "hidden-article")
    with serve_records(tmp_path, *(record for record in RECORDS if record.slug not in hidden_slugs)) as other:
        hidden, missing = browser.get(prefix + path), other.get(prefix + path)
    assert hidden.status_code == 404
    assert (hidden.content, dict(hidden.headers)) == (missing.content, dict(missing.headers))


@pytest.mark.parametrize("language", ["en", "es"])
def test_pages_are_small(visitor: TestClient, language: str) -> None:
    paths = [path for path in list_example_pages(1, language).values() if re.match(r"/../(coalitions|events|instruments)", path)]
    assert len(paths) > 12
    for path in paths:
        response = visitor.get(path)
        assert response.status_code == 200, path
        assert len(gzip.compress(response.content, 5)) < MAX_BYTES / 2, path


@pytest.mark.parametrize("path", ["/coalitions?theme=gender-violence", "/events?theme=lgbtq", "/instruments?theme=immigration"])
def test_lists_about_sensitive_themes_have_a_button_to_leave_them(visitor: TestClient, path: str) -> None:
    assert "data-exit" in visitor.get(path).text
    assert "data-exit" not in visitor.get(path.partition("?")[0]).text


def test_pages_about_sensitive_themes_have_a_button_to_leave_them(tmp_path: Path) -> None:
    themes = {"issue_areas": ("gender-violence",)}
    records = (
        *(a_stored_coalition("Circle", **themes), a_stored_event("Vigil", **themes)),
        *(a_stored_instrument("Treaty", **themes), a_stored_provision("1", "Treaty", **themes)),
    )
    with serve_records(tmp_path, *records) as browser:
        for path in ("/coalitions/circle", "/events/vigil", "/instruments/treaty", "/instruments/treaty/article-1"):
            assert "data-exit" in browser.get(path).text, path


def test_a_long_instrument_is_in_pages(tmp_path: Path) -> None:
    articles = [a_stored_provision(str(number), "Declaration") for number in range(1, 121)]
    with serve_records(tmp_path, a_stored_instrument("Declaration"), *articles) as browser:
        slugs, address = [], "/instruments/declaration"
        while address:
            slugs += list_provisions(browser, address)
            address = next(iter(find_links(browser.get(address), "^/instruments/.*after=")), "")
    assert slugs == [article.slug for article in articles]
