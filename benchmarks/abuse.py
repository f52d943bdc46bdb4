"""Requests that mean harm, sent to the real server while a second client goes on asking: `python -m benchmarks abuse`."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from benchmarks import abusive_lists
from benchmarks.abusive import FAMILIES
from benchmarks.abusive_lists import LISTS, Form
from benchmarks.driver import HEAD, HOST, Connection
from benchmarks.networks import Seeded
from benchmarks.processes import Server, directory_server
from benchmarks.tables import Table, milliseconds, verdict
from web.reconcile.asked import FORM

REPORT = Path(__file__).with_name("ABUSE.md")
TURNS = 5  # of each family; none is sent twice, so that no kept document serves
ALONE = 300  # requests of the second client before anybody else asks
BLOCKS = 0.1  # seconds that others wait at most
COSTS = 0.25  # seconds of the processor for one request
PATH = "/graphql"

OPENING = """# What abuse costs

Made by `python -m benchmarks abuse`; nothing here is written by hand. One worker as `directory serve` starts it, over a fictional
network of {size:,} organizations. Each request is sent {turns} times, with another document every time, while a second client
asks `{{ __typename }}` without a pause over a connection of its own. CPU is the median of the server's for one such request, less
what the second client costs alone. Of the second client's waits the longest in each turn counts: the median over the turns is
held against the promise; the longest of all stands last, as whatever else runs on the machine lengthens it. Alone, the second
client waits {median} in the median and {longest} at most.
"""


class Abused(Struct, frozen=True):
    """What became of one family. Seconds."""

    family: str
    status: int
    code: str
    bytes: int
    cpu: float
    waits: list[float]  # the longest of each turn


class Witness:
    """The second client: asks on and on, and notes how long each answer took."""

    def __init__(self, port: int) -> None:
        self.port, self.waits = port, list[float]()

    async def ask(self, connection: Connection) -> None:
        request = _request(b'{"query": "{ __typename }"}')
        began = time.perf_counter()
        await connection.ask(request)
        self.waits.append(time.perf_counter() - began)

    async def go_on(self) -> None:
        connection = await _connected(self.port)
        try:
            while True:
                await self.ask(connection)
        finally:
            connection.close()


def measure(network: Seeded) -> tuple[list[Abused], list[float]]:
    """Every family, and how long the second client waited alone."""
    with directory_server(network.url) as server:
        server.answered(PATH, b'{"query": "{ __typename }"}')
        return asyncio.run(_measured(server))


async def _measured(server: Server) -> tuple[list[Abused], list[float]]:
    witness = Witness(server.port)
    connection = await _connected(server.port)
    before = server.cpu_seconds
    for _ in range(ALONE):
        await witness.ask(connection)
    each, alone = (server.cpu_seconds - before) / ALONE, witness.waits
    connection.close()
    return [await _family(server, family, made, each) for family, made in (FAMILIES | LISTS).items()], alone


async def _family(server: Server, family: str, made: Any, each: float) -> Abused:
    """`each` is what a request of the second client costs alone."""
    turns, waits, witness = [], [], Witness(server.port)
    going_on = asyncio.create_task(witness.go_on())
    for turn in range(TURNS):
        body = _body(made(f"t{turn}"))
        await asyncio.sleep(0.02)
        seen, before = len(witness.waits), server.cpu_seconds
        status, code = await _sent(server.port, body)
        await _idle(witness)
        turns.append(server.cpu_seconds - before - each * (len(witness.waits) - seen))
        waits.append(max(witness.waits[seen:]))
    going_on.cancel()
    await asyncio.gather(going_on, return_exceptions=True)
    return Abused(family, status, code, len(body), max(0.0, statistics.median(turns)), waits)


async def _idle(witness: Witness) -> None:
    """Until the second client has been answered again: what was asked before is done then."""
    seen = len(witness.waits)
    while len(witness.waits) < seen + 2:
        await asyncio.sleep(0.001)


async def _sent(port: int, body: bytes) -> tuple[int, str]:
    connection = await _connected(port)
    try:
        status, answer = await connection.ask(_request(body))
    finally:
        connection.close()
    errors = msgspec.json.decode(answer).get("errors") or [{"extensions": {"code": "answered"}}]
    return status, errors[0]["extensions"]["code"]


async def _connected(port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, HOST, port)
    return connection


def _body(made: Any) -> bytes:
    return made if isinstance(made, Form) else msgspec.json.encode(made)


def _request(body: bytes) -> bytes:
    if not isinstance(body, Form):
        return HEAD.format(path=PATH, length=len(body)).encode() + body
    head = HEAD.replace("application/json", FORM).format(path=abusive_lists.PATH, length=len(body))
    return head.encode() + body


def report(network: Seeded, measured: tuple[list[Abused], list[float]]) -> str:
    families, alone = measured
    told = {"median": milliseconds(statistics.median(alone)), "longest": milliseconds(max(alone))}
    opening = OPENING.format(size=network.size, turns=TURNS, **told)
    return f"{opening}\n{Table('Families', COLUMNS, list(_rows(families))).markdown()}"


COLUMNS = ("request", "sent", "status", "code", "CPU", "promise", "", "second client waits", "promise", "", "at most")


def _rows(families: list[Abused]) -> Iterator[tuple[str, ...]]:
    for one in families:
        cpu = (milliseconds(one.cpu), *verdict(one.cpu, COSTS, milliseconds))
        wait = statistics.median(one.waits)
        waits = (milliseconds(wait), *verdict(wait, BLOCKS, milliseconds), milliseconds(max(one.waits)))
        yield one.family, f"{one.bytes / 1e3:,.1f} kB", str(one.status), one.code, *cpu, *waits
