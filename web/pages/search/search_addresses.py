"""The addresses of searches that are like another one: with one more condition, without one, in another order."""

import math
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote_plus

from web.pages.search.search_form import (
    CLAUSE,
    NEAR,
    RADIUS,
    SAFE,
    SINGLE_KEYS,
    UNIT,
    UNITS,
    Pair,
    find_clause_origin,
    format_pairs,
)

FACET_KEYS = ("issue", "community", "work", "language", "kind")  # those with checkboxes
RANKED_KEYS = ("q", "optional", "region", CLAUSE)  # by which organizations match more or less well
_CODE = re.compile(r"[A-Z0-9-]++")  # a region: a map has up to 254, and none needs quoting


class SearchAddresses:
    """The query strings of searches that differ from one in one thing. `search` is in the form that the API returns."""

    def __init__(self, search: str, unit: str = UNITS[0]) -> None:
        self.search, self.unit = search, unit
        self.pairs = parse_qsl(search, keep_blank_values=True)
        self._page_pairs = [(UNIT, unit)] if unit != UNITS[0] else []

    def format(self, search: str, *others: Pair) -> str:
        """Return the query string of another search, with the unit of this one."""
        extra = format_pairs((*self._page_pairs, *others))
        return "&".join(part for part in (search, extra) if part)

    def choose(self, key: str, value: str) -> str:
        """Return the search with this value instead of all others of the key."""
        return self.choose_each(key, [value])[0]

    def choose_each(self, key: str, values: Iterable[str]) -> list[str]:
        """Return the searches that `choose` returns for many values. The other pairs are written only once."""
        others, extra = self._format_without(key), format_pairs(self._page_pairs)
        before = f"{others}&{quote_plus(key)}=" if others else f"{quote_plus(key)}="
        after = f"&{extra}" if extra else ""
        return [f"{before}{value if _CODE.fullmatch(value) else quote_plus(value, SAFE)}{after}" for value in values]

    def drop(self, key: str) -> str:
        """Return the search without all values of the key."""
        return self.format(self._format_without(key))

    def _format_without(self, key: str) -> str:
        return format_pairs([pair for pair in self.pairs if pair[0] != key])

    def add(self, key: str, value: str) -> str:
        """Return the search with one more pair. Of a key that can be used only once, this is the only one."""
        return self.choose(key, value) if key in SINGLE_KEYS else self.format(format_pairs([*self.pairs, (key, value)]))

    def require(self, word: str) -> str:
        """Return the search in which an optional word must occur."""
        pairs = [pair for pair in self.pairs if pair[0] not in ("optional", "q")]
        text = " ".join(part for part in (self.get("q"), word) if part)
        return self.format(format_pairs([*pairs, ("q", text)]))

    def get(self, key: str) -> str:
        """Return the first value of a key, "" if there is none."""
        return next((value for other, value in self.pairs if other == key), "")

    def in_unit(self, unit: str) -> str:
        """Return this search with distances in the unit."""
        return SearchAddresses(self.search, unit).format(self.search)

    @property
    def has_origin(self) -> bool:
        """Whether distances are measured from a place."""
        return any(key == NEAR or (key == CLAUSE and find_clause_origin(value)) for key, value in self.pairs)

    @property
    def default_order(self) -> str:
        """The order of the list if the search does not say one: with an origin and no better reason, the nearest come first."""
        return "DISTANCE" if self.get(NEAR) and not any(self.get(key) for key in RANKED_KEYS) else "RELEVANCE"

    def has_radius(self, kilometers: float) -> bool:
        radius = self.get(RADIUS)
        return bool(radius) and math.isclose(float(radius), kilometers, rel_tol=1e-3)

    def list_pairs_without(self, *keys: str) -> list[Pair]:
        """Return the pairs that a form repeats in hidden fields, if it has fields of its own for these keys."""
        return [*(pair for pair in self.pairs if pair[0] not in keys), *self._page_pairs]
