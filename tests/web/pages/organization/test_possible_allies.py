"""The possible allies on the page of an organization: who is suggested, why, and who must not be."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from msgspec.structs import replace
from starlette.testclient import TestClient

from directory.curation.hiding import hide
from directory.geo import Disclosure
from directory.records import Audience, Membership, MembershipStatus, Relation, RelationKind, SearchEngines, StoredOrganization
from tests.builders import NOW, a_stored_coalition, a_stored_location, a_stored_organization, an_id
from tests.web.conftest import put
from tests.web.pages.conftest import find_links, read_text
from tests.web.pages.organization.served_directory import open_browser, open_directory, serve

PAGE = "/organizations/harbor-union"
SECTION = re.compile(r'<section class="allied.*?</section>', re.DOTALL)
RICH = {
    "issue_areas": ("tenants", "workers", "democracy"),
    "communities": ("tenants", "workers", "families"),
    "work_areas": ("organizing", "legal-services"),
}
UNION = a_stored_organization(
    "Harbor Union",
    **RICH,
    seeks="Help with translation.",
    offers="Meeting space.",
    sites=(a_stored_location(),),
    service_areas=("US-GA",),
)
TWIN = a_stored_organization("Twin Union", **RICH, sites=(a_stored_location(id=an_id("twin")),))
NEIGHBOR = a_stored_organization("Neighbor Clinic", issue_areas=("health",), sites=(a_stored_location(id=an_id("clinic")),))
INTERPRETERS = a_stored_organization("Interpreters", offers="Translation into Spanish.", issue_areas=("disability",))
SEEKER = a_stored_organization("Homeless Choir", seeks="A meeting space for rehearsals.", issue_areas=("faith",))
ALLIES = (TWIN, NEIGHBOR, INTERPRETERS, SEEKER)
OTHERS = [a_stored_organization(f"Other {n}", issue_areas=("solitary",)) for n in range(9)]  # so that sharing says something


def read_section(response: Response) -> str:
    """Return the HTML of the section, "" if the page has none."""
    assert response.status_code == 200, response.text
    found = SECTION.search(response.text)
    return found[0] if found else ""


def list_names(response: Response) -> list[str]:
    return re.findall(r'<h4><a href="[^"]+">([^<]+)</a></h4>', read_section(response))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serve(f"sqlite:///{tmp_path_factory.mktemp('allies') / 'directory.sqlite3'}", UNION, *ALLIES, *OTHERS) as browser:
        yield browser


@pytest.fixture
def url(sqlite_url: str) -> str:
    return sqlite_url


def serve_page(url: str, union: StoredOrganization, *others: StoredOrganization) -> Response:
    with serve(url, union, *others, *OTHERS) as browser:
        return browser.get(PAGE)


class TestSuggestions:
    def test_each_kind_of_partner_is_suggested_once(self, browser: TestClient) -> None:
        assert list_names(browser.get(PAGE)) == ["Twin Union", "Neighbor Clinic", "Homeless Choir", "Interpreters"]

    def test_reasons_are_sentences_and_the_others_are_behind_a_summary(self, browser: TestClient) -> None:
        section = read_section(browser.get(PAGE))
        first = section.partition("<details>")[0]
        assert first.count("<li>") == 1 + 3  # the row, and its reasons
        assert "Both work on tenants&#39; rights and eviction, as 2 of 14 members do." in section
        assert '<summary>7 more reasons why <span class="visually-hidden">Twin Union is suggested</span></summary>' in section
        reasons = re.search(r"<details>.*?</details>", section, re.DOTALL)
        assert reasons
        assert reasons[0].count("<li>") == 7

    def test_a_coalition_with_it_can_be_planned(self, browser: TestClient) -> None:
        assert 'href="/plan?include=harbor-union" rel="nofollow">Plan a coalition with it</a>' in read_section(browser.get(PAGE))
        assert "Must take part Harbor Union" in read_text(browser.get("/plan?include=harbor-union"))

    def test_where_they_are_is_said_with_its_precision(self, browser: TestClient) -> None:
        text = read_text(browser.get(PAGE))
        assert "Atlanta, GA (city) · published at the same place" in text
        assert re.search(r"Interpreters [\w ]+ · Location not stated Offers or does what Harbor Union seeks: ", text)

    def test_everything_is_in_spanish(self, browser: TestClient) -> None:
        text = read_text(browser.get(f"/es{PAGE}"))
        for part in ("Posibles aliadas", "Ambas trabajan en el tema de", "7 razones más", "Busca lo que ofrece Harbor Union: "):
            assert part in text
        assert "Both" not in text

    @pytest.mark.parametrize("prefix", ["", "/es"])
    def test_all_suggestions_are_on_the_page_of_partners(self, browser: TestClient, prefix: str) -> None:
        (link,) = find_links(browser.get(f"{prefix}{PAGE}"), "/partners[?]")
        assert link == f"{prefix}/partners?organization=harbor-union&mode=SAME_PLACE_OTHER_THEMES"
        assert "Neighbor Clinic" in read_text(browser.get(link))

    def test_what_is_published_as_a_state_only_has_no_distance(self, url: str) -> None:
        twin = replace(TWIN, sites=(a_stored_location(id=an_id("twin"), disclosure=Disclosure.STATE),))
        section = read_section(serve_page(url, UNION, twin))
        assert 'Georgia <span class="soft">(state only)</span>' in section
        assert "away" not in section
        assert "same place" not in section


class TestNobody:
    def test_a_record_that_states_nothing_says_so_once(self, url: str) -> None:
        section = read_section(serve_page(url, a_stored_organization("Harbor Union"), TWIN))
        assert section.count("Nobody can be suggested") == 1
        assert "does not state what it works on" in section
        assert "<h3>" not in section

    def test_a_record_without_a_match_says_so_once(self, url: str) -> None:
        section = read_section(serve_page(url, a_stored_organization("Harbor Union", issue_areas=("environment",))))
        assert section.count("Nobody can be suggested here yet") == 1
        assert "<h3>" not in section

    @pytest.mark.parametrize("status", [MembershipStatus.PROSPECT, MembershipStatus.LAPSED, MembershipStatus.NONE])
    def test_who_is_not_a_member_has_no_section(self, url: str, status: MembershipStatus) -> None:
        assert read_section(serve_page(url, replace(UNION, membership=Membership(status)), TWIN)) == ""

    def test_who_is_not_a_member_is_not_suggested(self, url: str) -> None:
        assert list_names(serve_page(url, UNION, replace(TWIN, membership=Membership(MembershipStatus.PROSPECT)))) == []


class TestKnown:
    def test_who_is_known_already_is_not_suggested(self, url: str) -> None:
        union = replace(UNION, relations=(Relation(RelationKind.PARTNER, organization=TWIN.id),))
        branch = replace(NEIGHBOR, parent=UNION.id)
        assert list_names(serve_page(url, union, TWIN, branch)) == []

    def test_a_relation_that_another_organization_states_is_listed(self, url: str) -> None:
        twin = replace(TWIN, relations=(Relation(RelationKind.FISCAL_SPONSOR, organization=UNION.id, note="Until 2030"),))
        with serve(url, UNION, twin) as browser:
            text = read_text(browser.get(PAGE))
            assert "Relations Fiscal sponsor of: Twin Union (as that organization states) . Until 2030" in text
            assert "Patrocinadora fiscal de: Twin Union (según indica esa organización)" in read_text(browser.get(f"/es{PAGE}"))
            assert list_names(browser.get(PAGE)) == []

    def test_a_relation_that_both_state_is_listed_once(self, url: str) -> None:
        union = replace(UNION, relations=(Relation(RelationKind.PARTNER, organization=TWIN.id),))
        twin = replace(TWIN, relations=(Relation(RelationKind.PARTNER, organization=UNION.id),))
        text = read_text(serve_page(url, union, twin))
        assert text.count("Twin Union") == 1
        assert "as that organization states" not in text


class TestSecrets:
    """Nothing on the page tells that there is an organization, a coalition or a fact that the visitor may not see."""

    @pytest.mark.parametrize("hidden", [{"audience": Audience.MEMBERS}, {"hidden_since": NOW}])
    def test_the_page_is_the_same_as_without_it(self, tmp_path: Path, url: str, hidden: dict[str, object]) -> None:
        known = (Relation(RelationKind.PARTNER, organization=UNION.id),)
        secrets = replace(TWIN, **hidden), a_stored_organization("Zanzibar", relations=known, **RICH, **hidden)
        with_secrets = serve_page(url, UNION, NEIGHBOR, *secrets)
        without = serve_page(f"sqlite:///{tmp_path / 'other.sqlite3'}", UNION, NEIGHBOR)
        assert "Neighbor Clinic" in without.text
        assert with_secrets.content == without.content

    def test_a_hidden_coalition_is_no_reason(self, url: str) -> None:
        circle = a_stored_coalition("Secret Circle", ["Harbor Union", "Neighbor Clinic"], hidden_since=NOW)
        with serve(url, UNION, NEIGHBOR, circle) as browser:
            assert "Secret Circle" not in browser.get(PAGE).text

    def test_an_ally_that_is_hidden_disappears_at_once(self, database_url: str) -> None:
        directory = open_directory(database_url, UNION, *ALLIES)
        with open_browser(directory) as browser:
            before = browser.get(PAGE)
            hide(directory, TWIN.slug, now=NOW)
            after = browser.get(PAGE, headers={"If-None-Match": before.headers["etag"]})
        assert "Twin Union" in before.text
        assert after.status_code == 200
        assert "Twin" not in after.text

    def test_an_ally_tells_no_more_than_its_own_page(self, url: str) -> None:
        """A secret place says neither where it is nor how far."""
        shelter = replace(TWIN, issue_areas=("gender-violence", "tenants"), search_engines=SearchEngines.ALLOWED)
        with serve(url, UNION, shelter, *OTHERS) as browser:
            section, own = read_section(browser.get(PAGE)), SECTION.sub("", browser.get("/organizations/twin-union").text)
        assert "Twin Union" in section
        assert "Atlanta" not in own
        assert "Atlanta" not in section
        assert "away" not in section
        assert "same place" not in section


class TestSearchEngines:
    REFUSING = replace(TWIN, search_engines=SearchEngines.REFUSED)

    def test_a_page_that_they_may_list_suggests_nobody_who_refuses(self, url: str) -> None:
        response = serve_page(url, UNION, self.REFUSING)
        assert "noindex" not in response.text
        assert "Twin Union" not in response.text
        assert "/partners?organization=harbor-union&mode=SAME_THEMES" in find_links(response, "partners")
        assert "Nobody can be suggested" not in response.text

    def test_nor_names_who_refuses_because_of_a_relation_that_it_states(self, url: str) -> None:
        refusing = replace(self.REFUSING, relations=(Relation(RelationKind.PARTNER, organization=UNION.id),))
        response = serve_page(url, UNION, refusing)
        assert "noindex" not in response.text
        assert "Twin Union" not in response.text

    def test_a_page_that_they_may_not_list_suggests_everybody(self, url: str) -> None:
        response = serve_page(url, replace(UNION, search_engines=SearchEngines.REFUSED), self.REFUSING)
        assert "noindex" in response.text
        assert list_names(response) == ["Twin Union"]

    def test_the_sitemap_agrees(self, url: str) -> None:
        with serve(url, UNION, self.REFUSING) as browser:
            parts = re.findall(r"<loc>http://localhost(.+?)</loc>", browser.get("/sitemap.xml").text)
            sitemap = "".join(browser.get(part).text for part in parts)
        assert f"{PAGE}<" in sitemap
        assert "twin-union" not in sitemap


def test_the_section_costs_little_more_than_its_suggestions(browser: TestClient) -> None:
    """Reasons are words, so they compress well: the whole page stays far below 40 kB."""
    response = browser.get(PAGE, headers={"Accept-Encoding": "gzip"})
    assert int(response.headers["content-length"]) < 8_000


def test_a_change_of_somebody_else_changes_the_entity_tag(url: str) -> None:
    directory = open_directory(url, UNION)
    with open_browser(directory) as browser:
        tag = browser.get(PAGE).headers["etag"]
        put(directory, TWIN)
        response = browser.get(PAGE, headers={"If-None-Match": tag})
    assert list_names(response) == ["Twin Union"]
