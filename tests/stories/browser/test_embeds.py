"""A member puts a list on a web site of her own: another origin, with and without scripts, and with hostile neighbors."""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.pages.browser import Device, Visitor, open_visitor
from tests.stories.browser.axe import NARROW, WIDE, inspect_page
from tests.stories.browser.conftest import OpenVisitor
from tests.stories.browser.hands import tab_to
from tests.stories.browser.test_member_stories import Way, each_way

pytestmark = pytest.mark.slow

CODE_PAGE = "/embed/snippet?issue=housing&number=20"
HOST_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Our site</title><main><h1>Our allies</h1>
{code}
</main><iframe id="stranger" title="Other" src="/stranger.html"></iframe>
<iframe id="second" title="Second list" src="{address}/embed?issue=health"></iframe></html>"""
EDITOR = "<!doctype html><link rel=icon href=data:,><title>Editor</title><textarea></textarea>"
HOSTILE_HEIGHTS = ("NaN", "Infinity", "-5", "0", "1e9", "'900'", "null", "undefined", "[900]", "{valueOf: 1}", "true", "900n")

OTHER_MESSAGES = ("null", "'directory-embed'", "[]", "900", "{type: 'other', height: 900}", "{height: 900}")
RECORD_CHANGES = """() => {
  window.heard = 0; window.heights = [];
  addEventListener("message", () => { heard += 1; });
  const frame = document.querySelector("iframe");
  new MutationObserver(() => heights.push(frame.height)).observe(frame, { attributes: true });
}"""


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def site(site_folder: Path) -> Iterator[str]:
    """The address of a member's web site, which has another port than the directory, and so another origin."""
    (site_folder / "editor.html").write_text(EDITOR, "utf-8")
    (site_folder / "stranger.html").write_text("<!doctype html><link rel=icon href=data:,><title>Other</title>", "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(site_folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def host_page(chromium: Browser, address: str, site: str, site_folder: Path) -> str:
    """The address of a page into which a member pasted the code that she copied."""
    with open_visitor(chromium, address) as member:
        code = member.open(CODE_PAGE).get_by_role("textbox", name="Code for your website").input_value()
    (site_folder / "index.html").write_text(HOST_PAGE.format(code=code, address=address), "utf-8")
    return f"{site}/index.html"


@pytest.fixture
def visitor(chromium: Browser, address: str) -> Iterator[Visitor]:
    with open_visitor(chromium, address) as visitor:
        yield visitor


def open_host(visitor: Visitor, host_page: str) -> Page:
    page = visitor.context.new_page()
    page.goto(host_page)
    expect(page.frame_locator("iframe").first.get_by_role("link").first).to_be_visible()
    return page


def read_height(page: Page) -> int:
    return int(page.locator("iframe").first.get_attribute("height") or "")


def wait_for_height(page: Page) -> int:
    """Wait until the frame is as high as its content."""
    frame = page.frames[1]
    assert "/embed?" in frame.url
    frame.evaluate("document.fonts.ready.then(() => null)")
    height: int = frame.evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)")
    page.wait_for_function("height => document.querySelector('iframe').height === String(height)", arg=height)
    page.evaluate(RECORD_CHANGES)
    return height


@each_way
def test_a_member_copies_the_code_of_a_search_into_her_site(
    visit: OpenVisitor, way: Way, site: str, site_folder: Path, address: str
) -> None:
    visitor = visit(way.on())
    page = visitor.open("/en/?issue=housing")
    way.hand.activate(page.get_by_role("link", name="Put this list on your website"))
    if "keyboard" in way.name:
        tab_to(page.locator("#number"))
        page.keyboard.type("20")
    else:
        page.locator("#number").select_option("20")
    way.hand.activate(page.get_by_role("button", name="Update the code"))
    expect(page).to_have_url(re.compile("number=20"))
    code = copy(page, way, site)
    assert code == page.get_by_role("textbox", name="Code for your website").input_value()
    (site_folder / "copied.html").write_text(HOST_PAGE.format(code=code, address=address), "utf-8")
    host = open_host(visitor, f"{site}/copied.html")
    expect(host.frame_locator("iframe").first.get_by_role("listitem")).to_have_count(20)
    assert (wait_for_height(host) if way.scripts else read_height(host)) >= 600
    assert visitor.complaints == []


def copy(page: Page, way: Way, site: str) -> str:
    """Copy the code by hand, and return what can be pasted elsewhere in the browser."""
    field = page.get_by_role("textbox", name="Code for your website")
    if "keyboard" in way.name:
        tab_to(field)
    else:
        field.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    editor = page.context.new_page()
    editor.goto(f"{site}/editor.html")
    editor.locator("textarea").click()
    editor.keyboard.press("Control+V")
    pasted = editor.locator("textarea").input_value()
    editor.close()
    return pasted


