"""Measure questions over HTTP: one worker of the real application, compared in pairs with the ceiling.

Each kind of question is measured twice. Warm: an earlier request with other variables has read the same records, so that their
bytes are cached. Cold: every request has a document with other response keys, so that nothing of its records is cached. Its plan
has been compiled for a request that reads no record.
"""

from pathlib import Path

from msgspec import Struct

from benchmarks.documents import rename_keys
from benchmarks.fictional_networks import NetworkDatabase
from benchmarks.http.paired_bench import PairedBench, PairedTiming, encode_body, open_bench
from benchmarks.http.record_cache import CacheMeasurement, fill_cache, measure_cards
from benchmarks.http.server_processes import start_directory_server
from benchmarks.question_kinds import HTTP_KINDS, MAIN_KINDS, QuestionKind, draw_variables

CONCURRENT_CONNECTIONS = 16
WARM_UP = 10
COLD_REQUESTS = 40  # each with its own document; the server must keep the plans of all of them


class HttpTiming(Struct, frozen=True):
    """The measurements of one kind of question: over one connection, and over sixteen concurrent ones.

    `cold` is None if the answer has no records.
    """

    key: str
    title: str
    size: int
    warm: PairedTiming
    cold: PairedTiming | None
    concurrent_latencies: list[float]
    concurrent_cpu: float

    @property
    def name(self) -> str:
        return f"{self.key} · {self.title}" if self.key.startswith("Q") else self.title


class HttpMeasurements(Struct, frozen=True):
    """All measurements over one network."""

    timings: list[HttpTiming]
    cache: CacheMeasurement


def measure(network: NetworkDatabase, rounds: int, folder: Path) -> HttpMeasurements:
    """Measure all kinds of questions: `rounds` different ones of each over one connection, and as many concurrently."""
    kinds = (*MAIN_KINDS, *HTTP_KINDS)
    with start_directory_server(network.url) as server, open_bench(server, folder / "answers.msgpack") as bench:
        server.wait_for_answer("/graphql", b'{"query": "{ __typename }"}')
        server.wait_until_idle()
        for kind in kinds:
            variables = draw_variables(kind, WARM_UP, network.size)
            bench.send([encode_body(kind.document, each) for each in variables])
        megabytes = server.megabytes
        timings = [_measure_kind(bench, kind, network.size, rounds) for kind in kinds]
        cards = measure_cards(bench, network.size, rounds)
        return HttpMeasurements(timings, CacheMeasurement(network.size, *cards, fill_cache(server) - megabytes))


def _measure_kind(bench: PairedBench, kind: QuestionKind, size: int, rounds: int) -> HttpTiming:
    """The first variables were sent before; all others are new to the server."""
    variables = draw_variables(kind, WARM_UP + 2 * rounds + COLD_REQUESTS, size)[WARM_UP:]
    measured, cold_variables = variables[: 2 * rounds], variables[2 * rounds :]
    if kind.vary:
        bench.send([encode_body(kind.document, kind.vary(each)) for each in measured])
    bodies = [encode_body(kind.document, each) for each in measured]
    warm = bench.measure_pairs(bodies[:rounds])
    concurrent_cpu, concurrent = bench.measure_server(bodies[rounds:], connections=CONCURRENT_CONNECTIONS)
    cold = None
    if kind.empty:
        documents = [rename_keys(kind.document, number) for number in range(min(rounds, COLD_REQUESTS))]
        for _ in range(2):
            bench.send([encode_body(document, kind.empty) for document in documents], may_fail=True)
        cold_bodies = [encode_body(*request) for request in zip(documents, cold_variables, strict=False)]
        cold = bench.measure_pairs(cold_bodies)
    return HttpTiming(kind.key, kind.title, size, warm, cold, concurrent.seconds, concurrent_cpu)
