"""Measure the processor time of pages in process, part by part: searches, embeds, feeds, calendars, members, partners, plans."""

import gzip
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice, product
from math import lcm
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import Struct

from benchmarks import targets
from benchmarks.fictional_networks import NOW, NetworkDatabase
from benchmarks.partners.coverage_timings import PAST_DAY, add_history
from directory.live import Directory
from directory.records import Audience, MembershipStatus
from directory.search.snapshot import Snapshot
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS
from schema.context import Context
from schema.limits import LIMITS
from web.pages.calendar import build_events_download
from web.pages.coverage.coverage_form import PATH as COVERAGE_PATH
from web.pages.coverage.coverage_page import build_coverage_page
from web.pages.documents import DocumentData
from web.pages.embed.embed_page import PATH as EMBED_PATH
from web.pages.embed.embed_page import build_embed_page
from web.pages.feed import PATH as FEED_PATH
from web.pages.feed import build_feed
from web.pages.kinds.event_search import CALENDAR_PATH
from web.pages.languages import LANGUAGES
from web.pages.organization.organization_page import PATH as ORGANIZATION_PATH
from web.pages.organization.organization_page import build_organization_page
from web.pages.page import Download, Page, PageBuilder, PageRequest
from web.pages.page_response import COMPRESSION_LEVEL, HTTP_OK
from web.pages.partners.partner_form import PATH as PARTNERS_PATH
from web.pages.partners.partners_page import build_partners_page
from web.pages.plan.plan_form import PATH as PLAN_PATH
from web.pages.plan.plan_page import build_plan_page
from web.pages.rendering import render_page
from web.pages.search.search_page import build_search_page
from web.pages.site import Site

PARTS = ("document", "values", "template", "compression")
PLAN_THEMES = 6
WARM_UP = 100  # other pages that come first: a server is measured as it is after its first minute
CITIES = ("Atlanta", "Chicago", "Houston", "Phoenix", "Seattle", "Denver", "Boston")
COUNTY = "US-GA-121"
STATES = ("US-GA", "US-CA", "US-TX", "US-NY", "US-IL", "US-FL", "US-WY")
# What else a theme can be asked for: its title, its address, and the start of its query string, which ends with the theme.
THEME_PAGES: Sequence[tuple[str, str, PageBuilder, str]] = (
    ("an embedded list", EMBED_PATH, build_embed_page, "number=50&issue="),
    ("an embedded map", EMBED_PATH, build_embed_page, "view=map&issue="),
    ("a feed", FEED_PATH, build_feed, "issue="),
    ("a calendar of a theme", CALENDAR_PATH, build_events_download, "theme="),
)
ON_ANY_MACHINE = msgspec.structs.replace(LIMITS, cpu_seconds=30.0, seconds=60.0)


class PageTime(Struct, frozen=True):
    """The CPU seconds of one page by part, and its size in bytes, compressed."""

    seconds: dict[str, float]
    size: int

    @property
    def total(self) -> float:
        return sum(self.seconds.values())


class SearchTimes(Struct, frozen=True):
    """The times of different searches of one kind."""

    kind: str
    records: int
    pages: Sequence[PageTime]
    target: float = targets.SEARCH_PAGE_SECONDS

    @property
    def median(self) -> float:
        return statistics.median(page.total for page in self.pages)

    def get_part_median(self, part: str) -> float:
        return statistics.median(page.seconds[part] for page in self.pages)


class _TimedRequest(PageRequest):
    """A request that adds up the time of its documents."""

    document_seconds: float = 0.0

    def ask(self, document: str, **variables: Any) -> DocumentData:
        start = time.thread_time()
        try:
            return super().ask(document, **variables)
        finally:
            self.document_seconds += time.thread_time() - start


def draw_searches(rounds: int) -> dict[str, list[str]]:
    """Return up to `rounds` query strings of each kind, all different."""
    themes = [term.slug for term in ISSUE_AREAS]
    labels = [term.label() for term in ISSUE_AREAS]
    turns = range(min(rounds, lcm(len(themes), len(CITIES))))
    searches = {
        "a theme": [{"issue": theme} for theme in themes[:rounds]],
        "a theme in a state": [{"issue": themes[n % len(themes)], "region": STATES[n % len(STATES)]} for n in turns],
        "a sentence": [{"words": f"{labels[n % len(labels)]} in {CITIES[n % len(CITIES)]}"} for n in turns],
    }
    return {kind: [urlencode(pairs) for pairs in each] for kind, each in searches.items()}


def draw_plans(rounds: int) -> list[str]:
    """Return up to `rounds` plans for PLAN_THEMES themes in the Census divisions, all different."""
    themes = [term.slug for term in ISSUE_AREAS]
    divisions = [("region", region.code) for region in REGIONS.list_of_kind(RegionKind.CENSUS_DIVISION)]
    starts = range(min(rounds, len(themes)))
    drawn = [[("issue", themes[(start + step) % len(themes)]) for step in range(PLAN_THEMES)] for start in starts]
    return [urlencode([*issues, *divisions]) for issues in drawn]


