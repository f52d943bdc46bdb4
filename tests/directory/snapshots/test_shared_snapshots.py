"""Audiences share one index, and each finds exactly what it would find if there were nothing but what it sees."""

import datetime as dt
import gc
import weakref
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from random import Random

import pytest
from msgspec.structs import replace
from pyroaring import BitMap

from directory.live import Directory
from directory.records import Audience
from directory.search import rows
from directory.search.snapshot import Snapshot
from directory.snapshots import gc_pause
from directory.store.ledger.edits import Put
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization, an_id
from tests.directory.snapshots.answers import answer_lookups, answer_question, generate_questions, generate_texts
from tests.directory.snapshots.generated_networks import generate_changes, generate_network

pytestmark = pytest.mark.slow

RECORDS = 32
CHANGES = 5
QUESTIONS, TEXTS = 8, 14  # for each audience after each change
HOUR = dt.timedelta(hours=1)
SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))]
IDS = [an_id(f"record {number}") for number in range(RECORDS)]
SLUGS = [f"record-{number}-{version}" for number in range(RECORDS) for version in range(3)]


@pytest.fixture
def directory(sqlite_url: str) -> Iterator[Directory]:
    with closing(Directory.open(sqlite_url)) as directory:
        yield directory


def build_alone(store: Store, audience: Audience) -> Snapshot:
    """Return a snapshot that was built from nothing but what this audience sees."""
    return Directory(store).get_snapshot(audience)


def assert_same_answers(snapshot: Snapshot, alone: Snapshot, rng: Random, private_slugs: Iterable[str] = ()) -> None:
    texts = rng.sample(generate_texts(rng), TEXTS)
    answers, expected = (answer_lookups(either, texts, IDS, [*SLUGS, *private_slugs]) for either in (snapshot, alone))
    assert {name for name in answers if answers[name] != expected[name]} == set()
    for question in generate_questions(rng, QUESTIONS):
        answers, expected = answer_question(snapshot, question), answer_question(alone, question)
        assert {name for name in answers if answers[name] != expected[name]} == set(), question


