"""Which media type an answer has: the negotiation of RFC 9110, section 12.5.1, over the two that a GraphQL answer has.

Where a client likes both alike, the one it names more exactly goes first; of two named alike the newer one of GraphQL, and of
two under one wildcard plain JSON, which is what GraphQL over HTTP asks for.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from web.reply import GRAPHQL_JSON, JSON

LONGEST = 2_048  # characters of `Accept`; browsers send about 150
_KEPT = 256  # headers whose meaning is remembered
_NAMED, _BY_KIND, _ANYTHING = 2, 1, 0  # how exactly a range says what it means


class Range(NamedTuple):
    """One element of `Accept`: "text/*;q=0.5"."""

    name: str
    weight: float

    def exactness(self, media_type: str) -> int | None:
        """How exactly it names the media type; None where it does not."""
        if self.name == media_type:
            return _NAMED
        if self.name == media_type.partition("/")[0] + "/*":
            return _BY_KIND
        return _ANYTHING if self.name == "*/*" else None


def negotiated(accept: str) -> str | None:
    """The media type that a client which sends this `Accept` gets; None when it wants none of those there are.

    An empty header means that it takes anything. A range that breaks the grammar counts as not sent, and so does a header
    that is longer than any honest one.
    """
    return _negotiated(accept) if len(accept) <= LONGEST else JSON


@lru_cache(maxsize=_KEPT)
def _negotiated(accept: str) -> str | None:
    if not accept.strip():
        return JSON
    ranges = _ranges(accept)
    liked = [(wish, offer) for offer in (GRAPHQL_JSON, JSON) if (wish := _wish(offer, ranges))]
    return max(liked)[1] if liked else None


def _wish(offer: str, ranges: Sequence[Range]) -> tuple[float, int, bool] | None:
    """How much the client wants it, to be compared; its most exact range decides (section 12.5.1)."""
    matching = [(exactness, one.weight) for one in ranges if (exactness := one.exactness(offer)) is not None]
    if not matching:
        return None
    exactness, weight = max(matching)
    foremost = GRAPHQL_JSON if exactness == _NAMED else JSON
    return (weight, exactness, offer == foremost) if weight else None


def _ranges(accept: str) -> list[Range]:
    return [found for part in accept.lower().split(",") if (found := _range(part))]


def _range(part: str) -> Range | None:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    given = dict(parameter.partition("=")[::2] for parameter in parameters)
    if given.get("charset", "utf-8").strip('"') not in ("utf-8", "utf8"):
        return None
    weight = _weight(given.get("q", "1"))
    return None if weight is None else Range(name, weight)


def _weight(written: str) -> float | None:
    """0 to 1 with up to three decimals (section 12.4.2)."""
    if len(written) > len("0.123") or not written.replace(".", "", 1).isdecimal() or not written.isascii():
        return None
    weight = float(written)
    return weight if weight <= 1 else None
