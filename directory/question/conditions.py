"""The values of which a filter consists: terms, regions, an origin with a radius, years."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec
from msgspec import Struct

from directory.errors import BadInput
from directory.geo import Circle, Point
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import COMMUNITIES, ISSUE_AREAS, LANGUAGES, WORK_AREAS, Vocabulary

MAX_YEAR = 9999


class RegionMatch(StrEnum):
    LOCATED = "LOCATED"
    SERVING = "SERVING"
    LOCATED_OR_SERVING = "LOCATED_OR_SERVING"


class Nationwide(StrEnum):
    INCLUDE = "INCLUDE"
    EXCLUDE = "EXCLUDE"
    ONLY = "ONLY"


def normalize_sets(struct: Struct, *fields: str) -> None:
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
        normalize_sets(self, "any_of", "all_of", "none_of")

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
        normalize_sets(self, "any_of", "none_of")
        for code in (*self.any_of, *self.none_of):
            REGIONS.require(code)

    @property
    def has_values(self) -> bool:
        return bool(self.any_of or self.none_of)

    @property
    def restricts(self) -> bool:
        """Whether some organization may not match. Without regions, only Nationwide.ONLY restricts."""
        return self.has_values or self.nationwide is Nationwide.ONLY


class Near(Struct, frozen=True):
    """The origin of distances. With `radius_km` (kilometers) it is also a filter.

    `reference` identifies the origin in a search: the id of a place, the id of an organization, or `latitude,longitude`.
    `label` is the text to show to a person.
    """

    point: Point
    radius_km: float | None = None
    reference: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if self.radius_km is not None:
            Circle(self.point, self.radius_km)
            msgspec.structs.force_setattr(self, "radius_km", float(self.radius_km))  # 10 and 10.0 have the same cursors


class YearRange(Struct, frozen=True):
    """The years from `first` to `last`, both included. None means no limit on that side. Raises BadInput."""

    first: int | None = None
    last: int | None = None

    def __post_init__(self) -> None:
        for year in (self.first, self.last):
            if year is not None and not 1 <= year <= MAX_YEAR:
                raise BadInput(f"A year is a number from 1 to {MAX_YEAR}, not {year}.", argument="founded", value=str(year))
        if self.first is not None and self.last is not None and self.first > self.last:
            sentence = f"The years run backward, from {self.first} to {self.last}. Swap them."
            raise BadInput(sentence, argument="founded")

    @property
    def has_values(self) -> bool:
        return (self.first, self.last) != (None, None)


FACETS: Mapping[str, Vocabulary] = {
    "issue_areas": ISSUE_AREAS,
    "communities": COMMUNITIES,
    "work_areas": WORK_AREAS,
    "languages": LANGUAGES,
}
