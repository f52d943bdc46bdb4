"""A coverage matrix as `directory coverage --format json` prints it.

The structs are the JSON output: fields may be added, but never change their name or meaning.
"""

import datetime as dt

from msgspec import Struct

from directory.partners.coverage.cells import CoverageCell, CoverageRow
from directory.partners.coverage.coverage import Coverage
from directory.partners.coverage.gaps import Gap, Gaps
from directory.partners.coverage.summary import RowSummary, summarize_rows
from directory.search.snapshot import Snapshot
from directory.vocabulary.regions import REGIONS


class RegionFacts(Struct, frozen=True):
    code: str
    name: str


class RowFacts(Struct, frozen=True, kw_only=True, rename="camel"):
    """One term. `covered`, `nobody` and `unknown` are codes of regions; `target` is what each region should reach.

    `place_unknown` are the members who may work in one of the unknown regions: the largest number for a region.
    """

    value: str
    label: str
    member_count: int
    stated: int
    recently_verified: int
    verified_since: dt.date | None
    last_verified: dt.date | None
    region_unknown: int
    place_unknown: int
    target: int
    covered: tuple[str, ...]
    nobody: tuple[str, ...]
    unknown: tuple[str, ...]


class CellFacts(Struct, frozen=True, kw_only=True, rename="camel"):
    """As CoverageCell of the API."""

    value: str
    region: str
    located: int
    serving: int
    nationwide: int
    groups: int
    place_unknown: int
    verdict: str
    search: str


class NearestFacts(Struct, frozen=True):
    slug: str
    name: str


class GapFacts(Struct, frozen=True):
    """A cell that has `groups` of `target` organizations."""

    value: str
    region: str
    groups: int
    target: int
    missing: int
    verdict: str
    nearest: tuple[NearestFacts, ...]


class CoverageReport(Struct, frozen=True, kw_only=True, rename="camel"):
    """The output of `directory coverage`. `cells` are those that have a member, `gaps` the largest of `gap_count`."""

    audience: str
    version: str
    fictional: bool
    language: str
    facet: str
    region_kind: str
    matches: int
    goal: int | None
    by: str
    nationwide: str
    regions: tuple[RegionFacts, ...]
    rows: tuple[RowFacts, ...]
    cells: tuple[CellFacts, ...]
    gap_count: int
    gaps: tuple[GapFacts, ...]

    def get_label(self, code: str) -> str:
        """Return the name of a region in the language of the report."""
        return REGIONS.require(code).label(self.language)


def build_coverage_report(snapshot: Snapshot, coverage: Coverage, language: str, gap_count: int) -> CoverageReport:
    """Return the report of a matrix with at most `gap_count` gaps. `language` is "en" or "es"."""
    question, gaps = coverage.question, Gaps(coverage)
    unknown = {count.value: count.count for count in coverage.region_unknown}
    return CoverageReport(
        audience=snapshot.audience.lower(),
        version=snapshot.version,
        fictional=snapshot.fictional,
        language=language,
        facet=question.facet,
        region_kind=question.region_kind,
        matches=len(coverage.matches),
        goal=question.goal.at_least if question.goal else None,
        by=question.rule.by,
        nationwide=question.rule.nationwide,
        regions=tuple(RegionFacts(region.code, region.label(language)) for region in coverage.regions),
        rows=tuple(_build_row(summary, unknown.get(summary.row.value, 0), language) for summary in summarize_rows(coverage)),
        cells=tuple(_build_cell(coverage.get_cell(position)) for position in coverage.positions),
        gap_count=len(gaps),
        gaps=tuple(map(_build_gap, gaps.list_first(gap_count))),
    )


def _build_row(summary: RowSummary, region_unknown: int, language: str) -> RowFacts:
    row: CoverageRow = summary.row
    return RowFacts(
        value=row.value,
        label=row.term.label(language),
        member_count=row.member_count,
        stated=row.stated,
        recently_verified=row.recently_verified,
        verified_since=row.verified_since,
        last_verified=row.last_verified,
        region_unknown=region_unknown,
        place_unknown=max((cell.place_unknown for cell in summary.unknown_cells), default=0),
        target=summary.target,
        covered=_list_codes(summary.covered_cells),
        nobody=_list_codes(summary.empty_cells),
        unknown=_list_codes(summary.unknown_cells),
    )


def _list_codes(cells: list[CoverageCell]) -> tuple[str, ...]:
    return tuple(cell.code for cell in cells)


def _build_cell(cell: CoverageCell) -> CellFacts:
    return CellFacts(
        value=cell.row.value,
        region=cell.code,
        located=cell.located,
        serving=cell.serving,
        nationwide=cell.nationwide,
        groups=cell.groups,
        place_unknown=cell.place_unknown,
        verdict=cell.verdict,
        search=cell.search,
    )


def _build_gap(gap: Gap) -> GapFacts:
    nearest = tuple(NearestFacts(organization.slug, organization.name) for organization in gap.nearest)
    cell = gap.cell
    return GapFacts(cell.row.value, cell.code, cell.groups, gap.target, gap.missing, cell.verdict, nearest)
