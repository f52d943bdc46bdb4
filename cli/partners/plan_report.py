"""A coalition plan as `directory plan` prints it.

The structs are also the JSON output: fields may be added, but never change their name or meaning.
"""

from msgspec import Struct

from directory.partners.plans.candidates import PlanCell
from directory.partners.plans.plan import Plan, PlanMember
from directory.partners.plans.plan_sentences import describe_cell, describe_certificate, describe_gap, describe_notes
from directory.records import Organization
from directory.search.snapshot import Snapshot

LANGUAGE = "en"  # of all commands


class OrganizationName(Struct, frozen=True):
    slug: str
    name: str


class CellReport(Struct, frozen=True, rename="camel"):
    """`label` is "housing in New England"."""

    issue_area: str
    region: str
    label: str


class MemberReport(Struct, frozen=True, rename="camel"):
    """A member. The fields mean the same as in the API (schema/types/coalition_plan.py); `covers` is a number of cells."""

    slug: str
    name: str
    included: bool
    covers: int
    adds: int
    covers_alone: tuple[CellReport, ...]
    alternatives: tuple[OrganizationName, ...]


class GapReport(Struct, frozen=True, rename="camel"):
    """A cell that lacks members. `text` says why."""

    cell: CellReport
    missing: int
    reason: str
    text: str
    nearest: tuple[OrganizationName, ...]


class CertificateReport(Struct, frozen=True, rename="camel"):
    """Why the plan cannot be smaller. `cells`, `weights` and `needs` belong together."""

    optimal: bool
    lower_bound: int
    proof: str
    reason: str
    cells: tuple[CellReport, ...]
    weights: tuple[int, ...]
    needs: tuple[int, ...]
    capacity: int
    excess: int
    timed_out: bool


class PlanReport(Struct, frozen=True, rename="camel"):
    """The output of `directory plan`.

    `search` is the plan in one line, null if that is too long; `nationwide` says whether nationwide members count.
    """

    audience: str
    version: str
    fictional: bool
    search: str | None
    nationwide: str
    covered: int
    total: int
    notes: tuple[str, ...]
    members: tuple[MemberReport, ...]
    uncovered: tuple[GapReport, ...]
    certificate: CertificateReport


def build_plan_report(snapshot: Snapshot, plan: Plan) -> PlanReport:
    """Return the report of a plan."""
    return PlanReport(
        audience=snapshot.audience.value,
        version=snapshot.version,
        fictional=snapshot.fictional,
        search=plan.line,
        nationwide=plan.request.nationwide.value,
        covered=plan.covered,
        total=plan.total,
        notes=tuple(describe_notes(plan, LANGUAGE)),
        members=tuple(_build_member(member) for member in plan.members),
        uncovered=tuple(
            GapReport(
                _build_cell(gap.cell),
                gap.missing,
                gap.reason.value,
                describe_gap(gap, LANGUAGE),
                _name_all(gap.nearest),
            )
            for gap in plan.uncovered
        ),
        certificate=_build_certificate(plan),
    )


def _build_member(member: PlanMember) -> MemberReport:
    return MemberReport(
        slug=member.organization.slug,
        name=member.organization.name,
        included=member.is_included,
        covers=len(member.covers),
        adds=member.adds,
        covers_alone=tuple(_build_cell(cell) for cell in member.covers_alone),
        alternatives=_name_all(member.alternatives),
    )


def _build_certificate(plan: Plan) -> CertificateReport:
    certificate = plan.certificate
    return CertificateReport(
        optimal=certificate.is_optimal,
        lower_bound=certificate.lower_bound,
        proof=certificate.proof.value,
        reason=describe_certificate(plan, LANGUAGE),
        cells=tuple(_build_cell(cell) for cell in certificate.cells),
        weights=certificate.weights,
        needs=certificate.needs,
        capacity=certificate.capacity,
        excess=certificate.excess,
        timed_out=certificate.is_timed_out,
    )


def _build_cell(cell: PlanCell) -> CellReport:
    return CellReport(cell.issue_area, cell.region, describe_cell(cell, LANGUAGE))


def _name_all(organizations: tuple[Organization, ...]) -> tuple[OrganizationName, ...]:
    return tuple(OrganizationName(organization.slug, organization.name) for organization in organizations)
