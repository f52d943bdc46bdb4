"""The word index: matches texts with the words of all organizations of a snapshot."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import accumulate
from operator import and_, or_
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.fields import FIELDS, TEXT_FIELDS
from directory.records import Organization
from directory.search.rows import EMPTY_ROWS, unite
from directory.search.text.concepts import Concept, load_concept_index
from directory.search.text.exact_names import ExactNames, NameHashes
from directory.search.text.indexed_fields import INDEXED_FIELDS
from directory.search.text.lexicon import Lexicon
from directory.search.text.parsed_text import ParsedText, Phrase, Word, parse_text
from directory.search.text.postings import PASSAGE_END, Postings, TokenNumbers
from directory.search.text.text_match import TextMatch, TextTier
from directory.search.text.typos import may_contain_typo

TermRows: TypeAlias = Callable[[str, str], BitMap]
NumberedOrganizations: TypeAlias = Iterable[tuple[int, Organization]]
FoldedPassages: TypeAlias = dict[str, list[str]]  # passages by field
RowsByField: TypeAlias = dict[str, BitMap]  # rows with a word or phrase, by field

TYPO_WORD_LIMIT = 3  # words of a name; each is compared with all known words
_THEME_FACETS = ("issue_areas", "work_areas")
_COMMUNITY_FACETS = ("communities", "languages")


class LookupCache(Struct):
    """Lookups of words and quoted phrases, shared by texts that have most of their words in common."""

    rows_by_field: dict[Word | Phrase, RowsByField] = {}
    concept_words: dict[Word, list[int]] = {}


class WordIndex:
    """Which rows have which words in which fields. Immutable."""

    def __init__(self, lexicon: Lexicon, fields: Mapping[str, Postings], exact_names: ExactNames) -> None:
        self._lexicon = lexicon
        self._fields = fields
        self._exact_names = exact_names

    @classmethod
    def build(cls, rows: NumberedOrganizations) -> "WordIndex":
        """Build the index of numbered organizations in any order."""
        numbered = sorted(rows, key=lambda entry: entry[0])
        numbers = _WordNumbers()
        columns = {field: _FieldColumn(numbers) for field in INDEXED_FIELDS}
        name_hashes = NameHashes()
        for row, organization in numbered:
            folded = _fold_fields(organization)
            name_hashes.add(row, folded["names"])
            for field, passages in folded.items():
                columns[field].append(passages)
        load_concept_index()  # in advance, so the first search is not slower
        row_numbers = [row for row, _ in numbered]
        fields = {
            field: Postings.build(row_numbers, column.lengths, column.tokens, len(numbers)) for field, column in columns.items()
        }
        return cls(Lexicon.build(list(numbers)), fields, ExactNames.build(name_hashes))

    def with_changes(
        self, removed_records: Sequence[tuple[int, Organization]], added_records: Sequence[tuple[int, Organization]]
    ) -> "WordIndex":
        """Return the index without removed records and with added ones; a row may be in both."""
        before = [(row, _fold_fields(record)) for row, record in removed_records]
        after = [(row, _fold_fields(record)) for row, record in added_records]
        words = (
            word for _, folded in before + after for passages in folded.values() for text in passages for word in text.split()
        )
        known_numbers = {word: self._lexicon.find_number(word) for word in dict.fromkeys(words)}
        new_words = [word for word, number in known_numbers.items() if number is None]
        numbers = {word: number for word, number in known_numbers.items() if number is not None}
        numbers.update((word, number) for number, word in enumerate(new_words, len(self._lexicon)))
        fields = {
            field: postings.with_changes(_number_tokens(before, field, numbers), _number_tokens(after, field, numbers))
            for field, postings in self._fields.items()
        }
        exact_names = self._exact_names.with_changes(_hash_names(before), _hash_names(after))
        return WordIndex(self._lexicon.with_words(new_words), fields, exact_names)

    def match(self, text: str, find_term_rows: TermRows, lookup_cache: LookupCache | None = None) -> TextMatch | None:
        """Match a text; None for a text without words.

        `find_term_rows` returns the rows with a term or a narrower one. Typos are allowed only if nothing matches without them.
        `lookup_cache` may hold the words of other texts; those of this text are added. Raises BadInput for too many words.
        """
        parsed_text = parse_text(text)
        if parsed_text is None:
            return None
        lookup_cache = LookupCache() if lookup_cache is None else lookup_cache
        match = self._match_parsed_text(parsed_text, lookup_cache, find_term_rows)
        text_with_typos = None if match.rows else parsed_text.with_typos_allowed()
        return self._match_parsed_text(text_with_typos, lookup_cache, find_term_rows) if text_with_typos else match

    def find_in_names(self, words: Iterable[str]) -> list[BitMap]:
        """Return the rows that have each folded word in a name, fewest rows first; words that occur in no name are left out.

        Words with the same stem match. The first TYPO_WORD_LIMIT words that occur in no name may be one typo apart.
        """
        rows_by_word = {word: self._find_rows_named(Word(word)) for word in words}
        unknown = [word for word, rows in rows_by_word.items() if not rows and may_contain_typo(word)]
        rows_by_word |= {word: self._find_rows_named(Word(word, allows_typo=True)) for word in unknown[:TYPO_WORD_LIMIT]}
        return sorted(filter(None, rows_by_word.values()), key=len)

    def _find_rows_named(self, word: Word) -> BitMap:
        return self._fields["names"].match_any(self._lexicon.find_accepted(word))

    def _match_parsed_text(self, parsed_text: ParsedText, lookup_cache: LookupCache, find_term_rows: TermRows) -> TextMatch:
        terms: dict[Word, set[Concept]] = {}
        for run in parsed_text.runs:
            for word, concepts in load_concept_index().find_concepts(run, lookup_cache.concept_words).items():
                terms.setdefault(word, set()).update(concepts)
        exact = self._exact_names.find_rows(parsed_text.folded_text)
        rows_by_tier = list(self._iter_rows_by_tier(parsed_text, terms, lookup_cache, find_term_rows))
        if len(rows_by_tier) < len(parsed_text.required_parts):
            return TextMatch(parsed_text, [exact] * len(TextTier), [EMPTY_ROWS] * len(parsed_text.required_parts), terms)
        tiers = [reduce(and_, part_rows) for part_rows in zip(*rows_by_tier, strict=True)]
        rows_in_names = [part_tiers[0] for part_tiers in rows_by_tier]
        return TextMatch(parsed_text, [exact, *(rows | exact for rows in tiers)], rows_in_names, terms)

    def _iter_rows_by_tier(
        self, parsed_text: ParsedText, terms: Mapping[Word, set[Concept]], lookup_cache: LookupCache, find_term_rows: TermRows
    ) -> Iterator[list[BitMap]]:
        """Yield the rows by tier for each required part; stop once no row can have all parts."""
        common: BitMap | None = None
        for part in parsed_text.required_parts:
            concepts = terms.get(part, ()) if isinstance(part, Word) else ()
            tiers = _accumulate_tiers(self._look_up_part(part, lookup_cache), concepts, find_term_rows)
            common = tiers[-1] if common is None else common & tiers[-1]
            if not common:
                return
            yield tiers

    def _look_up_part(self, part: Word | Phrase, lookup_cache: LookupCache) -> RowsByField:
        fields = lookup_cache.rows_by_field
        if part not in fields:
            fields[part] = self._find_phrase(part) if isinstance(part, Phrase) else self._find_word(part)
        return fields[part]

    def _find_word(self, word: Word) -> RowsByField:
        accepted = self._lexicon.find_accepted(word)
        return {field: postings.match_any(accepted) for field, postings in self._fields.items()}

    def _find_phrase(self, phrase: Phrase) -> RowsByField:
        numbers = [number for word in phrase.words if (number := self._lexicon.find_number(word)) is not None]
        if len(numbers) < len(phrase.words):
            return dict.fromkeys(self._fields, EMPTY_ROWS)
        return {field: postings.match_phrase(numbers) for field, postings in self._fields.items()}


class _WordNumbers(dict[str, int]):
    """Numbers words from 0 in the order in which they are first looked up."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


