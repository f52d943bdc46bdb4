"""Coverage counts exactly what the reference implementation counts, and what the searches find that it links to."""

import datetime as dt
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from directory.errors import BadInput, TooLarge
from directory.filters.query_strings import parse_query_string
from directory.partners.coverage.cells import CoverageVerdict
from directory.partners.coverage.coverage import Coverage
from directory.partners.coverage.gaps import Gaps
from directory.partners.coverage.question import CountingRule, CoverageFacet, CoverageQuestion
from directory.partners.coverage.region_columns import find_cell_rows
from directory.partners.coverage.summary import summarize_rows
from directory.question import Filter, Nationwide, Question, RegionFilter, RegionMatch, TermFilter
from directory.records import Audience, MembershipStatus, Organization, RecordKind
from directory.search.search_index import RecordChanges
from directory.search.snapshot import Snapshot, SnapshotChanges, SnapshotState
from directory.vocabulary.regions import RegionKind
from tests.builders import a_location, a_membership, an_id, an_organization
from tests.directory.partners.coverage.reference_coverage import count_cell, list_row_members
from tests.directory.search.generated_records import generate_record, generate_records
from tests.directory.search.reference_search import TODAY

STATES = CoverageQuestion()
RULES = [CountingRule(by, nationwide) for by in RegionMatch for nationwide in Nationwide]
KINDS = [
    *(RegionKind.STATE, RegionKind.CENSUS_REGION, RegionKind.CENSUS_DIVISION, RegionKind.COUNTRY),
    *(RegionKind.CUSTOM, RegionKind.METRO_AREA, RegionKind.COUNTY),
]
QUESTIONS = [
    Question(),
    Question(membership=(MembershipStatus.ACTIVE, MembershipStatus.LAPSED)),
    Question(communities=TermFilter(("youth", "women"))),
    Question(issue_areas=TermFilter(("housing",), none_of=("tenants",))),
    Question(regions=RegionFilter(("US-SOUTH",), ("US-FL",), RegionMatch.LOCATED)),
    Question(text="justice"),
    Question(clauses=((Filter(issue_areas=TermFilter(("health",))), Filter(regions=RegionFilter(("US-GA",)))),)),
]


def build(*records: Organization) -> Snapshot:
    return Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), records, {}, [])


def cover(snapshot: Snapshot, question: CoverageQuestion = STATES) -> Coverage:
    return Coverage(snapshot, question, TODAY)


def read(coverage: Coverage, value: str, code: str) -> tuple[int, int, int, int, str]:
    row = next(number for number, row in enumerate(coverage.rows) if row.value == value)
    cell = coverage.get_cell(row * len(coverage.codes) + coverage.codes.index(code))
    return cell.located, cell.serving, cell.nationwide, cell.groups, cell.verdict


# ---------------------------------------------------------------- compared with the reference


@st.composite
def coverage_questions(draw: st.DrawFn) -> CoverageQuestion:
    kind = draw(st.sampled_from(KINDS))
    within = draw(st.sampled_from(("US-GA", "BAY-AREA"))) if kind is RegionKind.COUNTY else None
    facet = draw(st.sampled_from(CoverageFacet))
    values = tuple(draw(st.lists(st.sampled_from([*facet.vocabulary.terms]), max_size=3)))
    return CoverageQuestion(
        facet=facet,
        values=values or {CoverageFacet.ISSUE_AREA: ("housing", "migration", "health")}.get(facet, ()),
        region_kind=kind,
        within=within or draw(st.sampled_from((None, "US-SOUTH"))) if kind is RegionKind.STATE else within,
        question=draw(st.sampled_from(QUESTIONS)),
        rule=draw(st.sampled_from(RULES)),
    )


seen: Counter[str] = Counter()


