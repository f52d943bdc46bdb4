"""Look up the place that a phrase in running text means: a region, or a city or ZIP code in the United States."""

from functools import cache
from typing import TypeAlias

from directory.errors import AmbiguousPlace, UnknownPlace
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place, PlaceKind
from directory.text import fold
from directory.understanding.function_words import PhraseTable
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS

LARGE_CITY_POSTAL_CODES = 10  # standard postal codes; the name of a smaller city needs a word like "near" or its state
STATE_ABBREVIATION_LENGTH = 2
MAX_MISSPELLED_WORDS = 2

PlaceOrRegion: TypeAlias = Place | str
"""A city or ZIP code as a Place, a region by its code."""


def resolve_place_phrase(text: str, folded: str) -> PlaceOrRegion | None:
    """Return the place with this name, None if there is none. Raises AmbiguousPlace.

    "in", "or" and "me" mean states only if written IN, OR and ME. A country comes before a small town of the same name.
    """
    if len(folded) <= STATE_ABBREVIATION_LENGTH and not text.isupper():
        return None
    codes = REGIONS.phrases().get(folded, ())
    foreign_code = codes[0] if codes and not is_in_united_states(codes[0]) else None
    try:
        place_id = get_gazetteer().find_exact_id(text)
    except AmbiguousPlace:
        if foreign_code is None:
            raise
        return foreign_code
    if place_id is None:
        return foreign_code
    place = get_gazetteer().get_place(place_id) if place_id.startswith(("city:", "zip:")) else None
    if foreign_code and not (place and is_prominent_place(place)):
        return foreign_code
    return place or place_id.partition(":")[2]


@cache
def get_us_region_phrases() -> PhraseTable[None]:
    """Return the names of the regions in the United States."""
    return PhraseTable({phrase: None for phrase, codes in REGIONS.phrases().items() if is_in_united_states(codes[0])})


def is_in_united_states(code: str) -> bool:
    return code == HOME_COUNTRY or HOME_COUNTRY in REGIONS.containing_codes(code)


def find_narrowest_region(place: PlaceOrRegion) -> str:
    """Return the code of the narrowest region that contains the whole place. A city may itself be a region.

    New York is the region New York City, and Washington is the District of Columbia. Chicago is in Cook County and Oakland in
    Alameda County. Atlanta is in Georgia, and San Francisco in the Bay Area, because their postal codes lie in several counties.
    """
    return place if isinstance(place, str) else find_city_region(place) or place.regions[0]


def find_city_region(place: Place) -> str | None:
    """Return the region that has the same territory as a city: a county, several counties or a district. None if none has."""
    if place.kind is not PlaceKind.CITY or not place.city or not place.state:
        return None
    if REGIONS.contained_codes(place.state, RegionKind.COUNTY) == place.regions[:1]:
        return place.state
    name = fold(place.city)
    namesakes = (code for code in place.regions if not _list_region_names(code).isdisjoint((name, f"{name} city")))
    return next((code for code in namesakes if REGIONS.require(code).kind in (RegionKind.COUNTY, RegionKind.CUSTOM)), None)


def _list_region_names(code: str) -> set[str]:
    region = REGIONS.require(code)
    return {fold(name) for name in (region.name, *region.aliases)}


def suggest_places(words: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the first one or two words and the names of places spelled like them. None if there are none. Takes about 50 ms."""
    word_list = words.split()
    for length in range(min(len(word_list), MAX_MISSPELLED_WORDS), 0, -1):
        try:
            get_gazetteer().resolve(phrase := " ".join(word_list[:length]))
        except UnknownPlace as refusal:
            if places := refusal.params["suggestions"]:
                return phrase, tuple(places)  # type: ignore[arg-type]
        except AmbiguousPlace:
            continue
    return None


def is_prominent_place(place: PlaceOrRegion) -> bool:
    """Whether most people mean this place by its name, even if a term has the same name."""
    return isinstance(place, str) or place.kind is PlaceKind.POSTAL_CODE or place.postal_codes >= LARGE_CITY_POSTAL_CODES


def is_county(place: PlaceOrRegion) -> bool:
    return isinstance(place, str) and REGIONS.require(place).kind is RegionKind.COUNTY
