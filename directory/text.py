"""Folding: how two spellings of the same words become one."""

import re
import unicodedata

LATIN = range(0x250)  # letters of European languages
_APOSTROPHES = "'`´‘’‛ʹʻʼʽˊʾʿ＇"  # an apostrophe or okina joins the letters around it: "women's", "Hawaiʻi"
_PLAIN_LETTERS = {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
_DOT_IN_ACRONYM = re.compile(r"\.(?<=(?<![^\W_])[^\W\d_]\.)(?=[^\W\d_](?![^\W_]))")  # the dot first: the scan is 10 times quicker


FOLDING_TABLE_LIMIT = 4_096  # characters whose folding is remembered: more than the languages of a country use, less than 1 MB


class FoldingTable(dict[int, str]):
    """A table for str.translate that works out a character when it is first met, and remembers the first FOLDED_MOST."""

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
    # Only the marks of European scripts: those of Devanagari, Arabic or kana are letters to their readers.
    return "\u0300" <= character <= "\u036f" or "\ufe00" <= character <= "\ufe0f"


def is_noncharacter(character: str) -> bool:
    """Whether Unicode sets it aside for use inside programs (The Unicode Standard, 23.7): U+FFFE, U+FDD0 and the like."""
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


_ASCII_TABLE = {code: _fold_character(chr(code)) for code in range(128)}
_FOLDING_TABLE = FoldingTable({code: _fold_character(chr(code)) for code in LATIN})  # there first, whatever clients send


def fold(text: str) -> str:
    """The text in lower case, without diacritics, "&" as "and", other punctuation as single blanks, none at the ends.

    "Niñez & Juventud" and "ninez and juventud" fold alike, so do "Women’s" and "womens", "U.S." and "US".
    Letters of scripts without such marks stay as they are (Unicode NFKC). Folding twice changes nothing.
    "" for a text without a letter or digit.
    """
    if text.isascii():
        return " ".join(_DOT_IN_ACRONYM.sub("", text).translate(_ASCII_TABLE).split())
    joined = _DOT_IN_ACRONYM.sub("", unicodedata.normalize("NFKC", text))
    folded = unicodedata.normalize("NFKD", joined).translate(_FOLDING_TABLE)
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def split_distinct_words(text: str | None) -> list[str]:
    """Return the folded words of a text in order, each once; [] if there are none."""
    return list(dict.fromkeys(fold(text).split())) if text else []