@given(seed=st.integers(0, 30), question=coverage_questions())
@settings(max_examples=60, deadline=None)
def _check_random_matrix(seed: int, question: CoverageQuestion) -> None:
    records = generate_records(Random(seed), 60)  # noqa: S311
    snapshot = build(*records)
    coverage = cover(snapshot, question)
    rng = Random(seed)  # noqa: S311
    positions = {*coverage.positions} & {*rng.sample(range(coverage.totals.size), min(coverage.totals.size, 40))}
    for position in {*positions, *rng.sample(range(coverage.totals.size), min(coverage.totals.size, 40))}:
        cell = coverage.get_cell(position)
        members = list_row_members(question, cell.row.value, records)
        expected = count_cell(question, cell.code, members, records)
        assert (cell.located, cell.serving, cell.nationwide, cell.groups, cell.verdict) == expected
        assert (position in coverage.positions) == bool(sum(expected[:3]))
        total = snapshot.find(parse_query_string(cell.search)).total
        assert total == sum(expected[:3]) == sum(map(len, cell.find_rows_by_relation().values()))
        assert snapshot.find(cell.local_question).total == cell.located + cell.serving
        seen.update([cell.verdict, *(name for name in ("located", "serving", "nationwide") if getattr(cell, name))])
        seen["branches"] += cell.groups < len(cell.counted_rows)


def test_every_cell_equals_the_reference_and_its_search() -> None:
    _check_random_matrix()
    assert min(seen[name] for name in (*CoverageVerdict, "located", "serving", "nationwide", "branches")) > 10, seen


@pytest.mark.parametrize("kind", [RegionKind.STATE, RegionKind.COUNTY])
def test_a_snapshot_that_was_changed_counts_as_a_new_one(kind: RegionKind) -> None:
    rng = Random(3)  # noqa: S311
    before, after = generate_records(rng, 60), [*generate_records(Random(4), 40)]  # noqa: S311
    question = CoverageQuestion(region_kind=kind, within="US-GA" if kind is RegionKind.COUNTY else None)
    snapshot = build(*before)
    cover(snapshot, question).groups  # fills the caches  # noqa: B018
    changed = [replace(one, parent=an_id("7") if number % 3 else None) for number, one in enumerate(after)]
    added = [replace(generate_record(rng, number), name=f"Added {number}") for number in range(100, 110)]
    records = {RecordKind.ORGANIZATION: RecordChanges((), [*changed, *added])}
    advanced = snapshot.with_changes(SnapshotChanges(SnapshotState(2, "v2"), records, {}, []))
    remaining = {one.id: one for one in (*before, *changed, *added)}
    rebuilt = build(*remaining.values())
    one, other = cover(advanced, question), cover(rebuilt, question)
    assert one.codes == other.codes
    for name in ("located", "serving", "nationwide", "groups"):
        assert (getattr(one, name) == getattr(other, name)).all(), name


def test_what_an_audience_does_not_see_influences_nothing() -> None:
    everything = generate_records(Random(9), 120)  # noqa: S311
    hidden = {one.id for one in everything[::3]}
    visible = [replace(one, parent=None if one.parent in hidden else one.parent) for one in everything if one.id not in hidden]
    staff = Snapshot.build(Audience.STAFF, SnapshotState(1, "v1"), everything, {}, [])
    narrowed = staff.narrow(Audience.PUBLIC, SnapshotState(1, "v1"), visible, {}, [])
    assert describe(cover(narrowed)) == describe(cover(build(*visible)))
    assert describe(cover(narrowed)) != describe(cover(staff))


def describe(coverage: Coverage) -> list[object]:
    gaps = [
        (gap.cell.row.value, gap.cell.code, gap.missing, [one.id for one in gap.nearest]) for gap in Gaps(coverage).list_first()
    ]
    verdicts = [(cell.verdict, cell.place_unknown) for cell in map(coverage.get_cell, range(coverage.totals.size))]
    counts = [getattr(coverage, name).tolist() for name in ("located", "serving", "nationwide", "groups")]
    rows = [(row.value, row.member_count, row.stated, row.verified_since, row.last_verified) for row in coverage.rows]
    return [rows, coverage.codes, *counts, verdicts, gaps, coverage.region_unknown]


# ---------------------------------------------------------------- rules, one by one

ATLANTA, SAVANNAH, CHICAGO = (a_location(place) for place in ("Atlanta, GA", "Savannah, GA", "Chicago, IL"))
VERIFIED = dt.datetime.combine(TODAY, dt.time(), dt.UTC)


def a_member(name: str, **fields: object) -> Organization:
    return an_organization(name, **{"issue_areas": ("tenants",), "verified_at": VERIFIED, **fields})


