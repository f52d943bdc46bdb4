"""The parts of an address that name an area: country, state, county, city, postal code."""

import re
from functools import lru_cache

from msgspec import Struct

from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from seed.clean.cleaning_log import CleaningResult
from seed.clean.values.letter_case import has_single_case, recase_place

CACHE_SIZE = 1 << 14  # texts of each kind
HOME_COUNTRY = "US"

_OLD_STATE_ABBREVIATIONS = {  # of states, as they were written before 1963 and often are
    "ala": "AL",
    "ariz": "AZ",
    "ark": "AR",
    "calif": "CA",
    "cal": "CA",
    "colo": "CO",
    "conn": "CT",
    "del": "DE",
    "fla": "FL",
    "ill": "IL",
    "ind": "IN",
    "kans": "KS",
    "mass": "MA",
    "mich": "MI",
    "minn": "MN",
    "miss": "MS",
    "mont": "MT",
    "nebr": "NE",
    "nev": "NV",
    "okla": "OK",
    "ore": "OR",
    "oreg": "OR",
    "penn": "PA",
    "penna": "PA",
    "tenn": "TN",
    "tex": "TX",
    "wash": "WA",
    "wis": "WI",
    "wisc": "WI",
    "wyo": "WY",
    "w va": "WV",
    "n mex": "NM",
    "n car": "NC",
    "s car": "SC",
    "n dak": "ND",
    "s dak": "SD",
}
_NAMED_TWICE = re.compile(r"(.(?:(?!\s[-–]\s)[^(])*+)(?:\((.+)\)|\s[-–]\s(.+))", re.DOTALL)  # Georgia (GA), GA - Georgia
_ISO_STATE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_ZIP = re.compile(r"(\d{5})(?:\.0+)?(?:[-–\s]?\d{4}|-)?", re.ASCII)
_SHORT_ZIP = re.compile(r"(\d{3,4})(?:\.0+)?(?:-\d{4})?", re.ASCII)
_ZIP_AT_END = re.compile(r"((?:.*[^,\s])?)[,\s]++(\d{5})(?:-\d{4})?", re.ASCII)
_CANADIAN = re.compile(r"[A-Z]\d[A-Z] ?\d[A-Z]\d", re.IGNORECASE)
_COUNTY_ABBREVIATION = re.compile(r"(?<!\s)\s++(?:co|cty|cnty)\.?$", re.IGNORECASE)


class ParsedCity(Struct, frozen=True):
    """A city, with the state (letters), ZIP code and country abroad that stood in its cell."""

    name: str
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


def find_foreign_country(text: str) -> str | None:
    """The code of the country that the text names, unless that is the US or a state of it has the same name."""
    found = REGIONS.find(text)
    return found[0].code if found and found[0].kind is RegionKind.COUNTRY and found[0].code != HOME_COUNTRY else None


@lru_cache(maxsize=CACHE_SIZE)
def clean_country(text: str) -> CleaningResult[str]:
    """The ISO code; what is no country stays as it is, for the draft to refuse. A territory of the US lies in the US."""
    found = REGIONS.find(text)
    known = next((region.code for region in found if region.kind is RegionKind.COUNTRY), None)
    if (
        known is None
        and found
        and found[0].kind is RegionKind.STATE
        and found[0].code in REGIONS.contained_codes("US-TERRITORIES")
    ):
        return CleaningResult(HOME_COUNTRY, ("a territory of the United States",))
    return CleaningResult(known or text)


@lru_cache(maxsize=CACHE_SIZE)
def clean_state(text: str, country: str | None = None) -> CleaningResult[str | None]:
    """Letters of a US state ("GA"), the ISO 3166-2 code elsewhere ("CA-ON").

    At home an unknown one stays as it is, to be refused with suggestions; elsewhere it is left out, as only codes are kept.
    `country` None is not stated: a province of Canada or Mexico then says it.
    """
    code = _find_state_code(text, country)
    if code is None and country not in (None, HOME_COUNTRY):
        iso = text.strip().upper()
        return (
            CleaningResult(iso)
            if _ISO_STATE.fullmatch(iso) and iso.startswith(f"{country}-")
            else CleaningResult(None, ("no ISO 3166-2 code, left out",))
        )
    if code is None:
        return CleaningResult(text)
    short = code[3:] if code.startswith("US-") else code
    folded = fold(text)
    return CleaningResult(
        short, ("state by its letters",) if folded in _OLD_STATE_ABBREVIATIONS or _NAMED_TWICE.fullmatch(text) else ()
    )


