"""A group finds partners and compares them, with and without scripts, with the mouse and with the keyboard."""

import re

import pytest
from playwright.sync_api import expect

from benchmarks.pages.browser import DESKTOP, PHONE, Device
from tests.polling import poll_until
from tests.stories.browser.conftest import OpenVisitor
from tests.stories.browser.hands import Keyboard, tab_to
from tests.stories.browser.test_member_stories import SPANISH_PHONE, Way, each_way

pytestmark = pytest.mark.slow


@each_way
@pytest.mark.parametrize(
    ("device", "themes", "theme", "button", "compare", "chosen"),
    [
        (DESKTOP, "Themes that you work on", "Housing", "Find partners for this group", "Compare ", "Compare the chosen ones"),
        (SPANISH_PHONE, "Temas en los que trabaja", "Vivienda", "Buscar aliadas para este", "Comparar ", "Comparar las elegidas"),
    ],
    ids=["desktop", "Spanish-phone"],
)
def test_a_group_describes_itself_and_compares_two_partners(
    visit: OpenVisitor, way: Way, device: Device, themes: str, theme: str, button: str, compare: str, chosen: str
) -> None:
    visitor = visit(way.on(device))
    page = visitor.open("/partners")
    way.hand.activate(page.locator("summary", has_text=themes))
    way.hand.activate(page.get_by_role("checkbox", name=theme, exact=True))
    way.hand.activate(page.get_by_role("button", name=button))
    expect(page).to_have_url(re.compile(r"/partners\?.*theme=housing"))
    names = page.locator(".allies h3")
    expect(names).to_have_count(20)
    boxes = page.get_by_role("checkbox", name=re.compile(f"^{compare}"))
    for number in (0, 1):
        way.hand.activate(boxes.nth(number))
    way.hand.activate(page.get_by_role("button", name=chosen).first)
    expect(page.locator("#comparison")).to_be_in_viewport()
    heads = page.locator(".compared thead th")
    expect(heads).to_have_text(names.all_inner_texts()[:2])
    expect(boxes.first).to_be_checked()
    visitor.assert_no_complaints()


@each_way
def test_a_slider_is_moved_and_its_words_follow(visit: OpenVisitor, way: Way) -> None:
    page = visit(way.on()).open("/en/partners?theme=housing&community=tenants")
    way.hand.activate(page.locator("summary", has_text="Change what counts how much"))
    slider = page.get_by_role("slider", name="Themes in common")
    expect(slider).to_have_accessible_description("100 of 100: counts a lot")
    if isinstance(way.hand, Keyboard):
        tab_to(slider)
        page.keyboard.press("Home")
    else:
        slider.fill("0")
    follows = way.on().scripts
    now = "0 of 100: does not count" if follows else "100 of 100: counts a lot"  # of the list, until the button is pressed
    expect(slider).to_have_accessible_description(now)
    assert slider.get_attribute("aria-valuetext") == (now if follows else None)
    expect(page.get_by_text("The words below the sliders change then, too.")).to_be_visible(visible=not follows)
    way.hand.activate(page.get_by_role("button", name="Show partners"))
    expect(page.get_by_text("Themes in common: 0 of 100: does not count.")).to_be_visible()
    assert "weight-themes=0" in page.url


@each_way
def test_a_member_types_her_name_chooses_it_and_looks_in_another_way(visit: OpenVisitor, way: Way) -> None:
    page = visit(way.on(PHONE)).open("/en/partners")
    way.hand.write(page.get_by_label("Name of your organization"), "Marietta Tenants")
    way.hand.activate(page.get_by_role("button", name="Find partners", exact=True))
    link = page.locator(".notice a").first
    name = link.inner_text()
    way.hand.activate(link)
    expect(page.locator("h1")).to_have_text(f"Possible partners for {name}")
    way.hand.activate(page.get_by_role("link", name="Same place, other themes"))
    expect(page.locator(".tabs [aria-current]")).to_have_text("Same place, other themes")
    expect(page.locator("h1")).to_have_text(f"Possible partners for {name}")


def test_the_table_fits_a_small_screen_and_slides_by_keyboard(visit: OpenVisitor) -> None:
    page = visit(Device(width=320)).open("/en/partners?theme=housing")
    slugs = [box.get_attribute("value") for box in page.locator("[name=compare]").all()[:3]]
    page.goto(page.url + "".join(f"&compare={slug}" for slug in slugs))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    table = page.locator(".compared")
    table.focus()
    page.keyboard.press("ArrowRight")
    assert poll_until(lambda: table.evaluate("table => table.scrollLeft") > 0, 10)
    left = page.locator(".compared tbody th").first.evaluate("heading => heading.getBoundingClientRect().left")
    assert left >= 0  # the headings stay


def test_a_print_is_black_on_white_and_has_no_forms(visit: OpenVisitor) -> None:
    page = visit(DESKTOP).open("/en/partners?theme=housing")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".stamp")).to_be_visible()
    expect(page.locator(".imprint")).to_contain_text("/partners?theme=housing")
    for hidden in ("header nav", ".filters", ".tabs", "[name=compare] >> nth=0", ".allies details", "button >> nth=-1"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('.allies li')).color") == "rgb(0, 0, 0)"
