"""The scalars DateTime, Date and URL: parsing and serialization."""

import datetime as dt
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLScalarType

from schema.schema import SCHEMA


def scalar(name: str) -> GraphQLScalarType:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLScalarType)
    return kind


@pytest.mark.parametrize("text", ["2026-01-31T12:00:00Z", "2026-01-31t12:00:00+00:00", "2026-01-31T14:00:00+02:00"])
def test_a_moment_is_read_with_its_offset_and_written_in_utc(text: str) -> None:
    moment = scalar("DateTime").parse_value(text)
    assert moment == dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
    assert scalar("DateTime").serialize(moment) == "2026-01-31T12:00:00Z"


def test_a_day_and_an_address_stay_as_they_are() -> None:
    assert scalar("Date").serialize(scalar("Date").parse_value("2026-01-31")) == "2026-01-31"
    for address in ("https://harbor.example/", "http://harbor.example/a?b=c"):
        assert scalar("URL").serialize(scalar("URL").parse_value(address)) == address


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DateTime", "2026-01-31T12:00:00"),  # no time zone
        ("DateTime", "2026-01-31 12:00:00Z"),
        ("DateTime", "2026-01-31"),
        ("DateTime", "yesterday"),
        ("DateTime", 1769860800),
        ("Date", "20260131"),
        ("Date", "2026-W05-6"),
        ("Date", "2026-02-30"),
        ("Date", None),
        ("URL", "harbor.example"),
        ("URL", "javascript:alert(1)"),
        ("URL", "ftp://harbor.example/"),
        ("URL", 7),
    ],
)
def test_an_invalid_value_is_refused_with_a_message(name: str, value: Any) -> None:
    with pytest.raises(GraphQLError, match=r"is not a "):
        scalar(name).parse_value(value)


def test_an_error_repeats_only_the_beginning_of_the_value() -> None:
    with pytest.raises(GraphQLError) as refusal:
        scalar("URL").parse_value("x" * 10_000)
    assert len(refusal.value.message) < 120
