"""`Place`, an entry of the gazetteer, the keys under which names are looked up, and the parts of names."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

from directory.geo import Point
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS


class PlaceKind(StrEnum):
    POSTAL_CODE = "POSTAL_CODE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    STATE = "STATE"
    REGION = "REGION"


class Place(Struct, frozen=True):
    """A place in the United States, derived from postal codes.

    id            stable: "zip:30312", "city:US-GA:atlanta", "county:US-GA-121", "state:US-GA", "region:BAY-AREA"
    name          "30312", "Atlanta, GA", "Fulton County, GA", "Georgia"; looking it up finds this place again
    point         the centroid of a postal code; for others, the mean on the sphere of the centroids of their standard
                  postal codes, or of all their codes if none is standard
    radius_km     from the point to the farthest centroid of all its codes, at least MIN_RADIUS_KM of its kind
    regions       codes of the regions that contain the whole place, narrowest first; for a region, its own first.
                  A city in several counties has no county here
    postal_codes  the number of its standard postal codes in use, a measure of its size
    city          the name of the city without its state; None for a county and larger
    state         the code of the state; None for a region in several states
    county        the code of the county; None if the place lies in several or the county is unknown
    """

    id: str
    name: str
    kind: PlaceKind
    point: Point
    radius_km: float
    regions: tuple[str, ...]
    postal_codes: int
    city: str | None = None
    state: str | None = None
    county: str | None = None
    aliases: tuple[str, ...] = ()


# The data does not contain the size of a postal code. Measured: the distance from the centroid of a standard code to the
# nearest other one has a median of 7 km and a 90th percentile of 14 km. So 5 km is about right in towns, too small elsewhere.
MIN_RADIUS_KM = {
    PlaceKind.POSTAL_CODE: 5.0,
    PlaceKind.CITY: 5.0,
    PlaceKind.COUNTY: 10.0,
    PlaceKind.STATE: 10.0,
    PlaceKind.REGION: 10.0,
}


_ABBREVIATIONS = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_SPLIT_PREFIX = re.compile(r"\b(mc|o|d|l) (?=[a-z]{2})")  # the Postal Service writes "Mc Lean", "O Fallon", "Coeur D Alene"
MAX_STATE_WORDS = 6  # the most words in the name of a state
_POSTAL_CODE = re.compile(r"\s*(\d{5})(?:-\d{4})?\s*", re.ASCII)
_TRIGGER_WORDS = frozenset({*_ABBREVIATIONS, "mc", "o", "d", "l"})


def make_place_key(name: str) -> str:
    """Return the folded name, with "St." as "saint" and "Mc Lean" as "mclean". "" for a name without letters."""
    return make_key_from_folded(fold(name))


def make_key_from_folded(folded: str) -> str:
    """Return `make_place_key` of a name that is already folded."""
    if _TRIGGER_WORDS.isdisjoint(folded.split()):
        return folded
    words = _SPLIT_PREFIX.sub(r"\1", folded).split()
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


def make_county_key(name: str) -> str:
    """Return the key of a county's name, without spaces: "De Kalb County" and "DeKalb County" have the same key."""
    return make_place_key(name).replace(" ", "")


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