def _find_state_code(text: str, country: str | None) -> str | None:
    twice = _NAMED_TWICE.fullmatch(text)
    for words in (text, _OLD_STATE_ABBREVIATIONS.get(fold(text)), *(twice.groups() if twice else ())):
        states = [region.code for region in REGIONS.find(words) if region.kind is RegionKind.STATE] if words else []
        fitting = [code for code in states if country is None or code.startswith(f"{country}-")]
        if fitting:
            return fitting[0]
    return None


def is_canadian_postal_code(postal_code: str) -> bool:
    return _CANADIAN.fullmatch(postal_code.strip()) is not None


@lru_cache(maxsize=CACHE_SIZE)
def clean_city(text: str, state: str | None) -> CleaningResult[ParsedCity]:
    """The city without the state and ZIP code after it. `state` is the one stated (letters).

    Raises BadInput where the cell names another state.
    """
    reasons: list[str] = []
    name, zipped = text.strip(" ,"), _ZIP_AT_END.fullmatch(text.strip(" ,"))
    if zipped:
        name = zipped[1].strip(" ,")
        reasons.append("postal code parted from the city")
    name, letters = _split_state(name, state)
    head, _, last = name.rpartition(",")
    elsewhere = find_foreign_country(last) if head and state is None else None
    if elsewhere:
        name = head.strip()
        reasons.append("country parted from the city")
    if letters:
        reasons.append("state parted from the city")
    if letters and state and letters != state:
        raise BadInput(f"This city stands with {letters}, and the state is {state}; correct one of them.")
    if has_single_case(name) and (cased := recase_place(name)) != name:
        reasons.append("ALL CAPS" if name.isupper() else "all lower case")
        name = cased
    return CleaningResult(ParsedCity(name, letters, zipped[2] if zipped else None, elsewhere), tuple(reasons))


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


@lru_cache(maxsize=CACHE_SIZE)
def clean_postal_code(text: str, state: str | None) -> CleaningResult[str]:
    """The five digits of a ZIP code; what is none stays as it is, to be refused.

    Zeros that a spreadsheet lost in front come back only where that ZIP code lies in the stated state (letters).
    """
    text = text.strip()
    if found := _ZIP.fullmatch(text):
        return CleaningResult(found[1])
    if state and (short := _SHORT_ZIP.fullmatch(text)):
        restored = short[1].zfill(5)
        place = get_gazetteer().find_postal_code(restored)
        if place and place.state == f"US-{state}":
            return CleaningResult(restored, ("zero in front restored",))
    after = _ZIP_AT_END.fullmatch(text)
    if after and state and _find_state_code(after[1], HOME_COUNTRY) == f"US-{state}":
        return CleaningResult(after[2], ("state parted from the postal code",))
    return CleaningResult(text)


@lru_cache(maxsize=CACHE_SIZE)
def clean_county(text: str) -> CleaningResult[str]:
    """The county's name; whether there is one of that name in the state is asked when the place is located."""
    name, reasons = text.strip(" ,"), []
    head, comma, last = name.rpartition(",")
    if comma and _find_state_code(last.strip(), HOME_COUNTRY):
        name = head.strip()
        reasons.append("state parted from the county")
    if _COUNTY_ABBREVIATION.search(name):
        name = _COUNTY_ABBREVIATION.sub(" County", name)
        reasons.append("county written out")
    if name not in REGIONS and has_single_case(name):
        name = recase_place(name)
        reasons.append("ALL CAPS" if text.isupper() else "all lower case")
    return CleaningResult(name, tuple(reasons))
