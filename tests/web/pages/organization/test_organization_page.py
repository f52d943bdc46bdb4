"""/organizations/<slug>: what is shown, old slugs, records that a visitor may not see, and hostile texts."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from directory.drafts.organization_draft import parse_draft
from directory.errors import BadInput
from directory.records import Audience, Link, Relation, RelationKind, SearchEngines, Source
from directory.store.ledger.edits import Remove
from schema.context import Context
from schema.limits import Limits
from tests.builders import a_stored_organization
from tests.web.conftest import put
from tests.web.pages.conftest import find_links, read_text
from tests.web.pages.organization.served_directory import EMPTY, FULL, NOW, RECORDS, open_browser, open_directory, serve
from web.pages.documents import run_document

ADDRESS = "/organizations/harbor-tenants-union"
HOSTILE = """</script><!--<script>alert(1)</script>"onerror='alert(2)'{{ 7*7 }}&lt;]]>"""
OTHER_SITE = 'rel="noopener noreferrer nofollow ugc"'


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serve(f"sqlite:///{tmp_path_factory.mktemp('page') / 'directory.sqlite3'}", *RECORDS) as browser:
        yield browser


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'directory.sqlite3'}"


STATED = [
    "Harbor Tenants Union",
    "Also known as HTU · Unión de Inquilinos (in Spanish)",
    "Formerly Harbor Renters",
    "Legal name: Harbor Tenants Union, Inc.",
    "Grassroots group",
    "It keeps tenants in their homes. The first paragraph. The second paragraph.",
    "Verified 3 months ago, on ",
    "Issue areas Housing Communities Tenants Ways of working Organizing Languages English, Spanish",
    "Serves Fulton County, GA, Alabama, United States (nationwide)",
    "Seeks Lawyers who read leases. Offers A hall for forty people.",
    "Part of Georgia Tenants Alliance Branches Harbor Branch",
    "Partner: Open Door Partner. Since 2019",
    "Funder: The Harbor Fund",
    "Founded 1987",
    "Membership Member since August 8, 2012",
    "Registration numbers EIN 52-1633883, XI-LEI HARBOR",
    "A Main office 12 Harbor Street Atlanta, GA 30303 Published address. Main location.",
    "B Chatham County, GA County only. Somewhere in this county.",
    "Office E-mail a+b&c@harbor.example Phone (404) 555-0123",
    "Website harbor.example Instagram social.example/harbor Podcast audio.example/harbor",
    "Information Source Date name, issue areas Its report March 11, 2024 year founded A letter Not stated",
]


@pytest.mark.parametrize("text", STATED)
def test_everything_that_is_published_is_on_the_page(browser: TestClient, text: str) -> None:
    assert text in re.sub(r" ([,.:])", r"\1", read_text(browser.get(ADDRESS)))


def test_what_others_may_see_is_not_on_the_page(browser: TestClient) -> None:
    response = browser.get(ADDRESS)
    assert "Secret Partner" not in response.text
    assert "A Person" not in response.text
    assert "5550199" not in response.text


def test_links_lead_to_searches_places_and_other_organizations(browser: TestClient) -> None:
    links = find_links(browser.get(ADDRESS), "")
    for address in ("/?issue=housing", "/?community=tenants", "/?work=organizing", "/?language=es", "/places/US-GA-121"):
        assert address in links
    for slug in ("georgia-tenants-alliance", "harbor-branch", "open-door-partner"):
        assert f"/organizations/{slug}" in links
        assert browser.get(f"/organizations/{slug}").status_code == 200
    assert "mailto:a%2Bb%26c@harbor.example" in links
    assert "tel:+14045550123" in links


def test_links_to_other_sites_say_nothing_about_the_visitor(browser: TestClient) -> None:
    page = browser.get(ADDRESS).text
    links = re.findall(r'<a [^>]*href="https?://(?!localhost)[^>]*>', page)
    assert len(links) == 6  # the website twice, two other pages, a relation and a source
    assert all(OTHER_SITE in link for link in links if "data-exit" not in link)


def test_what_is_not_stated_is_said(browser: TestClient) -> None:
    text = read_text(browser.get("/organizations/empty-record"))
    for label in ("Issue areas", "Communities", "Ways of working", "Languages", "Serves", "Seeks", "Offers", "Founded"):
        assert f"{label} Not stated" in text
    assert "Relations None in this directory" in text
    assert "Membership Member (start date not stated)" in text
    assert "Where it is Location not stated" in text
    assert "No phone, e-mail or website is published. Ask the network to pass on a message." in text
    assert "Not yet verified with the organization." in text
    assert "Visit website" not in text


