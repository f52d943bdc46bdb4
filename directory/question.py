"""The search request: one frozen value that GraphQL, web pages, exports and the command line all build.

A record matches if it satisfies every part that is set. A part that is None or empty does not restrict the result, except
`membership` (see there). Slugs and region codes are validated when a Question is created.
"""

from collections.abc import Mapping
from copy import copy
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from types import MappingProxyType

import msgspec
from msgspec import Struct

from directory.cursors import CURSOR_LIMIT, malformed_cursor
from directory.errors import BadInput
from directory.geo import Box, Circle, Point
from directory.records import MembershipStatus, OrganizationKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_CHOICES = 50  # terms and regions in a question whose answers are kept; pages use no more
QUERY_LIMIT = 500
PLACE_NAME_LIMIT = 200
KEY_LIMIT = 100  # slugs, codes and identifiers
GLOBAL_ID_LIMIT = 400
CURSOR_ARGUMENTS = ("after", "before")
LANGUAGE_LIMIT = 40  # BCP 47, section 4.4.1, asks for at least 35

# The longest text that each argument of the API accepts. schema/argument_limits.py enforces these limits.
TEXT_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "query": QUERY_LIMIT,
        "name": PLACE_NAME_LIMIT,
        "postalCode": KEY_LIMIT,
        "region": KEY_LIMIT,
        "code": KEY_LIMIT,
        "within": KEY_LIMIT,
        "slug": KEY_LIMIT,
        "broader": KEY_LIMIT,
        "anyOf": KEY_LIMIT,
        "allOf": KEY_LIMIT,
        "noneOf": KEY_LIMIT,
        "scheme": KEY_LIMIT,
        "value": KEY_LIMIT,
        "id": GLOBAL_ID_LIMIT,
        "ids": GLOBAL_ID_LIMIT,
        "organization": GLOBAL_ID_LIMIT,
        "place": GLOBAL_ID_LIMIT,
        "after": CURSOR_LIMIT,
        "before": CURSOR_LIMIT,
        "language": LANGUAGE_LIMIT,
    }
)  # characters


def check_length(argument: str, text: str) -> None:
    """Raise BadInput if the text is too long, with params `argument`, `limit` and `length` (in characters).

    A cursor that is too long raises BadCursor, like any other malformed cursor.
    """
    limit, length = TEXT_LIMITS[argument], len(text)
    if length > limit and argument in CURSOR_ARGUMENTS:
        raise malformed_cursor()
    if length > limit:
        sentence = f"`{argument}` can have at most {limit:,} characters, but this text has {length:,}. Shorten it."
        raise BadInput(sentence, argument=argument, limit=limit, length=length)


class RegionMatch(StrEnum):
    LOCATED = "LOCATED"
    SERVING = "SERVING"
    LOCATED_OR_SERVING = "LOCATED_OR_SERVING"


class Nationwide(StrEnum):
    INCLUDE = "INCLUDE"
    EXCLUDE = "EXCLUDE"
    ONLY = "ONLY"


class OrderField(StrEnum):
    RELEVANCE = "RELEVANCE"
    NAME = "NAME"
    DISTANCE = "DISTANCE"
    FOUNDED = "FOUNDED"
    JOINED = "JOINED"
    VERIFIED = "VERIFIED"
    UPDATED = "UPDATED"


def _normalize_sets(struct: Struct, *fields: str) -> None:
    """Sort these fields and drop repeated values, so that equivalent questions are equal."""
    for field in fields:
        values = getattr(struct, field)
        if len(values) > 1:
            msgspec.structs.force_setattr(struct, field, tuple(sorted(set(values))))


class TermFilter(Struct, frozen=True):
    """Slugs of terms of one vocabulary. With `narrower`, each term also matches all narrower terms."""

    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    narrower: bool = True

    def __post_init__(self) -> None:
        _normalize_sets(self, "any_of", "all_of", "none_of")

    @property
    def has_values(self) -> bool:
        return bool(self.any_of or self.all_of or self.none_of)


class RegionFilter(Struct, frozen=True):
    """Region codes, and how an organization must be related to them.

    LOCATED: a published location lies in the region. SERVING: a service area contains, overlaps or lies in the region, or the
    organization works nationwide in its country, as set by `nationwide`.
    """

    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    by: RegionMatch = RegionMatch.LOCATED_OR_SERVING
    nationwide: Nationwide = Nationwide.INCLUDE

    def __post_init__(self) -> None:
        _normalize_sets(self, "any_of", "none_of")
        for code in (*self.any_of, *self.none_of):
            REGIONS.require(code)

    @property
    def has_values(self) -> bool:
        return bool(self.any_of or self.none_of)


