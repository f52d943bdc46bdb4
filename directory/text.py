"""Text folding and stemming: bring different spellings and forms of the same words into one form for comparison."""

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Protocol, cast

import snowballstemmer

LATIN = range(0x250)  # the letters of European languages
FOLDING_TABLE_LIMIT = 4_096  # cached characters: more than the languages of one country use, less than 1 MB
MAX_STEMMED_LENGTH = 40  # characters; a longer token, or one with digits, is its own stem
STEM_CACHE_SIZE = 1 << 16
_APOSTROPHES = "'`´‘’‛ʹʻʼʽˊʾʿ＇"  # removed, so that "women's" and "Hawaiʻi" stay one word
_PLAIN_LETTERS = {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
_TWO_LETTERS = re.compile(r"[^\W\d_][\W\d_]*[^\W\d_]")
# The pattern starts with the dot itself, which makes the scan ten times faster.
_DOT_IN_ACRONYM = re.compile(r"\.(?<=(?<![^\W_])[^\W\d_]\.)(?=[^\W\d_](?![^\W_]))")


class FoldingTable(dict[int, str]):
    """A table for str.translate that computes each character on first use. It stores at most FOLDING_TABLE_LIMIT of them."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < FOLDING_TABLE_LIMIT:
            self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    if character == "&":
        return " and "
    category = unicodedata.category(character)
    if character in _APOSTROPHES or _is_diacritic(character) or category == "Cf":
        return ""
    if category[0] not in "LN" and category not in ("Mn", "Mc"):
        return " "
    lower = character.casefold()
    return _PLAIN_LETTERS.get(lower, lower)


def _is_diacritic(character: str) -> bool:
    # Only the marks of European scripts. In Devanagari, Arabic or kana, marks change the letter.
    return "\u0300" <= character <= "\u036f" or "\ufe00" <= character <= "\ufe0f"


def is_noncharacter(character: str) -> bool:
    """Whether Unicode reserves the character for internal use (The Unicode Standard, 23.7), like U+FFFE and U+FDD0."""
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


_ASCII_TABLE = {code: _fold_character(chr(code)) for code in range(128)}
_FOLDING_TABLE = FoldingTable({code: _fold_character(chr(code)) for code in LATIN})


def fold(text: str) -> str:
    """Return the text in lower case without diacritics, with "&" as "and" and other punctuation as single spaces.

    "Niñez & Juventud" and "ninez and juventud" fold to the same text; so do "Women’s" and "womens", "U.S." and "US".
    Letters of other scripts are only normalized (Unicode NFKC). Folding a folded text changes nothing.
    "" for a text without a letter or digit.
    """
    if text.isascii():
        return " ".join(_DOT_IN_ACRONYM.sub("", text).translate(_ASCII_TABLE).split())
    joined = _DOT_IN_ACRONYM.sub("", unicodedata.normalize("NFKC", text))
    folded = unicodedata.normalize("NFKD", joined).translate(_FOLDING_TABLE)
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def has_single_case(text: str) -> bool:
    """Whether the text has two letters or more, and all are capitals or all are lower case. Letters without case do not count."""
    if not (text.isupper() or text.islower()) or len(text.upper()) != len(text):  # the capital of "ß" cannot be converted back
        return False
    return _TWO_LETTERS.search(text) is not None


def split_distinct_words(text: str | None) -> list[str]:
    """Return the folded words of a text in order, each once; [] if there are none."""
    return list(dict.fromkeys(fold(text).split())) if text else []


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802 - the library's name


class _Stemmers(threading.local):
    """One pair of stemmers per thread, because a stemmer stores the word it works on."""

    def __init__(self) -> None:
        self.english = cast("_Stemmer", snowballstemmer.stemmer("english"))
        self.spanish = cast("_Stemmer", snowballstemmer.stemmer("spanish"))


_STEMMERS = _Stemmers()


def stem_word(word: str, language: str) -> str:
    """Return the Snowball stem of a folded word in "en" or "es". A long word, or one with digits, is its own stem."""
    if len(word) > MAX_STEMMED_LENGTH or not word.isalpha():
        return word
    return _stem_word_cached(word, language)


@lru_cache(maxsize=STEM_CACHE_SIZE)
def _stem_word_cached(word: str, language: str) -> str:
    return (_STEMMERS.english if language == "en" else _STEMMERS.spanish).stemWord(word)