def test_each_organization_counts_once_by_its_strongest_relation() -> None:
    snapshot = build(
        a_member("A", locations=(ATLANTA, SAVANNAH), service_areas=("US-GA", "US")),
        a_member("B", locations=(CHICAGO,), service_areas=("US-GA-121", "US")),
        a_member("C", locations=(CHICAGO,), service_areas=("US",)),
    )
    coverage = cover(snapshot)
    assert read(coverage, "tenants", "US-GA") == (1, 1, 1, 2, "COVERED")
    assert read(coverage, "housing", "US-IL") == (2, 0, 1, 2, "COVERED")
    assert read(coverage, "tenants", "US-TX") == (0, 0, 3, 0, "NONE")


def test_branches_count_once_with_their_parent_and_with_each_other() -> None:
    parent = a_member("Parent", locations=(ATLANTA,))
    branches = [
        a_member(f"Branch {number}", locations=(place,), parent=parent.id)
        for number, place in enumerate((ATLANTA, CHICAGO, CHICAGO))
    ]
    grandchild = a_member("Leaf", locations=(ATLANTA,), parent=branches[2].id)
    coverage = cover(build(parent, *branches, grandchild))
    assert read(coverage, "tenants", "US-GA")[:4] == (3, 0, 0, 1)
    assert read(coverage, "tenants", "US-IL")[:4] == (2, 0, 0, 1)


def test_branches_of_a_parent_that_the_audience_does_not_see_are_separate() -> None:
    branches = [a_member(f"Branch {number}", locations=(ATLANTA,)) for number in range(2)]  # publishing removed their parent
    assert read(cover(build(*branches)), "tenants", "US-GA")[:4] == (2, 0, 0, 2)


def test_a_parent_that_does_not_match_still_joins_its_branches() -> None:
    parent = a_member("Parent", issue_areas=("health",), membership=a_membership(MembershipStatus.LAPSED))
    branches = [a_member(f"Branch {number}", locations=(ATLANTA,), parent=parent.id) for number in range(2)]
    assert read(cover(build(parent, *branches)), "tenants", "US-GA")[3] == 1


UNKNOWN_CASES: dict[str, tuple[dict[str, object], str, str]] = {
    "nothing stated": ({}, "US-TX", "UNKNOWN"),
    "a service area elsewhere": ({"service_areas": ("US-GA",)}, "US-TX", "NONE"),
    "a location elsewhere": ({"locations": (ATLANTA,)}, "US-TX", "NONE"),
    "a location in a larger region": ({"locations": (a_location(regions=("US-SOUTH", "US")),)}, "US-TX", "UNKNOWN"),
    "a larger region elsewhere": ({"locations": (a_location(regions=("US-SOUTH", "US")),)}, "US-IL", "NONE"),
    "a larger region, with a service area": (
        {"locations": (a_location(regions=("US-SOUTH", "US")),), "service_areas": ("US-GA",)},
        "US-TX",
        "NONE",
    ),
    "verified a year ago": ({"service_areas": ("US-GA",), "verified_at": VERIFIED - dt.timedelta(days=365)}, "US-TX", "NONE"),
    "verified longer ago": ({"service_areas": ("US-GA",), "verified_at": VERIFIED - dt.timedelta(days=366)}, "US-TX", "UNKNOWN"),
    "never verified": ({"service_areas": ("US-GA",), "verified_at": None}, "US-TX", "UNKNOWN"),
}


@pytest.mark.parametrize("case", UNKNOWN_CASES)
def test_none_is_told_from_unknown(case: str) -> None:
    fields, code, verdict = UNKNOWN_CASES[case]
    coverage = cover(build(a_member("One", **fields)), CoverageQuestion(values=("tenants",), within="US"))
    assert read(coverage, "tenants", code)[4] == verdict


def test_one_recent_verification_is_enough_and_a_row_without_members_is_not_unknown() -> None:
    old, recent = a_member("Old", service_areas=("US-GA",), verified_at=None), a_member("New", service_areas=("US-GA",))
    coverage = cover(build(old, recent), CoverageQuestion(values=("tenants", "health"), within="US"))
    assert read(coverage, "tenants", "US-TX")[4] == "NONE"
    assert read(coverage, "health", "US-TX")[4] == "NONE"


