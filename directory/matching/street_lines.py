"""Street lines, parsed into the form in which addresses are compared."""

import re
import tomllib
from pathlib import Path

from msgspec import Struct
from rapidfuzz import fuzz

from directory.matching.word_lists import NUMBER_WORDS
from directory.text import fold

MIN_NAME_RATIO = 85  # the rapidfuzz ratio (0 to 100) of two street names: one or two letters in ten may differ

_TABLES = tomllib.loads(Path(__file__).with_name("streets.toml").read_text(encoding="utf-8"))
_KINDS = {form: kind for kind, forms in _TABLES["kinds"].items() for form in (kind, *forms.split())}
_DIRECTIONS = {form: short for short, form in _TABLES["directions"].items()} | {short: short for short in _TABLES["directions"]}
_UNIT = re.compile(
    r"(?:#|\b(?:suite|ste|unit|apt|apartment|room|rm|floor|fl|bldg|building|no)\b\.?)\s*#?\s*([\w-]*)", re.IGNORECASE
)
_FLOOR = re.compile(r"\b\d+(?:st|nd|rd|th)\s+(?:floor|fl)\b", re.IGNORECASE)
_BOX = re.compile(r"\b(?:p\.?\s*+o\.?\s*+|post\s++office\s++)(?:box|bx)\s*+(?:#\s*+)?(\w++)", re.IGNORECASE)
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_NUMBER = re.compile(r"\d+[a-z]?")


class StreetAddress(Struct, frozen=True, gc=False):
    """A building or unit: `kind` is st or ave, `direction` the part of town (nw); unknown parts are ""."""

    number: str
    name: str
    kind: str = ""
    direction: str = ""
    unit: str = ""

    @property
    def key(self) -> str:
        """A key that is the same for different spellings of one address."""
        return f"{self.number} {self.name[:4]}"


def parse_street(line: str | None) -> StreetAddress | None:
    """Parse a street line; None without a house number, because a street alone identifies no building."""
    if not line:
        return None
    box = _BOX.search(line)
    if box:
        return StreetAddress(box[1].lower(), "box")
    unit = _UNIT.search(line)
    words = fold(_UNIT.sub(" ", _FLOOR.sub(" ", line))).split()
    words = [NUMBER_WORDS.get(words[0], words[0]), *words[1:]] if words else []
    if len(words) < 2 or not _NUMBER.fullmatch(words[0]):
        return None
    return _build_street(words[0], words[1:], unit[1].lower() if unit else "")


def is_same_building(one: StreetAddress, other: StreetAddress) -> bool:
    """Return whether two addresses are the same building in spite of different spellings. Units are ignored."""
    if one.number != other.number or are_different(one.direction, other.direction) or are_different(one.kind, other.kind):
        return False
    return one.name == other.name or _is_prefix(one.name, other.name) or _are_names_similar(one.name, other.name)


def is_other_unit(one: StreetAddress, other: StreetAddress) -> bool:
    """Return whether both addresses have a suite, floor or room, and these differ."""
    return are_different(one.unit, other.unit)


def _build_street(number: str, words: list[str], unit: str) -> StreetAddress | None:
    words = words[1:] if len(words) > 2 and _NUMBER.fullmatch(words[0]) and not words[0][-1].isalpha() else words  # "123-125"
    name: list[str] = []
    kind = direction = ""
    for word, following in zip(words, (*words[1:], ""), strict=True):
        if word in _DIRECTIONS and (name or following not in _KINDS):  # "E St" and "North Ave" are names
            direction = direction or _DIRECTIONS[word]
        elif word in _KINDS and name:
            kind = _KINDS[word]
        elif not kind:  # words after the kind are a crossing, a mall or a floor
            name.append(_DIRECTIONS.get(word) or _normalize_word(word))
    return StreetAddress(number, " ".join(name), kind, direction, unit) if name else None


def _normalize_word(word: str) -> str:
    word = NUMBER_WORDS.get(word, word)
    ordinal = _ORDINAL.fullmatch(word)
    return ordinal[1] if ordinal else word


def _are_names_similar(one: str, other: str) -> bool:
    digits = [name for name in (one, other) if any(character.isdigit() for character in name)]
    return not digits and fuzz.ratio(one, other) >= MIN_NAME_RATIO


def _is_prefix(one: str, other: str) -> bool:
    return f"{one} ".startswith(f"{other} ") or f"{other} ".startswith(f"{one} ")


def are_different(one: str, other: str) -> bool:
    """Return whether both values are known and differ."""
    return bool(one and other and one != other)
