"""Days and years as people write them, in English and Spanish."""

import datetime as dt
import re
from functools import lru_cache

from directory.errors import BadInput
from directory.text import fold
from seed.clean.mended import Mended

REMEMBERED = 1 << 13  # cells
FIRST_YEAR, LAST_YEAR = 1600, 2100  # what lies outside is a slip
PIVOT = 69  # two-digit years from here on are of the last century, as in POSIX
FORWARD = 10
EXCEL_ZERO = dt.date(1899, 12, 30)  # day 0 of spreadsheets, their leap year 1900 counted in
EXCEL_DAYS = range(20_000, 60_000)  # 1954 to 2064: the five-digit numbers that can only be days

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d\d)(?:\s+\d.*)?", re.ASCII)
_MONTH_OF = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})/(\d{4})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d|2100)(?:\.0+)?(?!\.*\d)(?!s)", re.ASCII)
_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th|º|°|ro|er|do)\b", re.IGNORECASE)
_CLOCK = re.compile(r"\b\d{1,2}:\d\d.*$")
_APPROXIMATELY = re.compile(r"\b(?:c|ca|circa|about|approx\w*|around|aprox\w*|alrededor|hacia)\b|[?~]", re.IGNORECASE)
_MONTH_NAMES = (
    "january jan enero ene",
    "february feb febrero",
    "march mar marzo",
    "april apr abril abr",
    "may mayo",
    "june jun junio",
    "july jul julio",
    "august aug agosto ago",
    "september sept sep septiembre setiembre set",
    "october oct octubre",
    "november nov noviembre",
    "december dec diciembre dic",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_FILLERS = frozenset(
    {
        *("of", "the", "de", "del", "el", "since", "desde", "on", "in", "en", "at"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        *("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    }
)
_TWO_DIGITS = "two-digit year taken as"
_NO_DATE = "This is no date that can be read; write it as year, month and day, as in 2019-05-31."
_NO_YEAR = "This is no one year; write its four digits, as in 1987."


@lru_cache(maxsize=REMEMBERED)
def day(text: str, today: dt.date | None = None) -> Mended[dt.date]:
    """The day. Where only a month or a year is stated its first day is taken, and that is told. Raises BadInput.

    With `today`, a two-digit year is of the last century where it would lie more than FORWARD years ahead.
    """
    text = " ".join(text.split())
    read = next((read(found) for form, read in _FORMS if (found := form.fullmatch(text))), None) or _in_words(text)
    if today and read.value.year > today.year + FORWARD and _TWO_DIGITS in read.reason:
        earlier = read.value.replace(year=read.value.year - 100)
        return Mended(earlier, (*read.reasons[:-1], f"{_TWO_DIGITS} {earlier.year}"))
    return read


@lru_cache(maxsize=REMEMBERED)
def moment(text: str) -> Mended[dt.datetime]:
    """The moment in UTC; a day without a clock time is its midnight, one without a zone is taken as UTC. Raises BadInput."""
    try:
        stated = dt.datetime.fromisoformat(text.strip()) if "T" in text or ":" in text else None
    except ValueError:
        stated = None
    if stated is None:
        read = day(text)
        return Mended(dt.datetime.combine(read.value, dt.time(), dt.UTC), read.reasons)
    if stated.tzinfo is None:
        return Mended(stated.replace(tzinfo=dt.UTC), ("taken as UTC",))
    return Mended(stated.astimezone(dt.UTC))


@lru_cache(maxsize=REMEMBERED)
def year(text: str) -> Mended[int]:
    """The one year in the text. Raises BadInput where there is none, several, or a decade."""
    text = text.strip()
    years = {int(found) for found in _YEAR.findall(text)}
    if len(years) != 1:
        return _year_of_a_day(text)
    reasons = []
    if _APPROXIMATELY.search(text):
        reasons.append("stated as about this year")
    elif not re.fullmatch(r"\d{4}(?:\.0+)?", text):
        reasons.append("the year alone is kept")
    return Mended(years.pop(), tuple(reasons))


def _year_of_a_day(text: str) -> Mended[int]:
    try:
        if _YEAR.search(text) or not _SLASHED.fullmatch(text):
            raise BadInput(_NO_YEAR)
        read = day(text)
    except BadInput as refusal:
        raise BadInput(_NO_YEAR) from refusal
    return Mended(read.value.year, ("the year alone is kept",))


def _in_words(text: str) -> Mended[dt.date]:
    """Day, month and year in any order, the month as a word: "May 1st, 2019", "1 de mayo de 2019", "Sept. 2019"; or a year."""
    words = fold(_CLOCK.sub("", _ORDINAL.sub(r"\1", text))).split()
    told = [word for word in words if word not in _FILLERS]
    months = [_MONTHS[word] for word in told if word in _MONTHS]
    numbers = [word for word in told if word.isascii() and word.isdigit()]
    if len(months) + len(numbers) != len(told) or len(months) != 1 or not numbers or len(numbers) > 2:
        raise BadInput(_NO_DATE)
    if len(numbers) == 1:
        return _date(numbers[0], months[0], 1, "the day is not stated; the first of the month taken")
    first, second = numbers
    day_, year_ = (second, first) if len(first) == 4 else (first, second)
    return _date(year_, months[0], int(day_))


def _iso(found: re.Match[str]) -> Mended[dt.date]:
    return _date(found[1], int(found[2]), int(found[3]))


def _slashed(found: re.Match[str]) -> Mended[dt.date]:
    first, second = int(found[1]), int(found[2])
    if first > 12:
        return _date(found[3], second, first)
    if second > 12 or first == second:
        return _date(found[3], first, second)
    return _date(found[3], first, second, "read as month/day/year, as in the US")


def _month_of(found: re.Match[str]) -> Mended[dt.date]:
    year_, month = (found[1], found[2]) if found[1] else (found[4], found[3])
    return _date(year_, int(month), 1, "the day is not stated; the first of the month taken")


def _year_alone(found: re.Match[str]) -> Mended[dt.date]:
    return _date(found[1], 1, 1, "only the year is stated; its first day taken")


def _serial(found: re.Match[str]) -> Mended[dt.date]:
    days = int(found[1])
    if days not in EXCEL_DAYS:
        raise BadInput(_NO_DATE)
    return Mended(EXCEL_ZERO + dt.timedelta(days), ("number of a day in a spreadsheet",))


def _date(year: str, month: int, day: int, *reasons: str) -> Mended[dt.date]:
    full = int(year)
    if len(year) == 2:
        full += 1900 if full >= PIVOT else 2000
        reasons = (*reasons, f"{_TWO_DIGITS} {full}")
    if len(year) not in (2, 4) or not FIRST_YEAR <= full <= LAST_YEAR:
        raise BadInput(_NO_DATE)
    try:
        return Mended(dt.date(full, month, day), reasons)
    except ValueError as problem:
        raise BadInput("There is no such day; check day and month, and write it as in 2019-05-31.") from problem


_FORMS = (  # the first that fits
    (_ISO, _iso),
    (_COMPACT, _iso),
    (_SLASHED, _slashed),
    (_MONTH_OF, _month_of),
    (re.compile(r"(\d{4})(?:\.0+)?", re.ASCII), _year_alone),
    (_SERIAL, _serial),
)
