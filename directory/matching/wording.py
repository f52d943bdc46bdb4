"""The wording of a name: its words in the one form in which names are compared."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from directory.matching.word_lists import DERIVING, LEGAL_FORMS, NUMBERS, PHRASES, SHORT_FORMS, SMALL_WORDS
from directory.text import fold

ACRONYM_LONGEST = 8  # letters
ACRONYM_SHORTEST = 3
WORDS_MOST = 24  # of a name that count; the cost of comparing grows with their square
WORDS_KEPT = 1 << 16

_APART = r"(?<=[\s(,;:/|-])(?:{})(?![\w/])"
_OTHER_NAME = re.compile(
    _APART.format(
        r"formerly(?: known as| called)?|previously(?: known as)?|f\.?/?k\.?/?a\.?|a\.?/?k\.?/?a\.?|also known as"
        r"|antes|conocid[oa] como"
    ),
    re.IGNORECASE,
)
_TRADING_AS = re.compile(_APART.format(r"d\.?/?b\.?/?a\.?|t/a|doing business as|now known as"), re.IGNORECASE)
_BETWEEN = " ()[],;:./|-"
_PHRASE = re.compile(r"\b(?:" + "|".join(sorted(PHRASES, key=len, reverse=True)) + r")\b")
_LONE_LETTERS = re.compile(r"\b\w(?: \w\b)+")
# of words that stand for several: "us" for "united states"
_LETTERS = {word: "".join(part[0] for part in phrase.split()) for phrase, word in PHRASES.items() if " " in phrase}
_LETTERS["us"] = "us"
_ORDINAL = re.compile(r"(\d++)(?:st|nd|rd|th)?")


class Wording(Struct, frozen=True, gc=False):
    """`text` is the name as written, `words` its words in their one form without small words and legal forms, in its order.

    `stated_acronym`: somebody says that it is one.
    """

    text: str
    words: tuple[str, ...]
    stated_acronym: bool = False

    @property
    def is_acronym(self) -> bool:
        """Whether it may be one: a single word of few letters, or what is said to be one."""
        return self.stated_acronym or (len(self.words) == 1 and is_like_acronym(self.words[0]))

    @property
    def initials(self) -> str:
        """Those of its words, as a word of `words` is spelled; "" for fewer than three words. Acronyms leave small words out."""
        return canonical(initials_of(self.words)) if len(self.words) >= ACRONYM_SHORTEST else ""


def is_like_acronym(word: str) -> bool:
    return ACRONYM_SHORTEST <= len(word) <= ACRONYM_LONGEST and word.isalpha()


def wordings(name: str) -> Iterator[Wording]:
    """The wordings of a name: by which it goes now, then others that it brings itself.

    "X (formerly Y)", "Y d/b/a X", "Long Name (LN)". None for a name without a letter or digit.
    """
    parts = [part for trading in reversed(_TRADING_AS.split(name)) for part in _OTHER_NAME.split(trading)]
    for part in parts:
        made = wording((part.strip(_BETWEEN) or part) if len(parts) > 1 else part)
        if made is not None:
            acronym = _own_acronym(made)
            yield wording_without(made, acronym) if acronym else made
            if acronym:
                yield Wording(acronym.upper(), (acronym,), True)


def wording(name: str) -> Wording | None:
    """None for a name without a letter or digit."""
    written = _written(name)
    words = tuple([canonical(word) for word in written if word not in SMALL_WORDS]) or tuple(written)
    return Wording(name, words) if words else None


@lru_cache(maxsize=WORDS_KEPT)
def canonical(word: str) -> str:
    """The word spelled out, in the singular; a number in figures. "" for ""."""
    word = NUMBERS.get(word) or SHORT_FORMS.get(word, word)
    if word[:1].isdigit():
        ordinal = _ORDINAL.fullmatch(word)
        return (ordinal[1].lstrip("0") or "0") if ordinal else word
    return SHORT_FORMS.get(_singular(word), _singular(word))


def wording_without(made: Wording, word: str) -> Wording:
    return Wording(made.text, tuple(one for one in made.words if one != word))


@lru_cache(maxsize=WORDS_KEPT)
def is_number(word: str) -> bool:
    return any(character.isdigit() for character in word)


@lru_cache(maxsize=WORDS_KEPT)
def derives(word: str) -> bool:
    """Whether a name with this word more is that of another organization."""
    return word in DERIVING or is_number(word)


def initials_of(words: Sequence[str]) -> str:
    return "".join([_LETTERS.get(word) or word[0] for word in words])


def _written(name: str) -> list[str]:
    """The words as written, without a legal form at the end."""
    folded = fold(name)
    if " " in folded:
        named = _PHRASE.sub(lambda found: PHRASES[found[0]], folded)
        folded = _LONE_LETTERS.sub(lambda letters: letters[0].replace(" ", ""), named)
    written = folded.split()[:WORDS_MOST]
    while len(written) > 1 and written[-1] in LEGAL_FORMS:
        written.pop()
    return written


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > 4 else word[:-1]


def _own_acronym(made: Wording) -> str | None:
    """Its first or last word where that is the acronym of all the others: "NLC National Law Center"."""
    if len(made.words) <= ACRONYM_SHORTEST:
        return None
    for word, others in ((made.words[0], made.words[1:]), (made.words[-1], made.words[:-1])):
        if is_like_acronym(word) and word == canonical(initials_of(others)):
            return word
    return None
