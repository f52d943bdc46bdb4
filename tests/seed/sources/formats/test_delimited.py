import csv
import io

import pytest

from directory.errors import BadInput, TooLarge
from seed.rows import Table
from seed.sources.formats import limits
from seed.sources.formats.delimited import read_delimited

CRLF = "\r\n"


def table(text: str | bytes, **how: object) -> Table:
    return read_delimited(text if isinstance(text, bytes) else text.encode(), "a.csv", **how)  # type: ignore[arg-type]


def rows(text: str | bytes, **how: object) -> list[tuple[int, tuple[str, ...]]]:
    return list(table(text, **how).rows)


@pytest.mark.parametrize("broken", ['"Unclosed', '"Un"closed', '"Un""closed'])
def test_a_quotation_that_is_never_closed_swallows_no_row(broken: str) -> None:
    text = f'name,city\n{broken},Rome\nAcme,Athens\n"Union, Inc","New\nYork"\n'
    found = table(text)
    assert list(found.rows) == [(2, (broken, "Rome")), (3, ("Acme", "Athens")), (4, ("Union, Inc", "New\nYork"))]
    assert found.notes == ("Broken quotation marks are read as they stand: row 2.",)


def test_a_quotation_left_open_in_the_last_row_or_before_thousands_is_found() -> None:
    assert rows('name,city\nAcme,"Rome') == [(2, ("Acme", '"Rome'))]
    many = "".join(f"Group {number},Rome\n" for number in range(20_000))
    found = table(f'name,city\n"Open,Rome\n{many}')
    assert sum(1 for _ in found.rows) == 20_001
    assert found.notes == ("Broken quotation marks are read as they stand: row 2.",)


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
    found = rows(f"name,city\n{line}\nUnion,Athens\n")
    assert found[0][1][:2] == cells
    assert found[1] == (3, ("Union", "Athens", "")[: len(found[1][1])])


def test_tabs_do_not_let_quotation_marks_join_cells() -> None:
    text = 'name\tcity\tnote\n"Healing" Circle\tRome\t"x"\nUnion\tAthens\t\n'
    assert [cells for _, cells in rows(text)] == [('"Healing" Circle', "Rome", "x"), ("Union", "Athens", "")]


@pytest.mark.slow
def test_many_broken_quotations_do_not_cost_more_than_their_patience() -> None:
    lines = 'b","x\n' * 40_000
    assert sum(1 for _ in rows(f"name,city\n{lines}")) == 40_000


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_kinds(end: str) -> None:
    assert rows(f"name,city{end}Acme,Rome{end}{end}Union,Athens") == [(2, ("Acme", "Rome")), (4, ("Union", "Athens"))]


def test_line_ends_may_be_mixed() -> None:
    assert rows('name,city\r\nAcme,Rome\rUnion,"New\r\nYork"\nArt,Paris\r\n') == [
        (2, ("Acme", "Rome")),
        (3, ("Union", "New\nYork")),
        (4, ("Art", "Paris")),
    ]


def test_rows_are_padded_and_longer_ones_lose_nothing() -> None:
    found = table("name,city\nAcme\nUnion,Athens,GA,,\nArt,Paris,,,\n")
    assert found.headings == ("name", "city", "column 3")
    assert list(found.rows) == [(2, ("Acme", "", "")), (3, ("Union", "Athens", "GA")), (4, ("Art", "Paris", ""))]
    assert found.notes == ("More cells than headings in row 3; what is beyond stands in: column 3",)


def test_headings_become_unique_and_none_is_empty() -> None:
    found = table("Name,Email,Email,Email 2,,City\nAcme,a@x.org,b@x.org,c@x.org,?,Rome\n")
    assert found.headings == ("Name", "Email", "Email 3", "Email 2", "column 5", "City")
    assert found.notes == ("Headings must differ and have text; so some became: Email 3, column 5",)


def test_titles_above_the_headings_are_left_out_and_told() -> None:
    found = table("Members of the network\nas of May 2024\n\nName,City,State\nAcme,Rome,GA\nUnion,Athens,GA\n")
    assert found.headings == ("Name", "City", "State")
    assert list(found.rows) == [(5, ("Acme", "Rome", "GA")), (6, ("Union", "Athens", "GA"))]
    assert found.notes == ("Above the headings, rows 1, 2 left out: Members of the network",)


def test_without_headings_columns_have_none() -> None:
    text = "Centro Cultural Ñandú,1322 Webster St,Oakland,CA,94612\nAcme,1 Main St,Rome,GA,30161\n"
    found = table(text.encode("cp1252"))
    assert found.headings is None
    assert next(cells for _, cells in found.rows) == ("Centro Cultural Ñandú", "1322 Webster St", "Oakland", "CA", "94612")
    encoding, absent = found.notes
    assert "Centro Cultural Ñandú,1322 Webster St" in encoding
    assert absent == "No headings were found: every row is taken for data, and columns are known by their position."


