"""Months of a calendar: the one that an address names, its neighbors, and the moments that may lie in it somewhere on Earth."""

import re
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from directory.kinds.event import EARLIEST_YEAR, LATEST_YEAR

EARLIEST_OFFSET, LATEST_OFFSET = timedelta(hours=14), timedelta(hours=12)  # by which days begin before and end after those of UTC
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class Month(Struct, frozen=True, order=True):
    year: int
    number: int  # 1 to 12

    @classmethod
    def parse(cls, text: str) -> "Month | None":
        """Return the month of "2026-11"; None for anything else, and for years in which there are no events."""
        match = _MONTH.fullmatch(text)
        year, number = (int(match[1]), int(match[2])) if match else (0, 0)
        return cls(year, number) if EARLIEST_YEAR <= year <= LATEST_YEAR and 1 <= number <= 12 else None

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return self.shift(1).first_day - timedelta(days=1)

    @property
    def start(self) -> datetime:
        """The moment at which the month begins where it begins first."""
        return _at_midnight(self.first_day) - EARLIEST_OFFSET

    @property
    def end(self) -> datetime:
        """The moment at which the month ends where it ends last."""
        return _at_midnight(self.shift(1).first_day) + LATEST_OFFSET

    def shift(self, count: int) -> "Month":
        years, index = divmod(self.year * 12 + self.number - 1 + count, 12)
        return Month(years, index + 1)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


def _at_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
