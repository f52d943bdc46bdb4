"""Gaps: measured against a goal or the median of the row, ranked, with the members that are nearest."""

import datetime as dt
from itertools import pairwise
from random import Random

import pytest

from directory.errors import BadInput, UnknownRegion, UnknownTerm
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import distance_km
from directory.partners.coverage.coverage import Coverage
from directory.partners.coverage.gaps import NEAREST_COUNT, Gaps
from directory.partners.coverage.question import CountingRule, CoverageFacet, CoverageGoal, CoverageQuestion
from directory.question import Nationwide, RegionMatch
from directory.records import Audience, Organization, RecordKind
from directory.search.search_index import RecordChanges
from directory.search.snapshot import Snapshot, SnapshotChanges, SnapshotState
from directory.text import fold
from directory.vocabulary.regions import REGIONS, RegionKind
from tests.builders import a_location, a_location_at, an_organization
from tests.directory.partners.coverage.reference_coverage import count_cell, counts, list_row_members
from tests.directory.search.generated_records import generate_records
from tests.directory.search.reference_search import TODAY

SOUTH = CoverageQuestion(values=("tenants",), within="US-SOUTH", goal=CoverageGoal(2))


def cover(question: CoverageQuestion, *records: Organization) -> Coverage:
    return Coverage(Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), records, {}, []), question, TODAY)


def a_member(name: str, place: str | None = None, **fields: object) -> Organization:
    located = {"locations": (a_location(place),)} if place else {}
    verified = dt.datetime.combine(TODAY, dt.time(), dt.UTC)
    return an_organization(name, **{"issue_areas": ("tenants",), "verified_at": verified, **located, **fields})


def read(coverage: Coverage) -> list[tuple[str, int, int]]:
    return [(gap.cell.code, gap.cell.groups, gap.missing) for gap in Gaps(coverage).list_first()]


def test_regions_without_anybody_are_gaps_and_come_first() -> None:
    coverage = cover(SOUTH, a_member("A", "Atlanta, GA"), a_member("B", "Miami, FL"), a_member("C", "Miami, FL"))
    gaps = read(coverage)
    assert len(gaps) == 16 == len(Gaps(coverage))
    assert gaps[:2] == [("US-AL", 0, 2), ("US-AR", 0, 2)]
    assert gaps[-1] == ("US-GA", 1, 1)
    assert "US-FL" not in {code for code, _, _ in gaps}


def test_branches_of_one_organization_do_not_fill_a_goal() -> None:
    parent = a_member("A", "Atlanta, GA")
    branches = [a_member(f"Branch {number}", "Atlanta, GA", parent=parent.id) for number in range(2)]
    coverage = cover(SOUTH, parent, *branches)
    assert ("US-GA", 1, 1) in read(coverage)
    assert coverage.located.max() == 3


@pytest.mark.parametrize(
    ("rule", "missing"),
    [
        (CountingRule(), 1),
        (CountingRule(RegionMatch.LOCATED), 2),
        (CountingRule(RegionMatch.SERVING), 1),
        (CountingRule(RegionMatch.LOCATED_OR_SERVING, Nationwide.INCLUDE), 0),
        (CountingRule(RegionMatch.LOCATED_OR_SERVING, Nationwide.ONLY), 1),
    ],
)
def test_a_goal_counts_by_its_rule(rule: CountingRule, missing: int) -> None:
    question = CoverageQuestion(values=("tenants",), within="US-GA", goal=CoverageGoal(2), rule=rule)
    coverage = cover(question, a_member("A", service_areas=("US-GA",)), a_member("B", service_areas=("US",)))
    assert [gap.missing for gap in Gaps(coverage).list_first()] == ([missing] if missing else [])


def test_without_a_goal_a_row_is_measured_against_its_lower_median_but_at_least_one() -> None:
    everywhere = [a_member(f"All {number}", service_areas=("US-SOUTH",)) for number in range(3)]
    more = [a_member(f"More {number}", service_areas=("US-TX",)) for number in range(4)]
    question = CoverageQuestion(values=("tenants", "health"), within="US-SOUTH")
    gaps = Gaps(cover(question, *everywhere, *more))
    assert gaps.targets.tolist() == [3, 1]
    assert {gap.cell.row.value for gap in gaps.list_first()} == {"health"}
    assert len(gaps) == 17
    assert [gap.cell.code for gap in gaps.list_first(2)] == ["US-AL", "US-AR"]


def test_a_region_with_nobody_comes_before_one_that_lacks_more() -> None:
    most = [a_member(f"Most {number}", service_areas=("US-SOUTH-ATLANTIC", "US-TX")) for number in range(4)]
    one, other = a_member("One", service_areas=("US-AL",)), a_member("Other", service_areas=("US-OK",), issue_areas=("health",))
    question = CoverageQuestion(values=("tenants", "health"), within="US-SOUTH")
    gaps = [(gap.cell.row.value, gap.cell.code, gap.missing) for gap in Gaps(cover(question, *most, one, other)).list_first()]
    assert gaps.index(("tenants", "US-AL", 3)) == len(gaps) - 1
    assert gaps[:1] == [("tenants", "US-AR", 4)]
    assert gaps[-2][0::2] == ("health", 1)


