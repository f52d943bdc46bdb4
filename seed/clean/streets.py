"""Streets and cities in one case, as people write them: "1200 MLK JR BLVD NW STE 4B" is "1200 MLK Jr Blvd NW Ste 4B"."""

import re
from functools import lru_cache

from directory.text import fold
from seed.clean.casing import has_single_case, recase_word
from seed.clean.name_words import ARTICLES, BEFORE_ARTICLES, CAPITALIZED_STREET_WORDS, STATES, STREET_ENDINGS

PLACE_CACHE_SIZE = 1 << 15  # streets and cities

_SMALL_PLACE_WORDS = frozenset({"and", "at", "by", "de", "del", "in", "of", "on", "the", "y"})
_SEPARATED_MC = re.compile(r"\bMC ([A-Z]{3,})")  # as the post prints McLean
_PLACE_SIGNS = re.compile(r"[^\w.]+")


@lru_cache(maxsize=PLACE_CACHE_SIZE)
def recase_place(text: str) -> str:
    """A street or a city with capitals where people set them; a text that has both cases is given back, blanks run together."""
    words = text.split()
    if not has_single_case(text):
        return " ".join(words)
    words = _SEPARATED_MC.sub(r"MC\1", " ".join(words).upper()).split()
    bare = [_PLACE_SIGNS.sub("", word) for word in words]
    return " ".join(_recase_place_word(words[position], bare, position) for position in range(len(words)))


def _recase_place_word(word: str, bare: list[str], position: int) -> str:
    core, last = bare[position], position == len(bare) - 1
    if core in CAPITALIZED_STREET_WORDS or (last and position and core in STATES and core not in STREET_ENDINGS):
        return word
    if position and not last and (core.lower() in _SMALL_PLACE_WORDS or _is_article(core, bare[position - 1])):
        return word.lower()
    if core.rstrip(".") in STREET_ENDINGS:
        return word.capitalize() if word[:1].isalpha() else word[:1] + word[1:].capitalize()
    return recase_word(word)


def _is_article(core: str, before: str) -> bool:
    return core.lower() in ARTICLES and fold(before) in BEFORE_ARTICLES
