"""Plans from real snapshots: against trying everything, and every claim that a plan makes."""

import datetime as dt
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.errors import BadInput
from directory.partners.plans.candidates import VERIFIED_POINTS, Candidates, PlanCell
from directory.partners.plans.plan import GapReason, Plan, leave_out, plan_coalition
from directory.partners.plans.request import PlanRequest, parse_plan_line
from directory.question import Nationwide, Question, RegionMatch, TermFilter
from directory.records import Audience, MembershipStatus, Organization, RecordKind
from directory.search.search_index import RecordChanges
from directory.search.snapshot import Snapshot, SnapshotChanges, SnapshotState
from tests.builders import NOW, a_location, a_membership, an_organization

TODAY = NOW.date()
THEMES, STATES = ("housing", "immigration", "health"), ("US-GA", "US-AL", "US-FL")


def a_snapshot(*organizations: Organization, audience: Audience = Audience.PUBLIC) -> Snapshot:
    slugs = {RecordKind.ORGANIZATION: {organization.slug: organization.id for organization in organizations}}
    return Snapshot.build(audience, SnapshotState(1, "v1"), organizations, slugs, [])


def a_member(name: str, themes: tuple[str, ...], states: tuple[str, ...], **fields: Any) -> Organization:
    return an_organization(name, issue_areas=themes, service_areas=states, **fields)


def make_plan(snapshot: Snapshot, **fields: Any) -> Plan:
    request = PlanRequest(**{"issue_areas": ("housing", "immigration"), "regions": ("US-AL", "US-GA"), **fields})
    return plan_coalition(snapshot, request, TODAY)


def list_slugs(plan: Plan) -> list[str]:
    return [member.organization.slug for member in plan.members]


# ---------------------------------------------------------------- against trying everything


@st.composite
def networks(draw: st.DrawFn) -> list[Organization]:
    count = draw(st.integers(1, 8))
    return [
        a_member(
            f"Group {number}",
            tuple(draw(st.sets(st.sampled_from(THEMES), max_size=3))),
            tuple(draw(st.sets(st.sampled_from(STATES), max_size=3))),
            verified_at=draw(st.sampled_from([None, NOW])),
        )
        for number in range(count)
    ]


def covers(organization: Organization, cell: PlanCell) -> bool:
    return cell.issue_area in organization.issue_areas and cell.region in organization.service_areas


def rate(organizations: tuple[Organization, ...]) -> tuple[int, int]:
    """Return the size and the points of a plan, computed from the records alone. Lower is better."""
    points = sum(len(set(one.issue_areas)) + (VERIFIED_POINTS if one.verified_at else 0) for one in organizations)
    return len(organizations), -points


@settings(max_examples=120)
@given(networks(), st.integers(1, 2), st.data())
def test_plans_are_the_smallest_and_preferred(network: list[Organization], per_cell: int, data: st.DataObject) -> None:
    included = data.draw(st.sets(st.sampled_from([one.slug for one in network]), max_size=2))
    others = sorted({one.slug for one in network} - included)
    excluded = data.draw(st.sets(st.sampled_from(others), max_size=2)) if others else set[str]()
    lists = {"include": tuple(included), "exclude": tuple(excluded)}
    plan = make_plan(a_snapshot(*network), issue_areas=THEMES, regions=STATES, per_cell=per_cell, **lists)
    cells = [PlanCell(theme, state) for theme in sorted(THEMES) for state in sorted(STATES)]
    usable = [one for one in network if one.slug not in excluded]
    goals = {cell: min(per_cell, sum(covers(one, cell) for one in usable)) for cell in cells}
    choices = [
        chosen
        for size in range(len(usable) + 1)
        for chosen in combinations(usable, size)
        if included <= {one.slug for one in chosen}
        and all(sum(covers(one, cell) for one in chosen) >= goal for cell, goal in goals.items())
    ]
    members = tuple(member.organization for member in plan.members)
    assert rate(members) == min(map(rate, choices))
    assert plan.certificate.is_optimal
    assert plan.certificate.lower_bound == len(members)
    assert [gap.cell for gap in plan.uncovered] == [cell for cell in cells if goals[cell] < per_cell]
    assert (plan.covered, plan.total) == (len(cells) - len(plan.uncovered), len(cells))
    check_claims(plan, usable, per_cell)


def check_claims(plan: Plan, usable: list[Organization], per_cell: int) -> None:
    """Check what a plan says about each member, from the records alone."""
    cells = {PlanCell(theme, state) for theme in THEMES for state in STATES}
    members = [member.organization for member in plan.members]
    complete_before = 0
    for number, member in enumerate(plan.members, 1):
        own = {cell for cell in cells if covers(member.organization, cell)}
        assert set(member.covers) == own
        alone = {cell for cell in own if sum(covers(one, cell) for one in members) <= per_cell}
        assert set(member.covers_alone) == alone
        complete = sum(sum(covers(one, cell) for one in members[:number]) >= per_cell for cell in cells)
        assert member.adds == complete - complete_before
        complete_before = complete
        able = [one for one in usable if one not in members and all(covers(one, cell) for cell in alone)]
        assert set(member.alternatives) <= set(able)
        assert len(member.alternatives) == (min(5, len(able)) if alone else 0)


