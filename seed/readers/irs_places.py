"""The address of an organization in the IRS's list, as a place of a draft."""

import re

from msgspec import Struct

from directory.regions import REGIONS, RegionKind
from seed.clean.streets import recase_place
from seed.rows import Repair

MILITARY_STATES = frozenset({"AA", "AE", "AP"})  # post offices of the armed forces, wherever these are
ASSOCIATED_STATES = frozenset({"FM", "MH", "PW"})  # countries that the United States' post serves as if they were states
NO_POSTAL_CODE = "00000"

_POST_BOX = re.compile(r"^(?:P\.?\s*O\.?\s*(?:BOX|DRAWER)|POST OFFICE BOX|BOX|DRAWER)\b", re.IGNORECASE)
_STREET_CARE_OF = re.compile(r"(?:^|\s)(?:%|C/O\b|ATTN\b:?)", re.IGNORECASE)
_STREET_FROM_NUMBER = re.compile(r"(?:^|\s)(\d\S*\s+.*)")
_POSTAL_CODE = re.compile(r"(\d{5})(?:-?\d{4})?")
_SHORT_POSTAL_CODE = re.compile(r"\d{3,4}")  # of a spreadsheet, which takes it for a number


class IrsAddress(Struct, frozen=True):
    """`place` is a LocationDraft's fields, None where nothing can be said; `repairs` tell what was changed or left out."""

    place: dict[str, object] | None
    repairs: tuple[Repair, ...]


def remove_care_of_from_street(street: str) -> str:
    """The street without who takes the post in there; "" where that is all it says.

    Nothing ends such a line: what stands before it is the street, if it has a number, else what follows from a number on.
    """
    found = _STREET_CARE_OF.search(street)
    if found is None:
        return street
    before = street[: found.start()].strip()
    if any(sign.isdigit() for sign in before):
        return before
    numbered = _STREET_FROM_NUMBER.search(street[found.end() :])
    return numbered[1] if numbered else ""


def parse_irs_address(street: str, city: str, state: str, postal_code: str) -> IrsAddress:
    """Of the four cells as the file writes them. How much of the place may be told is left to the directory's defaults."""
    repairs: list[Repair] = []
    state = state.upper()
    if state in MILITARY_STATES:
        return IrsAddress(None, (Repair("STATE", state, "", "a post office of the armed forces is no place"),))
    if state in ASSOCIATED_STATES:
        country, town = state, city
    elif f"US-{state}" in REGIONS:
        country, town = "US", _clean_city(city, state, repairs)
    else:
        abroad, town = _split_country(city)
        if abroad is None:
            return IrsAddress(None, (Repair("STATE", state, "", "left out: the address lies in no known state"),))
        country = abroad
    place: dict[str, object | None] = {
        "street": _clean_street(street, repairs),
        "city": _recase_cell("CITY", town, repairs),
        "country": country,
    }
    if country == "US":
        place |= {"state": f"US-{state}", "postal_code": _clean_postal_code(postal_code, repairs)}
    return IrsAddress({field: value for field, value in place.items() if value}, tuple(repairs))


def _clean_street(written: str, repairs: list[Repair]) -> str | None:
    if _POST_BOX.search(written):
        repairs.append(Repair("STREET", written, "", "a post office box is no place"))
        return None
    return _recase_cell("STREET", written, repairs)


def _clean_city(city: str, state: str, repairs: list[Repair]) -> str:
    """The city without its state behind it: WASHINGTON DC. The state alone is no city."""
    *words, last = city.split() or [""]
    if not words or last.upper() != state:
        return city
    town = " ".join(words)
    repairs.append(Repair("CITY", city, town, "its state stands in a column of its own"))
    return town


def _split_country(city: str) -> tuple[str | None, str]:
    """The country at the end of the line (LONDON UNITED KINGDOM) and what stands before; None where there is none."""
    words = city.split()
    for length in range(min(4, len(words)), 0, -1):
        named = REGIONS.find(" ".join(words[-length:]))
        country = next((region for region in named if region.kind is RegionKind.COUNTRY), None)
        if country and country.code != "US" and len(words[-1]) > 2:  # two letters may be a province's
            return country.code, " ".join(words[:-length])
    return None, city


def _clean_postal_code(written: str, repairs: list[Repair]) -> str | None:
    code = written
    if _SHORT_POSTAL_CODE.fullmatch(code):
        code = code.zfill(5)
        repairs.append(Repair("ZIP", written, code, "zero in front restored"))
    found = _POSTAL_CODE.fullmatch(code)
    if not code or (found and found[1] == NO_POSTAL_CODE):
        return None
    if found and found[1] != code:
        repairs.append(Repair("ZIP", written, found[1], "ZIP+4"))
    return found[1] if found else written  # what is none is refused with the rest of the place


def _recase_cell(column: str, written: str, repairs: list[Repair]) -> str | None:
    cased = recase_place(written)
    if cased != written:
        repairs.append(Repair(column, written, cased, "ALL CAPS"))
    return cased or None
