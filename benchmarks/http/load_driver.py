"""Send requests to a server over raw sockets, from a separate process so that its CPU time is not counted as the server's.

Reads one job per line from standard input, as JSON, and prints one result per line. Connects only to 127.0.0.1.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

HOST = "127.0.0.1"
JOB_SECONDS = 300
REQUEST_HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"


class Job(Struct):
    """Bodies to send once each to `path` over a number of connections. `{n}` in the path is the number of the body."""

    port: int
    path: str
    bodies: list[str]
    connections: int = 1
    responses_file: str | None = None  # where to save the responses


class JobResult(Struct):
    """Seconds from sending to the last byte of each response.

    `failures` counts responses that were not 200 or had errors; `first_failure` is the beginning of the first one.
    """

    seconds: list[float]
    bytes: int
    failures: int
    first_failure: str = ""


class Connection(asyncio.Protocol):
    """A keep-alive connection that handles one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._response: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

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
    async with asyncio.timeout(JOB_SECONDS):
        answers: list[tuple[float, int, bytes]] = [(0.0, 0, b"")] * len(job.bodies)
        connections = [await _open_connection(job.port) for _ in range(job.connections)]
        numbers = iter(range(len(job.bodies)))
        await asyncio.gather(*(_send_requests(connection, job, numbers, answers) for connection in connections))
        for connection in connections:
            connection.close()
    bodies = [body for _, _, body in answers]
    if job.responses_file:
        Path(job.responses_file).write_bytes(msgspec.msgpack.encode(bodies))
    failures = [body for _, status, body in answers if status != 200 or b'"errors":' in body]
    first_failure = failures[0][:1_000].decode(errors="replace") if failures else ""
    return JobResult([seconds for seconds, _, _ in answers], sum(map(len, bodies)), len(failures), first_failure)


async def _open_connection(port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, HOST, port)
    return connection


async def _send_requests(
    connection: Connection, job: Job, numbers: Iterator[int], answers: list[tuple[float, int, bytes]]
) -> None:
    for number in numbers:
        body = job.bodies[number].encode()
        request = REQUEST_HEAD.format(path=job.path.format(n=number), length=len(body)).encode() + body
        start = time.perf_counter()
        status, answer = await connection.send_request(request)
        answers[number] = (time.perf_counter() - start, status, answer)


def main() -> None:
    for line in sys.stdin:
        result = asyncio.run(run_job(msgspec.json.decode(line, type=Job)))
        print(msgspec.json.encode(result).decode(), flush=True)


if __name__ == "__main__":
    main()
