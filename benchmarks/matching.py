"""Matching: how often it is right about labelled pairs, and how long many rows take against many records."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.duplicates import PAIRS, pairs
from benchmarks.invented import misspelled, organization
from benchmarks.labelled import judged, read, tables
from benchmarks.networks import NOW, SEED
from benchmarks.tables import Table, milliseconds, seconds, times, verdict
from directory.matching import Index, Party, PartyPlace, party
from seed.fictional import fictional_entries

LABELLED_SEED = 1
ROWS = 14_121  # as many as the government's list of one city has
PROMISED_SECONDS = 60.0  # for so many rows against 100,000 records
PROMISED_FOR = 100_000
MOST_GROWTH = 2.5  # of the time for twice the rows, which is to be about twice as long


class Timed(Struct, frozen=True):
    """`found` of the rows that are about a record led to it."""

    records: int
    building: float  # seconds
    rows: int
    matching: float  # seconds
    half: float  # seconds, for the first half of the rows
    about: int
    found: int


def ours() -> list[Table]:
    """The figures for the pairs of this project."""
    return tables(judged(pairs(LABELLED_SEED)), f"{PAIRS} invented pairs", with_targets=True)


def anybodys(file: Path) -> list[Table]:
    """The figures for the pairs of a file. Raises BadInput for a file that has none."""
    found = judged(read(file))
    return tables(found, f"{len(found):,} labelled pairs", with_targets=False)


def measure(size: int, rows: int = ROWS) -> Timed:
    parties = [party(entry) for entry in fictional_entries(size, SEED, NOW)]
    began = time.process_time()
    index = Index(parties)
    index.arrange()
    building = time.process_time() - began
    asked = list(islice(_rows(parties), rows))
    half, first = _timed(index, asked[: rows // 2])
    rest, second = _timed(index, asked[rows // 2 :])
    about = sum(whom is not None for _, whom in asked)
    return Timed(size, building, rows, half + rest, half, about, first + second)


def speed(timed: Sequence[Timed]) -> list[Table]:
    rows = [row for one in timed for row in _told(one)]
    columns = ("what", "records", "measured", "target", "")
    return [Table(f"{ROWS:,} rows, half of them about a record: misspelled, the others about nobody here", columns, rows)]


def _told(one: Timed) -> Iterator[tuple[str, ...]]:
    records, promise = f"{one.records:,}", PROMISED_SECONDS if one.records <= PROMISED_FOR else None
    yield "arranging the records", records, seconds(one.building), "", ""
    yield f"matching {one.rows:,} rows", records, seconds(one.matching), *verdict(one.matching, promise, seconds)
    yield "· a row", records, milliseconds(one.matching / one.rows), "", ""
    growth = one.matching / one.half
    yield "· all rows, as a multiple of half of them", records, times(growth), *verdict(growth, MOST_GROWTH, times)
    yield "rows about a record that led to it", records, f"{one.found / max(one.about, 1):.3f}", "", ""


def _timed(index: Index, asked: Sequence[tuple[Party, str | None]]) -> tuple[float, int]:
    began = time.process_time()
    answers = [index.judgements(row) for row, _ in asked]
    spent = time.process_time() - began
    led = [any(one.id == whom for one in answer) for answer, (_, whom) in zip(answers, asked, strict=True)]
    return spent, sum(led)


def _rows(parties: Sequence[Party]) -> Iterator[tuple[Party, str | None]]:
    """Rows by turns about a record and about nobody, without end; each with the id of its record."""
    rng = Random(SEED)
    while True:
        about = rng.choice(parties)
        bare = replace(about, id="row", name=misspelled(rng, about.name), names=(), identifiers=(), emails=(), phones=())
        yield bare, about.id
        told = organization(rng)
        place = PartyPlace(told.street, told.city, f"US-{told.state}", told.postal_code, "US")
        yield Party("row", told.name, phones=(told.phone,), places=(place,)), None
