"""The lines of a calendar: iCalendar content lines (RFC 5545, 3.1), with their values escaped and folded.

They are written here because a general library takes several times as long, and anyone may ask for a calendar.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

MAX_BYTES = 75  # of a line; a longer one goes on in the next, which begins with a space
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f]")  # all but the tab: a value with a line break could add lines
_ESCAPES = (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\n", "\\n"))  # in this order


def format_line(name: str, value: str) -> bytes:
    """Return a line without its break. `name` may have parameters; control characters of the value are dropped."""
    return _fold(f"{name}:{_CONTROLS.sub('', value)}".encode())


def escape_text(text: str) -> str:
    """Return a text as a value of the type TEXT (RFC 5545, 3.3.11)."""
    for character, escape in _ESCAPES:  # five times as fast as a translation table
        text = text.replace(character, escape)
    return text


def format_time(name: str, moment: dt.date | dt.datetime) -> bytes:
    """Return the line of a day, or of a moment in UTC or in the local time of its time zone."""
    if not isinstance(moment, dt.datetime):
        return format_line(f"{name};VALUE=DATE", format_day(moment))
    if moment.tzinfo is None or moment.tzinfo is dt.UTC:
        return format_line(name, format_moment(moment))
    return format_line(f"{name};TZID={moment.tzinfo}", format_moment(moment))


def format_day(day: dt.date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def format_moment(moment: dt.datetime) -> str:
    """Return "20260701T220000", with "Z" after it if it is in UTC."""
    time = f"{format_day(moment)}T{moment.hour:02}{moment.minute:02}{moment.second:02}"
    return f"{time}Z" if moment.tzinfo is dt.UTC else time


def wrap_component(name: str, lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of a component between its first and its last."""
    yield format_line("BEGIN", name)
    yield from lines
    yield format_line("END", name)


def join_lines(lines: Iterable[bytes]) -> bytes:
    """Return the lines as a file."""
    return b"".join(line + b"\r\n" for line in lines)


def _fold(line: bytes) -> bytes:
    """Return a line in pieces of at most MAX_BYTES. No character is split: readers may decode each piece by itself."""
    if len(line) <= MAX_BYTES:
        return line
    pieces, start, limit = [], 0, MAX_BYTES
    while start < len(line):
        end = start + limit
        while end < len(line) and line[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        pieces.append(line[start:end])
        start, limit = end, MAX_BYTES - 1
    return b"\r\n ".join(pieces)
