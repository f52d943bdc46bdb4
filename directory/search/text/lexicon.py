"""The lexicon: numbered words, and which of them a word of a question matches."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from directory.search.text.analysis import stem_token
from directory.search.text.parsed_text import Word
from directory.search.text.typos import TypoIndex, is_one_typo_apart

INSERT_LIMIT = 50  # up to this many words are inserted one by one; for more, everything is sorted

_MAX_CHARACTER = "\U0010ffff"


class Lexicon:
    """Words numbered from 0 in the order of `words`. Immutable; `with_words` returns a larger lexicon with the same numbers.

    A lexicon never loses a word, and audiences share it, so it knows words that an audience must not notice. Methods that take
    `visible` find only words whose byte there is not 0. None means that all words are visible.
    """

    def __init__(
        self,
        words: list[str],
        order: "array[int]",
        stem_hashes: "array[int]",
        stem_numbers: "array[int]",
        typo_index: TypoIndex,
    ) -> None:
        self.words = words
        self._order = order  # the numbers of the words, by word
        # Stems are stored as 64-bit hashes, ascending, each with the number of its word, which takes a tenth of the memory.
        self._stem_hashes = stem_hashes
        self._stem_numbers = stem_numbers
        self._typo_index = typo_index

    @classmethod
    def build(cls, words: Sequence[str]) -> "Lexicon":
        """Build the lexicon of folded words without repeats."""
        stems = sorted((stem, number) for number, word in enumerate(words) for stem in _hash_stems(word))
        return cls(
            list(words),
            array("I", sorted(range(len(words)), key=words.__getitem__)),
            array("q", [stem for stem, _ in stems]),
            array("I", [number for _, number in stems]),
            TypoIndex.build(words),
        )

    def with_words(self, words: Sequence[str]) -> "Lexicon":
        """Return the lexicon with new words, which take the next numbers."""
        if not words:
            return self
        all_words = [*self.words, *words]
        if len(words) > INSERT_LIMIT:
            return Lexicon.build(all_words)
        order, stem_hashes, stem_numbers = self._order[:], self._stem_hashes[:], self._stem_numbers[:]
        for number, word in enumerate(words, len(self.words)):
            order.insert(bisect_left(order, word, key=all_words.__getitem__), number)
            for stem in _hash_stems(word):
                position = bisect_right(stem_hashes, stem)
                stem_hashes.insert(position, stem)
                stem_numbers.insert(position, number)
        return Lexicon(all_words, order, stem_hashes, stem_numbers, self._typo_index.with_words(words))

    def __len__(self) -> int:
        return len(self.words)

    def find_number(self, word: str, visible: bytes | None = None) -> int | None:
        """Return the number of exactly this word; None if it is unknown or not visible."""
        position = bisect_left(self._order, word, key=self.words.__getitem__)
        if position == len(self._order) or self.words[self._order[position]] != word:
            return None
        number = self._order[position]
        return number if visible is None or visible[number] else None

    def find_accepted(self, word: Word, visible: bytes | None = None) -> list[int]:
        """Return the numbers of all visible words that `word.accepts`, ascending."""
        numbers = {number for stem in _hash_stems(word.text) for number in self._iter_words_with_stem(stem)}
        if word.is_prefix:
            numbers.update(self._find_words_between(word.text, word.text + _MAX_CHARACTER))
        if visible is not None:
            numbers = {number for number in numbers if visible[number]}
        if word.allows_typo:
            candidates = self._typo_index.find_candidates(word.text, visible)
            numbers.update(number for number in candidates if is_one_typo_apart(word.text, self.words[number]))
        return sorted(numbers)

    def _iter_words_with_stem(self, stem: int) -> Iterator[int]:
        for position in range(bisect_left(self._stem_hashes, stem), len(self._stem_hashes)):
            if self._stem_hashes[position] != stem:
                return
            yield self._stem_numbers[position]

    def _find_words_between(self, first: str, end: str) -> "array[int]":
        get_word = self.words.__getitem__
        return self._order[bisect_left(self._order, first, key=get_word) : bisect_left(self._order, end, key=get_word)]


def _hash_stems(word: str) -> Iterator[int]:
    return map(hash, stem_token(word))
