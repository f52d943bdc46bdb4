"""/partners: who is suggested to an organization or a group that is not listed, and why."""

import re

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from tests.web.conftest import LogReader
from tests.web.pages.conftest import find_links, read_text
from tests.web.pages.partners.partner_records import BRANCH, CLINIC, HARBOR, KNOWN, LEFT, QUIET, ROOF, SECRET, SILENT, TWINS

NOINDEX = '<meta name="robots" content="noindex">'
OF_HARBOR = f"/partners?organization={HARBOR.slug}"
OF_GROUP = "/partners?theme=tenants&community=tenants&county=US-GA-121"
PLACE, NEEDS = "&mode=SAME_PLACE_OTHER_THEMES", "&mode=SEEKS_AND_OFFERS"


def list_partners(response: Response) -> list[str]:
    """Return the names of the suggested organizations in their order."""
    return re.findall(r'<li>\s*<h3><a href="[^"]*">([^<]*)</a></h3>', response.text)


def find_row(response: Response, name: str) -> str:
    """Return the words about a suggested organization."""
    row = response.text.partition(f">{name}</a></h3>")[2].partition("<label")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def test_the_plain_page_has_forms_and_names_nobody(browser: TestClient) -> None:
    response = browser.get("/partners")
    assert NOINDEX not in response.text
    assert response.headers["cache-control"].startswith("public")
    assert [form for form in ("organization", "theme", "county", "serves") if f'name="{form}"' in response.text] == [
        *("organization", "theme", "serves")
    ]  # counties are offered when a state is chosen
    assert HARBOR.name not in response.text
    assert "/partners<" in browser.get("/sitemap-1.xml").text


@pytest.mark.parametrize("name", [HARBOR.slug, HARBOR.name, "harbor tenants UNION"])
def test_an_organization_is_found_by_its_slug_and_its_name(browser: TestClient, name: str) -> None:
    response = browser.get("/partners", params={"organization": name})
    assert f"<h1>Possible partners for {HARBOR.name}</h1>" in response.text
    assert list_partners(response)[0] == ROOF.name
    assert "Both work on tenants&#39; rights and eviction" in response.text
    assert NOINDEX in response.text
    assert find_links(response, f"^/organizations/{HARBOR.slug}$")


def test_a_similar_name_is_not_taken_for_hers_but_offered(browser: TestClient) -> None:
    response = browser.get("/partners?organization=harbor")
    assert "No organization is called exactly “harbor”. Choose yours" in read_text(response)
    assert find_links(response, f"^{re.escape(OF_HARBOR)}$")
    assert 'value="harbor"' in response.text
    assert list_partners(response) == []


def test_a_name_that_several_have_is_asked_back(browser: TestClient) -> None:
    response = browser.get("/partners?organization=Twin+Group&mode=SEEKS_AND_OFFERS")
    assert "Several organizations are called “Twin Group”. Choose yours." in read_text(response)
    links = find_links(response, r"^/partners\?.*organization=twin-group")
    assert len(links) == 2
    assert all("mode=SEEKS_AND_OFFERS" in link for link in links)
    assert TWINS[0].name in browser.get(links[0]).text.partition("<h1>")[2].partition("</h1>")[0]


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_hidden_organization_is_answered_as_one_that_never_existed(browser: TestClient, prefix: str) -> None:
    texts = []
    for name in (SECRET.slug, SECRET.name, "secret-shelves", "Secret Shelves"):
        response = browser.get(f"{prefix}/partners", params={"organization": name, "compare": name.lower()})
        assert response.headers["cache-control"] == "private, no-store"
        address = str(response.url).partition("?")[2]
        texts.append(response.text.replace(address, "").replace(address.replace("&", "&amp;"), "").replace(name, "X"))
    assert len({re.sub("(?i)secret.shel(ter|ves)", "X", text) for text in texts}) == 1


def test_nobody_is_suggested_who_is_hidden_has_left_or_is_known(browser: TestClient) -> None:
    for search in (OF_HARBOR, OF_HARBOR + PLACE, OF_HARBOR + NEEDS, OF_GROUP):
        text = browser.get(search).text
        assert SECRET.name not in text
        assert LEFT.name not in text
        assert "<h3>" in text
    known = read_text(browser.get(OF_HARBOR)).partition("You know these already")[2]
    assert f"{BRANCH.name} Branch of the same organization" in known
    assert f"{KNOWN.name} Partner" in known
    assert not {BRANCH.name, KNOWN.name} & set(list_partners(browser.get(OF_HARBOR)))


def test_each_way_to_look_has_its_reasons(browser: TestClient) -> None:
    place = browser.get(OF_HARBOR + PLACE)
    assert QUIET.name not in list_partners(place)  # it has no other theme
    assert "Works on health" in find_row(place, ROOF.name)
    needs = browser.get(OF_HARBOR + NEEDS)
    assert list_partners(needs) == [ROOF.name]
    assert "Offers or does what Harbor Tenants Union seeks: legal services." in find_row(needs, ROOF.name)


