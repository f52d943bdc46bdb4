"""The encoding of a text file: found from its bytes, or taken as told and checked."""

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from directory.errors import BadInput

PREVIEWS = 3
_AROUND = 40  # bytes shown on each side of a letter that is not ASCII
_PIECE = 1024 * 1024  # bytes decoded at a time
_LOOKED_AT = 4096  # bytes in which zeros betray UTF-16
_MARKS = (  # byte order marks; that of UTF-32 begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FALLBACK = "cp1252"
_LETTER_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


class Encoding(NamedTuple):
    name: str  # as Python's codecs have it
    notes: tuple[str, ...] = ()


def found(data: bytes, file: str, told: str | None = None) -> Encoding:
    """By its mark, as UTF-8, by the zeros of UTF-16, and else as Windows-1252, with a preview of what that makes of the letters.

    Raises BadInput when `told` is no encoding, and when the file is not in it, or in none of these.
    """
    if told is not None:
        return _told(data, file, told)
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    guessed = marked or _by_zeros(data[:_LOOKED_AT]) or "utf-8"
    if _fits(data, guessed):
        return Encoding(guessed, () if guessed.startswith("utf-8") else (f"Read as {guessed.upper()}.",))
    if marked is None and guessed == "utf-8" and _fits(data, _FALLBACK):
        return Encoding(_FALLBACK, (_previewed(data),))
    raise BadInput(f"{file} is neither UTF-8 nor Windows-1252. Tell its encoding, or save it as UTF-8.", argument="encoding")


def _told(data: bytes, file: str, told: str) -> Encoding:
    try:
        name = codecs.lookup(told).name
        b" ".decode(name, "replace")  # raises LookupError for what encodes no text, such as "hex"
    except (LookupError, ValueError) as problem:
        raise BadInput(f"There is no encoding {told[:40]!r}. Try utf-8, cp1252 or utf-16.", argument="encoding") from problem
    name = "utf-8-sig" if name == "utf-8" else name
    if not _fits(data, name):
        raise BadInput(f"{file} is not written in {told}. Leave the encoding out to have it found.", argument="encoding")
    return Encoding(name)


def _by_zeros(head: bytes) -> str | None:
    """Western text in UTF-16 has a zero in nearly every second place, and hardly one in the others."""
    half = len(head) // 2
    first, second = head[::2].count(0), head[1::2].count(0)
    if half and second > half * 0.6 and first < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if half and first > half * 0.6 and second < half * 0.1 else None


def _fits(data: bytes, name: str) -> bool:
    """In pieces, so that the whole text never stands in memory beside its bytes."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(data[start : start + _PIECE])
        decoder.decode(b"", True)
    except UnicodeError:
        return False
    return True


def _previewed(data: bytes) -> str:
    shown = " · ".join(islice(_glimpses(data), PREVIEWS))
    return f"Not UTF-8, so read as Windows-1252 (cp1252); where letters are wrong, tell the encoding. It gives: {shown}"


def _glimpses(data: bytes) -> Iterator[str]:
    """From each line that has a letter beyond ASCII, the text around the first of them."""
    start = 0
    while letter := _LETTER_BEYOND_ASCII.search(data, start):
        at = letter.start()
        before = data[max(start, at - _AROUND) : at].splitlines() or [b""]
        yield (before[-1] + data[at : at + _AROUND].splitlines()[0]).decode(_FALLBACK).strip()
        ends = [end for end in (data.find(b"\n", at), data.find(b"\r", at)) if end >= 0]
        if not ends:
            return
        start = min(ends) + 1
