"""Parse two parts of the IRS's list: the second name line (SORT_NAME) and the address.

SORT_NAME holds another name, a chapter, an acronym, or the name of a trustee or founder. Nothing in the file tells these apart,
and people named there did not ask to be published. A line is taken only if it is recognizably an organization's.
"""

import re
from enum import StrEnum

from msgspec import Struct

from directory.records import NameKind
from directory.text import fold
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from seed.clean.values.letter_case import recase_name, recase_place
from seed.rows import Repair

LINE_LENGTH = 35  # characters; a longer name is cut off there
ACRONYM_LETTERS = range(2, 13)

_ORGANIZATION_WORD_TEXT = """
    academy affiliate agency alliance alumnae alumni assembly assn assoc association associations auxiliary board branch
    brotherhood campaign caucus center centre chap chapter chapters charities charity church churches club clubs coalition
    collective college commission committee committees conference congregation congress corp corporation council councils
    dar district federation fellowship foundation friends fund guild inc incorporated initiative initiatives institute lab
    league lodge ldg llc local ministries ministry mission museum network organization parents partnership pta pto project
    program programs region school schools section services society sorority squadron synagogue task temple troop union
    university workers
"""
ORGANIZATION_WORDS = frozenset(_ORGANIZATION_WORD_TEXT.split())  # folded words that do not occur in names of people
_OFFICE_WORD_TEXT = """
    attn ceo cfo chair co cpa dir director dr esq exec executive jr member mbr mr mrs ms pres president rabbi rev sec
    secretary sole sr treas treasurer trust trustee trustees ttee ttees
"""
OFFICE_WORDS = frozenset(_OFFICE_WORD_TEXT.split())  # folded words that stand beside a person's name
UNINFORMATIVE_LINES = frozenset({"group return", "parent", "national headquarters", "headquarters", "central organization"})
_SMALL_WORD_TEXT = "a an and at by de del for in la of on or the to via with inc incorporated corp corporation llc ltd"
_SHORT_WORDS = frozenset(_SMALL_WORD_TEXT.split())
_BUSINESS_NAME = re.compile(r"(DBA|D/B/A|AKA|A/K/A|T/A|FKA|F/K/A|FORMERLY)\s+(?=\S)", re.IGNORECASE)
_FORMER_PREFIXES = ("FKA", "F/K/A", "FORMERLY")

MILITARY_STATES = frozenset({"AA", "AE", "AP"})  # post offices of the armed forces, wherever they are
ASSOCIATED_STATES = frozenset({"FM", "MH", "PW"})  # countries that the United States Postal Service treats as states
NO_POSTAL_CODE = "00000"

_POST_BOX = re.compile(r"^(?:P\.?\s*O\.?\s*(?:BOX|DRAWER)|POST OFFICE BOX|BOX|DRAWER)\b", re.IGNORECASE)
_POSTAL_CODE = re.compile(r"(\d{5})(?:-?\d{4})?")
_SHORT_POSTAL_CODE = re.compile(r"\d{3,4}")  # a spreadsheet stored it as a number


class OmissionReason(StrEnum):
    """Why a line is left out, as reports state it."""

    CUT_OFF = "left out: the file cuts it off"
    UNCLEAR = "left out: it may be a person's name"


class SortName(Struct, frozen=True):
    """A `name` of a `kind`, or None with the reason why the line was left out, or with neither when it adds nothing."""

    name: str | None = None
    kind: NameKind = NameKind.ALSO_KNOWN_AS
    omission_reason: OmissionReason | None = None


class IrsAddress(Struct, frozen=True):
    """`location` holds fields of a LocationDraft; None when nothing is known. `repairs` list what was changed or left out."""

    location: dict[str, object] | None
    repairs: tuple[Repair, ...]


def parse_sort_name(line: str, name: str, *, in_group: bool) -> SortName:
    """Return what the line adds to the name, both as the file writes them. `in_group`: under the exemption of a parent."""
    if prefix := _BUSINESS_NAME.match(line):
        return _parse_business_name(line, prefix)
    folded_line, main = fold(line), fold(name)
    letters = folded_line.replace(" ", "")
    if not letters or letters == main.replace(" ", "") or folded_line in UNINFORMATIVE_LINES or letters.isdigit():
        return SortName()
    if _is_acronym(letters, main) and all(len(word) == 1 for word in folded_line.split()[1:]):
        return SortName("".join(line.split()).upper(), NameKind.ACRONYM)
    if len(line) >= LINE_LENGTH:
        return SortName(omission_reason=OmissionReason.CUT_OFF)
    if _is_acronym_of_line(main, folded_line) or _is_organization_line(folded_line, main, in_group):
        return SortName(recase_name(line))
    return SortName(omission_reason=OmissionReason.UNCLEAR)


