"""The word index: matches texts with the words of all records of a kind that one audience sees."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import accumulate
from operator import and_
from typing import TypeAlias

from msgspec import Struct
from pyroaring import BitMap

from directory.question import FACETS
from directory.records import Audience, PublishedRecord
from directory.search.row_sets import EMPTY_ROWS, unite, unite_pair
from directory.search.text.analysis import STOP_WORDS
from directory.search.text.concepts import Concept, load_concept_index
from directory.search.text.indexed_fields import INDEXED_FIELDS, IndexedFields
from directory.search.text.optional_words import OptionalMatch
from directory.search.text.parsed_text import ParsedText, Phrase, Word, parse_text
from directory.search.text.shared_words import NumberedRecords, SharedWords
from directory.search.text.text_match import TextMatch, TextTier
from directory.search.text.typos import may_contain_typo

TermRows: TypeAlias = Callable[[str, str], BitMap]
FieldsByTier: TypeAlias = dict[TextTier, list[str]]
RowsByField: TypeAlias = dict[str, BitMap]  # rows with a word or phrase, by field

TYPO_WORD_LIMIT = 3  # words of a name; each is compared with all known words
_THEME_FACETS = ("issue_areas", "work_areas")
_COMMUNITY_FACETS = ("communities", "languages")


class LookupCache(Struct):
    """Lookups of words and quoted phrases, shared by texts that have most of their words in common."""

    rows_by_field: dict[Word | Phrase, RowsByField] = {}
    concept_words: dict[Word, list[int]] = {}


class WordIndex:
    """Which rows have which words in which fields, as one audience sees them. Immutable.

    The words of all audiences are in one `SharedWords`. What this audience does not see is left out before anything is counted,
    chosen or returned: `_mask` limits the rows, `_fields` the fields, and `_visible_words` the words to those that occur in one
    of these rows and fields. So a word that only hidden records or hidden fields contain behaves like a word of no record: it
    completes no prefix, corrects no typo, and does not prevent the correction of another word.
    """

    def __init__(self, shared: SharedWords, fields: Sequence[str], mask: BitMap | None, visible_words: bytes) -> None:
        self._shared = shared
        self._fields = fields
        self._mask = mask  # None: all rows, which spares a search the intersections
        self._fields_by_tier = {tier: [name for name in fields if shared.indexed_fields[name].tier == tier] for tier in TextTier}
        self._visible_words = visible_words  # a byte for each word, not 0 if the audience sees the word

    @classmethod
    def build(cls, rows: NumberedRecords, indexed_fields: IndexedFields = INDEXED_FIELDS) -> "WordIndex":
        """Build the index of numbered records in any order, as seen by an audience that sees all rows and fields."""
        shared = SharedWords.build(rows, indexed_fields)
        fields = list(indexed_fields)
        return cls(shared, fields, None, shared.mark_visible_words(fields, None))

    @property
    def indexed_fields(self) -> IndexedFields:
        """The fields of all audiences."""
        return self._shared.indexed_fields

    def with_changes(
        self, removed_records: Sequence[tuple[int, PublishedRecord]], added_records: Sequence[tuple[int, PublishedRecord]]
    ) -> "WordIndex":
        """Return the index without removed records and with added ones; a row may be in both.

        Only for the index of the audience that sees all rows. The others `follow` it.
        """
        shared = self._shared.with_changes(removed_records, added_records)
        if shared is self._shared:
            return self
        rows = {row for row, _ in (*removed_records, *added_records)}
        return self._move_to(shared, None, rows)

    def narrow(self, audience: Audience, mask: BitMap | None) -> "WordIndex":
        """Return the index of an audience that sees only some of the rows. `mask` is None if it sees all rows of this index."""
        fields, mask = self._shared.list_visible_fields(audience), self._mask if mask is None else mask
        if mask is self._mask and fields == self._fields:
            return self
        return WordIndex(self._shared, fields, mask, self._shared.mark_visible_words(fields, mask))

    def follow(self, wider: "WordIndex", mask: BitMap | None, changed_rows: Iterable[int]) -> "WordIndex":
        """Return this index after a change that the index of a wider audience already has.

        `changed_rows` are the rows that this audience saw before or sees now and that look different to it. `mask` is as in
        `narrow`.
        """
        return self._move_to(wider._shared, wider._mask if mask is None else mask, changed_rows)

    def _move_to(self, shared: SharedWords, mask: BitMap | None, changed_rows: Iterable[int]) -> "WordIndex":
        words = self._shared.list_words(changed_rows) | shared.list_words(changed_rows)
        visible_words = shared.update_visible_words(self._visible_words, words, self._fields, mask)
        return WordIndex(shared, self._fields, mask, visible_words)

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

    def is_name(self, folded_text: str) -> bool:
        """Return whether a folded text is a whole name of a record."""
        return bool(self._find_exact_names(folded_text))

    def has_word(self, word: str) -> bool:
        """Return whether a record contains a folded word, or one with the same stem."""
        return bool(self._find_accepted(Word(word)))

    def find_name_word(self, word: str) -> str | None:
        """Return the word of a name that is one typo away from a folded word, in alphabetical order the first; None for none."""
        if not may_contain_typo(word):
            return None
        accepted = self._find_accepted(Word(word, allows_typo=True))
        names = (self._shared.lexicon.words[number] for number in accepted if self._find_rows("names", [number]))
        return min(names, default=None) if "names" in self._fields else None

    def match_optional(
        self, words: Iterable[str], find_term_rows: TermRows, lookup_cache: LookupCache | None = None
    ) -> OptionalMatch | None:
        """Match folded words that need not occur, each alone: like words of a text, but no prefixes and no typos.

        Stop words are ignored. None if there are no others. Parameters as in `match`.
        """
        lookup_cache = LookupCache() if lookup_cache is None else lookup_cache
        rows_by_word, all_concepts = {}, set[Concept]()
        for word in (Word(text) for text in words if text not in STOP_WORDS):
            concepts = load_concept_index().find_concepts([word], lookup_cache.concept_words)[word]
            with_term = _find_rows_with_any_term(concepts, tuple(FACETS), find_term_rows)
            rows_by_word[word] = unite([*self._look_up_part(word, lookup_cache).values(), with_term])
            all_concepts |= concepts
        return OptionalMatch(rows_by_word, all_concepts) if rows_by_word else None

    def find_in_names(self, words: Iterable[str]) -> list[BitMap]:
        """Return the rows that have each folded word in a name, fewest rows first; words that occur in no name are left out.

        Words with the same stem match. The first TYPO_WORD_LIMIT words that occur in no name may be one typo apart.
        """
        rows_by_word = {word: self._find_rows_named(Word(word)) for word in words}
        unknown = [word for word, rows in rows_by_word.items() if not rows and may_contain_typo(word)]
        rows_by_word |= {word: self._find_rows_named(Word(word, allows_typo=True)) for word in unknown[:TYPO_WORD_LIMIT]}
        return sorted(filter(None, rows_by_word.values()), key=len)

    def find_in_field(self, field: str, words: Iterable[str]) -> BitMap:
        """Return the rows that have all of these folded words in one field, each in any form: words with the same stem match.

        Empty without words, and for a field that the audience does not see.
        """
        if field not in self._fields:
            return EMPTY_ROWS
        rows_by_word = [self._find_rows(field, self._find_accepted(Word(word))) for word in words]
        return reduce(and_, rows_by_word) if rows_by_word else EMPTY_ROWS

    def _find_rows_named(self, word: Word) -> BitMap:
        return self._find_rows("names", self._find_accepted(word)) if "names" in self._fields else EMPTY_ROWS

    def _match_parsed_text(self, parsed_text: ParsedText, lookup_cache: LookupCache, find_term_rows: TermRows) -> TextMatch:
        terms: dict[Word, set[Concept]] = {}
        for run in parsed_text.runs:
            for word, concepts in load_concept_index().find_concepts(run, lookup_cache.concept_words).items():
                terms.setdefault(word, set()).update(concepts)
        exact = self._find_exact_names(parsed_text.folded_text)
        rows_by_tier = list(self._iter_rows_by_tier(parsed_text, terms, lookup_cache, find_term_rows))
        if len(rows_by_tier) < len(parsed_text.required_parts):
            return TextMatch(parsed_text, [exact] * len(TextTier), [EMPTY_ROWS] * len(parsed_text.required_parts), terms)
        tiers = [reduce(and_, part_rows) for part_rows in zip(*rows_by_tier, strict=True)]
        rows_in_names = [part_tiers[0] for part_tiers in rows_by_tier]
        return TextMatch(parsed_text, [exact, *(unite_pair(rows, exact) for rows in tiers)], rows_in_names, terms)

    def _iter_rows_by_tier(
        self, parsed_text: ParsedText, terms: Mapping[Word, set[Concept]], lookup_cache: LookupCache, find_term_rows: TermRows
    ) -> Iterator[list[BitMap]]:
        """Yield the rows by tier for each required part; stop once no row can have all parts."""
        common: BitMap | None = None
        for part in parsed_text.required_parts:
            concepts = terms.get(part, ()) if isinstance(part, Word) else ()
            tiers = _accumulate_tiers(self._look_up_part(part, lookup_cache), self._fields_by_tier, concepts, find_term_rows)
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
        accepted = self._find_accepted(word)
        return {field: self._find_rows(field, accepted) for field in self._fields}

    def _find_accepted(self, word: Word) -> list[int]:
        return self._shared.lexicon.find_accepted(word, self._visible_words)

    def _find_rows(self, field: str, words: Iterable[int]) -> BitMap:
        rows = self._shared.postings[field].match_any(words)
        return rows if self._mask is None else rows & self._mask

    def _find_phrase(self, phrase: Phrase) -> RowsByField:
        found = (self._shared.lexicon.find_number(word, self._visible_words) for word in phrase.words)
        numbers = [number for number in found if number is not None]
        if len(numbers) < len(phrase.words):
            return dict.fromkeys(self._fields, EMPTY_ROWS)
        return {field: self._shared.postings[field].match_phrase(numbers, self._mask) for field in self._fields}

    def _find_exact_names(self, folded_name: str) -> BitMap:
        if "names" not in self._fields:
            return EMPTY_ROWS
        rows = self._shared.exact_names.find_rows(folded_name)
        return rows if self._mask is None else rows & self._mask


def _accumulate_tiers(
    fields: RowsByField, fields_by_tier: FieldsByTier, concepts_of_part: Collection[Concept], find_term_rows: TermRows
) -> list[BitMap]:
    """Return the rows that match a word or phrase by tier, each including the rows of the tiers before it."""
    rows_by_tier = (
        unite(fields[name] for name in fields_by_tier[TextTier.NAMES]),
        _find_rows_with_any_term(concepts_of_part, _THEME_FACETS, find_term_rows),
        unite_pair(
            unite(fields[name] for name in fields_by_tier[TextTier.PLACES_AND_COMMUNITIES]),
            _find_rows_with_any_term(concepts_of_part, _COMMUNITY_FACETS, find_term_rows),
        ),
        *(unite(fields[name] for name in fields_by_tier[tier]) for tier in (TextTier.SUMMARY, TextTier.DESCRIPTION)),
    )
    return list(accumulate(rows_by_tier, unite_pair))


def _find_rows_with_any_term(terms: Iterable[Concept], facets: Sequence[str], find_term_rows: TermRows) -> BitMap:
    """Return the rows that have any of the terms that belong to these facets."""
    return unite(find_term_rows(facet, slug) for facet, slug in sorted(terms) if facet in facets)
