"""Where an organization works, as people write it, to region codes. A place that is no region is left out and told."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from directory.errors import UnknownRegion
from directory.gazetteer import get_gazetteer
from directory.regions import REGIONS, RegionKind
from directory.text import fold
from seed.clean.terms import MAX_TAG_LENGTH, TagMeaning

SERVICE_AREAS_FIELD = "service_areas"
REGION_CACHE_SIZE = 1 << 14  # texts with their state

_NATIONWIDE = frozenset(
    {
        *(
            "nationwide",
            "nation wide",
            "national",
            "nationally",
            "us wide",
            "usa wide",
            "all states",
            "all 50 states",
            "50 states",
        ),
        *("all of the united states", "entire united states", "across the country", "nacional", "a nivel nacional"),
        *("todo el pais", "en todo el pais", "todos los estados"),
    }
)
_STATEWIDE = frozenset({"statewide", "state wide", "entire state", "whole state", "all counties", "todo el estado", "estatal"})
_AREA_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;\n|•]\s*")
_AREA_COMMAS = re.compile(r"(?:(?<!\s)\s+)?(?:,\s*(?:and\s+|y\s+)?|/\s*)|(?<!\s)\s+(?:and|&|y)\s+")
_COUNTY_WORD = re.compile(r"\b(?:county|counties|co\.?|parish|borough|condado)\b", re.IGNORECASE)
_AREA_PREFIXES = re.compile(r"^(?:all of|entire|the state of|state of|estado de|el estado de)\s+", re.IGNORECASE)


def split_areas(value: str | Iterable[str]) -> list[str]:
    """The areas of a cell, "Fulton County, GA" and "Athens, GA" undivided. What a profile has parted already stays as it is."""
    if not isinstance(value, str):
        return [area.strip() for area in value if area.strip()]
    found: list[str] = []
    for part in _AREA_SEPARATORS.split(value):
        found += [part] if _is_region(part) else _rejoin_states([piece for piece in _AREA_COMMAS.split(part) if piece])
    return list(dict.fromkeys(area for area in found if area))


def _rejoin_states(pieces: list[str]) -> list[str]:
    """A county or city and the state after it belong together: the state alone would say that all of it is served."""
    joined: list[str] = []
    for piece in pieces:
        if joined and _is_state(piece) and _is_in_state(joined[-1], piece):
            joined[-1] = f"{joined[-1]}, {piece}"
        else:
            joined.append(piece)
    return joined


def _is_region(text: str) -> bool:
    return bool(REGIONS.find(text)) and len(text) <= MAX_TAG_LENGTH


def _is_state(text: str) -> bool:
    return any(region.kind is RegionKind.STATE for region in REGIONS.find(text))


def _is_in_state(area: str, state: str) -> bool:
    """Whether the area is a county or a city of the state; "New York, NY" is one too."""
    if _COUNTY_WORD.search(area) is not None or not _is_region(area):
        return True
    codes = {region.code for region in REGIONS.find(state)}
    return REGIONS.find(area)[0].code in codes and get_gazetteer().find_city(area, REGIONS.find(state)[0].code) is not None


@lru_cache(maxsize=REGION_CACHE_SIZE)
def find_region(area: str, state: str | None) -> TagMeaning:
    """The region of that name. `state` is the code of the state in which the organization sits, if it is known.

    "Statewide" and a county's name that several states have mean that state's. A city is no region: its county is the nearest.
    """
    folded = fold(_AREA_PREFIXES.sub("", area))
    if folded in _NATIONWIDE:
        return TagMeaning(((SERVICE_AREAS_FIELD, "US"),))
    if folded in _STATEWIDE:
        return TagMeaning(((SERVICE_AREAS_FIELD, state),), "the organization's state") if state else TagMeaning()
    if len(area) > MAX_TAG_LENGTH:
        return TagMeaning()
    return _find_region_by_name(folded, state) or TagMeaning(suggestions=_suggest_regions(area, state))


def _find_region_by_name(folded_name: str, state: str | None) -> TagMeaning | None:
    found = REGIONS.find(folded_name)
    if found and (found[0].kind is not RegionKind.COUNTY or len(found) == 1):
        return TagMeaning(((SERVICE_AREAS_FIELD, found[0].code),))
    local = get_gazetteer().find_county_by_name(folded_name, state) if state and found else None
    return (
        TagMeaning(((SERVICE_AREAS_FIELD, local.county),), "the county of that name in the organization's state")
        if local and local.county
        else None
    )


def _suggest_regions(area: str, state: str | None) -> tuple[str, ...]:
    name, _, ending = area.rpartition(",")
    states = [one.code for one in REGIONS.find(ending) if one.kind is RegionKind.STATE] if name else [state] if state else []
    city = get_gazetteer().find_city(name or area, states[0]) if states and states[0] and states[0].startswith("US-") else None
    if city:
        return tuple(code for code in (city.county, city.state) if code)
    try:
        REGIONS.require(area)
    except UnknownRegion as unknown:
        return tuple(unknown.params["suggestions"])  # type: ignore[arg-type]
    return ()


def find_mapped_region(area: str, terms: Mapping[str, str]) -> TagMeaning | None:
    """What the profile says that the area means: a region code, "service_areas:CODE", or "" to leave it out."""
    said = terms.get(area)
    if said is None:
        return None
    if not said.strip():
        return TagMeaning(is_ignored=True)
    code = said.strip().removeprefix(f"{SERVICE_AREAS_FIELD}:")
    return TagMeaning(((SERVICE_AREAS_FIELD, code),)) if code in REGIONS else TagMeaning(suggestions=_suggest_regions(code, None))
