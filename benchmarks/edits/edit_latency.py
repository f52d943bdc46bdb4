"""Measure how soon an edit is visible after its commit, in the process that wrote it and in another that follows the ledger.

The SQL statements of an edit are counted until it is visible in the process that wrote it.
"""

import datetime as dt
import http.client
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import event

from benchmarks import targets
from benchmarks.edits.stopwatch import FOLLOWING, FOLLOWING_PARTS, PARTS, WRITING, time_parts
from benchmarks.fictional_networks import NOW, NetworkDatabase
from benchmarks.http.load_driver import HOST
from benchmarks.http.server_processes import start_directory_server
from benchmarks.tables import Table, compare_with_target, format_milliseconds
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Disclosure, Precision
from directory.live import Directory
from directory.question import Question, RegionFilter, RegionMatch
from directory.records import Audience, MembershipStatus, StoredOrganization
from directory.store.ledger.edits import Put
from directory.store.store import Store

OTHER_PROCESS_EDITS = 40
POLL_SECONDS = 0.5  # the interval at which the other process reads the ledger
WAIT_SECONDS = 10
RETRY_SECONDS = 0.005
WARM_UP = 4
CITIES = ("Atlanta, GA", "Chicago, IL", "Houston, TX")
COUNT_DOCUMENT = "query Seen($text: String!) { organizations(query: $text) { totalCount } }"


class Edit(Struct, frozen=True):
    """An edit, and a question that finds the record only after the edit."""

    kind: str
    put: Put
    question: Question


class EditTiming(Struct, frozen=True):
    """The seconds to write an edit, and from its commit until a search found it, in total and by part; its SQL statements."""

    kind: str
    write_seconds: float
    follow_seconds: float
    part_seconds: dict[str, float]
    statement_count: int


class EditMeasurements(Struct, frozen=True):
    """The measurements of edits in a directory of `size` records."""

    size: int
    same_process: list[EditTiming]
    other_process_seconds: list[float]


def measure_edits(network: NetworkDatabase, rounds: int, folder: Path) -> EditMeasurements:
    """Measure `rounds` edits in this process and fewer in another, on a copy of the database."""
    copy = network.copy(folder)
    entries = _list_editable(copy)
    same_process = _measure_same_process(copy, list(_build_edits(entries, rounds + WARM_UP)))
    other_process = _measure_other_process(
        copy, list(_build_edits(entries[rounds + WARM_UP :], min(rounds, OTHER_PROCESS_EDITS), "elsewhere"))
    )
    return EditMeasurements(network.size, same_process[WARM_UP:], other_process)


def _list_editable(network: NetworkDatabase) -> list[StoredOrganization]:
    store = Store.open(network.url)
    editable = [entry for entry, _ in store.load_organizations() if _is_editable(entry)]
    store.close()
    Random(network.size).shuffle(editable)
    return editable


def _is_editable(entry: StoredOrganization) -> bool:
    return entry.audience is Audience.PUBLIC and entry.membership.status is MembershipStatus.ACTIVE and bool(entry.sites)


def _build_edits(entries: list[StoredOrganization], count: int, mark: str = "measured") -> Iterator[Edit]:
    """Yield edits of all kinds in turn, each of a different record, at most edit per record."""
    for number, entry in zip(range(count), entries, strict=False):
        word = f"{mark}{number:06}"
        yield EDIT_BUILDERS[number % len(EDIT_BUILDERS)](entry, word)


def _edit_summary(entry: StoredOrganization, word: str) -> Edit:
    return Edit("a summary", Put(replace(entry, summary=f"{entry.summary or ''} {word}.")), Question(text=word))


def _edit_name(entry: StoredOrganization, word: str) -> Edit:
    return Edit("a name", Put(replace(entry, name=f"{entry.name} {word}")), Question(text=word))


def _edit_place(entry: StoredOrganization, word: str) -> Edit:
    """Move the record to a city in another state. The question finds it by name."""
    states = {site.state for site in entry.sites}
    city = next(city for city in map(get_gazetteer().resolve, CITIES) if city.state not in states)
    site = replace(
        entry.sites[0],
        city=city.city,
        state=city.state,
        county=None,
        postal_code=None,
        disclosure=Disclosure.CITY,
        known=Precision.CITY,
    )
    state = RegionFilter(any_of=(city.state or "",), by=RegionMatch.LOCATED)
    return Edit("a place", Put(replace(entry, sites=(site,))), Question(text=f'"{entry.name}"', regions=state))


def _create_record(entry: StoredOrganization, word: str) -> Edit:
    """Create a copy of the record with its own id, slug and name."""
    own_id = str(uuid5(NAMESPACE_URL, word))
    sites = tuple(replace(site, id=str(uuid5(NAMESPACE_URL, f"{word} {site.id}"))) for site in entry.sites)
    name = f"{entry.name} {word}"
    copy = replace(entry, id=own_id, slug=word, name=name, identifiers=(), sites=sites, parent=None, relations=())
    return Edit("a new record", Put(copy), Question(text=word))


EDIT_BUILDERS: tuple[Callable[[StoredOrganization, str], Edit], ...] = (_edit_summary, _edit_name, _edit_place, _create_record)


def _measure_same_process(network: NetworkDatabase, edits: list[Edit]) -> list[EditTiming]:
    directory = Directory(Store.open(network.url))
    try:
        directory.get_snapshot(Audience.PUBLIC)
        return [_measure_edit(directory, edit) for edit in edits]
    finally:
        directory.close()


