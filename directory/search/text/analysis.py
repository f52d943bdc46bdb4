"""Text analysis: tokens, stop words and stems."""

import threading
from functools import lru_cache
from typing import Protocol, cast

import snowballstemmer

from directory.text import fold

# Records need not match these words, unless a text has no other words or they are quoted. "us" is not a stop word, because it
# is a name in a directory of the United States.
ENGLISH_STOP_WORDS = ("a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with")
SPANISH_STOP_WORDS = (
    *("al", "con", "de", "del", "e", "el", "en", "la", "las", "los"),
    *("o", "para", "por", "que", "u", "un", "una", "y"),
)
STOP_WORDS = frozenset((*ENGLISH_STOP_WORDS, *SPANISH_STOP_WORDS))
MAX_STEMMED_LENGTH = 40  # characters; a longer token, or one with digits, is its own stem
STEM_CACHE_SIZE = 1 << 16


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


class _Stemmers(threading.local):
    """One pair of stemmers per thread, because a stemmer stores the word it works on."""

    def __init__(self) -> None:
        self.english = cast("_Stemmer", snowballstemmer.stemmer("english"))
        self.spanish = cast("_Stemmer", snowballstemmer.stemmer("spanish"))


_STEMMERS = _Stemmers()


def tokenize(text: str | None) -> list[str]:
    """Return the folded words of a text in order; [] for None or a text without words."""
    return fold(text).split() if text else []


def stem_token(token: str) -> tuple[str, str]:
    """Return the English and the Spanish Snowball stem, each with a prefix for its language."""
    if len(token) > MAX_STEMMED_LENGTH or not token.isalpha():
        return "en:" + token, "es:" + token
    return _stem_cached(token)


@lru_cache(maxsize=STEM_CACHE_SIZE)
def _stem_cached(token: str) -> tuple[str, str]:
    return "en:" + _STEMMERS.english.stemWord(token), "es:" + _STEMMERS.spanish.stemWord(token)
