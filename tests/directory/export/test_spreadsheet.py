import io
import zipfile

import pytest

from directory.errors import BadInput
from directory.export import tables
from tests.builders import an_organization
from tests.directory.export.difficult_records import build_difficult_organizations
from tests.directory.export.exported_tables import build_test_info, export_bytes, export_table


def test_no_cell_is_a_formula_a_link_or_a_number() -> None:
    with zipfile.ZipFile(io.BytesIO(export_bytes("xlsx", build_difficult_organizations(60)))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert [name for name in book.namelist() if "rels" in name and "sheet" in name] == []
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "<v>" not in sheet
    assert "=cmd|" in sheet


def test_it_has_the_columns_of_the_csv_export() -> None:
    some = build_difficult_organizations(40)
    assert export_table("xlsx", some).headings == export_table("csv", some).headings


def test_leading_zeros_and_plus_signs_are_kept() -> None:
    one = an_organization("00123", summary="+14045889761")
    ((_, cells),) = export_table("xlsx", [one]).rows
    assert "00123" in cells
    assert "+14045889761" in cells


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_SHEET_ROWS", 2)
    out = io.BytesIO()
    with pytest.raises(BadInput, match="CSV"):
        tables.write_xlsx([an_organization(name) for name in "ABC"], out, build_test_info())
    assert out.getvalue() == b""


class Pipe(io.RawIOBase):
    """A writable stream that cannot seek."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        before = len(self.written)
        self.written += memoryview(part)  # type: ignore[arg-type]
        return len(self.written) - before


def test_it_can_be_written_to_a_pipe() -> None:
    pipe = Pipe()
    tables.write_xlsx([an_organization("Union")], pipe, build_test_info())  # type: ignore[arg-type]
    with zipfile.ZipFile(io.BytesIO(pipe.written)) as book:
        assert book.testzip() is None


def test_excel_marks_no_cell_of_the_sheet_as_a_number_stored_as_text() -> None:
    with zipfile.ZipFile(io.BytesIO(export_bytes("xlsx", [an_organization("00123")]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert '<ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/>' in sheet
    assert '<pane xSplit="1" ySplit="1"' in sheet
