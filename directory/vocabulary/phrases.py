"""Everyday phrases and the terms they lead to: data/phrases_en.toml and data/phrases_es.toml.

A phrase leads to one meaning, or is marked as ambiguous. A meaning is one term, or several of which one must hold.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NoReturn, TypeAlias

import msgspec
from msgspec import Struct

from directory.errors import BadInput
from directory.text import fold
from directory.vocabulary.choices import OrganizationKind
from directory.vocabulary.terms import COMMUNITIES, DATA, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary

KINDS_FACET = "kinds"
Choice: TypeAlias = tuple[str, str]
"""A facet and a value in it: ("issue_areas", "housing"), ("kinds", "UNION"), ("languages", "es")."""

_FACETS: dict[str, tuple[str, Vocabulary]] = {
    "issueAreas": ("issue_areas", ISSUE_AREAS),
    "communities": ("communities", COMMUNITIES),
    "workAreas": ("work_areas", WORK_AREAS),
    "languages": ("languages", LANGUAGES),
}


class Meaning(Struct, frozen=True):
    """What a phrase means: one of `choices` must hold; () for a phrase that says nothing.

    `is_ambiguous`: the choices are different matters, not one matter.
    """

    choices: tuple[Choice, ...]
    is_ambiguous: bool = False


class _PhraseRow(Struct, frozen=True, forbid_unknown_fields=True):
    means: tuple[str, ...]
    words: tuple[str, ...]


class _AmbiguousRow(Struct, frozen=True, forbid_unknown_fields=True):
    may_mean: tuple[str, ...]
    words: tuple[str, ...]


class _MeaninglessRow(Struct, frozen=True, forbid_unknown_fields=True):
    words: tuple[str, ...]


class _PhraseFile(Struct, frozen=True, forbid_unknown_fields=True):
    phrases: tuple[_PhraseRow, ...] = ()
    ambiguous: tuple[_AmbiguousRow, ...] = ()
    meaningless: tuple[_MeaninglessRow, ...] = ()  # phrases whose words would mislead: "in case", "after school"


def load_phrases(path: Path) -> Iterator[tuple[str, Meaning]]:
    """Yield each phrase of a file as written, with its meaning.

    Raises BadInput for a file of another form, an unknown term, or a phrase without a letter or digit.
    """
    try:
        file = msgspec.toml.decode(path.read_bytes(), type=_PhraseFile)
    except (msgspec.MsgspecError, ValueError) as problem:
        raise BadInput(f"{path.name} is not a valid phrase file: {problem}.", file=path.name) from problem
    for row in file.phrases:
        meaning = Meaning(tuple(_parse_choice(path, text) for text in row.means))
        yield from ((_check_phrase(path, phrase), meaning) for phrase in row.words)
    for row_without_meaning in file.meaningless:
        yield from ((_check_phrase(path, phrase), Meaning(())) for phrase in row_without_meaning.words)
    for other in file.ambiguous:
        meaning = Meaning(tuple(_parse_choice(path, text) for text in other.may_mean), is_ambiguous=True)
        yield from ((_check_phrase(path, phrase), meaning) for phrase in other.words)


@cache
def load_everyday_phrases(language: str) -> tuple[tuple[str, Meaning], ...]:
    """Return the phrases of a language, "en" or "es", as `load_phrases` yields them."""
    return tuple(load_phrases(DATA / f"phrases_{language}.toml"))


def _parse_choice(path: Path, text: str) -> Choice:
    name, _, value = text.partition(":")
    if name == KINDS_FACET and value in OrganizationKind.__members__:
        return KINDS_FACET, value
    if name in _FACETS and value in _FACETS[name][1]:
        return _FACETS[name][0], value
    return _refuse(path, text, "is not a term or kind")


def _check_phrase(path: Path, phrase: str) -> str:
    return phrase if fold(phrase) else _refuse(path, phrase, "has no letter or digit")


def _refuse(path: Path, text: str, problem: str) -> NoReturn:
    raise BadInput(f'{path.name}: "{text}" {problem}.', file=path.name, value=text)
