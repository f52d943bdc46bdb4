"""Measure matching: its accuracy on labelled pairs, and its speed for many rows against many records."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from benchmarks import targets
from benchmarks.fictional_networks import NOW, SEED
from benchmarks.lists.fictional_names import invent_organization, misspell_name
from benchmarks.matching.duplicate_pairs import PAIRS, generate_pairs
from benchmarks.matching.labelled_pairs import build_tables, judge_pairs, read_pairs
from benchmarks.tables import Table, compare_with_target, format_milliseconds, format_ratio, format_seconds
from cli.fictional.organizations import generate_fictional_organizations
from directory.matching.match_index import MatchIndex
from directory.matching.match_record import MatchAddress, MatchRecord, build_match_record

LABELLED_SEED = 1
ROWS = 14_121  # the size of the IRS list for one city


class MatchingTiming(Struct, frozen=True):
    """The times of matching in CPU seconds. Of `rows_with_record` rows about a record, `found_rows` found it."""

    records: int
    index_seconds: float
    rows: int
    matching_seconds: float
    half_seconds: float  # for the first half of the rows
    rows_with_record: int
    found_rows: int


def measure_own_pairs() -> list[Table]:
    """Measure accuracy on the generated pairs."""
    return build_tables(judge_pairs(generate_pairs(LABELLED_SEED)), f"{PAIRS} generated pairs", with_targets=True)


def measure_file(file: Path) -> list[Table]:
    """Measure accuracy on the pairs of a file. Raises BadInput if it has ntiming."""
    judged_pairs = judge_pairs(read_pairs(file))
    return build_tables(judged_pairs, f"{len(judged_pairs):,} labelled pairs", with_targets=False)


def measure_speed(size: int, rows: int = ROWS) -> MatchingTiming:
    records = [build_match_record(entry) for entry in generate_fictional_organizations(size, SEED, NOW)]
    start = time.process_time()
    index = MatchIndex(records)
    index.index_pending()
    index_seconds = time.process_time() - start
    cases = list(islice(_generate_rows(records), rows))
    first_seconds, first_found = _match_rows(index, cases[: rows // 2])
    second_seconds, second_found = _match_rows(index, cases[rows // 2 :])
    rows_with_record = sum(record_id is not None for _, record_id in cases)
    seconds, found_rows = first_seconds + second_seconds, first_found + second_found
    return MatchingTiming(size, index_seconds, rows, seconds, first_seconds, rows_with_record, found_rows)


def build_speed_table(timings: Sequence[MatchingTiming]) -> list[Table]:
    rows = [row for timing in timings for row in _build_speed_rows(timing)]
    columns = ("measure", "records", "measured", "target", "")
    return [Table(f"{ROWS:,} rows: half of them misspelled records, the others not in the directory", columns, rows)]


def _build_speed_rows(timing: MatchingTiming) -> Iterator[tuple[str, ...]]:
    records, promise = f"{timing.records:,}", targets.MATCHING_SECONDS if timing.records <= targets.LARGE else None
    yield "building the index", records, format_seconds(timing.index_seconds), "", ""
    yield (
        f"matching {timing.rows:,} rows",
        records,
        format_seconds(timing.matching_seconds),
        *compare_with_target(timing.matching_seconds, promise, format_seconds),
    )
    yield "· per row", records, format_milliseconds(timing.matching_seconds / timing.rows), "", ""
    growth = timing.matching_seconds / timing.half_seconds
    yield (
        "· all rows, as a multiple of half the rows",
        records,
        format_ratio(growth),
        *compare_with_target(growth, targets.MATCHING_GROWTH, format_ratio),
    )
    yield (
        "share of rows about a record that found it",
        records,
        f"{timing.found_rows / max(timing.rows_with_record, 1):.3f}",
        "",
        "",
    )


def _match_rows(index: MatchIndex, cases: Sequence[tuple[MatchRecord, str | None]]) -> tuple[float, int]:
    """Return the CPU seconds, and the number of rows that found their record."""
    start = time.process_time()
    answers = [index.find_matches(row) for row, _ in cases]
    seconds = time.process_time() - start
    pairs = zip(answers, cases, strict=True)
    return seconds, sum(any(match.id == record_id for match in matches) for matches, (_, record_id) in pairs)


def _generate_rows(records: Sequence[MatchRecord]) -> Iterator[tuple[MatchRecord, str | None]]:
    """Yield rows without end, alternately about a record and about an unknown organization, each with the id of its record."""
    rng = Random(SEED)
    while True:
        record = rng.choice(records)
        row = replace(record, id="row", name=misspell_name(rng, record.name), names=(), identifiers=(), emails=(), phones=())
        yield row, record.id
        unknown = invent_organization(rng)
        place = MatchAddress(unknown.street, unknown.city, f"US-{unknown.state}", unknown.postal_code, "US")
        yield MatchRecord("row", unknown.name, phones=(unknown.phone,), addresses=(place,)), None
