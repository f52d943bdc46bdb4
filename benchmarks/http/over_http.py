"""Measure questions over HTTP: one worker of the real application, compared in pairs with the ceiling."""

import statistics
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.fictional_networks import NetworkDatabase
from benchmarks.http.load_driver import Job, JobResult
from benchmarks.http.server_processes import Driver, Server, start_ceiling_server, start_directory_server, start_driver
from benchmarks.question_kinds import HTTP_KINDS, MAIN_KINDS, QuestionKind, draw_variables
from benchmarks.tables import Table, compare_with_target, format_milliseconds, format_ratio

PAIRS = 5
CONCURRENT_CONNECTIONS = 16
CEILING_TURNS = 5  # the ceiling is so cheap that timing turn would be within the error of the clock
WARM_UP = 10
CEILING_MULTIPLES = {  # targets as multiples of the CPU time of the ceiling: up to SMALL_SIZE records, and above
    "Q1": (1.5, 1.5),
    "Q2": (2.0, 3.5),
    "Q3": (3.5, 15.0),
    "Q4": (2.0, 6.0),
    "Q5": (2.0, 7.0),
    "Q6": (1.5, 2.0),
    "typename": (1.5, 1.5),
    "leaves": (3.0, 3.0),
    "repeated": (1.3, 1.3),
}
SMALL_SIZE = 1_000  # records
GROWTH_TARGETS = {"Q2": 1.5, "Q3": 20.0}


class HttpTiming(Struct, frozen=True):
    """The measurements of one kind of question, in seconds: over one connection, and over sixteen concurrent ones."""

    key: str
    title: str
    size: int
    cpu: float
    ceiling: float
    ratio: float  # the median ratio of the pairs
    single_latencies: list[float]
    concurrent_latencies: list[float]
    concurrent_cpu: float
    bytes: float


class HttpBench:
    """A server, the ceiling, and the driver that sends requests to both."""

    def __init__(self, server: Server, ceiling: Server, driver: Driver, answers: Path) -> None:
        self.server, self.ceiling, self.driver, self.answers = server, ceiling, driver, answers

    def measure_server(self, bodies: Sequence[str], connections: int = 1) -> tuple[float, JobResult]:
        """Return the CPU seconds of the server per request, and the result of the driver."""
        before = self.server.cpu_seconds
        result = self.driver.run_job(Job(self.server.port, "/graphql", list(bodies), connections, str(self.answers)))
        return (self.server.cpu_seconds - before) / len(bodies), result

    def measure_ceiling(self, bodies: Sequence[str]) -> float:
        """Return the CPU seconds of the ceiling per request for the responses that the server just sent."""
        self.driver.run_job(Job(self.ceiling.port, "/take", ["{}"]))
        before = self.ceiling.cpu_seconds
        for _ in range(CEILING_TURNS):
            self.driver.run_job(Job(self.ceiling.port, "/{n}", list(bodies)))
        return (self.ceiling.cpu_seconds - before) / (len(bodies) * CEILING_TURNS)


def measure(network: NetworkDatabase, rounds: int, folder: Path) -> list[HttpTiming]:
    """Measure all kinds of questions: `rounds` different ones of each over one connection, and as many concurrently."""
    answers = folder / "answers.msgpack"
    with start_directory_server(network.url) as server, start_ceiling_server(answers) as ceiling, start_driver() as driver:
        server.wait_for_answer("/graphql", b'{"query": "{ __typename }"}')
        ceiling.wait_for_answer("/take", b"{}")
        server.wait_until_idle()
        bench = HttpBench(server, ceiling, driver, answers)
        return [_measure_kind(bench, kind, network.size, rounds) for kind in (*MAIN_KINDS, *HTTP_KINDS)]


def _measure_kind(bench: HttpBench, kind: QuestionKind, size: int, rounds: int) -> HttpTiming:
    bodies = _encode_bodies(kind, WARM_UP + 2 * rounds, size)
    bench.measure_server(bodies[:WARM_UP])
    return _measure_bodies(bench, kind.key, kind.title, size, bodies[WARM_UP : WARM_UP + rounds], bodies[WARM_UP + rounds :])


