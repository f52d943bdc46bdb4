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

from benchmarks.driver import HOST
from benchmarks.networks import NOW, Seeded
from benchmarks.processes import directory_server
from benchmarks.stopwatch import FOLLOWING, PARTS, WITHIN_FOLLOWING, watched
from benchmarks.tables import Table, milliseconds, verdict
from directory.gazetteer import gazetteer
from directory.geo import Disclosure, Precision
from directory.live import Directory
from directory.question import Question, RegionFilter, RegionMatch
from directory.records import Audience, Entry, MembershipStatus
from directory.store import Put, Store

HERE = 0.020  # seconds
ELSEWHERE = 1.5
ELSEWHERE_EDITS = 40
LOOKED_EVERY_SECONDS = 0.5  # how often the other process looks at the ledger
WAIT_SECONDS = 10
ASK_AGAIN_SECONDS = 0.005
WARM_UP = 4
CITIES = ("Atlanta, GA", "Chicago, IL", "Houston, TX")
SEEN = "query Seen($text: String!) { organizations(query: $text) { totalCount } }"


class Edit(Struct, frozen=True):
    """An edit, and a question that finds the record only after it."""

    kind: str
    put: Put
    question: Question


class Followed(Struct, frozen=True):
    """Seconds of one edit: to write it, and from its commit until it was found; `parts` of the latter by name."""

    kind: str
    written: float
    found: float
    parts: dict[str, float]


class Measured(Struct, frozen=True):
    size: int
    here: list[Followed]
    elsewhere: list[float]


def measure(network: Seeded, rounds: int, folder: Path) -> Measured:
    """`rounds` edits in this process, fewer in another; on a copy of the database."""
    copy = network.copy(folder)
    entries = _editable(copy)
    here = _followed_here(copy, list(_edits(entries, rounds + WARM_UP)))
    elsewhere = _followed_elsewhere(copy, list(_edits(entries[rounds + WARM_UP :], min(rounds, ELSEWHERE_EDITS), "elsewhere")))
    return Measured(network.size, here[WARM_UP:], elsewhere)


def _editable(network: Seeded) -> list[Entry]:
    store = Store.open(network.url)
    found = [entry for entry, _ in store.entries() if _is_editable(entry)]
    store.close()
    Random(network.size).shuffle(found)
    return found


def _is_editable(entry: Entry) -> bool:
    return entry.audience is Audience.PUBLIC and entry.membership.status is MembershipStatus.ACTIVE and bool(entry.sites)


def _edits(entries: list[Entry], count: int, mark: str = "measured") -> Iterator[Edit]:
    """Of the kinds in turn, each of another record; fewer where there are not as many records."""
    for number, entry in zip(range(count), entries, strict=False):
        word = f"{mark}{number:06}"
        yield KINDS[number % len(KINDS)](entry, word)


def _summary(entry: Entry, word: str) -> Edit:
    return Edit("a summary", Put(replace(entry, summary=f"{entry.summary or ''} {word}.")), Question(text=word))


def _name(entry: Entry, word: str) -> Edit:
    return Edit("a name", Put(replace(entry, name=f"{entry.name} {word}")), Question(text=word))


def _place(entry: Entry, word: str) -> Edit:
    """To a city of another state; the name tells which record is meant."""
    here = {site.state for site in entry.sites}
    city = next(city for city in map(gazetteer().resolve, CITIES) if city.state not in here)
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


def _new(entry: Entry, word: str) -> Edit:
    """A record like another one, with an id, a slug and a name of its own."""
    own_id = str(uuid5(NAMESPACE_URL, word))
    sites = tuple(replace(site, id=str(uuid5(NAMESPACE_URL, f"{word} {site.id}"))) for site in entry.sites)
    name = f"{entry.name} {word}"
    made = replace(entry, id=own_id, slug=word, name=name, identifiers=(), sites=sites, parent=None, relations=())
    return Edit("a new record", Put(made), Question(text=word))


KINDS: tuple[Callable[[Entry, str], Edit], ...] = (_summary, _name, _place, _new)


