"""The words of all organizations of a snapshot, and how a text finds them."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import accumulate
from operator import and_, or_
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.records import Organization
from directory.search.concepts import Concept, concepts
from directory.search.exact_names import Bearers, ExactNames
from directory.search.fields import FIELDS
from directory.search.lexicon import Lexicon
from directory.search.passages import END, Numbers
from directory.search.postings import Postings
from directory.search.sets import EMPTY
from directory.search.text_match import TextMatch, TextTier
from directory.search.typos import forgivable
from directory.search.wording import Phrase, Word, Wording, read

__all__ = ["TextMatch", "TextTier", "WordIndex"]

Carriers: TypeAlias = Callable[[str, str], BitMap]
Placed: TypeAlias = Iterable[tuple[int, Organization]]
Folded: TypeAlias = dict[str, list[str]]  # by field: its passages
Fields: TypeAlias = dict[str, BitMap]  # by field: the rows that hold a word or phrase there

FORGIVEN = 3  # words of a name; each is looked for among all words there are
_THEMES = ("issue_areas", "work_areas")
_COMMUNITIES = ("communities", "languages")


class LookedUp(Struct):
    """What was looked up of the words and quoted phrases of one or several texts."""

    fields: dict[Word | Phrase, Fields] = {}
    concepts: dict[Word, list[int]] = {}


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
        columns = {field: _Column(numbers) for field in FIELDS}
        bearers = Bearers()
        for row, organization in placed:
            folded = _folded(organization)
            bearers.add(row, folded["names"])
            for field, passages in folded.items():
                columns[field].append(passages)
        concepts()  # built here, so that the first question does not wait for it
        row_numbers = [row for row, _ in placed]
        fields = {field: Postings.of(row_numbers, each.lengths, each.tokens, len(numbers)) for field, each in columns.items()}
        return cls(Lexicon.of(list(numbers)), fields, ExactNames.of(bearers))

    def changed(self, removed: Sequence[tuple[int, Organization]], added: Sequence[tuple[int, Organization]]) -> "WordIndex":
        """The index without the one and with the other; a row may be in both. This one stays as it is."""
        before, after = [(row, _folded(one)) for row, one in removed], [(row, _folded(one)) for row, one in added]
        occurring = (word for _, one in before + after for passages in one.values() for text in passages for word in text.split())
        known = {word: self._lexicon.number(word) for word in dict.fromkeys(occurring)}
        new = [word for word, number in known.items() if number is None]
        numbers = {word: number for word, number in known.items() if number is not None}
        numbers.update((word, number) for number, word in enumerate(new, len(self._lexicon)))
        fields = {
            field: postings.changed(_numbered(before, field, numbers), _numbered(after, field, numbers))
            for field, postings in self._fields.items()
        }
        return WordIndex(self._lexicon.extended(new), fields, self._exact.changed(_bearers(before), _bearers(after)))

    def match(self, text: str, carriers: Carriers, looked_up: LookedUp | None = None) -> TextMatch | None:
        """What the text finds; None for a text without any word. `carriers` gives the rows that carry a term or a narrower one.

        Typos are forgiven when nothing at all is found without. Raises BadInput for too many words or quoted phrases.
        `looked_up` holds the words of other texts, and takes those of this one: for texts that share most of their words.
        """
        wording = read(text)
        if wording is None:
            return None
        looked_up = LookedUp() if looked_up is None else looked_up
        found = self._found(wording, looked_up, carriers)
        forgiving = None if found.rows else wording.forgiving()
        return self._found(forgiving, looked_up, carriers) if forgiving else found

    def named(self, words: Iterable[str]) -> list[BitMap]:
        """For each folded word that is in anybody's names the rows that have it there, fewest first.

        Words of one stem are the same word. Of words that no name has, the first FORGIVEN may be one typo apart.
        """
        found = {word: self._names_with(Word(word)) for word in words}
        strange = [word for word, rows in found.items() if not rows and forgivable(word)]
        found |= {word: self._names_with(Word(word, forgiving=True)) for word in strange[:FORGIVEN]}
        return sorted(filter(None, found.values()), key=len)

    def _names_with(self, word: Word) -> BitMap:
        return self._fields["names"].any(self._lexicon.accepted(word))

    def _found(self, wording: Wording, looked_up: LookedUp, carriers: Carriers) -> TextMatch:
        terms: dict[Word, set[Concept]] = {}
        for run in wording.runs:
            for word, reached in concepts().reached(run, looked_up.concepts).items():
                terms.setdefault(word, set()).update(reached)
        exact = self._exact.bearers(wording.folded)
        ladders = list(self._ladders(wording, terms, looked_up, carriers))
        if len(ladders) < len(wording.required):
            return TextMatch(wording, [exact] * len(TextTier), [EMPTY] * len(wording.required), terms)
        tiers = [reduce(and_, rungs) for rungs in zip(*ladders, strict=True)]
        return TextMatch(wording, [exact, *(rows | exact for rows in tiers)], [rungs[0] for rungs in ladders], terms)

    def _ladders(
        self, wording: Wording, terms: Mapping[Word, set[Concept]], looked_up: LookedUp, carriers: Carriers
    ) -> Iterator[list[BitMap]]:
        """Of each required part; ends as soon as nobody can have all parts."""
        common: BitMap | None = None
        for part in wording.required:
            ladder = _ladder(self._holding(part, looked_up), terms.get(part, ()) if isinstance(part, Word) else (), carriers)
            common = ladder[-1] if common is None else common & ladder[-1]
            if not common:
                return
            yield ladder

    def _holding(self, part: Word | Phrase, looked_up: LookedUp) -> Fields:
        fields = looked_up.fields
        if part not in fields:
            fields[part] = self._standing(part) if isinstance(part, Phrase) else self._having(part)
        return fields[part]

    def _having(self, word: Word) -> Fields:
        accepted = self._lexicon.accepted(word)
        return {field: postings.any(accepted) for field, postings in self._fields.items()}

    def _standing(self, phrase: Phrase) -> Fields:
        known = [number for word in phrase.words if (number := self._lexicon.number(word)) is not None]
        if len(known) < len(phrase.words):
            return dict.fromkeys(self._fields, EMPTY)
        return {field: postings.phrase(known) for field, postings in self._fields.items()}


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
        start, number = len(self.tokens), self._numbers.__getitem__
        for passage in passages:
            self.tokens.extend(map(number, passage.split()))
            self.tokens.append(END)
        self.lengths.append(len(self.tokens) - start)


def _folded(organization: Organization) -> Folded:
    return {field: passages(organization) for field, passages in FIELDS.items()}


def _bearers(placed: Iterable[tuple[int, Folded]]) -> Bearers:
    bearers = Bearers()
    for row, folded in placed:
        bearers.add(row, folded["names"])
    return bearers


def _numbered(placed: Iterable[tuple[int, Folded]], field: str, numbers: Mapping[str, int]) -> dict[int, Numbers]:
    """By row the numbers of a field's words, END behind each passage."""
    return {
        row: np.array([n for text in folded[field] for n in (*(numbers[word] for word in text.split()), END)], np.uint32)
        for row, folded in placed
    }


def _ladder(fields: Fields, reached: Collection[Concept], carriers: Carriers) -> list[BitMap]:
    """The rows that a word or phrase matches, by how far one looks: into names, and themes, and places and communities ..."""
    rungs = (
        fields["names"],
        _carrying(reached, _THEMES, carriers),
        fields["places"] | _carrying(reached, _COMMUNITIES, carriers),
        fields["summary"],
        fields["description"],
    )
    return list(accumulate(rungs, or_))


def _carrying(terms: Iterable[Concept], facets: Sequence[str], carriers: Carriers) -> BitMap:
    """The rows that carry one of those terms that belong to the facets."""
    found = [carriers(facet, slug) for facet, slug in sorted(terms) if facet in facets]
    if len(found) == 1:
        return found[0]
    return BitMap.union(*found) if found else EMPTY
