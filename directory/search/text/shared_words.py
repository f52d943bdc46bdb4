"""The words of all records of a kind, indexed once for all audiences: the lexicon, and where its words occur.

Only a `WordIndex` (word_index.py) reads this. It limits everything to the rows, fields and words that one audience sees.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.records import Audience, PublishedRecord
from directory.search.text.concepts import load_concept_index
from directory.search.text.exact_names import ExactNames, NameHashes
from directory.search.text.indexed_fields import IndexedFields
from directory.search.text.lexicon import Lexicon
from directory.search.text.postings import PASSAGE_END, Postings, TokenNumbers

NumberedRecords: TypeAlias = Iterable[tuple[int, PublishedRecord]]
FoldedPassages: TypeAlias = dict[str, list[str]]  # passages by field


class SharedWords(Struct, frozen=True):
    """Which rows have which words in which fields. Immutable.

    The lexicon never loses a word, so a word's number stays the same until everything is built again.
    """

    lexicon: Lexicon
    postings: Mapping[str, Postings]  # by field
    exact_names: ExactNames
    indexed_fields: IndexedFields

    @classmethod
    def build(cls, rows: NumberedRecords, indexed_fields: IndexedFields) -> "SharedWords":
        """Build the index of numbered records in any order."""
        numbered = sorted(rows, key=lambda entry: entry[0])
        numbers = _WordNumbers()
        columns = {field: _FieldColumn(numbers) for field in indexed_fields}
        name_hashes = NameHashes()
        for row, record in numbered:
            folded = _fold_fields(record, indexed_fields)
            name_hashes.add(row, folded["names"])
            for field, passages in folded.items():
                columns[field].append(passages)
        load_concept_index()  # in advance, so the first search is not slower
        row_numbers = [row for row, _ in numbered]
        postings = {
            field: Postings.build(row_numbers, column.lengths, column.tokens, len(numbers)) for field, column in columns.items()
        }
        return cls(Lexicon.build(list(numbers)), postings, ExactNames.build(name_hashes), indexed_fields)

    def with_changes(
        self, removed_records: Sequence[tuple[int, PublishedRecord]], added_records: Sequence[tuple[int, PublishedRecord]]
    ) -> "SharedWords":
        """Return the index without removed records and with added ones; a row may be in both."""
        before = [(row, _fold_fields(record, self.indexed_fields)) for row, record in removed_records]
        after = [(row, _fold_fields(record, self.indexed_fields)) for row, record in added_records]
        if before == after:
            return self
        words = (
            word for _, folded in before + after for passages in folded.values() for text in passages for word in text.split()
        )
        known_numbers = {word: self.lexicon.find_number(word) for word in dict.fromkeys(words)}
        new_words = [word for word, number in known_numbers.items() if number is None]
        numbers = {word: number for word, number in known_numbers.items() if number is not None}
        numbers.update((word, number) for number, word in enumerate(new_words, len(self.lexicon)))
        postings = {
            field: postings.with_changes(_number_tokens(before, field, numbers), _number_tokens(after, field, numbers))
            for field, postings in self.postings.items()
        }
        exact_names = self.exact_names.with_changes(_hash_names(before), _hash_names(after))
        return SharedWords(self.lexicon.with_words(new_words), postings, exact_names, self.indexed_fields)

    def list_visible_fields(self, audience: Audience) -> list[str]:
        """Return the fields that the audience sees."""
        return [name for name, field in self.indexed_fields.items() if audience.sees(field.audience)]

    def list_words(self, rows: Iterable[int]) -> set[int]:
        """Return the numbers of all words in these rows."""
        return {number for row in rows for postings in self.postings.values() for number in postings.list_tokens(row)}

    def mark_visible_words(self, fields: Iterable[str], mask: BitMap | None) -> bytes:
        """Return a byte for each word, which is not 0 if the word occurs in one of the fields in a row of the mask."""
        marks = np.zeros(len(self.lexicon), np.bool_)
        for field in fields:
            marks |= self.postings[field].mark_tokens(len(marks), mask)
        return marks.tobytes()

    def update_visible_words(self, marks: bytes, words: Iterable[int], fields: Sequence[str], mask: BitMap | None) -> bytes:
        """Return the result of `mark_visible_words` if only these words can differ from the earlier `marks`."""
        changed = bytearray(marks) + bytes(len(self.lexicon) - len(marks))
        for word in words:
            changed[word] = any(self.postings[field].has_token(word, mask) for field in fields)
        return bytes(changed)


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


def _fold_fields(record: PublishedRecord, indexed_fields: IndexedFields) -> FoldedPassages:
    return {name: field.build_passages(record) for name, field in indexed_fields.items()}


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