def test_a_row_says_how_much_is_known() -> None:
    days = [VERIFIED - dt.timedelta(days=number) for number in (400, 30)]
    stated = [a_member(f"S{number}", service_areas=("US-GA",), verified_at=day) for number, day in enumerate(days)]
    coverage = cover(build(*stated, a_member("Silent")))
    row = next(row for row in coverage.rows if row.value == "tenants")
    assert (row.member_count, row.stated, row.recently_verified) == (3, 2, 2)
    assert (row.verified_since, row.last_verified) == (days[0].date(), days[1].date())
    assert [(one.value, one.count, one.selected) for one in coverage.region_unknown][-1] == ("tenants", 1, False)
    never = cover(build(*stated, a_member("Never", service_areas=("US-GA",), verified_at=None))).rows[-1]
    assert (never.verified_since, never.last_verified) == (None, days[1].date())


def test_rows_are_those_with_members_or_the_stated_ones_in_the_order_of_the_vocabulary() -> None:
    snapshot = build(a_member("One", locations=(ATLANTA,)))
    assert [row.value for row in cover(snapshot).rows] == ["economic-social-cultural", "housing", "tenants"]
    stated = cover(snapshot, CoverageQuestion(values=("health", "tenants", "health")))
    assert [(row.value, row.member_count) for row in stated.rows] == [("tenants", 1), ("health", 0)]


@pytest.mark.parametrize(
    ("fields", "countries"),
    [({}, {"US"}), ({"service_areas": ("MX",)}, {"MX"}), ({"service_areas": ("MX-CMX", "US-GA")}, {"MX", "US"})],
)
def test_regions_are_those_of_the_countries_with_members(fields: dict[str, object], countries: set[str]) -> None:
    codes = cover(build(a_member("One", **fields))).codes
    assert {code[:2] for code in codes} == countries
    assert codes == sorted(codes)
    assert "US-UM" not in codes  # nobody lives there


def test_a_region_is_within_itself() -> None:
    assert cover(build(), CoverageQuestion(within="US-GA")).codes == ["US-GA"]
    assert cover(build(), CoverageQuestion(within="US-UM")).codes == ["US-UM"]


def test_a_directory_without_members_has_a_matrix_without_rows() -> None:
    coverage = cover(build())
    assert (coverage.rows, coverage.positions, coverage.groups.shape) == ([], [], (0, 56))
    assert list(summarize_rows(coverage)) == []


def test_the_rows_of_a_cell_are_those_of_the_search() -> None:
    records = generate_records(Random(5), 60)  # noqa: S311
    snapshot = build(*records)
    rows = find_cell_rows(snapshot.index, "issue_areas", "housing", "US-GA", RegionMatch.SERVING, Nationwide.EXCLUDE)
    regions = RegionFilter(("US-GA",), (), RegionMatch.SERVING, Nationwide.EXCLUDE)
    question = Question(issue_areas=TermFilter(("housing",)), regions=regions, membership=tuple(MembershipStatus))
    assert rows == snapshot.find(question).rows
    assert rows


# ---------------------------------------------------------------- refusals


def test_too_many_cells_are_refused_with_advice() -> None:
    members = [a_member(slug, issue_areas=(slug,)) for slug in CoverageFacet.ISSUE_AREA.vocabulary.terms]
    with pytest.raises(TooLarge, match=r"44 rows and 3,234 regions are 142,296 cells.* at most 3 rows with `values`") as refusal:
        cover(build(*members), CoverageQuestion(region_kind=RegionKind.COUNTY))
    assert refusal.value.params == {"argument": "values", "limit": 10_000, "cells": 142_296}
    assert cover(build(*members), CoverageQuestion(region_kind=RegionKind.COUNTY, values=("health",))).groups.shape == (1, 3_234)


def test_a_question_with_too_many_clauses_is_refused_before_anything_is_counted() -> None:
    clauses = tuple(
        (Filter(communities=TermFilter(("women",))), Filter(work_areas=TermFilter((slug,))))
        for slug in [*CoverageFacet.WORK_AREA.vocabulary.terms][:20]
    )
    question = Question(clauses=clauses, issue_areas=TermFilter(("housing",)))
    with pytest.raises(BadInput, match="at most 20 clauses"):
        cover(build(a_member("One")), CoverageQuestion(question=question, values=("health",)))
