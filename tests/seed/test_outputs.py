"""The output files of an import are checked before it starts."""

import stat

import pytest

from tests.seed.import_session import ImportSession


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--report", "list.csv"), "--report would overwrite"),
        (("--corrections", "./list.csv"), "--corrections would overwrite"),
        (("--save-profile", "list.csv"), "--save-profile would overwrite"),
        (("--report", "two.csv", "--corrections", "two.csv"), "--corrections would overwrite --report"),
        (("--report", "report.pdf"), "ends in .json, .csv, .xlsx"),
        (("--corrections", "rows.txt"), "ends in .csv, .xlsx, .ndjson"),
        (("--report", "nowhere/report.csv"), "cannot be written"),
        (("--corrections", "nowhere/rows.csv"), "cannot be written"),
    ],
)
def test_a_file_that_cannot_be_written_stops_the_import(walk: ImportSession, options: tuple[str, ...], sentence: str) -> None:
    path = walk.write_csv("list.csv", {"Organization": "Tenants Union", "State": "GA"}, {"Organization": "", "State": "GA"})
    before = path.read_bytes()
    named = [one if one.startswith("--") else str(walk.folder / one) for one in options]
    done = walk.seed(path, *named, "--apply")
    assert done.exit_code == 2
    assert sentence in done.output
    assert path.read_bytes() == before
    assert walk.records == {}


def test_what_holds_streets_is_its_owners_alone(walk: ImportSession) -> None:
    row = {"Organization": "Tenants Union", "Street": "12 Peachtree St", "City": "Atlanta", "State": "Nowhere"}
    path = walk.write_csv("list.csv", row)
    names = [("--report", ending) for ending in ("json", "csv", "xlsx")] + [
        ("--corrections", ending) for ending in ("csv", "xlsx")
    ]
    for option, ending in names:
        written = walk.folder / f"{option}.{ending}"
        walk.seed(path, option, written)
        assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_the_report_of_an_import_states_its_revision(walk: ImportSession) -> None:
    path = walk.write_csv("list.csv", {"Organization": "Tenants Union", "City": "Atlanta", "State": "GA"})
    assert "revision" not in walk.import_with_report(path)
    assert walk.import_with_report(path, "--apply")["revision"] == 1


def test_control_characters_of_cells_do_not_reach_the_terminal(walk: ImportSession) -> None:
    row = {"Organization": "\x1b]0;x\x07Red \x9b2J", "City": "\x1b[2JAtlanta", "State": "GA"}
    path = walk.write_csv("list.csv", row, headings=("Organization", "City", "State", "Odd\x1b[31m"))
    done = walk.seed(path, "--show", "5")
    assert "\\x1b]0;x\\x07Red \\x9b2J" in done.output
    assert all(line.isprintable() for line in done.output.split("\n"))
