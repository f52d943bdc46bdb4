"""Plan a coalition: choose its members, prove that fewer are not enough, and explain what each of them adds."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from pyroaring import BitMap

from directory.gazetteer.gazetteer import get_gazetteer
from directory.partners.plans.candidates import Candidates, PlanCell, iterate_bits
from directory.partners.plans.certificate import LowerBound, PlanProof, bound_complete_cells, prove_lower_bound
from directory.partners.plans.cover_problem import ReducedProblem, count_available, count_cells, reduce_problem
from directory.partners.plans.cover_solver import CoverProposal, Solver, solve_cover
from directory.partners.plans.request import MAX_LISTED, PlanRequest, format_usable_line
from directory.records import Organization
from directory.search.snapshot import Snapshot

MAX_ALTERNATIVES = 5  # who could stand in for a member
MAX_NEAREST = 3  # who is closest to covering a cell
MAX_EXPLAINED_GAPS = 20  # gaps for which the nearest members are searched


class GapReason(StrEnum):
    """Why a cell does not get as many members as it should, the first that applies."""

    MAX_SIZE = "MAX_SIZE"  # enough members could cover it, but the plan may not have more members
    EXCLUDED = "EXCLUDED"  # enough members could cover it if none was excluded
    FILTER = "FILTER"  # enough organizations could cover it, but some do not match the filter
    NO_MEMBER = "NO_MEMBER"  # too few organizations work on the issue area in the region


class PlanGap(Struct, frozen=True):
    """A cell that lacks `missing` members.

    `nearest` are candidates who could cover it in a larger plan, preferred ones first, if the reason is MAX_SIZE. Else they work
    on the issue area elsewhere, nearest to the region first. () for all but the first MAX_EXPLAINED_GAPS
    gaps.
    """

    cell: PlanCell
    missing: int
    reason: GapReason
    nearest: tuple[Organization, ...] = ()


class PlanMember(Struct, frozen=True):
    """A member of a plan.

    `covers_alone` are the cells that would have too few members without it; `adds` is how many cells are complete with it and the
    members before it in the plan, and not without it. `alternatives` each cover all of `covers_alone`; () if nobody else does.
    `line_without` is the plan without this member, in one line; None if that line is too long, or if the plan excludes as many
    organizations as it can.
    """

    organization: Organization
    is_included: bool
    covers: tuple[PlanCell, ...]
    covers_alone: tuple[PlanCell, ...]
    adds: int
    alternatives: tuple[Organization, ...]
    line_without: str | None


class PlanCertificate(Struct, frozen=True):
    """How many members are needed at least, and why.

    `is_optimal`: whether it is proven that no smaller plan covers as much or, if the maximum size leaves cells uncovered, that no
    plan of that size completes more cells. `lower_bound` is the size of a plan without a maximum size, included members among it.
    `cells`, `weights` and `needs` belong together; certificate.py says what they, `capacity` and `excess` prove.
    """

    is_optimal: bool
    lower_bound: int
    proof: PlanProof
    cells: tuple[PlanCell, ...]
    weights: tuple[int, ...]
    needs: tuple[int, ...]
    capacity: int
    excess: int
    is_timed_out: bool


class Plan(Struct, frozen=True):
    """A plan. `covered` of the `total` cells have enough members. `line` is its one-line form, with current slugs; None if that
    is too long to be taken back. Because of the maximum size, `limited_count` cells have fewer members than they could.

    `unlisted_keys` are the keys to include or exclude that name no organization that the audience sees. `cpu_seconds` is the time
    of the solver.
    """

    request: PlanRequest
    members: tuple[PlanMember, ...]
    covered: int
    total: int
    uncovered: tuple[PlanGap, ...]
    certificate: PlanCertificate
    limited_count: int
    line: str | None
    unlisted_keys: tuple[str, ...]
    cpu_seconds: float

    @property
    def is_limited(self) -> bool:
        """Whether the maximum size leaves a cell with fewer members than it could have."""
        return self.limited_count > 0


def plan_coalition(snapshot: Snapshot, request: PlanRequest, today: dt.date, solve: Solver = solve_cover) -> Plan:
    """Return the smallest plan or, if the maximum size is too small, one of that size that covers the most.

    `today` is the day in UTC. `solve` may run in another process. Raises BadInput for a member that is included and excluded and
    for a filter that cannot be used, and whatever `solve` raises.
    """
    candidates = Candidates(snapshot, request, today)
    reduced = reduce_problem(candidates)
    proposal = solve(reduced.problem) if reduced.problem else CoverProposal((), 0, ())
    chosen = [reduced.candidate_rows[column] for column in proposal.columns]
    return _PlanBuilder(candidates, chosen).build(reduced, proposal)


def leave_out(snapshot: Snapshot, request: PlanRequest, keys: Sequence[str]) -> PlanRequest:
    """Return the request without some members, by slugs or ids: they are excluded, and included under no key any more."""
    organizations = (snapshot.find_by_slug(key) or snapshot.find_by_id(key) for key in keys)
    ids = {organization.id for organization in organizations if organization}

    def is_left_out(key: str) -> bool:
        organization = snapshot.find_by_slug(key) or snapshot.find_by_id(key)
        return key in keys or (organization is not None and organization.id in ids)

    include = tuple(key for key in request.include if not is_left_out(key))
    return replace(request, include=include, exclude=(*request.exclude, *keys))


class _PlanBuilder:
    """Builds the plan of these members: the included ones, and those that were chosen."""

    def __init__(self, candidates: Candidates, chosen: Sequence[int]) -> None:
        self.candidates, self.request = candidates, candidates.request
        self.rows = self._sort_rows(chosen)
        self.counts = count_cells(candidates, self.rows)
        self.own_request = self._name_members()

    def build(self, reduced: ReducedProblem, proposal: CoverProposal) -> Plan:
        gaps = self._list_gaps()
        return Plan(
            request=self.request,
            members=tuple(self._list_members()),
            covered=len(self.counts) - len(gaps),
            total=len(self.counts),
            uncovered=gaps,
            certificate=self._certify(reduced, proposal),
            limited_count=self._count_limited(reduced),
            line=format_usable_line(self.own_request),
            unlisted_keys=self.candidates.unlisted_keys,
            cpu_seconds=proposal.cpu_seconds,
        )

    def _sort_rows(self, chosen: Sequence[int]) -> list[int]:
        """Return the members in the order of the plan: included ones by name, then always the one that completes the most needs.

        Members that complete equally many come by preference, then by name.
        """
        get_key, ordered = self.candidates.snapshot.index.rows.get_name_key, list(self.candidates.included_rows)
        keys = {row: (-self.candidates.rate(row), get_key(row)) for row in chosen}
        missing = [max(0, self.request.per_cell - count) for count in count_cells(self.candidates, ordered)]
        while keys:
            covers = {row: [cell for cell in iterate_bits(self.candidates.get_cells(row)) if missing[cell]] for row in keys}
            best = min(keys, key=lambda row: (-len(covers[row]), keys[row]))
            for cell in covers[best]:
                missing[cell] -= 1
            ordered.append(best)
            del keys[best]
        return ordered

    def _name_members(self) -> PlanRequest:
        """Return the request with current slugs. Keys that name nobody stay as they are."""
        find = self.candidates.snapshot

        def name(key: str) -> str:
            organization = find.find_by_slug(key) or find.find_by_id(key)
            return organization.slug if organization else key

        request = self.request
        return replace(request, include=tuple(map(name, request.include)), exclude=tuple(map(name, request.exclude)))

    def _list_members(self) -> list[PlanMember]:
        members, counts = [], [0] * len(self.counts)
        for row, organization in zip(self.rows, self.candidates.list_organizations(self.rows), strict=True):
            cells = self.candidates.get_cells(row)
            alone = sum(1 << cell for cell in iterate_bits(cells) if self.counts[cell] <= self.request.per_cell)
            for cell in iterate_bits(cells):
                counts[cell] += 1
            stand_ins = self.candidates.find_stand_ins(alone, self.rows, MAX_ALTERNATIVES) if alone else ()
            members.append(
                PlanMember(
                    organization=organization,
                    is_included=row in self.candidates.included_rows,
                    covers=self.candidates.list_cells(cells),
                    covers_alone=self.candidates.list_cells(alone),
                    adds=sum(counts[cell] == self.request.per_cell for cell in iterate_bits(cells)),
                    alternatives=self.candidates.list_organizations(stand_ins),
                    line_without=self._format_line_without(organization),
                )
            )
        return members

    def _format_line_without(self, organization: Organization) -> str | None:
        if len(self.own_request.exclude) >= MAX_LISTED:
            return None
        return format_usable_line(leave_out(self.candidates.snapshot, self.own_request, [organization.slug]))

    def _list_gaps(self) -> tuple[PlanGap, ...]:
        available, gaps = count_available(self.candidates), list[PlanGap]()
        included = count_cells(self.candidates, self.candidates.included_rows)
        for number, cell in enumerate(self.candidates.cells):
            missing = self.request.per_cell - self.counts[number]
            if missing > 0:
                reason = self._find_reason(number, available[number] + included[number])
                nearest = self._find_nearest(number, reason) if len(gaps) < MAX_EXPLAINED_GAPS else ()
                gaps.append(PlanGap(cell, missing, reason, nearest))
        return tuple(gaps)

    def _find_reason(self, number: int, usable: int) -> GapReason:
        per_cell, rows = self.request.per_cell, self.candidates.find_cell_rows(number)
        if usable >= per_cell:
            return GapReason.MAX_SIZE
        eligible = rows & (self.candidates.filter_rows | self.candidates.excluded_rows)
        if len(eligible | (rows & BitMap(self.candidates.included_rows))) >= per_cell:
            return GapReason.EXCLUDED
        return GapReason.FILTER if len(rows) >= per_cell else GapReason.NO_MEMBER

    def _find_nearest(self, number: int, reason: GapReason) -> tuple[Organization, ...]:
        """Return who could cover a cell in a larger plan; else who works on the issue area, nearest to the region first."""
        if reason is GapReason.MAX_SIZE:
            stand_ins = self.candidates.find_stand_ins(1 << number, self.rows, MAX_NEAREST)
            return self.candidates.list_organizations(stand_ins)
        place = get_gazetteer().find_region(self.candidates.cells[number].region)
        if place is None:
            return ()
        index, others = self.candidates.snapshot.index, self.candidates.find_cell_rows(number)
        rows = self.candidates.find_issue_area_rows(number) - others
        numbers = np.asarray(rows.to_array(), np.int64)
        chords = index.points.measure_distances_of(rows, place.point).get_chords(numbers)
        order = np.lexsort((index.rows.rank[numbers], chords))[:MAX_NEAREST]  # by name if equally far
        return self.candidates.list_organizations(numbers[order[np.isfinite(chords[order])]].tolist())

    def _certify(self, reduced: ReducedProblem, proposal: CoverProposal) -> PlanCertificate:
        bound, included = prove_lower_bound(reduced, proposal), len(self.candidates.included_rows)
        return PlanCertificate(
            is_optimal=self._is_optimal(reduced, proposal, bound),
            lower_bound=included + bound.size,
            proof=bound.proof,
            cells=tuple(self.candidates.cells[cell] for cell in bound.cells),
            weights=bound.weights,
            needs=bound.needs,
            capacity=bound.capacity,
            excess=bound.excess,
            is_timed_out=proposal.is_timed_out,
        )

    def _is_optimal(self, reduced: ReducedProblem, proposal: CoverProposal, bound: LowerBound) -> bool:
        size, problem = len(proposal.columns), reduced.problem
        missed = self._count_limited(reduced)
        if problem is None or not missed:
            return size == bound.size
        if problem.max_size is None or size > problem.max_size:
            return False
        return len(reduced.cells) - missed >= bound_complete_cells(reduced, proposal, problem.max_size)

    def _count_limited(self, reduced: ReducedProblem) -> int:
        """Return how many cells have fewer members than they could have, because the plan may not have more."""
        needs = reduced.problem.needs if reduced.problem else ()
        return sum(not self._fills(cell, need) for cell, need in zip(reduced.cells, needs, strict=True))

    def _fills(self, cell: int, need: int) -> bool:
        """Return whether the chosen members fill the need that the included ones left."""
        included = sum(self.candidates.get_cells(row) >> cell & 1 for row in self.candidates.included_rows)
        return self.counts[cell] - included >= need
