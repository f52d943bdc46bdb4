"""The result of a search: a page of hits with reasons, facets, a map and relaxations."""

from datetime import date
from functools import cached_property
from typing import cast

from msgspec import Struct
from pyroaring import BitMap

from directory.cursors import encode_cursor
from directory.geo import Box
from directory.question import Question
from directory.question.facet_choices import KIND_FACET, REGION_FACET
from directory.records import Organization
from directory.search import facets
from directory.search.conditions import ANY_SUFFIX, FilterMatcher
from directory.search.map_view import DEFAULT_MARK_LIMIT, MapView, MatchingPoints, build_map_view
from directory.search.pagination import POSITION_FORMAT, ResultOrder, decode_position, select_page_rows
from directory.search.published_points import NearestDistances
from directory.search.reasons import PlaceReasons
from directory.search.region_sets import RegionReason
from directory.search.relaxations import Relaxation, find_relaxations
from directory.search.search_index import SearchIndex
from directory.search.text.highlights import Highlight
from directory.search.text.text_match import TextTier
from directory.search.text.word_index import LookupCache
from directory.understanding.understand import Understanding
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.terms import ISSUE_AREAS


class IssueAreaMatch(Struct, frozen=True):
    """An issue area of the organization that matches a filter.

    `broader_term` is the broader term in the filter that it matches; None if the filter names the issue area itself.
    """

    issue_area: str
    broader_term: str | None


def match_issue_areas(question: Question, organization: Organization) -> tuple[IssueAreaMatch, ...]:
    """Return the matching issue areas in the organization's order; empty if the question and its alternatives require none."""
    required: dict[str, bool] = {}  # whether a narrower term matches too
    for one in question.list_filters():
        terms = one.issue_areas
        required |= {slug: terms.narrower or required.get(slug, False) for slug in (*terms.any_of, *terms.all_of)}
    matches = []
    for slug in organization.issue_areas if required else ():
        broader = ISSUE_AREAS.ancestors(slug)
        if slug in required:
            matches.append(IssueAreaMatch(slug, None))
        elif broader_term := next((term for term, narrower in required.items() if narrower and term in broader), None):
            matches.append(IssueAreaMatch(slug, broader_term))
    return tuple(matches)


class Match:
    """Why an organization was found. Parts that the question does not use are None or empty.

    Each part is computed when it is read, because highlights take a hundred times as long as the others.
    """

    __slots__ = ("_order", "_row")

    def __init__(self, order: ResultOrder, row: int) -> None:
        self._order, self._row = order, row

    @property
    def tier(self) -> TextTier | None:
        text = self._order.text_match
        return text.find_tier(self._row) if text else None

    @property
    def highlights(self) -> tuple[Highlight, ...]:
        return self._order.highlighter.highlight(self._order.index.rows[self._row])

    @property
    def region_reason(self) -> RegionReason | None:
        return self._order.reasons.find_reason(self._row) if self._order.reasons else None

    @property
    def issue_areas(self) -> tuple[IssueAreaMatch, ...]:
        question = cast("Question", self._order.question)  # the order of a SearchResult
        return match_issue_areas(question, self._order.index.rows[self._row])


class Hit:
    """One organization of a page. It does not refer to the page, so reference counting alone frees a result."""

    __slots__ = ("_order", "_row", "organization")

    def __init__(self, order: ResultOrder, row: int, organization: Organization) -> None:
        self._order, self._row, self.organization = order, row, organization

    @property
    def cursor(self) -> str:
        return encode_cursor(self._order.fingerprint, self._order.find_position(self._row), POSITION_FORMAT)

    @property
    def distance_km(self) -> float | None:
        """The distance to its nearest published point; None without an origin or a point."""
        distances = self._order.distances
        return distances.distance_km(self._row) if distances else None

    @property
    def match(self) -> Match:
        return Match(self._order, self._row)


class HitPage(Struct, frozen=True):
    """One page of the list, and whether there are organizations after and before it."""

    hits: list[Hit]
    has_next_page: bool
    has_previous_page: bool

    @property
    def start_cursor(self) -> str | None:
        return self.hits[0].cursor if self.hits else None

    @property
    def end_cursor(self) -> str | None:
        return self.hits[-1].cursor if self.hits else None


