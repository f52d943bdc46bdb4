"""While random writes change records of all kinds, each audience gets the answers of a directory that was just opened.

The writes are edits, merges and undos. A second process follows them, sometimes several at once. Nothing that an audience may not
see is in its answers, and the tables agree with the snapshots after each write.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from random import Random
from typing import Any

import pytest
from msgspec import Struct, field

from directory.curation.consistency import find_disagreements
from directory.curation.merge import merge
from directory.curation.undo import undo
from directory.errors import BadInput, Conflict, NotFound
from directory.kinds import get_kind
from directory.kinds.coalition import Coalition, StoredCoalition
from directory.kinds.event import Event
from directory.kinds.kind import list_references
from directory.live import Directory
from directory.publish import ChangeKind
from directory.question import Filter, Page, Question, RegionFilter, TermFilter
from directory.question.record_question import KeyFilter, RecordQuestion
from directory.records import Audience, MembershipStatus, PublishedRecord, RecordKind, StoredOrganization
from directory.search.snapshot import Snapshot
from directory.store.ledger.edits import Edit, Put
from directory.store.store import Store
from tests.builders import NOW
from tests.directory.snapshots.generated_kinds import (
    DAYS,
    PHRASES,
    PRIVATE_WORD,
    REFERENCE_SETS,
    WORDS,
    Records,
    change_members,
    generate_edits,
    generate_network,
    hide_a_reference,
    is_public,
    list_of_type,
    move_an_event,
    remove_a_coalition,
    rename_a_record,
)

OTHER_KINDS = [kind for kind in RecordKind if kind is not RecordKind.ORGANIZATION]
PAGE = Page(first=100)
FIRST_SEEDS = {"sqlite": 3, "postgresql": 7}
RANDOM_WRITES = 9  # of a history, beside one write for each of STEPS
REQUIRED_CASES = {
    "a hidden organization of a visible coalition",
    "a hidden organization of a visible event",
    "a hidden coalition of a visible event",
    "a hidden instrument of a visible provision",
    "a hidden member of a coalition that stays the same",
    "a coalition with other members",
    "a removed coalition",
    "a merged member of a coalition",
    "a moved event",
    "a renamed record",
    "an undone change",
    "several revisions at once",
}


# ---------------------------------------------------------------- questions


class Keys(Struct, frozen=True):
    """What to look up: the ids of all records that ever existed, with their kinds, and all current and former slugs."""

    ids: Mapping[str, RecordKind]
    slugs: Mapping[RecordKind, Iterable[str]]


def list_questions(keys: Keys) -> Iterator[RecordQuestion]:
    for kind in OTHER_KINDS:
        yield RecordQuestion(kind=kind, page=PAGE)
        yield from (RecordQuestion(kind=kind, text=word, page=PAGE) for word in (*WORDS, PRIVATE_WORD))
        for slug in ("housing", "tenants"):
            yield RecordQuestion(kind=kind, conditions=Filter(issue_areas=TermFilter((slug,))), page=PAGE)
        for code in ("US-GA", "US-FL", "US-SOUTH"):
            yield RecordQuestion(kind=kind, conditions=Filter(regions=RegionFilter((code,))), page=PAGE)
    for owner, name, target in REFERENCE_SETS:
        ids = [identity for identity, kind in keys.ids.items() if kind is target]
        yield from (RecordQuestion(kind=owner, keys=(KeyFilter(name, (identity,)),), page=PAGE) for identity in ids)
    for moment in (NOW + dt.timedelta(days=day) for day in range(DAYS)):
        yield RecordQuestion(kind=RecordKind.EVENT, from_=moment, page=PAGE)
        yield RecordQuestion(kind=RecordKind.EVENT, until=moment, page=PAGE)
    for taken_up in (True, False):
        yield RecordQuestion(kind=RecordKind.PROVISION, taken_up=taken_up, page=PAGE)


def answer_questions(snapshot: Snapshot, keys: Keys) -> list[tuple[object, Any]]:
    """Return questions with what a snapshot answers."""
    answers: list[tuple[object, Any]] = [(one, snapshot.find_records(one)) for one in list_questions(keys)]
    for kind, slugs in keys.slugs.items():
        answers += [((kind, slug), snapshot.find_record_by_slug(kind, slug)) for slug in slugs]
        answers += [((kind, word), snapshot.find_named(kind, word, 50)) for word in WORDS]
    answers += [(identity, snapshot.find_record(kind, identity)) for identity, kind in keys.ids.items()]
    answers += [(("members", slug), list_members(snapshot, slug)) for slug in keys.slugs[RecordKind.COALITION]]
    answers += [(words, snapshot.record_phrases.match(words.split(), 0)) for words in PHRASES]
    return [*answers, ("version", snapshot.version)]


def list_members(snapshot: Snapshot, slug: str) -> list[str] | None:
    """Return the ids of the organizations that are found; None if there is no such coalition for the audience."""
    try:
        page = snapshot.find(Question(coalition=slug, membership=tuple(MembershipStatus), page=PAGE)).page
    except BadInput:
        return None
    return [hit.organization.id for hit in page.hits]


# ---------------------------------------------------------------- writes


class History(Struct):
    """A directory, another process that follows the same store, and what was counted while random steps changed both."""

    rng: Random
    directory: Directory
    follower: Directory
    now: dt.datetime = NOW
    ids: dict[str, RecordKind] = {}  # of all records that ever existed
    cases: Counter[str] = field(default_factory=Counter)
    refusals: int = 0

    def write(self, edits: list[Edit]) -> None:
        self.directory.write(edits, actor="tester", now=self.now, reason="a test")


Step = Callable[[History, Records], None]


def write_edits(generate: Callable[[Random, Records], list[Edit]]) -> Step:
    return lambda history, records: history.write(generate(history.rng, records))


def merge_a_member(history: History, records: Records) -> None:
    members = {member.organization for coalition in list_of_type(records, StoredCoalition) for member in coalition.members}
    loser = history.rng.choice(sorted(members))
    others = [one.id for one in list_of_type(records, StoredOrganization) if one.id != loser]
    merge(history.directory, loser, history.rng.choice(others), actor="tester", now=history.now)


def merge_two_records(history: History, records: Records) -> None:
    kind = history.rng.choice(OTHER_KINDS)
    slugs = [record.slug for record in records.values() if get_kind(record).name is kind]
    loser, survivor = (f"{kind.noun}:{slug}" for slug in history.rng.sample(slugs, 2))
    merge(history.directory, loser, survivor, actor="tester", now=history.now)


def undo_a_late_revision(history: History, _: Records) -> None:
    revision = history.directory.store.load_head().revision - history.rng.choice((0, 0, 1, 2))
    undo(history.directory, max(revision, 2), actor="tester", now=history.now, may_loosen=True)  # 1 wrote the network
    history.cases["an undone change"] += 1


HIDING = [
    write_edits(partial(hide_a_reference, owner=owner, target=target))
    for owner, target in sorted({(owner, target) for owner, _, target in REFERENCE_SETS})
]
STEPS = (
    *(*HIDING, *map(write_edits, (change_members, change_members, remove_a_coalition, rename_a_record, rename_a_record))),
    *(write_edits(move_an_event), write_edits(move_an_event), merge_a_member, merge_two_records, *[undo_a_late_revision] * 3),
    *[write_edits(generate_edits)] * RANDOM_WRITES,
)


# ---------------------------------------------------------------- comparisons


def require_right_answers(history: History, records: Records) -> None:
    """Compare each directory's answers with those of one that was just opened, for each audience."""
    store = history.directory.store
    assert find_disagreements(history.directory) == []
    keys = Keys(history.ids, {kind: store.load_slug_targets(kind=kind) for kind in RecordKind})
    directories = [history.directory, *([history.follower] if follow_at_times(history) else [])]
    for opened in Directory(store).build_snapshots(Audience):
        audience, expected = opened.audience, answer_questions(opened, keys)
        for snapshot in (directory.get_snapshot(audience) for directory in directories):
            answers = answer_questions(snapshot, keys)
            assert [pair for pair in zip(answers, expected, strict=True) if pair[0] != pair[1]] == []
            assert snapshot.list_changes(0, 1_000)[0] == store.load_visible_changes(audience)
        require_nothing_hidden(snapshot, [answer for _, answer in answers], records, history.ids)