def _measure_edit(directory: Directory, edit: Edit) -> EditTiming:
    with time_parts() as parts, record_statements(directory.store) as statements:
        start = time.perf_counter()
        directory.write([edit.put], actor="benchmark", now=_edit_time(), reason="measured")
        total = directory.get_snapshot(Audience.PUBLIC).find(edit.question).total
        seconds = time.perf_counter() - start
    assert total, f"{edit.kind} was not found after its edit"
    return EditTiming(edit.kind, parts[WRITING], seconds - parts[WRITING], dict(parts), len(statements))


@contextmanager
def record_statements(store: Store) -> Iterator[list[str]]:
    """Yield the statements that are sent to the database in the block, including BEGIN."""
    statements: list[str] = []

    def append_statement(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(store.database.engine, "before_cursor_execute", append_statement)
    try:
        yield statements
    finally:
        event.remove(store.database.engine, "before_cursor_execute", append_statement)


def _measure_other_process(network: NetworkDatabase, edits: list[Edit]) -> list[float]:
    """Measure edits in the real server, which is polled over HTTP."""
    store = Store.open(network.url)
    try:
        with start_directory_server(network.url) as server:
            server.wait_for_answer("/graphql", b'{"query": "{ __typename }"}')
            connection = http.client.HTTPConnection(HOST, server.port, timeout=WAIT_SECONDS)
            rng = Random(network.size)  # for random delays: otherwise every edit would follow a poll of the ledger
            return [_wait_until_visible(store, connection, edit, rng) for edit in edits if edit.kind != "a place"]
    finally:
        store.close()


def _wait_until_visible(store: Store, connection: http.client.HTTPConnection, edit: Edit, rng: Random) -> float:
    body = msgspec.json.encode({"query": COUNT_DOCUMENT, "variables": {"text": edit.question.text}})
    time.sleep(rng.uniform(0, POLL_SECONDS))
    store.write([edit.put], actor="benchmark", now=_edit_time(), reason="measured")
    commit_time = time.perf_counter()
    while time.perf_counter() - commit_time < WAIT_SECONDS:
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        if b'"totalCount":0' not in connection.getresponse().read():
            return time.perf_counter() - commit_time
        time.sleep(RETRY_SECONDS)
    raise RuntimeError(f"The edit of {edit.kind} was not visible in the other process within {WAIT_SECONDS} seconds.")


def _edit_time() -> dt.datetime:
    return NOW + dt.timedelta(days=1)


def build_tables(measurements: list[EditMeasurements]) -> list[Table]:
    return [
        table
        for edits in measurements
        for table in (
            _build_same_process_table(edits),
            _build_statements_table(edits),
            _build_parts_table(edits),
            _build_other_process_table(edits),
        )
    ]


def _group_by_kind(edits: list[EditTiming]) -> dict[str, list[EditTiming]]:
    kinds = dict.fromkeys(edit.kind for edit in edits)
    return {kind: [edit for edit in edits if edit.kind == kind] for kind in kinds} | {"anything": edits}


def _build_same_process_table(measured: EditMeasurements) -> Table:
    rows = []
    for kind, edits in _group_by_kind(measured.same_process).items():
        seconds = [edit.follow_seconds for edit in edits]
        median, write_seconds = statistics.median(seconds), statistics.median(edit.write_seconds for edit in edits)
        cells = (
            format_milliseconds(write_seconds),
            format_milliseconds(median),
            format_milliseconds(max(seconds)),
            *compare_with_target(median, targets.SAME_PROCESS_SECONDS, format_milliseconds),
        )
        rows.append((kind, str(len(edits)), *cells))
    columns = ("edit of", "edits", "time to write", "visible after commit, median", "maximum", "target", "")
    return Table(f"In the process that wrote the edit, at {measured.size:,} records", columns, rows)


def _build_statements_table(measured: EditMeasurements) -> Table:
    rows = []
    for kind, edits in _group_by_kind(measured.same_process).items():
        counts = [edit.statement_count for edit in edits]
        cells = compare_with_target(max(counts), targets.EDIT_STATEMENTS, _format_count)
        rows.append((kind, _format_count(statistics.median(counts)), _format_count(max(counts)), *cells))
    columns = ("edit of", "median", "maximum", "target", "")
    return Table(f"SQL statements until an edit is visible in the same process, at {measured.size:,} records", columns, rows)


def _format_count(count: float) -> str:
    return f"{count:,.0f}"


def _build_parts_table(measured: EditMeasurements) -> Table:
    medians = {part: statistics.median(edit.part_seconds.get(part, 0.0) for edit in measured.same_process) for part in PARTS}
    rows = [(part, format_milliseconds(median)) for part, median in medians.items()]
    rest = statistics.median(
        edit.part_seconds[FOLLOWING] - sum(edit.part_seconds[part] for part in FOLLOWING_PARTS) for edit in measured.same_process
    )
    rows.append(("· the rest, such as freeing the previous snapshot", format_milliseconds(rest)))
    return Table(f"Time by part, at {measured.size:,} records", ("part", "median"), rows)


def _build_other_process_table(measured: EditMeasurements) -> Table:
    seconds = sorted(measured.other_process_seconds)
    median, maximum = statistics.median(seconds), seconds[-1]
    cells = [format_milliseconds(value) for value in (seconds[0], median, maximum)]
    row = (str(len(seconds)), *cells, *compare_with_target(maximum, targets.OTHER_PROCESS_SECONDS, format_milliseconds))
    columns = ("edits", "minimum", "median", "maximum", "target", "")
    return Table(f"In another process, at {measured.size:,} records", columns, [row])