class SearchResult:
    """The organizations that match a question in one snapshot."""

    def __init__(
        self, question: Question, index: SearchIndex, today: date | None = None, lookup_cache: LookupCache | None = None
    ) -> None:
        """`today` is the day in UTC, for questions that depend on it.

        Raises BadInput for a text that is too long, and BadCursor for a cursor of a different question.
        """
        self.question, self.index, self._today = question, index, today
        self._start = decode_position(question)  # refuses a bad cursor even if the page is never read
        find_term_rows, optional_words = index.find_rows_with_term, question.optional_words
        self.text_match = index.words.match(question.text, find_term_rows, lookup_cache) if question.text else None
        optional_match = index.words.match_optional(optional_words, find_term_rows, lookup_cache) if optional_words else None
        matcher, near = FilterMatcher(index, today), question.near
        self.distances: NearestDistances | None = None
        if near is not None and near.radius_km is not None:
            self.distances = index.points.measure_distances(near.point, near.radius_km)
            matcher.add_circle(near, self.distances.rows)
        self._conditions = matcher.build_conditions(question)
        if question.text:
            self._conditions["text"] = self.text_match.rows if self.text_match else index.rows.live_rows
        self.rows: BitMap = matcher.intersect(self._conditions.values())
        if self.distances is None and question.origin is not None:
            self.distances = index.points.measure_distances_of(self.rows, question.origin.point)
        reasons = PlaceReasons(question, index.regions, matcher) if _has_places(question) else None
        self.order = ResultOrder(question, index, self.rows, self.text_match, optional_match, self.distances, reasons)
        self._matcher = matcher
        self.understanding: Understanding | None = None  # how the words of the search were understood, if it had any
        # Only counts that every page shows are cached. Counties, of which there are thousands, are not.
        self._facet_counts: dict[str, list[facets.FacetCount]] = {}
        self._state_counts: list[facets.RegionFacetCount] | None = None

    @property
    def total(self) -> int:
        return len(self.rows)

    @cached_property
    def page(self) -> HitPage:
        """The requested page."""
        page = select_page_rows(self.order, self.question.page, self._start)
        records = self.index.rows.list_records(page.rows)
        hits = [Hit(self.order, row, record) for row, record in zip(page.rows, records, strict=True)]
        return HitPage(hits, page.has_next, page.has_previous)

    def count_facet(self, facet: str, first: int = 100) -> list[facets.FacetCount]:
        """Count the matches by the terms of a vocabulary (a key of question.FACETS), or by kind. Raises BadInput for `first`."""
        facets.check_first(first)
        if facet not in self._facet_counts:
            self._facet_counts[facet] = self._compute_facet(facet)
        return facets.limit_counts(self._facet_counts[facet], first)

    def count_regions(
        self, kind: RegionKind, within_region: str | None = None, first: int = 100
    ) -> list[facets.RegionFacetCount]:
        """Count the matches by the regions of a kind: all regions, or those within one.

        Raises BadInput for `first` and UnknownRegion for `within_region`.
        """
        facets.check_first(first)
        if (kind, within_region) != (RegionKind.STATE, None):
            return self._compute_region_counts(kind, within_region, first)
        if self._state_counts is None:
            self._state_counts = self._compute_region_counts(kind, within_region, facets.FACET_LIMIT)
        return facets.limit_counts(self._state_counts, first)

    @cached_property
    def location_not_stated(self) -> int:
        """The total of the question with `location_stated` false."""
        return self._find_rows_without("stated").difference_cardinality(self.index.sets["stated"]["location"])

    def build_map(self, view_box: Box | None = None, zoom: float | None = None, limit: int = DEFAULT_MARK_LIMIT) -> MapView:
        """Return the map of the matches in view, with at most `limit` marks. Raises BadInput for `zoom` and `limit`."""
        return build_map_view(self._matching_points, view_box, zoom, limit)

    @cached_property
    def _matching_points(self) -> MatchingPoints:
        return MatchingPoints(self.index, self.rows)

    @cached_property
    def relaxations(self) -> list[Relaxation]:
        """Similar questions that find something; empty if this question has matches."""
        if self.rows:
            return []
        lookup_cache = LookupCache()  # shared by all the questions that are tried, because they have the same words
        return find_relaxations(self.question, lambda other: SearchResult(other, self.index, self._today, lookup_cache).total)

    def _compute_facet(self, facet: str) -> list[facets.FacetCount]:
        others = self._find_rows_without(facet + ANY_SUFFIX)
        if facet == KIND_FACET:
            return facets.count_kinds(self.question, self.index, others)
        return facets.count_terms(facet, self.question, self.index, others)

    def _compute_region_counts(self, kind: RegionKind, within_region: str | None, first: int) -> list[facets.RegionFacetCount]:
        others = self._find_rows_without(REGION_FACET + ANY_SUFFIX)
        return facets.count_regions(self.question, self.index, others, kind, within_region, first)

    def _find_rows_without(self, prefix: str) -> BitMap:
        """Return the rows that match all conditions except those whose names start with a prefix."""
        others = [rows for name, rows in self._conditions.items() if not name.startswith(prefix)]
        return self.rows if len(others) == len(self._conditions) else self._matcher.intersect(others)


def _has_places(question: Question) -> bool:
    return bool(question.regions.any_of or question.near or question.clauses)
