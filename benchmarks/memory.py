"""Memory and start-up: what a process needs to hold the directory, and how long until it answers.

Run as a module of its own, with a database's address and audiences, it loads their snapshots and prints what that took.
"""

import gc
import sys
import time

import msgspec
from msgspec import Struct

from benchmarks.networks import Seeded
from benchmarks.processes import directory_server, printed, resident_megabytes
from benchmarks.tables import Table, megabytes, seconds, verdict
from directory.gazetteer import gazetteer
from directory.live import Directory
from directory.records import Audience, Organization
from directory.search.index import Index
from directory.store import Store

EMPTY = "nothing"  # in an audience's place: what the program alone needs
PARTS = "parts"  # loading and indexing, apart

READY = {1_000: 1.0, 100_000: 20.0}  # seconds
ONE_AUDIENCE = {100_000: 800.0}  # megabytes
ALL_AUDIENCES = {100_000: 1_000.0}
ROWS_PER_SECOND = 2_000.0


class Loaded(Struct):
    megabytes: float
    loading: float = 0.0  # seconds
    indexing: float = 0.0


class Started(Struct, frozen=True):
    network: Seeded
    ready: float  # seconds from the start of the process to its first answer
    computing: float  # seconds of CPU in that time
    serving: float  # megabytes
    program: float
    one: float
    all: float
    parts: Loaded


def measure(network: Seeded) -> Started:
    with directory_server(network.url) as server:
        ready = server.answered("/graphql", b'{"query": "{ organizations(first: 1) { totalCount nodes { name } } }"}')
        computing, serving = server.cpu_seconds, server.megabytes
    return Started(
        network,
        ready,
        computing,
        serving,
        _loaded(network, EMPTY).megabytes,
        _loaded(network, Audience.PUBLIC).megabytes,
        _loaded(network, *Audience).megabytes,
        _loaded(network, PARTS),
    )


def _loaded(network: Seeded, *what: str) -> Loaded:
    return msgspec.json.decode(printed("benchmarks.memory", [network.url, *what]), type=Loaded)


def main(database_url: str, what: list[str]) -> None:
    loaded = _parts(database_url) if what == [PARTS] else _snapshots(database_url, what)
    print(msgspec.json.encode(loaded).decode())


def _snapshots(database_url: str, audiences: list[str]) -> Loaded:
    directory = Directory(Store.open(database_url))
    gazetteer()
    for audience in audiences:
        if audience != EMPTY:
            directory.snapshot(Audience(audience))
    directory.close()
    return Loaded(resident_megabytes())


def _parts(database_url: str) -> Loaded:
    """Loading by itself, then indexing by itself: from published records to all sets, columns and words."""
    store = Store.open(database_url)
    gc.disable()
    began = time.perf_counter()
    count = sum(1 for _ in store.entries())
    loading = time.perf_counter() - began
    directory = Directory(store)
    records: list[Organization] = directory.snapshot(Audience.PUBLIC).index.rows.organizations
    assert count >= len(records)
    began = time.perf_counter()
    Index.build(records)
    indexing = time.perf_counter() - began
    store.close()
    return Loaded(resident_megabytes(), loading, indexing)


def tables(measured: list[Started]) -> list[Table]:
    rows = [row for started in measured for row in _rows(started)]
    return [Table("Start-up, memory and seeding", ("what", "records", "measured", "target", ""), rows)]


def _rows(started: Started) -> list[tuple[str, ...]]:
    size, seeding = started.network.size, started.network.seconds
    rows = [
        ("start of the process to its first answer", seconds(started.ready), *verdict(started.ready, READY.get(size), seconds)),
        ("of which computing", seconds(started.computing), "", ""),
        ("loading all entries, alone", seconds(started.parts.loading), "", ""),
        ("building the index, alone", seconds(started.parts.indexing), "", ""),
        ("memory of the program without records", megabytes(started.program), "", ""),
        ("memory with one audience", megabytes(started.one), *verdict(started.one, ONE_AUDIENCE.get(size), megabytes)),
        ("memory with three audiences", megabytes(started.all), *verdict(started.all, ALL_AUDIENCES.get(size), megabytes)),
        ("memory of the server after its first answer", megabytes(started.serving), "", ""),
        ("database file", megabytes(started.network.megabytes), "", ""),
    ]
    if seeding is not None:
        pace = size / seeding
        told = (f"{seconds(seeding)}, {_pace(pace)}", *verdict(pace, ROWS_PER_SECOND, _pace, at_least=True))
        rows.append(("making and writing the fictional network", *told))
    return [(what, f"{size:,}", *cells) for what, *cells in rows]


def _pace(records_per_second: float) -> str:
    return f"{records_per_second:,.0f} a second"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