class _FieldColumn:
    """One field of all rows while an index is built: the numbers of its words, with PASSAGE_END after each passage."""

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


def _hash_names(rows: Iterable[tuple[int, FoldedPassages]]) -> NameHashes:
    name_hashes = NameHashes()
    for row, folded in rows:
        name_hashes.add(row, folded["names"])
    return name_hashes


def _number_tokens(rows: Iterable[tuple[int, FoldedPassages]], field: str, numbers: Mapping[str, int]) -> dict[int, TokenNumbers]:
    """Return the numbers of the words of a field by row, with PASSAGE_END after each passage."""
    return {
        row: np.array([n for text in folded[field] for n in (*(numbers[word] for word in text.split()), PASSAGE_END)], np.uint32)
        for row, folded in rows
    }


def _accumulate_tiers(fields: RowsByField, concepts_of_part: Collection[Concept], find_term_rows: TermRows) -> list[BitMap]:
    """Return the rows that match a word or phrase by tier, each including the rows of the tiers before it."""
    rows_by_tier = (
        fields["names"],
        _find_rows_with_any_term(concepts_of_part, _THEME_FACETS, find_term_rows),
        fields["places"] | _find_rows_with_any_term(concepts_of_part, _COMMUNITY_FACETS, find_term_rows),
        *(_unite_fields(fields, tier) for tier in (TextTier.SUMMARY, TextTier.DESCRIPTION)),
    )
    return list(accumulate(rows_by_tier, or_))


def _unite_fields(fields: RowsByField, tier: TextTier) -> BitMap:
    """Return the rows that match in any text that belongs to the tier."""
    return unite(fields[name] for name in TEXT_FIELDS if FIELDS[name].searched_in == tier)


def _find_rows_with_any_term(terms: Iterable[Concept], facets: Sequence[str], find_term_rows: TermRows) -> BitMap:
    """Return the rows that have any of the terms that belong to these facets."""
    return unite(find_term_rows(facet, slug) for facet, slug in sorted(terms) if facet in facets)
