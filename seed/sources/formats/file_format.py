"""The encoding of a text file: found from its bytes, or taken as told and checked."""

import codecs
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from pathlib import PurePath
from typing import NamedTuple

from directory.errors import BadInput

MAX_PREVIEWS = 3
_PREVIEW_BYTES = 40  # bytes shown on each side of a letter that is not ASCII
_CHUNK_SIZE = 1024 * 1024  # bytes decoded at a time
_ENCODING_SAMPLE_SIZE = 4096  # bytes in which zeros betray UTF-16
_BYTE_ORDER_MARKS = (  # byte order marks; that of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FALLBACK_ENCODING = "cp1252"
_NON_ASCII_BYTE = re.compile(rb"[\x80-\xff]")


class DetectedEncoding(NamedTuple):
    name: str  # as Python's codecs have it
    notes: tuple[str, ...] = ()


def detect_encoding(data: bytes, file: str, encoding: str | None = None) -> DetectedEncoding:
    """By its mark, as UTF-8, by the zeros of UTF-16, and else as Windows-1252, with a preview of what that makes of the letters.

    Raises BadInput when `told` is no encoding, and when the file is not in it, or in none of these.
    """
    if encoding is not None:
        return _require_encoding(data, file, encoding)
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    guessed = marked or _detect_utf_16(data[:_ENCODING_SAMPLE_SIZE]) or "utf-8"
    if _can_decode(data, guessed):
        return DetectedEncoding(guessed, () if guessed.startswith("utf-8") else (f"Read as {guessed.upper()}.",))
    if marked is None and guessed == "utf-8" and _can_decode(data, _FALLBACK_ENCODING):
        return DetectedEncoding(_FALLBACK_ENCODING, (_describe_fallback(data),))
    raise BadInput(f"{file} is neither UTF-8 nor Windows-1252. Tell its encoding, or save it as UTF-8.", argument="encoding")


def _require_encoding(data: bytes, file: str, encoding: str) -> DetectedEncoding:
    try:
        name = codecs.lookup(encoding).name
        b" ".decode(name, "replace")  # raises LookupError for what encodes no text, such as "hex"
    except (LookupError, ValueError) as problem:
        raise BadInput(f"There is no encoding {encoding[:40]!r}. Try utf-8, cp1252 or utf-16.", argument="encoding") from problem
    name = "utf-8-sig" if name == "utf-8" else name
    if not _can_decode(data, name):
        raise BadInput(f"{file} is not written in {encoding}. Leave the encoding out to have it found.", argument="encoding")
    return DetectedEncoding(name)


def _detect_utf_16(head: bytes) -> str | None:
    """Western text in UTF-16 has a zero in nearly every second place, and hardly one in the others."""
    half = len(head) // 2
    first, second = head[::2].count(0), head[1::2].count(0)
    if half and second > half * 0.6 and first < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if half and first > half * 0.6 and second < half * 0.1 else None


def _can_decode(data: bytes, name: str) -> bool:
    """In pieces, so that the whole text never stands in memory beside its bytes."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for start in range(0, len(data), _CHUNK_SIZE):
            decoder.decode(data[start : start + _CHUNK_SIZE])
        decoder.decode(b"", True)
    except UnicodeError:
        return False
    return True


def _describe_fallback(data: bytes) -> str:
    shown = " · ".join(islice(_list_previews(data), MAX_PREVIEWS))
    return f"Not UTF-8, so read as Windows-1252 (cp1252); where letters are wrong, tell the encoding. It gives: {shown}"


def _list_previews(data: bytes) -> Iterator[str]:
    """From each line that has a letter beyond ASCII, the text around the first of them."""
    start = 0
    while letter := _NON_ASCII_BYTE.search(data, start):
        at = letter.start()
        before = data[max(start, at - _PREVIEW_BYTES) : at].splitlines() or [b""]
        yield (before[-1] + data[at : at + _PREVIEW_BYTES].splitlines()[0]).decode(_FALLBACK_ENCODING).strip()
        ends = [end for end in (data.find(b"\n", at), data.find(b"\r", at)) if end >= 0]
        if not ends:
            return
        start = min(ends) + 1


class FileFormat(StrEnum):
    DELIMITED = "DELIMITED"  # CSV, TSV and their like
    SPREADSHEET = "SPREADSHEET"  # XLSX, XLSM, XLSB, XLS, ODS
    JSON = "JSON"  # GeoJSON and HSDS too
    NDJSON = "NDJSON"
    TOML = "TOML"
    ZIP = "ZIP"  # a data package, or a folder of CSVs


_SPREADSHEET_EXTENSIONS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_TEXT_EXTENSIONS = {".toml": FileFormat.TOML, ".ndjson": FileFormat.NDJSON, ".jsonl": FileFormat.NDJSON}
_ZIP_MEMBERS: Sequence[
    tuple[bytes, FileFormat | str]
] = (  # names of members, and the type that OpenDocument states at the beginning
    (b"xl/workbook.", FileFormat.SPREADSHEET),
    (b"application/vnd.oasis.opendocument.spreadsheet", FileFormat.SPREADSHEET),
    (b"application/vnd.oasis.opendocument.", "an OpenDocument text or presentation; copy its table into a spreadsheet"),
    (b"word/document.xml", "a Word document; copy its table into a spreadsheet"),
    (b"ppt/presentation.xml", "a presentation; copy its table into a spreadsheet"),
    (b"Index/Document.iwa", "an Apple Numbers or Pages file; export it as XLSX or CSV"),
)
_OLE2_STREAMS: Sequence[tuple[str, FileFormat | str]] = (  # names of streams (MS-CFB 2.6)
    ("Workbook", FileFormat.SPREADSHEET),
    ("Book", FileFormat.SPREADSHEET),
    ("EncryptedPackage", FileFormat.SPREADSHEET),  # the reader tells of the password
    ("WordDocument", "a Word document; copy its table into a spreadsheet"),
)
_UNSUPPORTED_FORMATS: Sequence[tuple[bytes, str]] = (  # first bytes
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
_ZIP_SIGNATURES, _OLE2_SIGNATURE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(!doctype html|html|head|body|table|meta)\b", re.I)
_TEXT_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_FORMAT_SAMPLE_SIZE = 4096  # bytes of a text


def detect_format(name: str, head: bytes) -> FileFormat:
    """The format of the file of this name that begins with `head`; archives are told apart only when `head` is all of it.

    Raises BadInput for what is not read here; the sentence says what it is and what to give instead.
    """
    ending = PurePath(name).suffix.lower()
    if head.startswith(_ZIP_SIGNATURES):
        return _detect_archive_format(
            name, head, _ZIP_MEMBERS, FileFormat.SPREADSHEET if ending in _SPREADSHEET_EXTENSIONS else FileFormat.ZIP
        )
    if head.startswith(_OLE2_SIGNATURE):
        streams = [(stream.encode("utf-16-le"), meant) for stream, meant in _OLE2_STREAMS]
        return _detect_archive_format(name, head, streams, FileFormat.SPREADSHEET)
    text = _strip_leading_bytes(head)
    unreadable = next((what for begin, what in _UNSUPPORTED_FORMATS if text.startswith(begin)), None) or _describe_markup(text)
    if unreadable:
        raise _build_unsupported_error(name, unreadable)
    return _TEXT_EXTENSIONS.get(ending) or _detect_json(text) or _detect_by_extension(name, ending, text)


def _detect_archive_format(
    name: str, head: bytes, signatures: Sequence[tuple[bytes, FileFormat | str]], otherwise: FileFormat
) -> FileFormat:
    meant = next((meant for sought, meant in signatures if sought in head), otherwise)
    if isinstance(meant, FileFormat):
        return meant
    raise _build_unsupported_error(name, meant)


def _strip_leading_bytes(head: bytes) -> bytes:
    """The beginning without a byte order mark, the zeros of UTF-16 and space."""
    text = head[:_FORMAT_SAMPLE_SIZE]
    for mark in _TEXT_BYTE_ORDER_MARKS:
        if text.startswith(mark):
            text = text.removeprefix(mark).replace(b"\0", b"")
    return text.lstrip()


def _describe_markup(text: bytes) -> str | None:
    if not text.startswith(b"<"):
        return None
    if _HTML.search(text):
        return "a web page (HTML), whatever its name says; open it in a spreadsheet and save it as XLSX or CSV"
    return "XML; open it in a spreadsheet and save it as XLSX or CSV" if text.startswith(b"<?xml") else None


def _detect_json(text: bytes) -> FileFormat | None:
    """JSON, or one value of it a line. A list that begins with a word in brackets is none."""
    if not re.match(rb'\{\s*["}]|\[\s*[\]{]', text):
        return None
    return FileFormat.NDJSON if re.match(rb"\{[^\n]*\}[^\S\n]*+\n\s*+\{", text) else FileFormat.JSON


def _detect_by_extension(name: str, ending: str, text: bytes) -> FileFormat:
    if ending == ".json":
        return FileFormat.JSON
    if ending in _SPREADSHEET_EXTENSIONS and b"\0" in text:
        raise _build_unsupported_error(name, "damaged, or no spreadsheet; save it anew as XLSX or CSV")
    return FileFormat.DELIMITED


def _build_unsupported_error(name: str, description: str) -> BadInput:
    return BadInput(f"{name} is {description}.", file=name)