def test_a_spanish_page_is_in_spanish(browser: TestClient) -> None:
    response = browser.get(f"/es{ADDRESS}")
    text = read_text(response)
    assert '<html lang="es"' in response.text
    assert "Vivienda" in text
    assert "Grupo de base" in text
    assert "11 de marzo de 2024" in text
    assert "/es/?issue=housing" in find_links(response, "")
    assert '<span lang="es">Unión de Inquilinos</span>' in response.text


def test_a_page_names_its_addresses_in_both_languages(browser: TestClient) -> None:
    for address, code in ((f"{ADDRESS}?utm=1", "en"), (f"/es{ADDRESS}", "es")):
        page = browser.get(address).text
        assert f'<link rel="canonical" href="http://localhost/{code}{ADDRESS}">' in page
        assert f'<meta property="og:url" content="http://localhost/{code}{ADDRESS}">' in page
        for other in ("en", "es"):
            assert re.search(f'<link rel="alternate" hreflang="{other}" href="http://localhost/{other}{ADDRESS}["?]', page)
        assert '<meta property="og:description" content="It keeps tenants in their homes.">' in page


def test_texts_of_the_record_are_marked_in_the_other_language(url: str) -> None:
    texts = {"description": "Ayuda a los inquilinos y sus familias.", "seeks": "Lawyers who read leases with the tenants."}
    with serve(url, replace(FULL, parent=None, relations=(), **texts)) as browser:
        english, spanish = (browser.get(f"/{code}{ADDRESS}").text for code in ("en", "es"))
    assert '<p class="description" lang="es">Ayuda' in english
    assert '<p class="description">Ayuda' in spanish
    assert '<dd class="text" lang="en">Lawyers' in spanish
    assert '<dd class="text">Lawyers' in english
    assert '<p class="lead" lang="en">It keeps tenants' in spanish


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (
            None,
            "Not yet verified with the organization. These facts come from published sources, the newest dated March 11, 2024.",
        ),
        (0, "Verified today, on "),
        (30, "Verified 30 days ago, on "),
        (800, "Some of this may have changed. Ask before you rely on it."),
    ],
)
def test_the_page_says_how_fresh_the_record_is(url: str, days: int | None, expected: str) -> None:
    moment = None if days is None else NOW - dt.timedelta(days=days)
    with serve(url, replace(FULL, verified_at=moment, parent=None, relations=())) as browser:
        assert expected in read_text(browser.get(ADDRESS))


class TestOldSlugs:
    def test_a_former_slug_leads_to_the_current_one(self, url: str) -> None:
        directory = open_directory(url, EMPTY)
        put(directory, replace(EMPTY, slug="renamed"), now=NOW)
        with open_browser(directory) as browser:
            for prefix in ("", "/es"):
                response = browser.get(f"{prefix}/organizations/empty-record", follow_redirects=False)
                assert (response.status_code, response.headers["location"]) == (308, f"{prefix}/organizations/renamed")

    def test_the_slug_of_a_merged_record_leads_to_the_survivor(self, url: str) -> None:
        directory = open_directory(url, EMPTY, a_stored_organization("Duplicate"))
        remove = Remove(a_stored_organization("Duplicate").id, survivor_id=EMPTY.id)
        directory.write([remove], actor="test", now=NOW, reason="a test")
        with open_browser(directory) as browser:
            response = browser.get("/organizations/duplicate", follow_redirects=False)
            assert (response.status_code, response.headers["location"]) == (308, "/organizations/empty-record")

    def test_a_former_slug_of_a_record_that_is_hidden_now_is_unknown(self, url: str) -> None:
        directory = open_directory(url, EMPTY)
        put(directory, replace(EMPTY, audience=Audience.MEMBERS), now=NOW)
        with open_browser(directory) as browser:
            assert browser.get("/organizations/empty-record", follow_redirects=False).status_code == 404


class TestUnknown:
    def test_a_record_that_a_visitor_may_not_see_is_like_one_that_does_not_exist(self, tmp_path: Path) -> None:
        secret = replace(FULL, audience=Audience.MEMBERS, parent=None, relations=(), contacts=())
        answers = []
        for name, records in (("with", (secret,)), ("without", ())):
            with serve(f"sqlite:///{tmp_path / name}.sqlite3", *records) as browser:
                for prefix in ("", "/es"):
                    response = browser.get(f"{prefix}{ADDRESS}")
                    headers = {key: value for key, value in response.headers.items() if key != "date"}
                    answers.append((prefix, response.status_code, headers, response.content))
        assert answers[:2] == answers[2:]
        assert {status for _, status, _, _ in answers} == {404}

    def test_both_cost_the_same(self, url: str) -> None:
        directory = open_directory(url, EMPTY, replace(FULL, audience=Audience.MEMBERS, parent=None, relations=()))
        context = Context(directory.get_snapshot(Audience.PUBLIC), NOW, None, Limits())
        slugs = ("compiles-the-document", FULL.slug, "nobody-with-this-one")
        variables = {"language": "en", "today": NOW.isoformat()}
        _, *answers = [run_document("organization", {"slug": slug, **variables}, context) for slug in slugs]
        assert answers[0] == answers[1]
        assert answers[0].data["organization"] is None

    @pytest.mark.parametrize("slug", ["nobody", "A B", "%00", "..%2f..%2fetc", "a" * 3000, "é", "%ff", "'\"<script>", "{{1}}"])
    def test_an_impossible_slug_is_an_unknown_one(self, browser: TestClient, slug: str) -> None:
        response = browser.get(f"/organizations/{slug}")
        assert response.status_code == 404
        assert "There is no page at this address" in response.text
        assert "<script>alert" not in response.text


