"""The same questions through HTTP: one worker of the real application, beside the ceiling, in pairs within one run."""

import statistics
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.fictional_networks import NetworkDatabase
from benchmarks.load_driver import Job, JobResult
from benchmarks.question_kinds import HTTP_KINDS, MAIN_KINDS, QuestionKind, draw_variables
from benchmarks.server_processes import Driver, Server, start_ceiling_server, start_directory_server, start_driver
from benchmarks.tables import Table, compare_with_target, format_milliseconds, format_ratio

PAIRS = 5
CONCURRENT_CONNECTIONS = 16  # connections at once
CEILING_TURNS = 5  # the ceiling costs so little that a batch alone would measure the clock
WARM_UP = 10
CEILING_MULTIPLES = {  # of the ceiling's CPU: promised at up to 1,000 records, and at more
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
    """One kind of question. CPU and latencies in seconds; `alone` over one connection, `crowded` over sixteen."""

    key: str
    title: str
    size: int
    cpu: float
    ceiling: float
    ratio: float  # the median of the pairs'
    single_latencies: list[float]
    concurrent_latencies: list[float]
    concurrent_cpu: float
    bytes: float


class HttpBench:
    """A server, the ceiling and who asks them."""

    def __init__(self, server: Server, ceiling: Server, driver: Driver, answers: Path) -> None:
        self.server, self.ceiling, self.driver, self.answers = server, ceiling, driver, answers

    def measure_server(self, bodies: Sequence[str], connections: int = 1) -> tuple[float, JobResult]:
        """CPU seconds of the server for each request, and what the driver saw."""
        before = self.server.cpu_seconds
        done = self.driver.run_job(Job(self.server.port, "/graphql", list(bodies), connections, str(self.answers)))
        return (self.server.cpu_seconds - before) / len(bodies), done

    def measure_ceiling(self, bodies: Sequence[str]) -> float:
        """CPU seconds of the ceiling for each request, when it sends what the server just sent."""
        self.driver.run_job(Job(self.ceiling.port, "/take", ["{}"]))
        before = self.ceiling.cpu_seconds
        for _ in range(CEILING_TURNS):
            self.driver.run_job(Job(self.ceiling.port, "/{n}", list(bodies)))
        return (self.ceiling.cpu_seconds - before) / (len(bodies) * CEILING_TURNS)


def measure(network: NetworkDatabase, rounds: int, folder: Path) -> list[HttpTiming]:
    """All kinds of questions, so many different ones of each alone and as many again in a crowd."""
    answers = folder / "answers.msgpack"
    with start_directory_server(network.url) as server, start_ceiling_server(answers) as ceiling, start_driver() as driver:
        server.wait_for_answer("/graphql", b'{"query": "{ __typename }"}')
        ceiling.wait_for_answer("/take", b"{}")
        bench = HttpBench(server, ceiling, driver, answers)
        return [_measure_kind(bench, kind, network.size, rounds) for kind in (*MAIN_KINDS, *HTTP_KINDS)]


def _measure_kind(bench: HttpBench, kind: QuestionKind, size: int, rounds: int) -> HttpTiming:
    bodies = _encode_bodies(kind, WARM_UP + 2 * rounds, size)
    bench.measure_server(bodies[:WARM_UP])
    return _measure_bodies(bench, kind.key, kind.title, size, bodies[WARM_UP : WARM_UP + rounds], bodies[WARM_UP + rounds :])


def _measure_bodies(bench: HttpBench, key: str, title: str, size: int, alone: list[str], crowded: list[str]) -> HttpTiming:
    batch = max(1, len(alone) // PAIRS)
    pairs, latencies, sent = [], [], 0
    for start in range(0, len(alone), batch):
        cpu, done = bench.measure_server(alone[start : start + batch])
        latencies += done.seconds
        sent += done.bytes
        pairs.append((cpu, bench.measure_ceiling(alone[start : start + batch])))
    crowded_cpu, in_crowd = bench.measure_server(crowded, CONCURRENT_CONNECTIONS)
    return HttpTiming(
        key,
        title,
        size,
        statistics.median(cpu for cpu, _ in pairs),
        statistics.median(ceiling for _, ceiling in pairs),
        statistics.median(cpu / ceiling for cpu, ceiling in pairs),
        latencies,
        in_crowd.seconds,
        crowded_cpu,
        sent / len(alone),
    )


def _encode_bodies(kind: QuestionKind, count: int, size: int) -> list[str]:
    asked = draw_variables(kind, count, size)
    return [msgspec.json.encode({"query": kind.document, "variables": variables}).decode() for variables in asked]


def build_tables(measured: list[HttpTiming]) -> list[Table]:
    return [_build_cpu_table(measured), _build_latency_table(measured), *_build_growth_tables(measured)]


def _build_cpu_table(measured: list[HttpTiming]) -> Table:
    columns = ("question", "records", "CPU", "ceiling", "ratio", "target", "", "in a crowd", "answer")
    rows = []
    for one in measured:
        target = CEILING_MULTIPLES[one.key][one.size > SMALL_SIZE]
        told = (
            format_milliseconds(one.cpu),
            format_milliseconds(one.ceiling),
            format_ratio(one.ratio),
            *compare_with_target(one.ratio, target, format_ratio),
        )
        rows.append(
            (_format_name(one), f"{one.size:,}", *told, format_milliseconds(one.concurrent_cpu), f"{one.bytes / 1e3:,.1f} kB")
        )
    return Table("CPU of the server for one request", columns, rows)


def _build_latency_table(measured: list[HttpTiming]) -> Table:
    columns = (
        "question",
        "records",
        "median, alone",
        "p99, alone",
        f"median, {CONCURRENT_CONNECTIONS} at once",
        f"p99, {CONCURRENT_CONNECTIONS} at once",
    )
    rows = []
    for one in measured:
        told = [
            (format_milliseconds(statistics.median(seconds)), format_milliseconds(compute_p99(seconds)))
            for seconds in (one.single_latencies, one.concurrent_latencies)
        ]
        rows.append((_format_name(one), f"{one.size:,}", *told[0], *told[1]))
    return Table("Latency", columns, rows)


def _build_growth_tables(measured: list[HttpTiming]) -> list[Table]:
    sizes = sorted({one.size for one in measured})
    if len(sizes) < 2:
        return []
    cpu = {(one.key, one.size): one.cpu for one in measured}
    rows = []
    for one in (one for one in measured if one.size == sizes[0]):
        ratio = cpu[one.key, sizes[-1]] / cpu[one.key, sizes[0]]
        rows.append(
            (_format_name(one), format_ratio(ratio), *compare_with_target(ratio, GROWTH_TARGETS.get(one.key), format_ratio))
        )
    return [Table(f"Growth from {sizes[0]:,} to {sizes[-1]:,} records", ("question", "ratio of CPU", "target", ""), rows)]


def _format_name(one: HttpTiming) -> str:
    return f"{one.key} · {one.title}" if one.key.startswith("Q") else one.title


def compute_p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]
