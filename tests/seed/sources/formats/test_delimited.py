import csv
import io

import pytest

from directory.errors import BadInput, TooLarge
from seed.rows import Table
from seed.sources.formats import limits
from seed.sources.formats.csv_records import read_delimited

CRLF = "\r\n"


def read_table(text: str | bytes, **options: object) -> Table:
    return read_delimited(text if isinstance(text, bytes) else text.encode(), "a.csv", **options)  # type: ignore[arg-type]


def read_rows(text: str | bytes, **options: object) -> list[tuple[int, tuple[str, ...]]]:
    return list(read_table(text, **options).rows)


@pytest.mark.parametrize("broken", ['"Unclosed', '"Un"closed', '"Un""closed'])
def test_a_quotation_that_is_never_closed_swallows_no_row(broken: str) -> None:
    text = f'name,city\n{broken},Rome\nAcme,Athens\n"Union, Inc","New\nYork"\n'
    table = read_table(text)
    assert list(table.rows) == [(2, (broken, "Rome")), (3, ("Acme", "Athens")), (4, ("Union, Inc", "New\nYork"))]
    assert table.notes == ("Broken quotation marks are read as ordinary characters: row 2.",)


def test_a_quotation_left_open_in_the_last_row_or_before_thousands_is_found() -> None:
    assert read_rows('name,city\nAcme,"Rome') == [(2, ("Acme", '"Rome'))]
    many = "".join(f"Group {number},Rome\n" for number in range(20_000))
    table = read_table(f'name,city\n"Open,Rome\n{many}')
    assert sum(1 for _ in table.rows) == 20_001
    assert table.notes == ("Broken quotation marks are read as ordinary characters: row 2.",)


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('"Acme "The Best" Inc",Rome', ('Acme "The Best" Inc', "Rome")),
        ('"Acme "The Best", Inc",Rome', ('Acme "The Best', ' Inc"')),
        ('"Acme" ,Rome', ("Acme", "Rome")),
        ('Joe "JJ" Hill,"Rome"', ('Joe "JJ" Hill', "Rome")),
        ('"Say ""hello""",Rome', ('Say "hello"', "Rome")),
        ('Acme, "Rome, NY"', ("Acme", "Rome, NY")),
    ],
)
def test_quotation_marks_within_cells(line: str, cells: tuple[str, ...]) -> None:
    table = read_rows(f"name,city\n{line}\nUnion,Athens\n")
    assert table[0][1][:2] == cells
    assert table[1] == (3, ("Union", "Athens", "")[: len(table[1][1])])


def test_tabs_do_not_let_quotation_marks_join_cells() -> None:
    text = 'name\tcity\tnote\n"Healing" Circle\tRome\t"x"\nUnion\tAthens\t\n'
    assert [cells for _, cells in read_rows(text)] == [('"Healing" Circle', "Rome", "x"), ("Union", "Athens", "")]


@pytest.mark.slow
def test_many_broken_quotations_are_limited_by_the_lookahead() -> None:
    lines = 'b","x\n' * 40_000
    assert sum(1 for _ in read_rows(f"name,city\n{lines}")) == 40_000


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_kinds(end: str) -> None:
    assert read_rows(f"name,city{end}Acme,Rome{end}{end}Union,Athens") == [(2, ("Acme", "Rome")), (4, ("Union", "Athens"))]


def test_line_ends_may_be_mixed() -> None:
    assert read_rows('name,city\r\nAcme,Rome\rUnion,"New\r\nYork"\nArt,Paris\r\n') == [
        (2, ("Acme", "Rome")),
        (3, ("Union", "New\nYork")),
        (4, ("Art", "Paris")),
    ]


def test_rows_are_padded_and_longer_ones_lose_nothing() -> None:
    table = read_table("name,city\nAcme\nUnion,Athens,GA,,\nArt,Paris,,,\n")
    assert table.headings == ("name", "city", "column 3")
    assert list(table.rows) == [(2, ("Acme", "", "")), (3, ("Union", "Athens", "GA")), (4, ("Art", "Paris", ""))]
    assert table.notes == ("More cells than headings in row 3. The extra cells are in: column 3",)


def test_headings_become_unique_and_none_is_empty() -> None:
    table = read_table("Name,Email,Email,Email 2,,City\nAcme,a@x.org,b@x.org,c@x.org,?,Rome\n")
    assert table.headings == ("Name", "Email", "Email 3", "Email 2", "column 5", "City")
    assert table.notes == ("Headings must be distinct and have text. Renamed: Email 3, column 5",)


def test_titles_above_the_headings_are_left_out_and_noted() -> None:
    table = read_table("Members of the network\nas of May 2024\n\nName,City,State\nAcme,Rome,GA\nUnion,Athens,GA\n")
    assert table.headings == ("Name", "City", "State")
    assert list(table.rows) == [(5, ("Acme", "Rome", "GA")), (6, ("Union", "Athens", "GA"))]
    assert table.notes == ('Left out above the headings, rows 1, 2: "Members of the network"; "as of May 2024"',)


def test_without_headings_columns_have_none() -> None:
    text = "Centro Cultural Ñandú,1322 Webster St,Oakland,CA,94612\nAcme,1 Main St,Rome,GA,30161\n"
    table = read_table(text.encode("cp1252"))
    assert table.headings is None
    assert next(cells for _, cells in table.rows) == ("Centro Cultural Ñandú", "1322 Webster St", "Oakland", "CA", "94612")
    encoding, absent = table.notes
    assert "Centro Cultural Ñandú,1322 Webster St" in encoding
    assert absent == "No headings were found. Every row is read as data, and columns are named by their position."


