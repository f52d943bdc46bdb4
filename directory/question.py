"""What is asked: one frozen value that GraphQL, pages, exports and the shell all build.

Every part that is given must hold. A part that is left out, or given empty, asks nothing, with one exception that
stands on its field (`membership`). Slugs and region codes are checked at birth, so that a Question cannot name what is not there.
"""

from datetime import date
from enum import StrEnum
from hashlib import blake2b

import msgspec
from msgspec import Struct

from directory.errors import BadInput
from directory.geo import Box, Circle, Point
from directory.records import MembershipStatus, OrganizationKind
from directory.text_limits import TEXT_LIMITS, check_length
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
TEXT_LIMIT = TEXT_LIMITS["query"]  # characters


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
    """Order and repetition mean nothing in these fields: two ways to write one question become the same value."""
    for field in fields:
        msgspec.structs.force_setattr(struct, field, tuple(sorted(set(getattr(struct, field)))))


class TermFilter(Struct, frozen=True):
    """Terms of one vocabulary, as slugs. With `narrower`, a term stands for everything narrower too."""

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
    """Region codes, and in which way an organization has to do with them.

    LOCATED: a published location lies in the region. SERVING: a service area contains it, lies in it or overlaps it, or the
    organization is nationwide in its country, as `nationwide` says.
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
    """An origin of distances and order; with `radius_km` (kilometres) also a filter.

    `said` is how the origin is written in a search: a place's id, an organization's id or `latitude,longitude`; `label` is how
    a person reads it.
    """

    point: Point
    radius_km: float | None = None
    reference: str = msgspec.field(default="", name="said")  # cursors of earlier releases were made with this name
    label: str = ""

    def __post_init__(self) -> None:
        if self.radius_km is not None:
            Circle(self.point, self.radius_km)


class SortOrder(Struct, frozen=True):
    """RELEVANCE is the order of a question that names none: region reason, text tier, distance, name, as far as it brings them.

    Unknown values come last in both directions.
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
            raise BadInput("Ask either for the first or for the last, not for both.", argument="first")
        for argument, size in (("first", self.first), ("last", self.last)):
            if size is not None and not 1 <= size <= MAX_PAGE_SIZE:
                raise BadInput(
                    f"`{argument}` is a number from 1 to {MAX_PAGE_SIZE}; {size} is not.", argument=argument, value=size
                )
        if self.is_backward and self.after is not None:
            raise BadInput("`last` counts back from `before`; leave `after` out, or ask for `first`.", argument="after")
        if not self.is_backward and self.before is not None:
            raise BadInput("`first` counts on from `after`; leave `before` out, or ask for `last`.", argument="before")

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
    """A question to the directory. Raises BadInput, UnknownTerm or UnknownRegion at birth."""

    text: str = ""  # searched as it stands; never interpreted
    issue_areas: TermFilter = TermFilter()
    communities: TermFilter = TermFilter()
    work_areas: TermFilter = TermFilter()
    languages: TermFilter = TermFilter()
    kinds: tuple[OrganizationKind, ...] = ()
    membership: tuple[MembershipStatus, ...] = (MembershipStatus.ACTIVE,)  # empty means ACTIVE too
    regions: RegionFilter = RegionFilter()
    near: Near | None = None
    within: Box | None = None  # a published point lies in it
    location_stated: bool | None = None  # None: either
    verified_since: date | None = None
    joined_since: date | None = None
    order: SortOrder = SortOrder()
    page: Page = Page()

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "text", " ".join(self.text.split()))
        if any("\ud800" <= sign <= "\udfff" for sign in self.text):
            raise BadInput("The search text holds half a character, which is no text; take it out.", argument="query")
        check_length("query", self.text)
        _normalize_sets(self, "kinds", "membership")
        if not self.membership:
            msgspec.structs.force_setattr(self, "membership", (MembershipStatus.ACTIVE,))
        for field, vocabulary in FACETS.items():
            terms: TermFilter = getattr(self, field)
            for slug in (*terms.any_of, *terms.all_of, *terms.none_of):
                vocabulary.require(slug)
        if self.order.field is OrderField.DISTANCE and self.near is None:
            raise BadInput("An order by distance needs an origin: give `near`.", argument="orderBy")

    @property
    def value_count(self) -> int:
        """How many terms and regions it names."""
        filters = [getattr(self, field) for field in FACETS]
        terms = sum(len(one.any_of) + len(one.all_of) + len(one.none_of) for one in filters)
        return terms + len(self.regions.any_of) + len(self.regions.none_of)

    @property
    def fingerprint(self) -> bytes:
        """8 bytes that two questions share when they ask for the same list in the same order, whatever the page."""
        asked = msgspec.structs.replace(self, page=Page())
        return blake2b(msgspec.msgpack.encode(asked), digest_size=8).digest()


FACETS: dict[str, Vocabulary] = {
    "issue_areas": ISSUE_AREAS,
    "communities": COMMUNITIES,
    "work_areas": WORK_AREAS,
    "languages": LANGUAGES,
}
