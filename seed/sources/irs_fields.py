"""The second name line of the IRS's list (SORT_NAME): another name, a chapter, an acronym, or the name of a trustee or founder.

Nothing in the file tells these apart, and whoever is named there never asked to be. So a line is taken only where it shows
itself to be an organization's; any other is left out.
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
ORGANIZATION_WORDS = frozenset(_ORGANIZATION_WORD_TEXT.split())  # words, folded, that no person is called by
_OFFICE_WORD_TEXT = """
    attn ceo cfo chair co cpa dir director dr esq exec executive jr member mbr mr mrs ms pres president rabbi rev sec
    secretary sole sr treas treasurer trust trustee trustees ttee ttees
"""
OFFICE_WORDS = frozenset(_OFFICE_WORD_TEXT.split())  # words, folded, beside which a person's name stands
UNINFORMATIVE_LINES = frozenset({"group return", "parent", "national headquarters", "headquarters", "central organization"})
_SMALL_WORD_TEXT = "a an and at by de del for in la of on or the to via with inc incorporated corp corporation llc ltd"
_SHORT_WORDS = frozenset(_SMALL_WORD_TEXT.split())
_NAME_CARE_OF = re.compile(r"(?:^|\s)(?:%|C/O\b|ATTN\b:?).*", re.IGNORECASE)


_BUSINESS_NAME = re.compile(r"(DBA|D/B/A|AKA|A/K/A|T/A|FKA|F/K/A|FORMERLY)\s+(?=\S)", re.IGNORECASE)
_FORMER_PREFIXES = ("FKA", "F/K/A", "FORMERLY")


class OmissionReason(StrEnum):
    """Why a line is left out, in the words of a report."""

    CUT_OFF = "left out: the file cuts it off"
    UNCLEAR = "left out: it may be a person's name"


class SortName(Struct, frozen=True):
    """What a line is good for: a `name` of a `kind`, nothing, or the reason why it is `left` out."""

    name: str | None = None
    kind: NameKind = NameKind.ALSO_KNOWN_AS
    omission_reason: OmissionReason | None = None


def remove_care_of_from_name(text: str) -> str:
    """The name without what follows "%", "C/O" or "ATTN"; "" where nothing else is there."""
    return _NAME_CARE_OF.sub("", text).strip()


def parse_sort_name(line: str, name: str, *, in_group: bool) -> SortName:
    """What the line says beside that name (both as the file writes them). `in_group`: under the exemption of a parent."""
    if said_so := _BUSINESS_NAME.match(line):
        return _parse_business_name(line, said_so)
    said, main = fold(line), fold(name)
    letters = said.replace(" ", "")
    if not letters or letters == main.replace(" ", "") or said in UNINFORMATIVE_LINES or letters.isdigit():
        return SortName()
    if _is_acronym(letters, main) and all(len(word) == 1 for word in said.split()[1:]):
        return SortName("".join(line.split()).upper(), NameKind.ACRONYM)
    if len(line) >= LINE_LENGTH:
        return SortName(omission_reason=OmissionReason.CUT_OFF)
    if _is_acronym_of_line(main, said) or _is_organization_line(said, main, in_group):
        return SortName(recase_name(line))
    return SortName(omission_reason=OmissionReason.UNCLEAR)


def _parse_business_name(line: str, beginning: re.Match[str]) -> SortName:
    """What "DBA" or "FKA" stands before is no trustee's."""
    if len(line) >= LINE_LENGTH:
        return SortName(omission_reason=OmissionReason.CUT_OFF)
    former = beginning[1].upper() in _FORMER_PREFIXES
    return SortName(recase_name(line[beginning.end() :]), NameKind.FORMER if former else NameKind.ALSO_KNOWN_AS)


def _is_acronym(letters: str, name: str) -> bool:
    """Whether the letters begin words of the name, in their order; two letters begin all that are not small."""
    words = name.split()
    if len(letters) not in ACRONYM_LETTERS or not letters.isalpha() or len(words) < 2:
        return False
    if len(letters) == 2:
        return letters == "".join(word[0] for word in words if word not in _SHORT_WORDS)
    initials = iter(word[0] for word in words)
    return all(letter in initials for letter in letters)


def _is_acronym_of_line(name: str, line: str) -> bool:
    """Whether the name, "P A T T", is the acronym of the line: all its words count."""
    letters = name.replace(" ", "")
    telling = "".join(word[0] for word in line.split() if word not in _SHORT_WORDS)
    return len(letters) in ACRONYM_LETTERS and letters == telling


def _is_organization_line(line: str, name: str, in_group: bool) -> bool:
    words = line.split()
    if not OFFICE_WORDS.isdisjoint(words):
        return False
    numbered = in_group and any(sign.isdigit() for sign in line)  # chapters of a group are
    return numbered or not ORGANIZATION_WORDS.isdisjoint(words) or _repeats_name(words, name.split())


def _repeats_name(words: list[str], name: list[str]) -> bool:
    """Whether the line says only words of the name, or begins with two that are the name's first and tell something."""
    telling = [word for word in words if word not in _SHORT_WORDS]
    if telling and set(telling) <= set(name):
        return True
    first = [word for word in name if word not in _SHORT_WORDS][:2]
    return len(telling) > 2 and telling[:2] == first


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
