"""Measure searches alone, without GraphQL and HTTP. Questions are built in advance; reading the results is part of the time."""

import statistics
import time
from collections.abc import Callable

from msgspec import Struct

from benchmarks import targets
from benchmarks.fictional_networks import build_snapshot
from benchmarks.question_kinds import MAIN_KINDS, MARK_LIMIT, TEXT_KINDS, QuestionKind, draw_variables
from benchmarks.tables import Table, compare_with_target, format_milliseconds, format_ratio
from benchmarks.variables import Variables, build_box
from directory.question import FACETS
from directory.search.search_result import SearchResult
from directory.search.snapshot import Snapshot
from directory.understanding.understand import understand
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.terms import ISSUE_AREAS

FIRST_TIME_LABEL = "first request"  # the cost of a result that is then cached until the directory changes


class KindTiming(Struct, frozen=True):
    """The seconds that each of the different questions took."""

    kind: QuestionKind
    size: int
    seconds: list[float]
    first_seconds: float | None = None  # Q6: the first request

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def ninetieth_percentile(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.9)]


def measure(size: int, rounds: int) -> list[KindTiming]:
    """Measure all kinds of questions over one fictional network, `rounds` different ones of each."""
    network = build_snapshot(size)
    return [_measure_kind(network, kind, size, rounds) for kind in (*MAIN_KINDS, *TEXT_KINDS)]


def _measure_kind(network: Snapshot, kind: QuestionKind, size: int, rounds: int) -> KindTiming:
    read = READERS.get(kind.key, _read_text_page)
    calls = [read(network, kind, variables) for variables in draw_variables(kind, rounds, size)]
    seconds = [_measure_seconds(call) for call in calls]
    return KindTiming(kind, size, seconds, seconds[0] if not kind.has_variables else None)


def _measure_seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _read_one(network: Snapshot, _kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    def search() -> object:
        organization = network.find_by_slug(variables["slug"])
        assert organization is not None
        return [ISSUE_AREAS.require(slug) for slug in organization.issue_areas], organization.locations

    return search


def _read_page(network: Snapshot, kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def search() -> object:
        result = network.find(question)
        return [hit.organization for hit in result.page.hits], result.total

    return search


def _read_distances(network: Snapshot, kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def search() -> object:
        result = network.find(question)
        return [(hit.organization, hit.distance_km) for hit in result.page.hits], result.total

    return search


def _read_text_page(network: Snapshot, kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def search() -> object:
        result = network.find(question)
        return [hit.organization for hit in result.page.hits], result.total, *_read_theme_and_state_facets(result)

    return search


def _read_theme_and_state_facets(result: SearchResult) -> tuple[object, object]:
    return result.count_facet("issue_areas"), result.count_regions(RegionKind.STATE)


def _read_map(network: Snapshot, kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    question, box = kind.question(variables), build_box(variables)
    return lambda: network.find(question).build_map(box, limit=MARK_LIMIT).marks


def _read_facets(network: Snapshot, kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def search() -> object:
        result = network.find(question)
        counts = [result.count_facet(facet) for facet in (*FACETS, "kinds")]
        return counts, result.count_regions(RegionKind.STATE), result.location_not_stated

    return search


def _read_sentence(network: Snapshot, _kind: QuestionKind, variables: Variables) -> Callable[[], object]:
    return lambda: understand(variables["text"], network)


READERS = {
    "Q1": _read_one,
    "Q2": _read_page,
    "Q3": _read_text_page,
    "Q4": _read_distances,
    "Q5": _read_map,
    "Q6": _read_facets,
    "sentence": _read_sentence,
}


def build_tables(timings: list[KindTiming]) -> list[Table]:
    rows = [row for timing in timings for row in _build_rows(timing)]
    return [
        Table("Medians", ("question", "records", "median", "90th percentile", "target", ""), rows),
        *build_growth_tables(timings),
    ]


def _build_rows(timing: KindTiming) -> list[tuple[str, ...]]:
    target = targets.IN_PROCESS_SECONDS.get(timing.kind.key) if timing.size == targets.IN_PROCESS_SIZE else None
    name = f"{timing.kind.key} · {timing.kind.title}" if timing.kind.key.startswith("Q") else timing.kind.title
    times = format_milliseconds(timing.median), format_milliseconds(timing.ninetieth_percentile)
    cells = (*times, *compare_with_target(timing.median, target, format_milliseconds))
    rows: list[tuple[str, ...]] = [(name, f"{timing.size:,}", *cells)]
    if timing.first_seconds is not None:
        rows.append((f"{name}, {FIRST_TIME_LABEL}", f"{timing.size:,}", format_milliseconds(timing.first_seconds), "", "", ""))
    return rows


def build_growth_tables(timings: list[KindTiming]) -> list[Table]:
    sizes = sorted({timing.size for timing in timings})
    if len(sizes) < 2:
        return []
    medians = {(timing.kind.key, timing.size): timing.median for timing in timings}
    rows = []
    for kind in MAIN_KINDS:
        ratio = medians[kind.key, sizes[-1]] / medians[kind.key, sizes[0]]
        rows.append(
            (
                f"{kind.key} · {kind.title}",
                format_ratio(ratio),
                *compare_with_target(ratio, targets.IN_PROCESS_GROWTH.get(kind.key), format_ratio),
            )
        )
    return [Table(f"Growth from {sizes[0]:,} to {sizes[-1]:,} records", ("question", "ratio of medians", "target", ""), rows)]
