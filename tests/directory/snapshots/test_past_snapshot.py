"""The past snapshot and digests of random histories, compared with the snapshots that existed at each moment."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from typing import cast

import pytest
from msgspec.structs import replace

from directory.errors import BadInput, NotFound
from directory.kinds.coalition import Coalition
from directory.live import Directory
from directory.partners.digest import Digest, DigestKind, FieldChange, PastAndPresent, build_digest
from directory.question import Question, TermFilter
from directory.records import Audience, Membership, MembershipStatus, Organization, PublishedRecord, RecordKind, StoredRecord
from directory.search.snapshot import Snapshot
from directory.snapshots.past_snapshot import MATCHED_FIELDS, load_past_and_present
from directory.store.ledger.edits import Edit, Put
from tests.builders import NOW, a_stored_coalition, a_stored_organization
from tests.directory.snapshots.generated_kinds import WORDS, Records, generate_edits, generate_network

MOMENT = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
WRITES_BEFORE, WRITES_AFTER = 5, 14
SEEDS = range(12)
COMPARED_IN_PAST = ("name", "summary", "issue_areas", "membership", "relations")  # what random edits change
REACHED: set[object] = set()


class History:
    """A directory, and the snapshots that it had from the moment on, the first one of that moment."""

    def __init__(self, directory: Directory, rng: Random) -> None:
        self.directory = directory
        self._write([Put(record) for record in generate_network(rng).values()], NOW)
        for number in range(WRITES_BEFORE):
            self._edit(rng, NOW + dt.timedelta(hours=number + 1))
        self.snapshots = {audience: [directory.get_snapshot(audience)] for audience in Audience}
        for number in range(WRITES_AFTER):
            self._edit(rng, MOMENT + dt.timedelta(hours=number))
            for audience in Audience:
                self.snapshots[audience].append(directory.get_snapshot(audience))

    def load(self, audience: Audience) -> PastAndPresent:
        with self.directory.store.begin_read() as reading:
            return load_past_and_present(reading, audience, MOMENT)

    def _edit(self, rng: Random, now: dt.datetime) -> None:
        records = {record.id: record for kind in RecordKind for record, _ in self.directory.store.load_records(kind)}
        self._write(generate_edits(rng, cast("Records", records)), now)

    def _write(self, edits: Sequence[Edit], now: dt.datetime) -> None:
        try:
            self.directory.write(edits, actor="test", now=now, reason="test")
        except (BadInput, NotFound):
            REACHED.add("a refused write")


def list_records(snapshot: Snapshot) -> dict[str, PublishedRecord]:
    return {record.id: record for view in snapshot.views.values() for _, record in view.index.rows.number_records()}


def expect_past(snapshots: Sequence[Snapshot]) -> dict[str, PublishedRecord]:
    """Return the records of the past snapshot: those that were in all snapshots, with their matched fields of the first one."""
    known = [list_records(snapshot) for snapshot in snapshots]
    steady = set(known[0]).intersection(*known)
    expected: dict[str, PublishedRecord] = {}
    for identity in steady:
        then, today = known[0][identity], known[-1][identity]
        if isinstance(today, Organization):
            today = replace(today, **{field: getattr(then, field) for field in MATCHED_FIELDS})
        elif isinstance(today, Coalition) and isinstance(then, Coalition):
            members = then.members if then.members != today.members else today.members
            today = replace(today, members=tuple(one for one in members if one.organization in steady))
        expected[identity] = today
    new = (record for identity, record in known[-1].items() if identity not in steady)
    return expected | {one.id: replace(one, members=()) for one in new if isinstance(one, Coalition)}


def build_snapshot(audience: Audience, today: Snapshot, records: dict[str, PublishedRecord]) -> Snapshot:
    slugs = {kind: {record.slug: record.id for _, record in today.views[kind].index.rows.number_records()} for kind in RecordKind}
    return Snapshot.build(audience, today.state, records.values(), slugs, [])


def list_questions(today: Snapshot) -> Iterator[Question]:
    yield Question()
    yield Question(membership=tuple(MembershipStatus))
    yield from (Question(text=word) for word in (*WORDS, "harbr", "housing"))
    yield from (Question(issue_areas=TermFilter(any_of=(slug,))) for slug in ("housing", "tenants", "reentry"))
    for _, coalition in today.views[RecordKind.COALITION].index.rows.number_records():
        yield Question(coalition=coalition.slug, membership=tuple(MembershipStatus))


def find_ids(snapshot: Snapshot, question: Question) -> set[str]:
    return {record.id for record in snapshot.index.rows.list_records(snapshot.find(question).rows)}


@pytest.mark.slow
def test_the_past_and_digests_of_random_histories(tmp_path: Path) -> None:
    for seed in SEEDS:
        with closing(Directory.open(f"sqlite:///{tmp_path / str(seed)}.sqlite3")) as directory:
            directory.build_snapshots(Audience)
            history = History(directory, Random(seed))  # noqa: S311 - the same every time
            for audience in Audience:
                loaded = history.load(audience)
                check_past(loaded, history.snapshots[audience])
                check_digests(loaded, history.snapshots[audience])
    assert {(kind, True) for kind in DigestKind} | {(kind, False) for kind in DigestKind} <= REACHED
    assert {"a removal", "a new coalition", "an organization that was hidden meanwhile", "a relation that is left out"} <= REACHED


def check_past(loaded: PastAndPresent, snapshots: Sequence[Snapshot]) -> None:
    """The past snapshot has the records that were visible all the time, with what may be known of their past."""
    audience, today = loaded.present.audience, snapshots[-1]
    assert list_records(loaded.present) == list_records(today)
    expected = expect_past(snapshots)
    past = list_records(loaded.past)
    for identity, record in past.items():
        if isinstance(record, Coalition):  # members that the past snapshot lacks match nothing in it
            past[identity] = replace(record, members=tuple(one for one in record.members if one.organization in expected))
    assert past == expected
    reference = build_snapshot(audience, today, expected)
    for question in list_questions(today):
        assert find_ids(loaded.past, question) == find_ids(reference, question)
    then = list_records(snapshots[0])
    reached = {
        "a new coalition": any(isinstance(one, Coalition) and identity not in then for identity, one in expected.items()),
        "an organization that was hidden meanwhile": any(
            identity in then for identity in list_records(today).keys() - past.keys()
        ),
    }
    for identity, state in loaded.past_states.items():
        for field in COMPARED_IN_PAST[:-1]:
            assert getattr(state, field) == getattr(then[identity], field)
        relations = cast("Organization", then[identity]).relations
        assert state.relations == tuple(one for one in relations if one.organization in expected)
        assert (state.locations, state.contacts, state.sources) == ((), (), ())
        reached["a relation that is left out"] = state.relations != relations or "a relation that is left out" in REACHED
    REACHED.update(case for case, is_reached in reached.items() if is_reached)


def check_digests(loaded: PastAndPresent, snapshots: Sequence[Snapshot]) -> None:
    """A digest is the difference of the results of a question in the reference and in the snapshot of today."""
    today, expected = snapshots[-1], expect_past(snapshots)
    reference = build_snapshot(loaded.present.audience, today, expected)
    counts = set()
    for question in list_questions(today):
        digest = build_digest(loaded, question, MOMENT.date())
        now, then = find_ids(today, question), find_ids(reference, question)
        ids = {kind: {entry.organization.id for entry in digest.list_entries(kind)} for kind in DigestKind}
        assert ids[DigestKind.NEW] == {identity for identity in now if identity not in expected}
        assert ids[DigestKind.MATCHES_NOW] == {identity for identity in now - then if identity in expected}
        assert ids[DigestKind.NO_LONGER_MATCHES] == then - now
        check_changed(digest, snapshots, now & then)
        assert all(today.get_organization(entry.organization.id) == entry.organization for entry in digest.entries)
        counts.add((digest.removed_count, digest.removed_at))
        REACHED.update((kind, bool(question.coalition)) for kind in DigestKind if ids[kind])
    assert len(counts) == 1  # whatever the question
    REACHED.update("a removal" for removed_count, _ in counts if removed_count)


def check_changed(digest: Digest, snapshots: Sequence[Snapshot], candidates: set[str]) -> None:
    """What differs must be listed, and what is listed must be in the feed or have joined or left a coalition."""
    then, today = snapshots[0], snapshots[-1]
    listed = {entry.organization.id: entry for entry in digest.list_entries(DigestKind.CHANGED)}
    assert listed.keys() <= candidates
    feed = {change.record_id for change in today.feed.iter_after(0) if change.at >= MOMENT}
    for identity in candidates:
        before, after = then.get_organization(identity), today.get_organization(identity)
        assert before is not None
        differing = {field for field in COMPARED_IN_PAST[:-1] if getattr(before, field) != getattr(after, field)}
        fields = {change.field for change in listed[identity].changes} if identity in listed else set()
        assert differing <= fields
        assert identity in feed or fields <= {"coalitions"}


def test_a_moment_before_the_first_revision_has_no_records(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        directory.write([Put(a_stored_organization("Ash"))], actor="test", now=NOW, reason="test")
        with directory.store.begin_read() as reading:
            early, late = (load_past_and_present(reading, Audience.PUBLIC, moment) for moment in (NOW, MOMENT))
    assert (early.past.organization_count, early.present.organization_count, late.past.organization_count) == (0, 1, 1)
    assert late.past is not late.present
    assert [entry.kind for entry in build_digest(early, Question(), MOMENT.date()).entries] == [DigestKind.NEW]
    assert build_digest(late, Question(), MOMENT.date()).entries == ()


def test_terms_that_the_vocabulary_lost_are_left_out(sqlite_url: str) -> None:
    """A past state may have a term that no longer exists; a record of today cannot."""
    with closing(Directory.open(sqlite_url)) as directory:
        record: StoredRecord = a_stored_organization("Ash", issue_areas=("housing", "no-such-term"))
        directory.write([Put(record)], actor="test", now=NOW, reason="test")
        directory.write([Put(a_stored_organization("Ash", issue_areas=("workers",)))], actor="test", now=MOMENT, reason="test")
        with directory.store.begin_read() as reading:
            loaded = load_past_and_present(reading, Audience.PUBLIC, MOMENT)
    assert [one.issue_areas for one in loaded.past_states.values()] == [("housing",)]


def write_twice(url: str, first: StoredRecord, second: StoredRecord) -> PastAndPresent:
    """Return the snapshots of the public after the second state of a record has replaced the first one."""
    others = [a_stored_organization(name) for name in ("Ash", "Birch")]
    with closing(Directory.open(url)) as directory:
        directory.write([Put(one) for one in (*others, first)], actor="test", now=NOW, reason="test")
        directory.write([Put(second)], actor="test", now=MOMENT, reason="test")
        with directory.store.begin_read() as reading:
            return load_past_and_present(reading, Audience.PUBLIC, MOMENT)


def test_joining_a_coalition_is_a_new_match(sqlite_url: str) -> None:
    loaded = write_twice(sqlite_url, a_stored_coalition("Zone", ["Ash"]), a_stored_coalition("Zone", ["Birch"]))
    digest = build_digest(loaded, Question(coalition="zone"), MOMENT.date())
    assert [(entry.kind, entry.organization.name, entry.changes) for entry in digest.entries] == [
        (DigestKind.MATCHES_NOW, "Birch", (FieldChange("coalitions", ("Zone",)),)),
        (DigestKind.NO_LONGER_MATCHES, "Ash", (FieldChange("coalitions", (), 1),)),
    ]
    assert {entry.changed_at for entry in digest.entries} == {MOMENT}


def test_a_prospect_that_joined_the_network_is_a_new_match(sqlite_url: str) -> None:
    prospect = a_stored_organization("Elm", membership=Membership(MembershipStatus.PROSPECT))
    loaded = write_twice(sqlite_url, prospect, replace(prospect, membership=Membership(MembershipStatus.ACTIVE)))
    digest = build_digest(loaded, Question(), MOMENT.date())
    assert [(entry.kind, entry.organization.name) for entry in digest.entries] == [(DigestKind.MATCHES_NOW, "Elm")]
