"""Suggested organizations side by side."""

import re

import pytest
from starlette.testclient import TestClient

from tests.web.pages.conftest import find_links, read_text
from tests.web.pages.partners.partner_records import CLINIC, HARBOR, LEFT, QUIET, ROOF, SECRET, SILENT, STATEWIDE
from tests.web.pages.partners.test_partners_page import OF_GROUP, OF_HARBOR


def read_table(browser: TestClient, address: str) -> dict[str, list[str]]:
    """Return the cells of each row by its heading; "" for the names at the top."""
    page = browser.get(address).text
    table = page.partition('<div class="compared"')[2].partition("</table>")[0]
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    texts = [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]
    return {row[0]: row[1:] for row in texts}


def test_the_facts_of_three_organizations_stand_side_by_side(browser: TestClient) -> None:
    table = read_table(browser, f"{OF_HARBOR}&compare={ROOF.slug}&compare={CLINIC.slug}&compare={SILENT.slug}")
    assert table[""] == [ROOF.name, CLINIC.name, SILENT.name]
    assert table["Themes in common"] == ["Tenants&#39; rights and eviction", "Housing", "Not stated"]
    assert table["Themes that are new to you"] == ["Health and pandemic response", "Migration", "Not stated"]
    assert table["Communities"] == ["Tenants (in common) Elders", "Not stated", "Not stated"]
    assert table["Ways of working"][0].startswith("Organizing (in common)")
    assert table["Places"] == ["Atlanta, GA", "Savannah, GA", "Location not stated"]
    assert table["Distance"][0] == "published at the same place"
    assert re.fullmatch(r"about 2\d\d miles away", table["Distance"][1])
    assert table["Distance"][2] == "Unknown: no precise place"
    assert table["Serves"] == ["Fulton County, GA", "Not stated", "Not stated"]
    assert table["Looks for"] == ["organizing", "Not stated", "Not stated"]
    assert table["Offers"] == ["Legal services on weekends", "Not stated", "Not stated"]
    assert table["Verification"] == ["Verified 40 days ago", "Verified 40 days ago", "Never verified"]
    response = browser.get(f"{OF_HARBOR}&compare={ROOF.slug}&compare={CLINIC.slug}")
    assert find_links(response, f"^/organizations/{ROOF.slug}#contact$")
    (without,) = find_links(response, rf"organization={HARBOR.slug}&compare={CLINIC.slug}$")
    assert read_table(browser, without)[""] == [CLINIC.name]


def test_a_group_that_is_not_listed_compares_too(browser: TestClient) -> None:
    table = read_table(browser, f"{OF_GROUP}&compare={ROOF.slug}")
    assert table["Themes in common"] == ["Tenants&#39; rights and eviction"]
    assert re.fullmatch(r"about \d+\.\d miles away|published at the same place|about \d miles away", table["Distance"][0])


def test_the_boxes_of_compared_organizations_are_ticked_and_others_are_kept(browser: TestClient) -> None:
    page = browser.get(f"{OF_HARBOR}&compare={ROOF.slug}&compare={SILENT.slug}").text
    assert f'<input type="checkbox" name="compare" value="{ROOF.slug}" checked>' in page
    assert f'<input type="checkbox" name="compare" value="{QUIET.slug}">' in page
    list_form = page.partition('#comparison" method="get">')[2].partition("</form>")[0]
    assert f'<input type="hidden" name="compare" value="{SILENT.slug}">' in list_form  # it is not suggested
    assert f'<input type="hidden" name="compare" value="{ROOF.slug}">' not in list_form  # its box says so


def test_a_coalition_of_the_compared_organizations_can_be_planned(browser: TestClient) -> None:
    pair = f"include={ROOF.slug}&include={CLINIC.slug}"
    compared = f"&compare={ROOF.slug}&compare={CLINIC.slug}"
    assert find_links(browser.get(OF_HARBOR + compared), f"^/plan\\?include={HARBOR.slug}&{pair}$")
    assert find_links(browser.get(OF_GROUP + compared), rf"^/plan\?{pair}$")  # a group that is not listed is in no plan
    former = browser.get(f"/partners?organization={LEFT.slug}{compared}")
    assert find_links(former, rf"^/plan\?{pair}$")  # nor is one that has left


def test_a_place_that_is_known_by_its_state_only_has_no_distance(browser: TestClient) -> None:
    for asker, other in ((HARBOR, STATEWIDE), (STATEWIDE, ROOF)):
        table = read_table(browser, f"/partners?organization={asker.slug}&compare={other.slug}")
        assert table["Distance"] == ["Unknown: no precise place"]
    assert read_table(browser, f"{OF_HARBOR}&compare={STATEWIDE.slug}")["Places"] == ["Georgia"]


def test_more_than_three_are_cut_with_a_sentence(browser: TestClient) -> None:
    others = [ROOF.slug, CLINIC.slug, SILENT.slug, QUIET.slug]
    address = OF_HARBOR + "".join(f"&compare={slug}" for slug in others)
    assert "At most 3 organizations are compared. These are the first." in browser.get(address).text
    assert read_table(browser, address)[""] == [ROOF.name, CLINIC.name, SILENT.name]


def test_an_organization_is_not_compared_with_itself(browser: TestClient) -> None:
    response = browser.get(f"{OF_HARBOR}&compare={HARBOR.slug}&compare={ROOF.slug}")
    assert "An organization cannot be compared with itself." in response.text
    assert read_table(browser, str(response.url))[""] == [ROOF.name]


@pytest.mark.parametrize("slug", [SECRET.slug, LEFT.slug, "never-existed"])
def test_who_is_hidden_or_has_left_is_answered_as_one_that_never_existed(browser: TestClient, slug: str) -> None:
    response = browser.get(f"{OF_HARBOR}&compare={slug}&compare={ROOF.slug}")
    assert f"No member of this directory that could be compared is called “{slug}”." in read_text(response)
    assert read_table(browser, str(response.url))[""] == [ROOF.name]


def test_distances_are_those_of_the_list(visitor: TestClient) -> None:
    search = "/partners?theme=housing&county=US-GA-121"
    page = visitor.get(search).text
    rows = re.findall(r"<h3><a href=\"[^\"]*/organizations/([^\"]+)\".*?<p class=\"soft\">(.*?)</p>", page, re.DOTALL)
    assert len(rows) == 20
    listed = {slug: facts.rpartition(" · ")[2] for slug, facts in rows}
    assert len([distance for distance in listed.values() if distance.endswith("away")]) > 10
    for slug, distance in listed.items():
        found = read_table(visitor, f"{search}&compare={slug}")["Distance"]
        assert found == [distance if "away" in distance or "same place" in distance else "Unknown: no precise place"], slug
