"""Lookups in a snapshot, before and after changes."""

import datetime as dt

import pytest

from directory.errors import BadCursor
from directory.publish import ChangeKind, VisibleChange
from directory.question import Nationwide, Page, Question, RegionMatch, TermFilter
from directory.records import Audience, Identifier, MembershipStatus, NameKind, Organization, RecordKind
from directory.search.search_index import RecordChanges
from directory.search.snapshot import RESULT_CACHE_SIZE, Snapshot, SnapshotChanges, SnapshotState
from tests.builders import NOW, a_membership, an_alternative_name, an_id, an_organization

ROOF = an_organization("Fair Roof Network", service_areas=("US",))
HARBOR = an_organization(
    "Harbor Tenants Union",
    names=(an_alternative_name("HTU", NameKind.ACRONYM),),
    parent=ROOF.id,
    issue_areas=("tenants",),
    identifiers=(Identifier("US-EIN", "52-1633883"),),
)
PROSPECT = an_organization("Someday Society", parent=ROOF.id, membership=a_membership(MembershipStatus.PROSPECT))
ALL_RECORDS = (ROOF, HARBOR, PROSPECT)


def a_change(seq: int, organization: Organization, kind: ChangeKind = ChangeKind.CHANGED) -> VisibleChange:
    return VisibleChange(seq, NOW + dt.timedelta(hours=seq), kind, organization.id)


NEW_SLUG = {RecordKind.ORGANIZATION: {"new-name": HARBOR.id}}


def a_record_change(removed_ids: list[str], upserted: list[Organization]) -> dict[RecordKind, RecordChanges]:
    return {RecordKind.ORGANIZATION: RecordChanges(removed_ids, upserted)}


def a_snapshot(*organizations: Organization) -> Snapshot:
    slugs = {RecordKind.ORGANIZATION: {one.slug: one.id for one in organizations}}
    seen = [a_change(number, one, ChangeKind.ADDED) for number, one in enumerate(organizations, 1)]
    return Snapshot.build(Audience.PUBLIC, SnapshotState(3, "v3", ROOF.id), organizations, slugs, seen)


SNAPSHOT = a_snapshot(*ALL_RECORDS)


def with_name(organization: Organization, name: str) -> Organization:
    return an_organization(name, id=organization.id, slug="new-name", parent=organization.parent)


def test_members_are_counted_separately() -> None:
    assert (SNAPSHOT.organization_count, SNAPSHOT.member_count) == (3, 2)
    assert SNAPSHOT.count_term("issue_areas", "housing") == 1
    assert SNAPSHOT.count_region("US-GA", RegionMatch.SERVING, Nationwide.INCLUDE) == 1
    assert SNAPSHOT.count_region("US-GA", RegionMatch.SERVING, Nationwide.EXCLUDE) == 0


@pytest.mark.parametrize("value", ["52-1633883", "521633883", " 52-1633883 "])
def test_a_record_is_found_by_an_identifier_in_any_spelling(value: str) -> None:
    assert SNAPSHOT.find_by_identifier("US-EIN", value) == HARBOR


@pytest.mark.parametrize(("scheme", "value"), [("US-EIN", "11-1111111"), ("US-EIN", "nonsense"), ("GB-CHC", "52-1633883")])
def test_an_unknown_identifier_finds_nothing(scheme: str, value: str) -> None:
    assert SNAPSHOT.find_by_identifier(scheme, value) is None


def test_branches_are_listed_by_name() -> None:
    assert SNAPSHOT.list_branches(ROOF.id) == [HARBOR, PROSPECT]
    assert SNAPSHOT.list_branches(HARBOR.id) == []


@pytest.mark.parametrize(
    ("words", "is_one"),
    [("htu", True), ("HARBOR tenants union", True), ("someday society", True), ("harbor", False), ("", False)],
)
def test_only_a_whole_name_is_a_name(words: str, is_one: bool) -> None:
    assert SNAPSHOT.is_name(words) == is_one