def _measure_bodies(bench: HttpBench, key: str, title: str, size: int, single: list[str], concurrent: list[str]) -> HttpTiming:
    batch_size = max(1, len(single) // PAIRS)
    pairs, latencies, response_bytes = [], [], 0
    for start in range(0, len(single), batch_size):
        batch = single[start : start + batch_size]
        cpu, result = bench.measure_server(batch)
        latencies += result.seconds
        response_bytes += result.bytes
        pairs.append((cpu, bench.measure_ceiling(batch)))
    concurrent_cpu, concurrent_result = bench.measure_server(concurrent, CONCURRENT_CONNECTIONS)
    return HttpTiming(
        key,
        title,
        size,
        statistics.median(cpu for cpu, _ in pairs),
        statistics.median(ceiling for _, ceiling in pairs),
        statistics.median(cpu / ceiling for cpu, ceiling in pairs),
        latencies,
        concurrent_result.seconds,
        concurrent_cpu,
        response_bytes / len(single),
    )


def _encode_bodies(kind: QuestionKind, count: int, size: int) -> list[str]:
    requests = ({"query": kind.document, "variables": variables} for variables in draw_variables(kind, count, size))
    return [msgspec.json.encode(request).decode() for request in requests]


def build_tables(timings: list[HttpTiming]) -> list[Table]:
    return [_build_cpu_table(timings), _build_latency_table(timings), *_build_growth_tables(timings)]


def _build_cpu_table(timings: list[HttpTiming]) -> Table:
    columns = ("question", "records", "CPU", "ceiling", "ratio", "target", "", "concurrent", "response")
    rows = []
    for timing in timings:
        target = CEILING_MULTIPLES[timing.key][timing.size > SMALL_SIZE]
        cells = (
            format_milliseconds(timing.cpu),
            format_milliseconds(timing.ceiling),
            format_ratio(timing.ratio),
            *compare_with_target(timing.ratio, target, format_ratio),
        )
        rows.append(
            (
                _format_name(timing),
                f"{timing.size:,}",
                *cells,
                format_milliseconds(timing.concurrent_cpu),
                f"{timing.bytes / 1e3:,.1f} kB",
            )
        )
    return Table("CPU of the server for timing request", columns, rows)


def _build_latency_table(timings: list[HttpTiming]) -> Table:
    columns = (
        "question",
        "records",
        "median, 1 connection",
        "p99, 1 connection",
        f"median, {CONCURRENT_CONNECTIONS} connections",
        f"p99, {CONCURRENT_CONNECTIONS} connections",
    )
    rows = []
    for timing in timings:
        cells = [
            format_milliseconds(compute(seconds))
            for seconds in (timing.single_latencies, timing.concurrent_latencies)
            for compute in (statistics.median, compute_p99)
        ]
        rows.append((_format_name(timing), f"{timing.size:,}", *cells))
    return Table("Latency", columns, rows)


def _build_growth_tables(timings: list[HttpTiming]) -> list[Table]:
    sizes = sorted({timing.size for timing in timings})
    if len(sizes) < 2:
        return []
    cpu = {(timing.key, timing.size): timing.cpu for timing in timings}
    rows = []
    for timing in (timing for timing in timings if timing.size == sizes[0]):
        ratio = cpu[timing.key, sizes[-1]] / cpu[timing.key, sizes[0]]
        rows.append(
            (_format_name(timing), format_ratio(ratio), *compare_with_target(ratio, GROWTH_TARGETS.get(timing.key), format_ratio))
        )
    return [Table(f"Growth from {sizes[0]:,} to {sizes[-1]:,} records", ("question", "ratio of CPU", "target", ""), rows)]


def _format_name(timing: HttpTiming) -> str:
    return f"{timing.key} · {timing.title}" if timing.key.startswith("Q") else timing.title


def compute_p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]