class TestHostileTexts:
    def test_nothing_in_a_record_becomes_markup(self, url: str) -> None:
        texts = dict.fromkeys(("summary", "description", "seeks", "offers"), HOSTILE)
        record = a_stored_organization(
            HOSTILE,
            slug="hostile",
            **texts,
            links=(Link(HOSTILE, "https://a.example/?a=\"'<b>"),),
            relations=(Relation(RelationKind.HOST, actor=HOSTILE, note=HOSTILE),),
            sources=(Source("name", HOSTILE, 'https://a.example/"><script>alert(3)</script>'),),
        )
        with serve(url, record) as browser:
            page = browser.get("/organizations/hostile").text
        page = re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", page)  # test_structured_data.py is about this
        assert "<script>alert" not in page
        assert "onerror='" not in page
        assert "<!--" not in page
        assert page.count("</script>") == page.count("<script")
        assert "49" not in read_text(browser.get("/organizations/hostile"))
        assert html.escape(HOSTILE, quote=False).split("&lt;!--")[0] in page

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//other.example", "vbscript:x"])
    def test_addresses_that_run_code_cannot_be_stored(self, address: str) -> None:
        for fields in ({"website": address}, {"links": [{"kind": "donate", "url": address}]}):
            with pytest.raises(BadInput):
                parse_draft({"name": "A", **fields})


class TestSearchEngines:
    def read_robots(self, url: str, **fields: object) -> list[str]:
        record = a_stored_organization("One", **fields)
        with serve(url, record) as browser:
            page = browser.get("/organizations/one").text
        assert ("application/ld+json" in page) == ("noindex" not in page)
        return re.findall(r'<meta name="robots" content="(\w+)">', page)

    def test_a_page_may_be_listed_unless_the_organization_refuses(self, url: str) -> None:
        assert self.read_robots(url) == []
        assert self.read_robots(url, search_engines=SearchEngines.REFUSED) == ["noindex"]

    def test_a_page_about_people_at_risk_is_not_listed_unless_the_organization_allows_it(self, url: str) -> None:
        assert self.read_robots(url, issue_areas=("gender-violence",)) == ["noindex"]
        assert self.read_robots(url, issue_areas=("gender-violence",), search_engines=SearchEngines.ALLOWED) == []

    def test_a_page_about_people_at_risk_can_be_left_quickly(self, url: str) -> None:
        with serve(url, a_stored_organization("One", issue_areas=("gender-violence",)), EMPTY) as browser:
            assert "data-exit" in browser.get("/organizations/one").text
            assert "data-exit" not in browser.get("/organizations/empty-record").text


class TestReporting:
    def test_an_e_mail_names_the_record_and_its_address(self, browser: TestClient) -> None:
        (link,) = set(find_links(browser.get(ADDRESS), "^mailto:records@.*subject"))
        subject = "Record%20of%20Harbor%20Tenants%20Union%2C%20http%3A%2F%2Flocalhost%2Fen%2Forganizations%2Fharbor-tenants-union"
        assert link == f"mailto:records@directory.example?subject={subject}"
        assert "You do not have to say why." in read_text(browser.get(ADDRESS))

    def test_a_page_for_reports_is_linked_as_it_is(self, url: str) -> None:
        with serve(url, EMPTY, network_contact="https://network.example/report") as browser:
            page = browser.get("/organizations/empty-record")
        assert "https://network.example/report" in find_links(page, "")

    def test_without_a_contact_there_is_no_link(self, url: str) -> None:
        with serve(url, EMPTY, network_contact=None) as browser:
            text = read_text(browser.get("/organizations/empty-record"))
        assert "Report an error" not in text
        assert "pass on a message" not in text


def test_a_page_for_the_printer_names_its_address_and_day(browser: TestClient) -> None:
    page = browser.get(ADDRESS).text
    text = " ".join(re.findall(r'<p class="print-only.*?</p>|<div class="print-only.*?</div>', page, re.DOTALL))
    assert "All Together Network" in text
    assert f"http://localhost/en{ADDRESS}" in text
    assert "records@directory.example" in text
    assert f"As of {NOW:%B} {NOW.day}, {NOW.year}" in text