def test_a_group_that_is_not_listed_finds_partners_by_its_choices(browser: TestClient) -> None:
    response = browser.get(OF_GROUP)
    text = read_text(response)
    assert (
        "Possible partners for your group Themes: Tenants' rights and eviction Communities: Tenants Place: Fulton County, GA"
        in text
    )
    assert "Both serve tenants" in find_row(response, HARBOR.name)
    assert "You know these already" not in text
    assert re.search(r'value="tenants" checked', response.text)
    assert '<option value="US-GA-121" selected>' in response.text
    assert '<option value="US-GA" selected>' in response.text  # the state follows from the county
    needs = browser.get("/partners?seeks=legal-services&offers=organizing&mode=SEEKS_AND_OFFERS")
    assert list_partners(needs) == [ROOF.name]


def test_what_a_group_says_of_itself_is_neither_stored_nor_logged(browser: TestClient, read_request_log: LogReader) -> None:
    response = browser.get(OF_GROUP)
    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers
    assert [line for line in read_request_log() if "partners" in line]
    browser.get(OF_GROUP)
    assert not re.search("tenants|US-GA", "".join(read_request_log()))
    assert browser.get(OF_HARBOR).headers["cache-control"].startswith("public")


def test_the_choices_of_an_address_stay_in_every_link(browser: TestClient) -> None:
    search = f"{OF_GROUP}&weight-distance=0&compare={ROOF.slug}"
    response = browser.get(search)
    tabs = find_links(response, "mode=SEEKS_AND_OFFERS")
    assert tabs
    assert all(part in tabs[0] for part in ("theme=tenants", "county=US-GA-121", "weight-distance=0", f"compare={ROOF.slug}"))
    assert find_links(response, "^/es/partners")[0] == "/es" + search


def test_a_list_has_pages_of_twenty_and_keeps_its_place_when_comparing(browser: TestClient) -> None:
    first = browser.get("/partners?theme=environment")
    assert "25 possible partners" in first.text
    (following,) = find_links(first, "after=")
    second = browser.get(following)
    assert (len(list_partners(first)), len(list_partners(second))) == (20, 5)
    assert not set(list_partners(first)) & set(list_partners(second))
    assert re.search(r'<input type="hidden" name="after" value="[^"]+">', second.text)
    (back,) = find_links(second, "before=")
    assert list_partners(browser.get(back)) == list_partners(first)
    other = browser.get(following.replace("theme=environment", "theme=tenants"))
    assert "This page of the list does not exist any more." in other.text
    assert list_partners(other) == list_partners(browser.get("/partners?theme=tenants"))


def test_a_place_limits_who_is_suggested(browser: TestClient) -> None:
    text = read_text(browser.get(f"{OF_HARBOR}&region=US-AL"))
    assert "Nobody matches Nobody in or serving the chosen place matches. Look in all places" in text
    inside = browser.get(f"{OF_HARBOR}&region=US-GA")
    assert "Only organizations in or serving: Georgia." in read_text(inside)
    assert ROOF.name in list_partners(inside)


@pytest.mark.parametrize(
    ("search", "advice"),
    [
        (f"organization={SILENT.slug}", "No themes, communities or ways of working are stated"),
        (f"organization={SILENT.slug}{PLACE}", "No place is stated"),
        (f"organization={SILENT.slug}{NEEDS}", "Neither what you look for nor what you offer is stated"),
        ("state=US-GA", "No themes, communities or ways of working are stated"),
        ("theme=solitary&weight-broader-themes=0", "Some reasons do not count, because their slider is at 0."),
        ("community=lgbtqia", "No member has anything of this in common with you yet."),
    ],
)
def test_a_page_without_partners_says_why(browser: TestClient, search: str, advice: str) -> None:
    response = browser.get(f"/partners?{search}")
    assert ('<details class="filters" open>' in response.text) == ("organization=" not in search)  # a group can describe itself
    assert "Nobody matches" in response.text
    assert advice in read_text(response)


def test_the_exit_button_is_on_pages_about_sensitive_themes(browser: TestClient) -> None:
    for search in ("theme=gender-violence", "organization=safe-home", f"organization={HARBOR.slug}&compare=safe-home"):
        assert "data-exit" in browser.get(f"/partners?{search}").text, search
    assert "data-exit" not in browser.get(OF_HARBOR).text


def test_the_distance_of_a_state_is_not_known(browser: TestClient) -> None:
    assert "miles away" in find_row(browser.get(OF_GROUP.replace("tenants", "housing")), CLINIC.name)
    assert "miles away" not in browser.get(OF_GROUP.replace("county=US-GA-121", "state=US-GA")).text
