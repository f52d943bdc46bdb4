"""Measure coalitions, events and provisions beside organizations: lists, memory, edits, and what they cost other questions."""

import datetime as dt
import gc
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import islice, pairwise
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from benchmarks import provisions, targets
from benchmarks.edits.stopwatch import WRITING, time_parts
from benchmarks.fictional_networks import NOW, NetworkDatabase
from benchmarks.http.server_processes import run_module
from benchmarks.memory import LoadMeasurement
from benchmarks.question_kinds import MAIN_KINDS, draw_variables
from benchmarks.tables import Table, compare_with_target, format_megabytes, format_milliseconds, format_ratio, format_seconds
from directory.kinds.coalition import CoalitionMember, StoredCoalition
from directory.live import Directory
from directory.question import Filter, RegionFilter, TermFilter
from directory.question.record_question import KeyFilter, RecordQuestion
from directory.records import Audience, RecordKind
from directory.search.snapshot import Snapshot
from directory.store.ledger.edits import Put
from directory.store.store import Store
from directory.vocabulary.terms import ISSUE_AREAS

MEMBERS = 200  # of the coalition that is edited
OTHER_TABLES = ("provisions", "instruments", "events", "coalitions")  # each before those that it refers to
QUESTION_KEYS = ("Q2", "Q3", "Q4", "Q6")


class KindMeasurements(Struct, frozen=True):
    """Seconds of each list and edit, and of questions for organizations with and without the other kinds; megabytes."""

    size: int
    counts: dict[str, int]
    list_seconds: dict[str, list[float]]
    edit_seconds: list[float]
    question_ratios: dict[str, float]
    megabytes: float
    megabytes_without: float
    import_seconds: float


def measure_kinds(network: NetworkDatabase, rounds: int, folder: Path) -> KindMeasurements:
    """Measure a database with records of all kinds, and a copy of it with organizations only."""
    without = _copy_without_other_kinds(network, folder)
    megabytes, megabytes_without = (_measure_megabytes(one) for one in (network, without))
    with closing(Store.open(network.url)) as store, closing(Store.open(without.url)) as other_store:
        snapshot, smaller = (Directory(one).get_snapshot(Audience.PUBLIC) for one in (store, other_store))
        gc.collect()
        gc.freeze()
        counts = {kind.noun: len(view.index.rows.live_rows) for kind, view in snapshot.views.items()}
        lists = {name: _time_questions(snapshot, build(rounds, snapshot)) for name, build in _LISTS.items()}
        ratios = {key: _compare_questions(snapshot, smaller, key, rounds, network.size) for key in QUESTION_KEYS}
    edits = _measure_edits(network.copy(folder), rounds)
    return KindMeasurements(network.size, counts, lists, edits, ratios, megabytes, megabytes_without, _measure_import(folder))


def _measure_import(folder: Path) -> float:
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        path = provisions.write_rows(Path(temporary) / "recommendations.csv", provisions.build_rows())
        return provisions.measure_import(path, Path(temporary)).total_seconds


# ---------------------------------------------------------------- memory


