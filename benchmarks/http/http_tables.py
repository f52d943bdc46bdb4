"""The tables of the questions over HTTP."""

import statistics
from collections.abc import Sequence

from benchmarks import targets
from benchmarks.http.over_http import CONCURRENT_CONNECTIONS, HttpMeasurements, HttpTiming
from benchmarks.http.record_cache import build_cache_table
from benchmarks.tables import Table, compare_with_target, format_milliseconds, format_ratio

CPU_COLUMNS = ("question", "records", "CPU", "ceiling", "ratio", "target", "", "not cached", "ratio", "concurrent", "response")
LATENCY_COLUMNS = (
    "question",
    "records",
    "median, 1 connection",
    "p99, 1 connection",
    f"median, {CONCURRENT_CONNECTIONS} connections",
    f"p99, {CONCURRENT_CONNECTIONS} connections",
)


def build_tables(measurements: Sequence[HttpMeasurements]) -> list[Table]:
    timings = [timing for measured in measurements for timing in measured.timings]
    return [
        Table("CPU of the server for one request", CPU_COLUMNS, list(map(_build_cpu_row, timings))),
        build_cache_table([measured.cache for measured in measurements]),
        Table("Latency", LATENCY_COLUMNS, list(map(_build_latency_row, timings))),
        *_build_growth_tables(timings),
    ]


def _build_cpu_row(timing: HttpTiming) -> tuple[str, ...]:
    warm, cold, target = timing.warm, timing.cold, targets.CEILING_MULTIPLES[timing.key].at(timing.size)
    return (
        timing.name,
        f"{timing.size:,}",
        format_milliseconds(warm.cpu),
        format_milliseconds(warm.ceiling),
        format_ratio(warm.ratio),
        *compare_with_target(warm.ratio, target, format_ratio),
        format_milliseconds(cold.cpu) if cold else "",
        format_ratio(cold.ratio) if cold else "",
        format_milliseconds(timing.concurrent_cpu),
        f"{warm.bytes / 1e3:,.1f} kB",
    )


def _build_latency_row(timing: HttpTiming) -> tuple[str, ...]:
    cells = [
        format_milliseconds(compute(seconds))
        for seconds in (timing.warm.latencies, timing.concurrent_latencies)
        for compute in (statistics.median, compute_p99)
    ]
    return (timing.name, f"{timing.size:,}", *cells)


def _build_growth_tables(timings: Sequence[HttpTiming]) -> list[Table]:
    sizes = sorted({timing.size for timing in timings})
    if len(sizes) < 2:
        return []
    cpu = {(timing.key, timing.size): timing.warm.cpu for timing in timings}
    rows = []
    for timing in (timing for timing in timings if timing.size == sizes[0]):
        ratio, target = cpu[timing.key, sizes[-1]] / cpu[timing.key, sizes[0]], targets.HTTP_GROWTH.get(timing.key)
        rows.append((timing.name, format_ratio(ratio), *compare_with_target(ratio, target, format_ratio)))
    return [Table(f"Growth from {sizes[0]:,} to {sizes[-1]:,} records", ("question", "ratio of CPU", "target", ""), rows)]


def compute_p99(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]
