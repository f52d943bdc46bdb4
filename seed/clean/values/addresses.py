"""Parse addresses, streets and points: an address in one line becomes its parts."""

import re

import usaddress
from msgspec import Struct

from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.text import fold, has_single_case
from directory.vocabulary.regions import HOME_COUNTRY
from seed.clean.cleaning_log import CleaningResult
from seed.clean.values.areas import clean_state, find_foreign_country
from seed.clean.values.letter_case import recase_place

_MARKERS = r"%|c/o\b|in care of\b|attn\b:?"
_LEADING_STREET_MARKERS = r"attention:?|a/c|a la atención de"  # too common inside names and streets to count anywhere else
_IN_NAME = re.compile(rf"(?<!\S)(?:{_MARKERS}).*", re.IGNORECASE)
_IN_STREET = re.compile(rf"^(?:{_LEADING_STREET_MARKERS})\s*|(?<!\S)(?:{_MARKERS})\s*", re.IGNORECASE)
_PERSON = re.compile(r"[^,\n\d]*(?:[,\n]\s*)?")
_HOUSE_NUMBER_ALONE = re.compile(r"\d\S*\s*")


def remove_care_of_from_name(name: str) -> str:
    """Return the name without its care-of line; "" when nothing else is left."""
    care_of = _IN_NAME.search(name)
    return name[: care_of.start()].rstrip(" ,;-") if care_of else name


def remove_care_of_from_street(street: str) -> str:
    """Return the street without its care-of line; "" when nothing else is left.

    Nothing marks the end of a care-of line. If a street with a number comes before it, return that street. Otherwise return
    what follows the person's name, which ends at the first comma or number.
    """
    care_of = _IN_STREET.search(street)
    if care_of is None:
        return street
    before = street[: care_of.start()].rstrip(" ,;-")
    if any(character.isdigit() for character in before):
        return before
    after = _PERSON.sub("", street[care_of.end() :], count=1)
    return "" if _HOUSE_NUMBER_ALONE.fullmatch(after) else after


MAX_LENGTH = 300  # characters; the limit of a line in a draft

_STATE_AND_CODE = re.compile(r"([A-Za-z][A-Za-z. ]++)(?:,?\s++|(?<=\s))(\d{5})(?:-\d{4})?", re.ASCII)
_LINE_BREAK = re.compile(r"(?:(?<!\s)\s+)?\n\s*")
_REPEATED_COMMAS = re.compile(r"(?:(?<!\s)\s+)?,(?:\s*+,)+")
_UNITED_STATES_AT_END = re.compile(
    r"(?<![,\s])[,\s]++(?:USA|U\.S\.A\.|US|U\.S\.|United States(?: of America)?|EE\.? ?UU\.?|Estados Unidos)\.?$"
)
_POST_OFFICE_BOX = re.compile(
    r"\b(?:(?:p\.?\s?o\.?|post(?:al)?\s++office)\s*+(?:,\s*+)?(?:box|drawer|bx)"
    r"|apartado(?:\s++postal)?|apdo\.?(?:\s++postal)?|casilla(?:\s++de\s++correos?)?|p\.?o\.?b\.?)"
    r"\s*+(?:no\.?\s*+|number\s*+|#\s*+)?[\w-]{0,20}\d[\w-]*+",
    re.IGNORECASE,
)
_BOX_NUMBER = re.compile(r"(?:box|drawer)\s+#?\d+", re.IGNORECASE)
_CONFIDENTIAL = frozenset(  # folded
    {
        *("confidential", "confidential address", "confidential location", "address confidential", "undisclosed", "secret"),
        *("undisclosed location", "undisclosed address", "withheld", "private", "not public", "do not publish", "do not share"),
        *("unlisted", "confidencial", "direccion confidencial", "no publicar", "privado", "privada", "secreto", "secreta"),
    }
)
_UNPARSEABLE_ADDRESS = "This address cannot be parsed; put the street, city, state and postal code into separate columns."


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
_HOME_LATITUDES, _HOME_LONGITUDES = (17.0, 72.0), (-180.0, -64.0)  # the United States without the Pacific territories
_UNREADABLE_POINT = "This is not a latitude or longitude; write decimal degrees, as in 33.749 and -84.388."


class ParsedAddress(Struct, frozen=True):
    """The parts of an address; None for a part that is not stated. `country` is set only if it is not the US."""

    street: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


def parse_address(text: str, country: str | None = None) -> CleaningResult[ParsedAddress]:
    """Return the parts of an address in one line. A foreign address becomes the street, because its parts are not certain.

    `country` is the country stated separately. Raises BadInput if the text is not an address, or holds several.
    """
    line = _LINE_BREAK.sub(", ", text.strip(" ,\n"))
    foreign_country, street = _split_foreign_country(line, country)
    if foreign_country:
        return CleaningResult(ParsedAddress(street=street, country=foreign_country), ("foreign address kept in one line",))
    line = _UNITED_STATES_AT_END.sub("", line)
    if len(line) > MAX_LENGTH or ";" in line:
        raise BadInput(_UNPARSEABLE_ADDRESS)
    return CleaningResult(_parse_with_gazetteer(line) or _parse_with_usaddress(line), ("address split into parts",))


