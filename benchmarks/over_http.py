"""The same questions through HTTP: one worker of the real application, beside the ceiling, in pairs within one run."""

import statistics
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.driver import Done, Job
from benchmarks.networks import Seeded
from benchmarks.processes import Driver, Server, ceiling_server, directory_server, driving
from benchmarks.questions import FURTHER, SIX, Kind, drawn
from benchmarks.tables import Table, milliseconds, times, verdict

PAIRS = 5
CROWD = 16  # connections at once
CEILING_TURNS = 5  # the ceiling costs so little that a batch alone would measure the clock
WARM_UP = 10
MULTIPLES = {  # of the ceiling's CPU: promised at up to 1,000 records, and at more
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
SMALL = 1_000  # records
GROWTH = {"Q2": 1.5, "Q3": 20.0}


class Answered(Struct, frozen=True):
    """One kind of question. CPU and latencies in seconds; `alone` over one connection, `crowded` over sixteen."""

    key: str
    title: str
    size: int
    cpu: float
    ceiling: float
    ratio: float  # the median of the pairs'
    alone: list[float]
    crowded: list[float]
    crowded_cpu: float
    bytes: float


class Bench:
    """A server, the ceiling and who asks them."""

    def __init__(self, server: Server, ceiling: Server, driver: Driver, answers: Path) -> None:
        self.server, self.ceiling, self.driver, self.answers = server, ceiling, driver, answers

    def ask(self, bodies: Sequence[str], connections: int = 1) -> tuple[float, Done]:
        """CPU seconds of the server for each request, and what the driver saw."""
        before = self.server.cpu_seconds
        done = self.driver.perform(Job(self.server.port, "/graphql", list(bodies), connections, str(self.answers)))
        return (self.server.cpu_seconds - before) / len(bodies), done

    def ask_ceiling(self, bodies: Sequence[str]) -> float:
        """CPU seconds of the ceiling for each request, when it sends what the server just sent."""
        self.driver.perform(Job(self.ceiling.port, "/take", ["{}"]))
        before = self.ceiling.cpu_seconds
        for _ in range(CEILING_TURNS):
            self.driver.perform(Job(self.ceiling.port, "/{n}", list(bodies)))
        return (self.ceiling.cpu_seconds - before) / (len(bodies) * CEILING_TURNS)


def measure(network: Seeded, rounds: int, folder: Path) -> list[Answered]:
    """All kinds of questions, so many different ones of each alone and as many again in a crowd."""
    answers = folder / "answers.msgpack"
    with directory_server(network.url) as server, ceiling_server(answers) as ceiling, driving() as driver:
        server.answered("/graphql", b'{"query": "{ __typename }"}')
        ceiling.answered("/take", b"{}")
        bench = Bench(server, ceiling, driver, answers)
        return [_answered(bench, kind, network.size, rounds) for kind in (*SIX, *FURTHER)]


def _answered(bench: Bench, kind: Kind, size: int, rounds: int) -> Answered:
    bodies = _bodies(kind, WARM_UP + 2 * rounds, size)
    bench.ask(bodies[:WARM_UP])
    return _measured(bench, kind.key, kind.title, size, bodies[WARM_UP : WARM_UP + rounds], bodies[WARM_UP + rounds :])


def _measured(bench: Bench, key: str, title: str, size: int, alone: list[str], crowded: list[str]) -> Answered:
    batch = max(1, len(alone) // PAIRS)
    pairs, latencies, sent = [], [], 0
    for start in range(0, len(alone), batch):
        cpu, done = bench.ask(alone[start : start + batch])
        latencies += done.seconds
        sent += done.bytes
        pairs.append((cpu, bench.ask_ceiling(alone[start : start + batch])))
    crowded_cpu, in_crowd = bench.ask(crowded, CROWD)
    return Answered(
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


def _bodies(kind: Kind, count: int, size: int) -> list[str]:
    asked = drawn(kind, count, size)
    return [msgspec.json.encode({"query": kind.document, "variables": variables}).decode() for variables in asked]


def tables(measured: list[Answered]) -> list[Table]:
    return [_cpu(measured), _latencies(measured), *_growth(measured)]


def _cpu(measured: list[Answered]) -> Table:
    columns = ("question", "records", "CPU", "ceiling", "ratio", "target", "", "in a crowd", "answer")
    rows = []
    for one in measured:
        target = MULTIPLES[one.key][one.size > SMALL]
        told = (milliseconds(one.cpu), milliseconds(one.ceiling), times(one.ratio), *verdict(one.ratio, target, times))
        rows.append((_name(one), f"{one.size:,}", *told, milliseconds(one.crowded_cpu), f"{one.bytes / 1e3:,.1f} kB"))
    return Table("CPU of the server for one request", columns, rows)


def _latencies(measured: list[Answered]) -> Table:
    columns = ("question", "records", "median, alone", "p99, alone", f"median, {CROWD} at once", f"p99, {CROWD} at once")
    rows = []
    for one in measured:
        told = [(milliseconds(statistics.median(seconds)), milliseconds(p99(seconds))) for seconds in (one.alone, one.crowded)]
        rows.append((_name(one), f"{one.size:,}", *told[0], *told[1]))
    return Table("Latency", columns, rows)


def _growth(measured: list[Answered]) -> list[Table]:
    sizes = sorted({one.size for one in measured})
    if len(sizes) < 2:
        return []
    cpu = {(one.key, one.size): one.cpu for one in measured}
    rows = []
    for one in (one for one in measured if one.size == sizes[0]):
        ratio = cpu[one.key, sizes[-1]] / cpu[one.key, sizes[0]]
        rows.append((_name(one), times(ratio), *verdict(ratio, GROWTH.get(one.key), times)))
    return [Table(f"Growth from {sizes[0]:,} to {sizes[-1]:,} records", ("question", "ratio of CPU", "target", ""), rows)]


def _name(one: Answered) -> str:
    return f"{one.key} · {one.title}" if one.key.startswith("Q") else one.title


def p99(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]
