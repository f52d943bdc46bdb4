import datetime as dt
import io
import zipfile
from contextlib import suppress

import pytest
import xlsxwriter

from directory.errors import BadInput, TooLarge
from seed.rows import Table
from seed.sources.formats import limits
from seed.sources.formats.spreadsheet import read_spreadsheet
from tests.seed.sources.formats.workbooks import Rows, build_zip, ods, ods_cell, sheet_xml, with_part, xls, xlsx

SHEET = "xl/worksheets/sheet1.xml"
TABLE = [["name", "city"], ["Acme", "Rome"], ["Union", "Athens"]]


def list_rows(table: Table) -> list[tuple[int, tuple[str, ...]]]:
    return list(table.rows)


def read_rejected(data: bytes, **options: str) -> BadInput:
    with pytest.raises(BadInput) as refused:
        read_spreadsheet(data, "a.xlsx", **options)  # type: ignore[arg-type]
    return refused.value


def test_an_empty_or_damaged_workbook_is_refused_with_a_sentence() -> None:
    whole = xlsx(TABLE)
    assert "empty" in read_rejected(xlsx([])).user_message
    assert "no sheet with text" in read_rejected(xlsx({"One": [], "Two": []})).user_message
    for data in (whole[:2000], whole[:-30], b"PK\3\4", b"", b"name,city", bytes(600), build_zip({"a.txt": b"a"})):
        assert "damaged" in read_rejected(data).user_message


