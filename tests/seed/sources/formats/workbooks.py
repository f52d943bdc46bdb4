"""Build workbooks: XLSX with XlsxWriter, ODS and XLS (BIFF8 in OLE2) by hand."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter

Rows = Sequence[Sequence[object]]

_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def build_zip(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)  # required by OpenDocument
    return packed.getvalue()


def xlsx(sheets: Mapping[str, Rows] | Rows, hidden: Sequence[str] = ()) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed) as book:
        for name, rows in sheets.items() if isinstance(sheets, Mapping) else [("Sheet1", sheets)]:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return packed.getvalue()


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    """Return the package with one of its parts replaced."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return build_zip({**{one: archive.read(one) for one in archive.namelist()}, name: content})


def sheet_xml(cells: str) -> bytes:
    """Return a sheet of XLSX. `cells` are the rows of `sheetData`."""
    begin = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f"{begin}{cells}</sheetData></worksheet>".encode()


def ods(rows: str, name: str = "Sheet1") -> bytes:
    """Return an ODS file with one sheet. `rows` are its rows in XML."""
    spaces = " ".join(f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:spreadsheet><table:table '
        f'table:name="{name}">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return build_zip({"mimetype": _ODS.encode(), "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()})


def ods_cell(text: str, repeated: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{repeated}">'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def xls(cells: Mapping[tuple[int, int], object], *, password: bool = False) -> bytes:
    """Return an XLS file. Cells are given by row and column from 0."""
    return _ole2(_biff8(cells, password))


def _biff8(cells: Mapping[tuple[int, int], object], password: bool) -> bytes:
    """Return the globals of a workbook and one sheet (MS-XLS)."""
    texts = {text: number for number, text in enumerate(dict.fromkeys(str(cell) for cell in cells.values() if _is_text(cell)))}
    sheet = _begin(0x10) + b"".join(_cell(row, column, cell, texts) for (row, column), cell in cells.items()) + _record(0x0A)

    def globals_before(start: int) -> bytes:
        named = struct.pack("<IBBBB", start, 0, 0, 6, 0) + b"Sheet1"
        strings = struct.pack("<II", len(texts), len(texts)) + b"".join(
            struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts
        )
        secret = _record(0x2F, struct.pack("<H", 1) + struct.pack("<HH", 1, 1) + b"\0" * 48) if password else b""
        return _begin(0x05) + secret + _record(0x42, b"\xb0\x04") + _record(0x85, named) + _record(0xFC, strings) + _record(0x0A)

    return globals_before(len(globals_before(0))) + sheet


def _is_text(cell: object) -> bool:
    return isinstance(cell, str)


def _begin(kind: int) -> bytes:
    return _record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def _cell(row: int, column: int, cell: object, texts: Mapping[str, int]) -> bytes:
    at = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, bool):
        return _record(0x205, at + bytes([cell, 0]))
    if isinstance(cell, str):
        return _record(0xFD, at + struct.pack("<I", texts[cell]))
    assert isinstance(cell, (int, float))
    return _record(0x203, at + struct.pack("<d", cell))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _ole2(stream: bytes) -> bytes:
    """Return a header, the allocation table, one sector of entries and the stream (MS-CFB)."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(stream) // _SECTOR
    tables = next(count for count in range(1, 110) if count * 128 >= count + 1 + sectors)
    chain = [*range(tables + 2, tables + 1 + sectors), _END]
    table = [*[_FAT] * tables, _END, *chain]
    table += [_FREE] * (tables * 128 - len(table))
    entries = _entry("Root Entry", 5, _END, 0, 1) + _entry("Workbook", 2, tables + 1, len(stream)) + 2 * _entry("", 0, 0, 0)
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, tables, tables, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    return head + struct.pack(f"<{tables * 128}I", *table) + entries + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    written = f"{name}\0".encode("utf-16-le") if name else b""
    head = written.ljust(64, b"\0") + struct.pack("<HBBIII", len(written), kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
