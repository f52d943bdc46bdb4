"""Send requests to a server over raw sockets, from a separate process so that its CPU time is not counted as the server's.

Reads one job per line from standard input, as JSON, and prints one result per line. Connects only to 127.0.0.1.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from typing import cast

import msgspec
import uvloop
from msgspec import Struct

HOST = "127.0.0.1"
JOB_SECONDS = 300
FINISH_SECONDS = 0.0005  # after a response, for the server to write its log
REQUEST_HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"


class Job(Struct, tag="once"):
    """Bodies to send once each to `path` over a number of connections. `{n}` in the path is the number of the body.

    Those of `warm_up` are sent first and not measured. With the `pid` of the server, its CPU clock is read before and after the
    others.
    """

    port: int
    path: str
    bodies: list[str]
    connections: int = 1
    responses_file: str | None = None  # where to save the responses
    may_fail: bool = False
    warm_up: list[str] = []
    pid: int | None = None


class JobResult(Struct):
    """Seconds from sending to the last byte of each response, and the CPU seconds of the server for all requests.

    `failures` counts responses that were not 200 or had errors; `first_failure` is the beginning of the first one.
    """

    seconds: list[float]
    cpu_seconds: float
    bytes: int
    failures: int
    first_failure: str = ""


class LoadJob(Struct, tag="load"):
    """Bodies to send to /graphql for `seconds`, again from the first after the last one.

    Without a `rate`, every connection sends its next request as soon as it has a response. With one, requests arrive at random
    times (a Poisson process from `seed`), `rate` a second on average, whether or not earlier ones have been answered.
    """

    port: int
    path: str
    bodies: list[str]
    connections: int
    seconds: float
    rate: float | None = None
    seed: int = 1


class LoadResult(Struct):
    """Seconds from the arrival of each request to the last byte of its response, and until all were answered."""

    latencies: list[float]
    seconds: float
    failures: int  # responses that were not 200


class Connection(asyncio.Protocol):
    """A keep-alive connection that handles one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._response: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is not a subclass

    async def send_request(self, request: bytes) -> tuple[int, bytes]:
        """Send a request and return the status and body. Raises ConnectionError if the server closes the connection."""
        assert self._transport is not None
        self._response = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._response

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._buffer[:end]).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(self._buffer) >= end + 4 + length and self._response is not None:
            body = bytes(self._buffer[end + 4 : end + 4 + length])
            self._buffer.clear()
            self._response.set_result((int(head.split()[1]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._response is not None and not self._response.done():
            self._response.set_exception(ConnectionError("the server closed the connection"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def run_job(job: Job) -> JobResult:
    """Run a job. Raises TimeoutError after JOB_SECONDS."""
    answers: list[tuple[float, int, bytes]] = [(0.0, 0, b"")] * len(job.bodies)
    async with asyncio.timeout(JOB_SECONDS):
        connections = [await _open_connection(job.port) for _ in range(job.connections)]
        for connection, body in zip(cycle(connections), job.warm_up):
            await connection.send_request(_encode_request(job.path.format(n=0), body))
        numbers, cpu_start = iter(range(len(job.bodies))), _read_clock(job)
        await asyncio.gather(*(_send_requests(connection, job, numbers, answers) for connection in connections))
        cpu_seconds = _read_clock(job) - cpu_start
        for connection in connections:
            connection.close()
    bodies = [body for _, _, body in answers]
    if job.responses_file:
        Path(job.responses_file).write_bytes(msgspec.msgpack.encode(bodies))
    failures = [body for _, status, body in answers if status != 200 or b'"errors":' in body]
    first_failure = failures[0][:1_000].decode(errors="replace") if failures else ""
    return JobResult([answer[0] for answer in answers], cpu_seconds, sum(map(len, bodies)), len(failures), first_failure)


def _read_clock(job: Job) -> float:
    """Return the CPU seconds of the server when it has finished all requests; 0 without a server."""
    if job.pid is None:
        return 0.0
    time.sleep(FINISH_SECONDS)
    return read_cpu_seconds(job.pid)


async def _open_connection(port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, HOST, port)
    return connection


async def _send_requests(
    connection: Connection, job: Job, numbers: Iterator[int], answers: list[tuple[float, int, bytes]]
) -> None:
    for number in numbers:
        request = _encode_request(job.path.format(n=number), job.bodies[number])
        start = time.perf_counter()
        status, answer = await connection.send_request(request)
        answers[number] = (time.perf_counter() - start, status, answer)


def _encode_request(path: str, body: str) -> bytes:
    encoded = body.encode()
    return REQUEST_HEAD.format(path=path, length=len(encoded)).encode() + encoded


async def run_load(job: LoadJob) -> LoadResult:
    """Run a load. Raises TimeoutError after JOB_SECONDS."""
    requests = cycle([_encode_request(job.path, body) for body in job.bodies])
    async with asyncio.timeout(JOB_SECONDS):
        connections = [await _open_connection(job.port) for _ in range(job.connections)]
        latencies, statuses, start = list[float](), list[int](), time.perf_counter()
        arrivals = asyncio.Queue[float]() if job.rate else None

        async def send_requests(connection: Connection) -> None:
            while (arrival := await arrivals.get() if arrivals else time.perf_counter()) < start + job.seconds:
                status, _ = await connection.send_request(next(requests))
                latencies.append(time.perf_counter() - arrival)
                statuses.append(status)

        clients = [asyncio.create_task(send_requests(connection)) for connection in connections]
        if arrivals is not None and job.rate:
            await _schedule_arrivals(arrivals, start, job)
        await asyncio.gather(*clients)
        for connection in connections:
            connection.close()
    return LoadResult(latencies, time.perf_counter() - start, sum(status != 200 for status in statuses))


async def _schedule_arrivals(arrivals: asyncio.Queue[float], start: float, job: LoadJob) -> None:
    """Put each arrival into the queue at its time, and at the end one for each connection that ends it."""
    rng, arrival, end = Random(job.seed), start, start + job.seconds
    assert job.rate is not None
    while (arrival := arrival + rng.expovariate(job.rate)) < end:
        while time.perf_counter() < arrival:
            await asyncio.sleep(0)  # timers of event loops are only exact to a millisecond
        arrivals.put_nowait(arrival)
    for _ in range(job.connections):
        arrivals.put_nowait(end)


def read_cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process so far from its kernel clock, with that of threads that have ended."""
    return time.clock_gettime(~pid << 3 | 2)  # CPUCLOCK_SCHED of a process: clock_getcpuclockid(3)


def main() -> None:
    for line in sys.stdin:
        job = msgspec.json.decode(line, type=Job | LoadJob)
        result = asyncio.run(run_job(job)) if isinstance(job, Job) else uvloop.run(run_load(job))
        print(msgspec.json.encode(result).decode(), flush=True)


if __name__ == "__main__":
    main()