def test_a_merged_record_is_found_by_its_old_id() -> None:
    snapshot = SNAPSHOT.with_changes(
        SnapshotChanges(SnapshotState(4, "v4"), a_record_change([PROSPECT.id], []), {}, [], {PROSPECT.id: HARBOR.id})
    )
    assert snapshot.find_by_id(PROSPECT.id) == HARBOR
    assert snapshot.find_by_id(an_id("Nobody")) is None
    assert snapshot.list_branches(ROOF.id) == [HARBOR]


def test_after_a_change_the_new_state_is_found_and_the_old_one_is_not() -> None:
    changed = with_name(HARBOR, "Harbor Renters Union")
    snapshot = SNAPSHOT.with_changes(
        SnapshotChanges(
            SnapshotState(4, "v4"),
            a_record_change([], [changed]),
            NEW_SLUG,
            [a_change(4, HARBOR)],
        )
    )
    assert snapshot.find_by_slug("new-name") == snapshot.find_by_slug(HARBOR.slug) == changed
    assert snapshot.find_by_identifier("US-EIN", "52-1633883") is None
    assert [hit.organization for hit in snapshot.find(Question(text="renters")).page.hits] == [changed]
    assert not snapshot.find(Question(text="tenants")).total
    assert SNAPSHOT.find(Question(text="tenants")).total == 1
    assert (snapshot.version, snapshot.revision) == ("v4", 4)


def test_a_record_without_its_parent_is_no_longer_a_branch() -> None:
    alone = an_organization(HARBOR.name, parent=None)
    snapshot = SNAPSHOT.with_changes(SnapshotChanges(SnapshotState(4, "v4"), a_record_change([], [alone]), {}, []))
    assert snapshot.list_branches(ROOF.id) == [PROSPECT]
    assert snapshot.with_changes(SnapshotChanges(SnapshotState(5, "v5"), a_record_change([], [HARBOR]), {}, [])).list_branches(
        ROOF.id
    ) == [HARBOR, PROSPECT]


def test_the_feed_has_the_last_change_of_each_organization_in_order() -> None:
    snapshot = SNAPSHOT.with_changes(
        SnapshotChanges(SnapshotState(5, "v5"), a_record_change([], []), {}, [a_change(5, ROOF), a_change(4, ROOF)])
    )
    changes, has_more = snapshot.list_changes(0, 10)
    assert [(one.seq, one.record_id) for one in changes] == [(2, HARBOR.id), (3, PROSPECT.id), (5, ROOF.id)]
    assert not has_more


@pytest.mark.parametrize(
    ("after", "first", "seqs", "has_more"),
    [(0, 2, [1, 2], True), (1, 2, [2, 3], False), (0, 3, [1, 2, 3], False), (3, 5, [], False)],
)
def test_the_feed_continues_after_a_change(after: int, first: int, seqs: list[int], has_more: bool) -> None:
    changes, more = SNAPSHOT.list_changes(after, first)
    assert ([one.seq for one in changes], more) == (seqs, has_more)


def test_a_cursor_of_another_question_is_refused_even_if_the_page_is_never_read() -> None:
    cursor = SNAPSHOT.find(Question(page=Page(first=1))).page.hits[0].cursor
    with pytest.raises(BadCursor):
        SNAPSHOT.find(Question(issue_areas=TermFilter(any_of=("housing",)), page=Page(first=1, after=cursor)))


def test_texts_are_not_cached_and_the_cache_is_limited() -> None:
    snapshot = a_snapshot(*ALL_RECORDS)
    assert snapshot.find(Question(text="harbor")) is not snapshot.find(Question(text="harbor"))
    assert snapshot.find(Question()) is snapshot.find(Question())
    first = snapshot.find(Question(page=Page(first=1)))
    for number in range(RESULT_CACHE_SIZE):
        snapshot.find(Question(joined_since=dt.date(2000, 1, 1) + dt.timedelta(days=number)))
    assert snapshot.find(Question(page=Page(first=1))) is not first
