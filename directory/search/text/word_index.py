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
from directory.search.rows import EMPTY_ROWS
from directory.search.text.concepts import Concept, load_concept_index
from directory.search.text.exact_names import ExactNames, NameHashes
from directory.search.text.indexed_fields import INDEXED_FIELDS
from directory.search.text.lexicon import Lexicon
from directory.search.text.parsed_text import ParsedText, Phrase, Word, parse_text
from directory.search.text.postings import PASSAGE_END, Postings, TokenNumbers
from directory.search.text.text_match import TextMatch, TextTier
from directory.search.text.typos import may_contain_typo

__all__ = ["TextMatch", "TextTier", "WordIndex"]

TermRows: TypeAlias = Callable[[str, str], BitMap]
NumberedOrganizations: TypeAlias = Iterable[tuple[int, Organization]]
FoldedPassages: TypeAlias = dict[str, list[str]]  # by field: its passages
RowsByField: TypeAlias = dict[str, BitMap]  # by field: the rows that hold a word or phrase there

TYPO_WORD_LIMIT = 3  # words of a name; each is looked for among all words there are
_THEME_FACETS = ("issue_areas", "work_areas")
_COMMUNITY_FACETS = ("communities", "languages")


class LookupCache(Struct):
    """What was looked up of the words and quoted phrases of one or several texts."""

    rows_by_field: dict[Word | Phrase, RowsByField] = {}
    concept_words: dict[Word, list[int]] = {}


class WordIndex:
    """Which rows hold which words in which field. Immutable."""

    def __init__(self, lexicon: Lexicon, fields: Mapping[str, Postings], exact_names: ExactNames) -> None:
        self._lexicon = lexicon
        self._fields = fields
        self._exact_names = exact_names

    @classmethod
    def build(cls, rows: NumberedOrganizations) -> "WordIndex":
        """Of organizations with their rows, in any order."""
        placed = sorted(rows, key=lambda entry: entry[0])
        numbers = _WordNumbers()
        columns = {field: _FieldColumn(numbers) for field in INDEXED_FIELDS}
        bearers = NameHashes()
        for row, organization in placed:
            folded = _fold_fields(organization)
            bearers.add(row, folded["names"])
            for field, passages in folded.items():
                columns[field].append(passages)
        load_concept_index()  # built here, so that the first question does not wait for it
        row_numbers = [row for row, _ in placed]
        fields = {field: Postings.build(row_numbers, each.lengths, each.tokens, len(numbers)) for field, each in columns.items()}
        return cls(Lexicon.build(list(numbers)), fields, ExactNames.build(bearers))

    def with_changes(
        self, removed_records: Sequence[tuple[int, Organization]], added_records: Sequence[tuple[int, Organization]]
    ) -> "WordIndex":
        """The index without the one and with the other; a row may be in both. This one stays as it is."""
        before, after = (
            [(row, _fold_fields(one)) for row, one in removed_records],
            [(row, _fold_fields(one)) for row, one in added_records],
        )
        occurring = (word for _, one in before + after for passages in one.values() for text in passages for word in text.split())
        known = {word: self._lexicon.find_number(word) for word in dict.fromkeys(occurring)}
        new = [word for word, number in known.items() if number is None]
        numbers = {word: number for word, number in known.items() if number is not None}
        numbers.update((word, number) for number, word in enumerate(new, len(self._lexicon)))
        fields = {
            field: postings.with_changes(_number_tokens(before, field, numbers), _number_tokens(after, field, numbers))
            for field, postings in self._fields.items()
        }
        return WordIndex(
            self._lexicon.with_words(new), fields, self._exact_names.with_changes(_hash_names(before), _hash_names(after))
        )

    def match(self, text: str, find_term_rows: TermRows, lookup_cache: LookupCache | None = None) -> TextMatch | None:
        """What the text finds; None for a text without any word. `carriers` gives the rows that carry a term or a narrower one.

        Typos are forgiven when nothing at all is found without. Raises BadInput for too many words or quoted phrases.
        `looked_up` holds the words of other texts, and takes those of this one: for texts that share most of their words.
        """
        wording = parse_text(text)
        if wording is None:
            return None
        lookup_cache = LookupCache() if lookup_cache is None else lookup_cache
        found = self._match_parsed_text(wording, lookup_cache, find_term_rows)
        forgiving = None if found.rows else wording.with_typos_allowed()
        return self._match_parsed_text(forgiving, lookup_cache, find_term_rows) if forgiving else found

    def find_in_names(self, words: Iterable[str]) -> list[BitMap]:
        """For each folded word that is in anybody's names the rows that have it there, fewest first.

        Words of one stem are the same word. Of words that no name has, the first FORGIVEN may be one typo apart.
        """
        found = {word: self._find_rows_named(Word(word)) for word in words}
        strange = [word for word, rows in found.items() if not rows and may_contain_typo(word)]
        found |= {word: self._find_rows_named(Word(word, allows_typo=True)) for word in strange[:TYPO_WORD_LIMIT]}
        return sorted(filter(None, found.values()), key=len)

    def _find_rows_named(self, word: Word) -> BitMap:
        return self._fields["names"].match_any(self._lexicon.find_accepted(word))

    def _match_parsed_text(self, parsed_text: ParsedText, lookup_cache: LookupCache, find_term_rows: TermRows) -> TextMatch:
        terms: dict[Word, set[Concept]] = {}
        for run in parsed_text.runs:
            for word, reached in load_concept_index().find_concepts(run, lookup_cache.concept_words).items():
                terms.setdefault(word, set()).update(reached)
        exact = self._exact_names.find_rows(parsed_text.folded_text)
        ladders = list(self._iter_rows_by_tier(parsed_text, terms, lookup_cache, find_term_rows))
        if len(ladders) < len(parsed_text.required_parts):
            return TextMatch(parsed_text, [exact] * len(TextTier), [EMPTY_ROWS] * len(parsed_text.required_parts), terms)
        tiers = [reduce(and_, rungs) for rungs in zip(*ladders, strict=True)]
        return TextMatch(parsed_text, [exact, *(rows | exact for rows in tiers)], [rungs[0] for rungs in ladders], terms)

    def _iter_rows_by_tier(
        self, parsed_text: ParsedText, terms: Mapping[Word, set[Concept]], lookup_cache: LookupCache, find_term_rows: TermRows
    ) -> Iterator[list[BitMap]]:
        """Of each required part; ends as soon as nobody can have all parts."""
        common: BitMap | None = None
        for part in parsed_text.required_parts:
            ladder = _accumulate_tiers(
                self._look_up_part(part, lookup_cache), terms.get(part, ()) if isinstance(part, Word) else (), find_term_rows
            )
            common = ladder[-1] if common is None else common & ladder[-1]
            if not common:
                return
            yield ladder

    def _look_up_part(self, part: Word | Phrase, lookup_cache: LookupCache) -> RowsByField:
        fields = lookup_cache.rows_by_field
        if part not in fields:
            fields[part] = self._find_phrase(part) if isinstance(part, Phrase) else self._find_word(part)
        return fields[part]

    def _find_word(self, word: Word) -> RowsByField:
        accepted = self._lexicon.find_accepted(word)
        return {field: postings.match_any(accepted) for field, postings in self._fields.items()}

    def _find_phrase(self, phrase: Phrase) -> RowsByField:
        known = [number for word in phrase.words if (number := self._lexicon.find_number(word)) is not None]
        if len(known) < len(phrase.words):
            return dict.fromkeys(self._fields, EMPTY_ROWS)
        return {field: postings.match_phrase(known) for field, postings in self._fields.items()}


