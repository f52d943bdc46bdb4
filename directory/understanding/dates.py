"""Find the days that words name: "in March 2021", "17 de marzo de 2021", "2021-03-17", "since 2021", "antes de marzo de 2021".

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
SINCE_WORDS = frozenset(("since", "from", "desde"))  # the date begins the time asked for
UNTIL_WORDS = frozenset(("until", "till", "through", "hasta"))  # the date ends it
AFTER_WORDS = frozenset(("after", "despues"))
BEFORE_WORDS = frozenset(("before", "antes"))
_LIMITING_WORDS = SINCE_WORDS | UNTIL_WORDS | AFTER_WORDS | BEFORE_WORDS
EVENT_WORDS = frozenset(("event", "events", "evento", "eventos"))
MOMENT = dt.timedelta(microseconds=1)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?", re.ASCII)
_ISO_DATE = re.compile(r"((?:19|20)\d\d)-(\d\d)(?:-(\d\d))?", re.ASCII)


class DateRange(Struct, frozen=True):
    """The first and the last moment that words name, in UTC, and the other words. None if there is no limit on that side."""

    first: dt.datetime | None
    last: dt.datetime | None
    rest: str


def find_dates(text: str) -> DateRange | None:
    """Return the first date in a text; None if there is none. Small words before it belong to it."""
    words = text.split()
    folded = [fold(word) if not _ISO_DATE.fullmatch(word.strip(",.")) else word.strip(",.") for word in words]
    for at in range(len(words)):
        for length in range(min(6, len(words) - at), 0, -1):
            days = _read_days(folded[at : at + length])
            if days is not None:
                start, limit = _find_limit(folded, at)
                return _build_range(*days, limit, " ".join((*words[:start], *words[at + length :])))
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


def _find_limit(words: Sequence[str], at: int) -> tuple[int, str | None]:
    """Return where the small words before a date begin, and the one among them that limits the time on one side."""
    start = at - 1 if at and words[at - 1] in JOINING_WORDS else at
    limit = words[start - 1] if start and words[start - 1] in _LIMITING_WORDS else None
    return (start if limit is None else start - 1), limit


def _build_range(first: dt.date, last: dt.date, limit: str | None, rest: str) -> DateRange:
    start, end = dt.datetime.combine(first, dt.time(), dt.UTC), dt.datetime.combine(last, dt.time.max, dt.UTC)
    if limit in SINCE_WORDS:
        return DateRange(start, None, rest)
    if limit in UNTIL_WORDS:
        return DateRange(None, end, rest)
    if limit in AFTER_WORDS:
        return DateRange(end + MOMENT, None, rest)
    return DateRange(None, start - MOMENT, rest) if limit in BEFORE_WORDS else DateRange(start, end, rest)