# ---------------------------------------------------------------- preference and order

BOTH, EVERYWHERE = ("housing", "immigration"), ("US-AL", "US-GA")


def test_among_equal_plans_the_nearer_verified_members_with_more_issue_areas_are_chosen() -> None:
    near, far = a_location("Atlanta, GA"), a_location("Seattle, WA")
    plain = a_member("Plain", BOTH, EVERYWHERE, locations=(far,))
    better = [
        a_member("Verified", BOTH, EVERYWHERE, locations=(far,), verified_at=NOW),
        a_member("Near", BOTH, EVERYWHERE, locations=(near,)),
    ]
    for one in better:
        assert list_slugs(make_plan(a_snapshot(plain, one))) == [one.slug]
    old = a_member("Old", BOTH, EVERYWHERE, locations=(far,), verified_at=NOW - dt.timedelta(days=500))
    assert list_slugs(make_plan(a_snapshot(old, better[0]))) == ["verified"]


def test_the_origin_of_the_filter_and_included_members_are_the_center() -> None:
    west = a_member("West", ("health",), (), locations=(a_location("Seattle, WA"),))
    in_west = a_member("In the west", BOTH, EVERYWHERE, locations=(a_location("Tacoma, WA"),))
    in_south = a_member("In the south", BOTH, EVERYWHERE, locations=(a_location("Atlanta, GA"),))
    snapshot = a_snapshot(west, in_west, in_south)
    assert list_slugs(make_plan(snapshot)) == ["in-the-south"]
    assert list_slugs(make_plan(snapshot, include=("west",))) == ["west", "in-the-west"]
    line = "issue=housing&region=US-GA&region=US-AL&filter=near%3Dcity:US-WA:seattle"
    assert list_slugs(plan_coalition(snapshot, parse_plan_line(line), TODAY)) == ["in-the-west"]


def test_the_order_of_rows_does_not_matter() -> None:
    """A snapshot that was built at once, and one in which the same members were added later, give the same plan."""
    members = [a_member(f"Group {number}", BOTH[number % 2 :][:1], (EVERYWHERE[number % 3 % 2],)) for number in range(9)]
    at_once, grown = a_snapshot(*members), a_snapshot(members[4])
    for revision, member in enumerate(reversed(members), 2):
        state = SnapshotState(revision, f"v{revision}")
        records = {RecordKind.ORGANIZATION: RecordChanges((), (member,))}
        grown = grown.with_changes(SnapshotChanges(state, records, {RecordKind.ORGANIZATION: {member.slug: member.id}}, ()))
    assert make_plan(grown).members == make_plan(at_once).members


# ---------------------------------------------------------------- gaps


def find_reasons(plan: Plan) -> dict[tuple[str, str], GapReason]:
    return {(gap.cell.issue_area, gap.cell.region): gap.reason for gap in plan.uncovered}


def test_each_gap_has_its_reason() -> None:
    snapshot = a_snapshot(
        a_member("Georgia", ("housing",), ("US-GA",)),
        a_member("Excluded", ("immigration",), ("US-GA",)),
        a_member("Prospect", ("housing",), ("US-AL",), membership=a_membership(MembershipStatus.PROSPECT)),
    )
    plan = make_plan(snapshot, exclude=("excluded",))
    assert find_reasons(plan) == {
        ("immigration", "US-GA"): GapReason.EXCLUDED,
        ("housing", "US-AL"): GapReason.FILTER,
        ("immigration", "US-AL"): GapReason.NO_MEMBER,
    }
    assert list_slugs(plan) == ["georgia"]
    assert plan.certificate.is_optimal


def test_a_plan_that_is_too_small_covers_the_most_and_says_so() -> None:
    snapshot = a_snapshot(
        a_member("Two", ("housing",), EVERYWHERE),
        a_member("One", ("immigration",), ("US-GA",)),
        a_member("Other", ("immigration",), ("US-AL",)),
    )
    plan = make_plan(snapshot, max_size=1)
    assert (list_slugs(plan), plan.covered, plan.is_limited) == (["two"], 2, True)
    assert (plan.certificate.lower_bound, plan.certificate.is_optimal) == (3, True)
    assert set(find_reasons(plan).values()) == {GapReason.MAX_SIZE}
    assert [[one.slug for one in gap.nearest] for gap in plan.uncovered] == [["other"], ["one"]]
    included = make_plan(snapshot, max_size=1, include=("one",))
    assert (list_slugs(included), included.covered, included.certificate.lower_bound) == (["one"], 1, 3)


def test_the_nearest_members_who_work_on_an_issue_area_are_shown() -> None:
    snapshot = a_snapshot(
        *(
            a_member(place, ("housing",), (), locations=(a_location(place),))
            for place in ("Seattle, WA", "Nashville, TN", "Chicago, IL", "Boston, MA")
        ),
        a_member("Nowhere", ("housing",), ()),
    )
    (gap,) = make_plan(snapshot, issue_areas=("housing",), regions=("US-GA",)).uncovered
    assert [one.name for one in gap.nearest] == ["Nashville, TN", "Chicago, IL", "Boston, MA"]