def _draw_first_searches() -> list[str]:
    """Return searches that are not measured: their communities are in none of those that are."""
    communities = [term.slug for term in COMMUNITIES]
    words = [term.label() for term in COMMUNITIES]
    pairs = [({"community": communities[n % len(communities)]}, {"words": words[n % len(words)]}) for n in range(WARM_UP // 2)]
    return [urlencode(each) for pair in pairs for each in pair]


def _draw_seekers(snapshot: Snapshot, rounds: int) -> dict[str, list[str]]:
    """Return up to `rounds` query strings of organizations and of groups that are not listed, all different."""
    rows = snapshot.index.rows
    members = [rows[row].slug for row in islice(rows.live_rows, rounds)]
    groups = [
        {"theme": theme.slug, "community": community.slug, "county": COUNTY, "seeks": "legal-services"}
        for theme, community in islice(product(ISSUE_AREAS, COMMUNITIES), rounds)
    ]
    return {
        "partners of an organization": [urlencode({"organization": slug}) for slug in members],
        "partners of a group": [urlencode(group) for group in groups],
    }


def measure_searches(network: NetworkDatabase, rounds: int) -> Iterator[SearchTimes]:
    """Yield the times of each kind of search, each query string once."""
    with closing(Directory.open(network.url)) as directory:
        context = Context(directory.get_snapshot(Audience.PUBLIC), NOW, None, ON_ANY_MACHINE)
        for search in _draw_first_searches():
            _measure_page(context, search)
        for kind, searches in draw_searches(rounds).items():
            yield SearchTimes(kind, network.size, [_measure_page(context, search) for search in searches])
        for kind, path, build, start in THEME_PAGES:
            pages = [_measure_page(context, f"{start}{theme.slug}", path, build) for theme in islice(ISSUE_AREAS, rounds)]
            yield SearchTimes(kind, network.size, pages)
        calendars = [_measure_page(context, f"round={n}", CALENDAR_PATH, build_events_download) for n in range(rounds)]
        yield SearchTimes("the calendar of all events", network.size, calendars, targets.CALENDAR_SECONDS)
        members = [_measure_member(context, slug) for slug in _draw_members(context, rounds)]
        yield SearchTimes("a member with its possible allies", network.size, members, targets.MEMBER_PAGE_SECONDS)
        for kind, searches in _draw_seekers(context.snapshot, rounds).items():
            pages = [_measure_page(context, search, PARTNERS_PATH, build_partners_page) for search in searches]
            yield SearchTimes(kind, network.size, pages, targets.PARTNERS_PAGE_SECONDS)
        tables = [_measure_page(context, f"goal={goal}", COVERAGE_PATH, build_coverage_page) for goal in range(1, rounds + 1)]
        yield SearchTimes("all themes and states", network.size, tables, targets.COVERAGE_PAGE_SECONDS)
        plans = [_measure_page(context, search, PLAN_PATH, build_plan_page) for search in draw_plans(rounds)]
        yield SearchTimes("a coalition plan", network.size, plans, targets.PLAN_PAGE_SECONDS)
        context = Context(add_history(directory.get_snapshot(Audience.PUBLIC)), NOW, None, ON_ANY_MACHINE)
        day = f"compare={PAST_DAY}"
        tables = [
            _measure_page(context, f"goal={goal}&{day}", COVERAGE_PATH, build_coverage_page) for goal in range(1, rounds + 1)
        ]
        yield SearchTimes("all themes and states, compared with a past day", network.size, tables, targets.COVERAGE_PAGE_SECONDS)


def _draw_members(context: Context, rounds: int) -> list[str]:
    """Return the slugs of up to `rounds` members, from all over the alphabet."""
    rows = list(context.snapshot.index.sets["membership"][MembershipStatus.ACTIVE])
    return [context.snapshot.index.rows[row].slug for row in rows[:: max(1, len(rows) // rounds)][:rounds]]


def _measure_member(context: Context, slug: str) -> PageTime:
    path = ORGANIZATION_PATH.format(slug=slug)
    return _measure_page(context, "", path, build_organization_page, {"slug": slug})


def _measure_page(
    context: Context,
    query_string: str,
    path: str = "/",
    build: PageBuilder = build_search_page,
    path_values: dict[str, str] | None = None,
) -> PageTime:
    parameters, values = parse_qsl(query_string), path_values or {}
    request = _TimedRequest(LANGUAGES["en"], "", "", path, values, parameters, query_string, "http://localhost", context, Site())
    start = time.thread_time()
    page = build(request)
    built = time.thread_time()
    assert isinstance(page, Download) or (isinstance(page, Page) and page.status == HTTP_OK), query_string
    body = page.content if isinstance(page, Download) else render_page(page, request)
    rendered = time.thread_time()
    compressed = gzip.compress(body, COMPRESSION_LEVEL, mtime=0)
    times = (request.document_seconds, built - start - request.document_seconds, rendered - built, time.thread_time() - rendered)
    return PageTime(dict(zip(PARTS, times, strict=True)), len(compressed))