def _copy_without_other_kinds(network: NetworkDatabase, folder: Path) -> NetworkDatabase:
    file = folder / "organizations-only.sqlite3"
    file.write_bytes(network.file.read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for table in OTHER_TABLES:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables
        for table in ("changes", "slugs", "slug_aliases", "seen"):
            connection.execute(f"DELETE FROM {table} WHERE record_kind <> 'ORGANIZATION'")  # noqa: S608 - our own tables
        connection.commit()
    return NetworkDatabase(network.size, file, None)


def _measure_megabytes(network: NetworkDatabase) -> float:
    output = run_module("benchmarks.memory", [network.url, Audience.PUBLIC])
    return msgspec.json.decode(output, type=LoadMeasurement).megabytes


# ---------------------------------------------------------------- lists


def _take(values: Iterable[str], count: int) -> list[str]:
    return list(islice(values, count))


def _ask_by_theme(kind: RecordKind) -> Callable[[int, Snapshot], list[RecordQuestion]]:
    def build(rounds: int, _snapshot: Snapshot) -> list[RecordQuestion]:
        themes = _take(ISSUE_AREAS.terms, rounds)
        return [RecordQuestion(kind=kind, conditions=Filter(issue_areas=TermFilter((theme,)))) for theme in themes]

    return build


def _ask_by_state(kind: RecordKind) -> Callable[[int, Snapshot], list[RecordQuestion]]:
    def build(rounds: int, snapshot: Snapshot) -> list[RecordQuestion]:
        codes = ("US-GA", "US-NY", "US-CA", "US-TX", "US-IL", "US-FL", "US-NM", "US-WA", "US-OH", "US-MA")
        return [RecordQuestion(kind=kind, conditions=Filter(regions=RegionFilter((code,)))) for code in codes]

    return build


def _ask_by_text(kind: RecordKind) -> Callable[[int, Snapshot], list[RecordQuestion]]:
    def build(rounds: int, snapshot: Snapshot) -> list[RecordQuestion]:
        names = (record.name for _, record in snapshot.views[kind].index.rows.number_records()[:: max(1, rounds // 4)])
        return [RecordQuestion(kind=kind, text=" ".join(name.split()[:2])) for name in _take(names, rounds)]

    return build


def _ask_by_member(rounds: int, snapshot: Snapshot) -> list[RecordQuestion]:
    ids = (record.id for _, record in snapshot.index.rows.number_records()[:rounds])
    return [RecordQuestion(kind=RecordKind.COALITION, keys=(KeyFilter("member", (identity,)),)) for identity in ids]


def _ask_by_month(rounds: int, _snapshot: Snapshot) -> list[RecordQuestion]:
    days = [NOW + dt.timedelta(days=30 * number) for number in range(-rounds // 4, rounds // 4)]
    return [RecordQuestion(kind=RecordKind.EVENT, from_=first, until=last) for first, last in pairwise(days)]


_LISTS: dict[str, Callable[[int, Snapshot], list[RecordQuestion]]] = {
    "coalitions by theme": _ask_by_theme(RecordKind.COALITION),
    "coalitions by state": _ask_by_state(RecordKind.COALITION),
    "coalitions of an organization": _ask_by_member,
    "coalitions by words": _ask_by_text(RecordKind.COALITION),
    "events of a month": _ask_by_month,
    "events by theme": _ask_by_theme(RecordKind.EVENT),
    "events by state": _ask_by_state(RecordKind.EVENT),
    "events by words": _ask_by_text(RecordKind.EVENT),
    "recommendations by theme": _ask_by_theme(RecordKind.PROVISION),
}


def _time_questions(snapshot: Snapshot, questions: list[RecordQuestion]) -> list[float]:
    return [_time_call(lambda: snapshot.find_records(question).nodes) for question in questions]  # noqa: B023 - called at once


def _time_call(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


# ---------------------------------------------------------------- organizations beside other kinds


def _compare_questions(snapshot: Snapshot, smaller: Snapshot, key: str, rounds: int, size: int) -> float:
    """Return how many times as long questions for organizations take beside other kinds. Both are asked in turn."""
    kind = next(kind for kind in MAIN_KINDS if kind.key == key)
    questions = [kind.question(variables) for variables in draw_variables(kind, rounds, size)]
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for number, question in enumerate(questions):
        for beside_others in (True, False) if number % 2 else (False, True):
            network = snapshot if beside_others else smaller
            call = lambda: (network.find(question).page.hits, network.find(question).count_facet("issue_areas"))  # noqa: B023, E731
            seconds[beside_others].append(_time_call(call))
    return statistics.median(seconds[True]) / statistics.median(seconds[False])


# ---------------------------------------------------------------- edits


def _measure_edits(network: NetworkDatabase, rounds: int) -> list[float]:
    """Return the seconds from the commit of an edit of a coalition with many members until a search finds it."""
    with closing(Store.open(network.url)) as store:
        directory = Directory(store)
        snapshot = directory.get_snapshot(Audience.PUBLIC)
        members = tuple(CoalitionMember(record.id) for _, record in snapshot.index.rows.number_records()[:MEMBERS])
        ((first, _), *_) = store.load_records(RecordKind.COALITION)
        assert isinstance(first, StoredCoalition)
        edits = [replace(first, members=members, summary=f"measured{number:06}.") for number in range(rounds)]
        return [_measure_edit(directory, edit) for edit in edits][1:]


def _measure_edit(directory: Directory, edit: StoredCoalition) -> float:
    with time_parts() as parts:
        start = time.perf_counter()
        directory.write([Put(edit)], actor="benchmark", now=NOW + dt.timedelta(days=1), reason="measured")
        word = (edit.summary or "").removesuffix(".")
        question = RecordQuestion(kind=RecordKind.COALITION, text=word)
        found = directory.get_snapshot(Audience.PUBLIC).find_records(question).total_count
        seconds = time.perf_counter() - start
    assert found == 1, "the edit was not found"
    return seconds - parts[WRITING]


# ---------------------------------------------------------------- tables


def build_tables(measured: KindMeasurements) -> list[Table]:
    counts = ", ".join(f"{count:,} {noun}s" for noun, count in measured.counts.items())
    return [
        Table(f"Lists of 20 beside {counts}", ("list", "median", "slowest", "target", ""), _build_list_rows(measured)),
        Table("Coalitions, events and recommendations", ("measure", "measured", "target", ""), _build_other_rows(measured)),
    ]


def _build_list_rows(measured: KindMeasurements) -> list[tuple[str, ...]]:
    return [
        (
            name,
            format_milliseconds(statistics.median(seconds)),
            format_milliseconds(max(seconds)),
            *compare_with_target(statistics.median(seconds), targets.RECORD_LIST_SECONDS, format_milliseconds),
        )
        for name, seconds in measured.list_seconds.items()
    ]


def _build_other_rows(measured: KindMeasurements) -> list[tuple[str, ...]]:
    more = measured.megabytes - measured.megabytes_without
    edit, ratio = statistics.median(measured.edit_seconds), targets.ORGANIZATION_QUESTION_RATIO
    return [
        *(
            (
                f"{key} for organizations beside the other kinds",
                format_ratio(value),
                *compare_with_target(value, ratio, format_ratio),
            )
            for key, value in measured.question_ratios.items()
        ),
        (
            "memory of the other kinds, one audience",
            format_megabytes(more),
            *compare_with_target(more, targets.OTHER_KINDS_MEGABYTES, format_megabytes),
        ),
        (
            f"edit of a coalition with {MEMBERS} members, from the commit until it is found",
            format_milliseconds(edit),
            *compare_with_target(edit, targets.SAME_PROCESS_SECONDS, format_milliseconds),
        ),
        (
            f"import of {provisions.RECOMMENDATION_COUNT} recommendations",
            format_seconds(measured.import_seconds),
            *compare_with_target(measured.import_seconds, provisions.TARGET_SECONDS, format_seconds),
        ),
    ]
