"""Recognize the headings of a table of records that are not organizations, by the field registry of their kind.

There are far fewer fields than for organizations, so a heading alone decides: a field's name, or a phrase of the registry in
English or Spanish, also in both ("Número / Number"), without fillers ("Number of the recommendation") or misspelled.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct
from rapidfuzz import fuzz, process

from directory.fields import Field, Headings
from directory.text import fold
from seed.mapping.heading_meaning import MIN_LEAD, MIN_LENGTH, MIN_PHRASE_RATIO
from seed.mapping.headings import expand_phrases, index_without_fillers, load_heading_vocabulary, remove_words, split_phrases

MAX_HEADING_LENGTH = 100  # characters; a longer text is not a heading

_PARENTHESES = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PARTS = re.compile(r"[/|\n]| [-–—] ")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class ColumnFields(Struct, frozen=True):
    """The fields of a table's columns by position, from 0. `unmapped_headings` are those of the others."""

    fields: Mapping[int, str]
    unmapped_headings: tuple[str, ...]

    @property
    def known_fields(self) -> frozenset[str]:
        return frozenset(self.fields.values())


class KindHeadings:
    """The phrases of one kind. `own_names` are fields that have only their own name as a heading."""

    def __init__(self, fields: Mapping[str, Field], further: Mapping[str, Headings], own_names: Collection[str] = ()) -> None:
        self._own_names = frozenset((*fields, *further, *own_names))
        self._list_fields = frozenset(name for name, field in fields.items() if field.is_list)
        phrases = {**{name: field.headings for name, field in fields.items()}, **further}
        index = {phrase: (name,) for name, headings in phrases.items() for phrase in _list_phrases(headings)}
        self._fields_by_phrase = index
        self._fields_without_fillers = index_without_fillers(index, load_heading_vocabulary().filler_words)

    def map_columns(self, headings: Sequence[str]) -> ColumnFields:
        """Return the fields of the columns. Of several columns with one field the first counts, unless the field is a list."""
        fields: dict[int, str] = {}
        for position, heading in enumerate(headings):
            field = self.find_field(heading)
            if field and (field in self._list_fields or field not in fields.values()):
                fields[position] = field
        return ColumnFields(fields, tuple(heading for position, heading in enumerate(headings) if position not in fields))

    def find_field(self, heading: str) -> str | None:
        """Return the field that a heading means; None if it means none, or several."""
        name = heading.strip()
        if name in self._own_names:
            return name
        if len(name) > MAX_HEADING_LENGTH:
            return None
        parts = [self._find_phrase(part) for part in _PARTS.split(name) if fold(part)]
        if len(parts) > 1 and None not in parts:
            return parts[0] if len(set(parts)) == 1 else None
        return self._find_phrase(name) or self._find_misspelled_phrase(fold(name))

    def _find_phrase(self, heading: str) -> str | None:
        for words in _list_variants(heading):
            if words in self._fields_without_fillers:
                return self._fields_without_fillers[words][0]
        return None

    def _find_misspelled_phrase(self, words: str) -> str | None:
        if len(words) < MIN_LENGTH:
            return None
        similar = process.extract(
            words, list(self._fields_by_phrase), scorer=fuzz.token_sort_ratio, score_cutoff=MIN_PHRASE_RATIO, limit=None
        )
        best = max((score for _, score, _ in similar), default=0)
        fields = {self._fields_by_phrase[phrase][0] for phrase, score, _ in similar if score > best - MIN_LEAD}
        return fields.pop() if len(fields) == 1 else None


def _list_phrases(headings: Headings) -> Iterator[str]:
    yield from expand_phrases((*split_phrases(headings.en), *split_phrases(headings.es), *split_phrases(headings.vague)))


def _list_variants(heading: str) -> Iterator[str]:
    """Yield the folded heading, then without parentheses, then without fillers."""
    yield fold(heading)
    words = fold(_CAMEL.sub(" ", _PARENTHESES.sub(" ", heading)))
    yield words
    yield remove_words(words, load_heading_vocabulary().filler_words)
