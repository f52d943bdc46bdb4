"""The corrections file has the columns of its source, and is imported like its source."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
import xlsxwriter
from python_calamine import load_workbook

from seed.sources.own_tables import CORRECTION_COLUMNS, REASON_COLUMN, SAME_AS_COLUMN, SOURCE_COLUMN
from tests.seed.import_session import ImportSession, nonzero_counts
from tests.seed.sample_files import OSM, build_irs_file, export_bytes
from tests.seed.sources.formats.hsds_samples import FULL

HEADINGS = ("ID", "Organization", "City", "State", "Phone", "Website")
GOOD = {"ID": "1", "Organization": "Mesa Workers Center", "City": "Tucson", "State": "AZ"}
WRONG = {"ID": "2", "Organization": "@Home Collective", "City": "Omaha", "State": "Nebrasca", "Phone": "+1 402 555 0100"}
ALSO_WRONG = {"ID": "3", "Organization": "=Equal Rights", "City": "Macon", "State": "Georgai"}
Rows: TypeAlias = list[dict[str, str]]


def read_csv(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_xlsx(path: Path) -> Rows:
    headings, *rows = load_workbook(str(path)).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, headings), map(str, row), strict=True)) for row in rows]


def write_csv(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_xlsx(path: Path, rows: Rows) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
            sheet.write_row(number, 0, row)


TABLES = pytest.mark.parametrize(("ending", "read", "write"), [(".csv", read_csv, write_csv), (".xlsx", read_xlsx, write_xlsx)])
Read: TypeAlias = Callable[[Path], Rows]
Write: TypeAlias = Callable[[Path, Rows], None]


def import_for_corrections(
    walk: ImportSession, source: Path, ending: str = ".csv", *arguments: str | Path, apply: bool = False
) -> Path:
    """Import the source, and return its corrections file in the same folder."""
    path = walk.folder / f"to correct{ending}"
    walk.seed(source, "--corrections", path, *(["--apply"] if apply else []), *arguments)
    return path


@TABLES
def test_corrected_rows_are_a_part_of_their_source(walk: ImportSession, ending: str, read: Read, write: Write) -> None:
    source = walk.write_csv("bapd 2026-04-30.csv", GOOD, WRONG, ALSO_WRONG, headings=HEADINGS)
    path = import_for_corrections(walk, source, ending, apply=True)
    rows = read(path)
    assert [row["ID"] for row in rows] == ["2", "3"]
    assert tuple(rows[0]) == (*HEADINGS, *CORRECTION_COLUMNS), (
        "all columns, in their order, though none of these rows has a website"
    )
    assert {row[SOURCE_COLUMN] for row in rows} == {"bapd"}
    assert 'State "Nebrasca": "Nebrasca" is not a US state' in rows[0][REASON_COLUMN]

    assert rows[0][REASON_COLUMN].startswith("Not imported: ")

    again = walk.import_with_report(path)
    assert (nonzero_counts(again), again["values_left_out"]) == ({"unchanged": 2}, 2), "as they are they come back again"

    write(path, [row | {"State": {"2": "NE", "3": "GA"}[row["ID"]]} for row in rows])
    report = walk.import_with_report(path, "--apply")
    assert nonzero_counts(report) == {"changed": 2}
    assert {"@Home Collective", "=Equal Rights", "Mesa Workers Center"} == set(walk.records)
    assert walk.records["@Home Collective"].contacts[0].phone == "+14025550100"

    corrected = walk.write_csv(
        "bapd 2026-05-30.csv", GOOD, WRONG | {"State": "NE"}, ALSO_WRONG | {"State": "GA"}, headings=HEADINGS
    )
    assert nonzero_counts(walk.import_with_report(corrected)) == {"unchanged": 3}, "they are known by the source's own numbers"
    assert nonzero_counts(walk.import_with_report(walk.write_csv("bapd.csv", GOOD, headings=HEADINGS))) == {
        "unchanged": 1,
        "missing": 2,
    }


@TABLES
def test_a_doubtful_row_is_settled_in_the_file(walk: ImportSession, ending: str, read: Read, write: Write) -> None:
    walk.import_all(walk.write_csv("known.csv", GOOD, headings=HEADINGS))
    source = walk.write_csv("second.csv", {"Organization": GOOD["Organization"], "Phone": "520-555-0100"}, headings=HEADINGS[1:])
    path = import_for_corrections(walk, source, ending)
    (row,) = read(path)
    assert (
        'May be Mesa Workers Center: in the column same_as, enter mesa-workers-center if it is, or "new" if not.'
        in row[REASON_COLUMN]
    )
    write(path, [row | {SAME_AS_COLUMN: "mesa-workers-center"}])
    assert nonzero_counts(walk.import_with_report(path)) == {"changed": 1}
    write(path, [row | {SAME_AS_COLUMN: "new"}])
    assert nonzero_counts(walk.import_with_report(path)) == {"created": 1}
    write(path, [row | {SAME_AS_COLUMN: "nobody"}])
    (item,) = walk.import_with_report(path)["items"]
    assert (item["fate"], item["problems"][0]["column"], item["problems"][0]["value"]) == ("refused", SAME_AS_COLUMN, "nobody")


def test_the_sources_profile_fits_them_too(walk: ImportSession) -> None:
    """The profile is found next to the file or given as an option, and has options for reading the source."""
    columns = '"Kollektiv" = "name"\n"Bundesland" = "location.state"\n"Seite" = "website"\n'
    profile = walk.write_file(
        "bapd.toml", f'key = "bapd"\nencoding = "cp1252"\ndelimiter = "~"\nheader = true\n[columns]\n{columns}'
    )
    source = walk.write_file("list.txt", "Kollektiv~Bundesland~Seite\nNiñez~Georgai~\nHafen~GA~\n".encode("cp1252"))
    path = import_for_corrections(walk, source, ".csv", "--profile", profile)
    rows = read_csv(path)
    assert [row["Kollektiv"] for row in rows] == ["Niñez"]
    write_csv(path, [row | {"Bundesland": "GA"} for row in rows])
    for arguments in ((), ("--profile", profile)):
        (item,) = walk.import_with_report(path, *arguments)["items"]
        assert (item["fate"], item["name"]) == ("created", "Niñez")


def test_a_source_without_headings_gets_them(walk: ImportSession) -> None:
    profile = walk.write_file("p/bapd.toml", 'header = false\n[columns]\n1 = "name"\n2 = "location.state"\n')
    source = walk.write_file("list.csv", "Hafen,GA\nKai,Georgai\n")
    path = import_for_corrections(walk, source, ".csv", "--profile", profile)
    (row,) = read_csv(path)
    assert list(row)[:2] == ["column 1", "column 2"]
    write_csv(path, [row | {"column 2": "GA"}])
    (item,) = walk.import_with_report(path, "--profile", profile)["items"]
    assert (item["fate"], item["name"]) == ("created", "Kai")


def test_a_row_of_the_government_comes_back_as_one(walk: ImportSession) -> None:
    path = import_for_corrections(
        walk, walk.write_file("eo_dc.csv", build_irs_file({}, {"EIN": "1", "NAME": "RIVER WORKERS"})), apply=True
    )
    (row,) = read_csv(path)
    write_csv(path, [row | {"EIN": "010203041"}])
    assert nonzero_counts(walk.import_with_report(path, "--apply")) == {"changed": 1}
    assert walk.records["River Workers"].membership.status == "PROSPECT"
    assert nonzero_counts(walk.import_with_report(walk.write_file("eo_dc.csv", build_irs_file({})))) == {
        "unchanged": 1,
        "missing": 1,
    }


def test_a_feature_of_a_map_comes_back_as_one(walk: ImportSession) -> None:
    bad = json.loads(OSM)
    bad["features"][0]["properties"] |= {"addr:state": "Georgai", "addr:city": "Macon"}
    path = import_for_corrections(walk, walk.write_file("export.geojson", json.dumps(bad)))
    (row,) = read_csv(path)
    assert row["'@id"] == "node/7"
    write_csv(path, [row | {"addr:state": "GA"}])
    assert nonzero_counts(walk.import_with_report(path, "--apply")) == {"created": 1}
    good = walk.write_file("export.geojson", json.dumps(bad).replace("Georgai", "GA"))
    assert nonzero_counts(walk.import_with_report(good)) == {"unchanged": 1}, "known by the map's own number"


def test_a_record_of_hsds_keeps_the_number_that_its_source_gave_it(walk: ImportSession) -> None:
    wrong = json.dumps({**FULL, "year_incorporated": 3000})
    source = walk.write_file("organizations.json", wrong)
    path = import_for_corrections(walk, source)
    (row,) = read_csv(path)
    assert row["source_id"] == FULL["id"]
    write_csv(path, [row | {"founded": "1987"}])
    assert nonzero_counts(walk.import_with_report(path, "--apply")) == {"created": 1}
    (item,) = walk.import_with_report(walk.write_file("organizations.json", json.dumps(FULL)))["items"]
    assert (item["fate"], item["organization"], item["changes"]) == ("unchanged", "harbor-tenants-union", [])


def test_a_row_of_our_own_export_keeps_its_rest(walk: ImportSession) -> None:
    export = export_bytes("csv").decode("utf-8-sig").replace("Harbor Tenants Union", "'=Harbor & <b>")
    path = import_for_corrections(walk, walk.write_file("export.csv", export))
    (row,) = read_csv(path)
    write_csv(path, [row | {"name": "'=Harbor"}])
    assert nonzero_counts(walk.import_with_report(path, "--apply")) == {"created": 1}


def test_records_of_no_table_come_back_as_records(walk: ImportSession) -> None:
    source = walk.write_file(
        "list.json", json.dumps([{"name": "Hafen", "founded": 3000, "links": [{"kind": "x", "url": "nowhere"}]}])
    )
    path = import_for_corrections(walk, source, ".ndjson")
    record = json.loads(path.read_text())
    assert (record["name"], record["founded"], record[SAME_AS_COLUMN]) == ("Hafen", 3000, None)
    assert "founded" in record[REASON_COLUMN]
    again = walk.import_with_report(path)
    assert (nonzero_counts(again), again["values_left_out"]) == ({"created": 1}, 2)
    path.write_text(json.dumps(record | {"founded": 1986, "links": []}) + "\n")
    assert nonzero_counts(walk.import_with_report(path, "--apply")) == {"created": 1}
    assert walk.records["Hafen"].founded == 1986


@pytest.mark.parametrize(
    ("name", "content", "ending", "advice"),
    [
        ("list.json", '[{"name": ""}]', ".csv", ".ndjson"),
        ("list.json", '[{"name": ""}]', ".xlsx", ".ndjson"),
        ("list.csv", "Organization,State\nA,Georgai\nB,GA\nC,AL\nD,AL", ".ndjson", ".csv"),  # it would lose what stood there
        ("list.csv", "Organization,State\nA,Georgai\nB,GA\nC,AL\nD,AL", ".txt", ".csv"),
    ],
)
def test_rows_do_not_come_back_in_a_form_that_loses_them(
    walk: ImportSession, name: str, content: str, ending: str, advice: str
) -> None:
    path = walk.folder / f"back{ending}"
    done = walk.seed(walk.write_file(name, content), "--corrections", path)
    assert done.exit_code == 2
    assert advice in done.stderr
    assert not path.exists()


def test_no_file_is_left_where_nothing_is_to_be_corrected(walk: ImportSession) -> None:
    path = import_for_corrections(walk, walk.write_csv("list.csv", GOOD, headings=HEADINGS))
    assert not path.exists()
