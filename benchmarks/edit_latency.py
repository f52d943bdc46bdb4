"""One edit: how long after its commit it is found, in the process that wrote it and in another that follows the ledger."""

import datetime as dt
import http.client
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from uuid import NAMESPACE_URL, uuid5

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from benchmarks.fictional_networks import NOW, NetworkDatabase
from benchmarks.load_driver import HOST
from benchmarks.server_processes import start_directory_server
from benchmarks.stopwatch import FOLLOWING, FOLLOWING_PARTS, PARTS, time_parts
from benchmarks.tables import Table, compare_with_target, format_milliseconds
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Disclosure, Precision
from directory.live import Directory
from directory.question import Question, RegionFilter, RegionMatch
from directory.records import Audience, MembershipStatus, StoredOrganization
from directory.store.ledger.edits import Put
from directory.store.store import Store

SAME_PROCESS_TARGET = 0.020  # seconds
OTHER_PROCESS_TARGET = 1.5
OTHER_PROCESS_EDITS = 40
POLL_SECONDS = 0.5  # how often the other process looks at the ledger
WAIT_SECONDS = 10
RETRY_SECONDS = 0.005
WARM_UP = 4
CITIES = ("Atlanta, GA", "Chicago, IL", "Houston, TX")
COUNT_DOCUMENT = "query Seen($text: String!) { organizations(query: $text) { totalCount } }"


class Edit(Struct, frozen=True):
    """An edit, and a question that finds the record only after it."""

    kind: str
    put: Put
    question: Question


class EditTiming(Struct, frozen=True):
    """Seconds of one edit: to write it, and from its commit until it was found; `parts` of the latter by name."""

    kind: str
    write_seconds: float
    follow_seconds: float
    part_seconds: dict[str, float]


class EditMeasurements(Struct, frozen=True):
    size: int
    same_process: list[EditTiming]
    other_process_seconds: list[float]


def measure_edits(network: NetworkDatabase, rounds: int, folder: Path) -> EditMeasurements:
    """`rounds` edits in this process, fewer in another; on a copy of the database."""
    copy = network.copy(folder)
    entries = _list_editable(copy)
    here = _measure_same_process(copy, list(_build_edits(entries, rounds + WARM_UP)))
    elsewhere = _measure_other_process(
        copy, list(_build_edits(entries[rounds + WARM_UP :], min(rounds, OTHER_PROCESS_EDITS), "elsewhere"))
    )
    return EditMeasurements(network.size, here[WARM_UP:], elsewhere)


def _list_editable(network: NetworkDatabase) -> list[StoredOrganization]:
    store = Store.open(network.url)
    found = [entry for entry, _ in store.load_organizations() if _is_editable(entry)]
    store.close()
    Random(network.size).shuffle(found)
    return found


def _is_editable(entry: StoredOrganization) -> bool:
    return entry.audience is Audience.PUBLIC and entry.membership.status is MembershipStatus.ACTIVE and bool(entry.sites)


def _build_edits(entries: list[StoredOrganization], count: int, mark: str = "measured") -> Iterator[Edit]:
    """Of the kinds in turn, each of another record; fewer where there are not as many records."""
    for number, entry in zip(range(count), entries, strict=False):
        word = f"{mark}{number:06}"
        yield EDIT_BUILDERS[number % len(EDIT_BUILDERS)](entry, word)


def _edit_summary(entry: StoredOrganization, word: str) -> Edit:
    return Edit("a summary", Put(replace(entry, summary=f"{entry.summary or ''} {word}.")), Question(text=word))


def _edit_name(entry: StoredOrganization, word: str) -> Edit:
    return Edit("a name", Put(replace(entry, name=f"{entry.name} {word}")), Question(text=word))


def _edit_place(entry: StoredOrganization, word: str) -> Edit:
    """To a city of another state; the name tells which record is meant."""
    here = {site.state for site in entry.sites}
    city = next(city for city in map(get_gazetteer().resolve, CITIES) if city.state not in here)
    site = replace(
        entry.sites[0],
        city=city.city,
        state=city.state,
        county=None,
        postal_code=None,
        disclosure=Disclosure.CITY,
        known=Precision.CITY,
    )
    there = RegionFilter(any_of=(city.state or "",), by=RegionMatch.LOCATED)
    return Edit("a place", Put(replace(entry, sites=(site,))), Question(text=f'"{entry.name}"', regions=there))


def _create_record(entry: StoredOrganization, word: str) -> Edit:
    """A record like another one, with an id, a slug and a name of its own."""
    own_id = str(uuid5(NAMESPACE_URL, word))
    sites = tuple(replace(site, id=str(uuid5(NAMESPACE_URL, f"{word} {site.id}"))) for site in entry.sites)
    name = f"{entry.name} {word}"
    made = replace(entry, id=own_id, slug=word, name=name, identifiers=(), sites=sites, parent=None, relations=())
    return Edit("a new record", Put(made), Question(text=word))


