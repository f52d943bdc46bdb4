"""A member finds the campaign of her theme, and takes one of its events or all events of her theme into her calendar."""

import re
from pathlib import Path

import pytest
from icalendar import Calendar
from icalendar import Event as EventComponent
from playwright.sync_api import Locator, Page, expect

from benchmarks.pages.browser import DESKTOP, Device
from tests.polling import poll_until
from tests.stories.browser.conftest import FOLLOW_SECONDS, OpenVisitor, hidden_record
from tests.stories.browser.hands import tab_to
from tests.stories.browser.story_records import ASSEMBLY, CAMPAIGN, CIRCLE
from tests.stories.browser.test_member_stories import SPANISH_PHONE, Way, each_way

pytestmark = pytest.mark.slow


def open_summary(page: Page, way: Way, name: str) -> None:
    """Open the panel with a form, which is open from the start on a wide screen."""
    summary = page.locator("details.filters > summary", has_text=name)
    if not page.locator("#list-theme").is_visible():
        way.hand.activate(summary)


def choose(way: Way, menu: Locator, label: str) -> None:
    if "keyboard" in way.name:
        tab_to(menu)
        menu.page.keyboard.type(label)  # a menu goes to the option that begins with what is typed
    else:
        menu.select_option(label=label)


def read_download(page: Page, way: Way, link: str) -> EventComponent:
    """Follow a link to a file and return the one event in it."""
    with page.expect_download() as waiting:
        way.hand.activate(page.get_by_role("link", name=link))
    file = Path(waiting.value.path())
    assert waiting.value.suggested_filename == f"{ASSEMBLY.slug}.ics"
    events: list[EventComponent] = list(Calendar.from_ical(file.read_bytes()).events)
    (event,) = events
    return event


def follow_campaign(page: Page, way: Way, texts: dict[str, str]) -> None:
    """Go from the list of coalitions to the page of an event, and take the event into a calendar."""
    open_summary(page, way, texts["search"])
    choose(way, page.locator("#list-theme"), texts["theme"])
    way.hand.activate(page.get_by_role("button", name=texts["show"]))
    expect(page).to_have_url(re.compile("theme=tenants"))
    way.hand.activate(page.get_by_role("link", name=CAMPAIGN.name))
    expect(page.locator("h1")).to_have_text(CAMPAIGN.name)
    expect(page.locator("main")).to_contain_text(CIRCLE.name)
    way.hand.activate(page.get_by_role("link", name=texts["all events"]))
    expect(page.locator("h1")).to_have_text(texts["events"])
    way.hand.activate(page.get_by_role("link", name=ASSEMBLY.name))
    expect(page.locator("h1")).to_have_text(ASSEMBLY.name)
    expect(page.locator("main")).to_contain_text(texts["zone"])
    event = read_download(page, way, texts["add"])
    assert (str(event["summary"]), event.start) == (ASSEMBLY.name, ASSEMBLY.starts_at)


ENGLISH = {
    "search": "Search coalitions",
    "theme": "Tenants' rights and eviction",
    "show": "Show results",
    "all events": "See all events of this coalition",
    "events": "Events",
    "zone": "Eastern",
    "add": "Add to my calendar",
}
SPANISH = {
    "search": "Buscar coaliciones",
    "theme": "Derechos de inquilinos y desalojos",
    "show": "Mostrar resultados",
    "all events": "Ver todos los eventos de esta coalición",
    "events": "Eventos",
    "zone": "oriental",
    "add": "Añadir a mi calendario",
}


@each_way
def test_a_member_takes_an_event_of_a_campaign_into_her_calendar(visit_again: OpenVisitor, way: Way) -> None:
    visitor = visit_again(way.on())
    follow_campaign(visitor.open("/en/coalitions"), way, ENGLISH)
    visitor.assert_no_complaints()


@each_way
def test_in_spanish_on_a_phone_she_does_the_same(visit_again: OpenVisitor, way: Way) -> None:
    visitor = visit_again(way.on(SPANISH_PHONE))
    page = visitor.open("/coalitions")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    follow_campaign(page, way, SPANISH)
    visitor.assert_no_complaints()


@each_way
def test_a_subscription_follows_her_theme_in_her_state(visit: OpenVisitor, way: Way, network_file: Path) -> None:
    visitor = visit(way.on())
    page = visitor.open("/en/events")
    open_summary(page, way, "Search events")
    choose(way, page.locator("#list-theme"), "Housing")
    choose(way, page.locator("#list-region"), "Georgia")
    way.hand.activate(page.get_by_role("button", name="Show results"))
    expect(page.get_by_role("link", name=ASSEMBLY.name)).to_be_visible()
    subscribe = page.get_by_role("link", name="Subscribe in your calendar program")
    if "keyboard" in way.name:
        tab_to(subscribe)
    address = page.locator("#subscribe ~ p .copied").inner_text()
    assert subscribe.get_attribute("href") == address.replace("http://", "webcal://")

    def read_titles() -> list[str]:
        return [str(event["summary"]) for event in Calendar.from_ical(visitor.context.request.get(address).body()).events]

    assert ASSEMBLY.name in read_titles()
    with hidden_record(network_file, ASSEMBLY):
        assert poll_until(lambda: ASSEMBLY.name not in read_titles(), FOLLOW_SECONDS)
        page.reload()
        expect(page.get_by_role("link", name=ASSEMBLY.name)).to_have_count(0)
        assert visitor.context.request.get(f"{visitor.address}/events/{ASSEMBLY.slug}.ics").status == 404
    assert poll_until(lambda: ASSEMBLY.name in read_titles(), FOLLOW_SECONDS)
    visitor.assert_no_complaints()


@pytest.mark.parametrize("device", [DESKTOP, Device(width=360, scripts=False)], ids=["desktop", "phone-without-scripts"])
def test_a_member_goes_from_her_theme_to_a_right_and_to_who_works_on_it(visit_again: OpenVisitor, device: Device) -> None:
    visitor = visit_again(device)
    page = visitor.open("/en/themes/housing")
    right = page.locator("section[aria-labelledby=rights] .rows a").first
    title = right.inner_text()
    right.click()
    expect(page.locator("h1")).to_have_text(title.partition(", ")[2])
    page.locator("section[aria-labelledby=who] .rows a").first.click()
    expect(page).to_have_url(re.compile("/en/organizations/"))
    visitor.assert_no_complaints()
