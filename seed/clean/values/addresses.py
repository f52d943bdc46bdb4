"""An address in one line taken apart, and the street in it."""

import re
from functools import lru_cache

import usaddress
from msgspec import Struct

from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from seed.clean.cleaning_log import CleaningResult
from seed.clean.values.areas import HOME_COUNTRY, clean_state, find_foreign_country
from seed.clean.values.letter_case import has_single_case, recase_place

ADDRESS_CACHE_SIZE = 1 << 13  # addresses
MAX_LENGTH = 300  # characters, as a line of a draft

_STATE_AND_CODE = re.compile(r"([A-Za-z][A-Za-z. ]++)(?:,?\s++|(?<=\s))(\d{5})(?:-\d{4})?", re.ASCII)
_LINE_BREAK = re.compile(r"(?:(?<!\s)\s+)?\n\s*")
_REPEATED_COMMAS = re.compile(r"(?:(?<!\s)\s+)?,(?:\s*+,)+")
_UNITED_STATES_AT_END = re.compile(
    r"(?<![,\s])[,\s]++(?:USA|U\.S\.A\.|US|U\.S\.|United States(?: of America)?|EE\.? ?UU\.?|Estados Unidos)\.?$"
)
_POST_OFFICE_BOX = re.compile(
    r"\b(?:(?:p\.?\s?o\.?|post(?:al)?\s++office)\s*+(?:,\s*+)?(?:box|drawer|bx)"
    r"|apartado(?:\s++postal)?|casilla(?:\s++de\s++correos?)?|p\.?o\.?b\.?)"
    r"\s*+(?:no\.?\s*+|number\s*+|#\s*+)?[\w-]{0,20}\d[\w-]*+",
    re.IGNORECASE,
)
_BOX_NUMBER = re.compile(r"(?:box|drawer)\s+#?\d+", re.IGNORECASE)
_CARE_OF = re.compile(r"^(?:c/o|%|attn\b:?|attention:?|a/c|a la atención de)\s*(?:[^,\n\d]*(?:[,\n]\s*|(?=\d)|$))", re.IGNORECASE)
_UNPARSEABLE_ADDRESS = (
    "This address cannot be taken apart; write its street, city, state and postal code in columns of their own."
)


