"""Read lists of recommendations."""

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from directory.errors import BadInput, TooLarge
from seed.rows import Row, Table
from seed.sources.dataset import Dataset, ReadOptions
from seed.sources.formats.limits import MAX_FILE_SIZE
from seed.sources.provision_table import MAX_CELL_LENGTH, build_provision_dataset, load_provisions


def load(path: Path, **options: Any) -> Dataset:
    return load_provisions(path, ReadOptions(**options), io.BytesIO())


def load_text(folder: Path, text: str | bytes, name: str = "upr 2021-03-17.csv", **options: Any) -> Dataset:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load(path, **options)


def read_rows(folder: Path, text: str | bytes, name: str = "upr.csv", **options: Any) -> list[Row]:
    return list(load_text(folder, text, name, **options).rows)


def read_fields(folder: Path, text: str, name: str = "upr.csv", **options: Any) -> dict[str, object]:
    (row,) = read_rows(folder, text, name, **options)
    return dict(row.fields)


ENGLISH = (
    "Themes,Official number,Cycle,Recommending state,Our summary,State's response\n"
    "housing; policing,26.101,3,Norway,End it.,Noted\n"
)
SPANISH = "Respuesta;Resumen;Ciclo;Número oficial;Estado que recomienda;Temas\nNoted;End it.;3;26.101;Norway;vivienda|policing\n"
FIELDS = {
    "number": "26.101",
    "cycle": "3",
    "recommending_state": "Norway",
    "summary": "End it.",
    "response": "Noted",
    "issue_areas": ["housing", "policing"],
}


def test_columns_may_be_in_any_order_and_in_spanish(tmp_path: Path) -> None:
    assert read_fields(tmp_path, ENGLISH) == FIELDS
    assert read_fields(tmp_path, SPANISH) == FIELDS
    assert read_fields(tmp_path, ENGLISH.replace(",", "\t").replace("; ", ";"), "upr.tsv") == FIELDS
    assert read_fields(tmp_path, "UPR of the United States,,,,,\n" + ENGLISH) == FIELDS  # a title above the headings


def test_workbooks_are_read(tmp_path: Path) -> None:
    path = tmp_path / "upr.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Number", "Cycle", "Summary"])
        sheet.write_row(1, 0, [26.101, 3, "End it."])
    (row,) = load(path).rows
    assert row.fields == {"number": "26.101", "cycle": "3", "summary": "End it."}


def test_the_file_names_and_dates_the_source(tmp_path: Path) -> None:
    dataset = load_text(tmp_path, ENGLISH)
    assert (dataset.key, str(dataset.date), dataset.title) == ("upr", "2021-03-17", "A list kept by the network")
    assert '"Our summary" is summary' in " ".join(dataset.notes)


def test_empty_cells_and_placeholders_state_nothing(tmp_path: Path) -> None:
    fields = read_fields(tmp_path, "Number,Summary,Response,Themes\n 26.101 ,  End   it. ,N/A,\n")
    assert fields == {"number": "26.101", "summary": "End it."}
    fields = read_fields(tmp_path, "Number,Summary,Response,Themes\n26.101,,,\n", clear_empty=True)
    assert fields == {"number": "26.101", "summary": None, "response": None, "issue_areas": None}


def test_unknown_themes_are_reported_with_the_nearest_one(tmp_path: Path) -> None:
    dataset = load_text(tmp_path, "Number,Summary,Themes\n1,A.,housng; policing\n2,B.,housng\n3,C.,xyzzy plugh\n")
    rows = list(dataset.rows)
    assert [row.fields.get("issue_areas") for row in rows] == [["policing"], None, None]
    assert dataset.list_final_notes() == (
        'Unknown theme, not imported: "housng", in 2 rows. The nearest is housing.',
        'Unknown theme, not imported: "xyzzy plugh", in 1 row. No theme has a similar meaning.',
    )
    assert rows[0].problems == ()


def test_a_term_of_another_vocabulary_is_unknown(tmp_path: Path) -> None:
    """A community or a kind of work is not a theme of a provision."""
    dataset = load_text(tmp_path, "Number,Summary,Themes\n1,A.,legal services\n")
    (row,) = dataset.rows
    assert "issue_areas" not in row.fields
    assert "legal services" in dataset.list_final_notes()[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Theme,Summary\nhousing,End it.\n", 'recognized as the official number. Name one "Number". The headings are "Theme"'),
        ("Number,Cycle\n26.1,3\n", 'recognized as the summary or the subject. Name one "Summary"'),
        ("", "is empty"),
        ('{"organizations": []}', "is not a table"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadInput) as refusal:
        read_rows(tmp_path, text)
    assert words in refusal.value.user_message


def test_a_file_that_is_said_to_have_no_headings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has no headings"):
        read_rows(tmp_path, "26.1,End it.\n26.2,Stop it.\n", header=False)


def test_a_huge_cell_is_a_problem_of_its_row(tmp_path: Path) -> None:
    rows = read_rows(tmp_path, f"Number,Summary\n1,{'x' * (MAX_CELL_LENGTH + 1)}\n2,B.\n")
    assert [len(row.problems) for row in rows] == [1, 0]
    assert "Shorten it" in rows[0].problems[0].message


def test_hundreds_of_themes_are_a_problem_of_their_row(tmp_path: Path) -> None:
    tags = ";".join(f"t{number}" for number in range(200))
    (row,) = read_rows(tmp_path, f"Number,Summary,Themes\n1,A.,{tags}\n", delimiter="comma")
    assert "shorten the list" in row.problems[0].message


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        read_rows(tmp_path, b"Number,Summary\n" + b"1,A.\n" * (MAX_FILE_SIZE // 5))


def test_a_cell_with_invisible_direction_marks_is_a_problem() -> None:
    table = Table("upr.csv", ("Number", "Summary"), [(2, ("1", "End\u202eit"))])
    (row,) = build_provision_dataset(table).rows
    assert "direction mark" in row.problems[0].message
    assert row.columns["summary"] == "Summary"
