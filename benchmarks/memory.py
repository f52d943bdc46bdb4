"""Memory and start-up: what a process needs to hold the directory, and how long until it answers.

Run as a module of its own, with a database's address and audiences, it loads their snapshots and prints what that took.
"""

import gc
import sys
import time

import msgspec
from msgspec import Struct

from benchmarks.fictional_networks import NetworkDatabase
from benchmarks.server_processes import read_resident_megabytes, run_module, start_directory_server
from benchmarks.tables import Table, compare_with_target, format_megabytes, format_seconds
from directory.gazetteer.gazetteer import get_gazetteer
from directory.live import Directory
from directory.records import Audience, Organization
from directory.search.search_index import SearchIndex
from directory.store.store import Store

NO_AUDIENCE = "nothing"  # in an audience's place: what the program alone needs
PARTS = "parts"  # loading and indexing, apart

READY_TARGETS = {1_000: 1.0, 100_000: 20.0}  # seconds
ONE_AUDIENCE_TARGETS = {100_000: 800.0}  # megabytes
ALL_AUDIENCES_TARGETS = {100_000: 1_000.0}
ROWS_PER_SECOND = 2_000.0


class LoadMeasurement(Struct):
    megabytes: float
    loading_seconds: float = 0.0  # seconds
    indexing_seconds: float = 0.0


class StartMeasurement(Struct, frozen=True):
    network: NetworkDatabase
    ready_seconds: float  # seconds from the start of the process to its first answer
    cpu_seconds: float  # seconds of CPU in that time
    server_megabytes: float  # megabytes
    program_megabytes: float
    one_audience_megabytes: float
    all_audiences_megabytes: float
    load_parts: LoadMeasurement


def measure_start(network: NetworkDatabase) -> StartMeasurement:
    with start_directory_server(network.url) as server:
        ready = server.wait_for_answer("/graphql", b'{"query": "{ organizations(first: 1) { totalCount nodes { name } } }"}')
        computing, serving = server.cpu_seconds, server.megabytes
    return StartMeasurement(
        network,
        ready,
        computing,
        serving,
        _measure_load(network, NO_AUDIENCE).megabytes,
        _measure_load(network, Audience.PUBLIC).megabytes,
        _measure_load(network, *Audience).megabytes,
        _measure_load(network, PARTS),
    )


def _measure_load(network: NetworkDatabase, *what: str) -> LoadMeasurement:
    return msgspec.json.decode(run_module("benchmarks.memory", [network.url, *what]), type=LoadMeasurement)


def main(database_url: str, what: list[str]) -> None:
    loaded = _load_in_parts(database_url) if what == [PARTS] else _load_snapshots(database_url, what)
    print(msgspec.json.encode(loaded).decode())


def _load_snapshots(database_url: str, audiences: list[str]) -> LoadMeasurement:
    directory = Directory(Store.open(database_url))
    get_gazetteer()
    for audience in audiences:
        if audience != NO_AUDIENCE:
            directory.get_snapshot(Audience(audience))
    directory.close()
    return LoadMeasurement(read_resident_megabytes())


def _load_in_parts(database_url: str) -> LoadMeasurement:
    """Loading by itself, then indexing by itself: from published records to all sets, columns and words."""
    store = Store.open(database_url)
    gc.disable()
    began = time.perf_counter()
    count = sum(1 for _ in store.load_organizations())
    loading = time.perf_counter() - began
    directory = Directory(store)
    records: list[Organization] = directory.get_snapshot(Audience.PUBLIC).index.rows.organizations
    assert count >= len(records)
    began = time.perf_counter()
    SearchIndex.build(records)
    indexing = time.perf_counter() - began
    store.close()
    return LoadMeasurement(read_resident_megabytes(), loading, indexing)


def build_tables(measured: list[StartMeasurement]) -> list[Table]:
    rows = [row for started in measured for row in _build_rows(started)]
    return [Table("Start-up, memory and seeding", ("what", "records", "measured", "target", ""), rows)]


def _build_rows(started: StartMeasurement) -> list[tuple[str, ...]]:
    size, seeding = started.network.size, started.network.seconds
    rows = [
        (
            "start of the process to its first answer",
            format_seconds(started.ready_seconds),
            *compare_with_target(started.ready_seconds, READY_TARGETS.get(size), format_seconds),
        ),
        ("of which computing", format_seconds(started.cpu_seconds), "", ""),
        ("loading all entries, alone", format_seconds(started.load_parts.loading_seconds), "", ""),
        ("building the index, alone", format_seconds(started.load_parts.indexing_seconds), "", ""),
        ("memory of the program without records", format_megabytes(started.program_megabytes), "", ""),
        (
            "memory with one audience",
            format_megabytes(started.one_audience_megabytes),
            *compare_with_target(started.one_audience_megabytes, ONE_AUDIENCE_TARGETS.get(size), format_megabytes),
        ),
        (
            "memory with three audiences",
            format_megabytes(started.all_audiences_megabytes),
            *compare_with_target(started.all_audiences_megabytes, ALL_AUDIENCES_TARGETS.get(size), format_megabytes),
        ),
        ("memory of the server after its first answer", format_megabytes(started.server_megabytes), "", ""),
        ("database file", format_megabytes(started.network.megabytes), "", ""),
    ]
    if seeding is not None:
        pace = size / seeding
        told = (
            f"{format_seconds(seeding)}, {_format_pace(pace)}",
            *compare_with_target(pace, ROWS_PER_SECOND, _format_pace, at_least=True),
        )
        rows.append(("making and writing the fictional network", *told))
    return [(what, f"{size:,}", *cells) for what, *cells in rows]


def _format_pace(records_per_second: float) -> str:
    return f"{records_per_second:,.0f} a second"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