def test_gaps_are_those_of_the_reference_in_order() -> None:
    records = generate_records(Random(6), 160)  # noqa: S311
    question = CoverageQuestion(facet=CoverageFacet.COMMUNITY, region_kind=RegionKind.CENSUS_DIVISION)
    coverage = cover(question, *records)
    gaps = Gaps(coverage).list_first()
    expected: dict[tuple[str, str], int] = {}
    for row in coverage.rows:
        members = list_row_members(question, row.value, records)
        groups = [count_cell(question, code, members, records).groups for code in coverage.codes]
        target = max(1, sorted(groups)[(len(groups) - 1) // 2])
        expected |= {
            (row.value, code): target - count for code, count in zip(coverage.codes, groups, strict=True) if count < target
        }
    assert {(gap.cell.row.value, gap.cell.code): gap.missing for gap in gaps} == expected
    assert len({gap.target for gap in gaps}) > 1
    ranks = [(gap.missing / gap.target, gap.missing) for gap in gaps]
    assert all(one >= other for one, other in pairwise(ranks))


# ---------------------------------------------------------------- the nearest members


def test_the_nearest_are_the_closest_to_the_center_of_the_region_that_do_not_count_in_it() -> None:
    records = generate_records(Random(8), 150)  # noqa: S311
    coverage = cover(CoverageQuestion(within="US", goal=CoverageGoal(5)), *records)
    compared = 0
    for gap in Gaps(coverage).list_first(60):
        center = get_gazetteer().find_region(gap.cell.code)
        assert center
        members = list_row_members(coverage.question, gap.cell.row.value, records)
        distances = {
            one.id: min(distance_km(point, center.point) for point in one.points)
            for one in members
            if one.points and not counts(one, gap.cell.code, coverage.question.rule)
        }
        nearest = [distances[one.id] for one in gap.nearest if one.id in distances]
        assert nearest == sorted(nearest)
        if nearest and not any(one.parent for one in members):
            assert nearest == sorted(distances.values())[:NEAREST_COUNT]
        compared += len(nearest)
        assert len(gap.nearest) <= NEAREST_COUNT
        assert all(one.id in {member.id for member in members} for one in gap.nearest)
    assert compared > 60


def test_members_at_the_same_distance_are_ordered_by_name_and_not_by_when_they_were_added() -> None:
    names = ("Zinnia", "Árbol", "Meadow", "birch")
    members = [a_member(name, locations=(a_location_at(33.0, -86.0),)) for name in names]
    gap = Gaps(cover(SOUTH, *members)).list_first(1)[0]
    assert [one.name for one in gap.nearest] == sorted(names, key=fold)[:3]


def test_members_that_were_added_later_are_ordered_by_name_too() -> None:
    first, *others = (a_member(name, locations=(a_location_at(33.0, -86.0),)) for name in ("Meadow", "Zinnia", "Acorn"))
    before = Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), [first], {}, [])
    changes = {RecordKind.ORGANIZATION: RecordChanges((), others)}
    after = before.with_changes(SnapshotChanges(SnapshotState(2, "v2"), changes, {}, []))
    gap = Gaps(Coverage(after, SOUTH, TODAY)).list_first(1)[0]
    assert [one.name for one in gap.nearest] == ["Acorn", "Meadow", "Zinnia"]


def test_the_nearest_are_of_different_organizations_and_of_none_that_counts_already() -> None:
    parent = a_member("Parent", "Birmingham, AL")
    branches = [a_member(f"Branch {number}", "Atlanta, GA", parent=parent.id) for number in range(3)]
    other = a_member("Other", "Miami, FL")
    question = CoverageQuestion(values=("tenants",), within="US-SOUTH", goal=CoverageGoal(2))
    by_code = {
        gap.cell.code: [one.name for one in gap.nearest] for gap in Gaps(cover(question, parent, *branches, other)).list_first()
    }
    assert by_code["US-AL"] == ["Other"]
    assert len(by_code["US-TX"]) == 2


def test_members_without_a_point_follow_by_the_smallest_region_around() -> None:
    south = a_location(regions=("US-SOUTH", "US"), point=None)
    division = a_location(regions=("US-EAST-SOUTH-CENTRAL", "US-SOUTH", "US"), point=None)
    members = [
        a_member("A far one", "Seattle, WA"),
        a_member("B in the South", locations=(south,)),
        a_member("C in the division", locations=(division,)),
        a_member("D somewhere"),
    ]
    gap = next(gap for gap in Gaps(cover(SOUTH, *members)).list_first() if gap.cell.code == "US-AL")
    assert [one.name for one in gap.nearest] == ["A far one", "C in the division", "B in the South"]


def test_a_region_outside_of_the_gazetteer_has_the_members_around_it() -> None:
    member = a_member("One", locations=(a_location(regions=("MX-CMX", "MX")),))
    gap = Gaps(cover(CoverageQuestion(values=("tenants",), within="MX"), member)).list_first(1)[0]
    assert REGIONS.get_country_code(gap.cell.code) == "MX"
    assert [one.name for one in gap.nearest] == []  # it has a point, but the center of the region is not known


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("number", [-1, 0, 1_001, 10**30])
def test_a_goal_has_limits(number: int) -> None:
    with pytest.raises(BadInput, match="1 to 1,000 organizations"):
        CoverageGoal(number)


def test_unknown_terms_and_regions_are_refused_with_suggestions() -> None:
    with pytest.raises(UnknownTerm) as term:
        CoverageQuestion(values=("immigration detention",))
    assert term.value.suggestions
    with pytest.raises(UnknownRegion) as region:
        CoverageQuestion(within="Georgia")
    assert "US-GA" in region.value.suggestions
    with pytest.raises(UnknownTerm):
        CoverageQuestion(facet=CoverageFacet.WORK_AREA, values=("housing",))


def test_a_region_without_regions_of_the_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="Fulton County, GA contains no region of the kind state"):
        CoverageQuestion(within="US-GA-121")


def test_no_more_values_than_terms_are_taken() -> None:
    with pytest.raises(BadInput, match="at most 22 values"):
        CoverageQuestion(facet=CoverageFacet.WORK_AREA, values=("law",) * 23)
