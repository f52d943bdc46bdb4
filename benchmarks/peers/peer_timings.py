"""Measure the six questions with every peer and with our server, each in pairs with the ceiling."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from benchmarks.fictional_networks import NetworkDatabase
from benchmarks.http.paired_bench import PairedBench, PairedTiming, encode_body, open_bench
from benchmarks.http.server_processes import start_directory_server, start_peer_server
from benchmarks.question_kinds import MAIN_KINDS, QuestionKind, draw_variables
from benchmarks.tables import Table, format_milliseconds, format_ratio

OUR_PATH = "/graphql"
PEER_NAMES = {
    OUR_PATH: "directory",
    "/strawberry": "Strawberry",
    "/strawberry-caching": "Strawberry with caches",
    "/graphql-core": "graphql-core",
    "/ariadne": "Ariadne",
}
WARM_UP = 10
MAX_ROUNDS = 40  # of each question, since the peers take longer

# PostGraphile 5 with tuned SQL, measured once in November 2026: question -> records -> multiple of the ceiling
POSTGRAPHILE = "PostGraphile 5, November 2026"
POSTGRAPHILE_MULTIPLES = {
    "Q1": {1_000: 13.0, 100_000: 15.0},
    "Q2": {1_000: 22.0, 100_000: 72.0},
    "Q3": {1_000: 65.0, 100_000: 1_000.0},
    "Q4": {1_000: 17.0, 100_000: 65.0},
    "Q5": {1_000: 7.0, 100_000: 108.0},
    "Q6": {1_000: 14.0, 100_000: 16.0},
}
# The same, in CPU seconds for one of 16 requests at a time; one run at 1,000 records
POSTGRAPHILE_SECONDS = {"Q1": 1.1e-3, "Q2": 1.7e-3, "Q3": 4.6e-3, "Q4": 1.4e-3, "Q5": 0.8e-3, "Q6": 1.4e-3}


class PeerTiming(Struct, frozen=True):
    """The timings of one kind of question by the path of the server."""

    kind: QuestionKind
    size: int
    by_path: dict[str, PairedTiming]


def measure_peers(network: NetworkDatabase, rounds: int, folder: Path) -> list[PeerTiming]:
    """Measure `rounds` different questions of each kind, at most MAX_ROUNDS, the same ones with every server."""
    answers = folder / "answers.msgpack"
    with start_directory_server(network.url) as ours, start_peer_server(network.url) as peers:
        for server, path in ((ours, OUR_PATH), (peers, "/graphql-core")):
            server.wait_for_answer(path, b'{"query": "{ __typename }"}')
            server.wait_until_idle()
        with open_bench(ours, answers) as our_bench, open_bench(peers, answers) as peer_bench:
            benches = {path: our_bench if path == OUR_PATH else peer_bench for path in PEER_NAMES}
            return [_measure_kind(benches, kind, network.size, min(rounds, MAX_ROUNDS)) for kind in MAIN_KINDS]


def _measure_kind(benches: dict[str, PairedBench], kind: QuestionKind, size: int, rounds: int) -> PeerTiming:
    variables = draw_variables(kind, WARM_UP + rounds, size)
    measured = variables[WARM_UP:]
    first = [*variables[:WARM_UP], *(map(kind.vary, measured) if kind.vary else ())]
    timings = {}
    for path, bench in benches.items():
        bench.send([encode_body(kind.document, each) for each in first], path)
        timings[path] = bench.measure_pairs([encode_body(kind.document, each) for each in measured], path)
    return PeerTiming(kind, size, timings)


def build_tables(timings: Sequence[PeerTiming]) -> list[Table]:
    columns = ("question", "records", *PEER_NAMES.values(), POSTGRAPHILE)
    return [
        Table("CPU of one request as a multiple of the ceiling", columns, list(_build_rows(timings, _format_multiples))),
        Table("CPU of one request", columns, list(_build_rows(timings, _format_times))),
    ]


def _build_rows(timings: Sequence[PeerTiming], format_cells: Callable[[PeerTiming], Iterator[str]]) -> Iterator[tuple[str, ...]]:
    for timing in timings:
        yield f"{timing.kind.key} · {timing.kind.title}", f"{timing.size:,}", *format_cells(timing)


def _format_multiples(timing: PeerTiming) -> Iterator[str]:
    for path in PEER_NAMES:
        yield format_ratio(timing.by_path[path].ratio)
    multiple = POSTGRAPHILE_MULTIPLES[timing.kind.key].get(timing.size)
    yield f"{multiple:,.0f} ×" if multiple else ""


def _format_times(timing: PeerTiming) -> Iterator[str]:
    for path in PEER_NAMES:
        yield format_milliseconds(timing.by_path[path].cpu)
    yield format_milliseconds(POSTGRAPHILE_SECONDS[timing.kind.key]) if timing.size == min(POSTGRAPHILE_MULTIPLES["Q1"]) else ""
