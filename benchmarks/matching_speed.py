"""Matching: how often it is right about labelled pairs, and how long many rows take against many records."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.duplicate_pairs import PAIRS, generate_pairs
from benchmarks.fictional_names import invent_organization, misspell_name
from benchmarks.fictional_networks import NOW, SEED
from benchmarks.labelled_pairs import build_tables, judge_pairs, read_pairs
from benchmarks.tables import Table, compare_with_target, format_milliseconds, format_ratio, format_seconds
from cli.fictional.organizations import generate_fictional_organizations
from directory.matching.match_index import MatchIndex
from directory.matching.match_record import MatchAddress, MatchRecord, build_match_record

LABELLED_SEED = 1
ROWS = 14_121  # as many as the government's list of one city has
TARGET_SECONDS = 60.0  # for so many rows against 100,000 records
TARGET_RECORDS = 100_000
MAX_GROWTH = 2.5  # of the time for twice the rows, which is to be about twice as long


class MatchingTiming(Struct, frozen=True):
    """`found` of the rows that are about a record led to it."""

    records: int
    index_seconds: float  # seconds
    rows: int
    matching_seconds: float  # seconds
    half_seconds: float  # seconds, for the first half of the rows
    rows_with_record: int
    found_rows: int


def measure_own_pairs() -> list[Table]:
    """The figures for the pairs of this project."""
    return build_tables(judge_pairs(generate_pairs(LABELLED_SEED)), f"{PAIRS} invented pairs", with_targets=True)


def measure_file(file: Path) -> list[Table]:
    """The figures for the pairs of a file. Raises BadInput for a file that has none."""
    found = judge_pairs(read_pairs(file))
    return build_tables(found, f"{len(found):,} labelled pairs", with_targets=False)


def measure_speed(size: int, rows: int = ROWS) -> MatchingTiming:
    parties = [build_match_record(entry) for entry in generate_fictional_organizations(size, SEED, NOW)]
    began = time.process_time()
    index = MatchIndex(parties)
    index.index_pending()
    building = time.process_time() - began
    asked = list(islice(_generate_rows(parties), rows))
    half, first = _match_rows(index, asked[: rows // 2])
    rest, second = _match_rows(index, asked[rows // 2 :])
    about = sum(whom is not None for _, whom in asked)
    return MatchingTiming(size, building, rows, half + rest, half, about, first + second)


def build_speed_table(timed: Sequence[MatchingTiming]) -> list[Table]:
    rows = [row for one in timed for row in _build_speed_rows(one)]
    columns = ("what", "records", "measured", "target", "")
    return [Table(f"{ROWS:,} rows, half of them about a record: misspelled, the others about nobody here", columns, rows)]


def _build_speed_rows(one: MatchingTiming) -> Iterator[tuple[str, ...]]:
    records, promise = f"{one.records:,}", TARGET_SECONDS if one.records <= TARGET_RECORDS else None
    yield "arranging the records", records, format_seconds(one.index_seconds), "", ""
    yield (
        f"matching {one.rows:,} rows",
        records,
        format_seconds(one.matching_seconds),
        *compare_with_target(one.matching_seconds, promise, format_seconds),
    )
    yield "· a row", records, format_milliseconds(one.matching_seconds / one.rows), "", ""
    growth = one.matching_seconds / one.half_seconds
    yield (
        "· all rows, as a multiple of half of them",
        records,
        format_ratio(growth),
        *compare_with_target(growth, MAX_GROWTH, format_ratio),
    )
    yield "rows about a record that led to it", records, f"{one.found_rows / max(one.rows_with_record, 1):.3f}", "", ""


def _match_rows(index: MatchIndex, asked: Sequence[tuple[MatchRecord, str | None]]) -> tuple[float, int]:
    began = time.process_time()
    answers = [index.find_matches(row) for row, _ in asked]
    spent = time.process_time() - began
    led = [any(one.id == whom for one in answer) for answer, (_, whom) in zip(answers, asked, strict=True)]
    return spent, sum(led)


def _generate_rows(parties: Sequence[MatchRecord]) -> Iterator[tuple[MatchRecord, str | None]]:
    """Rows by turns about a record and about nobody, without end; each with the id of its record."""
    rng = Random(SEED)
    while True:
        about = rng.choice(parties)
        bare = replace(about, id="row", name=misspell_name(rng, about.name), names=(), identifiers=(), emails=(), phones=())
        yield bare, about.id
        told = invent_organization(rng)
        place = MatchAddress(told.street, told.city, f"US-{told.state}", told.postal_code, "US")
        yield MatchRecord("row", told.name, phones=(told.phone,), addresses=(place,)), None