def _parse_business_name(line: str, prefix: re.Match[str]) -> SortName:
    """Parse a line that begins with "DBA" or "FKA", which never precede a trustee's name."""
    if len(line) >= LINE_LENGTH:
        return SortName(omission_reason=OmissionReason.CUT_OFF)
    is_former = prefix[1].upper() in _FORMER_PREFIXES
    return SortName(recase_name(line[prefix.end() :]), NameKind.FORMER if is_former else NameKind.ALSO_KNOWN_AS)


def _is_acronym(letters: str, name: str) -> bool:
    """Return whether the letters are initials of the name in order. Two letters must be those of all its significant words."""
    words = name.split()
    if len(letters) not in ACRONYM_LETTERS or not letters.isalpha() or len(words) < 2:
        return False
    if len(letters) == 2:
        return letters == "".join(word[0] for word in words if word not in _SHORT_WORDS)
    initials = iter(word[0] for word in words)
    return all(letter in initials for letter in letters)


def _is_acronym_of_line(name: str, line: str) -> bool:
    """Return whether the name ("P A T T") is the acronym of all significant words of the line."""
    letters = name.replace(" ", "")
    initials = "".join(word[0] for word in line.split() if word not in _SHORT_WORDS)
    return len(letters) in ACRONYM_LETTERS and letters == initials


def _is_organization_line(line: str, name: str, in_group: bool) -> bool:
    words = line.split()
    if not OFFICE_WORDS.isdisjoint(words):
        return False
    is_chapter = in_group and any(character.isdigit() for character in line)
    return is_chapter or not ORGANIZATION_WORDS.isdisjoint(words) or _repeats_name(words, name.split())


def _repeats_name(words: list[str], name: list[str]) -> bool:
    """Return whether the line has only words of the name, or begins with the name's first two significant words."""
    significant = [word for word in words if word not in _SHORT_WORDS]
    if significant and set(significant) <= set(name):
        return True
    beginning = [word for word in name if word not in _SHORT_WORDS][:2]
    return len(significant) > 2 and significant[:2] == beginning


def parse_irs_address(street: str, city: str, state: str, postal_code: str) -> IrsAddress:
    """Parse the four cells as the file writes them. The disclosure is left to the directory's defaults."""
    repairs: list[Repair] = []
    state = state.upper()
    if state in MILITARY_STATES:
        return IrsAddress(None, (Repair("STATE", state, "", "left out: a post office of the armed forces is not a location"),))
    if state in ASSOCIATED_STATES:
        country, town = state, city
    elif f"US-{state}" in REGIONS:
        country, town = "US", _clean_city(city, state, repairs)
    else:
        foreign_country, town = _split_country(city)
        if foreign_country is None:
            return IrsAddress(None, (Repair("STATE", state, "", "left out: the address is in no known state"),))
        country = foreign_country
    location: dict[str, object | None] = {
        "street": _clean_street(street, repairs),
        "city": _recase_cell("CITY", town, repairs),
        "country": country,
    }
    if country == "US":
        location |= {"state": f"US-{state}", "postal_code": _clean_postal_code(postal_code, repairs)}
    return IrsAddress({field: value for field, value in location.items() if value}, tuple(repairs))


def _clean_street(written: str, repairs: list[Repair]) -> str | None:
    if _POST_BOX.search(written):
        repairs.append(Repair("STREET", written, "", "left out: a post office box is not a location"))
        return None
    return _recase_cell("STREET", written, repairs)


def _clean_city(city: str, state: str, repairs: list[Repair]) -> str:
    """Return the city without its state ("WASHINGTON DC"). A state alone is left as it is."""
    *words, last = city.split() or [""]
    if not words or last.upper() != state:
        return city
    town = " ".join(words)
    repairs.append(Repair("CITY", city, town, "the state has a column of its own"))
    return town


def _split_country(city: str) -> tuple[str | None, str]:
    """Return the country at the end of the line ("LONDON UNITED KINGDOM") and the text before it; None without a country."""
    words = city.split()
    for length in range(min(4, len(words)), 0, -1):
        regions = REGIONS.find(" ".join(words[-length:]))
        country = next((region for region in regions if region.kind is RegionKind.COUNTRY), None)
        if country and country.code != "US" and len(words[-1]) > 2:  # two letters may be a province
            return country.code, " ".join(words[:-length])
    return None, city


def _clean_postal_code(written: str, repairs: list[Repair]) -> str | None:
    code = written
    if _SHORT_POSTAL_CODE.fullmatch(code):
        code = code.zfill(5)
        repairs.append(Repair("ZIP", written, code, "leading zero restored"))
    match = _POSTAL_CODE.fullmatch(code)
    if not code or (match and match[1] == NO_POSTAL_CODE):
        return None
    if match and match[1] != code:
        repairs.append(Repair("ZIP", written, match[1], "ZIP+4"))
    return match[1] if match else written  # the draft rejects an invalid code together with the location


def _recase_cell(column: str, written: str, repairs: list[Repair]) -> str | None:
    cased = recase_place(written)
    if cased != written:
        repairs.append(Repair(column, written, cased, "ALL CAPS"))
    return cased or None
