"""Place: what the gazetteer answers."""

import re
from enum import StrEnum

from msgspec import Struct

from directory.geo import Point
from directory.text import fold


class PlaceKind(StrEnum):
    POSTAL_CODE = "POSTAL_CODE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    STATE = "STATE"
    REGION = "REGION"


class Place(Struct, frozen=True):
    """A place in the United States as postal codes tell it.

    id            stable: "zip:30312", "city:US-GA:atlanta", "county:US-GA-121", "state:US-GA", "region:BAY-AREA"
    name          "30312", "Atlanta, GA", "Fulton County, GA", "Georgia"; asking for it finds this place again
    point         of a postal code its centroid; else the mean on the sphere of the centroids of its standard postal
                  codes, or of all its codes when it has no standard one
    radius_km     from the point to the farthest centroid of all its codes, and never below FLOOR_KM of its kind
    regions       codes of every region in which the whole place lies, narrowest first; its own first if it is a region.
                  A city over several counties has no county
    postal_codes  how many standard ones in use it has: the measure of its size
    city          the name of the city without its state; None for a county and wider
    state         the code of the state; None for a region over several
    county        the code of the county; None when it lies in several or the county is not known
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


# How far a postal code reaches is not in the data. From one standard code's centroid to the nearest other it is 7 km in the
# median and 14 km for the most scattered tenth (measured), so 5 km is about right in towns and too little in the country.
MIN_RADIUS_KM = {
    PlaceKind.POSTAL_CODE: 5.0,
    PlaceKind.CITY: 5.0,
    PlaceKind.COUNTY: 10.0,
    PlaceKind.STATE: 10.0,
    PlaceKind.REGION: 10.0,
}


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
