"""Normalized names: the words of a name in the form in which names are compared."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from directory.matching.word_lists import DERIVING_WORDS, LEGAL_FORMS, NUMBER_WORDS, PHRASES, SHORT_FORMS, SMALL_WORDS
from directory.text import fold

MAX_ACRONYM_LENGTH = 8  # letters
MIN_ACRONYM_LENGTH = 3
MAX_WORDS = 24  # of a name that are compared; the cost of a comparison grows with their square
WORD_CACHE_SIZE = 1 << 16

_SEPARATE_WORD = r"(?<=[\s(,;:/|-])(?:{})(?![\w/])"
_OTHER_NAME = re.compile(
    _SEPARATE_WORD.format(
        r"formerly(?: known as| called)?|previously(?: known as)?|f\.?/?k\.?/?a\.?|a\.?/?k\.?/?a\.?|also known as"
        r"|antes|conocid[oa] como"
    ),
    re.IGNORECASE,
)
_TRADING_AS = re.compile(_SEPARATE_WORD.format(r"d\.?/?b\.?/?a\.?|t/a|doing business as|now known as"), re.IGNORECASE)
_SEPARATORS = " ()[],;:./|-"
_PHRASE = re.compile(r"\b(?:" + "|".join(sorted(PHRASES, key=len, reverse=True)) + r")\b")
_LONE_LETTERS = re.compile(r"\b\w(?: \w\b)+")
# The initials of words that replace a phrase: "us" for "united states".
_PHRASE_INITIALS = {word: "".join(part[0] for part in phrase.split()) for phrase, word in PHRASES.items() if " " in phrase}
_PHRASE_INITIALS["us"] = "us"
_ORDINAL = re.compile(r"(\d++)(?:st|nd|rd|th)?")


class NormalizedName(Struct, frozen=True, gc=False):
    """`text` is the name as written, `words` are its normalized words in order, without small words and legal forms.

    `stated_acronym`: the record lists the name as an acronym.
    """

    text: str
    words: tuple[str, ...]
    stated_acronym: bool = False

    @property
    def is_acronym(self) -> bool:
        """Whether the name may be an acronym: it is listed as one, or is a single short word."""
        return self.stated_acronym or (len(self.words) == 1 and looks_like_acronym(self.words[0]))

    @property
    def initials(self) -> str:
        """The initials of its words as one normalized word; "" for fewer than three words. Small words have no initial."""
        return normalize_word(join_initials(self.words)) if len(self.words) >= MIN_ACRONYM_LENGTH else ""


def looks_like_acronym(word: str) -> bool:
    return MIN_ACRONYM_LENGTH <= len(word) <= MAX_ACRONYM_LENGTH and word.isalpha()


def parse_name_variants(name: str) -> Iterator[NormalizedName]:
    """Yield the current name, then other names that the text contains; nothing for a text without a letter or digit.

    Examples are "X (formerly Y)", "Y d/b/a X" and "Long Name (LN)".
    """
    parts = [part for trading in reversed(_TRADING_AS.split(name)) for part in _OTHER_NAME.split(trading)]
    for part in parts:
        variant = normalize_name((part.strip(_SEPARATORS) or part) if len(parts) > 1 else part)
        if variant is not None:
            acronym = _find_own_acronym(variant)
            yield remove_word(variant, acronym) if acronym else variant
            if acronym:
                yield NormalizedName(acronym.upper(), (acronym,), True)


def normalize_name(name: str) -> NormalizedName | None:
    """Normalize a name; None if it has no letter or digit."""
    folded_words = _split_words(name)
    words = tuple([normalize_word(word) for word in folded_words if word not in SMALL_WORDS]) or tuple(folded_words)
    return NormalizedName(name, words) if words else None


@lru_cache(maxsize=WORD_CACHE_SIZE)
def normalize_word(word: str) -> str:
    """Return the word spelled out and in the singular; a number in digits; "" for ""."""
    word = NUMBER_WORDS.get(word) or SHORT_FORMS.get(word, word)
    if word[:1].isdigit():
        ordinal = _ORDINAL.fullmatch(word)
        return (ordinal[1].lstrip("0") or "0") if ordinal else word
    return SHORT_FORMS.get(_to_singular(word), _to_singular(word))


def remove_word(name: NormalizedName, word: str) -> NormalizedName:
    return NormalizedName(name.text, tuple(other for other in name.words if other != word))


@lru_cache(maxsize=WORD_CACHE_SIZE)
def is_number(word: str) -> bool:
    return any(character.isdigit() for character in word)


@lru_cache(maxsize=WORD_CACHE_SIZE)
def is_deriving_word(word: str) -> bool:
    """Return whether adding this word to a name makes it the name of another organization."""
    return word in DERIVING_WORDS or is_number(word)


def join_initials(words: Sequence[str]) -> str:
    return "".join([_PHRASE_INITIALS.get(word) or word[0] for word in words])


def _split_words(name: str) -> list[str]:
    """Return the folded words without the legal form at the end."""
    folded = fold(name)
    if " " in folded:
        folded = _PHRASE.sub(lambda phrase: PHRASES[phrase[0]], folded)
        folded = _LONE_LETTERS.sub(lambda letters: letters[0].replace(" ", ""), folded)
    words = folded.split()[:MAX_WORDS]
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return words


def _to_singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def _find_own_acronym(name: NormalizedName) -> str | None:
    """Return the first or last word if it is the acronym of the others, as in "NLC National Law Center"; otherwise None."""
    if len(name.words) <= MIN_ACRONYM_LENGTH:
        return None
    for word, others in ((name.words[0], name.words[1:]), (name.words[-1], name.words[:-1])):
        if word[0] == others[0][0] and looks_like_acronym(word) and word == normalize_word(join_initials(others)):
            return word
    return None
