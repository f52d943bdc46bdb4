import csv
from pathlib import Path

from python_calamine import load_workbook

from directory.export.output_files import MAX_CELL_LENGTH, write_csv_file, write_xlsx_file

HOSTILE = ("=HYPERLINK(1)", "@id", "+1", "-x", "plain")


def test_no_heading_or_cell_is_a_formula(tmp_path: Path) -> None:
    write_csv_file(tmp_path / "rows.csv", HOSTILE, [HOSTILE])
    with (tmp_path / "rows.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [[f"'{cell}" if cell != "plain" else cell for cell in HOSTILE]] * 2


def test_a_text_too_long_for_a_cell_is_truncated(tmp_path: Path) -> None:
    write_xlsx_file(tmp_path / "rows.xlsx", ("reason",), [("x" * (MAX_CELL_LENGTH + 5),), ("y" * MAX_CELL_LENGTH,)])
    rows = load_workbook(str(tmp_path / "rows.xlsx")).get_sheet_by_index(0).to_python()
    assert rows[1:] == [["x" * (MAX_CELL_LENGTH - 1) + "…"], ["y" * MAX_CELL_LENGTH]]
