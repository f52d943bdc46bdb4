"""Measure how long it takes to find allies, with and without the reasons of a page."""

import gc
import random
import statistics
import time
from collections.abc import Sequence
from contextlib import closing

from msgspec import Struct

from benchmarks import targets
from benchmarks.fictional_networks import NOW, NetworkDatabase
from benchmarks.tables import Table, compare_with_target, format_milliseconds
from directory.live import Directory
from directory.partners.allies.allies import find_allies
from directory.partners.allies.request import AllyMode, AllyRequest, describe_organization
from directory.records import Audience, Organization
from directory.search.snapshot import Snapshot

SEED = 11
GROUP_SIZE = 3  # organizations that look for allies together
REASON_COUNT = 4  # that a page shows of each of 20 organizations


class AllyTiming(Struct, frozen=True):
    """The seconds of each request of one kind."""

    name: str
    size: int
    seconds: list[float]
    has_target: bool = False

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def measure(network: NetworkDatabase, rounds: int) -> list[AllyTiming]:
    """Measure requests of organizations drawn from all that the public sees, each time other ones."""
    with closing(Directory.open(network.url)) as directory:
        return _measure_snapshot(directory.get_snapshot(Audience.PUBLIC), network.size, rounds)


def _measure_snapshot(snapshot: Snapshot, size: int, rounds: int) -> list[AllyTiming]:
    gc.collect()
    gc.freeze()  # as a server does
    chosen = random.Random(SEED).choices([record for _, record in snapshot.index.rows.number_records()], k=rounds * GROUP_SIZE)
    singles = [[record] for record in chosen[:rounds]]
    groups = [chosen[start : start + GROUP_SIZE] for start in range(0, len(chosen), GROUP_SIZE)]
    find_allies(snapshot, _build_request(singles[0], AllyMode.SAME_THEMES), NOW.date())  # the first request finds the families
    return [
        *(AllyTiming(f"{mode}, 20 of them", size, _time(snapshot, singles, mode), has_target=True) for mode in AllyMode),
        AllyTiming("SAME_THEMES, with reasons", size, _time(snapshot, singles, AllyMode.SAME_THEMES, REASON_COUNT)),
        AllyTiming(f"SAME_THEMES, for {GROUP_SIZE} together", size, _time(snapshot, groups, AllyMode.SAME_THEMES)),
    ]


def _build_request(group: Sequence[Organization], mode: AllyMode) -> AllyRequest:
    return AllyRequest(group=tuple({one.id: describe_organization(one) for one in group}.values()), mode=mode)


def _time(snapshot: Snapshot, groups: Sequence[Sequence[Organization]], mode: AllyMode, reasons: int = 0) -> list[float]:
    seconds = []
    for group in groups:
        start = time.thread_time()
        page = find_allies(snapshot, _build_request(group, mode), NOW.date())
        texts = [reason.format() for edge in page.edges for reason in edge.list_reasons(reasons)] if reasons else []
        seconds.append(time.thread_time() - start)
        del texts
    return seconds


def build_tables(timings: Sequence[AllyTiming]) -> list[Table]:
    columns = ("allies", "organizations", "median", "target", "", "slowest")
    return [Table("Allies", columns, [_build_row(timing) for timing in timings])]


def _build_row(timing: AllyTiming) -> list[str]:
    target = targets.ALLY_SECONDS.get(timing.size) if timing.has_target else None
    return [
        timing.name,
        f"{timing.size:,}",
        format_milliseconds(timing.median),
        *compare_with_target(timing.median, target, format_milliseconds),
        format_milliseconds(max(timing.seconds)),
    ]
