"""Builders of match records. Fields that a test does not set are unknown."""

from typing import Any

from directory.matching.match_record import MatchAddress, MatchFeatures, MatchRecord, extract_features
from directory.records import Identifier


def a_record(name: str, *places: MatchAddress, id: str = "one", **fields: Any) -> MatchRecord:
    return MatchRecord(id, name, addresses=places, **fields)


def some_features(name: str, *places: MatchAddress, **fields: Any) -> MatchFeatures:
    return extract_features(a_record(name, *places, **fields))


def an_address(
    street: str | None = None, city: str | None = "Macon", state: str | None = "US-GA", code: str | None = None
) -> MatchAddress:
    return MatchAddress(street, city, state, code, "US")


def ein(value: str) -> tuple[Identifier, ...]:
    return (Identifier("US-EIN", value),)
