"""The wording of a name: its words in the one form in which names are compared."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from directory.matching.word_lists import DERIVING_WORDS, LEGAL_FORMS, NUMBER_WORDS, PHRASES, SHORT_FORMS, SMALL_WORDS
from directory.text import fold

MAX_ACRONYM_LENGTH = 8  # letters
MIN_ACRONYM_LENGTH = 3
MAX_WORDS = 24  # of a name that count; the cost of comparing grows with their square
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
# of words that stand for several: "us" for "united states"
_PHRASE_INITIALS = {word: "".join(part[0] for part in phrase.split()) for phrase, word in PHRASES.items() if " " in phrase}
_PHRASE_INITIALS["us"] = "us"
_ORDINAL = re.compile(r"(\d++)(?:st|nd|rd|th)?")


class NormalizedName(Struct, frozen=True, gc=False):
    """`text` is the name as written, `words` its words in their one form without small words and legal forms, in its order.

    `stated_acronym`: somebody says that it is one.
    """

    text: str
    words: tuple[str, ...]
    stated_acronym: bool = False

    @property
    def is_acronym(self) -> bool:
        """Whether it may be one: a single word of few letters, or what is said to be one."""
        return self.stated_acronym or (len(self.words) == 1 and looks_like_acronym(self.words[0]))

    @property
    def initials(self) -> str:
        """Those of its words, as a word of `words` is spelled; "" for fewer than three words. Acronyms leave small words out."""
        return normalize_word(join_initials(self.words)) if len(self.words) >= MIN_ACRONYM_LENGTH else ""


def looks_like_acronym(word: str) -> bool:
    return MIN_ACRONYM_LENGTH <= len(word) <= MAX_ACRONYM_LENGTH and word.isalpha()


def parse_name_variants(name: str) -> Iterator[NormalizedName]:
    """The wordings of a name: by which it goes now, then others that it brings itself.

    "X (formerly Y)", "Y d/b/a X", "Long Name (LN)". None for a name without a letter or digit.
    """
    parts = [part for trading in reversed(_TRADING_AS.split(name)) for part in _OTHER_NAME.split(trading)]
    for part in parts:
        made = normalize_name((part.strip(_SEPARATORS) or part) if len(parts) > 1 else part)
        if made is not None:
            acronym = _find_own_acronym(made)
            yield remove_word(made, acronym) if acronym else made
            if acronym:
                yield NormalizedName(acronym.upper(), (acronym,), True)


def normalize_name(name: str) -> NormalizedName | None:
    """None for a name without a letter or digit."""
    written = _split_words(name)
    words = tuple([normalize_word(word) for word in written if word not in SMALL_WORDS]) or tuple(written)
    return NormalizedName(name, words) if words else None


@lru_cache(maxsize=WORD_CACHE_SIZE)
def normalize_word(word: str) -> str:
    """The word spelled out, in the singular; a number in figures. "" for ""."""
    word = NUMBER_WORDS.get(word) or SHORT_FORMS.get(word, word)
    if word[:1].isdigit():
        ordinal = _ORDINAL.fullmatch(word)
        return (ordinal[1].lstrip("0") or "0") if ordinal else word
    return SHORT_FORMS.get(_to_singular(word), _to_singular(word))


def remove_word(name: NormalizedName, word: str) -> NormalizedName:
    return NormalizedName(name.text, tuple(one for one in name.words if one != word))


@lru_cache(maxsize=WORD_CACHE_SIZE)
def is_number(word: str) -> bool:
    return any(character.isdigit() for character in word)


@lru_cache(maxsize=WORD_CACHE_SIZE)
def is_deriving_word(word: str) -> bool:
    """Whether a name with this word more is that of another organization."""
    return word in DERIVING_WORDS or is_number(word)


def join_initials(words: Sequence[str]) -> str:
    return "".join([_PHRASE_INITIALS.get(word) or word[0] for word in words])


def _split_words(name: str) -> list[str]:
    """The words as written, without a legal form at the end."""
    folded = fold(name)
    if " " in folded:
        named = _PHRASE.sub(lambda found: PHRASES[found[0]], folded)
        folded = _LONE_LETTERS.sub(lambda letters: letters[0].replace(" ", ""), named)
    written = folded.split()[:MAX_WORDS]
    while len(written) > 1 and written[-1] in LEGAL_FORMS:
        written.pop()
    return written


def _to_singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def _find_own_acronym(name: NormalizedName) -> str | None:
    """Its first or last word where that is the acronym of all the others: "NLC National Law Center"."""
    if len(name.words) <= MIN_ACRONYM_LENGTH:
        return None
    for word, others in ((name.words[0], name.words[1:]), (name.words[-1], name.words[:-1])):
        if looks_like_acronym(word) and word == normalize_word(join_initials(others)):
            return word
    return None
