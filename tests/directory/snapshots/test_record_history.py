"""Coverage at a past day, from the history in memory, equals coverage of the past snapshot that is built from the ledger.

Random edits change everything that the history holds, hide and show records, and rename them, which moves their rows.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import cycle
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from directory.errors import BadInput, NotFound
from directory.live import Directory
from directory.partners.coverage.coverage import Coverage
from directory.partners.coverage.question import CoverageFacet, CoverageQuestion
from directory.question import FACETS, Filter, Question, RegionFilter, TermFilter
from directory.question.conditions import YearRange
from directory.records import (
    Audience,
    Membership,
    MembershipStatus,
    Organization,
    OrganizationKind,
    PublishedRecord,
    RecordKind,
    StoredOrganization,
)
from directory.search.record_history import PAST_NUMBERS, PAST_SETS
from directory.search.search_index import RecordChanges
from directory.search.snapshot import Snapshot, SnapshotChanges
from directory.snapshots.past_snapshot import MATCHED_FIELDS, load_past_and_present
from directory.store.ledger.edits import Edit, Put, Remove
from tests.builders import a_stored_location, a_stored_organization, an_id

FIRST_DAY = dt.datetime(2025, 3, 1, 9, tzinfo=dt.UTC)
RECORDS, NEW_RECORDS, WRITES, WRITES_A_DAY, DAYS_BETWEEN = 14, 3, 60, 2, 20
AUDIENCES = (*[Audience.PUBLIC] * 5, Audience.MEMBERS, Audience.STAFF)
AREAS = ("US-GA", "US-FL", "US-GA-121", "US-SOUTH", "US", "CA")
TERMS = {
    "issue_areas": ("housing", "tenants", "immigration", "reentry"),
    "communities": ("women", "youth"),
    "work_areas": ("organizing", "litigation"),
    "languages": ("en", "es"),
}
QUESTIONS = (
    Question(),
    Question(membership=tuple(MembershipStatus)),
    Question(communities=TermFilter(none_of=("women",)), kinds=(OrganizationKind.UNION, OrganizationKind.OTHER)),
    Question(languages=TermFilter(("es",)), regions=RegionFilter(("US-GA",))),
    Question(verified_since=dt.date(2024, 6, 1)),
    Question(verification_due=True),
    Question(founded=YearRange(1990, 2000)),
    Question(joined_since=dt.date(2015, 1, 1)),
    Question(parent=an_id("Group 1"), membership=tuple(MembershipStatus)),
    Question(ids=tuple(an_id(f"Group {number}") for number in range(5))),
    Question(text="grove"),
    Question(text="housing"),
    Question(clauses=((Filter(issue_areas=TermFilter(("reentry",))), Filter(membership=(MembershipStatus.LAPSED,))),)),
    Question(clauses=((Filter(membership=(MembershipStatus.LAPSED,)), Filter(regions=RegionFilter(("US-FL",)))),)),
)
reached: set[str] = set()


def choose_terms(rng: Random, field: str) -> dict[str, Any]:
    return {field: tuple(rng.sample(TERMS[field], rng.randrange(len(TERMS[field]))))}


def choose_membership(rng: Random) -> dict[str, Any]:
    joined = rng.choice((None, dt.date(2010, 1, 1), dt.date(2020, 1, 1)))
    return {"membership": Membership(rng.choice((MembershipStatus.ACTIVE, *MembershipStatus)), joined)}


def choose_time(rng: Random) -> dict[str, Any]:
    verified = rng.choice((None, dt.datetime(2023, 5, 1, tzinfo=dt.UTC), dt.datetime(2025, 1, 5, tzinfo=dt.UTC)))
    return {"verified_at": verified, "founded": rng.choice((None, 1995, 2010))}


CHANGES: tuple[Callable[[Random], dict[str, Any]], ...] = (
    *((lambda rng, field=field: choose_terms(rng, field)) for field in (*TERMS, "issue_areas")),
    choose_membership,
    choose_time,
    lambda rng: {"kind": rng.choice((OrganizationKind.UNION, OrganizationKind.OTHER, OrganizationKind.NETWORK))},
    lambda rng: {"parent": rng.choice((None, *(an_id(f"Group {number}") for number in range(4))))},
    lambda rng: {"service_areas": tuple(rng.sample(AREAS, rng.randrange(3)))},
    lambda rng: {"name": f"{rng.choice(('Grove', 'Ash', 'Willow'))} {rng.randrange(1_000)}"},
    lambda rng: {"summary": rng.choice((None, "A housing grove."))},
)


def generate_organization(rng: Random, number: int) -> StoredOrganization:
    name = f"Group {number}"
    place = a_stored_location(*rng.choice((("Atlanta", "US-GA"), ("Miami", "US-FL"))), id=an_id(f"place of {name}"))
    record = a_stored_organization(name, sites=(place,) if rng.random() < 0.5 else (), audience=rng.choice(AUDIENCES))
    for change in CHANGES[:-1]:
        values = change(rng)
        record = replace(record, **{key: value for key, value in values.items() if key not in ("name", "parent")})
    return record


def generate_edit(rng: Random, records: list[StoredOrganization]) -> Edit:
    record, choice = rng.choice(records), rng.random()
    if choice < 0.08:
        return Remove(record.id)
    if choice < 0.16:
        return Put(generate_organization(rng, rng.randrange(RECORDS + NEW_RECORDS)), allow_other_slug=True)
    if choice < 0.26:
        return Put(replace(record, hidden_since=None if record.is_hidden else FIRST_DAY), override_hiding=True)
    if choice < 0.32:
        return Put(replace(record, audience=rng.choice(AUDIENCES)))
    return Put(replace(record, **rng.choice(CHANGES)(rng)), allow_other_slug=True)


def write(directory: Directory, edits: list[Edit], now: dt.datetime) -> None:
    try:
        directory.write(edits, actor="test", now=now, reason="test")
    except (BadInput, NotFound):
        reached.add("a refused write")


class Directories:
    """Three directories over one store: one writes, one reads the ledger now and then, and one is opened at the end."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self.writer, self.reader = (self._open(url, stack) for _ in range(2))
        self._url, self._stack = url, stack

    @staticmethod
    def _open(url: str, stack: ExitStack) -> Directory:
        directory = stack.enter_context(closing(Directory.open(url)))
        directory.build_snapshots(Audience)
        directory.load_histories()
        return directory

    def run(self, rng: Random) -> None:
        write(self.writer, [Put(generate_organization(rng, number)) for number in range(RECORDS)], FIRST_DAY)
        for number in range(WRITES):
            with self.writer.store.begin_read() as reading:
                records = [record for record, _ in reading.load_organizations()]
            edits = {edit.id: edit for edit in (generate_edit(rng, records) for _ in range(rng.choice((1, 1, 3))))}
            write(self.writer, list(edits.values()), self.get_time(number))
            if rng.random() < 0.2:
                self.reader.update_snapshots()

    @staticmethod
    def get_time(number: int) -> dt.datetime:
        return FIRST_DAY + dt.timedelta(days=1 + number // WRITES_A_DAY * DAYS_BETWEEN, minutes=number)

    def list_snapshots(self, audience: Audience) -> Iterator[Snapshot]:
        self.reader.update_snapshots()
        for directory in (self.writer, self.reader, self._open(self._url, self._stack)):
            yield directory.get_snapshot(audience)


def keep_terms_of_today(past: Snapshot, present: Snapshot) -> Snapshot:
    """Return the past without the terms, with all broader ones, that an organization has not today."""
    changed: list[PublishedRecord] = []
    for _, record in past.index.rows.number_records():
        today = present.get_organization(record.id)
        assert today is not None
        values = {field: find_shared_terms(field, record, today) for field in TERMS}
        if values != {field: getattr(record, field) for field in TERMS}:
            changed.append(replace(record, **values))
        if any(set(values[field]) < set(getattr(record, field)) for field in TERMS):
            reached.add("a term that was taken back")
    changes = {RecordKind.ORGANIZATION: RecordChanges([], changed)} if changed else {}
    return past.with_changes(SnapshotChanges(past.state, changes, {}, (), past.survivor_ids))


def find_shared_terms(field: str, then: Organization, today: Organization) -> tuple[str, ...]:
    vocabulary = FACETS[field]
    with_broader = [
        {each for term in getattr(record, field) for each in (term, *vocabulary.ancestors(term))} for record in (then, today)
    ]
    return tuple(sorted(set.intersection(*with_broader)))


def read_coverage(coverage: Coverage) -> tuple[object, ...]:
    counts = (coverage.located, coverage.serving, coverage.nationwide, coverage.groups)
    verdicts = [row.region_verdicts for row in coverage.rows]
    rows = [(row.value, row.member_count, row.stated, row.recently_verified, row.last_verified) for row in coverage.rows]
    unknown = [(one.value, one.count) for one in coverage.region_unknown]
    return rows, coverage.codes, [array.tolist() for array in counts], verdicts, unknown


def check_day(snapshots: list[Snapshot], past: Snapshot, day: dt.date, today: dt.date) -> None:
    for question, facet in zip(QUESTIONS, cycle(CoverageFacet), strict=False):
        asked = CoverageQuestion(facet=facet, question=question)
        expected = read_coverage(Coverage(past, asked, day))
        now = read_coverage(Coverage(snapshots[0], asked, today))
        for snapshot in snapshots:
            assert read_coverage(Coverage(snapshot, replace(asked, as_of=day), today)) == expected
        reached.add("the same as today" if expected == now else "other than today")
        reached.update({"a past without members"} if not expected[0] and now[0] else ())


@pytest.mark.parametrize("seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 15))])
def test_the_history_counts_as_the_past_snapshot(database_url: str, seed: int) -> None:
    with ExitStack() as stack:
        directories = Directories(database_url, stack)
        directories.run(Random(seed))  # noqa: S311
        today = directories.get_time(WRITES).date()
        for audience in Audience:
            snapshots = list(directories.list_snapshots(audience))
            for number in (0, 1, WRITES // 3, WRITES - 9, WRITES - 1):
                day = directories.get_time(number).date()
                with directories.writer.store.begin_read() as reading:
                    loaded = load_past_and_present(reading, audience, dt.datetime.combine(day, dt.time(), dt.UTC))
                if loaded.past.organization_count:
                    check_day(snapshots, keep_terms_of_today(loaded.past, loaded.present), day, today)
                else:
                    reached.add("a day before the first record")
                    with pytest.raises(BadInput):
                        Coverage(snapshots[0], CoverageQuestion(as_of=day), today)
    assert {"the same as today", "other than today", "a term that was taken back"} <= reached


def test_the_history_has_all_that_a_past_snapshot_has() -> None:
    """A field that decides whether an organization matched changes a set or a column of the history."""
    texts = {"kind": "kinds", "founded": "FOUNDED", "verified_at": "VERIFIED"}
    assert {texts.get(field, field) for field in MATCHED_FIELDS} <= {*PAST_SETS, *PAST_NUMBERS}