def follow_at_times(history: History) -> bool:
    """Let the other process read what was written, after some writes. Returns whether it did."""
    if history.rng.random() < 0.5:
        return False
    behind = history.directory.store.load_head().revision - history.follower.get_snapshot(Audience.PUBLIC).revision
    history.cases["several revisions at once"] += behind > 1
    history.follower.update_snapshots()
    return True


def require_nothing_hidden(snapshot: Snapshot, answers: list[Any], records: Records, ids: Iterable[str]) -> None:
    """Check that no answer contains the id of a record that the audience does not see, or a private place."""
    visible = {identity for identity, record in records.items() if snapshot.audience.sees(record.effective_audience)}
    text = repr((answers, [list_visible(snapshot, kind) for kind in RecordKind]))
    assert [identity for identity in ids if identity not in visible and identity in text] == []
    assert PRIVATE_WORD not in text
    changes, _ = snapshot.list_changes(0, 1_000)
    assert {change.record_id for change in changes if change.kind is not ChangeKind.REMOVED} == visible


def list_visible(snapshot: Snapshot, kind: RecordKind) -> list[PublishedRecord]:
    return [record for _, record in snapshot.views[kind].index.rows.number_records()]


# ---------------------------------------------------------------- cases


class Moment(Struct, frozen=True):
    """The stored records at one moment, and the published ones that the public sees, by id."""

    records: Records
    public: dict[str, PublishedRecord]


