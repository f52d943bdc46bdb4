"""`Place`, an entry of the gazetteer, and the keys under which names are looked up."""

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
