"""Which place a phrase of running text means: a region, or a city or ZIP code of the United States."""

from functools import cache
from typing import TypeAlias

from directory.errors import AmbiguousPlace, UnknownPlace
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place, PlaceKind
from directory.text import fold
from directory.understanding.function_words import PhraseTable
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS

LARGE_CITY_POSTAL_CODES = 10  # standard postal codes, from which a city's bare name is a place
STATE_ABBREVIATION_LENGTH = 2
MAX_MISSPELLED_WORDS = 2

PlaceOrRegion: TypeAlias = Place | str
"""A city or ZIP code as a Place, a region by its code."""


def resolve_place_phrase(text: str, folded: str) -> PlaceOrRegion | None:
    """The place of a phrase after a word about place; None when there is none of that name. Raises AmbiguousPlace.

    "in", "or" and "me" are states only when written IN, OR and ME. A country comes before a small town of its name.
    """
    if len(folded) <= STATE_ABBREVIATION_LENGTH and not text.isupper():
        return None
    codes = REGIONS.phrases().get(folded, ())
    abroad = codes[0] if codes and not is_in_united_states(codes[0]) else None
    try:
        found = get_gazetteer().find_exact_id(text)
    except AmbiguousPlace:
        if abroad is None:
            raise
        return abroad
    if found is None:
        return abroad
    place = get_gazetteer().get_place(found) if found.startswith(("city:", "zip:")) else None
    if abroad and not (place and is_prominent_place(place)):
        return abroad
    return place or found.partition(":")[2]


@cache
def get_us_region_phrases() -> PhraseTable[None]:
    """The names of the regions of the United States, as running text has them."""
    return PhraseTable({phrase: None for phrase, codes in REGIONS.phrases().items() if is_in_united_states(codes[0])})


def is_in_united_states(code: str) -> bool:
    return code == HOME_COUNTRY or HOME_COUNTRY in REGIONS.containing_codes(code)


def find_narrowest_region(place: PlaceOrRegion) -> str:
    """The narrowest region that all of a place lies in: of a city that is a region by itself, that region.

    New York is the region New York City and Washington the District of Columbia; Chicago lies in Cook County, Oakland in
    Alameda County, San Francisco, whose postal codes reach into two counties, in the Bay Area, and Atlanta in Georgia.
    """
    return place if isinstance(place, str) else find_city_region(place) or place.regions[0]


def find_city_region(place: Place) -> str | None:
    """The region that a city is by itself, as one county, as several or as a district; None for any other place."""
    if place.kind is not PlaceKind.CITY or not place.city or not place.state:
        return None
    if REGIONS.contained_codes(place.state, RegionKind.COUNTY) == place.regions[:1]:
        return place.state
    name = fold(place.city)
    called = (code for code in place.regions if not _list_region_names(code).isdisjoint((name, f"{name} city")))
    return next((code for code in called if REGIONS.require(code).kind in (RegionKind.COUNTY, RegionKind.CUSTOM)), None)


def _list_region_names(code: str) -> set[str]:
    region = REGIONS.require(code)
    return {fold(name) for name in (region.name, *region.aliases)}


def suggest_places(words: str) -> tuple[str, tuple[str, ...]] | None:
    """The first or first two of the words, and the places that are spelled almost so; None when none is. Takes some 50 ms."""
    said = words.split()
    for length in range(min(len(said), MAX_MISSPELLED_WORDS), 0, -1):
        try:
            get_gazetteer().resolve(phrase := " ".join(said[:length]))
        except UnknownPlace as refusal:
            if places := refusal.params["suggestions"]:
                return phrase, tuple(places)  # type: ignore[arg-type]
        except AmbiguousPlace:
            continue
    return None


def is_prominent_place(place: PlaceOrRegion) -> bool:
    """Whether it is what most people mean by the name, even where that is also a theme."""
    return isinstance(place, str) or place.kind is PlaceKind.POSTAL_CODE or place.postal_codes >= LARGE_CITY_POSTAL_CODES


def is_county(place: PlaceOrRegion) -> bool:
    return isinstance(place, str) and REGIONS.require(place).kind is RegionKind.COUNTY
