"""Coverage as a table of who does what where."""

import csv
import io

import pytest

from directory.export.coverage_table import HEADINGS, RELATION_LABELS, write_coverage_csv
from directory.partners.coverage.coverage import Coverage
from directory.partners.coverage.question import CoverageQuestion
from directory.records import Audience, Organization, Source
from directory.search.snapshot import Snapshot, SnapshotState
from directory.vocabulary.regions import RegionKind
from tests.builders import NOW, a_location, an_organization

ATLANTA = an_organization(
    "=Atlanta Tenants",
    issue_areas=("tenants",),
    locations=(a_location("Atlanta, GA"),),
    service_areas=("US-AL",),
    verified_at=NOW,
    sources=(
        Source("issue_areas", "Own page"),
        Source("locations", "List of 2024"),
        Source("service_areas", "A call"),
        Source("name", "Register"),
    ),
)
EVERYWHERE = an_organization("Everywhere", issue_areas=("tenants",), service_areas=("US",))
TODAY = NOW.date()


def write(question: CoverageQuestion, *records: Organization, language: str = "en") -> tuple[list[dict[str, str]], int]:
    snapshot = Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), records, {}, [])
    file = io.BytesIO()
    count = write_coverage_csv(Coverage(snapshot, question, TODAY), file, language)
    return list(csv.DictReader(io.StringIO(file.getvalue().decode(), newline=""))), count


def test_a_line_for_each_organization_sector_and_area() -> None:
    lines, count = write(CoverageQuestion(values=("tenants",), within="US-SOUTH"), ATLANTA, EVERYWHERE)
    assert count == len(lines) == 1 + 1 + 17
    assert tuple(lines[0]) == HEADINGS["en"]
    by_place = {(line["organization"], line["admin area code"]): line for line in lines}
    assert by_place["'=Atlanta Tenants", "US-GA"] == {
        "organization": "'=Atlanta Tenants",  # escaped, or a spreadsheet would compute it
        "organization id": ATLANTA.id,
        "organization slug": ATLANTA.slug,
        "sector": "Tenants' rights and eviction",
        "sector code": "tenants",
        "admin level": "1",
        "admin area code": "US-GA",
        "admin area name": "Georgia",
        "relation": "located",
        "period": "2026-06-01",
        "source": "Own page; List of 2024",
    }
    alabama = by_place["'=Atlanta Tenants", "US-AL"]
    assert (alabama["relation"], alabama["source"]) == ("serving", "Own page; A call")
    texas = by_place["Everywhere", "US-TX"]
    assert (texas["relation"], texas["period"], texas["source"]) == ("nationwide", "", "")


def test_spanish_headings_and_labels() -> None:
    lines, _ = write(CoverageQuestion(values=("tenants",), within="US-GA"), ATLANTA, language="es")
    assert tuple(lines[0]) == HEADINGS["es"]
    assert lines[0]["relación"] == "con sede"
    assert len(HEADINGS["es"]) == len(HEADINGS["en"])
    assert RELATION_LABELS["es"].keys() == RELATION_LABELS["en"].keys()


@pytest.mark.parametrize(
    ("kind", "code", "level"),
    [(RegionKind.COUNTY, "US-GA-051", "2"), (RegionKind.COUNTRY, "US", "0"), (RegionKind.CENSUS_REGION, "US-SOUTH", "")],
)
def test_an_area_may_be_of_another_level_or_of_none(kind: RegionKind, code: str, level: str) -> None:
    savannah = an_organization("One", issue_areas=("tenants",), locations=(a_location("Savannah, GA"),))
    lines, _ = write(CoverageQuestion(values=("tenants",), region_kind=kind, within=code), savannah)
    assert [(line["admin area code"], line["admin level"]) for line in lines] == [(code, level)]


def test_an_empty_matrix_has_only_headings() -> None:
    assert write(CoverageQuestion(values=("tenants",), within="US-GA")) == ([], 0)
