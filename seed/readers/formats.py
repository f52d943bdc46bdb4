"""What kind of file it is: told by its content first, and by the ending of its name where the content leaves it open."""

import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import PurePath

from directory.errors import BadInput


class Format(StrEnum):
    DELIMITED = "DELIMITED"  # CSV, TSV and their like
    SPREADSHEET = "SPREADSHEET"  # XLSX, XLSM, XLSB, XLS, ODS
    JSON = "JSON"  # GeoJSON and HSDS too
    NDJSON = "NDJSON"
    TOML = "TOML"
    ZIP = "ZIP"  # a data package, or a folder of CSVs


_SPREADSHEET_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_TEXT_ENDINGS = {".toml": Format.TOML, ".ndjson": Format.NDJSON, ".jsonl": Format.NDJSON}
_IN_ZIP: Sequence[tuple[bytes, Format | str]] = (  # names of members, and the type that OpenDocument states at the beginning
    (b"xl/workbook.", Format.SPREADSHEET),
    (b"application/vnd.oasis.opendocument.spreadsheet", Format.SPREADSHEET),
    (b"application/vnd.oasis.opendocument.", "an OpenDocument text or presentation; copy its table into a spreadsheet"),
    (b"word/document.xml", "a Word document; copy its table into a spreadsheet"),
    (b"ppt/presentation.xml", "a presentation; copy its table into a spreadsheet"),
    (b"Index/Document.iwa", "an Apple Numbers or Pages file; export it as XLSX or CSV"),
)
_IN_OLE2: Sequence[tuple[str, Format | str]] = (  # names of streams (MS-CFB 2.6)
    ("Workbook", Format.SPREADSHEET),
    ("Book", Format.SPREADSHEET),
    ("EncryptedPackage", Format.SPREADSHEET),  # the reader tells of the password
    ("WordDocument", "a Word document; copy its table into a spreadsheet"),
)
_UNREADABLE: Sequence[tuple[bytes, str]] = (  # first bytes
    (b"%PDF", "a PDF; ask for the spreadsheet it was made from, or copy its table into one"),
    (b"\x89PNG", "an image; type its table into a spreadsheet"),
    (b"\xff\xd8\xff", "an image; type its table into a spreadsheet"),
    (b"GIF8", "an image; type its table into a spreadsheet"),
    (b"{\\rtf", "a text document (RTF); copy its table into a spreadsheet"),
    (b"\x1f\x8b", "compressed (gzip); unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "compressed (7z); unpack it first"),
    (b"Rar!", "compressed (RAR); unpack it first"),
    (b"SQLite format 3\x00", "a database (SQLite); export its table as CSV"),
    (b"PAR1", "a Parquet file; export it as CSV"),
    (b"BEGIN:VCARD", "a file of people's contacts (vCard), and this is a directory of organizations; give a table of those"),
)
_ZIP, _OLE2 = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(!doctype html|html|head|body|table|meta)\b", re.I)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 4096  # bytes of a text


def recognise(name: str, head: bytes) -> Format:
    """The format of the file of this name that begins with `head`; archives are told apart only when `head` is all of it.

    Raises BadInput for what is not read here; the sentence says what it is and what to give instead.
    """
    ending = PurePath(name).suffix.lower()
    if head.startswith(_ZIP):
        return _contained(name, head, _IN_ZIP, Format.SPREADSHEET if ending in _SPREADSHEET_ENDINGS else Format.ZIP)
    if head.startswith(_OLE2):
        streams = [(stream.encode("utf-16-le"), meant) for stream, meant in _IN_OLE2]
        return _contained(name, head, streams, Format.SPREADSHEET)
    text = _plain(head)
    unreadable = next((what for begin, what in _UNREADABLE if text.startswith(begin)), None) or _markup(text)
    if unreadable:
        raise _refused(name, unreadable)
    return _TEXT_ENDINGS.get(ending) or _json(text) or _by_ending(name, ending, text)


def _contained(name: str, head: bytes, known: Sequence[tuple[bytes, Format | str]], otherwise: Format) -> Format:
    meant = next((meant for sought, meant in known if sought in head), otherwise)
    if isinstance(meant, Format):
        return meant
    raise _refused(name, meant)


def _plain(head: bytes) -> bytes:
    """The beginning without a byte order mark, the zeros of UTF-16 and space."""
    text = head[:_LOOKED_AT]
    for mark in _MARKS:
        if text.startswith(mark):
            text = text.removeprefix(mark).replace(b"\0", b"")
    return text.lstrip()


def _markup(text: bytes) -> str | None:
    if not text.startswith(b"<"):
        return None
    if _HTML.search(text):
        return "a web page (HTML), whatever its name says; open it in a spreadsheet and save it as XLSX or CSV"
    return "XML; open it in a spreadsheet and save it as XLSX or CSV" if text.startswith(b"<?xml") else None


def _json(text: bytes) -> Format | None:
    """JSON, or one value of it a line. A list that begins with a word in brackets is none."""
    if not re.match(rb'\{\s*["}]|\[\s*[\]{]', text):
        return None
    return Format.NDJSON if re.match(rb"\{[^\n]*\}[^\S\n]*+\n\s*+\{", text) else Format.JSON


def _by_ending(name: str, ending: str, text: bytes) -> Format:
    if ending == ".json":
        return Format.JSON
    if ending in _SPREADSHEET_ENDINGS and b"\0" in text:
        raise _refused(name, "damaged, or no spreadsheet; save it anew as XLSX or CSV")
    return Format.DELIMITED


def _refused(name: str, what: str) -> BadInput:
    return BadInput(f"{name} is {what}.", file=name)
