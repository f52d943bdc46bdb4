"""`Parser`: a sentence, what its words mean, and the mentions found so far. The steps of parsing share it."""

from collections.abc import Callable
from typing import TypeAlias

from directory.understanding.function_words import LANGUAGES, POSSESSIVES, SELF_PHRASES, STOP_WORDS
from directory.understanding.mentions import Mention, TermMention
from directory.understanding.record_phrases import RecordPhrases
from directory.understanding.sentence import Sentence
from directory.understanding.terms.meanings import get_meanings
from directory.vocabulary.phrases import Meaning

MAX_SELF_WORDS = 6  # tokens before a term that may say that it describes the person
VENUE_WORDS = frozenset(["at", "in", "outside", "en", "frente"])
# "Church looking for immigration lawyers": what stands before these words at the beginning is who asks.
WANT_WORDS = frozenset(
    (
        *("looking", "seeking", "want", "wants", "wanting", "need", "needs", "needing", "hoping", "trying"),
        *("busco", "busca", "buscamos", "buscan", "quiere", "quieren", "queremos", "necesita", "necesitan", "necesitamos"),
    )
)
# After these words, a person says what they look for, not what they are.
SEEK_WORDS = frozenset(
    (
        *("looking", "seeking", "want", "wants", "need", "needs", "hoping", "trying", "who", "that", "to", "for"),
        *("busco", "buscamos", "quiero", "queremos", "necesito", "necesitamos", "que", "para"),
    )
)


class Parser:
    """Parses one sentence in one language. Phrases of the other language count where this one has none."""

    def __init__(self, sentence: Sentence, language: str, record_phrases: RecordPhrases) -> None:
        self.sentence, self.record_phrases = sentence, record_phrases
        self.record_positions = record_phrases.find_positions([token.word for token in sentence.tokens])
        self.languages = sorted(LANGUAGES, key=lambda other: other != language)
        self.mentions: list[Mention] = []

    def find_term(self, at: int) -> tuple[int, Meaning | None]:
        """Return the longest phrase with a meaning at a token, in the sentence's language if both are as long."""
        best: tuple[int, Meaning | None] = (0, None)
        if at >= len(self.sentence):
            return best
        for language in self.languages:
            length, meaning = get_meanings(language).match(self.sentence, at)
            if length > best[0] and (length > 1 or self._may_mean_a_term(at, language)):
                best = length, meaning
        return best

    def _may_mean_a_term(self, at: int, language: str) -> bool:
        """Whether a single word can have a meaning: not a small word, nor an inflection of a word of the other language."""
        word = self.sentence.word_at(at)
        return word not in STOP_WORDS and (language == self.languages[0] or get_meanings(language).is_written(word))

    def follows_people(self, at: int) -> bool:
        """Whether the words before a token are a community."""
        previous = self.mentions[-1] if self.mentions else None
        if not isinstance(previous, TermMention) or previous.start + previous.length != at or previous.is_excluded:
            return False
        return any(facet == "communities" for facet, _ in previous.meaning.choices)

    def follows_preposition(self, at: int) -> bool:
        """Whether a word such as "at" stands before a token, or before the articles and adjectives before it."""
        return any(self.sentence.word_at(before) in VENUE_WORDS for before in range(max(0, at - 2), at))

    def is_subject_of_search(self, at: int, length: int) -> bool:
        """Whether these words are the beginning, and the person says next what they want: "Church looking for lawyers"."""
        return not self.mentions and at <= 1 and self.sentence.word_at(at + length) in WANT_WORDS

    def may_be_asker(self, at: int) -> bool:
        """Whether the words just before a token say what the person is: "we are a small", "soy"."""
        for start in range(at - 1, max(-1, at - 1 - MAX_SELF_WORDS), -1):
            token = self.sentence.tokens[start]
            if token.word in SEEK_WORDS or token.word in POSSESSIVES.meanings or self.sentence.tokens[start + 1].follows_break:
                return False
            length, _ = self.sentence.match_phrase(start, SELF_PHRASES)
            if length and start + length <= at:
                return True
        return False


Step: TypeAlias = Callable[[Parser, int], list[Mention]]
"""Looks at the words from one token on, and returns the mentions it found there; [] if there are none."""