EDIT_BUILDERS: tuple[Callable[[StoredOrganization, str], Edit], ...] = (_edit_summary, _edit_name, _edit_place, _create_record)


def _measure_same_process(network: NetworkDatabase, edits: list[Edit]) -> list[EditTiming]:
    directory = Directory(Store.open(network.url))
    try:
        directory.get_snapshot(Audience.PUBLIC)
        return [_measure_edit(directory, edit) for edit in edits]
    finally:
        directory.close()


def _measure_edit(directory: Directory, edit: Edit) -> EditTiming:
    with time_parts() as parts:
        began = time.perf_counter()
        directory.store.write([edit.put], actor="benchmark", now=_edit_time(), reason="measured")
        committed = time.perf_counter()
        directory.update_snapshots()
        total = directory.get_snapshot(Audience.PUBLIC).find(edit.question).total
        found = time.perf_counter()
    assert total, f"{edit.kind} was not found after its edit"
    return EditTiming(edit.kind, committed - began, found - committed, dict(parts))


def _measure_other_process(network: NetworkDatabase, edits: list[Edit]) -> list[float]:
    """The other process is the server as it is, asked again and again."""
    store = Store.open(network.url)
    try:
        with start_directory_server(network.url) as server:
            server.wait_for_answer("/graphql", b'{"query": "{ __typename }"}')
            connection = http.client.HTTPConnection(HOST, server.port, timeout=WAIT_SECONDS)
            moments = Random(network.size)  # or every edit would come right after a look at the ledger
            return [_wait_until_visible(store, connection, edit, moments) for edit in edits if edit.kind != "a place"]
    finally:
        store.close()


def _wait_until_visible(store: Store, connection: http.client.HTTPConnection, edit: Edit, moments: Random) -> float:
    body = msgspec.json.encode({"query": COUNT_DOCUMENT, "variables": {"text": edit.question.text}})
    time.sleep(moments.uniform(0, POLL_SECONDS))
    store.write([edit.put], actor="benchmark", now=_edit_time(), reason="measured")
    committed = time.perf_counter()
    while time.perf_counter() - committed < WAIT_SECONDS:
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        if b'"totalCount":0' not in connection.getresponse().read():
            return time.perf_counter() - committed
        time.sleep(RETRY_SECONDS)
    raise RuntimeError(f"{edit.kind} was not seen by the other process within {WAIT_SECONDS} seconds.")


def _edit_time() -> dt.datetime:
    return NOW + dt.timedelta(days=1)


def build_tables(measured: list[EditMeasurements]) -> list[Table]:
    return [
        table
        for one in measured
        for table in (_build_same_process_table(one), _build_parts_table(one), _build_other_process_table(one))
    ]


def _build_same_process_table(measured: EditMeasurements) -> Table:
    kinds = dict.fromkeys(one.kind for one in measured.same_process)
    groups = {kind: [one for one in measured.same_process if one.kind == kind] for kind in kinds} | {
        "anything": measured.same_process
    }
    rows = []
    for kind, edits in groups.items():
        found = [one.follow_seconds for one in edits]
        median, written = statistics.median(found), statistics.median(one.write_seconds for one in edits)
        told = (
            format_milliseconds(written),
            format_milliseconds(median),
            format_milliseconds(max(found)),
            *compare_with_target(median, SAME_PROCESS_TARGET, format_milliseconds),
        )
        rows.append((kind, str(len(edits)), *told))
    columns = ("an edit of", "edits", "written in", "found after its commit, median", "at most", "target", "")
    return Table(f"In the process that wrote it, at {measured.size:,} records", columns, rows)


def _build_parts_table(measured: EditMeasurements) -> Table:
    medians = {part: statistics.median(one.part_seconds.get(part, 0.0) for one in measured.same_process) for part in PARTS}
    rows = [(part, format_milliseconds(median)) for part, median in medians.items()]
    rest = statistics.median(
        one.part_seconds[FOLLOWING] - sum(one.part_seconds[part] for part in FOLLOWING_PARTS) for one in measured.same_process
    )
    rows.append(("· the rest of following: the transaction, and letting go of the snapshot before", format_milliseconds(rest)))
    return Table(f"Where that time goes, at {measured.size:,} records", ("part", "median"), rows)


def _build_other_process_table(measured: EditMeasurements) -> Table:
    seen = sorted(measured.other_process_seconds)
    median, most = statistics.median(seen), seen[-1]
    told = [format_milliseconds(value) for value in (seen[0], median, most)]
    row = (str(len(seen)), *told, *compare_with_target(most, OTHER_PROCESS_TARGET, format_milliseconds))
    columns = ("edits", "soonest", "median", "latest", "target", "")
    return Table(f"In another process, at {measured.size:,} records", columns, [row])
