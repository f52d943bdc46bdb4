"""The afternoon of tests/stories/test_import_afternoon.py on the page, with the keyboard alone and without scripts: three lists
are reviewed and applied, and one import is undone. Then: every page of a review is accessible, and fits a phone.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page

from benchmarks.pages.browser import DESKTOP, PHONE, Device, open_visitor
from directory.records import Audience, MembershipStatus
from tests.review_process import ReviewProcess, run_review
from tests.seed.import_session import ImportSession
from tests.seed.sources.formats.workbooks import xlsx
from tests.stories.browser.axe import MIDDLE, NARROW, WIDE, inspect_page
from tests.stories.browser.hands import Keyboard, tab_to
from tests.stories.browser.scripts.read_script import read_script
from tests.stories.browser.test_keyboard import NUMBER_STOPS, press_tab_through
from tests.stories.test_import_afternoon import CRM, PEOPLE, PHONES, ROSTER, list_contacts

pytestmark = pytest.mark.slow

FIND_PROBLEMS = read_script("find_layout_problems")
WAIT_MS = 60_000  # for the work in the background, on a machine with much else to do
WIDTHS = (NARROW, MIDDLE, WIDE)
PATHS = ("/?show=all", "/?show=doubtful", "/columns", "/values", "/apply")
HAND = Keyboard()
MIXED = """\
Organization,Street,City,State,Phone,Email,Membership status,Tags,Contact person,Contact email
Sycamore Workers Centre,12 Oak Street,Tucson,AZ,520-555-0100,,honorary,"tenants rights, sustainability",,
Saguaro Legal Aid,,Phoenix,AZ,602-555-0177,someone@saguaro.example,Paid,housing,Ana Roe,ana@saguaro.example
New Group,,Flagstaf,AZ,480-555-0102,private@gmail.example,honorary,self-determination,,
Second Group,,Flagstaff,AZ,,,Paid,,,
Third Group,,Flagstaff,AZ,not a number,,Paid,,,
,,Mesa,AZ,480-555-0104,,,,,
"""


@contextmanager
def open_review(chromium: Browser, review: ReviewProcess, device: Device) -> Iterator[Page]:
    """Open the link in a browser without scripts, and wait for the plan."""
    with open_visitor(chromium, review.address, device) as visitor:
        page = visitor.open(review.link)
        wait_for_work(page)
        yield page
        visitor.assert_no_complaints()


def wait_for_work(page: Page) -> None:
    page.wait_for_url(lambda url: "/working" not in url, timeout=WAIT_MS)


def press(page: Page, name: str) -> None:
    """Press a button, or follow a link, of this name, and wait for what it starts."""
    target = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name))
    with page.expect_navigation():
        HAND.activate(target.first)
    wait_for_work(page)


def choose(page: Page, group: Locator, name: str) -> None:
    """Choose a radio button with the arrow keys."""
    tab_to(group.locator("input:checked"))
    target = group.get_by_role("radio", name=name)
    for _ in range(group.get_by_role("radio").count()):
        if target.is_checked():
            return
        page.keyboard.press("ArrowUp")
    raise AssertionError(f"no arrow key reaches {name}")


def read_main(page: Page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def apply_plan(page: Page) -> str:
    press(page, "Go on to apply")
    press(page, "Apply the plan")
    return read_main(page)


def test_an_afternoon_of_reviews(chromium: Browser, walk: ImportSession) -> None:
    review_crm_export(chromium, walk)
    path = walk.write_file("roster.xlsx", xlsx({"READ ME": [["Ask the office"]], "FY26": ROSTER}))
    with run_review(path, walk.url) as roster, open_review(chromium, roster, Device(scripts=False)) as page:
        review_decorated_workbook(walk, page)
        review_hand_typed_numbers(chromium, walk)
        undo_the_workbook(walk, page)
        assert roster.end() == 0
    assert walk.run("check").exit_code == 0


def review_crm_export(chromium: Browser, walk: ImportSession) -> None:
    device = Device(scripts=False)
    with run_review(walk.write_file("crm.csv", CRM), walk.url) as review, open_review(chromium, review, device) as page:
        assert "Only rows about people name Palo Verde Water Alliance." in read_main(page)
        press(page, "Rejected")
        assert "The row is about a person or household" in read_main(page)
        press(page, "Created")
        assert "Sycamore Workers Center" in read_main(page)
        assert "Saguaro Legal Aid" in read_main(page)
        text = apply_plan(page)
        assert "All changes are in revision 1." in text
        assert not any(person in text for person in PEOPLE)
        assert review.end() == 1
    assert sorted(walk.records) == ["Saguaro Legal Aid", "Sycamore Workers Center"]
    assert list_contacts(walk.records["Sycamore Workers Center"]) == [
        ("Office", None, "+15205550100", Audience.PUBLIC),
        ("Organizer", "Rosa Vega", "+15205550111", Audience.MEMBERS),
    ]


def review_decorated_workbook(walk: ImportSession, page: Page) -> None:
    group = page.get_by_role("group", name="Is Sycamore Workers one of these?")
    choose(page, group, "Yes, it is Sycamore Workers Center")
    press(page, "Take these answers and plan again")
    assert "Decided by you 1" in read_main(page)
    assert "Doubtful" not in read_main(page)
    text = apply_plan(page)
    assert "Created 4 Changed 1" in text or "Created 4" in text
    members = {name: record.membership.status for name, record in walk.records.items() if record.sites[0].state == "US-CA"}
    assert members == {
        "Lakeside Tenants Union": MembershipStatus.ACTIVE,
        "Comunidad Abierta": MembershipStatus.ACTIVE,
        "Redwood Research Group": MembershipStatus.NONE,
        "Harbor Youth Project": MembershipStatus.LAPSED,
    }


def review_hand_typed_numbers(chromium: Browser, walk: ImportSession) -> None:
    with run_review(walk.write_file("phones.csv", PHONES), walk.url) as review, open_review(chromium, review, PHONE) as page:
        press(page, "With values left out")
        assert "ask the office" in read_main(page)
        assert "basin at large" in read_main(page)
        assert "All changes are in revision 3." in apply_plan(page)
        assert review.end() == 1
    assert {one.role: one.phone for one in walk.records["Sage Disability Network"].contacts if one.phone} == {
        "TTY": "+17755550122",
        "Fax": "+17755550123",
    }


def undo_the_workbook(walk: ImportSession, page: Page) -> None:
    press(page, "Undo revision 2")
    assert "Revision 2 is undone by revision 4." in read_main(page)
    assert sorted(walk.records) == [
        *("Basin Radio", "Juniper Helpline", "Sage Disability Network", "Saguaro Legal Aid", "Sycamore Workers Center"),
    ]
    assert all(record.row_matches == () for record in walk.records.values())
    press(page, "Plan again, to see what remains")
    assert "Decided by you 1" in read_main(page)


@pytest.fixture
def mixed_review(walk: ImportSession) -> Iterator[ReviewProcess]:
    """A review with rows, questions and problems of each kind."""
    walk.seed(walk.write_file("crm.csv", CRM), "--apply")
    with run_review(walk.write_file("mixed.csv", MIXED), walk.url) as review:
        yield review


def list_page_problems(page: Page, *widths: int) -> list[str]:
    """Return what does not fit at any width, and what axe-core finds at these widths."""
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true })")
    problems = [f"{width}: {one}" for width in (320, 360, 768, 1440) for one in find_problems(page, width)]
    return [*problems, *inspect_page(page, *widths)]


def find_problems(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 900})
    problems: list[str] = page.evaluate(FIND_PROBLEMS)
    return problems


def test_every_page_is_accessible_and_fits(chromium: Browser, mixed_review: ReviewProcess) -> None:
    problems: dict[str, list[str]] = {}
    with open_review(chromium, mixed_review, DESKTOP) as page:
        for code in ("en", "es"):
            for path in PATHS:
                page.goto(f"{mixed_review.address}{mixed_review.root}/{code}{path}")
                problems[f"{code}{path}"] = list_page_problems(page, *(WIDTHS if code == "en" else (NARROW,)))
        page.goto(f"{mixed_review.address}{mixed_review.root}/en/apply")
        press(page, "Apply the plan")
        problems["result"] = list_page_problems(page, *WIDTHS)
    assert {name: found for name, found in problems.items() if found} == {}


def test_tab_reaches_everything_in_order(chromium: Browser, mixed_review: ReviewProcess) -> None:
    with open_review(chromium, mixed_review, Device(scripts=False)) as page:
        for path in ("/?show=all", "/values", "/apply"):
            page.goto(f"{mixed_review.address}{mixed_review.root}/en{path}")
            stops = press_tab_through(page)
            assert len(stops) > 5
            assert stops == list(range(page.evaluate(NUMBER_STOPS))), path
