"""Recognize rows about people. Contact exports have a column that marks individuals and households."""

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from directory.errors import BadInput
from directory.text import fold

MAX_LENGTH = 100  # characters of a heading or value; longer texts are ignored
CACHE_SIZE = 1 << 10  # headings and values

_NO_HEADING = re.compile(r"column \d+")  # the name that seed/mapping/headings.py gives to a column without a heading
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class _ContactTypeWords(Struct, frozen=True, forbid_unknown_fields=True):
    type_words: frozenset[str]
    subject_words: frozenset[str]
    other_words: frozenset[str]
    unclear: frozenset[str]
    organization_words: frozenset[str]
    yes_or_no: frozenset[str]
    yes: frozenset[str]
    no_or_yes: frozenset[str]
    no: frozenset[str]
    people: frozenset[str]
    unclear_people: frozenset[str]
    organizations: frozenset[str]


_WORDS = msgspec.convert(tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")), _ContactTypeWords)


def find_person_type(cells: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the heading and value that mark the row as an individual or a household; None if there is none.

    `cells` holds all cells of the row by heading, including columns that are not imported.
    """
    return next(((heading, value) for heading, value in cells.items() if _describes_person(heading, value)), None)


def says_organization(cells: Mapping[str, str]) -> bool:
    """Return whether a contact type of the row says that it is an organization, and none says otherwise."""
    typed = [
        value for heading, value in cells.items() if len(heading) <= MAX_LENGTH and _is_contact_type(_normalize_heading(heading))
    ]
    words = [frozenset(fold(value.replace("_", " ")).split()) for value in typed if len(value) <= MAX_LENGTH]
    return any(not _WORDS.organizations.isdisjoint(one) for one in words) and find_person_type(cells) is None


def build_person_error(heading: str, value: str) -> BadInput:
    """Return the error for a row about a person or household."""
    return BadInput(
        f'Column "{heading}" says "{value}": the row is about a person or household, and the directory lists organizations only.'
        " Delete the row, or correct that column if the row is an organization."
    )


def _describes_person(heading: str, value: str) -> bool:
    if not value or len(heading) > MAX_LENGTH or len(value) > MAX_LENGTH:
        return False
    words = _normalize_heading(heading)
    if words in _WORDS.yes_or_no:
        return fold(value) in _WORDS.yes
    if words in _WORDS.no_or_yes:
        return fold(value) in _WORDS.no
    if _is_contact_type(words):
        return _is_person(value)
    return _is_ambiguous_heading(words) and bool(fold(value)) and _WORDS.people.issuperset(fold(value.replace("_", " ")).split())


@lru_cache(maxsize=CACHE_SIZE)
def _normalize_heading(heading: str) -> str:
    return fold(_CAMEL.sub(" ", heading.replace("_", " ")))


@lru_cache(maxsize=CACHE_SIZE)
def _is_contact_type(heading: str) -> bool:
    words = frozenset(heading.split())
    return bool(words & _WORDS.type_words and words & _WORDS.subject_words) and not words & _WORDS.other_words


@lru_cache(maxsize=CACHE_SIZE)
def _is_ambiguous_heading(heading: str) -> bool:
    words = frozenset(heading.split())
    if heading in _WORDS.unclear or _NO_HEADING.fullmatch(heading):
        return True
    also_says_people = bool(words & _WORDS.people) and not words & _WORDS.other_words  # "Individual or Organization"
    return bool(words & _WORDS.organization_words) and (also_says_people or bool(words & _WORDS.type_words))


@lru_cache(maxsize=CACHE_SIZE)
def _is_person(value: str) -> bool:
    words = frozenset(fold(value.replace("_", " ")).split())
    if words & _WORDS.people:
        return True
    return bool(words & _WORDS.unclear_people) and not words & _WORDS.organizations