class _WordNumbers(dict[str, int]):
    """Numbers words from 0 in the order in which they are met."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class _FieldColumn:
    """One field of all rows while an index is built: the numbers of its words, END behind each passage."""

    def __init__(self, numbers: _WordNumbers) -> None:
        self._numbers = numbers
        self.tokens = array("I")
        self.lengths: list[int] = []

    def append(self, passages: Iterable[str]) -> None:
        start, number = len(self.tokens), self._numbers.__getitem__
        for passage in passages:
            self.tokens.extend(map(number, passage.split()))
            self.tokens.append(PASSAGE_END)
        self.lengths.append(len(self.tokens) - start)


def _fold_fields(organization: Organization) -> FoldedPassages:
    return {field: passages(organization) for field, passages in INDEXED_FIELDS.items()}


def _hash_names(placed: Iterable[tuple[int, FoldedPassages]]) -> NameHashes:
    bearers = NameHashes()
    for row, folded in placed:
        bearers.add(row, folded["names"])
    return bearers


def _number_tokens(
    placed: Iterable[tuple[int, FoldedPassages]], field: str, numbers: Mapping[str, int]
) -> dict[int, TokenNumbers]:
    """By row the numbers of a field's words, END behind each passage."""
    return {
        row: np.array([n for text in folded[field] for n in (*(numbers[word] for word in text.split()), PASSAGE_END)], np.uint32)
        for row, folded in placed
    }


def _accumulate_tiers(fields: RowsByField, concepts_of_part: Collection[Concept], find_term_rows: TermRows) -> list[BitMap]:
    """The rows that a word or phrase matches, by how far one looks: into names, and themes, and places and communities ..."""
    rungs = (
        fields["names"],
        _find_rows_with_any_term(concepts_of_part, _THEME_FACETS, find_term_rows),
        fields["places"] | _find_rows_with_any_term(concepts_of_part, _COMMUNITY_FACETS, find_term_rows),
        fields["summary"],
        fields["description"],
    )
    return list(accumulate(rungs, or_))


def _find_rows_with_any_term(terms: Iterable[Concept], facets: Sequence[str], find_term_rows: TermRows) -> BitMap:
    """The rows that carry one of those terms that belong to the facets."""
    found = [find_term_rows(facet, slug) for facet, slug in sorted(terms) if facet in facets]
    if len(found) == 1:
        return found[0]
    return BitMap.union(*found) if found else EMPTY_ROWS
