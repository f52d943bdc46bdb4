"""Compare the CPU time of requests with the points charged for them: `python -m benchmarks fuzz-costs`.

Sends generated requests of every kind to a real server, one at a time. For each, reads the CPU time of the server process and the
points charged from its metrics. The target: a request uses at most twice its charge, plus 5 ms. Requests above it are measured
again on fresh servers, without warm caches. The smallest measurement counts, as other programs can only add to it.
"""

import asyncio
import re
import time
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks import targets
from benchmarks.costs.request_generator import GeneratedRequest, RequestGenerator
from benchmarks.fictional_networks import NetworkDatabase, build_organizations
from benchmarks.http.load_driver import HOST, Connection
from benchmarks.http.server_processes import Server, start_metered_server
from benchmarks.tables import Table, format_milliseconds
from schema.limits import SECONDS_PER_POINT

WORST_COUNT = 10
REMEASUREMENTS = 2  # fresh servers on which suspicious requests are measured again
MAX_SUSPECTS = 30
REQUEST_SECONDS = 60
IDLE_SECONDS = 0.5
POLL_SECONDS = 0.003
MAX_CASE_BYTES = 40_000  # bytes of a regression case
CASES = Path(__file__).with_name("costly_requests.json")
_POINTS = re.compile(rb"^directory_request_points_sum\{[^}]*\} (\S+)$", re.MULTILINE)
# Data that a process loads on first use is not the cost of a request.
WARM_UP_DOCUMENTS = (
    '{ organizations(query: "tennants houzing", filter: {near: {place: {name: "Atlanta"}, radius: 50}}) '
    "{ relaxations { count } facets { issueAreas { value } regions(kind: COUNTY) { value } } map { marks { count } } } }",
    '{ understand(query: "tenants near atlanta") { search } suggest(query: "hous") { label } places(query: "atlanat") { name } }',
    '{ organizations(filter: {near: {place: {name: "Atlanat"}, radius: 50}}) { totalCount } }',
    '{ coverage { gaps { nearest { slug } } } counties: coverage(regionKind: COUNTY, values: ["housing"]) { gapCount } }',
    '{ coalitionPlan(search: "issue=housing&issue=health&region=US-GA&region=US-AL") { covered certificate { reason } } }',
    '{ allies(draft: { words: "tenants group in Atlanta", seeks: "legal help" }, mode: SEEKS_AND_OFFERS) { totalCount } }',
    '{ organizations(words: "evicton near atlnta") { totalCount } }',
    '{ organizations(words: "desalojoo cerca de atlnta") { totalCount } }',
)


class RequestMeasurement(Struct, frozen=True):
    """The CPU seconds used and charged for one request, and the status of its response."""

    request: GeneratedRequest
    status: int
    used_seconds: float
    charged_seconds: float

    @property
    def excess(self) -> float:
        """Seconds used divided by seconds allowed. Above 1, the target is missed."""
        return self.used_seconds / (targets.CHARGE_FACTOR * self.charged_seconds + targets.FREE_SECONDS)


class RequestMeter:
    """Sends requests to a server and reads its CPU clock and its charged points."""

    def __init__(self, server: Server, port: int) -> None:
        self.server, self._metrics = server, port
        self._idle = 0.0  # CPU seconds per second without requests

    async def prepare(self) -> None:
        self.server.wait_for_answer("/graphql", b'{"query": "{ __typename }"}')
        for text in WARM_UP_DOCUMENTS:
            await self._send(GeneratedRequest("warming", "/graphql", msgspec.json.encode({"query": text})))
        self.server.wait_until_idle()  # it may still be building tables that its first answer did not need
        before, start = await self._wait_until_idle(), time.perf_counter()
        await asyncio.sleep(IDLE_SECONDS)
        self._idle = (self.server.cpu_seconds - before) / (time.perf_counter() - start)

    async def measure(self, request: GeneratedRequest) -> RequestMeasurement:
        await self._wait_until_idle()
        points, start, before = self._read_charged_points(), time.perf_counter(), await self._wait_until_idle()
        status = await self._send(request)
        used = await self._wait_until_idle() - before
        used -= self._idle * (time.perf_counter() - start)
        return RequestMeasurement(request, status, max(used, 0.0), (self._read_charged_points() - points) * SECONDS_PER_POINT)

    async def _send(self, request: GeneratedRequest) -> int:
        _, connection = await asyncio.get_running_loop().create_connection(Connection, HOST, self.server.port)
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                status, _ = await connection.send_request(request.encode(self.server.port))
        except ConnectionError:
            return 0  # the server may close the connection if the body is too large
        finally:
            connection.close()
        return status

    async def _wait_until_idle(self) -> float:
        """Wait until the CPU clock of the process stops, when all earlier requests are finished, and return it."""
        seconds = self.server.cpu_seconds
        while True:
            await asyncio.sleep(POLL_SECONDS)
            later = self.server.cpu_seconds
            if later - seconds < POLL_SECONDS / 10:
                return later
            seconds = later

    def _read_charged_points(self) -> float:
        with urllib.request.urlopen(f"http://{HOST}:{self._metrics}/metrics", timeout=REQUEST_SECONDS) as answer:
            return sum(map(float, _POINTS.findall(answer.read())))