def observe(history: History) -> Moment:
    snapshot = history.directory.get_snapshot(Audience.PUBLIC)
    public = {record.id: record for kind in RecordKind for record in list_visible(snapshot, kind)}
    records = (record for kind in RecordKind for record, _ in history.directory.store.load_records(kind))
    return Moment({record.id: record for record in sorted(records, key=lambda record: record.id)}, public)


def find_cases(before: Moment, after: Moment) -> Iterator[str]:
    for record in filter(is_public, after.records.values()):
        hidden = (kind for kind, identity in list_references(record) if not is_public(after.records[identity]))
        yield from (f"a hidden {kind.noun} of a visible {get_kind(record).noun}" for kind in hidden)
    yield from (f"a removed {get_kind(before.records[one]).noun}" for one in before.records.keys() - after.records.keys())
    for identity in before.public.keys() & after.public.keys():
        earlier, later = before.public[identity], after.public[identity]
        if earlier.slug != later.slug:
            yield "a renamed record"
        if isinstance(earlier, Event) and earlier.locations != later.locations:
            yield "a moved event"
        if isinstance(earlier, Coalition) and isinstance(later, Coalition) and earlier.members != later.members:
            if before.records[identity] != after.records[identity]:
                yield "a coalition with other members"
            elif len(later.members) < len(earlier.members):
                yield "a hidden member of a coalition that stays the same"


def find_merged_members(before: Moment, history: History) -> Iterator[str]:
    survivors = history.directory.get_snapshot(Audience.STAFF).survivor_ids
    members = {member.organization for one in list_of_type(before.records, StoredCoalition) for member in one.members}
    yield from ("a merged member of a coalition" for _ in members & survivors.keys())


# ---------------------------------------------------------------- tests


def take_step(history: History, step: Step) -> None:
    before = observe(history)
    history.now += dt.timedelta(hours=1)
    try:
        step(history, before.records)
    except (BadInput, Conflict, NotFound):
        history.refusals += 1
    after = observe(history)
    history.ids |= {record.id: get_kind(record).name for record in (*before.records.values(), *after.records.values())}
    history.cases.update((*find_cases(before, after), *find_merged_members(before, history)))
    require_right_answers(history, after.records)


def run_history(store: Store, seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - test data
    history = History(rng, Directory(store), Directory(store))
    history.write([Put(record) for record in generate_network(rng).values()])
    for directory in (history.directory, history.follower):
        directory.build_snapshots(Audience)
    for step in rng.sample(STEPS, len(STEPS)):
        take_step(history, step)
    assert history.refusals < len(STEPS) / 2
    assert REQUIRED_CASES - (+history.cases).keys() == set()


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_each_audience_gets_the_answers_of_a_new_directory(store: Store, seed: int) -> None:
    run_history(store, seed)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3))
def test_many_histories_on_each_engine(any_store: Store, number: int) -> None:
    """Each engine has its own histories: other tests show that both store the same."""
    run_history(any_store, FIRST_SEEDS[any_store.database.engine.name] + number)
