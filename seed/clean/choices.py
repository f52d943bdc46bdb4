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
from directory.geo import Disclosure
from directory.part_labels import KINDS as LABELS
from directory.phrases import KINDS as PHRASES
from directory.records import Audience, MembershipStatus, OrganizationKind, VerificationMethod
from directory.text import fold
from seed.clean.mended import Mended

E = TypeVar("E", bound=StrEnum)
REMEMBERED = 1 << 10  # texts of each

_FILE: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(Path(__file__).with_name("choices.toml").read_text(encoding="utf-8"))
_CHECK_MARKS = frozenset("✓✔☑✅")
_CROSSES = frozenset("✗✘☒❌")


def _by_phrase(choices: type[E], key: str) -> dict[str, E]:
    """The choice by its name and by every phrase of the file."""
    found = {fold(choice.value): choice for choice in choices}
    return found | {phrase: choices(name) for name, phrases in _FILE[key].items() for phrase in phrases}


_OF_KIND = {
    **PHRASES.meanings,
    **_by_phrase(OrganizationKind, "kind"),
    **{fold(label): kind for kind, labels in LABELS.items() for label in labels},
}
_OF_MEMBERSHIP = _by_phrase(MembershipStatus, "membership")
_OF_AUDIENCE = _by_phrase(Audience, "audience")
_OF_DISCLOSURE = _by_phrase(Disclosure, "disclosure")
_OF_METHOD = _by_phrase(VerificationMethod, "verification_method")


@lru_cache(maxsize=REMEMBERED)
def membership(text: str) -> Mended[MembershipStatus]:
    """Also yes, no and check marks, as in a column "Member?". Raises BadInput."""
    if _CHECK_MARKS.intersection(text):
        return Mended(MembershipStatus.ACTIVE)
    if _CROSSES.intersection(text):
        return Mended(MembershipStatus.NONE)
    return Mended(_known(text, _OF_MEMBERSHIP, "A membership is active, prospect, lapsed or none"))


@lru_cache(maxsize=REMEMBERED)
def organization_kind(text: str) -> Mended[OrganizationKind | None]:
    """None for a word that names no kind of organization here, such as "nonprofit", which nearly all are."""
    kind = _OF_KIND.get(fold(text))
    return Mended(kind, () if kind else ("names no kind of organization here, left out",))


@lru_cache(maxsize=REMEMBERED)
def audience(text: str) -> Mended[Audience]:
    """Raises BadInput: whom a record is shown to is not guessed."""
    return Mended(_known(text, _OF_AUDIENCE, "Whom this is shown to is public, members or staff"))


@lru_cache(maxsize=REMEMBERED)
def disclosure(text: str) -> Mended[Disclosure]:
    """Raises BadInput: how much of a place is told is not guessed."""
    sentence = "How much of a place is told is exact, postal code, city, county, state or hidden"
    return Mended(_known(text, _OF_DISCLOSURE, sentence))


@lru_cache(maxsize=REMEMBERED)
def verification_method(text: str) -> Mended[VerificationMethod]:
    """OTHER, told, for a way that is not known here."""
    method = _OF_METHOD.get(fold(text))
    return Mended(method) if method else Mended(VerificationMethod.OTHER, ("another way of verifying",))


def _known(text: str, choices: Mapping[str, E], sentence: str) -> E:
    choice = choices.get(fold(text))
    if choice is None:
        raise BadInput(f"{sentence}; write one of these words.")
    return choice
