"""Keys of place names: under which spelling a place is filed and looked up."""

import re

from directory.text import fold

_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_SPLIT_PREFIX = re.compile(r"\b(mc|o|d|l) (?=[a-z]{2})")  # "Mc Lean", "O Fallon", "Coeur D Alene", as the post writes them
_TRIGGER_WORDS = frozenset({*_ABBREVIATIONS, "mc", "o", "d", "l"})


def place_key(name: str) -> str:
    """The folded name, with "St." as "saint" and the post's split "Mc Lean" joined; "" for a name without letters."""
    return folded_key(fold(name))


def folded_key(folded: str) -> str:
    """`place_key` of a name that is folded already."""
    if _TRIGGER_WORDS.isdisjoint(folded.split()):
        return folded
    words = _SPLIT_PREFIX.sub(r"\1", folded).split()
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


def county_key(name: str) -> str:
    """The key of a county's name, blanks left out: "De Kalb County" and "DeKalb County" are one."""
    return place_key(name).replace(" ", "")
