"""Days and years as people write them, in English and Spanish."""

import datetime as dt
import re
from functools import lru_cache

from directory.errors import BadInput
from directory.text import fold
from seed.clean.cleaning_log import CleaningResult

CACHE_SIZE = 1 << 13  # cells
FIRST_YEAR, LAST_YEAR = 1600, 2100  # what lies outside is a slip
TWO_DIGIT_YEAR_PIVOT = 69  # two-digit years from here on are of the last century, as in POSIX
MAX_YEARS_AHEAD = 10
SPREADSHEET_EPOCH = dt.date(1899, 12, 30)  # day 0 of spreadsheets, their leap year 1900 counted in
SPREADSHEET_DAYS = range(20_000, 60_000)  # 1954 to 2064: the five-digit numbers that can only be days

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d\d)(?:\s+\d.*)?", re.ASCII)
_YEAR_AND_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})/(\d{4})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(1[6-9]\d\d|20\d\d|2100)(?:\.0+)?(?!\.*\d)(?!s)", re.ASCII)
_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th|º|°|ro|er|do)\b", re.IGNORECASE)
_CLOCK_TIME = re.compile(r"\b\d{1,2}:\d\d.*$")
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
_FILLER_WORDS = frozenset(
    {
        *("of", "the", "de", "del", "el", "since", "desde", "on", "in", "en", "at"),
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        *("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    }
)
_TWO_DIGITS = "two-digit year taken as"
_INVALID_DATE = "This is no date that can be read; write it as year, month and day, as in 2019-05-31."
_INVALID_YEAR = "This is no one year; write its four digits, as in 1987."


@lru_cache(maxsize=CACHE_SIZE)
def parse_date(text: str, today: dt.date | None = None) -> CleaningResult[dt.date]:
    """The day. Where only a month or a year is stated its first day is taken, and that is told. Raises BadInput.

    With `today`, a two-digit year is of the last century where it would lie more than FORWARD years ahead.
    """
    text = " ".join(text.split())
    read = next((read(found) for form, read in _DATE_FORMATS if (found := form.fullmatch(text))), None) or _parse_worded_date(
        text
    )
    if today and read.value.year > today.year + MAX_YEARS_AHEAD and _TWO_DIGITS in read.reason:
        earlier = read.value.replace(year=read.value.year - 100)
        return CleaningResult(earlier, (*read.reasons[:-1], f"{_TWO_DIGITS} {earlier.year}"))
    return read


@lru_cache(maxsize=CACHE_SIZE)
def parse_datetime(text: str) -> CleaningResult[dt.datetime]:
    """The moment in UTC; a day without a clock time is its midnight, one without a zone is taken as UTC. Raises BadInput."""
    try:
        stated = dt.datetime.fromisoformat(text.strip()) if "T" in text or ":" in text else None
    except ValueError:
        stated = None
    if stated is None:
        read = parse_date(text)
        return CleaningResult(dt.datetime.combine(read.value, dt.time(), dt.UTC), read.reasons)
    if stated.tzinfo is None:
        return CleaningResult(stated.replace(tzinfo=dt.UTC), ("taken as UTC",))
    return CleaningResult(stated.astimezone(dt.UTC))


@lru_cache(maxsize=CACHE_SIZE)
def parse_year(text: str) -> CleaningResult[int]:
    """The one year in the text. Raises BadInput where there is none, several, or a decade."""
    text = text.strip()
    years = {int(found) for found in _YEAR.findall(text)}
    if len(years) != 1:
        return _parse_year_of_date(text)
    reasons = []
    if _APPROXIMATELY.search(text):
        reasons.append("stated as about this year")
    elif not re.fullmatch(r"\d{4}(?:\.0+)?", text):
        reasons.append("the year alone is kept")
    return CleaningResult(years.pop(), tuple(reasons))


def _parse_year_of_date(text: str) -> CleaningResult[int]:
    try:
        if _YEAR.search(text) or not _SLASHED.fullmatch(text):
            raise BadInput(_INVALID_YEAR)
        read = parse_date(text)
    except BadInput as refusal:
        raise BadInput(_INVALID_YEAR) from refusal
    return CleaningResult(read.value.year, ("the year alone is kept",))


def _parse_worded_date(text: str) -> CleaningResult[dt.date]:
    """Day, month and year in any order, the month as a word: "May 1st, 2019", "1 de mayo de 2019", "Sept. 2019"; or a year."""
    words = fold(_CLOCK_TIME.sub("", _ORDINAL.sub(r"\1", text))).split()
    told = [word for word in words if word not in _FILLER_WORDS]
    months = [_MONTHS[word] for word in told if word in _MONTHS]
    numbers = [word for word in told if word.isascii() and word.isdigit()]
    if len(months) + len(numbers) != len(told) or len(months) != 1 or not numbers or len(numbers) > 2:
        raise BadInput(_INVALID_DATE)
    if len(numbers) == 1:
        return _build_date(numbers[0], months[0], 1, "the day is not stated; the first of the month taken")
    first, second = numbers
    day_, year_ = (second, first) if len(first) == 4 else (first, second)
    return _build_date(year_, months[0], int(day_))


def _parse_iso_date(match: re.Match[str]) -> CleaningResult[dt.date]:
    return _build_date(match[1], int(match[2]), int(match[3]))


def _parse_slashed_date(match: re.Match[str]) -> CleaningResult[dt.date]:
    first, second = int(match[1]), int(match[2])
    if first > 12:
        return _build_date(match[3], second, first)
    if second > 12 or first == second:
        return _build_date(match[3], first, second)
    return _build_date(match[3], first, second, "read as month/day/year, as in the US")


def _parse_year_and_month(match: re.Match[str]) -> CleaningResult[dt.date]:
    year_, month = (match[1], match[2]) if match[1] else (match[4], match[3])
    return _build_date(year_, int(month), 1, "the day is not stated; the first of the month taken")


def _parse_year_only(match: re.Match[str]) -> CleaningResult[dt.date]:
    return _build_date(match[1], 1, 1, "only the year is stated; its first day taken")


def _parse_serial_date(match: re.Match[str]) -> CleaningResult[dt.date]:
    days = int(match[1])
    if days not in SPREADSHEET_DAYS:
        raise BadInput(_INVALID_DATE)
    return CleaningResult(SPREADSHEET_EPOCH + dt.timedelta(days), ("number of a day in a spreadsheet",))


def _build_date(year: str, month: int, day: int, *reasons: str) -> CleaningResult[dt.date]:
    full = int(year)
    if len(year) == 2:
        full += 1900 if full >= TWO_DIGIT_YEAR_PIVOT else 2000
        reasons = (*reasons, f"{_TWO_DIGITS} {full}")
    if len(year) not in (2, 4) or not FIRST_YEAR <= full <= LAST_YEAR:
        raise BadInput(_INVALID_DATE)
    try:
        return CleaningResult(dt.date(full, month, day), reasons)
    except ValueError as problem:
        raise BadInput("There is no such day; check day and month, and write it as in 2019-05-31.") from problem


_DATE_FORMATS = (  # the first that fits
    (_ISO, _parse_iso_date),
    (_COMPACT, _parse_iso_date),
    (_SLASHED, _parse_slashed_date),
    (_YEAR_AND_MONTH, _parse_year_and_month),
    (re.compile(r"(\d{4})(?:\.0+)?", re.ASCII), _parse_year_only),
    (_SERIAL, _parse_serial_date),
)
