"""Asks a server over raw sockets, in a process of its own, so that its work is not counted as the server's.

It reads a job a line from its standard input, as JSON, and answers each with a line. It speaks to 127.0.0.1 alone.
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
HEAD = "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"


class Job(Struct):
    """Each body once, to `path`, over so many connections; `{n}` in the path is the body's number. Answers go to a file."""

    port: int
    path: str
    bodies: list[str]
    connections: int = 1
    keep: str | None = None  # a file


class Done(Struct):
    """Seconds from sending to the last byte of the answer; answers other than 200 or with errors, the first of them told."""

    seconds: list[float]
    bytes: int
    failed: int
    failure: str = ""


class Connection(asyncio.Protocol):
    """One kept-alive connection with one request under way at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._answered: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. Raises ConnectionError when the server hangs up."""
        assert self._transport is not None
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answered

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._received[:end]).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(self._received) >= end + 4 + length and self._answered is not None:
            body = bytes(self._received[end + 4 : end + 4 + length])
            self._received.clear()
            self._answered.set_result((int(head.split()[1]), body))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(ConnectionError("the server hung up"))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def perform(job: Job) -> Done:
    """Raises TimeoutError when it takes too long."""
    async with asyncio.timeout(JOB_SECONDS):
        answers: list[tuple[float, int, bytes]] = [(0.0, 0, b"")] * len(job.bodies)
        connections = [await _connected(job.port) for _ in range(job.connections)]
        numbers = iter(range(len(job.bodies)))
        await asyncio.gather(*(_work(connection, job, numbers, answers) for connection in connections))
        for connection in connections:
            connection.close()
    bodies = [body for _, _, body in answers]
    if job.keep:
        Path(job.keep).write_bytes(msgspec.msgpack.encode(bodies))
    failed = [body for _, status, body in answers if status != 200 or b'"errors":' in body]
    told = failed[0][:1_000].decode(errors="replace") if failed else ""
    return Done([seconds for seconds, _, _ in answers], sum(map(len, bodies)), len(failed), told)


async def _connected(port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, HOST, port)
    return connection


async def _work(connection: Connection, job: Job, numbers: Iterator[int], answers: list[tuple[float, int, bytes]]) -> None:
    for number in numbers:
        body = job.bodies[number].encode()
        request = HEAD.format(path=job.path.format(n=number), length=len(body)).encode() + body
        began = time.perf_counter()
        status, answer = await connection.ask(request)
        answers[number] = (time.perf_counter() - began, status, answer)


def main() -> None:
    for line in sys.stdin:
        done = asyncio.run(perform(msgspec.json.decode(line, type=Job)))
        print(msgspec.json.encode(done).decode(), flush=True)


if __name__ == "__main__":
    main()