def test_nothing_can_be_covered() -> None:
    plan = make_plan(a_snapshot(a_member("Elsewhere", ("health",), ("US-WA",))))
    assert (plan.members, plan.covered, plan.total, plan.certificate.is_optimal) == ((), 0, 4, True)


# ---------------------------------------------------------------- members by key


def test_a_member_who_says_no_is_left_out_under_every_key() -> None:
    first, second = a_member("First", BOTH, EVERYWHERE, verified_at=NOW), a_member("Second", BOTH, EVERYWHERE)
    snapshot = a_snapshot(first, second)
    plan = make_plan(snapshot)
    assert list_slugs(plan) == ["first"]
    assert [one.slug for one in plan.members[0].alternatives] == ["second"]
    again = plan_coalition(snapshot, parse_plan_line(plan.members[0].line_without or ""), TODAY)
    assert (list_slugs(again), again.request.exclude) == (["second"], ("first",))
    insisting = PlanRequest(issue_areas=BOTH, regions=EVERYWHERE, include=(first.id, "first", "second"))
    assert plan_coalition(snapshot, leave_out(snapshot, insisting, [first.id]), TODAY).members[0].organization == second


def test_an_unlisted_member_changes_nothing_but_a_note() -> None:
    hidden = a_member("Hidden", BOTH, EVERYWHERE)
    seen = a_member("Seen", BOTH, EVERYWHERE)
    without, everyone = a_snapshot(seen), a_snapshot(seen, hidden, audience=Audience.STAFF)
    narrowed = everyone.narrow(Audience.PUBLIC, SnapshotState(1, "v1"), [seen], {RecordKind.ORGANIZATION: {"seen": seen.id}}, [])
    for keys in ({"include": ("hidden",)}, {"exclude": ("hidden",)}, {"include": (hidden.id,)}, {}):
        answers = [make_plan(snapshot, **keys) for snapshot in (without, narrowed)]
        assert answers[0].members == answers[1].members
        assert answers[0].unlisted_keys == answers[1].unlisted_keys == (keys.get("include") or keys.get("exclude") or ())
        assert answers[0].line == answers[1].line


def test_a_member_cannot_be_included_and_excluded() -> None:
    one = a_member("One", BOTH, EVERYWHERE)
    for exclude in ("one", one.id):
        with pytest.raises(BadInput, match="both included and excluded"):
            make_plan(a_snapshot(one), include=("one",), exclude=(exclude,))


# ---------------------------------------------------------------- what counts


def test_regions_and_the_filter_decide_who_counts() -> None:
    snapshot = a_snapshot(
        a_member("Located", ("housing",), (), locations=(a_location("Atlanta, GA"),), communities=("women",)),
        a_member("Serving", ("housing",), ("US-GA",)),
        a_member("National", ("housing",), ("US",)),
    )
    cell: dict[str, Any] = {"issue_areas": ("housing",), "regions": ("US-GA",), "per_cell": 3}
    assert make_plan(snapshot, **cell).uncovered[0].missing == 1
    assert make_plan(snapshot, **cell, nationwide=Nationwide.INCLUDE).covered == 1
    assert list_slugs(make_plan(snapshot, **cell, by=RegionMatch.LOCATED)) == ["located"]
    assert list_slugs(make_plan(snapshot, **cell, filter=Question(communities=TermFilter(("women",))))) == ["located"]


def test_branches_count_as_members_of_their_own() -> None:
    head = a_member("Head", ("housing",), ("US-GA",))
    branch = a_member("Branch", ("housing",), ("US-GA",), parent=head.id)
    plan = make_plan(a_snapshot(head, branch), issue_areas=("housing",), regions=("US-GA",), per_cell=2)
    assert (plan.covered, len(plan.members)) == (1, 2)


def test_narrower_issue_areas_count() -> None:
    assert make_plan(a_snapshot(a_member("Tenants", ("tenants",), EVERYWHERE)), issue_areas=("housing",)).covered == 2


def test_groups_contain_every_candidate_once() -> None:
    members = [a_member(f"Group {number}", THEMES[: number % 4], STATES[: number % 3]) for number in range(12)]
    snapshot = a_snapshot(*members)
    candidates = Candidates(snapshot, PlanRequest(issue_areas=THEMES, regions=STATES), TODAY)
    rows = [row for group in candidates.groups for row in group.rows.tolist()]
    assert len(rows) == len(set(rows)) == sum(bool(one.issue_areas and one.service_areas) for one in members)
    assert all(candidates.get_cells(row) == group.cells for group in candidates.groups for row in group.rows.tolist())


def test_a_preferred_member_is_kept_beside_one_that_covers_more() -> None:
    snapshot = a_snapshot(
        a_member("West", ("housing",), ("US-GA", "US-AL")),
        a_member("Wide", ("housing",), ("US-AL", "US-FL")),
        a_member("Verified", ("housing",), ("US-FL",), verified_at=NOW),
    )
    assert list_slugs(make_plan(snapshot, issue_areas=("housing",), regions=STATES)) == ["west", "verified"]
