"""Streets and cities in one case, as people write them: "1200 MLK JR BLVD NW STE 4B" is "1200 MLK Jr Blvd NW Ste 4B"."""

import re
from functools import lru_cache

from directory.text import fold
from seed.clean.casing import cased_word, in_one_case
from seed.clean.name_words import ARTICLES, BEFORE_ARTICLES, ENDINGS, IN_CAPITALS, STATES

REMEMBERED = 1 << 15  # streets and cities

_SMALL = frozenset({"and", "at", "by", "de", "del", "in", "of", "on", "the", "y"})
_MC_APART = re.compile(r"\bMC ([A-Z]{3,})")  # as the post prints McLean
_SIGNS = re.compile(r"[^\w.]+")


@lru_cache(maxsize=REMEMBERED)
def place_cased(text: str) -> str:
    """A street or a city with capitals where people set them; a text that has both cases is given back, blanks run together."""
    words = text.split()
    if not in_one_case(text):
        return " ".join(words)
    words = _MC_APART.sub(r"MC\1", " ".join(words).upper()).split()
    bare = [_SIGNS.sub("", word) for word in words]
    return " ".join(_in_place(words[position], bare, position) for position in range(len(words)))


def _in_place(word: str, bare: list[str], position: int) -> str:
    core, last = bare[position], position == len(bare) - 1
    if core in IN_CAPITALS or (last and position and core in STATES and core not in ENDINGS):
        return word
    if position and not last and (core.lower() in _SMALL or _is_article(core, bare[position - 1])):
        return word.lower()
    if core.rstrip(".") in ENDINGS:
        return word.capitalize() if word[:1].isalpha() else word[:1] + word[1:].capitalize()
    return cased_word(word)


def _is_article(core: str, before: str) -> bool:
    return core.lower() in ARTICLES and fold(before) in BEFORE_ARTICLES
