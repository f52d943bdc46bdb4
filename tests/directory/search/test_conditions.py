"""Conditions of their own kinds; test_oracle.py compares whole results with the reference implementation."""

import datetime as dt

import pytest

from directory.question import Filter, Near, Question, RegionFilter, RegionMatch, YearRange
from directory.records import VERIFICATION_PERIOD, Audience, Organization, is_verification_due
from directory.search.region_sets import RegionReason
from directory.search.search_index import RecordChanges, SearchIndex
from directory.search.search_result import SearchResult
from directory.search.snapshot import Snapshot, SnapshotState
from tests.builders import NOW, a_location, an_id, an_organization

TODAY = NOW.date()
PARENT, BRANCH = an_organization("Parent"), an_organization("Branch", parent=an_id("Parent"), founded=1990)
EDGE = dt.datetime.combine(TODAY - VERIFICATION_PERIOD, dt.time(), dt.UTC)
MOMENTS = (EDGE - dt.timedelta(microseconds=1), EDGE, EDGE + dt.timedelta(hours=23, minutes=59), NOW, None)


def list_names(question: Question, *records: Organization, today: dt.date | None = None) -> list[str]:
    return [hit.organization.name for hit in SearchResult(question, SearchIndex.build(records), today).page.hits]


@pytest.mark.parametrize("day", [TODAY, TODAY + dt.timedelta(days=1), TODAY - dt.timedelta(days=1)])
def test_verification_is_due_as_each_record_says(day: dt.date) -> None:
    records = [an_organization(f"Group {number}", verified_at=moment) for number, moment in enumerate(MOMENTS)]
    for due in (True, False):
        expected = [one.name for one in records if is_verification_due(one.verified_at, day) == due]
        assert list_names(Question(verification_due=due), *records, today=day) == expected
        alternative = Question(clauses=((Filter(verification_due=due), Filter(ids=("nobody",))),))
        assert list_names(alternative, *records, today=day) == expected


def test_a_day_later_the_answer_is_not_an_old_one() -> None:
    snapshot = Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), [an_organization(verified_at=EDGE)], {}, [])
    question = Question(verification_due=True)
    assert [snapshot.find(question, TODAY + dt.timedelta(days=days)).total for days in (0, 1, 0)] == [0, 1, 0]


def test_the_day_must_be_known() -> None:
    with pytest.raises(ValueError, match="day"):
        SearchResult(Question(verification_due=True), SearchIndex.build([]))


@pytest.mark.parametrize(
    ("question", "names"),
    [
        (Question(parent=PARENT.id), ["Branch"]),
        (Question(parent=BRANCH.id), []),
        (Question(parent="nobody"), []),
        (Question(ids=(PARENT.id, "nobody")), ["Parent"]),
        (Question(ids=("nobody",)), []),
        (Question(founded=YearRange(1990, 1990)), ["Branch"]),
        (Question(founded=YearRange(last=2000)), ["Branch"]),
        (Question(founded=YearRange(1991)), []),
        (Question(updated_since=NOW), ["Branch", "Parent"]),
        (Question(updated_since=NOW + dt.timedelta(microseconds=1)), []),
    ],
)
def test_conditions(question: Question, names: list[str]) -> None:
    assert list_names(question, PARENT, BRANCH) == names


def test_a_branch_of_a_hidden_organization_is_not_found_by_it() -> None:
    """Nor after the hidden organization, the branch, or what it belongs to have changed."""
    hidden, other = an_organization("Hidden"), an_organization("Other")
    branch = an_organization("Branch", parent=hidden.id)
    seen = an_organization("Branch")
    staff = SearchIndex.build([hidden, other, branch])
    public = staff.narrow(Audience.PUBLIC, [other, seen])

    def find(index: SearchIndex, parent: Organization) -> int:
        return SearchResult(Question(parent=parent.id), index).total

    assert (find(staff, hidden), find(public, hidden)) == (1, 0)
    moved = an_organization("Branch", parent=other.id)
    staff = staff.with_changes(RecordChanges((), [moved]))
    public = public.follow(staff, Audience.PUBLIC, RecordChanges((), [moved]))
    assert [find(index, parent) for index in (staff, public) for parent in (hidden, other)] == [0, 1, 0, 1]
    public = public.follow(staff, Audience.PUBLIC, RecordChanges((), [hidden]))
    assert (find(public, hidden), find(public, other)) == (0, 1)


def test_near_finds_a_circle_first_by_distance_and_then_who_serves_the_region() -> None:
    records = [
        an_organization("A nationwide group", service_areas=("US",)),
        an_organization("B serves Georgia from Boston", service_areas=("US-GA",), locations=(a_location("Boston, MA"),)),
        an_organization("C serves Fulton County", service_areas=("US-GA-121",)),
        an_organization("D in Decatur", locations=(a_location("Decatur, GA"),)),
        an_organization("E in Atlanta", locations=(a_location("Atlanta, GA"),)),
        an_organization("F in Savannah", locations=(a_location("Savannah, GA"),)),
        an_organization("G serves Georgia from Savannah", service_areas=("US-GA",), locations=(a_location("Savannah, GA"),)),
    ]
    point = a_location("Atlanta, GA").point
    assert point
    circle = Filter(near=Near(point, 80.0))
    serving = Filter(regions=RegionFilter(("US-GA",), by=RegionMatch.SERVING))
    hits = SearchResult(Question(clauses=((circle, serving),)), SearchIndex.build(records)).page.hits
    assert [(hit.organization.name[0], hit.match.region_reason) for hit in hits] == [
        ("E", RegionReason.WITHIN_DISTANCE),
        ("D", RegionReason.WITHIN_DISTANCE),
        ("G", RegionReason.SERVES),
        ("B", RegionReason.SERVES),
        ("C", RegionReason.SERVES_PART),
        ("A", RegionReason.NATIONWIDE),
    ]
    assert [hit.distance_km is None for hit in hits] == [False, False, False, False, True, True]


def test_being_in_the_region_and_being_in_the_circle_are_equally_good() -> None:
    records = [
        an_organization("A in Savannah", locations=(a_location("Savannah, GA"),)),
        an_organization("B in Chattanooga", locations=(a_location("Chattanooga, TN"),)),
    ]
    point = a_location("Atlanta, GA").point
    assert point
    either = Filter(near=Near(point, 200.0)), Filter(regions=RegionFilter(("US-GA",)))
    hits = SearchResult(Question(clauses=(either,)), SearchIndex.build(records)).page.hits
    assert [hit.match.region_reason for hit in hits] == [RegionReason.WITHIN_DISTANCE, RegionReason.LOCATED]
    assert hits[0].organization.name == "B in Chattanooga"  # it is nearer
