"""A group finds partners, compares them and shows them to a friend, with and without scripts, by mouse and by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from benchmarks.pages.browser import DESKTOP, PHONE, Device
from benchmarks.pages.example_pages import list_example_pages
from tests.polling import poll_until
from tests.stories.browser.conftest import OpenVisitor
from tests.stories.browser.hands import Keyboard, tab_to
from tests.stories.browser.story_records import SEED
from tests.stories.browser.test_member_stories import SPANISH_PHONE, WAYS, Way, each_way

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
def test_a_group_describes_itself_and_compares_three_partners(
    visit_again: OpenVisitor, way: Way, device: Device, themes: str, theme: str, button: str, compare: str, chosen: str
) -> None:
    visitor = visit_again(way.on(device))
    page = visitor.open("/partners")
    way.hand.activate(page.locator("summary", has_text=themes))
    way.hand.activate(page.get_by_role("checkbox", name=theme, exact=True))
    way.hand.activate(page.get_by_role("button", name=button))
    expect(page).to_have_url(re.compile(r"/partners\?.*theme=housing"))
    names = page.locator(".allies h3")
    expect(names).to_have_count(20)
    boxes = page.get_by_role("checkbox", name=re.compile(f"^{compare}"))
    for number in range(3):
        way.hand.activate(boxes.nth(number))
    buttons = page.get_by_role("button", name=chosen)
    if device.width < DESKTOP.width:
        expect(buttons.last).to_be_in_viewport()  # beside the rows, however many are between
    way.hand.activate(buttons.first)
    expect(page.locator("#comparison")).to_be_in_viewport()
    heads = page.locator(".compared thead th")
    expect(heads).to_have_text(names.all_inner_texts()[:3])
    expect(boxes.first).to_be_checked()
    visitor.assert_no_complaints()


FRIENDS = [Device(language="es-US", scripts=False), SPANISH_PHONE, Device(language="es-US", scheme="dark"), SPANISH_PHONE]


def count_values(page: Page) -> list[int]:
    """Return how many values each cell of the comparison has, which no language changes."""
    return [cell.locator("li").count() for cell in page.locator(".compared td").all()]


@pytest.mark.parametrize(
    ("way", "friend"), list(zip(WAYS, FRIENDS, strict=True)), ids=[way.name.replace(" ", "-") for way in WAYS]
)
def test_a_friend_opens_the_comparison_of_a_member_in_her_language(visit: OpenVisitor, way: Way, friend: Device) -> None:
    member = visit(way.on())
    mine = member.open(list_example_pages(SEED)["organization"])
    way.hand.activate(mine.get_by_role("link", name="All possible allies with the same themes"))
    boxes = mine.get_by_role("checkbox", name=re.compile("^Compare "))
    for number in (0, 1, 3):
        way.hand.activate(boxes.nth(number))
    way.hand.activate(mine.get_by_role("button", name="Compare the chosen ones").first)
    names = mine.locator(".compared thead th")
    expect(names).to_have_count(3)
    theirs = visit(friend).open(mine.url.removeprefix(member.address))
    expect(theirs.locator("html")).to_have_attribute("lang", "es")
    expect(theirs.locator("#comparison")).to_have_text("Lado a lado")
    expect(theirs.locator(".compared thead th")).to_have_text(names.all_inner_texts())
    assert count_values(theirs) == count_values(mine)
    assert theirs.locator("[name=compare]:checked").count() == 3
    theirs.get_by_role("link", name="English").click()
    texts = [page.locator(".compared").inner_text().split() for page in (theirs, mine)]
    assert texts[0] == texts[1]


@each_way
def test_a_slider_is_moved_and_its_words_follow(visit_again: OpenVisitor, way: Way) -> None:
    page = visit_again(way.on()).open("/en/partners?theme=housing&community=tenants")
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
def test_a_member_types_her_name_chooses_it_and_looks_in_another_way(visit_again: OpenVisitor, way: Way) -> None:
    page = visit_again(way.on(PHONE)).open("/en/partners")
    way.hand.write(page.get_by_label("Name of your organization"), "Marietta Tenants")
    way.hand.activate(page.get_by_role("button", name="Find partners", exact=True))
    link = page.locator(".notice a").first
    name = link.inner_text()
    way.hand.activate(link)
    expect(page.locator("h1")).to_have_text(f"Possible partners for {name}")
    way.hand.activate(page.get_by_role("link", name="Same place, other themes"))
    expect(page.locator(".tabs [aria-current]")).to_have_text("Same place, other themes")
    expect(page.locator("h1")).to_have_text(f"Possible partners for {name}")


def test_the_table_fits_a_small_screen_and_slides_by_keyboard(visit_again: OpenVisitor) -> None:
    page = visit_again(Device(width=320)).open("/en/partners?theme=housing")
    slugs = [box.get_attribute("value") for box in page.locator("[name=compare]").all()[:3]]
    page.goto(page.url + "".join(f"&compare={slug}" for slug in slugs))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    table = page.locator(".compared")
    table.focus()
    page.keyboard.press("ArrowRight")
    assert poll_until(lambda: table.evaluate("table => table.scrollLeft") > 0, 10)
    left = page.locator(".compared tbody th").first.evaluate("heading => heading.getBoundingClientRect().left")
    assert left >= 0  # the headings stay


def test_a_print_is_black_on_white_and_has_no_forms(visit_again: OpenVisitor) -> None:
    page = visit_again(DESKTOP).open("/en/partners?theme=housing")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator(".stamp")).to_be_visible()
    expect(page.locator(".imprint")).to_contain_text("/partners?theme=housing")
    for hidden in ("header nav", ".filters", ".tabs", "[name=compare] >> nth=0", ".allies details", "button >> nth=-1"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('.allies li')).color") == "rgb(0, 0, 0)"
