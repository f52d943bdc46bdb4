"""Coverage as a table of who does what where (3W): one line for each organization, sector and area.

The columns are those of the 3W tables of humanitarian coordination (https://knowledge.base.unocha.org/wiki/spaces/imtoolbox/),
apart from the relation, which tells the members who work in an area from those who count there because they work everywhere.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import IO

from directory.export.formula_escaping import escape_csv_cell
from directory.partners.coverage.cells import CoverageCell, CoverageRelation
from directory.partners.coverage.coverage import Coverage
from directory.records import Organization
from directory.vocabulary.region_files import RegionKind

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "en": (
        *("organization", "organization id", "organization slug", "sector", "sector code"),
        *("admin level", "admin area code", "admin area name", "relation", "period", "source"),
    ),
    "es": (
        *("organización", "id de la organización", "clave de la organización", "sector", "código del sector"),
        *("nivel administrativo", "código del área administrativa", "nombre del área administrativa"),
        *("relación", "período", "fuente"),
    ),
}
RELATION_LABELS: Mapping[str, Mapping[CoverageRelation, str]] = {
    "en": {
        CoverageRelation.LOCATED: "located",
        CoverageRelation.SERVING: "serving",
        CoverageRelation.NATIONWIDE: "nationwide",
    },
    "es": {
        CoverageRelation.LOCATED: "con sede",
        CoverageRelation.SERVING: "atiende",
        CoverageRelation.NATIONWIDE: "nacional",
    },
}
ADMIN_LEVELS = {RegionKind.COUNTRY: "0", RegionKind.STATE: "1", RegionKind.COUNTY: "2"}  # empty for areas that are no level
_PLACE_FIELDS = {CoverageRelation.LOCATED: "locations"}  # the field whose sources tell of a relation; service_areas for others


def write_coverage_csv(coverage: Coverage, file: IO[bytes], language: str = "en") -> int:
    """Write the lines of all cells, and return their number. For each cell there are as many lines as its counts add up to.

    `period` is the day on which the organization was last verified, empty if it never was; `source` are the published sources
    of its themes and places. `language` is "en" or "es".
    """
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer, count = csv.writer(text), 0
    writer.writerow(HEADINGS[language])
    for line in _iter_lines(coverage, language):
        writer.writerow(map(escape_csv_cell, line))
        count += 1
    text.flush()
    text.detach()
    return count


def _iter_lines(coverage: Coverage, language: str) -> Iterator[tuple[str, ...]]:
    for cell in map(coverage.get_cell, coverage.positions):
        for relation, rows in cell.find_rows_by_relation().items():
            for organization in coverage.index.rows.list_records(coverage.index.rows.iter_by_name(rows)):
                yield _build_line(cell, organization, relation, language)


def _build_line(cell: CoverageCell, organization: Organization, relation: CoverageRelation, language: str) -> tuple[str, ...]:
    region, row = cell.region, cell.row
    fields = (row.facet, _PLACE_FIELDS.get(relation, "service_areas"))
    sources = dict.fromkeys(source.title for source in organization.sources if source.field in fields)
    return (
        organization.name,
        organization.id,
        organization.slug,
        row.term.label(language),
        row.value,
        ADMIN_LEVELS.get(region.kind, ""),
        region.code,
        region.label(language),
        RELATION_LABELS[language][relation],
        organization.verified_at.date().isoformat() if organization.verified_at else "",
        "; ".join(sources),
    )
