"""Map free area names to regions. Unknown areas are reported with the most similar regions."""

import re
from collections.abc import Iterable, Mapping

from directory.errors import UnknownRegion
from directory.gazetteer.gazetteer import get_gazetteer
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from seed.clean.cleaning_log import CleaningLog, ValueCache
from seed.clean.values.areas import NATIONWIDE, STATEWIDE
from seed.clean.values.plain_text import FlatTexts
from seed.clean.values.terms import MAX_TAG_LENGTH, TagMeaning, record_meaning

SERVICE_AREAS_FIELD = "service_areas"

_AREA_SEPARATORS = re.compile(r"(?:(?<!\s)\s+)?[;\n|•]\s*")
_AREA_COMMAS = re.compile(r"(?:(?<!\s)\s+)?(?:,\s*(?:and\s+|y\s+)?|/\s*)|(?<!\s)\s+(?:and|&|y)\s+")
_COUNTY_WORD = re.compile(r"\b(?:county|counties|co\.?|parish|borough|condado)\b", re.IGNORECASE)
_AREA_PREFIXES = re.compile(r"^(?:all of|entire|the state of|state of|estado de|el estado de)\s+", re.IGNORECASE)


def parse_service_areas(
    texts: FlatTexts, term_overrides: Mapping[str, str], state: str | None, log: CleaningLog
) -> dict[str, list[str]]:
    """Return the region codes as `service_areas`; {} if the row states no known region.

    `term_overrides` is the profile's mapping of areas. `state` is the region code of the organization's state, if known.
    """
    field = SERVICE_AREAS_FIELD
    value = texts.get(field)
    if not value:
        return {field: []} if field in texts else {}
    log.set_path_heading((field,), field)
    codes: dict[str, None] = {}
    for area, meaning in log.values.call(find_regions, value if isinstance(value, str) else tuple(value), state, log.values):
        mapped = find_mapped_region(area, term_overrides) or meaning
        record_meaning(field, area, mapped, log)
        codes |= dict.fromkeys(code for _, code in mapped.terms)
    return {field: [*codes]} if codes else {}


def find_regions(value: str | tuple[str, ...], state: str | None, values: ValueCache) -> tuple[tuple[str, TagMeaning], ...]:
    """Return the areas of a cell with their meanings."""
    return tuple([(area, values.call(find_region, area, state)) for area in split_areas(value)])


def split_areas(value: str | Iterable[str]) -> list[str]:
    """Return the distinct areas of a cell; "Fulton County, GA" and "Athens, GA" are one area each.

    A value that the profile has already split is not split again.
    """
    if not isinstance(value, str):
        return [area.strip() for area in value if area.strip()]
    areas: list[str] = []
    for part in _AREA_SEPARATORS.split(value):
        areas += [part] if _is_region(part) else _rejoin_states([piece for piece in _AREA_COMMAS.split(part) if piece])
    return list(dict.fromkeys(area for area in areas if area))


def _rejoin_states(pieces: list[str]) -> list[str]:
    """Join a county or city with the state after it. The state by itself would mean that the whole state is served."""
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
    """Whether the area is a county or city of the state. This includes cities named like a state: "New York, NY"."""
    if _COUNTY_WORD.search(area) is not None or not _is_region(area):
        return True
    codes = {region.code for region in REGIONS.find(state)}
    return REGIONS.find(area)[0].code in codes and get_gazetteer().find_city(area, REGIONS.find(state)[0].code) is not None


def find_region(area: str, state: str | None) -> TagMeaning:
    """Return the region of that name. `state` is the region code of the organization's state, if known.

    "Statewide" means that state, and a county name used in several states means the county there. A city is not a region: its
    county and state are suggested.
    """
    folded = fold(_AREA_PREFIXES.sub("", area))
    if folded in NATIONWIDE:
        return TagMeaning(((SERVICE_AREAS_FIELD, "US"),))
    if folded in STATEWIDE:
        return TagMeaning(((SERVICE_AREAS_FIELD, state),), "the organization's state") if state else TagMeaning()
    if len(area) > MAX_TAG_LENGTH:
        return TagMeaning()
    return _find_region_by_name(folded, state) or TagMeaning(suggestions=_suggest_regions(area, state))


def _find_region_by_name(folded_name: str, state: str | None) -> TagMeaning | None:
    regions = REGIONS.find(folded_name)
    if regions and (regions[0].kind is not RegionKind.COUNTY or len(regions) == 1):
        return TagMeaning(((SERVICE_AREAS_FIELD, regions[0].code),))
    local = get_gazetteer().find_county_by_name(folded_name, state) if state and regions else None
    if local is None or not local.county:
        return None
    return TagMeaning(((SERVICE_AREAS_FIELD, local.county),), "the county of that name in the organization's state")


def _suggest_regions(area: str, state: str | None) -> tuple[str, ...]:
    name, _, ending = area.rpartition(",")
    if name:
        state = next((region.code for region in REGIONS.find(ending) if region.kind is RegionKind.STATE), None)
    city = get_gazetteer().find_city(name or area, state) if state and state.startswith("US-") else None
    if city:
        return tuple(code for code in (city.county, city.state) if code)
    try:
        REGIONS.require(area)
    except UnknownRegion as error:
        return tuple(error.params["suggestions"])  # type: ignore[arg-type]
    return ()


def find_mapped_region(area: str, terms: Mapping[str, str]) -> TagMeaning | None:
    """Return the meaning that the profile gives to the area; None if the profile does not map it.

    `terms` maps areas to a region code, "service_areas:CODE", or "" to ignore the area.
    """
    target = terms.get(area)
    if target is None:
        return None
    if not target.strip():
        return TagMeaning(is_ignored=True)
    code = target.strip().removeprefix(f"{SERVICE_AREAS_FIELD}:")
    return TagMeaning(((SERVICE_AREAS_FIELD, code),)) if code in REGIONS else TagMeaning(suggestions=_suggest_regions(code, None))