@pytest.mark.parametrize("seed", SEEDS)
def test_each_audience_gets_the_answers_of_a_snapshot_of_its_own(directory: Directory, seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    network = generate_network(rng, RECORDS)
    directory.write([Put(entry) for entry in network], actor="a test", now=NOW, reason="test")
    directory.build_snapshots(Audience)
    current = {entry.id: entry for entry in network}
    for step, edits in enumerate([[], *islice(generate_changes(rng, current, RECORDS), CHANGES)]):
        directory.write(edits, actor="a test", now=NOW + step * HOUR, reason="test")
        every_slug = directory.store.load_slug_targets()  # also private ones, with random endings
        for audience in Audience:
            assert_same_answers(directory.get_snapshot(audience), build_alone(directory.store, audience), rng, every_slug)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_snapshot_holds_no_record_that_its_audience_does_not_see(directory: Directory, seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    network = generate_network(rng, RECORDS)
    directory.write([Put(entry) for entry in network], actor="a test", now=NOW, reason="test")
    directory.build_snapshots(Audience)
    current = {entry.id: entry for entry in network}
    for edits in islice(generate_changes(rng, current, RECORDS), 4 * CHANGES):
        directory.write(edits, actor="a test", now=NOW, reason="test")
        stored = [entry for entry, _ in directory.store.load_organizations()]
        for audience in Audience:
            own_rows = directory.get_snapshot(audience).index.rows
            visible = {entry.id for entry in stored if audience.sees(entry.effective_audience)}
            assert {record.id for record in own_rows.records if record is not None} == visible
            assert len(own_rows.live_rows) == len(visible)


def test_audiences_share_equal_data(directory: Directory) -> None:
    network = [replace(entry, audience=Audience.PUBLIC) for entry in generate_network(Random(3), RECORDS)]  # noqa: S311
    hidden = a_stored_organization("Quillwort", audience=Audience.STAFF)
    directory.write([Put(entry) for entry in (*network, hidden)], actor="a test", now=NOW, reason="test")
    public, members, staff = (snapshot.index for snapshot in directory.build_snapshots(Audience))
    assert public.words is members.words
    assert public.words._shared is staff.words._shared
    assert public.sets is members.sets
    assert public.sets["located"]["US-GA"] is staff.sets["located"]["US-GA"]
    assert public.regions is members.regions
    assert public.rows.base_keys is staff.rows.base_keys
    assert public.sets["membership"]["ACTIVE"] == staff.sets["membership"]["ACTIVE"] - BitMap(
        [row for row, record in staff.rows.number_records() if record.id == hidden.id]
    )


def test_a_process_for_the_public_holds_no_hidden_word(directory: Directory) -> None:
    entries = [a_stored_organization("Harbor"), a_stored_organization("Quillwort", audience=Audience.MEMBERS)]
    directory.write([Put(entry) for entry in entries], actor="a test", now=NOW, reason="test")
    assert directory.get_snapshot(Audience.PUBLIC).index.words._shared.lexicon.words == ["harbor"]
    directory.write([Put(replace(entries[1], summary="Zumbador"))], actor="a test", now=NOW, reason="test")
    assert directory.get_snapshot(Audience.PUBLIC).index.words._shared.lexicon.words == ["harbor"]
    directory.get_snapshot(Audience.MEMBERS)
    assert set(directory.get_snapshot(Audience.PUBLIC).index.words._shared.lexicon.words) == {"harbor", "quillwort", "zumbador"}


def test_many_additions_number_the_rows_of_all_audiences_again(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_ADDED_ROWS", 3)
    rng = Random(5)  # noqa: S311
    network = generate_network(rng, RECORDS)
    directory.write([Put(entry) for entry in network[:8]], actor="a test", now=NOW, reason="test")
    numberings = {directory.build_snapshots(Audience)[0].index.rows._numbering}
    for entry in network[8:20]:
        directory.write([Put(entry)], actor="a test", now=NOW, reason="test")
        snapshots = [directory.get_snapshot(audience) for audience in Audience]
        numberings.add(snapshots[0].index.rows._numbering)
        assert all(snapshot.index.rows.shares_numbers(snapshots[0].index.rows) for snapshot in snapshots)
    assert len(numberings) > 2
    for snapshot in snapshots:
        assert_same_answers(snapshot, build_alone(directory.store, snapshot.audience), rng)


def test_replaced_snapshots_are_freed_without_the_garbage_collector(directory: Directory) -> None:
    """The collector never looks at a large snapshot, so a cycle would keep each replaced one in memory."""
    network = generate_network(Random(2), RECORDS)  # noqa: S311
    directory.write([Put(entry) for entry in network], actor="a test", now=NOW, reason="test")
    gc.disable()
    try:
        for snapshot in directory.build_snapshots(Audience):
            for question in generate_questions(Random(2), QUESTIONS):  # noqa: S311
                answer_question(snapshot, question)
        replaced = [weakref.ref(directory.get_snapshot(audience).index.rows) for audience in Audience]
        del snapshot
        directory.write(
            [Put(replace(entry, name=f"{entry.name} Two")) for entry in network], actor="a test", now=NOW, reason="test"
        )
        assert [reference() for reference in replaced] == [None] * len(Audience)
    finally:
        gc.enable()


def test_the_garbage_collector_skips_large_snapshots(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    network = generate_network(Random(2), RECORDS)  # noqa: S311
    directory.write([Put(entry) for entry in network], actor="a test", now=NOW, reason="test")
    monkeypatch.setattr(gc_pause, "MANY_OBJECTS", 10)
    before = gc.get_freeze_count()
    directory.build_snapshots(Audience)  # nothing is unfrozen: the collector would look at the objects of all tests from now on
    assert gc.get_freeze_count() > before
    assert gc.isenabled()