def test_whether_there_are_headings_can_be_stated() -> None:
    assert read_table("name,city\nAcme,Rome", header=False).headings is None
    assert read_table("30161,94612\n1,2", header=True).headings == ("30161", "94612")


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")])
def test_other_delimiters_are_detected_and_noted(sign: str, name: str) -> None:
    table = read_table(f"name{sign}city{sign}themes\nAcme, Inc{sign}Rome{sign}art, law\nUnion{sign}Athens{sign}\n")
    assert table.headings == ("name", "city", "themes")
    assert table.notes == (f"Delimiter: {name}.",)


def test_a_delimiter_can_be_stated_and_excels_directive_is_followed() -> None:
    assert read_table("name;city,state\nAcme;Rome,GA", delimiter="semicolon").headings == ("name", "city,state")
    assert read_rows("sep=;\nname;city\nAcme;Rome") == [(3, ("Acme", "Rome"))]
    with pytest.raises(BadInput) as refusal:
        read_table("name,city", delimiter="::")
    assert refusal.value.params == {"argument": "delimiter"}


def test_a_single_column_keeps_its_commas() -> None:
    assert read_rows("Name\nAcme, Inc\nUnion\nArt\n") == [(2, ("Acme, Inc",)), (3, ("Union",)), (4, ("Art",))]
    assert read_table("Tenants Together\nArt for All\nUnion\n").headings is None


def test_neutralised_formulas_lose_their_apostrophe() -> None:
    table = read_rows("name,note\n'=SUM(A1),'+1 202\n'-,'@union\n''=x,'tis\n")
    assert [cells for _, cells in table] == [("=SUM(A1)", "+1 202"), ("-", "@union"), ("''=x", "'tis")]


def test_formula_errors_are_empty_and_noted() -> None:
    table = read_table("name,city\nAcme,#N/A\nUnion,Rome\nArt,#REF!\n")
    assert [cells[1] for _, cells in table.rows] == ["", "Rome", ""]
    assert table.notes == ("Formula errors, such as #N/A, are read as empty cells: rows 2, 4.",)


def test_nul_characters_are_left_for_cleaning() -> None:
    assert read_rows("name,city\nAc\0me,Rome\n") == [(2, ("Ac\0me", "Rome"))]


@pytest.mark.parametrize("text", ["", "\n\n", " , ,\n", "\ufeff"])
def test_a_file_without_text_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="empty"):
        read_table(text)


def test_headings_alone_are_a_table_without_rows() -> None:
    table = read_table("name,city\n")
    assert (table.headings, list(table.rows)) == (("name", "city"), [])


def test_rows_are_the_same_as_written() -> None:
    written = [["name", "note"], *([f'Group "{number}", Inc', f"line\nbreak {number}"] for number in range(500))]
    text = io.StringIO()
    csv.writer(text).writerows(written)
    assert [list(cells) for _, cells in read_rows(text.getvalue())] == written[1:]


def read_rejected(text: str) -> TooLarge:
    with pytest.raises(TooLarge) as refusal:
        read_table(text)
    return refusal.value


@pytest.mark.slow
def test_what_is_too_large_is_refused_before_the_first_row() -> None:
    many = "name,city\n" + "Acme,Rome\n" * limits.MAX_ROWS
    assert sum(1 for _ in read_table(many).rows) == limits.MAX_ROWS
    assert read_rejected(many + "Union,Athens\n").params["limit"] == limits.MAX_ROWS
    assert read_rejected("name," * limits.MAX_COLUMNS + "city\n").params == {
        "limit": limits.MAX_COLUMNS,
        "file": "a.csv",
        "row": 1,
    }
    wide = "name,city\nAcme," + "," * limits.MAX_COLUMNS + "x\n"
    assert read_rejected(wide).params == {"limit": limits.MAX_COLUMNS, "file": "a.csv", "row": 2}
    assert read_table("name,city\nAcme," + "," * limits.MAX_COLUMNS + "\n").headings == ("name", "city")


@pytest.mark.parametrize("letter", ["x", "ñ"])
def test_a_cell_has_a_limit_in_bytes(letter: str) -> None:
    fits = letter * (limits.MAX_CELL_SIZE // len(letter.encode()))
    assert read_rows(f"name,note\nAcme,{fits}\n")[0][1][1] == fits
    assert read_rejected(f"name,note\nAcme,{fits}x\n").params == {"limit": limits.MAX_CELL_SIZE, "file": "a.csv", "row": 2}


@pytest.mark.parametrize("text", ["word " * 100_000, "line\n" * 100_000], ids=["one line", "many lines"])
def test_a_long_quoted_cell_is_refused_and_not_cut_up(text: str) -> None:
    assert read_rejected(f'name,note,city\nUnion,,Rome\nAcme,"{text}",Rome\n').params["limit"] == limits.MAX_CELL_SIZE


@pytest.mark.slow
def test_lines_without_text_have_a_limit_too() -> None:
    assert read_rejected("name,city\n" + "\n" * limits.MAX_LINES).params["limit"] == limits.MAX_LINES
