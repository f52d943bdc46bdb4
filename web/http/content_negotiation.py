"""Which media type an answer has: the negotiation of RFC 9110, section 12.5.1, over the two that a GraphQL answer has.

Where a client likes both alike, the one it names more exactly goes first; of two named alike the newer one of GraphQL, and of
two under one wildcard plain JSON, which is what GraphQL over HTTP asks for.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from web.http.responses import GRAPHQL_JSON, JSON

MAX_ACCEPT_LENGTH = 2_048  # characters of `Accept`; browsers send about 150
_CACHE_SIZE = 256  # headers whose meaning is remembered
_EXACT_TYPE, _TYPE_WILDCARD, _FULL_WILDCARD = 2, 1, 0  # how exactly a range says what it means


class MediaRange(NamedTuple):
    """One element of `Accept`: "text/*;q=0.5"."""

    name: str
    weight: float

    def specificity(self, media_type: str) -> int | None:
        """How exactly it names the media type; None where it does not."""
        if self.name == media_type:
            return _EXACT_TYPE
        if self.name == media_type.partition("/")[0] + "/*":
            return _TYPE_WILDCARD
        return _FULL_WILDCARD if self.name == "*/*" else None


def negotiate_media_type(accept: str) -> str | None:
    """The media type that a client which sends this `Accept` gets; None when it wants none of those there are.

    An empty header means that it takes anything. A range that breaks the grammar counts as not sent, and so does a header
    that is longer than any honest one.
    """
    return _negotiate(accept) if len(accept) <= MAX_ACCEPT_LENGTH else JSON


@lru_cache(maxsize=_CACHE_SIZE)
def _negotiate(accept: str) -> str | None:
    if not accept.strip():
        return JSON
    ranges = _parse_ranges(accept)
    liked = [(wish, offer) for offer in (GRAPHQL_JSON, JSON) if (wish := _rate_offer(offer, ranges))]
    return max(liked)[1] if liked else None


def _rate_offer(offer: str, ranges: Sequence[MediaRange]) -> tuple[float, int, bool] | None:
    """How much the client wants it, to be compared; its most exact range decides (section 12.5.1)."""
    matching = [(exactness, one.weight) for one in ranges if (exactness := one.specificity(offer)) is not None]
    if not matching:
        return None
    exactness, weight = max(matching)
    foremost = GRAPHQL_JSON if exactness == _EXACT_TYPE else JSON
    return (weight, exactness, offer == foremost) if weight else None


def _parse_ranges(accept: str) -> list[MediaRange]:
    return [found for part in accept.lower().split(",") if (found := _parse_range(part))]


def _parse_range(part: str) -> MediaRange | None:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    given = dict(parameter.partition("=")[::2] for parameter in parameters)
    if given.get("charset", "utf-8").strip('"') not in ("utf-8", "utf8"):
        return None
    weight = _parse_weight(given.get("q", "1"))
    return None if weight is None else MediaRange(name, weight)


def _parse_weight(text: str) -> float | None:
    """0 to 1 with up to three decimals (section 12.4.2)."""
    if len(text) > len("0.123") or not text.replace(".", "", 1).isdecimal() or not text.isascii():
        return None
    weight = float(text)
    return weight if weight <= 1 else None
