"""What a comparison comes to: a verdict, and the evidence for it in words and numbers."""

from enum import StrEnum

from msgspec import Struct


class Verdict(StrEnum):
    SAME = "SAME"
    POSSIBLE = "DOUBTFUL"  # for a person to settle
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


class Evidence(Struct, frozen=True, gc=False):
    """`detail` tells a person what was compared; `points` are above 0 where it speaks for the same organization (weights.py)."""

    kind: EvidenceKind
    detail: str
    points: float


class MatchResult(Struct, frozen=True, gc=False):
    """Whether a party is the organization with this `id`. `score`, 0 to 100, is the points of the evidence added up."""

    id: str
    verdict: Verdict
    score: float
    evidence: tuple[Evidence, ...]
