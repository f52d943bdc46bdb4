"""Measure a search in Chromium: its bytes, when a phone shows it, how far it moves, and how soon a choice is answered."""

import gzip
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from msgspec import Struct
from playwright.sync_api import Browser, CDPSession, Page, expect

import hatch_build
from benchmarks.fictional_networks import NetworkDatabase
from benchmarks.http.load_driver import HOST
from benchmarks.http.server_processes import start_directory_server
from benchmarks.pages.browser import DESKTOP, PHONE, MissingChromiumError, Visitor, open_visitor, start_chromium
from directory.errors import BadInput
from web.pages.page_response import COMPRESSION_LEVEL

MATCHES = 5_000  # of the search, or as near as a theme comes
MAX_VISITS, MAX_CLICKS = 7, 15
BITS_A_SECOND, RTT_MS, SLOWDOWN = 9_000_000, 100, 4  # of a phone
THEMES = b'{"query": "{ issueAreas(first: 100) { nodes { slug organizationCount } } }"}'
CHOICE = "form[data-facets] input:is([name=work], [name=language], [name=kind]):visible:not(:disabled, :checked)"
MAP = re.compile(rb'<aside class="map".*?</aside>', re.DOTALL)  # of the states, after the list

# Resolves to the largest contentful paint in milliseconds and the layout shift, without what follows a click or a key at once.
READ_METRICS = """() => new Promise((resolve) => {
  const metrics = { paint: 0, shift: 0 };
  const observe = (type, add) =>
    new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({ type, buffered: true });
  observe("largest-contentful-paint", (entry) => (metrics.paint = entry.startTime));
  observe("layout-shift", (entry) => (metrics.shift += entry.hadRecentInput ? 0 : entry.value));
  setTimeout(() => resolve(metrics), 100);
})"""
# Prepares `answer`, which resolves to the milliseconds from the next click until the list has been replaced and can be drawn.
AWAIT_ANSWER = """() => {
  window.answer = new Promise((resolve) => {
    let start;
    addEventListener("click", () => (start = performance.now()), { capture: true, once: true });
    const end = () => requestAnimationFrame(() => resolve(performance.now() - start));
    document.addEventListener("pages:updated", end, { once: true });
  });
}"""


class Weight(Struct, frozen=True):
    """Bytes over the wire, with headers, without a cache. The map of states is part of the document, after the list."""

    document: int  # without the map of states
    others: int  # stylesheet, font, script and icon
    states: int  # the map of states
    places: int  # what the map of places loads when somebody chooses it


class BrowserMeasurements(Struct, frozen=True):
    """Times are in seconds. Each visit is one with an empty cache, on a phone; clicks are on a computer."""

    records: int
    matches: int
    weight: Weight
    paints: list[float]
    shifts: list[float]
    clicks: list[float]


def measure_browser(network: NetworkDatabase, rounds: int) -> BrowserMeasurements:
    """Measure the search for one theme, `rounds` times at most. Raises BadInput if there is no Chromium or no front end."""
    try:
        hatch_build.build()
        with start_chromium() as chromium, _serve(network) as address:
            theme, matches = _find_theme(address)
            path = f"/?issue={theme}"
            visits = [_visit_with_phone(chromium, address, path) for _ in range(min(rounds, MAX_VISITS))]
            paints, shifts = [visit["paint"] / 1e3 for visit in visits], [visit["shift"] for visit in visits]
            weight, clicks = _weigh(chromium, address, path), _click(chromium, address, path, min(rounds, MAX_CLICKS))
            return BrowserMeasurements(network.size, matches, weight, paints, shifts, clicks)
    except MissingChromiumError:
        raise BadInput("Chromium is not installed. Run ./dev test --install to install it.") from None
    except hatch_build.FrontEndError as problem:
        raise BadInput(f"The front end cannot be built: {problem}") from None


@contextmanager
def _serve(network: NetworkDatabase) -> Iterator[str]:
    with start_directory_server(network.url) as server:
        server.wait_for_answer("/graphql", THEMES)
        server.wait_until_idle()
        yield f"http://{HOST}:{server.port}"


def _find_theme(address: str) -> tuple[str, int]:
    """Return the theme whose number of organizations is nearest to MATCHES, and the number."""
    nodes = msgspec.json.decode(_fetch(f"{address}/graphql", THEMES))["data"]["issueAreas"]["nodes"]
    nearest = min(nodes, key=lambda node: abs(node["organizationCount"] - MATCHES))
    return nearest["slug"], nearest["organizationCount"]


def _fetch(url: str, body: bytes | None = None) -> bytes:
    headers = {"Content-Type": "application/json", "Accept": "text/html, application/json"}
    request = urllib.request.Request(url, body, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        content: bytes = response.read()
    return content


def _visit_with_phone(chromium: Browser, address: str, path: str) -> dict[str, float]:
    with open_visitor(chromium, address, PHONE) as visitor:
        page = visitor.context.new_page()
        _slow_down(visitor.context.new_cdp_session(page))
        page.goto(address + path, wait_until="networkidle")
        metrics: dict[str, float] = page.evaluate(READ_METRICS)
        return metrics


def _slow_down(session: CDPSession) -> None:
    speed = BITS_A_SECOND / 8
    conditions = {"offline": False, "latency": RTT_MS, "downloadThroughput": speed, "uploadThroughput": speed}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})


class _TransferMeter:
    """Adds up the bytes that a page receives, by whether they are of the document."""

    def __init__(self, session: CDPSession) -> None:
        self.document, self.others = 0, 0
        self._document_ids = set[str]()
        session.send("Network.enable")
        session.on("Network.responseReceived", self._note_type)
        session.on("Network.loadingFinished", self._add)

    def _note_type(self, event: dict[str, Any]) -> None:
        if event["type"] == "Document":
            self._document_ids.add(event["requestId"])

    def _add(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._document_ids:
            self.document += int(event["encodedDataLength"])
        else:
            self.others += int(event["encodedDataLength"])


def _weigh(chromium: Browser, address: str, path: str) -> Weight:
    with open_visitor(chromium, address, DESKTOP) as visitor:
        page = visitor.context.new_page()
        meter = _TransferMeter(visitor.context.new_cdp_session(page))
        page.goto(address + path, wait_until="networkidle")
        document, others = meter.document, meter.others
        _choose_places(page)
        states = compute_map_share(_fetch(address + path))
        return Weight(document - states, others, states, meter.others - others)


def _choose_places(page: Page) -> None:
    page.locator("[data-map=places]").click()
    expect(page.locator(".places-list [role=option]").first).to_be_visible()
    page.wait_for_load_state("networkidle")


def compute_map_share(document: bytes) -> int:
    """Return how many bytes of the compressed document are due to the map of states."""
    whole, rest = (len(gzip.compress(text, COMPRESSION_LEVEL)) for text in (document, MAP.sub(b"", document)))
    return whole - rest


def _click(chromium: Browser, address: str, path: str, times: int) -> list[float]:
    """Choose values of the facets, one after the other, each in addition to those before."""
    with open_visitor(chromium, address, DESKTOP) as visitor:
        page = visitor.open(path)
        page.wait_for_load_state("networkidle")
        return [_measure_click(visitor, page) for _ in range(times)]


def _measure_click(visitor: Visitor, page: Page) -> float:
    page.evaluate(AWAIT_ANSWER)
    page.locator(CHOICE).first.click()
    milliseconds: float = page.evaluate("answer")
    visitor.assert_no_complaints()
    return milliseconds / 1e3
