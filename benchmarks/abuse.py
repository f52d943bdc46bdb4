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
from benchmarks.abusive_heads import HEADS, Raw
from benchmarks.abusive_lists import LISTS, Form
from benchmarks.driver import HEAD, HOST, Connection
from benchmarks.networks import Seeded
from benchmarks.processes import Server, directory_server
from benchmarks.tables import Table, milliseconds, verdict
from schema.limits import POINT_SECONDS
from web.reconcile.asked import FORM

REPORT = Path(__file__).with_name("ABUSE.md")
TURNS = 5  # of each family; none is sent twice, so that no kept document serves
ALONE = 300  # requests of the second client before anybody else asks
BLOCKS = 0.1  # seconds that others wait at most
COSTS = 0.25  # seconds of the processor for one request
CHARGED, FREE = 2.0, 0.005  # so many times what it is charged, and so many seconds more, a request may use of the processor
POINTS = 1_000_000_000  # a minute for each client: nobody is refused, and what is spent is counted
WITNESS = "127.0.0.2"  # where the second client asks from, so that it has an account of its own
REMAINING = b'{"query": "{ viewer { rateLimit { remaining } } }"}'
PATH = "/graphql"

OPENING = """# What abuse costs

Made by `python -m benchmarks abuse`; nothing here is written by hand. One worker as `directory serve` starts it, over a fictional
network of {size:,} organizations. Each request is sent {turns} times, with another document every time, while a second client
asks `{{ __typename }}` without a pause over a connection of its own. CPU is the median of the server's for one such request, less
what the second client costs alone. Of the second client's waits the longest in each turn counts: the median over the turns is
held against the promise; the longest of all stands last, as whatever else runs on the machine lengthens it. Alone, the second
client waits {median} in the median and {longest} at most. "Charged" is the median of the points that were taken off for one such
request, as time of the processor: a request may use twice that and 5 ms more.
"""


class Abused(Struct, frozen=True):
    """What became of one family. Seconds."""

    family: str
    status: int
    code: str
    bytes: int
    cpu: float
    charged: float
    waits: list[float]  # the longest of each turn


class Witness:
    """The second client: asks on and on, and notes how long each answer took."""

    def __init__(self, port: int) -> None:
        self.port, self.waits = port, list[float]()

    async def connected(self) -> Connection:
        return await _connected(self.port, WITNESS)

    async def ask(self, connection: Connection) -> None:
        request = _request(b'{"query": "{ __typename }"}')
        began = time.perf_counter()
        await connection.ask(request)
        self.waits.append(time.perf_counter() - began)

    async def go_on(self) -> None:
        connection = await self.connected()
        try:
            while True:
                await self.ask(connection)
        finally:
            connection.close()


def measure(network: Seeded) -> tuple[list[Abused], list[float]]:
    """Every family, and how long the second client waited alone."""
    with directory_server(network.url, POINTS) as server:
        server.answered(PATH, b'{"query": "{ __typename }"}')
        return asyncio.run(_measured(server))


async def _measured(server: Server) -> tuple[list[Abused], list[float]]:
    witness = Witness(server.port)
    connection = await witness.connected()
    before = server.cpu_seconds
    for _ in range(ALONE):
        await witness.ask(connection)
    each, alone = (server.cpu_seconds - before) / ALONE, witness.waits
    connection.close()
    return [await _family(server, family, made, each) for family, made in (FAMILIES | LISTS | HEADS).items()], alone


async def _family(server: Server, family: str, made: Any, each: float) -> Abused:
    """`each` is what a request of the second client costs alone."""
    turns, waits, charged, witness = [], [], [], Witness(server.port)
    going_on = asyncio.create_task(witness.go_on())
    for turn in range(TURNS):
        body = _body(made(f"t{turn}"))
        await asyncio.sleep(0.02)
        remaining = await _remaining(server.port)
        seen, before = len(witness.waits), server.cpu_seconds
        status, code = await _sent(server.port, body)
        await _idle(witness)
        turns.append(server.cpu_seconds - before - each * (len(witness.waits) - seen))
        waits.append(max(witness.waits[seen:]))
        charged.append(max(0, remaining - await _remaining(server.port)) * POINT_SECONDS)
    going_on.cancel()
    await asyncio.gather(going_on, return_exceptions=True)
    cpu = max(0.0, statistics.median(turns))
    return Abused(family, status, code, len(body), cpu, statistics.median(charged), waits)


async def _idle(witness: Witness) -> None:
    """Until the second client has been answered again: what was asked before is done then."""
    seen = len(witness.waits)
    while len(witness.waits) < seen + 2:
        await asyncio.sleep(0.001)


async def _sent(port: int, body: bytes) -> tuple[int, str]:
    connection = await _connected(port)
    try:
        status, answer = await connection.ask(_request(body))
    except ConnectionError:
        return 0, "hung up on"
    finally:
        connection.close()
    errors = msgspec.json.decode(answer).get("errors") or [{"extensions": {"code": "answered"}}]
    return status, errors[0]["extensions"]["code"]


async def _remaining(port: int) -> int:
    """The points that the first client has left. Asking is paid for, too: the price of it is added again."""
    connection = await _connected(port)
    try:
        _, answer = await connection.ask(_request(REMAINING))
    finally:
        connection.close()
    body = msgspec.json.decode(answer)
    left: int = body["data"]["viewer"]["rateLimit"]["remaining"] + body["extensions"]["cost"]["requested"]
    return left


async def _connected(port: int, origin: str = HOST) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, HOST, port, local_addr=(origin, 0))
    return connection


def _body(made: Any) -> bytes:
    return made if isinstance(made, Form | Raw) else msgspec.json.encode(made)


def _request(body: bytes) -> bytes:
    if isinstance(body, Raw):
        return body
    if not isinstance(body, Form):
        return HEAD.format(path=PATH, length=len(body)).encode() + body
    head = HEAD.replace("application/json", FORM).format(path=abusive_lists.PATH, length=len(body))
    return head.encode() + body


def report(network: Seeded, measured: tuple[list[Abused], list[float]]) -> str:
    families, alone = measured
    told = {"median": milliseconds(statistics.median(alone)), "longest": milliseconds(max(alone))}
    opening = OPENING.format(size=network.size, turns=TURNS, **told)
    return f"{opening}\n{Table('Families', COLUMNS, list(_rows(families))).markdown()}"


COLUMNS = (
    "request",
    "sent",
    "status",
    "code",
    "charged",
    "CPU",
    "promise",
    "",
    "promise by charge",
    "",
    "second client waits",
    "promise",
    "",
    "at most",
)


def _rows(families: list[Abused]) -> Iterator[tuple[str, ...]]:
    for one in families:
        cpu: tuple[str, ...] = (milliseconds(one.cpu), *verdict(one.cpu, COSTS, milliseconds))
        cpu += verdict(one.cpu, CHARGED * one.charged + FREE, milliseconds)
        wait = statistics.median(one.waits)
        waits = (milliseconds(wait), *verdict(wait, BLOCKS, milliseconds), milliseconds(max(one.waits)))
        yield one.family, f"{one.bytes / 1e3:,.1f} kB", str(one.status), one.code, milliseconds(one.charged), *cpu, *waits
