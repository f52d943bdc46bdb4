"""What caching the bytes of records saves and takes: a card with and without them, and the memory of a full cache."""

import http.client
import statistics

import msgspec
from msgspec import Struct

from benchmarks import targets
from benchmarks.documents import ALL_RECORDS, DOCUMENTS, rename_keys
from benchmarks.http.load_driver import HOST
from benchmarks.http.paired_bench import PairedBench, encode_body
from benchmarks.http.server_processes import Server
from benchmarks.question_kinds import MAIN_KINDS, draw_variables
from benchmarks.tables import Table, compare_with_target, format_megabytes, format_milliseconds

CARD_KIND = MAIN_KINDS[0]
WARM_UP = 20
BATCH = 20
CARD_DOCUMENT = rename_keys(DOCUMENTS[CARD_KIND.key], 999)  # with other keys than any other request
ANSWER_SECONDS = 60


class CacheMeasurement(Struct, frozen=True):
    """CPU seconds of one card whose record is not cached, and of the same card again; medians, also of the difference.

    `megabytes` is the memory that the server uses in addition after it has answered with every record.
    """

    size: int
    cold_seconds: float
    warm_seconds: float
    difference: float
    megabytes: float


def measure_cards(bench: PairedBench, size: int, rounds: int) -> tuple[float, float, float]:
    """Request `rounds` cards in batches, then again. Return the medians of the first, of the second, and of the difference."""
    slugs = draw_variables(CARD_KIND, WARM_UP + rounds, size)
    bench.send([encode_body(CARD_DOCUMENT, variables) for variables in [CARD_KIND.empty, *slugs[:WARM_UP]]])
    bodies = [encode_body(CARD_DOCUMENT, variables) for variables in slugs[WARM_UP:]]
    batches = [bodies[start : start + BATCH] for start in range(0, len(bodies), BATCH)]
    cold, warm = ([bench.measure_server(batch)[0] for batch in batches] for _ in range(2))
    differences = [first - second for first, second in zip(cold, warm, strict=True)]
    return statistics.median(cold), statistics.median(warm), statistics.median(differences)


def fill_cache(server: Server) -> float:
    """Read all records, page after page, and return the resident megabytes of the server."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=ANSWER_SECONDS)
    page_info = {"hasNextPage": True, "endCursor": None}
    while page_info["hasNextPage"]:
        body = encode_body(ALL_RECORDS, {"after": page_info["endCursor"]})
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        page_info = msgspec.json.decode(connection.getresponse().read())["data"]["organizations"]["pageInfo"]
    connection.close()
    server.wait_until_idle()
    return server.megabytes


def build_cache_table(measurements: list[CacheMeasurement]) -> Table:
    return Table(
        "Cached bytes of records",
        ("measure", "records", "measured", "target", ""),
        [row for measurement in measurements for row in _build_rows(measurement)],
    )


def _build_rows(cache: CacheMeasurement) -> list[tuple[str, ...]]:
    records = f"{cache.size:,}"
    return [
        ("CPU of one card, its record not cached", records, format_milliseconds(cache.cold_seconds), "", ""),
        ("CPU of one card, its record cached", records, format_milliseconds(cache.warm_seconds), "", ""),
        (
            "median difference for the same cards",
            records,
            format_milliseconds(cache.difference),
            *compare_with_target(cache.difference, targets.COLD_CARD_SECONDS, format_milliseconds),
        ),
        (
            "memory that the caches add when all records have been read",
            records,
            format_megabytes(cache.megabytes),
            *compare_with_target(cache.megabytes, targets.CACHE_MEGABYTES.get(cache.size), format_megabytes),
        ),
    ]