def fuzz(network: NetworkDatabase, seconds: float, seed: int) -> list[RequestMeasurement]:
    """Measure every regression case, then generated requests for `seconds`. Suspicious ones get their smallest measurement."""
    records = build_organizations(min(network.size, 1_000))
    generator = RequestGenerator(seed, records)
    first = [*load_cases(), *map(generator.draw, generator.families)]
    measurements = _measure_on_server(network, _limit_time(seconds, first, generator))
    suspects = sorted(find_undercharged(measurements), key=_get_excess, reverse=True)[:MAX_SUSPECTS]
    for _ in range(REMEASUREMENTS if suspects else 0):
        repetitions = _measure_on_server(network, (suspect.request for suspect in suspects))
        suspects = [min(pair, key=_get_excess) for pair in zip(suspects, repetitions, strict=True)]
    smallest = {id(suspect.request): suspect for suspect in suspects}
    return [smallest.get(id(measurement.request), measurement) for measurement in measurements]


def _limit_time(
    seconds: float, first: Iterable[GeneratedRequest], generator: Iterable[GeneratedRequest]
) -> Iterator[GeneratedRequest]:
    """Yield the first requests, then generated ones until the time is over. It starts when the server is ready for the first."""
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


def find_worst(measurements: Sequence[RequestMeasurement], count: int = WORST_COUNT) -> list[RequestMeasurement]:
    """Return the measurements closest to the target or beyond it, the worst first, at most two of each family."""
    worst, families = list[RequestMeasurement](), list[str]()
    for measurement in sorted(measurements, key=_get_excess, reverse=True):
        if families.count(measurement.request.family) < 2:
            worst.append(measurement)
            families.append(measurement.request.family)
    return worst[:count]


def find_undercharged(measurements: Sequence[RequestMeasurement]) -> list[RequestMeasurement]:
    """Return the measurements that exceed the target."""
    return [measurement for measurement in measurements if measurement.excess > 1]


def _get_excess(measurement: RequestMeasurement) -> float:
    return measurement.excess


def load_cases() -> list[GeneratedRequest]:
    """Load the regression cases: requests that were once the worst."""
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
    """Add requests to the regression cases, except those with long or binary bodies, which their family generates anyway."""
    cases = msgspec.json.decode(CASES.read_bytes()) if CASES.exists() else []
    for measurement in worst:
        request = measurement.request
        if request.family.startswith("case: ") or len(request.body or b"") > MAX_CASE_BYTES:
            continue
        try:
            body = None if request.body is None else request.body.decode()
        except UnicodeDecodeError:
            continue
        cases.append({"family": request.family, "path": request.path, "kind": request.kind, "body": body})
    CASES.write_bytes(msgspec.json.format(msgspec.json.encode(cases), indent=1) + b"\n")


def build_tables(measurements: Sequence[RequestMeasurement], size: int) -> list[Table]:
    ratio, missed = _format_ratio(measurements), len(find_undercharged(measurements))
    total = f"{len(measurements):,} requests, CPU used / charged {ratio}, {missed} missed the target"
    worst = Table(
        f"The worst of {total} ({size:,} organizations)",
        ("request", "status", "CPU", "charged", "CPU / charged", "share of the target", "", "beginning"),
        [_format_worst_row(measurement) for measurement in find_worst(measurements)],
    )
    families: dict[str, list[RequestMeasurement]] = {}
    for measurement in measurements:
        families.setdefault(measurement.request.family.partition(":")[0], []).append(measurement)
    rows = [_format_family_row(family, families[family]) for family in sorted(families)]
    return [worst, Table("Families", ("family", "requests", "CPU / charged", "highest CPU", "highest share of the target"), rows)]


def _format_worst_row(measurement: RequestMeasurement) -> tuple[str, ...]:
    request = measurement.request
    text = request.path if request.body is None else request.body[:90].decode(errors="replace")
    verdict = "**missed**" if measurement.excess > 1 else "met"
    beginning = f"`{text[:90].replace('|', ' ').replace('`', ' ')}`"
    columns = (
        format_milliseconds(measurement.used_seconds),
        format_milliseconds(measurement.charged_seconds),
        _format_ratio([measurement]),
        f"{measurement.excess:.0%}",
        verdict,
        beginning,
    )
    return request.family, str(measurement.status), *columns


def _format_family_row(family: str, measurements: Sequence[RequestMeasurement]) -> tuple[str, ...]:
    highest = format_milliseconds(max(measurement.used_seconds for measurement in measurements))
    excess = f"{max(map(_get_excess, measurements)):.0%}"
    return family, f"{len(measurements):,}", _format_ratio(measurements), highest, excess


def _format_ratio(measurements: Sequence[RequestMeasurement]) -> str:
    """Return the CPU time used for each second charged."""
    used = sum(measurement.used_seconds for measurement in measurements)
    charged = sum(measurement.charged_seconds for measurement in measurements)
    return f"{used / charged:.2f}" if charged else "∞"
