"""Clean the parts of an address that name an area: country, state, county, city and postal code."""

import re

from msgspec import Struct

from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.text import fold, has_single_case
from directory.vocabulary.region_files import Region, RegionKind
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS
from seed.clean.cleaning_log import CleaningResult
from seed.clean.values.letter_case import recase_place

_OLD_STATE_TEXT = """
    ala:AL ariz:AZ ark:AR calif:CA cal:CA colo:CO conn:CT del:DE fla:FL ill:IL ind:IN kans:KS mass:MA mich:MI minn:MN
    miss:MS mont:MT nebr:NE nev:NV okla:OK ore:OR oreg:OR penn:PA penna:PA tenn:TN tex:TX wash:WA wis:WI wisc:WI wyo:WY
    w_va:WV n_mex:NM n_car:NC s_car:SC n_dak:ND s_dak:SD
"""
_OLD_STATE_ABBREVIATIONS = {  # used before the two-letter codes of 1963, and still common
    name.replace("_", " "): letters for name, _, letters in (pair.partition(":") for pair in _OLD_STATE_TEXT.split())
}
NATIONWIDE = frozenset(
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
STATEWIDE = frozenset({"statewide", "state wide", "entire state", "whole state", "all counties", "todo el estado", "estatal"})
_NO_PLACES = frozenset(  # folded; what people write in place of a city, state or country
    {
        *("international", "worldwide", "global", "multinational", "various", "multiple", "multiple locations", "virtual"),
        *("online", "web based", "internacional", "mundial", "varios", "varias", "en linea"),
    }
)
_STATE_SEPARATORS = re.compile(r"\s?[/,;&+]\s?|\s(?:and|y|or|o)\s", re.IGNORECASE)
_NAMED_TWICE = re.compile(r"(.(?:(?!\s[-–]\s)[^(])*+)(?:\((.+)\)|\s[-–]\s(.+))", re.DOTALL)  # Georgia (GA), GA - Georgia
_ISO_STATE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_ZIP = re.compile(r"(\d{5})(?:\.0+)?(?:[-–\s]?\d{4}|-)?", re.ASCII)
_SHORT_ZIP = re.compile(r"(\d{3,4})(?:\.0+)?(?:-\d{4})?", re.ASCII)
_ZIP_AT_END = re.compile(r"((?:.*[^,\s])?)[,\s]++(\d{5})(?:-\d{4})?", re.ASCII)
_CANADIAN = re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d", re.IGNORECASE)
_COUNTY_ABBREVIATION = re.compile(r"(?<!\s)\s++(?:co|cty|cnty)\.?$", re.IGNORECASE)


class ParsedCity(Struct, frozen=True):
    """A city, and the state (letters), ZIP code and foreign country found in its cell."""

    name: str
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


def find_foreign_country(text: str) -> str | None:
    """Return the code of the foreign country that the text names; None if it names none, the US, or also a US state."""
    regions = REGIONS.find(text)
    is_foreign = bool(regions) and regions[0].kind is RegionKind.COUNTRY and regions[0].code != HOME_COUNTRY
    return regions[0].code if is_foreign else None


def clean_country(text: str) -> CleaningResult[str]:
    """Return the ISO code; US for a US territory. Unknown countries are returned unchanged: the draft refuses them."""
    regions = REGIONS.find(text)
    code = next((region.code for region in regions if region.kind is RegionKind.COUNTRY), None)
    state_code = regions[0].code if regions and regions[0].kind is RegionKind.STATE else None
    if code is None and state_code in REGIONS.contained_codes("US-TERRITORIES"):
        return CleaningResult(HOME_COUNTRY, ("a territory of the United States",))
    return CleaningResult(code or text)


def clean_state(text: str, country: str | None = None) -> CleaningResult[str | None]:
    """Return the letters of a US state ("GA"), or the ISO 3166-2 code of a foreign state ("CA-ON").

    An unknown US state is returned unchanged: geocoding refuses it with suggestions. An unknown foreign state becomes None,
    because only codes are stored. With `country` None, provinces of Canada and Mexico are recognized too.
    """
    code = _find_state_code(text, country)
    if code is None and country not in (None, HOME_COUNTRY):
        iso = text.strip().upper()
        if _ISO_STATE.fullmatch(iso) and iso.startswith(f"{country}-"):
            return CleaningResult(iso)
        return CleaningResult(None, ("removed: not an ISO 3166-2 code",))
    if code is None:
        return CleaningResult(text)
    short = code[3:] if code.startswith("US-") else code
    is_repaired = fold(text) in _OLD_STATE_ABBREVIATIONS or _NAMED_TWICE.fullmatch(text)
    return CleaningResult(short, ("state as its letters",) if is_repaired else ())


def _find_state_code(text: str, country: str | None) -> str | None:
    both_names = _NAMED_TWICE.fullmatch(text)
    for name in (text, _OLD_STATE_ABBREVIATIONS.get(fold(text)), *(both_names.groups() if both_names else ())):
        codes = [region.code for region in REGIONS.find(name) if region.kind is RegionKind.STATE] if name else []
        in_country = [code for code in codes if country is None or code.startswith(f"{country}-")]
        if in_country:
            return in_country[0]
    return None


def is_canadian_postal_code(postal_code: str) -> bool:
    return _CANADIAN.fullmatch(postal_code.strip()) is not None


def clean_city(text: str, state: str | None) -> CleaningResult[ParsedCity]:
    """Return the city, separated from the state, ZIP code and country after it. `state` is the stated state (letters).

    Raises BadInput if the cell names a different state.
    """
    reasons: list[str] = []
    name, zip_match = text.strip(" ,"), _ZIP_AT_END.fullmatch(text.strip(" ,"))
    if zip_match:
        name = zip_match[1].strip(" ,")
        reasons.append("postal code separated from the city")
    name, letters = _split_state(name, state)
    head, _, last = name.rpartition(",")
    country = find_foreign_country(last) if head and state is None else None
    if country:
        name = head.strip()
        reasons.append("country separated from the city")
    if letters:
        reasons.append("state separated from the city")
    if letters and state and letters != state:
        raise BadInput(f"This city names {_name_state(letters)}, but the state is {_name_state(state)}. Correct one of them.")
    if has_single_case(name) and (cased := recase_place(name)) != name:
        reasons.append("ALL CAPS" if name.isupper() else "all lower case")
        name = cased
    return CleaningResult(ParsedCity(name, letters, zip_match[2] if zip_match else None, country), tuple(reasons))


def _name_state(letters: str) -> str:
    region = REGIONS.get(f"{HOME_COUNTRY}-{letters}") or REGIONS.get(letters)
    return region.name if region else letters


def find_several_states(text: str) -> tuple[Region, ...]:
    """Return the states that a text such as "Texas/New Mexico" names; () unless it names at least two and nothing else."""
    names = _STATE_SEPARATORS.split(text)
    found = [next((region for region in REGIONS.find(name) if region.kind is RegionKind.STATE), None) for name in names]
    states = tuple(dict.fromkeys(region for region in found if region))
    return states if len(states) > 1 and None not in found else ()


def _split_state(name: str, state: str | None) -> tuple[str, str | None]:
    head, comma, last = name.rpartition(",")
    if not comma:
        head, _, last = name.rpartition(" ")
        if not (last.strip(".").replace(".", "").isupper() and len(fold(last)) == 2):
            return name, None
    code = _find_state_code(last.strip(), HOME_COUNTRY)
    if code is None or not head or not (comma or get_gazetteer().find_city(head, code)):
        return name, None
    return head.strip(" ,"), code[3:]


def clean_postal_code(text: str, state: str | None) -> CleaningResult[str]:
    """Return the five digits of a ZIP code. Other text is returned unchanged: the draft refuses it.

    Spreadsheets drop leading zeros. They are restored only if the ZIP code then lies in the stated state (letters).
    """
    text = text.strip()
    if match := _ZIP.fullmatch(text):
        return CleaningResult(match[1])
    if state and (short := _SHORT_ZIP.fullmatch(text)):
        restored = short[1].zfill(5)
        place = get_gazetteer().find_postal_code(restored)
        if place and place.state == f"US-{state}":
            return CleaningResult(restored, ("leading zero restored",))
    match = _ZIP_AT_END.fullmatch(text)
    if match and state and _find_state_code(match[1], HOME_COUNTRY) == f"US-{state}":
        return CleaningResult(match[2], ("state separated from the postal code",))
    return CleaningResult(text)


def clean_county(text: str) -> CleaningResult[str]:
    """Return the county's name. Geocoding checks whether the state has such a county."""
    name, reasons = text.strip(" ,"), []
    head, comma, last = name.rpartition(",")
    if comma and _find_state_code(last.strip(), HOME_COUNTRY):
        name = head.strip()
        reasons.append("state separated from the county")
    if _COUNTY_ABBREVIATION.search(name):
        name = _COUNTY_ABBREVIATION.sub(" County", name)
        reasons.append("county written out")
    if name not in REGIONS and has_single_case(name):
        name = recase_place(name)
        reasons.append("ALL CAPS" if text.isupper() else "all lower case")
    return CleaningResult(name, tuple(reasons))


def is_wide_area(text: str) -> bool:
    """Whether the text means a whole state or country without its name, such as "Statewide"."""
    return fold(text) in NATIONWIDE or fold(text) in STATEWIDE


def names_no_area(text: str) -> bool:
    """Whether the text is no name of a city, state or country, but a word such as "Statewide" or "Various"."""
    return is_wide_area(text) or is_no_place(text)


def is_no_place(text: str) -> bool:
    """Whether the text is no place at all, such as "International" or "Various"."""
    return fold(text) in _NO_PLACES