def test_whether_there_are_headings_can_be_told() -> None:
    assert table("name,city\nAcme,Rome", header=False).headings is None
    assert table("30161,94612\n1,2", header=True).headings == ("30161", "94612")


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")])
def test_other_delimiters_are_found_and_told(sign: str, name: str) -> None:
    found = table(f"name{sign}city{sign}themes\nAcme, Inc{sign}Rome{sign}art, law\nUnion{sign}Athens{sign}\n")
    assert found.headings == ("name", "city", "themes")
    assert found.notes == (f"Cells are parted by a {name}.",)


def test_a_delimiter_can_be_told_and_excels_directive_is_followed() -> None:
    assert table("name;city,state\nAcme;Rome,GA", delimiter="semicolon").headings == ("name", "city,state")
    assert rows("sep=;\nname;city\nAcme;Rome") == [(3, ("Acme", "Rome"))]
    with pytest.raises(BadInput) as refusal:
        table("name,city", delimiter="::")
    assert refusal.value.params == {"argument": "delimiter"}


def test_a_single_column_keeps_its_commas() -> None:
    assert rows("Name\nAcme, Inc\nUnion\nArt\n") == [(2, ("Acme, Inc",)), (3, ("Union",)), (4, ("Art",))]
    assert table("Tenants Together\nArt for All\nUnion\n").headings is None


def test_neutralised_formulas_lose_their_apostrophe() -> None:
    found = rows("name,note\n'=SUM(A1),'+1 202\n'-,'@union\n''=x,'tis\n")
    assert [cells for _, cells in found] == [("=SUM(A1)", "+1 202"), ("-", "@union"), ("''=x", "'tis")]


def test_errors_of_formulas_are_empty_and_told() -> None:
    found = table("name,city\nAcme,#N/A\nUnion,Rome\nArt,#REF!\n")
    assert [cells[1] for _, cells in found.rows] == ["", "Rome", ""]
    assert found.notes == ("Errors of formulas, such as #N/A, are read as empty cells: rows 2, 4.",)


def test_nul_characters_are_left_for_cleaning() -> None:
    assert rows("name,city\nAc\0me,Rome\n") == [(2, ("Ac\0me", "Rome"))]


@pytest.mark.parametrize("text", ["", "\n\n", " , ,\n", "\ufeff"])
def test_a_file_without_text_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="empty"):
        table(text)


def test_headings_alone_are_a_table_without_rows() -> None:
    found = table("name,city\n")
    assert (found.headings, list(found.rows)) == (("name", "city"), [])


def test_rows_are_the_same_as_written() -> None:
    written = [["name", "note"], *([f'Group "{number}", Inc', f"line\nbreak {number}"] for number in range(500))]
    text = io.StringIO()
    csv.writer(text).writerows(written)
    assert [list(cells) for _, cells in rows(text.getvalue())] == written[1:]


def refused(text: str) -> TooLarge:
    with pytest.raises(TooLarge) as refusal:
        table(text)
    return refusal.value


@pytest.mark.slow
def test_what_is_too_large_is_refused_before_the_first_row() -> None:
    many = "name,city\n" + "Acme,Rome\n" * limits.MAX_ROWS
    assert sum(1 for _ in table(many).rows) == limits.MAX_ROWS
    assert refused(many + "Union,Athens\n").params["limit"] == limits.MAX_ROWS
    assert refused("name," * limits.MAX_COLUMNS + "city\n").params == {"limit": limits.MAX_COLUMNS, "file": "a.csv", "row": 1}
    wide = "name,city\nAcme," + "," * limits.MAX_COLUMNS + "x\n"
    assert refused(wide).params == {"limit": limits.MAX_COLUMNS, "file": "a.csv", "row": 2}
    assert table("name,city\nAcme," + "," * limits.MAX_COLUMNS + "\n").headings == ("name", "city")


@pytest.mark.parametrize("letter", ["x", "ñ"])
def test_a_cell_has_a_limit_in_bytes(letter: str) -> None:
    fits = letter * (limits.MAX_CELL_SIZE // len(letter.encode()))
    assert rows(f"name,note\nAcme,{fits}\n")[0][1][1] == fits
    assert refused(f"name,note\nAcme,{fits}x\n").params == {"limit": limits.MAX_CELL_SIZE, "file": "a.csv", "row": 2}


@pytest.mark.parametrize("text", ["word " * 100_000, "line\n" * 100_000], ids=["one line", "many lines"])
def test_a_long_quoted_cell_is_refused_and_not_cut_up(text: str) -> None:
    assert refused(f'name,note,city\nUnion,,Rome\nAcme,"{text}",Rome\n').params["limit"] == limits.MAX_CELL_SIZE


@pytest.mark.slow
def test_lines_without_text_have_a_limit_too() -> None:
    assert refused("name,city\n" + "\n" * limits.MAX_LINES).params["limit"] == limits.MAX_LINES
