"""Find the days that words name: "in March 2021", "17 de marzo de 2021", "2021-03-17", "2021".

All of them are days in UTC. Words such as "tomorrow" are not read: their meaning depends on the day and on the reader's zone.
"""

import calendar
import datetime as dt
import re
from collections.abc import Sequence

from msgspec import Struct

from directory.text import fold

_SPANISH_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
_ENGLISH_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = {name: number for names in (_ENGLISH_MONTHS, _SPANISH_MONTHS) for number, name in enumerate(names, 1)}
JOINING_WORDS = frozenset(("in", "on", "of", "the", "en", "de", "del", "el"))  # before and inside a date
EVENT_WORDS = frozenset(("event", "events", "evento", "eventos"))
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?", re.ASCII)
_ISO_DATE = re.compile(r"((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?", re.ASCII)


class DateRange(Struct, frozen=True):
    """The first and the last moment of the days that words name, in UTC, and the other words."""

    first: dt.datetime
    last: dt.datetime
    rest: str


def find_dates(text: str) -> DateRange | None:
    """Return the first date in a text; None if there is none. Small words before it belong to it."""
    words = text.split()
    folded = [fold(word) if not _ISO_DATE.fullmatch(word.strip(",.")) else word.strip(",.") for word in words]
    for at in range(len(words)):
        for length in range(min(6, len(words) - at), 0, -1):
            days = _read_days(folded[at : at + length])
            if days is not None:
                start = at - 1 if at and folded[at - 1] in JOINING_WORDS else at
                return _build_range(*days, " ".join((*words[:start], *words[at + length :])))
    return None


def drop_event_words(text: str) -> str:
    """Return a text without words such as "events", which only say what is asked for."""
    return " ".join(word for word in text.split() if fold(word) not in EVENT_WORDS)


def _read_days(words: Sequence[str]) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day of exactly these folded words; None if they are no date."""
    parts = [word for word in words if word not in JOINING_WORDS]
    if not parts or words[0] in JOINING_WORDS or words[-1] in JOINING_WORDS:
        return None
    if len(parts) == 1:
        return _read_one(parts[0])
    months = [MONTHS[word] for word in parts if word in MONTHS]
    years = [int(word) for word in parts if _YEAR.fullmatch(word)]
    days = [int(re.sub(r"\D", "", word)) for word in parts if _DAY.fullmatch(word)]
    if len(months) != 1 or len(years) != 1 or len(months) + len(years) + len(days) != len(parts) or len(days) > 1:
        return None
    return _span(years[0], months[0], days[0] if days else None)


def _read_one(word: str) -> tuple[dt.date, dt.date] | None:
    iso = _ISO_DATE.fullmatch(word)
    if iso:
        return _span(int(iso[1]), int(iso[2]), int(iso[3]) if iso[3] else None)
    return (dt.date(int(word), 1, 1), dt.date(int(word), 12, 31)) if _YEAR.fullmatch(word) else None


def _span(year: int, month: int, day: int | None) -> tuple[dt.date, dt.date] | None:
    try:
        first = dt.date(year, month, day or 1)
    except ValueError:
        return None
    return first, first if day else dt.date(year, month, calendar.monthrange(year, month)[1])


def _build_range(first: dt.date, last: dt.date, rest: str) -> DateRange:
    start = dt.datetime.combine(first, dt.time(), dt.UTC)
    end = dt.datetime.combine(last, dt.time.max, dt.UTC)
    return DateRange(start, end, rest)