def test_the_frame_is_as_high_as_the_list(visitor: Visitor, host_page: str) -> None:
    page = open_host(visitor, host_page)
    wide = wait_for_height(page)
    assert wide > 700
    page.set_viewport_size({"width": 320, "height": 700})
    page.wait_for_function("height => Number(document.querySelector('iframe').height) > height", arg=wide)
    assert not page.frames[1].evaluate("document.documentElement.scrollWidth > innerWidth")
    assert visitor.complaints == []


def test_a_link_opens_the_page_of_an_organization_in_a_tab(visitor: Visitor, host_page: str) -> None:
    page = open_host(visitor, host_page)
    with visitor.context.expect_page() as opened:
        page.frame_locator("iframe").first.get_by_role("link").first.press("Enter")
    expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
    assert "/organizations/" in opened.value.url
    assert opened.value.evaluate("window.opener") is None
    assert opened.value.evaluate("document.referrer") == ""
    assert page.url == host_page


def test_hostile_heights_change_nothing(visitor: Visitor, host_page: str) -> None:
    """The embed itself sends values that are no heights. Its neighbors and the page around it send heights."""
    page = open_host(visitor, host_page)
    wait_for_height(page)
    for value in HOSTILE_HEIGHTS:
        page.frames[1].evaluate(f"parent.postMessage({{type: 'directory-embed', height: {value}}}, '*')")
    for message in OTHER_MESSAGES:
        page.frames[1].evaluate(f"parent.postMessage({message}, '*')")
    for other in ("#stranger", "#second"):
        page.frame_locator(other).locator("html").evaluate("parent.postMessage({type: 'directory-embed', height: 900}, '*')")
    page.evaluate("postMessage({type: 'directory-embed', height: 900}, '*')")
    page.evaluate("dispatchEvent(new MessageEvent('message', {data: {type: 'directory-embed', height: 900}, origin: 'null'}))")
    page.frames[1].evaluate("parent.postMessage({type: 'directory-embed', height: 901}, '*')")
    page.wait_for_function("heights.includes('901') && heard >= " + str(len(HOSTILE_HEIGHTS) + len(OTHER_MESSAGES) + 5))
    assert page.evaluate("heights") == ["901"]
    assert visitor.complaints == []


def test_a_frame_that_went_elsewhere_is_not_heard(visitor: Visitor, host_page: str, site: str) -> None:
    page = open_host(visitor, host_page)
    wait_for_height(page)
    page.frames[1].goto(f"{site}/stranger.html")
    page.frames[1].evaluate("parent.postMessage({type: 'directory-embed', height: 900}, '*')")
    page.wait_for_function("heard")
    assert page.evaluate("heights") == []


def test_it_is_complete_without_scripts(chromium: Browser, address: str, host_page: str) -> None:
    with open_visitor(chromium, address, Device(width=360, scripts=False)) as visitor:
        page = open_host(visitor, host_page)
        assert page.frame_locator("iframe").first.get_by_role("listitem").count() == 20
        assert read_height(page) == 600


def test_an_embed_keeps_and_sends_nothing(visitor: Visitor, address: str, host_page: str) -> None:
    page = open_host(visitor, host_page)
    wait_for_height(page)
    assert visitor.context.cookies() == []
    frame = page.frames[1]
    assert frame.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert {request for request in visitor.other_requests if not request.startswith(host_page.rpartition("/")[0])} == set()


def test_no_other_page_can_be_framed(visitor: Visitor, address: str, host_page: str, site_folder: Path) -> None:
    (site_folder / "frames.html").write_text(
        f'<!doctype html><iframe title="x" src="{address}/?issue=housing"></iframe>', "utf-8"
    )
    page = visitor.context.new_page()
    page.goto(host_page.replace("index", "frames"))
    assert page.frames[1].url.startswith("chrome-error:")


@pytest.mark.parametrize("language", ["en-US", "es-US"])
@pytest.mark.parametrize("path", ["/embed?issue=housing", "/embed?issue=housing&view=map", "/embed/snippet?issue=housing"])
def test_axe_finds_nothing(chromium: Browser, address: str, path: str, language: str) -> None:
    with open_visitor(chromium, address, Device(language=language)) as visitor:
        page = visitor.open(path)
        assert inspect_page(page, NARROW, WIDE) == []
        visitor.assert_no_complaints()
