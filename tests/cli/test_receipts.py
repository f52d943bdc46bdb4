"""The receipt of an import in the terminal and in report files, and the command `receipt`."""

import json
from pathlib import Path

import pytest

from seed.report_files import REPORT_HEADINGS
from tests.seed.import_session import ImportSession

LIST = """\
Organization,Street,City,State,Phone,Contact,Contact email
"Harbor Union, Inc.",17 Hidden Lane,Savannah,GA,912-555-0100,Ana Prueba,ana@harbor.example
Casa Abierta,,Macon,GA,478-555-0142,,
Elm Legal Aid,,Rome,GA,,,
Mesa Center,,Athens,GA,,,
"""


@pytest.fixture
def path(walk: ImportSession) -> Path:
    return walk.write_file("list.csv", LIST)


def test_an_import_says_what_is_public_now_and_what_is_not(walk: ImportSession, path: Path) -> None:
    output = walk.import_all(path).output
    receipt = output[output.index("Public now, and not before:") :].splitlines()
    assert receipt == [
        "Public now, and not before:",
        "  records (4): Harbor Union, Inc.; Casa Abierta; Elm Legal Aid and 1 more",
        "  places as their city (2): Harbor Union, Inc.; Casa Abierta",
        "  places as their county (2): Elm Legal Aid; Mesa Center",
        "  contacts of offices (2): Harbor Union, Inc.; Casa Abierta",
        "Not public:",
        "  contacts for members only (1): Harbor Union, Inc.",
        "  streets and exact points (1): Harbor Union, Inc.",
        "To see this again: directory receipt 1",
        "Written: 4 created, 0 changed, 0 removed, at revision 1. To undo it: directory undo 1",
    ]


def test_the_command_shows_it_again(walk: ImportSession, path: Path) -> None:
    walk.import_all(path)
    result = walk.run("receipt", "1", "--show", "1")
    lines = result.output.splitlines()
    assert "directory seed: import of list" in lines[0]
    assert lines[1] == "created (4): Harbor Union, Inc. and 3 more"
    assert lines[-1] == "To undo it: directory undo 1"
    assert "  records (4)\n" in walk.run("receipt", "1", "--show", "0").output
    summary = json.loads(walk.run("receipt", "1", "--json").output)
    assert [part["label"] for part in summary["private"]] == ["contacts for members only", "streets and exact points"]
    assert summary["public"][0]["records"][1] == {"slug": "casa-abierta", "name": "Casa Abierta"}
    for output in (result.output, str(summary)):
        assert "Hidden Lane" not in output
        assert "ana@" not in output


def test_an_undo_has_a_receipt_too_and_an_unknown_revision_none(walk: ImportSession, path: Path) -> None:
    walk.import_all(path)
    walk.run("undo", "1", "--yes")
    output = walk.run("receipt", "2").output
    assert "removed (4): Harbor Union, Inc.; Casa Abierta; Elm Legal Aid and 1 more\nNothing is public now" in output
    refused = walk.run("receipt", "7")
    assert refused.exit_code == walk.run("undo", "7").exit_code != 0
    assert "There is no revision 7. The last one is 2." in refused.stderr


def test_a_receipt_of_hiding_names_no_undo_that_would_be_refused(walk: ImportSession, path: Path) -> None:
    walk.import_all(path)
    assert walk.run("hide", "casa-abierta").exit_code == 0
    output = walk.run("receipt", "2").output
    assert "directory undo" not in output
    assert "directory unhide SLUG" in output


def test_without_changes_there_is_no_receipt(walk: ImportSession, path: Path) -> None:
    walk.import_all(path)
    report = walk.folder / "report.json"
    output = walk.import_all(path, "--report", report).output
    assert "Nothing was written: there are no changes." in output
    assert "Public now" not in output
    assert "receipt" not in json.loads(report.read_text())


def test_report_files_contain_it(walk: ImportSession, path: Path) -> None:
    report = walk.folder / "report.json"
    walk.import_all(path, "--report", report)
    receipt = json.loads(report.read_text())["receipt"]
    assert (receipt["revision"], receipt["changes"][0]["count"]) == (1, 4)
    table = walk.folder / "report.csv"
    walk.import_all(walk.write_file("more.csv", "Organization,City,State\nOak Union,Rome,GA\n"), "--report", table)
    assert ",,public now,records,1 record,Oak Union (oak-union)" in table.read_text()
    assert len(table.read_text().splitlines()[-1].split(",")) == len(REPORT_HEADINGS)