def _split_foreign_country(line: str, country: str | None) -> tuple[str | None, str]:
    head, comma, last = line.rpartition(",")
    last_country = find_foreign_country(last.strip(" .")) if comma else None
    if last_country and country in (None, last_country):
        return last_country, head.strip(" ,")
    return (country, line) if country not in (None, HOME_COUNTRY) else (None, line)


def _parse_with_gazetteer(line: str) -> ParsedAddress | None:
    """Parse "street, city, state ZIP" if the gazetteer has the city. This is faster and safer than usaddress."""
    ends_in_code = line.rpartition(",")[2].strip()[:1].isdigit()  # "Georgia, 30303"
    parts = 3 if ends_in_code else 2
    street, *areas = line.rsplit(",", parts)
    match = _STATE_AND_CODE.fullmatch(",".join(areas[1:]).strip()) if len(areas) == parts else None
    if match is None:
        return None
    city, letters = areas[0].strip(), clean_state(match[1].strip(), HOME_COUNTRY).value
    if letters is None or len(letters) != 2 or get_gazetteer().find_city(city, letters) is None:
        return None
    return ParsedAddress(street.strip(" ,"), city, letters, match[2])


def _parse_with_usaddress(line: str) -> ParsedAddress:
    try:
        parts, _ = usaddress.tag(line)
    except usaddress.RepeatedLabelError as error:
        raise BadInput(_UNPARSEABLE_ADDRESS) from error
    labels = {label: value.strip(" ,\n") for label, value in parts.items()}
    city, letters, code = labels.get("PlaceName"), labels.get("StateName"), labels.get("ZipCode")
    has_street = {"AddressNumber", "USPSBoxID", "CornerOf", "IntersectionSeparator"} & labels.keys()
    if not (has_street or (letters and (city or code)) or code):
        raise BadInput(_UNPARSEABLE_ADDRESS)
    ends = [position for value in (city, letters, code) if value and (position := line.rfind(value)) >= 0]
    return ParsedAddress(line[: min(ends, default=len(line))].strip(" ,") or None, city, letters, code)


def clean_street(text: str) -> CleaningResult[str | None]:
    """Return the street line without P.O. boxes, which are not locations, and without care-of names; None if nothing is left."""
    reasons: list[str] = []
    line = _LINE_BREAK.sub(", ", text.strip(" ,\n"))
    if (street := remove_care_of_from_street(line)) != line:
        reasons.append("care-of name removed from the street")
    without_box = _POST_OFFICE_BOX.sub("", street) if not _BOX_NUMBER.fullmatch(street) else ""
    if without_box != street:
        reasons.append("P.O. box removed: it is not a location")
        street = _REPEATED_COMMAS.sub(",", without_box)
    street = " ".join(street.split()).strip(" ,;/")
    if has_single_case(street) and (recased := recase_place(street)) != street:
        reasons.append("ALL CAPS" if street.isupper() else "all lower case")
        street = recased
    return CleaningResult(street or None, tuple(reasons))


def is_confidential(street: str) -> bool:
    """Whether the text says that the street is secret, instead of naming it."""
    return len(street) <= MAX_LENGTH and fold(street) in _CONFIDENTIAL


def parse_point(latitude: str, longitude: str) -> CleaningResult[tuple[float, float]]:
    """Return latitude and longitude (degrees) from two cells, or from one cell that holds both.

    Raises BadInput if they are not a point. Swapped numbers are refused, not corrected.
    """
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
    match = _ANGLE.fullmatch(text)
    if match is None or (match[1] and match[5]):
        raise BadInput(_UNREADABLE_POINT)
    direction = (match[1] or match[5] or "").upper()
    if direction and direction not in letters:
        raise _build_swapped_error()
    degrees, minutes, seconds = (float((part or "0").replace(",", ".").replace("−", "-")) for part in match.group(2, 3, 4))
    if minutes >= 60 or seconds >= 60 or (direction and degrees < 0):
        raise BadInput(_UNREADABLE_POINT)
    reasons.append("converted to decimal degrees")
    size = abs(degrees) + minutes / 60 + seconds / 3600
    return round(-size if direction in _SOUTH_OR_WEST or degrees < 0 else size, 7)


def _refuse_unlikely(latitude: float, longitude: float) -> None:
    if latitude == longitude == 0:
        raise BadInput("The point 0, 0 lies in the Atlantic; leave the cells empty if the point is unknown.")
    is_home_if_swapped = _is_within(longitude, _HOME_LATITUDES) and _is_within(latitude, _HOME_LONGITUDES)
    if abs(latitude) > 90 or is_home_if_swapped:
        raise _build_swapped_error() if abs(longitude) <= 90 else BadInput(_UNREADABLE_POINT)
    if abs(longitude) > 180:
        raise BadInput(_UNREADABLE_POINT)


def _is_within(number: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= number <= bounds[1]


def _build_swapped_error() -> BadInput:
    return BadInput("Latitude and longitude seem to be swapped; latitudes in the United States lie between 17 and 72.")
