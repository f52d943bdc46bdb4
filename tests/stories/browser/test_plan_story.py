"""A member plans a coalition, hears a no, plans again, takes the list along, and comes back after somebody left."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.pages.browser import DESKTOP, Device
from benchmarks.pages.example_pages import list_example_pages
from tests.polling import poll_until
from tests.stories.browser.conftest import FOLLOW_SECONDS, OpenVisitor, hidden_record
from tests.stories.browser.story_records import CIRCLE, COUNCIL, SEED
from tests.stories.browser.test_member_stories import SPANISH_PHONE, Way, each_way

pytestmark = pytest.mark.slow

QUESTION = "issue=housing&issue=racial-justice&region=US-SOUTH-ATLANTIC&region=US-PACIFIC"


COUNTIES = "issue=tenants&region=US-GA-121&region=US-GA-067"  # the first is served by the circle, the other by the council


def list_names(page: Page) -> list[str]:
    return page.locator(".members h3 a").all_inner_texts()


def check(page: Page, way: Way, key: str, value: str) -> None:
    box = page.locator(f"input[name={key}][value={value}]")
    if not box.is_visible():
        way.hand.activate(page.locator("details.choose", has=box).locator("> summary"))
    way.hand.activate(box)


@each_way
@pytest.mark.parametrize(
    ("device", "button", "no", "said", "undo"),
    [
        (DESKTOP, "Make the plan", "They said no", "said no", "undo"),
        (SPANISH_PHONE, "Hacer el plan", "Dijeron que no", "dijo que no", "deshacer"),
    ],
    ids=["desktop", "Spanish-phone"],
)
def test_a_member_plans_a_coalition_and_replaces_one_that_says_no(
    visit_again: OpenVisitor, way: Way, device: Device, button: str, no: str, said: str, undo: str
) -> None:
    visitor = visit_again(way.on(device))
    page = visitor.open("/plan")
    for key, value in (pair.split("=") for pair in QUESTION.split("&")):
        check(page, way, key, value)
    way.hand.activate(page.get_by_role("button", name=button))
    expect(page.locator("#result")).to_have_text(re.compile(r"\d+ (members? covers?|miembros? cubren?) "))
    names = list_names(page)
    assert names
    assert page.locator(".matrix tbody a").count() >= 4
    way.hand.activate(page.locator(".members > li").first.get_by_role("link", name=no))
    expect(page.locator("#change")).to_contain_text(said)
    expect(page.locator("#change")).to_contain_text(names[0])
    assert names[0] not in list_names(page)
    declined = page.locator(".declined")
    expect(declined).to_contain_text(names[0])
    assert declined.locator("span").evaluate("element => getComputedStyle(element).textDecorationLine") == "none"
    way.hand.activate(declined.get_by_text(undo, exact=True))
    expect(page.locator(".declined")).to_have_count(0)
    assert list_names(page) == names
    visitor.assert_no_complaints()


def read_csv(page: Page, way: Way) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        way.hand.activate(page.get_by_role("link", name="Spreadsheet (CSV)"))
    assert waiting.value.suggested_filename == "coalition-plan.csv"
    return list(csv.DictReader(Path(waiting.value.path()).read_text("utf-8-sig").splitlines()))


@each_way
def test_the_address_of_a_plan_says_who_left_and_plans_again(visit: OpenVisitor, way: Way, network_file: Path) -> None:
    visitor = visit(way.on())
    page = visitor.open(f"/en/plan?{COUNTIES}")
    way.hand.activate(page.locator(".asking > summary"))
    way.hand.write(page.get_by_label("A member that must take part"), COUNCIL.name)
    way.hand.activate(page.get_by_role("button", name="Make the plan"))
    expect(page.locator("#result")).to_have_text("2 members cover all 2 combinations")
    rows = read_csv(page, way)
    assert [(row["organization"], row["must take part"]) for row in rows] == [(COUNCIL.name, "yes"), (CIRCLE.name, "")]
    shared = page.locator("#take ~ p .copied").inner_text()
    with hidden_record(network_file, COUNCIL):
        assert poll_until(lambda: COUNCIL.name not in visitor.context.request.get(shared).text(), FOLLOW_SECONDS)
        page.goto(shared)
        expect(page.locator(".notice")).to_contain_text(f"{COUNCIL.slug} is not listed here, so the plan is made without it.")
        expect(page.locator(".chip", has_text=COUNCIL.slug)).to_contain_text("(not listed)")
        expect(page.locator("#result")).to_have_text("1 member covers 1 of 2 combinations")
        assert [row["organization"] for row in read_csv(page, way)] == list_names(page) == [CIRCLE.name]
        way.hand.activate(page.get_by_role("link", name=f"Remove {COUNCIL.slug}"))
        expect(page.locator(".notice")).to_have_count(0)
    assert poll_until(lambda: COUNCIL.name in visitor.context.request.get(shared).text(), FOLLOW_SECONDS)
    visitor.assert_no_complaints()


def test_after_a_no_the_focus_is_at_what_changed(visit_again: OpenVisitor) -> None:
    page = visit_again(DESKTOP).open(f"/en/plan?{QUESTION}")
    page.get_by_role("link", name="They said no").first.click()
    expect(page.locator("#change")).to_be_focused()


def test_a_typed_place_is_added(visit_again: OpenVisitor) -> None:
    page = visit_again(Device(scripts=False)).open(f"/en/plan?{QUESTION}")
    page.locator(".asking > summary").click()
    page.get_by_label("Another place").fill("Deep South")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Remove Deep South")).to_be_visible()
    page.get_by_role("link", name="Remove Deep South").click()
    expect(page.get_by_role("link", name="Remove Deep South")).to_have_count(0)
    expect(page.get_by_role("link", name="Remove Pacific")).to_be_visible()


def test_a_plan_is_printed_on_one_page_without_controls(visit_again: OpenVisitor) -> None:
    page = visit_again(DESKTOP).open(list_example_pages(SEED)["plan-members"])
    page.get_by_role("link", name="They said no").last.click()
    expect(page.locator("#change")).to_be_visible()
    page.emulate_media(media="print")
    for control in (".members .button", ".members mark", ".asking", ".chip a", "#change", "#take", "#ties"):
        assert not any(each.is_visible() for each in page.locator(control).all()), control
    for part in (".stamp", ".declined", ".matrix", "#reason", ".imprint"):
        expect(page.locator(part)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.pdf(format="Letter").count(b"/Type /Page\n") == 1
