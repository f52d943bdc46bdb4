"""Compare what requests cost with what they are charged: `python -m benchmarks fuzz-costs`.

Generated requests of every kind are sent to a real server, one at a time. For each, the processor time that the server's process
used is read from its clock, and the points it charged from its metrics. The promise: a request uses at most twice what it is
charged, and 5 ms. Anything above is suspicious, and measured again on servers that have just started, so that no cache helps; the
least of all measurements counts, as whatever else runs on the machine can only add to it.
"""

import asyncio
import re
import time
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.fictional_networks import NetworkDatabase, build_organizations
from benchmarks.load_driver import HOST, Connection
from benchmarks.request_generator import GeneratedRequest, RequestGenerator
from benchmarks.server_processes import Server, start_metered_server
from benchmarks.tables import Table, format_milliseconds
from schema.limits import SECONDS_PER_POINT

CHARGE_FACTOR = 2  # seconds used for one second charged, at most
FREE_SECONDS = 0.005  # seconds that any request may use beyond that
WORST_COUNT = 10
REMEASUREMENTS = 2  # servers on which suspicious requests are measured once more
MAX_SUSPECTS = 30
REQUEST_SECONDS = 60
IDLE_SECONDS = 0.5
SETTLED_SECONDS = 0.003
MAX_CASE_BYTES = 40_000  # bytes of a regression case
CASES = Path(__file__).with_name("costly_requests.json")
_POINTS = re.compile(rb"^directory_request_points_sum\{[^}]*\} (\S+)$", re.MULTILINE)
# What a process loads once, for whoever asks first, is no request's cost.
WARM_UP_DOCUMENTS = (
    '{ organizations(query: "tennants houzing", filter: {near: {place: {name: "Atlanta"}, radius: 50}}) '
    "{ relaxations { count } facets { issueAreas { value } regions(kind: COUNTY) { value } } map { marks { count } } } }",
    '{ understand(query: "tenants near atlanta") { search } suggest(query: "hous") { label } places(query: "atlanat") { name } }',
    '{ organizations(filter: {near: {place: {name: "Atlanat"}, radius: 50}}) { totalCount } }',
)


class RequestMeasurement(Struct, frozen=True):
    """One request: seconds used, seconds charged, and what it was answered with."""

    request: GeneratedRequest
    status: int
    used_seconds: float
    charged_seconds: float

    @property
    def excess(self) -> float:
        """Seconds used for each second that the promise allows; above 1 the promise is broken."""
        return self.used_seconds / (CHARGE_FACTOR * self.charged_seconds + FREE_SECONDS)


class RequestMeter:
    """A server, one connection to it, and readings of its clock and its account."""

    def __init__(self, server: Server, port: int) -> None:
        self.server, self._metrics = server, port
        self._idle = 0.0  # seconds of the processor in each second without requests

    async def prepare(self) -> None:
        self.server.wait_for_answer("/graphql", b'{"query": "{ __typename }"}')
        for text in WARM_UP_DOCUMENTS:
            await self._send(GeneratedRequest("warming", "/graphql", msgspec.json.encode({"query": text})))
        began, before = time.perf_counter(), self.server.process_seconds
        await asyncio.sleep(IDLE_SECONDS)
        self._idle = (self.server.process_seconds - before) / (time.perf_counter() - began)

    async def measure(self, request: GeneratedRequest) -> RequestMeasurement:
        await self._wait_until_idle()
        points, began, before = self._read_charged_points(), time.perf_counter(), await self._wait_until_idle()
        status = await self._send(request)
        used = await self._wait_until_idle() - before
        used -= self._idle * (time.perf_counter() - began)
        return RequestMeasurement(request, status, max(used, 0.0), (self._read_charged_points() - points) * SECONDS_PER_POINT)

    async def _send(self, request: GeneratedRequest) -> int:
        _, connection = await asyncio.get_running_loop().create_connection(Connection, HOST, self.server.port)
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                status, _ = await connection.send_request(request.encode(self.server.port))
        except ConnectionError:
            return 0  # a body that is too large may be cut off
        finally:
            connection.close()
        return status

    async def _wait_until_idle(self) -> float:
        """The process's clock, once it stands still: nothing is left to do for the requests before."""
        seconds = self.server.process_seconds
        while True:
            await asyncio.sleep(SETTLED_SECONDS)
            later = self.server.process_seconds
            if later - seconds < SETTLED_SECONDS / 10:
                return later
            seconds = later

    def _read_charged_points(self) -> float:
        with urllib.request.urlopen(f"http://{HOST}:{self._metrics}/metrics", timeout=REQUEST_SECONDS) as answer:
            return sum(map(float, _POINTS.findall(answer.read())))