class ParsedAddress(Struct, frozen=True):
    """None for what the line does not say. `country` is told only where it is another than the US."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


@lru_cache(maxsize=ADDRESS_CACHE_SIZE)
def parse_address(text: str, country: str | None = None) -> CleaningResult[ParsedAddress]:
    """The parts of an address in one line. An address abroad is kept in one line as its street, as nobody can part it surely.

    `country` is the one stated beside it. Raises BadInput for what is no address or several.
    """
    line = _LINE_BREAK.sub(", ", text.strip(" ,\n"))
    elsewhere, rest = _split_foreign_country(line, country)
    if elsewhere:
        return CleaningResult(ParsedAddress(street=rest, country=elsewhere), ("address abroad kept in one line",))
    line = _UNITED_STATES_AT_END.sub("", line)
    if len(line) > MAX_LENGTH or ";" in line:
        raise BadInput(_UNPARSEABLE_ADDRESS)
    return CleaningResult(_parse_with_gazetteer(line) or _parse_with_usaddress(line), ("address taken apart",))


def _split_foreign_country(line: str, country: str | None) -> tuple[str | None, str]:
    head, comma, last = line.rpartition(",")
    named = find_foreign_country(last.strip(" .")) if comma else None
    if named and country in (None, named):
        return named, head.strip(" ,")
    return (country, line) if country not in (None, HOME_COUNTRY) else (None, line)


def _parse_with_gazetteer(line: str) -> ParsedAddress | None:
    """ "Street, city, state ZIP", where the gazetteer knows the city in the state; quicker than the tagger, and surer."""
    ends_in_code = line.rpartition(",")[2].strip()[:1].isdigit()  # "Georgia, 30303"
    parts = 3 if ends_in_code else 2
    before, *places = line.rsplit(",", parts)
    found = _STATE_AND_CODE.fullmatch(",".join(places[1:]).strip()) if len(places) == parts else None
    if found is None:
        return None
    city, letters = places[0].strip(), clean_state(found[1].strip(), HOME_COUNTRY).value
    if letters is None or len(letters) != 2 or get_gazetteer().find_city(city, letters) is None:
        return None
    return ParsedAddress(before.strip(" ,"), city, letters, found[2])


def _parse_with_usaddress(line: str) -> ParsedAddress:
    try:
        parts, _ = usaddress.tag(line)
    except usaddress.RepeatedLabelError as problem:
        raise BadInput(_UNPARSEABLE_ADDRESS) from problem
    clean = {label: value.strip(" ,\n") for label, value in parts.items()}
    place, letters, code = clean.get("PlaceName"), clean.get("StateName"), clean.get("ZipCode")
    has_street = {"AddressNumber", "USPSBoxID", "CornerOf", "IntersectionSeparator"} & clean.keys()
    if not (has_street or (letters and (place or code)) or code):
        raise BadInput(_UNPARSEABLE_ADDRESS)
    ends = [at for value in (place, letters, code) if value and (at := line.rfind(value)) >= 0]
    return ParsedAddress(line[: min(ends, default=len(line))].strip(" ,") or None, place, letters, code)


@lru_cache(maxsize=ADDRESS_CACHE_SIZE)
def clean_street(text: str) -> CleaningResult[str | None]:
    """The street line without a P.O. box, which is no place of the organization, and without a person in care of whom it is.

    None where nothing else is in it.
    """
    reasons: list[str] = []
    line = _LINE_BREAK.sub(", ", text.strip(" ,\n"))
    if (place := _CARE_OF.sub("", line)) != line:
        reasons.append("care-of name left out of the street")
    without = _POST_OFFICE_BOX.sub("", place) if not _BOX_NUMBER.fullmatch(place) else ""
    if without != place:
        reasons.append("a P.O. box is no place of the organization, left out")
        place = _REPEATED_COMMAS.sub(",", without)
    place = " ".join(place.split()).strip(" ,;/")
    if has_single_case(place) and (cased := recase_place(place)) != place:
        reasons.append("ALL CAPS" if place.isupper() else "all lower case")
        place = cased
    return CleaningResult(place or None, tuple(reasons))


POINT_CACHE_SIZE = 1 << 12  # pairs

_DECIMAL = re.compile(r"[+\-−]?\d{1,3}(?:\.\d+)?", re.ASCII)
_ANGLE = re.compile(
    r"""([NSEWO])?\s*+([+\-−]?\d{1,3}(?:[.,]\d++)?)\s*+(?:(?:°|º|deg)\s*+)?"""
    r"""(?:(\d{1,2}(?:[.,]\d++)?)\s*+['’′]\s*+(?:(\d{1,2}(?:[.,]\d++)?)\s*+(?:"|”|″|'')\s*+)?)?([NSEWO])?""",
    re.IGNORECASE | re.ASCII,
)
_COORDINATE_SEPARATORS = re.compile(
    r"(?:(?<!\s)\s+)?[;/]\s*|,\s+|(?:(?<!\s)\s+)?,\s*(?=[+\-−]?\d{1,3}[.°º])|(?<=[\d°º'\"NSns])\s+(?=[+\-−\d])"
)
_SOUTH_OR_WEST = frozenset("SWO")  # O: oeste
_HOME_LATITUDES, _HOME_LONGITUDES = (17.0, 72.0), (-180.0, -64.0)  # of the United States, without the Pacific territories
_UNREADABLE_POINT = "This is no latitude or longitude; write degrees with a decimal point, as in 33.749 and -84.388."


@lru_cache(maxsize=POINT_CACHE_SIZE)
def parse_point(latitude: str, longitude: str) -> CleaningResult[tuple[float, float]]:
    """Latitude and longitude of two cells, or of one that holds both. Raises BadInput; swapped ones are not put back."""
    reasons: list[str] = []
    if not longitude.strip() or not latitude.strip():
        latitude, longitude = _split_point(latitude.strip() or longitude.strip())
        reasons.append("two numbers in one cell")
    lat, lon = _parse_degrees(latitude, "NS", reasons), _parse_degrees(longitude, "EWO", reasons)
    _refuse_unlikely(lat, lon)
    return CleaningResult((lat, lon), tuple(dict.fromkeys(reasons)))


def _split_point(text: str) -> tuple[str, str]:
    parts = _COORDINATE_SEPARATORS.split(text.strip("() "))
    if len(parts) != 2:
        raise BadInput("A point needs its latitude and its longitude; give both or neither.")
    return parts[0], parts[1]


def _parse_degrees(text: str, letters: str, reasons: list[str]) -> float:
    text = text.strip()
    if _DECIMAL.fullmatch(text):
        return float(text.replace("−", "-"))
    found = _ANGLE.fullmatch(text)
    if found is None or (found[1] and found[5]):
        raise BadInput(_UNREADABLE_POINT)
    direction = (found[1] or found[5] or "").upper()
    if direction and direction not in letters:
        raise _build_swapped_error()
    degrees, minutes, seconds = (float((part or "0").replace(",", ".").replace("−", "-")) for part in found.group(2, 3, 4))
    if minutes >= 60 or seconds >= 60 or (direction and degrees < 0):
        raise BadInput(_UNREADABLE_POINT)
    reasons.append("brought into decimal degrees")
    size = abs(degrees) + minutes / 60 + seconds / 3600
    return round(-size if direction in _SOUTH_OR_WEST or degrees < 0 else size, 7)


def _refuse_unlikely(latitude: float, longitude: float) -> None:
    if latitude == longitude == 0:
        raise BadInput("The point 0, 0 lies in the Atlantic; leave the point out where it is not known.")
    inside = _is_within(longitude, _HOME_LATITUDES) and _is_within(latitude, _HOME_LONGITUDES)
    if abs(latitude) > 90 or inside:
        raise _build_swapped_error() if abs(longitude) <= 90 else BadInput(_UNREADABLE_POINT)
    if abs(longitude) > 180:
        raise BadInput(_UNREADABLE_POINT)


def _is_within(number: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= number <= bounds[1]


def _build_swapped_error() -> BadInput:
    return BadInput(
        "Latitude and longitude seem to have changed places; the latitude of the United States lies between 17 and 72."
    )
