"""The words of all organizations of a snapshot, and how a text finds them."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import accumulate
from operator import and_, or_
from typing import TypeAlias

import numpy as np
from pyroaring import BitMap

from directory.records import Organization
from directory.search.analysis import tokens
from directory.search.concepts import Concept, concepts
from directory.search.exact_names import ExactNames
from directory.search.fields import FIELDS, names
from directory.search.lexicon import Lexicon
from directory.search.passages import END, Numbers
from directory.search.postings import Postings
from directory.search.sets import EMPTY
from directory.search.text_match import TextMatch, TextTier
from directory.search.wording import Phrase, Word, Wording, read
from directory.text import fold

__all__ = ["TextMatch", "TextTier", "WordIndex"]

Carriers: TypeAlias = Callable[[str, str], BitMap]
Placed: TypeAlias = Iterable[tuple[int, Organization]]
Terms: TypeAlias = Mapping[Word, set[Concept]]

_THEMES = ("issue_areas", "work_areas")
_COMMUNITIES = ("communities", "languages")


class WordIndex:
    """Which rows hold which words in which field. Immutable."""

    def __init__(self, lexicon: Lexicon, fields: Mapping[str, Postings], exact: ExactNames) -> None:
        self._lexicon = lexicon
        self._fields = fields
        self._exact = exact

    @classmethod
    def build(cls, rows: Placed) -> "WordIndex":
        """Of organizations with their rows, in any order."""
        placed = sorted(rows, key=lambda entry: entry[0])
        numbers = _Numbers()
        texts = {field: _Column(numbers) for field in FIELDS}
        for _, organization in placed:
            for field, passages in FIELDS.items():
                texts[field].append(passages(organization))
        concepts()  # built here, so that the first question does not wait for it
        row_numbers = [row for row, _ in placed]
        fields = {field: Postings.of(row_numbers, text.lengths, text.tokens, len(numbers)) for field, text in texts.items()}
        return cls(Lexicon.of(list(numbers)), fields, ExactNames.of(_bearers(placed)))

    def changed(self, removed: Sequence[tuple[int, Organization]], added: Sequence[tuple[int, Organization]]) -> "WordIndex":
        """The index without the one and with the other; a row may be in both. This one stays as it is."""
        before = {field: [(row, _split(passages(one))) for row, one in removed] for field, passages in FIELDS.items()}
        after = {field: [(row, _split(passages(one))) for row, one in added] for field, passages in FIELDS.items()}
        occurring = (word for texts in (*before.values(), *after.values()) for _, text in texts for word in text)
        numbers = {word: self._lexicon.number(word) for word in dict.fromkeys(occurring) if word is not None}
        lexicon = self._lexicon.extended([word for word, number in numbers.items() if number is None])
        known: dict[str | None, int] = {word: n for word in numbers if (n := lexicon.number(word)) is not None} | {None: END}
        fields = {
            field: postings.changed(_numbered(before[field], known), _numbered(after[field], known))
            for field, postings in self._fields.items()
        }
        return WordIndex(lexicon, fields, self._exact.changed(_bearers(removed), _bearers(added)))

    def match(self, text: str, carriers: Carriers) -> TextMatch | None:
        """What the text finds; None for a text without any word. `carriers` gives the rows that carry a term or a narrower one.

        Typos are forgiven when nothing at all is found without. Raises BadInput for too many words or quoted phrases.
        """
        wording = read(text)
        if wording is None:
            return None
        found = self._found(wording, carriers)
        forgiving = None if found.rows else wording.forgiving()
        return self._found(forgiving, carriers) if forgiving else found

    def _found(self, wording: Wording, carriers: Carriers) -> TextMatch:
        terms: dict[Word, set[Concept]] = {}
        for run in wording.runs:
            for word, reached in concepts().reached(run).items():
                terms.setdefault(word, set()).update(reached)
        ladders = [self._ladder(part, terms, carriers) for part in wording.required]
        tiers = [reduce(and_, rungs) for rungs in zip(*ladders, strict=True)]
        exact = self._exact.bearers(wording.folded)
        return TextMatch(wording, [exact, *(rows | exact for rows in tiers)], [rungs[0] for rungs in ladders], terms)

    def _ladder(self, part: Word | Phrase, terms: Terms, carriers: Carriers) -> list[BitMap]:
        """The rows that a part matches, by how far one looks: into names, and themes, and places and communities ..."""
        if isinstance(part, Phrase):
            numbers = [self._lexicon.number(word) for word in part.words]
            known = [number for number in numbers if number is not None]
            fields = {field: postings.phrase(known) for field, postings in self._fields.items()} if known == numbers else {}
        else:
            accepted = self._lexicon.accepted(part)
            fields = {field: postings.any(accepted) for field, postings in self._fields.items()}
        reached = terms.get(part, set()) if isinstance(part, Word) else set()
        rungs = (
            fields.get("names", EMPTY),
            _carrying(reached, _THEMES, carriers),
            fields.get("places", EMPTY) | _carrying(reached, _COMMUNITIES, carriers),
            fields.get("summary", EMPTY),
            fields.get("description", EMPTY),
        )
        return list(accumulate(rungs, or_))


class _Numbers(dict[str, int]):
    """Numbers words from 0 in the order in which they are met."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class _Column:
    """One field of all rows while an index is built: the numbers of its words, END behind each passage."""

    def __init__(self, numbers: _Numbers) -> None:
        self._numbers = numbers
        self.tokens = array("I")
        self.lengths: list[int] = []

    def append(self, passages: Iterable[str]) -> None:
        start = len(self.tokens)
        for passage in passages:
            self.tokens.extend([self._numbers[word] for word in tokens(passage)])
            self.tokens.append(END)
        self.lengths.append(len(self.tokens) - start)


def _bearers(placed: Placed) -> Iterator[tuple[int, list[str]]]:
    return ((row, [fold(name) for name in names(organization)]) for row, organization in placed)


def _split(passages: Iterable[str]) -> list[str | None]:
    """The words of the passages, None behind each passage."""
    return [word for passage in passages for word in (*tokens(passage), None)]


def _numbered(texts: Iterable[tuple[int, list[str | None]]], numbers: Mapping[str | None, int]) -> dict[int, Numbers]:
    return {row: np.array([numbers[word] for word in text], np.uint32) for row, text in texts}


def _carrying(terms: Iterable[Concept], facets: Sequence[str], carriers: Carriers) -> BitMap:
    """The rows that carry one of those terms that belong to the facets."""
    found = [carriers(facet, slug) for facet, slug in sorted(terms) if facet in facets]
    if len(found) == 1:
        return found[0]
    return BitMap.union(*found) if found else EMPTY
