"""Report files have the shape that scripts rely on, and are safe to open in a spreadsheet."""

import csv
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from tests.seed.import_session import ImportSession, nonzero_counts

FATES = ("created", "changed", "unchanged", "doubtful", "refused")
KNOWN = [
    {"ID": "1", "Organization": "Mesa Workers Center", "City": "Tucson", "State": "AZ", "Email": "info@mesa.example.org"},
    {"ID": "2", "Organization": "Bay Tenants Union", "City": "Oakland", "State": "CA"},
    {"ID": "4", "Organization": "Gone Fishing", "City": "Macon", "State": "GA"},
]
KNOWN_TO_ANOTHER = {"ID": "3", "Organization": "Delta Elders for Freedom", "City": "Jackson", "State": "MS"}
ROWS = [
    KNOWN[0],
    KNOWN[1] | {"City": "Berkeley"},
    {"Organization": "Delta Elders for Freedom"},
    {"ID": "5", "Organization": "=cmd|' /C calc'!A1", "City": "Omaha", "State": "NE"},
    {"ID": "6", "Organization": "PLAINS LEGAL AID INC", "City": "Omaha", "State": "Nebrasca", "Website": "plains.example.org"},
]


@pytest.fixture
def source(walk: ImportSession) -> Path:
    walk.import_all(walk.write_csv("list.csv", *KNOWN))
    walk.import_all(walk.write_csv("other.csv", KNOWN_TO_ANOTHER))
    return walk.write_csv("list.csv", *ROWS)


@pytest.fixture
def report(walk: ImportSession, source: Path) -> dict[str, Any]:
    return walk.import_with_report(source, "--strict")


def only_item(report: dict[str, Any], fate: str) -> dict[str, Any]:
    (item,) = [item for item in report["items"] if item["fate"] == fate]
    found: dict[str, Any] = item
    return found


class TestJson:
    def test_it_has_exactly_the_documented_shape(self, report: dict[str, Any]) -> None:
        counts = {"rows", *FATES, "missing", "contact", "values_left_out", "left_removed"}
        assert set(report) == {*counts, "items", "notes", "missing_organizations"}
        promised = {"row", "fate", "name", "organization", "changes", "evidence", "problems"}
        more = {"file", "proposed", "repeats", "left_removed", "left_out", "repairs", "visibility", "unknown_terms", "not_taken"}
        assert [set(item) for item in report["items"]] == [promised | more] * len(ROWS)
        assert list(report)[:7] == ["rows", *FATES, "missing"]

    def test_every_row_is_accounted_for_once(self, report: dict[str, Any]) -> None:
        assert report["rows"] == len(ROWS) == len(report["items"]) == sum(report[fate] for fate in FATES)
        assert nonzero_counts(report) == {**dict.fromkeys(FATES, 1), "missing": 1}
        assert {fate: report[fate] for fate in FATES} == {
            fate: sum(item["fate"] == fate for item in report["items"]) for fate in FATES
        }
        assert [item["row"] for item in report["items"]] == [2, 3, 4, 5, 6], "line numbers of the file"

    def test_a_change_has_its_old_and_new_value(self, report: dict[str, Any]) -> None:
        changed = only_item(report, "changed")
        assert changed["organization"] == "bay-tenants-union"
        (change,) = changed["changes"]
        assert (change["field"], change["old"], change["new"]) == ("locations", "Oakland, CA", "Berkeley, CA")
        assert "X-LIST 2" in changed["evidence"][0]["because"]
        assert only_item(report, "unchanged")["changes"] == only_item(report, "created")["changes"] == []

    def test_a_problem_names_row_column_value_code_and_what_to_do(self, report: dict[str, Any]) -> None:
        refused = only_item(report, "refused")
        (problem,) = refused["problems"]
        assert (refused["row"], problem["column"], problem["value"]) == (6, "State", "Nebrasca")
        assert (problem["code"], problem["path"]) == ("UNKNOWN_REGION", "locations[0].state")
        assert "Write its name or abbreviation" in problem["message"]

    def test_values_left_out_are_counted_and_explained(self, walk: ImportSession, source: Path) -> None:
        report = walk.import_with_report(source)
        assert (report["values_left_out"], report["refused"], report["created"]) == (1, 0, 2)
        (value,) = [value for item in report["items"] for value in item["left_out"]]
        assert (value["column"], value["value"], value["code"]) == ("State", "Nebrasca", "UNKNOWN_REGION")

    def test_a_doubtful_row_has_its_evidence_in_words_and_numbers(self, report: dict[str, Any]) -> None:
        doubtful = only_item(report, "doubtful")
        (evidence,) = doubtful["evidence"]
        assert (evidence["organization"], evidence["verdict"]) == ("delta-elders-for-freedom", "DOUBTFUL")
        assert evidence["score"] > 0
        assert evidence["because"]
        assert doubtful["organization"] is None

    def test_each_repair_is_reported(self, report: dict[str, Any]) -> None:
        repairs = {(one["column"], one["before"], one["after"]) for one in only_item(report, "refused")["repairs"]}
        assert ("Organization", "PLAINS LEGAL AID INC", "Plains Legal Aid Inc") in repairs

    def test_it_has_the_revision_after_the_import(self, walk: ImportSession, source: Path, report: dict[str, Any]) -> None:
        assert "revision" not in report
        assert walk.import_with_report(source, "--apply")["revision"] == 3


