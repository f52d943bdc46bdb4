"""Measure the memory of a process and the time from its start to its first answer.

Run as a module with the URL of a database and audiences, it loads their snapshots and prints a LoadMeasurement as JSON.
"""

import compileall
import gc
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks import targets
from benchmarks.fictional_networks import NetworkDatabase
from benchmarks.http.server_processes import read_resident_megabytes, run_module, start_directory_server
from benchmarks.tables import Table, compare_with_target, format_megabytes, format_seconds
from directory.gazetteer.gazetteer import get_gazetteer
from directory.live import Directory
from directory.records import Audience
from directory.search.search_index import SearchIndex
from directory.store.store import Store

NO_AUDIENCE = "nothing"  # instead of an audience: load only the program
PARTS = "parts"  # instead of audiences: time loading and indexing separately

FIRST_REQUEST = b'{"query": "{ organizations(first: 1) { totalCount nodes { name } } }"}'


class LoadMeasurement(Struct):
    """The memory of a process after loading, and the time of the parts of loading."""

    megabytes: float
    loading_seconds: float = 0.0
    indexing_seconds: float = 0.0


class StartMeasurement(Struct, frozen=True):
    """The time and memory of a server and of processes that load fewer audiences."""

    network: NetworkDatabase
    ready_seconds: float  # from the start of the process to its first answer
    cpu_seconds: float  # of CPU time until then
    server_megabytes: float
    program_megabytes: float
    one_audience_megabytes: float
    all_audiences_megabytes: float
    load_parts: LoadMeasurement


def measure_start(network: NetworkDatabase) -> StartMeasurement:
    _compile_packages()
    with start_directory_server(network.url) as server:
        ready_seconds = server.wait_for_answer(
            "/graphql", b'{"query": "{ organizations(first: 1) { totalCount nodes { name } } }"}'
        )
        cpu_seconds, server_megabytes = server.cpu_seconds, server.megabytes
    parts = _measure_load(network, PARTS)
    with ThreadPoolExecutor() as pool:  # memory does not depend on what else runs, unlike the times above
        loads = pool.map(lambda audiences: _measure_load(network, *audiences), ([NO_AUDIENCE], [Audience.PUBLIC], Audience))
        program, one_audience, all_audiences = (load.megabytes for load in loads)
    return StartMeasurement(network, ready_seconds, cpu_seconds, server_megabytes, program, one_audience, all_audiences, parts)


def _compile_packages() -> None:
    """Write bytecode, as pip does when it installs the program. PYTHONDONTWRITEBYTECODE would add compiling to every start."""
    for package in ("directory", "schema", "seed", "web", "cli"):
        compileall.compile_dir(Path(__file__).parent.parent / package, quiet=2)


def _measure_load(network: NetworkDatabase, *audiences: str) -> LoadMeasurement:
    return msgspec.json.decode(run_module("benchmarks.memory", [network.url, *audiences]), type=LoadMeasurement)


def main(database_url: str, audiences: list[str]) -> None:
    measurement = _load_in_parts(database_url) if audiences == [PARTS] else _load_snapshots(database_url, audiences)
    print(msgspec.json.encode(measurement).decode())


def _load_snapshots(database_url: str, audiences: list[str]) -> LoadMeasurement:
    directory = Directory(Store.open(database_url))
    get_gazetteer()
    directory.build_snapshots(Audience(audience) for audience in audiences if audience != NO_AUDIENCE)
    directory.close()
    return LoadMeasurement(read_resident_megabytes())


def _load_in_parts(database_url: str) -> LoadMeasurement:
    """Time loading all records from the database, then building the search index from published records."""
    store = Store.open(database_url)
    gc.disable()
    before = time.perf_counter()
    count = sum(1 for _ in store.load_organizations())
    loading = time.perf_counter() - before
    directory = Directory(store)
    records = [record for _, record in directory.get_snapshot(Audience.PUBLIC).index.rows.number_records()]
    assert count >= len(records)
    before = time.perf_counter()
    SearchIndex.build(records)
    indexing = time.perf_counter() - before
    store.close()
    return LoadMeasurement(read_resident_megabytes(), loading, indexing)


def build_tables(measurements: list[StartMeasurement]) -> list[Table]:
    rows = [row for start in measurements for row in _build_rows(start)]
    return [Table("Start-up, memory and seeding", ("measure", "records", "measured", "target", ""), rows)]


def _build_rows(start: StartMeasurement) -> list[tuple[str, ...]]:
    size, seeding = start.network.size, start.network.seconds
    rows = [
        (
            "start of the process to its first answer",
            format_seconds(start.ready_seconds),
            *compare_with_target(start.ready_seconds, targets.READY_SECONDS.get(size), format_seconds),
        ),
        ("of which CPU time", format_seconds(start.cpu_seconds), "", ""),
        ("loading all records, alone", format_seconds(start.load_parts.loading_seconds), "", ""),
        ("building the index, alone", format_seconds(start.load_parts.indexing_seconds), "", ""),
        ("memory of the program without records", format_megabytes(start.program_megabytes), "", ""),
        (
            "memory with one audience",
            format_megabytes(start.one_audience_megabytes),
            *compare_with_target(start.one_audience_megabytes, targets.MEMORY_MEGABYTES.get(size), format_megabytes),
        ),
        (
            "memory with three audiences",
            format_megabytes(start.all_audiences_megabytes),
            *compare_with_target(start.all_audiences_megabytes, targets.MEMORY_MEGABYTES.get(size), format_megabytes),
        ),
        ("memory of the server after its first answer", format_megabytes(start.server_megabytes), "", ""),
        (
            "database file",
            format_megabytes(start.network.megabytes),
            *compare_with_target(start.network.megabytes, targets.FILE_MEGABYTES.get(size), format_megabytes),
        ),
    ]
    if seeding is not None:
        pace = size / seeding
        cells = (
            f"{format_seconds(seeding)}, {_format_pace(pace)}",
            *compare_with_target(pace, targets.SEEDED_RECORDS_A_SECOND, _format_pace, at_least=True),
        )
        rows.append(("generating and writing the fictional network", *cells))
    return [(measure, f"{size:,}", *cells) for measure, *cells in rows]


def _format_pace(records_per_second: float) -> str:
    return f"{records_per_second:,.0f} per second"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
