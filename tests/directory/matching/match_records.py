"""Builders of match records. Fields that a test does not set are unknown."""

from typing import Any

from directory.matching.decide import compare_records
from directory.matching.evidence import MatchResult, Verdict
from directory.matching.match_record import MatchAddress, MatchFeatures, MatchRecord, extract_features
from directory.matching.token_frequency import TokenFrequency
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


def compare_both_ways(one: MatchRecord, other: MatchRecord) -> MatchResult:
    """Compare two records in both orders, which must agree."""
    result, reversed_result = compare_records(one, other, TokenFrequency()), compare_records(other, one, TokenFrequency())
    assert (result.verdict, result.score) == (reversed_result.verdict, reversed_result.score)
    assert result.id == other.id
    return result


def decide(one: MatchRecord, other: MatchRecord) -> Verdict:
    return compare_both_ways(one, other).verdict
