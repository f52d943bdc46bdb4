"""Places whose name starts with the words: regions, cities, postal codes and other countries."""

from bisect import bisect_left
from functools import cache

from msgspec.structs import replace

from directory.errors import AmbiguousPlace
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place, PlaceKind, make_key_from_folded, make_place_key
from directory.suggestions.suggestion import Suggestion, suggest_place
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

MIN_PLACE_LENGTH = 2  # letters or digits: one character matches too many names
MIN_COUNTRY_LENGTH = 4  # letters: most people who type fewer mean a place in the United States
MIN_LABEL_MATCHES = 2
LONG_NAME_WORDS = 4  # as in "Chicago and the collar counties", which comes after Chicago
PLACE_CANDIDATE_LIMIT = 24  # leaves room for cities next to states and counties with the same start

_KINDS_WITH_ARTICLE = (RegionKind.CENSUS_REGION, RegionKind.CENSUS_DIVISION, RegionKind.CUSTOM)
_RARE_KINDS = (RegionKind.COUNTY, RegionKind.METRO_AREA, RegionKind.TRIBAL_AREA)
_MAX_CHARACTER = "\U0010ffff"


def suggest_places(
    words: str, folded: str, first: int, min_country_length: int = MIN_COUNTRY_LENGTH
) -> tuple[list[Suggestion], list[Suggestion]]:
    """Suggest regions, and separately cities and postal codes.

    The start of the name of another country needs `min_country_length` letters, a whole name does not.
    """
    if len(folded) < MIN_PLACE_LENGTH:
        return [], []
    regions, places = [], []
    exact_id = _find_exact_place_id(words)
    for place in get_gazetteer().autocomplete(words, PLACE_CANDIDATE_LIMIT):
        exact = place.id == exact_id if exact_id else folded in (fold(place.name), fold(place.name.partition(",")[0]))
        if place.kind in (PlaceKind.CITY, PlaceKind.POSTAL_CODE):
            places.append(_build_place_suggestion(place, exact, folded))
        else:
            regions.append(_build_region_suggestion(place.id.partition(":")[2], exact, folded))
    regions += [_build_region_suggestion(code, exact, folded) for code, exact in _find_abroad(folded, min_country_length)[:first]]
    return _sort_exact_first(regions)[:first], _sort_exact_first(places)[:first]


def complete_places(words: str, first: int, min_country_length: int, language: str) -> list[tuple[str, Suggestion]]:
    """Return the places that have a label of this language that starts with the words, each with its label, largest first.

    Whole names come first, even if the label is another one: "nyc". If hardly any label starts with the words, places that have
    another such name follow.
    """
    key = make_key_from_folded(fold(words))
    labeled = sorted(
        _label(words, first, min_country_length, language), key=lambda pair: (not pair[1].is_exact, *get_size_sort_key(pair[1]))
    )
    matches = [(label, place) for label, place in labeled if place.is_exact or _starts(label, key)]
    return matches if len(matches) >= MIN_LABEL_MATCHES else [*matches, *(pair for pair in labeled if pair not in matches)]


def complete_after_article(words: str, first: int, language: str) -> list[tuple[str, Suggestion]]:
    """Return the regions that are named with an article and start with the words, each with its label: "South", "Bay Area"."""
    labeled = _label(words, first, MIN_COUNTRY_LENGTH, language)
    return [(label, one) for label, one in labeled if one.region and REGIONS.require(one.region).kind in _KINDS_WITH_ARTICLE]


def _label(words: str, first: int, min_country_length: int, language: str) -> list[tuple[str, Suggestion]]:
    kinds = suggest_places(words, fold(words), first, min_country_length)
    return [(suggestion.label(language), suggestion) for kind in kinds for suggestion in kind]


def _starts(label: str, key: str) -> bool:
    return make_place_key(label).startswith(key)


def get_size_sort_key(suggestion: Suggestion) -> tuple[bool, int]:
    """Return the key that puts the largest places first, and those that few people look for by their first letters last.

    Few people look for Washington County before Washington, or for a metropolitan area before its city.
    """
    place = suggestion.place or get_gazetteer().find_region(suggestion.region or "")
    region = REGIONS.get(suggestion.region or "")
    is_rare = region is not None and (
        region.kind in _RARE_KINDS or (region.kind is RegionKind.CUSTOM and region.name.count(" ") >= LONG_NAME_WORDS - 1)
    )
    return is_rare, -place.postal_codes if place else 0


def _find_abroad(folded: str, min_length: int) -> list[tuple[str, bool]]:
    """Return the codes of regions in other countries, and whether the words are the whole name.

    The start of "Georgia" means the state, and the whole name may mean the country.
    """
    exact = [code for code in REGIONS.phrases().get(folded, ()) if _is_abroad(code)]
    names = _list_names_abroad()
    start, end = (bisect_left(names, (key, "")) for key in (folded, folded + _MAX_CHARACTER))
    others = [code for _, code in names[start:end]] if len(folded) >= min_length else []
    return [(code, code in exact) for code in dict.fromkeys((*exact, *others))]


@cache
def _list_names_abroad() -> list[tuple[str, str]]:
    """Return the folded names and aliases, but not the codes, that mean a region in another country first, with its code."""
    return sorted((name, codes[0]) for name, codes in REGIONS.phrases().items() if _is_abroad(codes[0]))


def _is_abroad(code: str) -> bool:
    return get_gazetteer().find_region(code) is None


def _sort_exact_first(suggestions: list[Suggestion]) -> list[Suggestion]:
    return sorted(suggestions, key=lambda suggestion: (not suggestion.is_exact, suggestion.is_other_name))


def _find_exact_place_id(words: str) -> str | None:
    """Return the id of the place with exactly this name; None if there is none or more than one."""
    try:
        return get_gazetteer().find_exact_id(words)
    except AmbiguousPlace:
        return None


def _is_other_name(label: str, exact: bool, folded: str) -> bool:
    return not (exact or _starts(label, make_key_from_folded(folded)))


def _build_region_suggestion(code: str, exact: bool, folded: str) -> Suggestion:
    is_other_name = _is_other_name(REGIONS.require(code).label(), exact, folded)
    return replace(suggest_place(code), is_exact=exact, is_other_name=is_other_name)


def _build_place_suggestion(place: Place, exact: bool, folded: str) -> Suggestion:
    return replace(suggest_place(place), is_exact=exact, is_other_name=_is_other_name(place.name, exact, folded))
