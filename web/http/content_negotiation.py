"""Content negotiation: parse `Accept` and `Accept-Encoding` (RFC 9110, section 12.5) and choose how to answer.

A GraphQL answer has one of two media types. If a client gives both the same weight, the type that it names more exactly wins. If
it names both equally exactly, the newer GraphQL type wins; if both match the same wildcard, plain JSON wins, as GraphQL over HTTP
requires.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from web.http.responses import GRAPHQL_JSON, HTML, JSON

MAX_ACCEPT_LENGTH = 256  # characters of the header; browsers send about 150
_CACHE_SIZE = 256  # headers whose result is cached
_EXACT_TYPE, _TYPE_WILDCARD, _FULL_WILDCARD = 2, 1, 0  # how specific a range is


class WeightedValue(NamedTuple):
    """One element of `Accept` or `Accept-Encoding`: "text/*;q=0.5" or "gzip". `weight` is from 0 to 1."""

    name: str
    weight: float

    def specificity(self, media_type: str) -> int | None:
        """Return how exactly a media range names the media type; None if it does not match."""
        if self.name == media_type:
            return _EXACT_TYPE
        if self.name == media_type.partition("/")[0] + "/*":
            return _TYPE_WILDCARD
        return _FULL_WILDCARD if self.name == "*/*" else None


def negotiate_media_type(accept: str) -> str | None:
    """Return the media type for the answer to a client that sends this `Accept`; None if it accepts neither.

    An empty header accepts anything. Elements that break the grammar are ignored, and so is a header of more than
    MAX_ACCEPT_LENGTH characters.
    """
    return _negotiate(accept) if len(accept) <= MAX_ACCEPT_LENGTH else JSON


def prefers_html(accept: str) -> bool:
    """Return whether the header names HTML and gives it more weight than both media types of an answer."""
    values = parse_weighted_values(accept)
    return _weight_of(HTML, values) > max(_weight_of(JSON, values), _weight_of(GRAPHQL_JSON, values))


def accepts_gzip(accept_encoding: str) -> bool:
    """Return whether the header names gzip with a weight above 0."""
    return _weight_of("gzip", parse_weighted_values(accept_encoding)) > 0


def parse_weighted_values(header: str) -> list[WeightedValue]:
    """Return the elements of the header, with names in lower case. Invalid elements are left out, as is a header too long."""
    if len(header) > MAX_ACCEPT_LENGTH:
        return []
    return [value for part in header.lower().split(",") if (value := _parse_weighted_value(part))]


@lru_cache(maxsize=_CACHE_SIZE)
def _negotiate(accept: str) -> str | None:
    if not accept.strip():
        return JSON
    ranges = parse_weighted_values(accept)
    acceptable = [(rating, offer) for offer in (GRAPHQL_JSON, JSON) if (rating := _rate_offer(offer, ranges))]
    return max(acceptable)[1] if acceptable else None


def _rate_offer(offer: str, ranges: Sequence[WeightedValue]) -> tuple[float, int, bool] | None:
    """Return a sort key for how much the client wants the media type; None if it does not accept it.

    The most specific range decides (RFC 9110, section 12.5.1).
    """
    matches = [(specificity, each.weight) for each in ranges if (specificity := each.specificity(offer)) is not None]
    if not matches:
        return None
    specificity, weight = max(matches)
    default = GRAPHQL_JSON if specificity == _EXACT_TYPE else JSON
    return (weight, specificity, offer == default) if weight else None


def _weight_of(name: str, values: Sequence[WeightedValue]) -> float:
    """Return the weight of an element that is named exactly; 0 if it is not."""
    return max((value.weight for value in values if value.name == name), default=0.0)


def _parse_weighted_value(part: str) -> WeightedValue | None:
    name, *pieces = (piece.strip() for piece in part.split(";"))
    parameters = dict(piece.partition("=")[::2] for piece in pieces)
    if parameters.get("charset", "utf-8").strip('"') not in ("utf-8", "utf8"):
        return None
    weight = _parse_weight(parameters.get("q", "1"))
    return None if weight is None else WeightedValue(name, weight)


def _parse_weight(text: str) -> float | None:
    """Return a weight from 0 to 1 with up to three decimals (RFC 9110, section 12.4.2); None for anything else."""
    if len(text) > len("0.123") or not text.replace(".", "", 1).isdecimal() or not text.isascii():
        return None
    weight = float(text)
    return weight if weight <= 1 else None
