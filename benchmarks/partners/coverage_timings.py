"""Measure coverage matrices: counting all cells, finding the largest gaps, and the first matrix after an edit."""

import statistics
import time
from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from benchmarks import targets
from benchmarks.fictional_networks import NOW, build_snapshot
from benchmarks.tables import Table, compare_with_target, format_milliseconds
from directory.partners.coverage.coverage import Coverage
from directory.partners.coverage.gaps import Gaps
from directory.partners.coverage.question import CoverageFacet, CoverageGoal, CoverageQuestion
from directory.question import Question, TermFilter
from directory.records import RecordKind
from directory.search.record_history import RecordHistory, RecordPast, compare_values, read_values
from directory.search.search_index import RecordChanges
from directory.search.searched_fields import to_timestamp
from directory.search.snapshot import Snapshot, SnapshotChanges, SnapshotState
from directory.vocabulary.region_files import RegionKind

TODAY = NOW.date()
GAP_COUNT = 20
MAX_ROUNDS = 30  # a round counts thousands of cells
STATES = CoverageQuestion(within="US")
MATRICES: Mapping[str, CoverageQuestion] = {
    "all issue areas × US states": STATES,
    "all communities × US states": CoverageQuestion(facet=CoverageFacet.COMMUNITY, within="US"),
    "one issue area × states of the South": CoverageQuestion(values=("detention-deportation",), within="US-SOUTH"),
    "all issue areas × US states, of members who speak Spanish": CoverageQuestion(
        within="US", question=Question(languages=TermFilter(("es",)))
    ),
    "all issue areas × counties of Georgia": CoverageQuestion(region_kind=RegionKind.COUNTY, within="US-GA"),
    "3 issue areas × all counties": CoverageQuestion(region_kind=RegionKind.COUNTY, values=("housing", "health", "migration")),
}
PAST_DAY = date(2026, 1, 1)
PAST = replace(STATES, as_of=PAST_DAY)
TARGETED = "all issue areas × US states"


class CoverageTimings(Struct, frozen=True):
    """CPU seconds of each round, by what was measured, in a network of `size` records."""

    size: int
    matrices: Mapping[str, list[float]]
    gaps: list[float]
    first_matrix: list[float]
    past_matrix: list[float]


def measure_coverage(size: int, rounds: int) -> CoverageTimings:
    """Measure at most MAX_ROUNDS rounds over one fictional network."""
    snapshot, count = build_snapshot(size), min(rounds, MAX_ROUNDS)
    matrices = {
        title: [_measure_seconds(lambda question=question: count_cells(snapshot, question)) for _ in range(count)]  # type: ignore[misc]
        for title, question in MATRICES.items()
    }
    coverage = Coverage(snapshot, replace(STATES, goal=CoverageGoal(2)), TODAY)
    gaps = [_measure_seconds(lambda: list_gaps(coverage)) for _ in range(count)]
    first = [_measure_seconds(lambda changed=changed: count_cells(changed, STATES)) for changed in _edit(snapshot, count)]  # type: ignore[misc]
    past = [_measure_seconds(lambda changed=changed: count_cells(changed, PAST)) for changed in [add_history(snapshot)] * count]  # type: ignore[misc]
    return CoverageTimings(size, matrices, gaps, first, past)


def count_cells(snapshot: Snapshot, question: CoverageQuestion) -> tuple[object, object]:
    """Count all cells of a matrix."""
    coverage = Coverage(snapshot, question, TODAY)
    return coverage.positions, coverage.groups


def add_history(snapshot: Snapshot) -> Snapshot:
    """Return the snapshot with a past: since then, one in ten organizations got an issue area, and one in twenty is new."""
    updated = np.full(len(snapshot.index.rows), to_timestamp(PAST_DAY) - 1)
    pasts: dict[str, RecordPast] = {}
    for number, (row, record) in enumerate(snapshot.index.rows.number_records()):
        if number % 20 in (0, 1, 2):
            updated[row] = to_timestamp(NOW)
        if number % 20 in (1, 2):
            before = read_values(replace(record, issue_areas=record.issue_areas[1:]))
            change = compare_values(before, read_values(record), to_timestamp(NOW))
            pasts[record.id] = RecordPast(0.0, (change,) if change else ())
    snapshot.index.columns["UPDATED"] = updated
    snapshot.history = RecordHistory.build(pasts)
    return snapshot


def list_gaps(coverage: Coverage) -> list[object]:
    """Rank the gaps, and find the nearest members for the largest ones."""
    return [gap.nearest for gap in Gaps(coverage).list_first(GAP_COUNT)]


def _edit(snapshot: Snapshot, count: int) -> list[Snapshot]:
    """Return snapshots after an edit each: an organization serves another state."""
    organizations = [record for _, record in snapshot.index.rows.number_records()][:count]
    changes = [
        {RecordKind.ORGANIZATION: RecordChanges((), [replace(one, service_areas=(*one.service_areas, "US-HI"))])}
        for one in organizations
    ]
    return [snapshot.with_changes(SnapshotChanges(SnapshotState(2, "edited"), change, {}, [])) for change in changes]


def _measure_seconds(call: Callable[[], object]) -> float:
    """Return the CPU time of a call, which uses one thread."""
    start = time.process_time()
    call()
    return time.process_time() - start


def build_tables(timings: list[CoverageTimings]) -> list[Table]:
    rows = [row for timing in timings for row in _build_rows(timing)]
    return [Table("Medians", ("matrix", "records", "median", "target", ""), rows)]


def _build_rows(timing: CoverageTimings) -> list[tuple[str, ...]]:
    measured = [
        *(
            (title, seconds, targets.COVERAGE_SECONDS.get(timing.size) if title == TARGETED else None)
            for title, seconds in timing.matrices.items()
        ),
        (f"the {GAP_COUNT} largest gaps, with their nearest members", timing.gaps, None),
        (f"{TARGETED}, the first one after an edit", timing.first_matrix, targets.FIRST_COVERAGE_SECONDS),
        (f"{TARGETED}, at a past day: 5 % are new since, 10 % changed", timing.past_matrix, targets.PAST_COVERAGE_SECONDS),
    ]
    return [_build_row(title, timing.size, statistics.median(seconds), target) for title, seconds, target in measured]


def _build_row(title: str, size: int, median: float, target: float | None) -> tuple[str, ...]:
    return title, f"{size:,}", format_milliseconds(median), *compare_with_target(median, target, format_milliseconds)
