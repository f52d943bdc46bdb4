"""The result of a comparison: a verdict, a score and the evidence for it."""

from enum import StrEnum

from msgspec import Struct


class Verdict(StrEnum):
    SAME = "SAME"
    POSSIBLE = "DOUBTFUL"  # a person has to decide
    DIFFERENT = "DIFFERENT"


class EvidenceKind(StrEnum):
    IDENTIFIER = "IDENTIFIER"
    WEBSITE = "WEBSITE"  # a web address, or its domain
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    NAME = "NAME"
    STREET = "STREET"
    CITY = "CITY"  # a city, a postal code or a state
    BRANCH = "BRANCH"  # one is the other's parent
    FOUNDED = "FOUNDED"  # the years


class Evidence(Struct, frozen=True, gc=False):
    """`detail` says in words what was compared. `points` are positive if it supports the same organization (weights.py)."""

    kind: EvidenceKind
    detail: str
    points: float


class MatchResult(Struct, frozen=True, gc=False):
    """Whether a record is the organization with this `id`. `score` is the sum of the points, limited to 0 to 100."""

    id: str
    verdict: Verdict
    score: float
    evidence: tuple[Evidence, ...]
