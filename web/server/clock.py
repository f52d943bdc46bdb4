"""The wall clock, as the default for functions that take a clock as an argument."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