@pytest.mark.slow
def test_a_flipped_byte_is_refused_or_read() -> None:
    whole = xlsx(TABLE)
    for at in range(0, len(whole), len(whole) // 12):
        spoilt = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        with suppress(BadInput):  # any other exception fails
            assert all(len(cells) == 2 for _, cells in list_rows(read_spreadsheet(spoilt, "a.xlsx", header=True)))


def test_a_password_is_reported() -> None:
    assert "password" in read_rejected(xls({(0, 0): "name"}, password=True)).user_message
    encrypted = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    assert "password" in read_rejected(encrypted).user_message


def test_numbers_dates_and_truth_become_text() -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as written:
        sheet = written.add_worksheet()
        day, moment = (written.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
        hour, long = (written.add_format({"num_format": form}) for form in ("hh:mm", "[h]:mm:ss"))
        sheet.write_row(0, 0, ["zip", "phone", "share", "sum", "member", "joined", "met", "opens", "lasts", "formula", "wrong"])
        sheet.write_row(1, 0, [2134, 4045550100.0, 0.5, 0.1 + 0.2, True])
        sheet.write_datetime(1, 5, dt.date(2024, 5, 1), day)
        sheet.write_datetime(1, 6, dt.datetime(2024, 5, 1, 12, 30), moment)  # noqa: DTZ001 - a spreadsheet knows no time zone
        sheet.write_datetime(1, 7, dt.time(9, 0), hour)
        sheet.write_number(1, 8, 1.2, long)
        sheet.write_formula(1, 9, "=1+1", None, 2)
        sheet.write_formula(1, 10, "=1/0", None, "#DIV/0!")
    table = read_spreadsheet(book.getvalue(), "a.xlsx")
    values = ("2134", "4045550100", "0.5", "0.3", "true", "2024-05-01", "2024-05-01T12:30:00", "09:00", "28:48:00", "2", "")
    assert list_rows(table) == [(2, values)]
    assert table.notes == (
        "Sheet read: Sheet1.",
        "Formula errors, such as #N/A, are read as empty cells. The workbook has 1.",
    )


def test_rows_keep_their_numbers_and_titles_are_left_out() -> None:
    cells = [[], ["Members of the network"], [], ["name", "city", "state"], ["Acme", "Rome", "GA"], [], ["Union", "", "GA"]]
    table = read_spreadsheet(xlsx(cells), "a.xlsx")
    assert table.headings == ("name", "city", "state")
    assert list_rows(table) == [(5, ("Acme", "Rome", "GA")), (7, ("Union", "", "GA"))]
    assert table.notes[1] == 'Left out above the headings, row 2: "Members of the network"'


def test_a_sheet_without_headings() -> None:
    table = read_spreadsheet(
        xlsx([["Acme", "1 Main St", "Rome", "GA", 30161], ["Union", "2 Main St", "Athens", "GA", 30601]]), "a.xlsx"
    )
    assert table.headings is None
    assert list_rows(table)[0] == (1, ("Acme", "1 Main St", "Rome", "GA", "30161"))


def test_the_first_sheet_with_a_table_is_read_and_the_others_are_noted() -> None:
    book = xlsx(
        {"Read me": [["How to use this"]], "Secret": TABLE, "Empty": [], "Members": TABLE, "More": [["name", "x"]]},
        hidden=["Secret"],
    )
    table = read_spreadsheet(book, "a.xlsx")
    left_out = "Left out: Read me (1 row), Secret (3 rows), More (1 row). To read one of them: --sheet NAME."
    assert table.notes == (f"Sheet read: Members. {left_out}",)
    assert table.titles == ("Members",)
    assert list_rows(read_spreadsheet(book, "a.xlsx", sheet="secret ")) == list_rows(table)
    assert read_rejected(book, sheet="Groups").params == {"argument": "sheet", "file": "a.xlsx"}


def test_ods_with_repeated_cells_and_the_empty_rest_of_the_sheet() -> None:
    rest = (
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>"
    )
    number = '<table:table-cell office:value-type="float" office:value="2134"><text:p>02134</text:p></table:table-cell>'
    date = '<table:table-cell office:value-type="date" office:date-value="2024-05-01"><text:p>May 1</text:p></table:table-cell>'
    head = "".join(map(ods_cell, ("name", "zip", "joined", "note", "theme")))
    row = ods_cell("Unión") + number + date + ods_cell("same", 2) + '<table:table-cell table:number-columns-repeated="16379"/>'
    data = ods(f"<table:table-row>{head}</table:table-row><table:table-row>{row}</table:table-row>{rest}")
    table = read_spreadsheet(data, "a.ods")
    assert table.headings == ("name", "zip", "joined", "note", "theme")
    assert list_rows(table) == [(2, ("Unión", "2134", "2024-05-01", "same", "same"))]


def test_xls() -> None:
    cells = {(0, 0): "name", (0, 1): "zip", (0, 2): "member", (1, 0): "Unión", (1, 1): 2134, (1, 2): True, (3, 1): 0.5}
    table = read_spreadsheet(xls(cells), "a.xls")
    assert table.headings == ("name", "zip", "member")
    assert list_rows(table) == [(2, ("Unión", "2134", "true")), (4, ("", "0.5", ""))]


@pytest.mark.slow
def test_rows_and_columns_up_to_the_limit_are_read_and_not_one_more() -> None:
    tall = [["name", "city"], *[["Acme", "Rome"]] * limits.MAX_ROWS]
    assert len(list_rows(read_spreadsheet(xlsx(tall), "a.xlsx"))) == limits.MAX_ROWS
    assert read_rejected(xlsx([*tall, ["Union", "Athens"]])).params == {"limit": limits.MAX_ROWS, "file": "a.xlsx"}
    wide = [[f"column {number}" for number in range(limits.MAX_COLUMNS)]]
    assert len(read_spreadsheet(xlsx(wide), "a.xlsx").headings or ()) == limits.MAX_COLUMNS
    assert read_rejected(xlsx([[*wide[0], "one more"]])).params == {"limit": limits.MAX_COLUMNS, "file": "a.xlsx", "row": None}


def an_xlsx_with_a_distant_cell() -> bytes:
    far = '<row r="1"><c r="A1" t="str"><v>name</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_part(xlsx(TABLE), SHEET, sheet_xml(far))


def an_ods_with_repeated_cells(list_rows: int, columns: int) -> bytes:
    return ods(f'<table:table-row table:number-rows-repeated="{list_rows}">{ods_cell("x", columns)}</table:table-row>')


@pytest.mark.parametrize(
    "data",
    [
        an_xlsx_with_a_distant_cell(),
        an_ods_with_repeated_cells(1_048_576, 16_384),
        an_ods_with_repeated_cells(1_048_576, 10),
        xls({(0, 0): "name", (65535, 255): "x"}),
    ],
    ids=["XLSX", "ODS", "ODS with a few columns", "XLS"],
)
def test_a_cell_far_away_is_refused(data: bytes) -> None:
    refused = read_rejected(data)
    assert isinstance(refused, TooLarge)
    assert "Ctrl+End" in refused.user_message


def test_too_many_columns_by_repetition_are_refused() -> None:
    assert read_rejected(an_ods_with_repeated_cells(1, 2_000_000_000)).params["limit"] == limits.MAX_COLUMNS


@pytest.mark.slow
def test_a_long_text_used_in_many_cells_is_refused() -> None:
    refused = read_rejected(xls({(0, 0): "name", **{(row, 1): "x" * 4000 for row in range(1, 60_000)}}))
    assert isinstance(refused, TooLarge)
    many = xlsx([["name", "note"], *[["Acme", "x" * 30_000]] * 10_000])
    assert len(many) < 1024 * 1024
    assert read_rejected(many).params["limit"] == limits.MAX_UNPACKED_SIZE


@pytest.mark.slow
def test_a_long_cell_is_refused() -> None:
    cell = "<row><c t='inlineStr'><is><t>{}</t></is></c></row>"
    book = xlsx(TABLE)
    short = with_part(book, SHEET, sheet_xml(cell.format("name") + cell.format("x" * limits.MAX_CELL_SIZE)))
    assert list_rows(read_spreadsheet(short, "a.xlsx"))[-1][1] == ("x" * limits.MAX_CELL_SIZE,)
    for length in (limits.MAX_CELL_SIZE + 1, 50 * 1024 * 1024):
        long = with_part(book, SHEET, sheet_xml(cell.format("name") + cell.format("x" * length)))
        assert read_rejected(long).params["limit"] == limits.MAX_CELL_SIZE


def test_entities_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>' + sheet_xml("")[21:]
    assert "entities" in read_rejected(with_part(xlsx(TABLE), SHEET, bomb)).user_message
    with zipfile.ZipFile(io.BytesIO(ods(""))) as package:
        content = package.read("content.xml").replace(b"<office:doc", b"<!DOCTYPE x><office:doc")
    assert "entities" in read_rejected(with_part(ods(""), "content.xml", content)).user_message


def test_old_members_instructions_and_pivots_are_not_the_list() -> None:
    old = [["name", "left"], ["Union", "2020"], ["Casa", "2021"]]
    pivot: Rows = [["Row Labels", "Sum of dues"], ["LA", 400], ["MS", 300]]
    lookup = [["code", "meaning"], ["A", "active"], ["B", "lapsed"]]
    sheets: dict[str, Rows] = {"Old members": old, "Pivot": pivot, "Lookups": lookup, "FY26": TABLE}
    assert read_spreadsheet(xlsx(sheets), "a.xlsx").titles == ("FY26",)
    assert read_spreadsheet(xlsx({"FY26": TABLE, "Old members": old}), "a.xlsx").titles == ("FY26",)
    assert read_spreadsheet(xlsx({"Notes": [["see below"]], "Old members": old}), "a.xlsx").titles == ("Old members",)
    assert read_spreadsheet(xlsx({"Dues": pivot, "Sheet2": TABLE}), "a.xlsx").titles == ("Sheet2",)
