"""A member looks for gaps in the South and reads who could fill one."""

import re

import pytest
from playwright.sync_api import Page, expect

from benchmarks.pages.browser import DESKTOP, Device
from tests.stories.browser.conftest import OpenVisitor
from tests.stories.browser.hands import Keyboard, tab_to
from tests.stories.browser.test_member_stories import SPANISH_PHONE, Way, each_way

pytestmark = pytest.mark.slow


def choose(page: Page, way: Way, label: str, option: str) -> None:
    """Choose from a menu; with the keyboard, by typing the name."""
    menu = page.get_by_label(label, exact=True)
    if isinstance(way.hand, Keyboard):
        tab_to(menu)
        page.keyboard.type(option)
    else:
        menu.select_option(label=option)


def open_form(page: Page, way: Way) -> None:
    if not page.locator("#coverage-goal").is_visible():
        way.hand.activate(page.locator(".filters > summary"))


@each_way
@pytest.mark.parametrize(
    ("device", "area", "option", "button", "nobody", "closest"),
    [
        (DESKTOP, "Area", "South", "Show the table", "Nobody in", "Closest:"),
        (SPANISH_PHONE, "Área", "Sur", "Mostrar la tabla", "Nadie en", "Más cercanas:"),
    ],
    ids=["desktop", "Spanish-phone"],
)
def test_a_member_finds_a_gap_in_the_south_and_who_could_fill_it(
    visit_again: OpenVisitor, way: Way, device: Device, area: str, option: str, button: str, nobody: str, closest: str
) -> None:
    visitor = visit_again(way.on(device))
    page = visitor.open("/coverage")
    open_form(page, way)
    way.hand.write(page.locator("#coverage-goal"), "2")
    choose(page, way, area, option)
    way.hand.activate(page.get_by_role("button", name=button))
    expect(page).to_have_url(re.compile("goal=2.*within=US-SOUTH|within=US-SOUTH.*goal=2"))
    widest = page.locator("section:has(> #widest) li").first
    expect(widest).to_contain_text(nobody)
    theme = widest.get_by_role("link").inner_text()
    way.hand.activate(widest.get_by_role("link"))
    expect(page.locator("#map-title")).to_contain_text(theme)
    assert page.locator(".matrix tbody tr").count() == 1
    gap = page.locator("section:has(> #gaps) li", has_text=closest).first
    headings = page.locator(".matrix thead abbr").evaluate_all("each => each.map(abbr => abbr.title)")
    assert gap.locator("h3").inner_text() in headings  # only the place, because all gaps are of one theme
    name = gap.get_by_role("link").first.inner_text()
    way.hand.activate(gap.get_by_role("link").first)
    expect(page.locator("h1")).to_have_text(name)
    visitor.assert_no_complaints()


@each_way
def test_a_number_leads_to_the_organizations_that_it_counts(visit_again: OpenVisitor, way: Way) -> None:
    page = visit_again(way.on()).open("/en/coverage?theme=tenants&within=US-GA&by=LOCATED")
    number = page.locator(".matrix td a")
    name = number.get_attribute("aria-label") or ""
    assert re.fullmatch(r"Tenants' rights and eviction, Georgia: \d+", name)
    way.hand.activate(number)
    expect(page.locator("h1")).to_have_text(re.compile(r"^\d+ organizations?$"))
    assert int(page.locator("h1").inner_text().split()[0]) >= int(name.rpartition(" ")[2])


@each_way
def test_the_menu_of_a_phone_opens_and_leads_to_coverage(visit_again: OpenVisitor, way: Way) -> None:
    page = visit_again(way.on(SPANISH_PHONE)).open("/")
    link = page.locator(".menu").get_by_role("link", name="Cobertura")
    expect(link).to_be_hidden()
    way.hand.activate(page.locator(".menu summary"))
    way.hand.activate(link)
    expect(page.locator("h1")).to_have_text("Cobertura: quién trabaja en qué y dónde")
