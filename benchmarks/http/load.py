"""Measure how many pages one worker serves, and how long they take when requests arrive without waiting for earlier ones."""

import statistics
from pathlib import Path
from random import Random

from msgspec import Struct

from benchmarks import targets
from benchmarks.documents import DOCUMENTS
from benchmarks.fictional_networks import SEED, NetworkDatabase
from benchmarks.http.http_tables import compute_p99
from benchmarks.http.load_driver import LoadJob, LoadResult
from benchmarks.http.paired_bench import PairedBench, encode_body, open_bench
from benchmarks.http.server_processes import start_directory_server
from benchmarks.tables import Table, compare_with_target, format_milliseconds
from benchmarks.variables import list_pages

CONNECTIONS = 16  # with as many requests at a time
OPEN_CONNECTIONS = 64  # more than requests at a time, and below the limit of one client
WARM_UP_SECONDS = 1.0
SECONDS = 3.0  # of each measurement
SHARES = (0.5, 0.8)  # of the maximum rate


class RateTiming(Struct, frozen=True):
    """Requests at a rate, as `per_second`, with the seconds that each took from its arrival."""

    title: str
    size: int
    per_second: float
    latencies: list[float]
    is_maximum: bool = False


def measure_load(network: NetworkDatabase, folder: Path) -> list[RateTiming]:
    """Measure Q2 as fast as possible, then at shares of that rate. No page is repeated before all others had their turn."""
    pages = list_pages()
    Random(SEED).shuffle(pages)
    bodies = [encode_body(DOCUMENTS["Q2"], page) for page in pages]
    with start_directory_server(network.url) as server, open_bench(server, folder / "answers.msgpack") as bench:
        server.wait_for_answer("/graphql", b'{"query": "{ __typename }"}')
        server.wait_until_idle()
        _run(bench, bodies, CONNECTIONS, WARM_UP_SECONDS)
        result = _run(bench, bodies, CONNECTIONS, SECONDS)
        maximum = len(result.latencies) / result.seconds
        closed = RateTiming(f"as many as possible, {CONNECTIONS} at a time", network.size, maximum, result.latencies, True)
        shares = [_measure_share(bench, bodies, share, maximum, network.size) for share in SHARES]
        return [closed, *shares, _measure_ceiling(bench, bodies, network.size)]


def _measure_share(bench: PairedBench, bodies: list[str], share: float, maximum: float, size: int) -> RateTiming:
    result = _run(bench, bodies, OPEN_CONNECTIONS, SECONDS, share * maximum)
    title = f"arrivals at {share:.0%} of that rate"
    return RateTiming(title, size, len(result.latencies) / result.seconds, result.latencies)


def _measure_ceiling(bench: PairedBench, bodies: list[str], size: int) -> RateTiming:
    """Measure how many responses of the first page the ceiling sends, which is also the most that the driver can read."""
    bench.measure_server(bodies[:1])
    bench.measure_ceiling(bodies[:1])
    result = bench.driver.run_load(LoadJob(bench.ceiling.port, "/0", bodies, CONNECTIONS, SECONDS))
    return RateTiming("the ceiling, as many as possible", size, len(result.latencies) / result.seconds, result.latencies)


def _run(bench: PairedBench, bodies: list[str], connections: int, seconds: float, rate: float | None = None) -> LoadResult:
    job = LoadJob(bench.server.port, "/graphql", bodies, connections, seconds, rate, SEED)
    return bench.driver.run_load(job)


def build_tables(timings: list[RateTiming]) -> list[Table]:
    columns = ("requests", "records", "answered per second", "target", "", "p50", "p99")
    return [Table("Pages of Q2 from one worker", columns, list(map(_build_row, timings)))]


def _build_row(timing: RateTiming) -> tuple[str, ...]:
    target = targets.PAGES_A_SECOND.get(timing.size) if timing.is_maximum else None
    return (
        timing.title,
        f"{timing.size:,}",
        _format_rate(timing.per_second),
        *compare_with_target(timing.per_second, target, _format_rate, at_least=True),
        format_milliseconds(statistics.median(timing.latencies)),
        format_milliseconds(compute_p99(timing.latencies)),
    )


def _format_rate(rate: float) -> str:
    return f"{rate:,.0f}"