def read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def read_xlsx(path: Path) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in load_workbook(str(path)).get_sheet_by_index(0).to_python()]


@pytest.mark.parametrize(("name", "read"), [("report.csv", read_csv), ("report.XLSX", read_xlsx)])
def test_a_table_has_a_row_for_each_row_and_each_missing_record(walk: ImportSession, source: Path, name: str, read: Any) -> None:
    path = walk.folder / name
    done = walk.seed(source, "--strict", "--report", path)
    assert f"Report of every row: {path}" in done.output
    headings, *rows = read(path)
    assert headings[:5] == ["file", "row", "fate", "name", "organization"]
    fates = [row[2] for row in rows]
    assert fates == ["unchanged", "changed", "doubtful", "created", "refused", "missing"]
    report = {row[2]: dict(zip(headings, row, strict=True)) for row in rows}
    assert report["changed"]["changes"] == "locations: Oakland, CA → Berkeley, CA"
    assert report["refused"]["problems"].startswith('State "Nebrasca": ')
    assert report["missing"]["organization"] == "gone-fishing"
    formula = "=cmd|' /C calc'!A1"
    assert report["created"]["name"] == (f"'{formula}" if name == "report.csv" else formula)


def test_in_csv_no_cell_is_a_formula_and_in_xlsx_each_is_text(walk: ImportSession, source: Path) -> None:
    for name in ("report.csv", "report.xlsx"):
        walk.seed(source, "--report", walk.folder / name)
    cells = [cell for row in read_csv(walk.folder / "report.csv") for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    with zipfile.ZipFile(walk.folder / "report.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<row" in sheet
    assert b"<f>" not in sheet


@pytest.mark.parametrize("name", ["report.pdf", "report", "folder/report.json"])
def test_an_unusable_path_is_refused_before_anything_is_written(walk: ImportSession, source: Path, name: str) -> None:
    done = walk.seed(source, "--apply", "--report", walk.folder / name)
    assert done.exit_code == 2
    assert name.partition("/")[0] in done.stderr
    assert walk.records["Bay Tenants Union"].sites[0].city == "Oakland"


def test_only_its_owner_may_read_it(walk: ImportSession, source: Path) -> None:
    """Rows may contain private data."""
    for name in ("report.json", "report.csv", "report.xlsx"):
        walk.seed(source, "--report", walk.folder / name)
        assert stat.S_IMODE((walk.folder / name).stat().st_mode) == 0o600
