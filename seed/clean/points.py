"""Latitude and longitude as people write them, in degrees (WGS 84)."""

import re
from functools import lru_cache

from directory.errors import BadInput
from seed.clean.mended import CleaningResult

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