def fuzz(network: NetworkDatabase, seconds: float, seed: int) -> list[RequestMeasurement]:
    """Every regression case, then generated requests until the time is over; suspicious ones with their least figure."""
    records = build_organizations(min(network.size, 1_000))
    generator = RequestGenerator(seed, records)
    first = [*load_cases(), *map(generator.draw, generator.families)]
    measured = _measure_on_server(network, _limit_time(seconds, first, generator))
    suspects = sorted((one for one in measured if one.excess > 1), key=lambda one: -one.excess)[:MAX_SUSPECTS]
    for _ in range(REMEASUREMENTS if suspects else 0):
        again = _measure_on_server(network, (one.request for one in suspects))
        suspects = [min(pair, key=lambda one: one.excess) for pair in zip(suspects, again, strict=True)]
    confirmed = {id(one.request): one for one in suspects}
    return [confirmed.get(id(one.request), one) for one in measured]


def _limit_time(
    seconds: float, first: Iterable[GeneratedRequest], generator: Iterable[GeneratedRequest]
) -> Iterator[GeneratedRequest]:
    """The first ones in any case. The time begins when the server is ready and asks for the first."""
    until = time.monotonic() + seconds
    yield from first
    for request in generator:
        if time.monotonic() > until:
            return
        yield request


def _measure_on_server(network: NetworkDatabase, requests: Iterable[GeneratedRequest]) -> list[RequestMeasurement]:
    async def measure_all() -> list[RequestMeasurement]:
        await meter.prepare()
        return [await meter.measure(request) for request in requests]

    with start_metered_server(network.url) as (server, port):
        meter = RequestMeter(server, port)
        return asyncio.run(measure_all())


def find_worst(measured: Sequence[RequestMeasurement], count: int = WORST_COUNT) -> list[RequestMeasurement]:
    """Those that come nearest to breaking the promise, or break it, the worst first; one of each family at most twice."""
    worst, families = list[RequestMeasurement](), list[str]()
    for one in sorted(measured, key=lambda one: -one.excess):
        if families.count(one.request.family) < 2:
            worst.append(one)
            families.append(one.request.family)
    return worst[:count]


def find_undercharged(measured: Sequence[RequestMeasurement]) -> list[RequestMeasurement]:
    """Those that used more than the promise allows."""
    return [one for one in measured if one.excess > 1]


def load_cases() -> list[GeneratedRequest]:
    """The regression cases: requests that were once the worst."""
    return [
        GeneratedRequest(
            f"case: {case['family']}",
            case["path"],
            None if case["body"] is None else case["body"].encode(),
            case["kind"],
        )
        for case in msgspec.json.decode(CASES.read_bytes())
    ]


def save_cases(worst: Sequence[RequestMeasurement]) -> None:
    """Adds these to the regression cases; bodies that are long or no text are made by their family anyway."""
    known = msgspec.json.decode(CASES.read_bytes()) if CASES.exists() else []
    for one in worst:
        request = one.request
        if request.family.startswith("case: ") or len(request.body or b"") > MAX_CASE_BYTES:
            continue
        try:
            body = None if request.body is None else request.body.decode()
        except UnicodeDecodeError:
            continue
        known.append({"family": request.family, "path": request.path, "kind": request.kind, "body": body})
    CASES.write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=1) + b"\n")


def build_tables(measured: Sequence[RequestMeasurement], size: int) -> list[Table]:
    used, charged = sum(one.used_seconds for one in measured), sum(one.charged_seconds for one in measured)
    total = f"{len(measured):,} requests, CPU used / charged {used / charged:.2f}, {len(find_undercharged(measured))} broke the promise"
    worst = Table(
        f"The worst of {total} ({size:,} organizations)",
        ("request", "status", "CPU", "charged", "CPU / charged", "of what is allowed", "", "begins with"),
        [_format_worst_row(one) for one in find_worst(measured)],
    )
    families = sorted({one.request.family.partition(":")[0] for one in measured})
    rows = [
        _format_family_row(family, [one for one in measured if one.request.family.partition(":")[0] == family])
        for family in families
    ]
    return [worst, Table("Families", ("family", "requests", "CPU / charged", "highest CPU", "nearest to the promise"), rows)]


def _format_worst_row(one: RequestMeasurement) -> tuple[str, ...]:
    text = one.request.path if one.request.body is None else one.request.body[:90].decode(errors="replace")
    ratio = f"{one.used_seconds / one.charged_seconds:.1f}" if one.charged_seconds else "∞"
    verdict = "**missed**" if one.excess > 1 else "met"
    shown = f"`{text[:90].replace('|', ' ').replace('`', ' ')}`"
    columns = (
        format_milliseconds(one.used_seconds),
        format_milliseconds(one.charged_seconds),
        ratio,
        f"{one.excess:.0%}",
        verdict,
        shown,
    )
    return one.request.family, str(one.status), *columns


def _format_family_row(family: str, measured: Sequence[RequestMeasurement]) -> tuple[str, ...]:
    used, charged = sum(one.used_seconds for one in measured), sum(one.charged_seconds for one in measured)
    ratio = f"{used / charged:.2f}" if charged else "∞"
    highest = format_milliseconds(max(one.used_seconds for one in measured))
    return family, f"{len(measured):,}", ratio, highest, f"{max(one.excess for one in measured):.0%}"
