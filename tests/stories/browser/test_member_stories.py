"""What members do on the pages: with and without JavaScript, by mouse and by keyboard alone."""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from benchmarks.pages.browser import DESKTOP, Device
from tests.stories.browser.conftest import OpenVisitor
from tests.stories.browser.hands import Hand, Keyboard, Mouse
from tests.stories.browser.story_records import CIRCLE, COUNCIL, TABLE

pytestmark = pytest.mark.slow

SPANISH_PHONE = Device(width=360, height=740, language="es-US")


class Way(NamedTuple):
    """How a member uses the pages."""

    name: str
    hand: Hand
    scripts: bool

    def on(self, device: Device = DESKTOP) -> Device:
        return Device(device.width, device.height, device.language, device.scheme, self.scripts)


WAYS = [
    Way("mouse", Mouse(), scripts=True),
    Way("keyboard", Keyboard(), scripts=True),
    Way("mouse without scripts", Mouse(), scripts=False),
    Way("keyboard without scripts", Keyboard(), scripts=False),
]
each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name.replace(" ", "-"))


def search(page: Page, hand: Hand, words: str) -> None:
    box = page.locator("#words")
    hand.write(box, words)
    hand.submit(box)
    expect(page).to_have_url(re.compile("[?&](words|issue|near|region|q)="))


def list_names(page: Page) -> list[str]:
    return page.locator(".results h2").all_inner_texts()


def read_count(page: Page) -> int:
    """Return the number in the heading, which must be the number of the list if that fits on one page."""
    count = int(re.sub(r"\D", "", page.locator("h1").inner_text()))
    assert len(list_names(page)) == min(count, 20)
    return count


def narrow(page: Page, way: Way, label: str, button: str) -> int:
    """Check a box of the facets and return the count beside it."""
    panel, row = page.locator("#narrow"), page.locator("label.choice", has_text=label).first
    if not row.is_visible():
        way.hand.activate(panel.locator("summary").first)
    number = int(row.locator(".number").inner_text())
    before = page.url
    way.hand.activate(row.get_by_role("checkbox"))
    if not way.scripts:
        way.hand.activate(panel.get_by_role("button", name=button))
    expect(page).not_to_have_url(before)
    return number


@each_way
def test_a_member_finds_tenants_groups_near_atlanta_and_comes_back_to_the_list(visit_again: OpenVisitor, way: Way) -> None:
    visitor = visit_again(way.on())
    page = visitor.open("/en/")
    search(page, way.hand, "tenants groups near Atlanta")
    expect(page.locator("h1")).to_have_text(re.compile(r"^\d+ organizations$"))
    assert {CIRCLE.name, COUNCIL.name, TABLE.name} <= set(list_names(page))
    number = narrow(page, way, "Immigrants and refugees", "Show results")
    expect(page.locator("h1")).to_have_text(re.compile(rf"^{number} organizations?$"))
    assert read_count(page) == number
    assert COUNCIL.name in list_names(page)
    assert CIRCLE.name not in list_names(page)
    address, names = page.url, list_names(page)
    way.hand.activate(page.get_by_role("link", name=COUNCIL.name))
    expect(page.locator("h1")).to_have_text(COUNCIL.name)
    come_back(page, way, "Back to the list")
    expect(page).to_have_url(address)
    assert list_names(page) == names
    expect(page.get_by_role("checkbox", name="Immigrants and refugees").first).to_be_checked()
    visitor.assert_no_complaints()


def come_back(page: Page, way: Way, link: str) -> None:
    """Follow the link that a script shows, or use the browser's own button."""
    if way.scripts:
        way.hand.activate(page.get_by_role("link", name=link))
    else:
        page.go_back()


@each_way
def test_typos_and_filler_words_do_not_matter(visit_again: OpenVisitor, way: Way) -> None:
    visitor = visit_again(way.on())
    page = visitor.open("/en/")
    search(page, way.hand, "who helps people with evicton in Atlnta please")
    expect(page.locator("main")).to_contain_text("Showing results for Atlanta.")
    assert CIRCLE.name in list_names(page)
    assert page.locator("#words").input_value() == "who helps people with evicton in Atlnta please"
    before = read_count(page)
    way.hand.activate(page.get_by_role("link", name=re.compile("Search instead for “Atlnta”")))
    expect(page.locator("main")).not_to_contain_text("Showing results for Atlanta.")
    assert before > 0
    visitor.assert_no_complaints()


