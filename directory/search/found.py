"""The answer to one question. Each part is worked out when it is first read, and kept."""

from functools import cached_property

from msgspec import Struct
from pyroaring import BitMap

from directory.geo import Box
from directory.question import Question
from directory.records import Organization
from directory.regions import RegionKind
from directory.search import facets
from directory.search.conditions import ANY, conditions, together
from directory.search.highlights import Highlight
from directory.search.index import Index
from directory.search.map import LIMIT_DEFAULT, MapView, map_view
from directory.search.order import Order
from directory.search.pages import cursor, page_rows, read_cursor
from directory.search.reasons import IssueAreaMatch, issue_area_matches
from directory.search.regions import RegionReason
from directory.search.relaxations import Relaxation, relaxations
from directory.search.words import LookedUp, TextTier


class Match(Struct, frozen=True):
    """Why an organization was found; parts that the question does not bring are None or empty."""

    tier: TextTier | None
    highlights: tuple[Highlight, ...]
    region_reason: RegionReason | None
    issue_areas: tuple[IssueAreaMatch, ...]


class HitSource(Struct, frozen=True):
    """What the hits of a page are explained from. It does not refer to the page, so an answer is freed without the collector."""

    order: Order
    fingerprint: bytes

    def match(self, row: int) -> Match:
        question, index, text = self.order.question, self.order.index, self.order.text
        return Match(
            tier=text.tier(row) if text else None,
            highlights=text.highlights(index.rows[row]) if text else (),
            region_reason=index.regions.reason(question.regions, row),
            issue_areas=issue_area_matches(question.issue_areas, index.rows[row]),
        )


class Hit:
    """One organization in its place of a list. `distance_km` is to its nearest published point; None where there is none."""

    __slots__ = ("_row", "_source", "organization")

    def __init__(self, source: HitSource, row: int) -> None:
        self._source, self._row = source, row
        self.organization: Organization = source.order.index.rows[row]

    @property
    def cursor(self) -> str:
        return cursor(self._source.order.place(self._row), self._source.fingerprint)

    @property
    def distance_km(self) -> float | None:
        nearest = self._source.order.nearest
        return nearest.km(self._row) if nearest else None

    @property
    def tier(self) -> TextTier | None:
        """As `match` has it, without the highlights, which take a hundred times as long."""
        text = self._source.order.text
        return text.tier(self._row) if text else None

    @property
    def match(self) -> Match:
        return self._source.match(self._row)


class HitPage(Struct, frozen=True):
    hits: list[Hit]
    has_next: bool
    has_previous: bool


class Found:
    """What matches a question in one snapshot's index."""

    def __init__(self, question: Question, index: Index, looked_up: LookedUp | None = None) -> None:
        """Raises BadInput for a text that asks too much, BadCursor for a cursor that is not of this question."""
        self.question, self.index = question, index
        if question.page.cursor is not None:
            read_cursor(question.page.cursor, self.fingerprint)  # refused even where the page is never read
        self.text = index.words.match(question.text, index.carriers, looked_up) if question.text else None
        near = question.near
        self.nearest = index.places.nearest(near.point, near.radius_km) if near else None
        self._conditions = conditions(question, index, self.text, self.nearest)
        self.rows: BitMap = together(self._conditions)
        # What is asked for on every page is kept; counties and the like, of which there are thousands, are counted anew.
        self._facets: dict[str, list[facets.Count]] = {}
        self._states: list[facets.RegionCount] | None = None

    @property
    def total(self) -> int:
        return len(self.rows)

    @cached_property
    def fingerprint(self) -> bytes:
        return self.question.fingerprint

    @cached_property
    def order(self) -> Order:
        return Order(self.question, self.index, self.rows, self.text, self.nearest)

    @cached_property
    def page(self) -> HitPage:
        """The page that the question asks for. Raises BadCursor."""
        page = page_rows(self.order, self.question.page, self.fingerprint)
        source = HitSource(self.order, self.fingerprint)
        return HitPage([Hit(source, row) for row in page.rows], page.has_next, page.has_previous)

    def facet(self, facet: str, first: int = 100) -> list[facets.Count]:
        """Counts by the terms of a vocabulary (a key of question.FACETS), or by kind."""
        facets.check_first(first)
        if facet not in self._facets:
            self._facets[facet] = self._facet(facet)
        return facets.most(self._facets[facet], first)

    def facet_regions(self, kind: RegionKind, within: str | None = None, first: int = 100) -> list[facets.RegionCount]:
        """Counts by the regions of a kind, all or those within one. UnknownRegion for `within`."""
        facets.check_first(first)
        if (kind, within) != (RegionKind.STATE, None):
            return self._facet_regions(kind, within, first)
        if self._states is None:
            self._states = self._facet_regions(kind, within, facets.FACET_LIMIT)
        return facets.most(self._states, first)

    @cached_property
    def location_not_stated(self) -> int:
        """The total of the question with `location_stated` false."""
        return len(self._without("stated") - self.index.sets["stated"]["location"])

    def map(self, within: Box | None = None, zoom: float | None = None, limit: int = LIMIT_DEFAULT) -> MapView:
        """The matches that have a published point in view, gathered into at most `limit` marks."""
        return map_view(self.index, self.rows, within, zoom, limit)

    @cached_property
    def relaxations(self) -> list[Relaxation]:
        """What to drop from a question that found nothing; empty when something was found."""
        if self.rows:
            return []
        looked_up = LookedUp()  # shared by the questions that are tried: they have the same words, but for those left out
        return relaxations(self.question, lambda other: Found(other, self.index, looked_up).total)

    def _facet(self, facet: str) -> list[facets.Count]:
        others = self._without(facet + ANY)
        if facet == facets.KINDS:
            return facets.kind_counts(self.question, self.index, others)
        return facets.term_counts(facet, self.question, self.index, others)

    def _facet_regions(self, kind: RegionKind, within: str | None, first: int) -> list[facets.RegionCount]:
        return facets.region_counts(self.question, self.index, self._without("regions" + ANY), kind, within, first)

    def _without(self, condition: str) -> BitMap:
        return together(self._conditions, condition) if condition in self._conditions else self.rows
