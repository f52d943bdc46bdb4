"""The address of a search: what its parameters say.

The parameters are the keys of a search (docs/front-end.md) and a few of the page: `words`, a sentence; `after` and `before`, the
cursors of a page of the list; and `unit`, "km" or "mi". One parameter `search` may have a whole search, as the API returns it.
"""

from collections.abc import Collection, Iterator
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, quote_plus

from msgspec import Struct

from directory.filters.question_fields import FIELDS
from web.pages.page import Parameters

WORDS, AFTER, BEFORE, UNIT = "words", "after", "before", "unit"
PAGE_KEYS = (WORDS, AFTER, BEFORE, UNIT)
UNITS = ("mi", "km")
PAGE_SIZE = 20
NEAR, RADIUS, CLAUSE = "near", "radius", "any"
ORIGIN_KEYS = (NEAR, RADIUS)
SEARCH = "search"
MAX_SEARCH_PAIRS = 200  # in the value of `search`: as many as an address can have parameters
SINGLE_KEYS = frozenset((RADIUS, *(field.key for field in FIELDS if not field.is_list)))  # keys that can have one value
SAFE = ":,|=-._~"  # not encoded in the value of a parameter

Pair: TypeAlias = tuple[str, str]


class SearchForm(Struct, frozen=True):
    """The parameters of one search. "" stands for those that are not there."""

    words: str = ""
    pairs: tuple[Pair, ...] = ()  # the keys of the search with their values, in the order of the address
    after: str = ""
    before: str = ""
    unit: str = UNITS[0]
    leftovers: tuple[Pair, ...] = ()  # parameters of the page that are not possible, or repeated with another value

    @classmethod
    def read(cls, parameters: Parameters) -> "SearchForm":
        """Return the form. Parameters without a value are left out; of one of the page's that is repeated, the last counts."""
        given = [(key, value.strip()) for key, value in _unfold_search(parameters) if value.strip()]
        pairs = settle_origin([(key, value) for key, value in given if key not in PAGE_KEYS])
        of_page = [(key, value) for key, value in given if key in PAGE_KEYS]
        own = {key: value for key, value in of_page if key != UNIT or value in UNITS}
        leftovers = tuple(dict.fromkeys((key, value) for key, value in of_page if own.get(key) != value))
        return cls(own.get(WORDS, ""), pairs, own.get(AFTER, ""), own.get(BEFORE, ""), own.get(UNIT, UNITS[0]), leftovers)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is searched for."""
        return not (self.words or self.pairs)

    @property
    def search(self) -> str:
        """The search as the API takes it, without the words."""
        return format_pairs(self.pairs)

    def build_variables(self) -> dict[str, Any]:
        """Return the variables of the document. The list is read backward for `before`."""
        page = {"last": PAGE_SIZE, "before": self.before} if self.before else {"first": PAGE_SIZE, "after": self.after or None}
        return {"words": self.words or None, "search": self.search or None, **page}

    def without(self, invalid: Collection[Pair]) -> "SearchForm":
        """Return the first page of the search without some of its pairs, or without its words."""
        words = "" if (WORDS, self.words) in invalid else self.words
        return SearchForm(words, tuple(pair for pair in self.pairs if pair not in invalid), unit=self.unit)

    @property
    def cursor_pairs(self) -> tuple[Pair, ...]:
        return tuple((key, value) for key, value in ((AFTER, self.after), (BEFORE, self.before)) if value)

    def iter_parts(self) -> Iterator[tuple[Pair, ...]]:
        """Yield what is valid or not by itself: the words, each pair, the values of a single key, an origin with its radius."""
        if self.words:
            yield ((WORDS, self.words),)
        yield from ((pair,) for pair in dict.fromkeys(self.pairs) if pair[0] not in SINGLE_KEYS)
        single_keys = dict.fromkeys(key for key, _ in self.pairs if key in SINGLE_KEYS and key not in ORIGIN_KEYS)
        for keys in (*((key,) for key in single_keys), ORIGIN_KEYS):
            if part := tuple(pair for pair in self.pairs if pair[0] in keys):
                yield part


def _unfold_search(parameters: Parameters) -> Parameters:
    """Return the parameters with the pairs of `search` in its place. If it is not one search it stays: no search has that key."""
    searches = [value for key, value in parameters if key == SEARCH]
    try:
        pairs = parse_qsl(searches[0], errors="replace", max_num_fields=MAX_SEARCH_PAIRS) if len(searches) == 1 else []
    except ValueError:
        return parameters
    if not pairs:
        return parameters
    return [each for pair in parameters for each in (pairs if pair[0] == SEARCH else [pair])]


def settle_origin(pairs: Collection[Pair]) -> tuple[Pair, ...]:
    """Return the pairs with one origin for distances, which a form may have given several times: the last one.

    A place or a radius that was added to a search "near Atlanta" replaces that clause, because it has its own radius.
    """
    given = {key: value for key, value in pairs if key in ORIGIN_KEYS}
    others = [pair for pair in pairs if pair[0] not in ORIGIN_KEYS]
    clauses = {pair: origin for pair in others if pair[0] == CLAUSE and (origin := find_clause_origin(pair[1]))}
    if given and clauses:
        given = {NEAR: list(clauses.values())[-1], **given}
        others = [pair for pair in others if pair not in clauses]
    return (*others, *((key, given[key]) for key in ORIGIN_KEYS if key in given))


def find_clause_origin(clause: str) -> str | None:
    """Return the origin of a clause with alternatives, "near=city:US-GA:atlanta&radius=80|region=US-GA-121"; None without one."""
    values = (dict(parse_qsl(alternative)).get(NEAR) for alternative in clause.split("|"))
    return next(filter(None, values), None)


def format_pairs(pairs: Collection[Pair]) -> str:
    return "&".join(f"{quote_plus(key)}={quote_plus(value, SAFE)}" for key, value in pairs)
