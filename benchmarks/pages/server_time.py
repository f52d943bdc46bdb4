"""Measure the processor time of pages of searches and coverage in process: document, values, template and compression."""

import gzip
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from math import lcm
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from msgspec import Struct

from benchmarks import targets
from benchmarks.fictional_networks import NOW, NetworkDatabase
from benchmarks.partners.coverage_timings import PAST_DAY, add_history
from directory.live import Directory
from directory.records import Audience
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS
from schema.context import Context
from schema.limits import LIMITS
from web.pages.coverage.coverage_form import PATH as COVERAGE_PATH
from web.pages.coverage.coverage_page import build_coverage_page
from web.pages.documents import DocumentData
from web.pages.languages import LANGUAGES
from web.pages.page import Page, PageRequest
from web.pages.page_response import COMPRESSION_LEVEL
from web.pages.rendering import render_page
from web.pages.search.search_page import build_search_page
from web.pages.site import Site

PARTS = ("document", "values", "template", "compression")
WARM_UP = 100  # other pages that come first: a server is measured as it is after its first minute
CITIES = ("Atlanta", "Chicago", "Houston", "Phoenix", "Seattle", "Denver", "Boston")
STATES = ("US-GA", "US-CA", "US-TX", "US-NY", "US-IL", "US-FL", "US-WY")
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


def _draw_first_searches() -> list[str]:
    """Return searches that are not measured: their communities are in none of those that are."""
    communities = [term.slug for term in COMMUNITIES]
    words = [term.label() for term in COMMUNITIES]
    pairs = [({"community": communities[n % len(communities)]}, {"words": words[n % len(words)]}) for n in range(WARM_UP // 2)]
    return [urlencode(each) for pair in pairs for each in pair]


def measure_searches(network: NetworkDatabase, rounds: int) -> Iterator[SearchTimes]:
    """Yield the times of each kind of search, each query string once."""
    with closing(Directory.open(network.url)) as directory:
        context = Context(directory.get_snapshot(Audience.PUBLIC), NOW, None, ON_ANY_MACHINE)
        for search in _draw_first_searches():
            _measure_page(context, search)
        for kind, searches in draw_searches(rounds).items():
            yield SearchTimes(kind, network.size, [_measure_page(context, search) for search in searches])
        tables = [_measure_page(context, f"goal={goal}", COVERAGE_PATH, build_coverage_page) for goal in range(1, rounds + 1)]
        yield SearchTimes("all themes and states", network.size, tables, targets.COVERAGE_PAGE_SECONDS)
        context = Context(add_history(directory.get_snapshot(Audience.PUBLIC)), NOW, None, ON_ANY_MACHINE)
        day = f"compare={PAST_DAY}"
        tables = [
            _measure_page(context, f"goal={goal}&{day}", COVERAGE_PATH, build_coverage_page) for goal in range(1, rounds + 1)
        ]
        yield SearchTimes("all themes and states, compared with a past day", network.size, tables, targets.COVERAGE_PAGE_SECONDS)


def _measure_page(
    context: Context, query_string: str, path: str = "/", build: Callable[[PageRequest], Page] = build_search_page
) -> PageTime:
    parameters = parse_qsl(query_string)
    request = _TimedRequest(LANGUAGES["en"], "", "", path, {}, parameters, query_string, "http://localhost", context, Site())
    start = time.thread_time()
    page = build(request)
    built = time.thread_time()
    body = render_page(page, request)
    rendered = time.thread_time()
    compressed = gzip.compress(body, COMPRESSION_LEVEL, mtime=0)
    times = (request.document_seconds, built - start - request.document_seconds, rendered - built, time.thread_time() - rendered)
    return PageTime(dict(zip(PARTS, times, strict=True)), len(compressed))
