"""The places of an organization in words: where each is, and how precisely that is published."""

from collections.abc import Container, Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from msgspec import Struct

from web.pages.languages import Language, mark
from web.pages.search.results import format_county

HOME_COUNTRY = "US"
UNIT = "mi"
_PRECISIONS = {
    "EXACT": mark("Published address."),
    "STREET": mark("Street published. The point on the map is approximate."),
    "POSTAL_CODE": mark("ZIP code area. Somewhere in this area."),
    "CITY": mark("City only. Somewhere in this city."),
    "COUNTY": mark("County only. Somewhere in this county."),
    "STATE": mark("State only. Nothing more precise is published."),
    "UNKNOWN": mark("Nothing more precise is published, so it is not on the map."),
}


class PublishedPlace(Struct, frozen=True):
    """One place. `letter` names it in the list and on the map. `street` is None unless it is published.

    `is_on_map` is also set if there is no map.
    """

    letter: str
    title: str
    name: str | None
    street: str | None
    precision: str
    is_main: bool
    is_on_map: bool


def build_places(
    locations: Sequence[Mapping[str, Any]], language: Language, drawn: Container[str] | None = None
) -> list[PublishedPlace]:
    """Return the places, the main one first. `is_main` is set only if there are several.

    `drawn` are the letters on the map, None if there is no map.
    """
    has_others = len(locations) > 1
    return [
        _build_place(location, letter, has_others, language, drawn is None or letter in drawn)
        for letter, location in assign_letters(locations)
    ]


def assign_letters(locations: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the locations with the letters that name them, the main one first."""
    ordered = sorted(locations, key=lambda location: not location["isPrimary"])
    return [(format_letter(number), location) for number, location in enumerate(ordered)]


def format_letter(number: int) -> str:
    """Return A, B, ..., Z, AA, AB, ... for 0, 1, ..., 25, 26, 27, ..."""
    rounds, position = divmod(number, len(ascii_uppercase))
    return (format_letter(rounds - 1) if rounds else "") + ascii_uppercase[position]


def _build_place(
    location: Mapping[str, Any], letter: str, has_others: bool, language: Language, is_on_map: bool
) -> PublishedPlace:
    return PublishedPlace(
        letter=letter,
        title=_format_title(location, language),
        name=location["name"],
        street=(location["address"] or {}).get("street"),
        precision=_describe_precision(location, language),
        is_main=location["isPrimary"] and has_others,
        is_on_map=is_on_map,
    )


def _format_title(location: Mapping[str, Any], language: Language) -> str:
    """Return "Royal Oak, MI 48067", "Washtenaw County, MI" or "Michigan"."""
    address = location["address"] or {}
    local = address.get("city") or format_county(address.get("county"), language.code)
    postal_code = address.get("postalCode")
    if not local and not postal_code:
        return _find_region_name(location["regions"]) or address.get("country") or language.gettext("Location not stated")
    state = " ".join(part for part in (address.get("state"), postal_code) if part)
    country = address["country"] if address["country"] != HOME_COUNTRY else None
    return ", ".join(part for part in (local, state, country) if part)


def _find_region_name(regions: Sequence[Mapping[str, Any]]) -> str | None:
    names = {region["kind"]: region["name"] for region in reversed(regions)}
    return names.get("STATE") or names.get("COUNTRY")


def _describe_precision(location: Mapping[str, Any], language: Language) -> str:
    gettext, precision, radius = language.gettext, location["precision"], location["radiusKm"]
    if precision in ("POSTAL_CODE", "CITY") and radius:
        distance = language.format_distance(radius, UNIT)
        if precision == "CITY":
            return gettext("City only. Somewhere within %(distance)s of its center.") % {"distance": distance}
        return gettext("ZIP code area. Somewhere within %(distance)s of its center.") % {"distance": distance}
    return gettext(_PRECISIONS[precision])
