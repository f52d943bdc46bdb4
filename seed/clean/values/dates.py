"""Parse dates, datetimes and years in English and Spanish."""

import datetime as dt
import re

from directory.errors import BadInput
from directory.text import fold
from seed.clean.cleaning_log import CleaningResult

FIRST_YEAR, LAST_YEAR = 1600, 2100  # years outside are mistakes
TWO_DIGIT_YEAR_PIVOT = 69  # two-digit years from here on are in the 1900s, as in POSIX
MAX_YEARS_AHEAD = 10
SPREADSHEET_EPOCH = dt.date(1899, 12, 30)  # day 0 of spreadsheets, which treat 1900 as a leap year
SPREADSHEET_DAYS = range(20_000, 60_000)  # 1954 to 2064: five-digit numbers in this range are dates

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
_FIRST_OF_MONTH = "day not stated; first of the month used"
_ONLY_YEAR = "only the year is used"
_INVALID_DATE = "This is not a date; write it as year, month and day, as in 2019-05-31."
_INVALID_YEAR = "This is not a single year; write its four digits, as in 1987."


def parse_date(text: str, today: dt.date | None = None) -> CleaningResult[dt.date]:
    """Return the date. A month or a year becomes its first day, as a repair. Raises BadInput if the text is not a date.

    With `today`, a two-digit year more than MAX_YEARS_AHEAD years ahead is moved to the previous century.
    """
    text = " ".join(text.split())
    parsed = (parse(match) for pattern, parse in _DATE_FORMATS if (match := pattern.fullmatch(text)))
    result = next(parsed, None) or _parse_worded_date(text)
    if today and result.value.year > today.year + MAX_YEARS_AHEAD and _TWO_DIGITS in result.reason:
        earlier = result.value.replace(year=result.value.year - 100)
        return CleaningResult(earlier, (*result.reasons[:-1], f"{_TWO_DIGITS} {earlier.year}"))
    return result


def parse_datetime(text: str) -> CleaningResult[dt.datetime]:
    """Return the datetime in UTC. A date means midnight, and a time without a zone is taken as UTC.

    Raises BadInput if the text is not a date.
    """
    try:
        moment = dt.datetime.fromisoformat(text.strip()) if "T" in text or ":" in text else None
    except ValueError:
        moment = None
    if moment is None:
        date = parse_date(text)
        return CleaningResult(dt.datetime.combine(date.value, dt.time(), dt.UTC), date.reasons)
    if moment.tzinfo is None:
        return CleaningResult(moment.replace(tzinfo=dt.UTC), ("taken as UTC",))
    return CleaningResult(moment.astimezone(dt.UTC))


def parse_year(text: str) -> CleaningResult[int]:
    """Return the year in the text. Raises BadInput if the text has no year, several years, or a decade."""
    text = text.strip()
    years = {int(year) for year in _YEAR.findall(text)}
    if len(years) != 1:
        return _parse_year_of_date(text)
    reasons = []
    if _APPROXIMATELY.search(text):
        reasons.append("approximate year")
    elif not re.fullmatch(r"\d{4}(?:\.0+)?", text):
        reasons.append(_ONLY_YEAR)
    return CleaningResult(years.pop(), tuple(reasons))


def _parse_year_of_date(text: str) -> CleaningResult[int]:
    try:
        if _YEAR.search(text) or not _SLASHED.fullmatch(text):
            raise BadInput(_INVALID_YEAR)
        date = parse_date(text)
    except BadInput as error:
        raise BadInput(_INVALID_YEAR) from error
    return CleaningResult(date.value.year, (_ONLY_YEAR,))


def _parse_worded_date(text: str) -> CleaningResult[dt.date]:
    """Parse a date with the month as a word, in any order: "May 1st, 2019", "1 de mayo de 2019", "Sept. 2019"."""
    all_words = fold(_CLOCK_TIME.sub("", _ORDINAL.sub(r"\1", text))).split()
    words = [word for word in all_words if word not in _FILLER_WORDS]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    if len(months) + len(numbers) != len(words) or len(months) != 1 or not numbers or len(numbers) > 2:
        raise BadInput(_INVALID_DATE)
    if len(numbers) == 1:
        return _build_date(numbers[0], months[0], 1, _FIRST_OF_MONTH)
    first, second = numbers
    day, year = (second, first) if len(first) == 4 else (first, second)
    return _build_date(year, months[0], int(day))


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
    year, month = (match[1], match[2]) if match[1] else (match[4], match[3])
    return _build_date(year, int(month), 1, _FIRST_OF_MONTH)


def _parse_year_only(match: re.Match[str]) -> CleaningResult[dt.date]:
    return _build_date(match[1], 1, 1, "only the year is stated; January 1 used")


def _parse_serial_date(match: re.Match[str]) -> CleaningResult[dt.date]:
    days = int(match[1])
    if days not in SPREADSHEET_DAYS:
        raise BadInput(_INVALID_DATE)
    return CleaningResult(SPREADSHEET_EPOCH + dt.timedelta(days), ("day number of a spreadsheet",))


def _build_date(year: str, month: int, day: int, *reasons: str) -> CleaningResult[dt.date]:
    full = int(year)
    if len(year) == 2:
        full += 1900 if full >= TWO_DIGIT_YEAR_PIVOT else 2000
        reasons = (*reasons, f"{_TWO_DIGITS} {full}")
    if len(year) not in (2, 4) or not FIRST_YEAR <= full <= LAST_YEAR:
        raise BadInput(_INVALID_DATE)
    try:
        return CleaningResult(dt.date(full, month, day), reasons)
    except ValueError as error:
        raise BadInput("This day does not exist; check the day and month, and write it as in 2019-05-31.") from error


_DATE_FORMATS = (  # the first match is used
    (_ISO, _parse_iso_date),
    (_COMPACT, _parse_iso_date),
    (_SLASHED, _parse_slashed_date),
    (_YEAR_AND_MONTH, _parse_year_and_month),
    (re.compile(r"(\d{4})(?:\.0+)?", re.ASCII), _parse_year_only),
    (_SERIAL, _parse_serial_date),
)