class Near(Struct, frozen=True):
    """The origin of distances. With `radius_km` (kilometers) it is also a filter.

    `reference` identifies the origin in a search: the id of a place, the id of an organization, or `latitude,longitude`.
    `label` is the text to show to a person.
    """

    point: Point
    radius_km: float | None = None
    reference: str = msgspec.field(default="", name="said")  # cursors of earlier releases were made with this name
    label: str = ""

    def __post_init__(self) -> None:
        if self.radius_km is not None:
            Circle(self.point, self.radius_km)


class SortOrder(Struct, frozen=True):
    """The order of results. Unknown values come last in both directions.

    RELEVANCE, the default, sorts by region reason, text tier, distance and name, as far as the question has them.
    """

    field: OrderField = OrderField.RELEVANCE
    descending: bool = False


class Page(Struct, frozen=True):
    """One page of a list: forward from the cursor `after` (or the start), or backward from `before` (or the end)."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None:
            raise BadInput("Use either `first` or `last`, not both.", argument="first")
        for argument, size in (("first", self.first), ("last", self.last)):
            if size is not None and not 1 <= size <= MAX_PAGE_SIZE:
                raise BadInput(
                    f"`{argument}` must be between 1 and {MAX_PAGE_SIZE}, but it is {size}.", argument=argument, value=size
                )
        if self.is_backward and self.after is not None:
            raise BadInput("`after` cannot be used with `last`. Use `before`, or use `first`.", argument="after")
        if not self.is_backward and self.before is not None:
            raise BadInput("`before` can only be used with `last`. Use `after`, or use `last`.", argument="before")

    @property
    def is_backward(self) -> bool:
        return self.last is not None

    @property
    def size(self) -> int:
        return self.last or self.first or DEFAULT_PAGE_SIZE

    @property
    def cursor(self) -> str | None:
        return self.before if self.is_backward else self.after


class Question(Struct, frozen=True, kw_only=True):
    """A search request. Raises BadInput, UnknownTerm or UnknownRegion when it is created."""

    text: str = ""  # searched literally, never interpreted
    issue_areas: TermFilter = TermFilter()
    communities: TermFilter = TermFilter()
    work_areas: TermFilter = TermFilter()
    languages: TermFilter = TermFilter()
    kinds: tuple[OrganizationKind, ...] = ()
    membership: tuple[MembershipStatus, ...] = (MembershipStatus.ACTIVE,)  # empty means ACTIVE too
    regions: RegionFilter = RegionFilter()
    near: Near | None = None
    within: Box | None = None  # contains a published point of the organization
    location_stated: bool | None = None  # None matches both
    verified_since: date | None = None
    joined_since: date | None = None
    order: SortOrder = SortOrder()
    page: Page = Page()

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "text", " ".join(self.text.split()))
        if any("\ud800" <= character <= "\udfff" for character in self.text):
            raise BadInput("The search text contains half a character (a lone surrogate). Remove it.", argument="query")
        check_length("query", self.text)
        _normalize_sets(self, "kinds", "membership")
        if not self.membership:
            msgspec.structs.force_setattr(self, "membership", (MembershipStatus.ACTIVE,))
        for field, vocabulary in FACETS.items():
            terms: TermFilter = getattr(self, field)
            for slug in (*terms.any_of, *terms.all_of, *terms.none_of):
                vocabulary.require(slug)
        if self.order.field is OrderField.DISTANCE and self.near is None:
            raise BadInput("Sorting by distance needs an origin. Set `near`.", argument="orderBy")

    @property
    def value_count(self) -> int:
        """The number of terms and regions in the question."""
        filters: list[TermFilter] = [getattr(self, field) for field in FACETS]
        term_count = sum(len(terms.any_of) + len(terms.all_of) + len(terms.none_of) for terms in filters)
        return term_count + len(self.regions.any_of) + len(self.regions.none_of)

    @property
    def consists_of_choices(self) -> bool:
        """Whether everything in it was chosen from short lists: no words, no place on the map, no cursor, few values.

        Faster answers to such a question reveal nothing about a person.
        """
        has_own_words = self.text or self.near or self.within or self.page.cursor
        return not has_own_words and self.value_count <= MAX_CHOICES

    @property
    def fingerprint(self) -> bytes:
        """8 bytes that identify the question apart from its page: equal for the same list in the same order."""
        first_page = copy(self)  # faster than `replace`, which would validate everything again
        msgspec.structs.force_setattr(first_page, "page", Page())
        return blake2b(msgspec.msgpack.encode(first_page), digest_size=8).digest()


FACETS: dict[str, Vocabulary] = {
    "issue_areas": ISSUE_AREAS,
    "communities": COMMUNITIES,
    "work_areas": WORK_AREAS,
    "languages": LANGUAGES,
}
