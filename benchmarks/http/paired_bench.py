"""Measure batches of requests to a server, each followed by the same responses from the ceiling."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.http.load_driver import Job, JobResult
from benchmarks.http.server_processes import Driver, Server, start_ceiling_server, start_driver
from benchmarks.variables import Variables

PAIRS = 8
FINISH_SECONDS = 0.1
# Before every batch, to the server and to the ceiling: the processor has run the other one in the meantime.
WARM_UP = ['{"query": "{ __typename }"}'] * 16


class PairedTiming(Struct, frozen=True):
    """Medians of the pairs, in CPU seconds of the server for one request, and `ratio` to the ceiling.

    `latencies` are the seconds that each response took, `bytes` the mean length of the bodies.
    """

    cpu: float
    ceiling: float
    ratio: float
    latencies: list[float]
    bytes: float


class PairedBench:
    """A server, the ceiling, and the driver that sends requests to both."""

    def __init__(self, server: Server, ceiling: Server, driver: Driver, answers: Path) -> None:
        self.server, self.ceiling, self.driver, self.answers = server, ceiling, driver, answers

    def send(self, bodies: Sequence[str], path: str = "/graphql", *, may_fail: bool = False) -> None:
        """Send requests that are not measured, and wait until the server has finished."""
        self.driver.run_job(Job(self.server.port, path, list(bodies), may_fail=may_fail))
        self.server.wait_until_idle(FINISH_SECONDS)

    def measure_server(self, bodies: Sequence[str], path: str = "/graphql", connections: int = 1) -> tuple[float, JobResult]:
        """Return the CPU seconds of the server per request, and the result of the driver."""
        answers, pid = str(self.answers), self.server.pid
        result = self.driver.run_job(Job(self.server.port, path, list(bodies), connections, answers, warm_up=WARM_UP, pid=pid))
        return result.cpu_seconds / len(bodies), result

    def measure_ceiling(self, bodies: Sequence[str]) -> float:
        """Return the CPU seconds of the ceiling per request for the responses that the server just sent."""
        self.driver.run_job(Job(self.ceiling.port, "/take", ["{}"]))
        result = self.driver.run_job(Job(self.ceiling.port, "/{n}", list(bodies), warm_up=WARM_UP, pid=self.ceiling.pid))
        return result.cpu_seconds / len(bodies)

    def measure_pairs(self, bodies: Sequence[str], path: str = "/graphql") -> PairedTiming:
        """Send every body once over one connection, in batches, each followed by the ceiling."""
        batch_size = max(1, len(bodies) // PAIRS)
        pairs, latencies, response_bytes = list[tuple[float, float]](), list[float](), 0
        for start in range(0, len(bodies), batch_size):
            batch = bodies[start : start + batch_size]
            cpu, result = self.measure_server(batch, path)
            latencies += result.seconds
            response_bytes += result.bytes
            pairs.append((cpu, self.measure_ceiling(batch)))
        return PairedTiming(
            statistics.median(cpu for cpu, _ in pairs),
            statistics.median(ceiling for _, ceiling in pairs),
            statistics.median(cpu / ceiling for cpu, ceiling in pairs),
            latencies,
            response_bytes / len(bodies),
        )


@contextmanager
def open_bench(server: Server, answers: Path) -> Iterator[PairedBench]:
    """Yield the bench of a running server. The file `answers` passes its responses to the ceiling."""
    with start_ceiling_server(answers) as ceiling, start_driver() as driver:
        ceiling.wait_for_answer("/take", b"{}")
        yield PairedBench(server, ceiling, driver, answers)


def encode_body(document: str, variables: Variables) -> str:
    return msgspec.json.encode({"query": document, "variables": variables}).decode()
