"""The words of a sentence: where they stand, how they fold, and their stems in English and Spanish."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from directory.text import fold, stem_word
from directory.understanding.function_words import DETERMINERS, IRREGULAR_FORMS, LANGUAGES, PhraseTable

_TOKEN = re.compile(r'["“”„«»][^"“”„«»]*["“”„«»]|\d{5}-\d{4}(?!\w)|\d+(?:\.\d+)?|[^\W\d](?:[\w.’\'`ʻ]*\w)?|&')
_QUOTES = frozenset('"“”„«»')
_BREAK = re.compile(r"[,;:.?!()¿¡\n/]")
MAX_ABBREVIATION_LENGTH = 3  # letters


class Token(Struct, frozen=True):
    """One word as typed. `word` is folded, and "" for "quoted words", which are searched literally."""

    start: int
    end: int
    text: str
    word: str
    follows_break: bool = False  # whether a comma or another mark stands before it
    is_corrected: bool = False  # whether `word` is not what was typed
    follows_minus: bool = False  # as in "housing -church"

    @property
    def is_quoted(self) -> bool:
        return not self.word

    @property
    def first_word(self) -> str:
        return self.word.partition(" ")[0]


class Sentence:
    """The tokens of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_split(text))
        self.place_matches: dict[int, Any] = {}  # by position; several steps ask for the same
        self.place_meanings: dict[str, Any] = {}  # by folded name

    def __len__(self) -> int:
        return len(self.tokens)

    def word_at(self, at: int) -> str:
        """Return the folded word at a position; "" beyond the end."""
        return self.tokens[at].word if at < len(self.tokens) else ""

    def text_at(self, at: int, length: int) -> str:
        """Return the text of these tokens as typed."""
        return self.text[self.tokens[at].start : self.tokens[at + length - 1].end]

    def correct(self, at: int, word: str) -> None:
        """Read another folded word at a position. The text stays as typed."""
        token = self.tokens[at]
        self.tokens[at] = replace(token, word=word, is_corrected=word != fold(token.text))
        self.__dict__.pop("stems", None)
        self.place_matches.clear()

    def iter_phrases(self, at: int, longest: int) -> Iterator[tuple[int, str]]:
        """Yield the folded phrases of up to `longest` tokens with their lengths, longest first.

        A phrase does not go beyond quoted words or a comma.
        """
        words: list[str] = []
        for token in self.tokens[at : at + longest]:
            if token.is_quoted or (words and token.follows_break):
                break
            words.append(token.word)
        for length in range(len(words), 0, -1):
            yield length, " ".join(words[:length])

    def match_phrase(self, at: int, table: PhraseTable[Any]) -> tuple[int, str]:
        """Return the length and text of the longest phrase of the table at this token. (0, "") if there is none."""
        longest = table.max_words_by_first_word.get(self.tokens[at].first_word, 0) if at < len(self.tokens) else 0
        if longest:
            for length, phrase in self.iter_phrases(at, longest):
                if phrase in table.meanings:
                    return length, phrase
        return 0, ""

    @cached_property
    def stems(self) -> Mapping[str, list[str]]:
        """The stem of each token by language; "" for determiners and quoted words."""
        return {language: [_stem(token.word, language) for token in self.tokens] for language in LANGUAGES}

    def join_words(self, at: int, length: int, language: str) -> str:
        """Return the folded words of these tokens without determiners."""
        return join_content_words((token.word for token in self.tokens[at : at + length]), language)

    def iter_stem_phrases(self, at: int, longest: int, language: str) -> Iterator[tuple[int, str]]:
        """Yield phrases of up to `longest` stems with their lengths in tokens, longest first. Determiners are left out."""
        stems, phrases, words = self.stems[language], list[tuple[int, str]](), ""
        for position in range(at, min(at + 2 * longest, len(self.tokens))):
            token, stem = self.tokens[position], stems[position]
            if token.is_quoted or (token.follows_break and position > at):
                break
            if stem:
                words = f"{words} {stem}" if words else stem
                phrases.append((position - at + 1, words))
            if len(phrases) == longest:
                break
        return reversed(phrases)


def join_content_words(words: Iterable[str], language: str) -> str:
    """Return folded words without determiners, separated by spaces."""
    return " ".join(word for word in words if word and word not in DETERMINERS[language])


def stem_phrase(phrase: str, language: str) -> str:
    """Return the stems of a phrase without determiners, separated by spaces, as `iter_stem_phrases` yields them."""
    return " ".join(stem for word in fold(phrase).split() if (stem := _stem(word, language)))


def _stem(word: str, language: str) -> str:
    if not word or word in DETERMINERS[language]:
        return ""
    base = IRREGULAR_FORMS[language].get(word, word)
    return stem_word(base, language)


def _split(text: str) -> Iterator[Token]:
    end, previous = 0, ""
    for match in _TOKEN.finditer(text):
        word = match[0]
        folded = "" if word[0] in _QUOTES else fold(word)
        if folded or word[0] in _QUOTES:
            between = text[end : match.start()]
            minus = between.endswith("-") and between[:-1].isspace()
            yield Token(match.start(), match.end(), word, folded, _has_break(between, previous), follows_minus=minus)
            end, previous = match.end(), word


def _has_break(between: str, previous: str) -> bool:
    """Whether the characters between two words separate them. A dot after a short word does not: "St. Louis"."""
    is_abbreviation = len(previous) <= MAX_ABBREVIATION_LENGTH or "." in previous
    return bool(_BREAK.search(between.replace(".", "") if is_abbreviation else between))
