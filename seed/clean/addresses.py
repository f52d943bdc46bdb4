"""An address in one line taken apart, and the street in it."""

import re
from functools import lru_cache

import usaddress
from msgspec import Struct

from directory.errors import BadInput
from directory.gazetteer import gazetteer
from seed.clean.areas import HOME, abroad, state
from seed.clean.casing import in_one_case
from seed.clean.mended import Mended
from seed.clean.streets import place_cased

REMEMBERED = 1 << 13  # addresses
LONGEST = 300  # characters, as a line of a draft

_STATE_AND_CODE = re.compile(r"([A-Za-z][A-Za-z. ]++)(?:,?\s++|(?<=\s))(\d{5})(?:-\d{4})?", re.ASCII)
_LINE_BREAK = re.compile(r"(?:(?<!\s)\s+)?\n\s*")
_COMMAS = re.compile(r"(?:(?<!\s)\s+)?,(?:\s*+,)+")
_HOME_AT_END = re.compile(
    r"(?<![,\s])[,\s]++(?:USA|U\.S\.A\.|US|U\.S\.|United States(?: of America)?|EE\.? ?UU\.?|Estados Unidos)\.?$"
)
_BOX = re.compile(
    r"\b(?:(?:p\.?\s?o\.?|post(?:al)?\s++office)\s*+(?:,\s*+)?(?:box|drawer|bx)"
    r"|apartado(?:\s++postal)?|casilla(?:\s++de\s++correos?)?|p\.?o\.?b\.?)"
    r"\s*+(?:no\.?\s*+|number\s*+|#\s*+)?[\w-]{0,20}\d[\w-]*+",
    re.IGNORECASE,
)
_BARE_BOX = re.compile(r"(?:box|drawer)\s+#?\d+", re.IGNORECASE)
_CARE_OF = re.compile(r"^(?:c/o|%|attn\b:?|attention:?|a/c|a la atención de)\s*(?:[^,\n\d]*(?:[,\n]\s*|(?=\d)|$))", re.IGNORECASE)
_UNTAKEN = "This address cannot be taken apart; write its street, city, state and postal code in columns of their own."


class Address(Struct, frozen=True):
    """None for what the line does not say. `country` is told only where it is another than the US."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


@lru_cache(maxsize=REMEMBERED)
def address(text: str, country: str | None = None) -> Mended[Address]:
    """The parts of an address in one line. An address abroad is kept in one line as its street, as nobody can part it surely.

    `country` is the one stated beside it. Raises BadInput for what is no address or several.
    """
    line = _LINE_BREAK.sub(", ", text.strip(" ,\n"))
    elsewhere, rest = _abroad(line, country)
    if elsewhere:
        return Mended(Address(street=rest, country=elsewhere), ("address abroad kept in one line",))
    line = _HOME_AT_END.sub("", line)
    if len(line) > LONGEST or ";" in line:
        raise BadInput(_UNTAKEN)
    return Mended(_usual(line) or _tagged(line), ("address taken apart",))


def _abroad(line: str, country: str | None) -> tuple[str | None, str]:
    head, comma, last = line.rpartition(",")
    named = abroad(last.strip(" .")) if comma else None
    if named and country in (None, named):
        return named, head.strip(" ,")
    return (country, line) if country not in (None, HOME) else (None, line)


def _usual(line: str) -> Address | None:
    """ "Street, city, state ZIP", where the gazetteer knows the city in the state; quicker than the tagger, and surer."""
    ends_in_code = line.rpartition(",")[2].strip()[:1].isdigit()  # "Georgia, 30303"
    parts = 3 if ends_in_code else 2
    before, *places = line.rsplit(",", parts)
    found = _STATE_AND_CODE.fullmatch(",".join(places[1:]).strip()) if len(places) == parts else None
    if found is None:
        return None
    city, letters = places[0].strip(), state(found[1].strip(), HOME).value
    if letters is None or len(letters) != 2 or gazetteer().city(city, letters) is None:
        return None
    return Address(before.strip(" ,"), city, letters, found[2])


def _tagged(line: str) -> Address:
    try:
        parts, _ = usaddress.tag(line)
    except usaddress.RepeatedLabelError as problem:
        raise BadInput(_UNTAKEN) from problem
    clean = {label: value.strip(" ,\n") for label, value in parts.items()}
    place, letters, code = clean.get("PlaceName"), clean.get("StateName"), clean.get("ZipCode")
    has_street = {"AddressNumber", "USPSBoxID", "CornerOf", "IntersectionSeparator"} & clean.keys()
    if not (has_street or (letters and (place or code)) or code):
        raise BadInput(_UNTAKEN)
    ends = [at for value in (place, letters, code) if value and (at := line.rfind(value)) >= 0]
    return Address(line[: min(ends, default=len(line))].strip(" ,") or None, place, letters, code)


@lru_cache(maxsize=REMEMBERED)
def street(text: str) -> Mended[str | None]:
    """The street line without a P.O. box, which is no place of the organization, and without a person in care of whom it is.

    None where nothing else is in it.
    """
    reasons: list[str] = []
    line = _LINE_BREAK.sub(", ", text.strip(" ,\n"))
    if (place := _CARE_OF.sub("", line)) != line:
        reasons.append("care-of name left out of the street")
    without = _BOX.sub("", place) if not _BARE_BOX.fullmatch(place) else ""
    if without != place:
        reasons.append("a P.O. box is no place of the organization, left out")
        place = _COMMAS.sub(",", without)
    place = " ".join(place.split()).strip(" ,;/")
    if in_one_case(place) and (cased := place_cased(place)) != place:
        reasons.append("ALL CAPS" if place.isupper() else "all lower case")
        place = cased
    return Mended(place or None, tuple(reasons))