def _followed_here(network: Seeded, edits: list[Edit]) -> list[Followed]:
    directory = Directory(Store.open(network.url))
    try:
        directory.snapshot(Audience.PUBLIC)
        return [_followed(directory, edit) for edit in edits]
    finally:
        directory.close()


def _followed(directory: Directory, edit: Edit) -> Followed:
    with watched() as parts:
        began = time.perf_counter()
        directory.store.write([edit.put], actor="benchmark", now=_now(), reason="measured")
        committed = time.perf_counter()
        directory.follow()
        total = directory.snapshot(Audience.PUBLIC).find(edit.question).total
        found = time.perf_counter()
    assert total, f"{edit.kind} was not found after its edit"
    return Followed(edit.kind, committed - began, found - committed, dict(parts))


def _followed_elsewhere(network: Seeded, edits: list[Edit]) -> list[float]:
    """The other process is the server as it is, asked again and again."""
    store = Store.open(network.url)
    try:
        with directory_server(network.url) as server:
            server.answered("/graphql", b'{"query": "{ __typename }"}')
            connection = http.client.HTTPConnection(HOST, server.port, timeout=WAIT_SECONDS)
            moments = Random(network.size)  # or every edit would come right after a look at the ledger
            return [_seen_elsewhere(store, connection, edit, moments) for edit in edits if edit.kind != "a place"]
    finally:
        store.close()


def _seen_elsewhere(store: Store, connection: http.client.HTTPConnection, edit: Edit, moments: Random) -> float:
    body = msgspec.json.encode({"query": SEEN, "variables": {"text": edit.question.text}})
    time.sleep(moments.uniform(0, LOOKED_EVERY_SECONDS))
    store.write([edit.put], actor="benchmark", now=_now(), reason="measured")
    committed = time.perf_counter()
    while time.perf_counter() - committed < WAIT_SECONDS:
        connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
        if b'"totalCount":0' not in connection.getresponse().read():
            return time.perf_counter() - committed
        time.sleep(ASK_AGAIN_SECONDS)
    raise RuntimeError(f"{edit.kind} was not seen by the other process within {WAIT_SECONDS} seconds.")


def _now() -> dt.datetime:
    return NOW + dt.timedelta(days=1)


def tables(measured: list[Measured]) -> list[Table]:
    return [table for one in measured for table in (_here(one), _parts(one), _elsewhere(one))]


def _here(measured: Measured) -> Table:
    kinds = dict.fromkeys(one.kind for one in measured.here)
    groups = {kind: [one for one in measured.here if one.kind == kind] for kind in kinds} | {"anything": measured.here}
    rows = []
    for kind, edits in groups.items():
        found = [one.found for one in edits]
        median, written = statistics.median(found), statistics.median(one.written for one in edits)
        told = (milliseconds(written), milliseconds(median), milliseconds(max(found)), *verdict(median, HERE, milliseconds))
        rows.append((kind, str(len(edits)), *told))
    columns = ("an edit of", "edits", "written in", "found after its commit, median", "at most", "target", "")
    return Table(f"In the process that wrote it, at {measured.size:,} records", columns, rows)


def _parts(measured: Measured) -> Table:
    medians = {part: statistics.median(one.parts.get(part, 0.0) for one in measured.here) for part in PARTS}
    rows = [(part, milliseconds(median)) for part, median in medians.items()]
    rest = statistics.median(one.parts[FOLLOWING] - sum(one.parts[part] for part in WITHIN_FOLLOWING) for one in measured.here)
    rows.append(("· the rest of following: the transaction, and letting go of the snapshot before", milliseconds(rest)))
    return Table(f"Where that time goes, at {measured.size:,} records", ("part", "median"), rows)


def _elsewhere(measured: Measured) -> Table:
    seen = sorted(measured.elsewhere)
    median, most = statistics.median(seen), seen[-1]
    told = [milliseconds(value) for value in (seen[0], median, most)]
    row = (str(len(seen)), *told, *verdict(most, ELSEWHERE, milliseconds))
    columns = ("edits", "soonest", "median", "latest", "target", "")
    return Table(f"In another process, at {measured.size:,} records", columns, [row])
