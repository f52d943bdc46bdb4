"""The search itself: no GraphQL, no HTTP. Questions are made beforehand; what is read of their answers is timed with them."""

import statistics
import time
from collections.abc import Callable

from msgspec import Struct

from benchmarks.fictional_networks import build_snapshot
from benchmarks.question_kinds import MAIN_KINDS, MARK_LIMIT, TEXT_KINDS, QuestionKind, Variables, build_box, draw_variables
from benchmarks.tables import Table, compare_with_target, format_milliseconds, format_ratio
from directory.question import FACETS
from directory.search.search_result import SearchResult
from directory.search.snapshot import Snapshot
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.terms import ISSUE_AREAS

TARGETS = {"Q2": 0.1e-3, "Q3": 2e-3, "Q4": 0.3e-3, "Q6": 0.1e-3}  # seconds, at the size below
TARGET_SIZE = 100_000
GROWTH_TARGETS = {"Q2": 1.5, "Q3": 20.0}  # from the smallest size to the largest
FIRST_TIME_LABEL = "first asked"  # what a kept answer costs once in a revision


class KindTiming(Struct, frozen=True):
    """Seconds that each of the different questions took."""

    kind: QuestionKind
    size: int
    seconds: list[float]
    first_seconds: float | None = None  # Q6: the very first time

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def ninetieth_percentile(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.9)]


def measure(size: int, rounds: int) -> list[KindTiming]:
    """All kinds of questions over one fictional network, so many different ones of each."""
    network = build_snapshot(size)
    return [_measure_kind(network, kind, size, rounds) for kind in (*MAIN_KINDS, *TEXT_KINDS)]


def _measure_kind(network: Snapshot, kind: QuestionKind, size: int, rounds: int) -> KindTiming:
    read = READERS.get(kind.key, _read_text_page)
    asked = draw_variables(kind, rounds, size)
    calls = [read(network, kind, variables) for variables in asked]
    seconds = [_measure_seconds(call) for call in calls]
    return KindTiming(kind, size, seconds, seconds[0] if not kind.has_variables else None)


def _measure_seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _read_one(network: Snapshot, _kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    def ask() -> object:
        organization = network.find_by_slug(variables["slug"])
        assert organization is not None
        return [ISSUE_AREAS.require(slug) for slug in organization.issue_areas], organization.locations

    return ask


def _read_page(network: Snapshot, kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def ask() -> object:
        found = network.find(question)
        return [hit.organization for hit in found.page.hits], found.total

    return ask


def _read_distances(network: Snapshot, kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def ask() -> object:
        found = network.find(question)
        return [(hit.organization, hit.distance_km) for hit in found.page.hits], found.total

    return ask


def _read_text_page(network: Snapshot, kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def ask() -> object:
        found = network.find(question)
        return [hit.organization for hit in found.page.hits], found.total, *_read_theme_and_state_facets(found)

    return ask


def _read_theme_and_state_facets(found: SearchResult) -> tuple[object, object]:
    return found.count_facet("issue_areas"), found.count_regions(RegionKind.STATE)


def _read_map(network: Snapshot, kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    question, box = kind.question(variables), build_box(variables)
    return lambda: network.find(question).build_map(box, limit=MARK_LIMIT).marks


def _read_facets(network: Snapshot, kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def ask() -> object:
        found = network.find(question)
        counts = [found.count_facet(facet) for facet in (*FACETS, "kinds")]
        return counts, found.count_regions(RegionKind.STATE), found.location_not_stated

    return ask


READERS = {"Q1": _read_one, "Q2": _read_page, "Q3": _read_text_page, "Q4": _read_distances, "Q5": _read_map, "Q6": _read_facets}


def build_tables(measured: list[KindTiming]) -> list[Table]:
    rows = [row for timed in measured for row in _build_rows(timed)]
    return [
        Table("Medians", ("question", "records", "median", "slowest tenth from", "target", ""), rows),
        *build_growth_tables(measured),
    ]


def _build_rows(timed: KindTiming) -> list[tuple[str, ...]]:
    target = TARGETS.get(timed.kind.key) if timed.size == TARGET_SIZE else None
    name = f"{timed.kind.key} · {timed.kind.title}" if timed.kind.key.startswith("Q") else timed.kind.title
    told = format_milliseconds(timed.median), format_milliseconds(timed.ninetieth_percentile)
    cells = (*told, *compare_with_target(timed.median, target, format_milliseconds))
    rows: list[tuple[str, ...]] = [(name, f"{timed.size:,}", *cells)]
    if timed.first_seconds is not None:
        rows.append((f"{name}, {FIRST_TIME_LABEL}", f"{timed.size:,}", format_milliseconds(timed.first_seconds), "", "", ""))
    return rows


def build_growth_tables(measured: list[KindTiming]) -> list[Table]:
    sizes = sorted({timed.size for timed in measured})
    if len(sizes) < 2:
        return []
    medians = {(timed.kind.key, timed.size): timed.median for timed in measured}
    rows = []
    for kind in MAIN_KINDS:
        ratio = medians[kind.key, sizes[-1]] / medians[kind.key, sizes[0]]
        rows.append(
            (
                f"{kind.key} · {kind.title}",
                format_ratio(ratio),
                *compare_with_target(ratio, GROWTH_TARGETS.get(kind.key), format_ratio),
            )
        )
    return [Table(f"Growth from {sizes[0]:,} to {sizes[-1]:,} records", ("question", "ratio of medians", "target", ""), rows)]
