"""Detect the format of a file and the encoding of a text file from their first bytes."""

import codecs
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import islice
from pathlib import PurePath
from typing import NamedTuple

from directory.errors import BadInput

MAX_PREVIEWS = 3
_PREVIEW_BYTES = 40  # bytes shown on each side of a non-ASCII letter
_CHUNK_SIZE = 1024 * 1024  # bytes decoded at a time
_ENCODING_SAMPLE_SIZE = 4096  # bytes in which zeros are counted to detect UTF-16
_BYTE_ORDER_MARKS = (  # UTF-32 comes first, because its mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FALLBACK_ENCODING = "cp1252"
_NON_ASCII_BYTE = re.compile(rb"[\x80-\xff]")


class DetectedEncoding(NamedTuple):
    name: str  # of a Python codec
    notes: tuple[str, ...] = ()


def detect_encoding(data: bytes, file: str, encoding: str | None = None) -> DetectedEncoding:
    """Detect UTF-8, UTF-16, UTF-32 or Windows-1252 by byte order mark, valid bytes or zeros. Or check the given encoding.

    A note previews the letters of a file read as Windows-1252. Raises BadInput for an unknown encoding, and when the file is not
    in the given encoding or in any of these.
    """
    if encoding is not None:
        return _require_encoding(data, file, encoding)
    encoding_of_mark = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    guess = encoding_of_mark or _detect_utf_16(data[:_ENCODING_SAMPLE_SIZE]) or "utf-8"
    if _can_decode(data, guess):
        return DetectedEncoding(guess, () if guess.startswith("utf-8") else (f"Encoding: {guess.upper()}.",))
    if encoding_of_mark is None and guess == "utf-8" and _can_decode(data, _FALLBACK_ENCODING):
        return DetectedEncoding(_FALLBACK_ENCODING, (_describe_fallback(data),))
    raise BadInput(f"{file} is neither UTF-8 nor Windows-1252. Set --encoding, or save the file as UTF-8.", argument="encoding")


def _require_encoding(data: bytes, file: str, encoding: str) -> DetectedEncoding:
    try:
        name = codecs.lookup(encoding).name
        b" ".decode(name, "replace")  # raises LookupError for codecs that do not encode text, such as "hex"
    except (LookupError, ValueError) as problem:
        raise BadInput(f"Unknown encoding {encoding[:40]!r}. Try utf-8, cp1252 or utf-16.", argument="encoding") from problem
    name = "utf-8-sig" if name == "utf-8" else name
    if not _can_decode(data, name):
        raise BadInput(
            f"{file} is not encoded in {encoding}. Leave out --encoding to detect it automatically.", argument="encoding"
        )
    return DetectedEncoding(name)


def _detect_utf_16(head: bytes) -> str | None:
    """Detect Western text in UTF-16: nearly every second byte is zero, and hardly any of the others."""
    half = len(head) // 2
    first, second = head[::2].count(0), head[1::2].count(0)
    if half and second > half * 0.6 and first < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if half and first > half * 0.6 and second < half * 0.1 else None


def _can_decode(data: bytes, name: str) -> bool:
    """Return whether the data is valid, decoding it in chunks to save memory."""
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
    return f"Encoding: Windows-1252 (cp1252), as it is not UTF-8. If letters are wrong, set --encoding. Sample: {shown}"


def _list_previews(data: bytes) -> Iterator[str]:
    """Yield the text around the first non-ASCII letter of each line that has one."""
    start = 0
    while letter := _NON_ASCII_BYTE.search(data, start):
        position = letter.start()
        before = data[max(start, position - _PREVIEW_BYTES) : position].splitlines() or [b""]
        yield (before[-1] + data[position : position + _PREVIEW_BYTES].splitlines()[0]).decode(_FALLBACK_ENCODING).strip()
        ends = [end for end in (data.find(b"\n", position), data.find(b"\r", position)) if end >= 0]
        if not ends:
            return
        start = min(ends) + 1


class FileFormat(StrEnum):
    DELIMITED = "DELIMITED"  # CSV, TSV and similar
    SPREADSHEET = "SPREADSHEET"  # XLSX, XLSM, XLSB, XLS, ODS
    JSON = "JSON"  # GeoJSON and HSDS too
    NDJSON = "NDJSON"
    TOML = "TOML"
    ZIP = "ZIP"  # a data package, or a folder of CSVs


_SPREADSHEET_EXTENSIONS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_TEXT_EXTENSIONS = {".toml": FileFormat.TOML, ".ndjson": FileFormat.NDJSON, ".jsonl": FileFormat.NDJSON}
_ZIP_MEMBERS: Sequence[tuple[bytes, FileFormat | str]] = (  # names of members, and OpenDocument's media types
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
    ("EncryptedPackage", FileFormat.SPREADSHEET),  # its reader reports the password
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
    (
        b"BEGIN:VCARD",
        "a file of people's contacts (vCard), but this directory lists organizations; give a table of organizations",
    ),
)
_ZIP_SIGNATURES, _OLE2_SIGNATURE = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(!doctype html|html|head|body|table|meta)\b", re.I)
_TEXT_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_FORMAT_SAMPLE_SIZE = 4096  # bytes of a text


def detect_format(name: str, head: bytes) -> FileFormat:
    """Return the format of the file with this name that begins with `head`. Archives need `head` to be the whole file.

    Raises BadInput for an unsupported format; the message names it and says what to give instead.
    """
    extension = PurePath(name).suffix.lower()
    if head.startswith(_ZIP_SIGNATURES):
        return _detect_archive_format(
            name, head, _ZIP_MEMBERS, FileFormat.SPREADSHEET if extension in _SPREADSHEET_EXTENSIONS else FileFormat.ZIP
        )
    if head.startswith(_OLE2_SIGNATURE):
        streams = [(stream.encode("utf-16-le"), meaning) for stream, meaning in _OLE2_STREAMS]
        return _detect_archive_format(name, head, streams, FileFormat.SPREADSHEET)
    text = _strip_leading_bytes(head)
    unsupported = next((description for prefix, description in _UNSUPPORTED_FORMATS if text.startswith(prefix)), None)
    if unsupported := unsupported or _describe_markup(text):
        raise _build_unsupported_error(name, unsupported)
    return _TEXT_EXTENSIONS.get(extension) or _detect_json(text) or _detect_by_extension(name, extension, text)


def _detect_archive_format(
    name: str, head: bytes, signatures: Sequence[tuple[bytes, FileFormat | str]], default: FileFormat
) -> FileFormat:
    meaning = next((meaning for signature, meaning in signatures if signature in head), default)
    if isinstance(meaning, FileFormat):
        return meaning
    raise _build_unsupported_error(name, meaning)


def _strip_leading_bytes(head: bytes) -> bytes:
    """Return the beginning without a byte order mark, the zeros of UTF-16 and white space."""
    text = head[:_FORMAT_SAMPLE_SIZE]
    for mark in _TEXT_BYTE_ORDER_MARKS:
        if text.startswith(mark):
            text = text.removeprefix(mark).replace(b"\0", b"")
    return text.lstrip()


def _describe_markup(text: bytes) -> str | None:
    if not text.startswith(b"<"):
        return None
    if _HTML.search(text):
        return "a web page (HTML); open it in a spreadsheet and save it as XLSX or CSV"
    return "XML; open it in a spreadsheet and save it as XLSX or CSV" if text.startswith(b"<?xml") else None


def _detect_json(text: bytes) -> FileFormat | None:
    """Return JSON or NDJSON; None for other text, such as a list that begins with a word in brackets."""
    if not re.match(rb'\{\s*["}]|\[\s*[\]{]', text):
        return None
    return FileFormat.NDJSON if re.match(rb"\{[^\n]*\}[^\S\n]*+\n\s*+\{", text) else FileFormat.JSON


def _detect_by_extension(name: str, extension: str, text: bytes) -> FileFormat:
    if extension == ".json":
        return FileFormat.JSON
    if extension in _SPREADSHEET_EXTENSIONS and b"\0" in text:
        raise _build_unsupported_error(name, "damaged or not a spreadsheet; save it again as XLSX or CSV")
    return FileFormat.DELIMITED


def _build_unsupported_error(name: str, description: str) -> BadInput:
    return BadInput(f"{name} is {description}.", file=name)
