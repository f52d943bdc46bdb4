"""The encoding of a text file: found from its bytes, or taken as told and checked."""

import codecs
import re
from collections.abc import Iterator
from itertools import islice
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
