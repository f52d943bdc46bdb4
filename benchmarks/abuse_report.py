"""Requests that mean harm, sent to the real server while a second client goes on asking: `python -m benchmarks abuse`."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from benchmarks import reconcile_attacks
from benchmarks.fictional_networks import NetworkDatabase
from benchmarks.graphql_attacks import GRAPHQL_FAMILIES
from benchmarks.http_attacks import HTTP_FAMILIES, RawRequest
from benchmarks.load_driver import HOST, REQUEST_HEAD, Connection
from benchmarks.reconcile_attacks import RECONCILE_FAMILIES, FormBody
from benchmarks.server_processes import Server, start_directory_server
from benchmarks.tables import Table, compare_with_target, format_milliseconds
from schema.limits import SECONDS_PER_POINT
from web.reconcile.reconcile_request import FORM_MEDIA_TYPE

REPORT = Path(__file__).with_name("ABUSE.md")
TURNS = 5  # of each family; none is sent twice, so that no kept document serves
BASELINE_REQUESTS = 300  # requests of the second client before anybody else asks
MAX_WAIT_SECONDS = 0.1  # seconds that others wait at most
MAX_CPU_SECONDS = 0.25  # seconds of the processor for one request
CHARGE_FACTOR, FREE_SECONDS = (
    2.0,
    0.005,
)  # so many times what it is charged, and so many seconds more, a request may use of the processor
POINTS = 1_000_000_000  # a minute for each client: nobody is refused, and what is spent is counted
SECOND_CLIENT_ADDRESS = "127.0.0.2"  # where the second client asks from, so that it has an account of its own
REMAINING_POINTS_REQUEST = b'{"query": "{ viewer { rateLimit { remaining } } }"}'
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


class AttackResult(Struct, frozen=True):
    """What became of one family. Seconds."""

    family: str
    status: int
    code: str
    bytes: int
    cpu: float
    charged_seconds: float
    waits: list[float]  # the longest of each turn


class SecondClient:
    """The second client: asks on and on, and notes how long each answer took."""

    def __init__(self, port: int) -> None:
        self.port, self.waits = port, list[float]()

    async def open_connection(self) -> Connection:
        return await _open_connection(self.port, SECOND_CLIENT_ADDRESS)

    async def send_request(self, connection: Connection) -> None:
        request = _build_request(b'{"query": "{ __typename }"}')
        began = time.perf_counter()
        await connection.send_request(request)
        self.waits.append(time.perf_counter() - began)

    async def send_requests(self) -> None:
        connection = await self.open_connection()
        try:
            while True:
                await self.send_request(connection)
        finally:
            connection.close()


def measure_attacks(network: NetworkDatabase) -> tuple[list[AttackResult], list[float]]:
    """Every family, and how long the second client waited alone."""
    with start_directory_server(network.url, POINTS) as server:
        server.wait_for_answer(PATH, b'{"query": "{ __typename }"}')
        return asyncio.run(_measure_families(server))


async def _measure_families(server: Server) -> tuple[list[AttackResult], list[float]]:
    witness = SecondClient(server.port)
    connection = await witness.open_connection()
    before = server.cpu_seconds
    for _ in range(BASELINE_REQUESTS):
        await witness.send_request(connection)
    each, alone = (server.cpu_seconds - before) / BASELINE_REQUESTS, witness.waits
    connection.close()
    return [
        await _measure_family(server, family, made, each)
        for family, made in (GRAPHQL_FAMILIES | RECONCILE_FAMILIES | HTTP_FAMILIES).items()
    ], alone


async def _measure_family(server: Server, family: str, made: Any, each: float) -> AttackResult:
    """`each` is what a request of the second client costs alone."""
    turns, waits, charged, witness = [], [], [], SecondClient(server.port)
    going_on = asyncio.create_task(witness.send_requests())
    for turn in range(TURNS):
        body = _encode_body(made(f"t{turn}"))
        await asyncio.sleep(0.02)
        remaining = await _read_remaining_points(server.port)
        seen, before = len(witness.waits), server.cpu_seconds
        status, code = await _send_body(server.port, body)
        await _wait_until_idle(witness)
        turns.append(server.cpu_seconds - before - each * (len(witness.waits) - seen))
        waits.append(max(witness.waits[seen:]))
        charged.append(max(0, remaining - await _read_remaining_points(server.port)) * SECONDS_PER_POINT)
    going_on.cancel()
    await asyncio.gather(going_on, return_exceptions=True)
    cpu = max(0.0, statistics.median(turns))
    return AttackResult(family, status, code, len(body), cpu, statistics.median(charged), waits)


async def _wait_until_idle(witness: SecondClient) -> None:
    """Until the second client has been answered again: what was asked before is done then."""
    seen = len(witness.waits)
    while len(witness.waits) < seen + 2:
        await asyncio.sleep(0.001)


async def _send_body(port: int, body: bytes) -> tuple[int, str]:
    connection = await _open_connection(port)
    try:
        status, answer = await connection.send_request(_build_request(body))
    except ConnectionError:
        return 0, "hung up on"
    finally:
        connection.close()
    errors = msgspec.json.decode(answer).get("errors") or [{"extensions": {"code": "answered"}}]
    return status, errors[0]["extensions"]["code"]


async def _read_remaining_points(port: int) -> int:
    """The points that the first client has left. Asking is paid for, too: the price of it is added again."""
    connection = await _open_connection(port)
    try:
        _, answer = await connection.send_request(_build_request(REMAINING_POINTS_REQUEST))
    finally:
        connection.close()
    body = msgspec.json.decode(answer)
    left: int = body["data"]["viewer"]["rateLimit"]["remaining"] + body["extensions"]["cost"]["requested"]
    return left


async def _open_connection(port: int, origin: str = HOST) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, HOST, port, local_addr=(origin, 0))
    return connection


def _encode_body(made: Any) -> bytes:
    return made if isinstance(made, FormBody | RawRequest) else msgspec.json.encode(made)


def _build_request(body: bytes) -> bytes:
    if isinstance(body, RawRequest):
        return body
    if not isinstance(body, FormBody):
        return REQUEST_HEAD.format(path=PATH, length=len(body)).encode() + body
    head = REQUEST_HEAD.replace("application/json", FORM_MEDIA_TYPE).format(path=reconcile_attacks.PATH, length=len(body))
    return head.encode() + body


def format_report(network: NetworkDatabase, measured: tuple[list[AttackResult], list[float]]) -> str:
    families, alone = measured
    told = {"median": format_milliseconds(statistics.median(alone)), "longest": format_milliseconds(max(alone))}
    opening = OPENING.format(size=network.size, turns=TURNS, **told)
    return f"{opening}\n{Table('Families', COLUMNS, list(_build_rows(families))).to_markdown()}"


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


def _build_rows(families: list[AttackResult]) -> Iterator[tuple[str, ...]]:
    for one in families:
        cpu: tuple[str, ...] = (format_milliseconds(one.cpu), *compare_with_target(one.cpu, MAX_CPU_SECONDS, format_milliseconds))
        cpu += compare_with_target(one.cpu, CHARGE_FACTOR * one.charged_seconds + FREE_SECONDS, format_milliseconds)
        wait = statistics.median(one.waits)
        waits = (
            format_milliseconds(wait),
            *compare_with_target(wait, MAX_WAIT_SECONDS, format_milliseconds),
            format_milliseconds(max(one.waits)),
        )
        yield (
            one.family,
            f"{one.bytes / 1e3:,.1f} kB",
            str(one.status),
            one.code,
            format_milliseconds(one.charged_seconds),
            *cpu,
            *waits,
        )
