"""By which of its issue areas an organization answers a filter."""

from functools import cached_property

from msgspec import Struct
from pyroaring import BitMap

from directory.geo import Box
from directory.question import Question, TermFilter
from directory.records import Organization
from directory.search import facets
from directory.search.facets import ANY_SUFFIX, build_conditions, intersect
from directory.search.map_view import DEFAULT_MARK_LIMIT, MapView, build_map_view
from directory.search.pagination import ResultOrder, decode_cursor, encode_cursor, select_page_rows
from directory.search.region_sets import RegionReason
from directory.search.relaxations import Relaxation, find_relaxations
from directory.search.search_index import SearchIndex
from directory.search.text.highlights import Highlight
from directory.search.text.text_match import TextTier
from directory.search.text.word_index import LookupCache
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.terms import ISSUE_AREAS


class IssueAreaMatch(Struct, frozen=True):
    """`issue_area` is the organization's own; `through` the broader one that was asked for, None when that is itself."""

    issue_area: str
    broader_term: str | None


def match_issue_areas(terms: TermFilter, organization: Organization) -> tuple[IssueAreaMatch, ...]:
    """In the organization's own order; empty when the filter asks for no issue area."""
    asked = dict.fromkeys((*terms.any_of, *terms.all_of))
    found = []
    for slug in organization.issue_areas:
        broader = ISSUE_AREAS.ancestors(slug) if terms.narrower else frozenset[str]()
        if slug in asked:
            found.append(IssueAreaMatch(slug, None))
        elif through := next((term for term in asked if term in broader), None):
            found.append(IssueAreaMatch(slug, through))
    return tuple(found)


class Match(Struct, frozen=True):
    """Why an organization was found; parts that the question does not bring are None or empty."""

    tier: TextTier | None
    highlights: tuple[Highlight, ...]
    region_reason: RegionReason | None
    issue_areas: tuple[IssueAreaMatch, ...]


class HitContext(Struct, frozen=True):
    """What the hits of a page are explained from. It does not refer to the page, so an answer is freed without the collector."""

    order: ResultOrder
    fingerprint: bytes

    def explain_match(self, row: int) -> Match:
        question, index, text = self.order.question, self.order.index, self.order.text_match
        return Match(
            tier=text.find_tier(row) if text else None,
            highlights=text.highlight(index.rows[row]) if text else (),
            region_reason=index.regions.find_reason(question.regions, row),
            issue_areas=match_issue_areas(question.issue_areas, index.rows[row]),
        )


class Hit:
    """One organization in its place of a list. `distance_km` is to its nearest published point; None where there is none."""

    __slots__ = ("_context", "_row", "organization")

    def __init__(self, source: HitContext, row: int) -> None:
        self._context, self._row = source, row
        self.organization: Organization = source.order.index.rows[row]

    @property
    def cursor(self) -> str:
        return encode_cursor(self._context.order.find_position(self._row), self._context.fingerprint)

    @property
    def distance_km(self) -> float | None:
        nearest = self._context.order.distances
        return nearest.distance_km(self._row) if nearest else None

    @property
    def tier(self) -> TextTier | None:
        """As `match` has it, without the highlights, which take a hundred times as long."""
        text = self._context.order.text_match
        return text.find_tier(self._row) if text else None

    @property
    def match(self) -> Match:
        return self._context.explain_match(self._row)


class HitPage(Struct, frozen=True):
    hits: list[Hit]
    has_next: bool
    has_previous: bool


class SearchResult:
    """What matches a question in one snapshot's index."""

    def __init__(self, question: Question, index: SearchIndex, lookup_cache: LookupCache | None = None) -> None:
        """Raises BadInput for a text that asks too much, BadCursor for a cursor that is not of this question."""
        self.question, self.index = question, index
        if question.page.cursor is not None:
            decode_cursor(question.page.cursor, self.fingerprint)  # refused even where the page is never read
        self.text_match = index.words.match(question.text, index.find_rows_with_term, lookup_cache) if question.text else None
        near = question.near
        self.distances = index.points.measure_distances(near.point, near.radius_km) if near else None
        self._conditions = build_conditions(question, index, self.text_match, self.distances)
        self.rows: BitMap = intersect(self._conditions)
        # What is asked for on every page is kept; counties and the like, of which there are thousands, are counted anew.
        self._facet_counts: dict[str, list[facets.FacetCount]] = {}
        self._state_counts: list[facets.RegionFacetCount] | None = None

    @property
    def total(self) -> int:
        return len(self.rows)

    @cached_property
    def fingerprint(self) -> bytes:
        return self.question.fingerprint

    @cached_property
    def order(self) -> ResultOrder:
        return ResultOrder(self.question, self.index, self.rows, self.text_match, self.distances)

    @cached_property
    def page(self) -> HitPage:
        """The page that the question asks for. Raises BadCursor."""
        page = select_page_rows(self.order, self.question.page, self.fingerprint)
        source = HitContext(self.order, self.fingerprint)
        return HitPage([Hit(source, row) for row in page.rows], page.has_next, page.has_previous)

    def count_facet(self, facet: str, first: int = 100) -> list[facets.FacetCount]:
        """Counts by the terms of a vocabulary (a key of question.FACETS), or by kind."""
        facets.check_first(first)
        if facet not in self._facet_counts:
            self._facet_counts[facet] = self._compute_facet(facet)
        return facets.limit_counts(self._facet_counts[facet], first)

    def count_regions(
        self, kind: RegionKind, within_region: str | None = None, first: int = 100
    ) -> list[facets.RegionFacetCount]:
        """Counts by the regions of a kind, all or those within one. UnknownRegion for `within`."""
        facets.check_first(first)
        if (kind, within_region) != (RegionKind.STATE, None):
            return self._compute_region_counts(kind, within_region, first)
        if self._state_counts is None:
            self._state_counts = self._compute_region_counts(kind, within_region, facets.FACET_LIMIT)
        return facets.limit_counts(self._state_counts, first)

    @cached_property
    def location_not_stated(self) -> int:
        """The total of the question with `location_stated` false."""
        return len(self._find_rows_without("stated") - self.index.sets["stated"]["location"])

    def build_map(self, view_box: Box | None = None, zoom: float | None = None, limit: int = DEFAULT_MARK_LIMIT) -> MapView:
        """The matches that have a published point in view, gathered into at most `limit` marks."""
        return build_map_view(self.index, self.rows, view_box, zoom, limit)

    @cached_property
    def relaxations(self) -> list[Relaxation]:
        """What to drop from a question that found nothing; empty when something was found."""
        if self.rows:
            return []
        looked_up = LookupCache()  # shared by the questions that are tried: they have the same words, but for those left out
        return find_relaxations(self.question, lambda other: SearchResult(other, self.index, looked_up).total)

    def _compute_facet(self, facet: str) -> list[facets.FacetCount]:
        others = self._find_rows_without(facet + ANY_SUFFIX)
        if facet == facets.KIND_FACET:
            return facets.count_kinds(self.question, self.index, others)
        return facets.count_terms(facet, self.question, self.index, others)

    def _compute_region_counts(self, kind: RegionKind, within_region: str | None, first: int) -> list[facets.RegionFacetCount]:
        return facets.count_regions(
            self.question, self.index, self._find_rows_without("regions" + ANY_SUFFIX), kind, within_region, first
        )

    def _find_rows_without(self, condition: str) -> BitMap:
        return intersect(self._conditions, condition) if condition in self._conditions else self.rows
