"""Measure coalition plans: 6 issue areas in the 9 Census divisions, solved in this process, with the certificate."""

import random
import statistics
import time
from collections import Counter

from msgspec import Struct

from benchmarks import targets
from benchmarks.fictional_networks import NOW, SEED, build_snapshot
from benchmarks.tables import Table, compare_with_target, format_milliseconds
from directory.partners.plans.certificate import PlanProof
from directory.partners.plans.plan import Plan, plan_coalition
from directory.partners.plans.request import PlanRequest
from directory.search.snapshot import Snapshot
from directory.vocabulary.regions import REGIONS, RegionKind
from directory.vocabulary.terms import ISSUE_AREAS

ISSUE_AREA_COUNT = 6
MAX_ROUNDS = 50  # plans take much longer than searches


class PlanMeasurements(Struct, frozen=True):
    """The seconds of plans for different issue areas, in full and of the solver alone, and how their bounds were proven."""

    size: int
    seconds: list[float]
    solver_seconds: list[float]
    proofs: Counter[PlanProof]
    proven_count: int  # plans that are proven to be the smallest
    timed_out_count: int


def measure_plans(size: int, rounds: int) -> PlanMeasurements:
    """Measure plans over one fictional network, each for issue areas that the benchmark draws."""
    snapshot, generator = build_snapshot(size), random.Random(SEED)
    divisions = tuple(region.code for region in REGIONS.list_of_kind(RegionKind.CENSUS_DIVISION))
    slugs = sorted(ISSUE_AREAS.terms)
    drawn = [generator.sample(slugs, ISSUE_AREA_COUNT) for _ in range(min(rounds, MAX_ROUNDS) + 1)]
    requests = [PlanRequest(issue_areas=tuple(each), regions=divisions) for each in drawn]
    first, *measured = [_measure_plan(snapshot, request) for request in requests]  # the first one loads HiGHS
    assert first[1].members
    plans = [plan for _, plan in measured]
    return PlanMeasurements(
        size,
        [seconds for seconds, _ in measured],
        [plan.cpu_seconds for plan in plans],
        Counter(plan.certificate.proof for plan in plans),
        sum(plan.certificate.is_optimal for plan in plans),
        sum(plan.certificate.is_timed_out for plan in plans),
    )


def _measure_plan(snapshot: Snapshot, request: PlanRequest) -> tuple[float, Plan]:
    start = time.perf_counter()
    plan = plan_coalition(snapshot, request, NOW.date())
    return time.perf_counter() - start, plan


def build_tables(measurements: list[PlanMeasurements]) -> list[Table]:
    columns = ("organizations", "median", "slowest", "solver", "proven smallest", "stopped by the clock", "target", "")
    return [
        Table(
            f"Coalition plans of {ISSUE_AREA_COUNT} issue areas in 9 regions, with the certificate",
            columns,
            [_build_row(measured) for measured in measurements],
        )
    ]


def _build_row(measured: PlanMeasurements) -> tuple[str, ...]:
    median, count = statistics.median(measured.seconds), len(measured.seconds)
    target = targets.PLAN_SECONDS.get(measured.size)
    proofs = ", ".join(f"{proof.lower().replace('_', ' ')} {times}" for proof, times in measured.proofs.most_common())
    return (
        f"{measured.size:,}",
        format_milliseconds(median),
        format_milliseconds(max(measured.seconds)),
        format_milliseconds(statistics.median(measured.solver_seconds)),
        f"{measured.proven_count} of {count} ({proofs})",
        str(measured.timed_out_count),
        *(compare_with_target(median, target, format_milliseconds) if target else ("", "")),
    )
