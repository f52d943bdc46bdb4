"""The search itself: no GraphQL, no HTTP. Questions are made beforehand; what is read of their answers is timed with them."""

import statistics
import time
from collections.abc import Callable

from msgspec import Struct

from benchmarks.networks import snapshot
from benchmarks.questions import MARKS, SIX, TEXTS, Kind, Variables, box_of, drawn
from benchmarks.tables import Table, milliseconds, times, verdict
from directory.question import FACETS
from directory.regions import RegionKind
from directory.search.found import Found
from directory.search.snapshot import Snapshot
from directory.vocabulary import ISSUE_AREAS

TARGETS = {"Q2": 0.1e-3, "Q3": 2e-3, "Q4": 0.3e-3, "Q6": 0.1e-3}  # seconds, at the size below
TARGET_SIZE = 100_000
GROWTH = {"Q2": 1.5, "Q3": 20.0}  # from the smallest size to the largest
FIRST = "first asked"  # what a kept answer costs once in a revision


class Timed(Struct, frozen=True):
    """Seconds that each of the different questions took."""

    kind: Kind
    size: int
    seconds: list[float]
    once: float | None = None  # Q6: the very first time

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def slowest_tenth(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.9)]


def measure(size: int, rounds: int) -> list[Timed]:
    """All kinds of questions over one fictional network, so many different ones of each."""
    network = snapshot(size)
    return [_timed(network, kind, size, rounds) for kind in (*SIX, *TEXTS)]


def _timed(network: Snapshot, kind: Kind, size: int, rounds: int) -> Timed:
    read = READERS.get(kind.key, _text)
    asked = drawn(kind, rounds, size)
    calls = [read(network, kind, variables) for variables in asked]
    seconds = [_seconds(call) for call in calls]
    return Timed(kind, size, seconds, seconds[0] if not kind.varies else None)


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _one(network: Snapshot, _kind: Kind, variables: Variables) -> Callable[[], object]:
    def ask() -> object:
        organization = network.by_slug(variables["slug"])
        assert organization is not None
        return [ISSUE_AREAS.require(slug) for slug in organization.issue_areas], organization.locations

    return ask


def _page(network: Snapshot, kind: Kind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def ask() -> object:
        found = network.find(question)
        return [hit.organization for hit in found.page.hits], found.total

    return ask


def _distances(network: Snapshot, kind: Kind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def ask() -> object:
        found = network.find(question)
        return [(hit.organization, hit.distance_km) for hit in found.page.hits], found.total

    return ask


def _text(network: Snapshot, kind: Kind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def ask() -> object:
        found = network.find(question)
        return [hit.organization for hit in found.page.hits], found.total, *_theme_and_state(found)

    return ask


def _theme_and_state(found: Found) -> tuple[object, object]:
    return found.facet("issue_areas"), found.facet_regions(RegionKind.STATE)


def _map(network: Snapshot, kind: Kind, variables: Variables) -> Callable[[], object]:
    question, box = kind.question(variables), box_of(variables)
    return lambda: network.find(question).map(box, limit=MARKS).marks


def _facets(network: Snapshot, kind: Kind, variables: Variables) -> Callable[[], object]:
    question = kind.question(variables)

    def ask() -> object:
        found = network.find(question)
        counts = [found.facet(facet) for facet in (*FACETS, "kinds")]
        return counts, found.facet_regions(RegionKind.STATE), found.location_not_stated

    return ask


READERS = {"Q1": _one, "Q2": _page, "Q3": _text, "Q4": _distances, "Q5": _map, "Q6": _facets}


def tables(measured: list[Timed]) -> list[Table]:
    rows = [row for timed in measured for row in _rows(timed)]
    return [
        Table("Medians", ("question", "records", "median", "slowest tenth from", "target", ""), rows),
        *growth(measured),
    ]


def _rows(timed: Timed) -> list[tuple[str, ...]]:
    target = TARGETS.get(timed.kind.key) if timed.size == TARGET_SIZE else None
    name = f"{timed.kind.key} · {timed.kind.title}" if timed.kind.key.startswith("Q") else timed.kind.title
    told = milliseconds(timed.median), milliseconds(timed.slowest_tenth)
    cells = (*told, *verdict(timed.median, target, milliseconds))
    rows: list[tuple[str, ...]] = [(name, f"{timed.size:,}", *cells)]
    if timed.once is not None:
        rows.append((f"{name}, {FIRST}", f"{timed.size:,}", milliseconds(timed.once), "", "", ""))
    return rows


def growth(measured: list[Timed]) -> list[Table]:
    sizes = sorted({timed.size for timed in measured})
    if len(sizes) < 2:
        return []
    medians = {(timed.kind.key, timed.size): timed.median for timed in measured}
    rows = []
    for kind in SIX:
        ratio = medians[kind.key, sizes[-1]] / medians[kind.key, sizes[0]]
        rows.append((f"{kind.key} · {kind.title}", times(ratio), *verdict(ratio, GROWTH.get(kind.key), times)))
    return [Table(f"Growth from {sizes[0]:,} to {sizes[-1]:,} records", ("question", "ratio of medians", "target", ""), rows)]
