"""Choices as people write them, English and Spanish: membership, kind, audience, disclosure, how a record was verified.

A choice about who may see what is never guessed: what is not known here is refused.
"""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from directory.errors import BadInput
from directory.filters.labels import KIND_LABELS as LABELS
from directory.geo import Disclosure
from directory.records import Audience, MembershipStatus, OrganizationKind, VerificationMethod
from directory.text import fold
from directory.understanding.function_words import KIND_PHRASES as PHRASES
from seed.clean.cleaning_log import CleaningResult

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)
CACHE_SIZE = 1 << 10  # texts of each

_FILE: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(Path(__file__).with_name("choices.toml").read_text(encoding="utf-8"))
_CHECK_MARKS = frozenset("✓✔☑✅")
_CROSSES = frozenset("✗✘☒❌")


def _index_by_phrase(choices: type[ChoiceT], key: str) -> dict[str, ChoiceT]:
    """The choice by its name and by every phrase of the file."""
    found = {fold(choice.value): choice for choice in choices}
    return found | {phrase: choices(name) for name, phrases in _FILE[key].items() for phrase in phrases}


_ORGANIZATION_KINDS = {
    **PHRASES.meanings,
    **_index_by_phrase(OrganizationKind, "kind"),
    **{fold(label): kind for kind, labels in LABELS.items() for label in labels},
}
_MEMBERSHIP_STATUSES = _index_by_phrase(MembershipStatus, "membership")
_AUDIENCES = _index_by_phrase(Audience, "audience")
_DISCLOSURES = _index_by_phrase(Disclosure, "disclosure")
_VERIFICATION_METHODS = _index_by_phrase(VerificationMethod, "verification_method")


@lru_cache(maxsize=CACHE_SIZE)
def parse_membership(text: str) -> CleaningResult[MembershipStatus]:
    """Also yes, no and check marks, as in a column "Member?". Raises BadInput."""
    if _CHECK_MARKS.intersection(text):
        return CleaningResult(MembershipStatus.ACTIVE)
    if _CROSSES.intersection(text):
        return CleaningResult(MembershipStatus.NONE)
    return CleaningResult(_require_choice(text, _MEMBERSHIP_STATUSES, "A membership is active, prospect, lapsed or none"))


@lru_cache(maxsize=CACHE_SIZE)
def parse_organization_kind(text: str) -> CleaningResult[OrganizationKind | None]:
    """None for a word that names no kind of organization here, such as "nonprofit", which nearly all are."""
    kind = _ORGANIZATION_KINDS.get(fold(text))
    return CleaningResult(kind, () if kind else ("names no kind of organization here, left out",))


@lru_cache(maxsize=CACHE_SIZE)
def parse_audience(text: str) -> CleaningResult[Audience]:
    """Raises BadInput: whom a record is shown to is not guessed."""
    return CleaningResult(_require_choice(text, _AUDIENCES, "Whom this is shown to is public, members or staff"))


@lru_cache(maxsize=CACHE_SIZE)
def parse_disclosure(text: str) -> CleaningResult[Disclosure]:
    """Raises BadInput: how much of a place is told is not guessed."""
    sentence = "How much of a place is told is exact, postal code, city, county, state or hidden"
    return CleaningResult(_require_choice(text, _DISCLOSURES, sentence))


@lru_cache(maxsize=CACHE_SIZE)
def parse_verification_method(text: str) -> CleaningResult[VerificationMethod]:
    """OTHER, told, for a way that is not known here."""
    method = _VERIFICATION_METHODS.get(fold(text))
    return CleaningResult(method) if method else CleaningResult(VerificationMethod.OTHER, ("another way of verifying",))


def _require_choice(text: str, choices: Mapping[str, ChoiceT], sentence: str) -> ChoiceT:
    choice = choices.get(fold(text))
    if choice is None:
        raise BadInput(f"{sentence}; write one of these words.")
    return choice
