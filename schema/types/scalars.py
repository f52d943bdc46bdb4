"""The scalars DateTime, Date and URL."""

import datetime as dt
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

URL = NewType("URL", str)


def _parse_date(value: Any) -> dt.date:
    try:
        date = dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        date = None
    if date is None or date.isoformat() != value:  # fromisoformat also takes 20260131 and 2026-W05-6
        raise GraphQLError(f"{str(value)[:40]!r} is not a Date. Write it like 2026-01-31.")
    return date


def _parse_datetime(value: Any) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None or "T" not in value.upper():
        raise GraphQLError(f"{str(value)[:40]!r} is not a DateTime. Write it with an offset, like 2026-01-31T12:00:00Z.")
    return moment


def _parse_url(value: Any) -> URL:
    if not (isinstance(value, str) and value.startswith(("http://", "https://"))):
        raise GraphQLError(f"{str(value)[:40]!r} is not a URL. It must start with http:// or https://.")
    return URL(value)


def _format_datetime(moment: dt.datetime) -> str:
    utc = moment if moment.tzinfo is dt.UTC else moment.astimezone(dt.UTC)
    return utc.isoformat()[: -len("+00:00")] + "Z"


SCALARS: dict[object, ScalarDefinition] = {
    dt.datetime: strawberry.scalar(
        name="DateTime",
        description="A date and time in UTC, such as 2026-01-31T12:00:00Z.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=_format_datetime,
        parse_value=_parse_datetime,
    ),
    dt.date: strawberry.scalar(
        name="Date",
        description="A calendar date, such as 2026-01-31.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date",
        serialize=dt.date.isoformat,
        parse_value=_parse_date,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="A web address that starts with http:// or https://.",
        serialize=str,
        parse_value=_parse_url,
    ),
}