@each_way
def test_a_member_who_finds_nothing_takes_a_next_step(visit_again: OpenVisitor, way: Way) -> None:
    visitor = visit_again(way.on())
    page = visitor.open("/en/?issue=tenants&kind=PUBLIC_BODY&region=US-WY&nationwide=EXCLUDE")
    expect(page.locator("h1")).to_have_text("No organization matches all of this")
    step = page.locator(".steps li").first
    number = int(step.locator(".number").inner_text())
    way.hand.activate(step.get_by_role("link"))
    expect(page.locator("h1")).to_have_text(re.compile(rf"^{number} organizations?$"))
    assert read_count(page) == number > 0
    visitor.assert_no_complaints()


OTHER_DEVICES = [Device(scripts=False), Device(width=360, scheme="dark"), DESKTOP, Device(width=360, scheme="dark")]


@pytest.mark.parametrize(
    ("way", "device"), list(zip(WAYS, OTHER_DEVICES, strict=True)), ids=[way.name.replace(" ", "-") for way in WAYS]
)
def test_an_address_shows_the_same_list_to_somebody_else(visit_again: OpenVisitor, way: Way, device: Device) -> None:
    """The devices share the ways: what one sends with scripts, another opens without, and the other way round."""
    mine = visit_again(way.on()).open("/en/")
    search(mine, way.hand, "tenants groups near Atlanta")
    narrow(mine, way, "Immigrants and refugees", "Show results")
    expect(mine.get_by_role("checkbox", name="Immigrants and refugees").first).to_be_checked()
    visitor = visit_again(device)
    other = visitor.open(mine.url.removeprefix(visitor.address))
    assert list_names(other) == list_names(mine)
    assert read_count(other) == read_count(mine)


@each_way
def test_in_spanish_on_a_phone_a_member_finds_narrows_opens_and_comes_back(visit_again: OpenVisitor, way: Way) -> None:
    visitor = visit_again(way.on(SPANISH_PHONE))
    page = visitor.open("/")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    search(page, way.hand, "grupos de inquilinos cerca de Atlanta")
    expect(page.locator("h1")).to_have_text(re.compile(r"^\d+ organizaciones$"))
    assert {CIRCLE.name, COUNCIL.name, TABLE.name} <= set(list_names(page))
    number = narrow(page, way, "Inmigrantes y refugiados", "Mostrar resultados")
    expect(page.locator("h1")).to_have_text(re.compile(rf"^{number} organizaci(ón|ones)$"))
    address, names = page.url, list_names(page)
    way.hand.activate(page.get_by_role("link", name=COUNCIL.name))
    expect(page.locator("h1")).to_have_text(COUNCIL.name)
    expect(page.locator("html")).to_have_attribute("lang", "es")
    come_back(page, way, "Volver a la lista")
    expect(page).to_have_url(address)
    assert list_names(page) == names
    visitor.assert_no_complaints()


@each_way
def test_in_spanish_on_a_phone_typos_do_not_matter_and_nothing_found_leads_on(visit_again: OpenVisitor, way: Way) -> None:
    visitor = visit_again(way.on(SPANISH_PHONE))
    page = visitor.open("/")
    search(page, way.hand, "quién ayuda con desalohos en Atlnta, por favor")
    expect(page.locator("main")).to_contain_text("Mostramos resultados de Atlanta.")
    assert CIRCLE.name in list_names(page)
    page.goto(f"{visitor.address}/es/?issue=tenants&kind=PUBLIC_BODY&region=US-WY&nationwide=EXCLUDE")
    expect(page.locator("h1")).to_contain_text("Ninguna organización")
    step = page.locator(".steps li").first
    number = int(step.locator(".number").inner_text())
    way.hand.activate(step.get_by_role("link"))
    expect(page.locator("h1")).to_have_text(re.compile(rf"^{number} organizaci(ón|ones)$"))
    visitor.assert_no_complaints()
