"""Mentions: what the words of a sentence refer to, and where they stand."""

from typing import TypeAlias

from msgspec import Struct

from directory.question import YearRange
from directory.understanding.function_words import PlaceRelation
from directory.understanding.places.phrases import PlaceMeaning
from directory.vocabulary.phrases import Meaning


class TermMention(Struct, frozen=True, kw_only=True):
    """A term, kind or language. `is_excluded`: the sentence asks for organizations without it.

    `is_asker`: it says who the person is or where they work; it counts only if nothing else is asked for.
    """

    start: int
    length: int
    meaning: Meaning
    is_excluded: bool = False
    is_asker: bool = False


class PlaceMention(Struct, frozen=True, kw_only=True):
    """A place and how organizations must be related to it. `radius_km` is set for "within 20 miles of"."""

    start: int
    length: int
    name_length: int  # the tokens at the end that are the name
    meaning: PlaceMeaning
    relation: PlaceRelation
    radius_km: float | None = None
    is_excluded: bool = False


class YearMention(Struct, frozen=True, kw_only=True):
    """The years in which organizations were founded."""

    start: int
    length: int
    years: YearRange


class CoalitionMention(Struct, frozen=True, kw_only=True):
    """The name of a coalition, whose members are asked for."""

    start: int
    length: int
    slug: str


class NationwideMention(Struct, frozen=True, kw_only=True):
    """Words such as "nationwide". `is_excluded`: "not nationwide"."""

    start: int
    length: int
    is_excluded: bool = False


class AnywhereMention(Struct, frozen=True, kw_only=True):
    """Words such as "they can be anywhere": places in the sentence say where the person is."""

    start: int
    length: int


class HereMention(Struct, frozen=True, kw_only=True):
    """Words such as "near us", whose place only the person knows."""

    start: int
    length: int


class UnknownPlaceMention(Struct, frozen=True, kw_only=True):
    """Words after a word like "near" that are not a known place."""

    start: int
    length: int


class QuotedMention(Struct, frozen=True, kw_only=True):
    """Words in quotation marks, which must occur literally."""

    start: int
    length: int


class IgnoredMention(Struct, frozen=True, kw_only=True):
    """Words that must not be searched for. `is_refused`: the person wanted to exclude them, but nothing known has that name."""

    start: int
    length: int
    is_refused: bool = False


Mention: TypeAlias = (
    TermMention
    | PlaceMention
    | YearMention
    | CoalitionMention
    | NationwideMention
    | AnywhereMention
    | HereMention
    | UnknownPlaceMention
    | QuotedMention
    | IgnoredMention
)
