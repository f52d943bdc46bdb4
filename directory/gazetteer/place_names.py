"""Parse the names of places: ZIP codes, abbreviations, and names that end in a state."""

import re
from collections.abc import Iterator
from functools import lru_cache

from directory.gazetteer.place import make_place_key
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

MAX_STATE_WORDS = 6  # the most words in the name of a state
_POSTAL_CODE = re.compile(r"\s*(\d{5})(?:-\d{4})?\s*", re.ASCII)


def parse_postal_code(words: str) -> str | None:
    """Return the five digits of a ZIP or ZIP+4 code, None for other texts."""
    match = _POSTAL_CODE.fullmatch(words)
    return match[1] if match else None


@lru_cache(maxsize=1)
def load_state_names() -> dict[str, str]:
    """Return the codes of states by abbreviation, English name and Spanish name."""
    codes_by_name: dict[str, str] = {}
    for region in REGIONS.list_of_kind(RegionKind.STATE):
        if region.code.startswith("US-"):
            names = (region.code[3:], region.name, region.name_es or region.name)
            codes_by_name.update({make_place_key(name): region.code for name in names})
    return codes_by_name


def split_name_and_state(key: str) -> Iterator[tuple[str, str]]:
    """Yield every way to split the key into a name and a state: "atlanta ga" gives ("atlanta", "US-GA")."""
    states, words = load_state_names(), key.split()
    for cut in range(max(1, len(words) - MAX_STATE_WORDS), len(words)):
        state = states.get(" ".join(words[cut:]))
        if state:
            yield " ".join(words[:cut]), state


def is_abbreviation(short: list[str], long: list[str]) -> bool:
    """Whether each word equals the other's or only leaves out letters after the first: "atlantic bch"."""
    return (
        short != long and len(short) == len(long) and all(_is_word_abbreviation(*pair) for pair in zip(short, long, strict=True))
    )


def _is_word_abbreviation(short: str, long: str) -> bool:
    remaining_letters = iter(long[1:])
    return short[0] == long[0] and all(letter in remaining_letters for letter in short[1:])
