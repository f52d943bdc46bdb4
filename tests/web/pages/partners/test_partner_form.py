"""Addresses of /partners that cannot be used as they are: each gets a sentence, and the rest applies."""

import re
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from directory.partners.allies.request import AllyWeights
from tests.web.pages.conftest import find_links, read_text
from tests.web.pages.partners.partner_records import HARBOR, ROOF, SECRET, TWINS
from tests.web.pages.partners.test_partners_page import OF_GROUP, OF_HARBOR, list_partners
from web.pages.languages import LANGUAGES
from web.pages.partners.partner_form import DRAFT_KEYS, LIST_LIMITS
from web.pages.partners.partner_weights import SLIDERS, build_weights, describe_weight

TEXTS = [
    "\x00",
    "\u202e\ufeff",
    "x" * 30_000,
    "%s{0}{{7*7}}",
    "-1",
    "nan",
    "US-GA-",
    "housing,tenants",
    "organization:x",
    "é" * 500,
]
KEYS = ["organization", "mode", "region", "compare", *DRAFT_KEYS, "after", "before", "bogus", *(slider.key for slider in SLIDERS)]


@pytest.mark.parametrize(
    ("search", "sentence"),
    [
        ("theme=housng", "A part of the address is not valid and was left out: “theme=housng”. Did you mean: Housing"),
        ("serves=FR", "“serves=FR”"),
        ("mode=EVERYTHING", "“mode=EVERYTHING”"),
        ("bogus=1", "“bogus=1”"),
        ("county=US-AL-073", "Jefferson County, AL is not in the state that you chose"),
        ("county=US-GA-999", "“county=US-GA-999”"),
        ("weight-themes=101", "“Themes in common” can count from 0 to 100, not “101”. It counts 100 now."),
        ("weight-distance=-1", "“A short distance” can count from 0 to 100, not “-1”. It counts 50 now."),
        ("weight-places=a+lot", "“The same region” can count from 0 to 100, not “a lot”."),
        ("weight-ways=1.5", "“Ways of working in common” can count from 0 to 100, not “1.5”."),
        ("after=nothing", "This page of the list does not exist any more. This is the first page."),
        (urlencode({"organization": "x" * 201}), "The name of an organization can have at most 200 characters."),
        ("organization=!!!", "No organization in this directory is called “!!!”. Check how it is written"),
        ("organization=Nobody+At+All", "No organization in this directory is called “Nobody At All”. Check how it is written"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence_and_the_rest_applies(browser: TestClient, search: str, sentence: str) -> None:
    rest = "/partners?theme=tenants&state=US-GA"
    response = browser.get(f"{rest}&{search}")
    assert sentence in read_text(response)
    assert list_partners(response) == list_partners(browser.get(rest))


def test_weights_that_leave_nothing_are_not_used(browser: TestClient) -> None:
    keys = ("themes", "broader-themes", "communities", "ways", "coalitions")
    response = browser.get(OF_HARBOR + "".join(f"&weight-{key}=0" for key in keys))
    assert "With these numbers, nothing is left that could suggest anybody." in response.text
    assert list_partners(response) == list_partners(browser.get(OF_HARBOR))


def test_weights_change_the_order_and_the_words_say_so(browser: TestClient) -> None:
    usual = browser.get("/partners?theme=health&community=elders&theme=migration")
    changed = browser.get("/partners?theme=health&community=elders&theme=migration&weight-themes=0&weight-broader-themes=0")
    assert set(list_partners(usual)) > set(list_partners(changed)) == {ROOF.name}
    text = read_text(changed)
    assert "Themes in common: 0 of 100: does not count." in text
    assert "Back to the usual numbers" in text
    assert find_links(changed, r"^/partners\?theme=health&theme=migration&community=elders$")


def test_a_form_may_send_the_usual_numbers(browser: TestClient) -> None:
    response = browser.get(OF_HARBOR + "".join(f"&{slider.key}={slider.usual}" for slider in SLIDERS))
    assert "Back to the usual numbers" not in response.text
    assert "weight-" not in "".join(find_links(response, "/partners.*mode="))


def test_the_usual_numbers_are_those_of_the_api() -> None:
    names = {slider.field: slider.usual for slider in SLIDERS}
    weights = AllyWeights()
    assert names == {
        "issueArea": weights.issue_area * 100,
        "broaderIssueArea": weights.broader_issue_area * 100,
        "community": weights.community * 100,
        "workArea": weights.work_area * 100,
        "coalition": weights.coalition * 100,
        "region": weights.region * 100,
        "distance": weights.distance * 100,
    }
    assert len({describe_weight(LANGUAGES["en"], value).partition(": ")[2] for value in range(101)}) == 4


def test_only_moved_sliders_that_count_in_the_mode_are_sent() -> None:
    moved = {"weight-distance": "25", "weight-communities": "100"}

    def get(key: str) -> str:
        return moved.get(key, "")

    assert build_weights("SAME_THEMES", get) == {"distance": 0.25, "community": 1.0}
    assert build_weights("SAME_PLACE_OTHER_THEMES", get) == {"distance": 0.25}
    assert build_weights("SEEKS_AND_OFFERS", get) is None


def test_an_organization_and_a_group_contradict_each_other(browser: TestClient) -> None:
    response = browser.get(f"{OF_HARBOR}&theme=health&mode=SAME_THEMES")
    assert f"These are partners for the organization: {HARBOR.name}. Did you mean: partners for the described group" in read_text(
        response
    )
    assert list_partners(response) == list_partners(browser.get(OF_HARBOR))
    (link,) = find_links(response, r"^/partners\?theme=health&mode=SAME_THEMES$")
    assert "Possible partners for your group" in browser.get(link).text


def test_of_two_organizations_the_last_counts(browser: TestClient) -> None:
    response = browser.get(f"{OF_HARBOR}&organization={ROOF.slug}")
    assert f"<h1>Possible partners for {ROOF.name}</h1>" in response.text
    assert f"“organization={HARBOR.slug}”" in response.text


def test_too_many_choices_are_cut_with_a_sentence(browser: TestClient) -> None:
    slugs = re.findall(r'name="seeks" value="([^"]+)"', browser.get("/partners").text)
    assert len(slugs) > LIST_LIMITS["seeks"]
    response = browser.get("/partners?" + urlencode([("seeks", slug) for slug in slugs]))
    assert "At most 10 choices of “seeks” count." in response.text
    assert len(re.findall(r'name="seeks" value="[^"]+" checked', response.text)) == LIST_LIMITS["seeks"]


@pytest.mark.parametrize("key", KEYS)
def test_no_value_breaks_the_page(browser: TestClient, key: str) -> None:
    for text in TEXTS:
        response = browser.get(f"{OF_GROUP}&{urlencode([(key, text)])}")
        assert response.status_code == (200 if len(response.url.query) < 32_000 else 414)
        assert "<h1" in response.text
    repeated = browser.get("/partners?" + urlencode([(key, f"x{number}") for number in range(190)]))
    assert repeated.status_code == 200
    assert repeated.text.count('class="notice error"') <= 6
    assert SECRET.name not in repeated.text


def test_the_page_of_every_parameter_but_none_is_not_indexed(browser: TestClient) -> None:
    for search in ("bogus=1", "mode=SAME_THEMES", "theme=housing", f"organization={TWINS[0].slug}", "organization=nobody"):
        assert 'content="noindex"' in browser.get(f"/partners?{search}").text, search
