"""/coalitions and the pages of coalitions."""

import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from directory.drafts.draft_checks import list_sourced_fields
from directory.kinds import KINDS
from directory.records import Audience, RecordKind
from schema.fields import to_camel_case
from tests.builders import a_stored_coalition, a_stored_organization
from tests.web.pages.conftest import find_links, read_text
from tests.web.pages.kinds.joint_records import ALLIANCE, RECORDS, serve_records
from web.pages.kinds.record_facts import FACTS
from web.pages.organization.sources import FACTS as FACTS_OF_ORGANIZATIONS

NOINDEX = '<meta name="robots" content="noindex">'


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("", ["homes-alliance", "later-group", "no-evictions-campaign"]),
        ("?words=homes", ["homes-alliance"]),
        ("?words=nothing+at+all", []),
        ("?theme=housing", ["homes-alliance"]),
        ("?theme=democracy", []),
        ("?kind=CAMPAIGN", ["no-evictions-campaign"]),
        ("?status=CURRENT", ["homes-alliance"]),
        ("?status=ENDED", ["no-evictions-campaign"]),
        ("?status=UPCOMING", ["later-group"]),
        ("?member=legal-clinic", ["homes-alliance", "no-evictions-campaign"]),
        ("?member=Legal+Clinic&status=ENDED", ["no-evictions-campaign"]),
    ],
)
def test_the_list_can_be_narrowed(browser: TestClient, search: str, expected: list[str]) -> None:
    titles = re.findall(r'<h3><a href="/coalitions/([\w-]+)"', browser.get(f"/coalitions{search}").text)
    assert titles == expected


@pytest.mark.parametrize(
    "search", ["?theme=nothing", "?status=LATE", "?member=Nobody", "?member=secret-house", "?bogus=1", "?after=x"]
)
def test_what_is_not_valid_is_left_out_with_a_sentence(browser: TestClient, search: str) -> None:
    response = browser.get(f"/coalitions?{search}&kind=CAMPAIGN")
    assert re.findall(r'<h3><a href="/coalitions/([\w-]+)"', response.text) == ["no-evictions-campaign"]
    assert response.text.count('role="alert"') == 1
    assert 'aria-label="Remove Campaign"' in response.text
    assert NOINDEX in response.text


def test_a_name_that_several_organizations_match_is_asked_about(tmp_path: Path) -> None:
    members = [a_stored_organization(name) for name in ("Roof Union of Macon", "Roof Union of Rome", "Secret Roof Union")]
    hidden = replace(members[2], audience=Audience.MEMBERS)
    with serve_records(tmp_path, *members[:2], hidden, a_stored_coalition("Roofs", members=("Roof Union of Rome",))) as browser:
        asked = browser.get("/coalitions?member=roof+union&kind=ALLIANCE")
        assert "Several organizations match “roof union”." in read_text(asked)
        assert "Secret" not in asked.text
        links = find_links(asked, r"^/coalitions\?member=")
        assert links == [f"/coalitions?member=roof-union-of-{city}&kind=ALLIANCE" for city in ("macon", "rome")]
        assert [len(re.findall("<h3>", browser.get(link).text)) for link in links] == [0, 1]
        assert "1 coalition" in read_text(browser.get("/coalitions?member=ROOF+UNION+OF+ROME"))


def test_a_hidden_organization_is_not_known_as_a_member(browser: TestClient) -> None:
    hidden, missing = (browser.get(f"/coalitions?member={slug}") for slug in ("secret-house", "seventh-house"))
    assert hidden.text.replace("secret-house", "seventh-house") == missing.text


def test_a_page_says_what_is_published(browser: TestClient) -> None:
    response = browser.get("/coalitions/homes-alliance")
    text = read_text(response)
    for part in (
        *("Alliance · Not ended, as far as stated", "It keeps people in their homes.", "since May 1, 2019", "Georgia"),
        *("Members 2", "Chair", "It knows the law.", "Left on January 1, 2021", "Its flyer", "March 11, 2024"),
    ):
        assert part in text, part
    for hidden in ("Secret House", "Hidden role", "Hidden Campaign", "A list for staff", "meet.example"):
        assert hidden not in response.text
    for link in (
        "/organizations/harbor-tenants-union",
        "/coalitions/no-evictions-campaign",
        "/events/assembly",
        "/themes/housing",
    ):
        assert find_links(response, f"^{link}$"), link
    assert find_links(response, "^/instruments/declaration/article-25$")
    assert find_links(response, "^webcal://localhost/coalitions/homes-alliance/events.ics$")


def test_what_is_not_stated_is_said(browser: TestClient) -> None:
    text = read_text(browser.get("/coalitions/no-evictions-campaign"))
    assert "Themes Not stated" in text
    assert "Works in Not stated" in text
    assert "Website Not stated" in text
    assert "No event is published." in text
    assert "Part of Homes Alliance" in text


def test_structured_data_names_only_what_the_page_names(browser: TestClient) -> None:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', browser.get("/coalitions/homes-alliance").text)
    node = msgspec.json.decode(data)
    assert (node["@type"], node["name"], node["foundingDate"]) == ("Organization", "Homes Alliance", "2019-05-01")
    assert [member["name"] for member in node["member"]] == ["Harbor Tenants Union", "Legal Clinic"]


def test_a_page_with_a_member_that_refuses_search_engines_is_not_indexed(browser: TestClient) -> None:
    response = browser.get("/coalitions/later-group")
    assert "Quiet House" in response.text
    assert NOINDEX in response.text
    assert "application/ld+json" not in response.text
    assert NOINDEX not in browser.get("/coalitions/homes-alliance").text


def test_members_are_in_pages(tmp_path: Path) -> None:
    members = [a_stored_organization(f"M {number:02}") for number in range(45)]
    big = replace(ALLIANCE, members=tuple(replace(ALLIANCE.members[0], organization=member.id) for member in members))
    with serve_records(tmp_path, *members, big) as browser:
        names, address = [], "/coalitions/homes-alliance"
        while address:
            response = browser.get(address)
            names += re.findall(r"<b>(M \d+)</b>", response.text)
            address = next(iter(find_links(response, "^/coalitions/.*after=")), "")
        assert names == [member.name for member in members]
        stale = browser.get("/coalitions/homes-alliance?after=stale")
        assert "This is the first page." in read_text(stale)
        assert "<b>M 00</b>" in stale.text


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_a_hidden_coalition_is_like_one_that_never_existed(browser: TestClient, tmp_path: Path, prefix: str) -> None:
    path = f"{prefix}/coalitions/hidden-campaign"
    with serve_records(tmp_path, *(record for record in RECORDS if record.slug != "hidden-campaign")) as other:
        hidden, missing = browser.get(path), other.get(path)
    assert hidden.status_code == 404
    assert (hidden.content, dict(hidden.headers)) == (missing.content, dict(missing.headers))


def test_every_field_of_a_source_has_a_name() -> None:
    others = [kind for kind in KINDS.values() if kind.name is not RecordKind.ORGANIZATION]
    fields = {to_camel_case(field) for kind in others for field in list_sourced_fields(kind)}
    assert fields <= {*FACTS, *FACTS_OF_ORGANIZATIONS}
