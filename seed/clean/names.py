"""Names in one case, as people write them: "UNITED TENANTS OF THE SOUTH LLC" is "United Tenants of the South LLC"."""

import re
from functools import lru_cache

from seed.clean.casing import has_single_case, recase_word
from seed.clean.name_words import (
    ARTICLES,
    BEFORE_ARTICLES,
    GIVEN_NAMES,
    PLACES_WITH_ARTICLE,
    SMALL_WORDS,
    STATES,
    TITLES,
    WORDLIKE_STATES,
    WORDS_BEFORE_US,
)

NAME_CACHE_SIZE = 1 << 14  # names; files name one organization, city and street in many rows

_POSSIBLY_SMALL = frozenset(word.upper() for word in (*SMALL_WORDS, *ARTICLES, "a", "e", "y"))
_NAME_SIGNS = re.compile(r"[^\w&]+", re.UNICODE)
_PHRASE_ENDINGS = (":", ";", "!", "?", "–", "—", "-", "/", "(", '"', "“")


@lru_cache(maxsize=NAME_CACHE_SIZE)
def recase_name(name: str) -> str:
    """The name with capitals where people set them, blanks run together; a name that has both cases is given back as it is.

    Known acronyms, words that nobody could speak and Roman numerals stay in capitals; whether a short word is an acronym that
    is spoken ("HOPE") nobody can know, and it becomes a word.
    """
    words = name.split()
    if not has_single_case(name):
        return " ".join(words)
    upper = [word.upper() for word in words]
    bare = [_NAME_SIGNS.sub("", word) for word in upper]
    return " ".join(_recase_name_word(upper, bare, position) for position in range(len(words)))


def _recase_name_word(words: list[str], bare: list[str], position: int) -> str:
    """The word at that position: small or in capitals for what stands around it, or as it is written alone."""
    core, last = bare[position], position == len(words) - 1
    before = bare[position - 1] if position else ""
    after = "" if last else bare[position + 1]
    if core == "US":
        return "Us" if before in WORDS_BEFORE_US and (last or before != "WITH") else words[position]
    if _is_state(words, bare, position):
        return words[position]
    within = position and not last and core in _POSSIBLY_SMALL
    if within and _is_small_word(core.lower(), before, after, bare[:position], words[position - 1]):
        return words[position].lower()
    return recase_word(words[position])


def _is_state(words: list[str], bare: list[str], position: int) -> bool:
    core = bare[position]
    if position == 0 or not (position == len(words) - 1 or core in ("VA", "DC")):
        return False
    said = words[position - 1].endswith(",") or bare[position - 1] == "OF" or words[position].startswith("(")
    return core in STATES or (core in WORDLIKE_STATES and said)


def _is_small_word(core: str, before: str, after: str, earlier: list[str], word_before: str) -> bool:
    if word_before.endswith(_PHRASE_ENDINGS):
        return False
    if core in ARTICLES:
        return before.lower() in BEFORE_ARTICLES and (core.upper(), after) not in PLACES_WITH_ARTICLE
    if core == "a":
        return len(before) > 1 and len(after) > 1 and not _follows_given_name(earlier)
    if core in ("y", "e"):
        return len(before) > 1 and len(after) > 1 and core == "y" and before not in ("GEN", "GENERATION", "THE", *GIVEN_NAMES)
    return core in SMALL_WORDS


def _follows_given_name(earlier: list[str]) -> bool:
    return earlier[-1] in GIVEN_NAMES or not TITLES.isdisjoint(earlier)
