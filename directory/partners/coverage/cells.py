"""The rows and cells of a coverage matrix, and the verdict on each cell."""

from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property

import numpy as np
from msgspec.structs import replace
from pyroaring import BitMap

from directory.filters.query_strings import format_query_string
from directory.partners.coverage.matrix import CoverageMatrix
from directory.question import Filter, Nationwide, Question, RegionFilter, RegionMatch, TermFilter
from directory.records import find_verification_cutoff
from directory.vocabulary.regions import REGIONS, Region
from directory.vocabulary.terms import Term

_NO_TERMS, _NO_REGIONS = TermFilter(), RegionFilter()


class CoverageVerdict(StrEnum):
    """Whether somebody covers a cell.

    COVERED  at least one organization counts, by the rule of the question
    UNKNOWN  none counts, but the directory does not know enough: some members of the row do not state where they work, so they
             may work here; or the row has members, and none of them was verified in the last year
    NONE     none counts, and all members of the row state where they work
    """

    COVERED = "COVERED"
    NONE = "NONE"
    UNKNOWN = "UNKNOWN"


class CoverageRelation(StrEnum):
    """How an organization in a cell is related to the region. The first one that applies counts."""

    LOCATED = "LOCATED"
    SERVING = "SERVING"
    NATIONWIDE = "NATIONWIDE"


class CoverageRow:
    """One term, and the matching members that have it or a narrower one."""

    def __init__(self, matrix: CoverageMatrix, value: str) -> None:
        self._matrix, self.value, self.members = matrix, value, matrix.term_sets[value]

    @property
    def term(self) -> Term:
        return self._matrix.question.facet.vocabulary.require(self.value)

    @property
    def facet(self) -> str:
        """The field of a filter that takes the value: a key of question.FACETS."""
        return self._matrix.question.facet.field

    @property
    def member_count(self) -> int:
        return len(self.members)

    @cached_property
    def stated(self) -> int:
        """How many members state a service area."""
        return len(self._stated_members)

    @cached_property
    def recently_verified(self) -> int:
        """How many members were verified in the last year."""
        cutoff = find_verification_cutoff(self._matrix.today).timestamp()
        return int(np.count_nonzero(self._read_verifications(self.members) >= cutoff))

    @cached_property
    def verified_since(self) -> date | None:
        """The day since which each member that states a service area was verified at least once; None if one never was."""
        moments = self._read_verifications(self._stated_members)
        return _to_day(float(moments.min())) if len(moments) and not np.isnan(moments).any() else None

    @cached_property
    def last_verified(self) -> date | None:
        """The day of the last verification of a member that states a service area; None if none was verified."""
        moments = self._read_verifications(self._stated_members)
        known = moments[~np.isnan(moments)]
        return _to_day(float(known.max())) if len(known) else None

    @cached_property
    def region_groups(self) -> list[int]:
        """How many count by the question's rule in each region, in the order of the matrix."""
        groups: list[int] = self._matrix.groups[self._matrix.values.index(self.value)].tolist()
        return groups

    @property
    def region_verdicts(self) -> list[CoverageVerdict]:
        """The verdict on each cell, in the order of the regions."""
        return [self.judge(region, groups) for region, groups in enumerate(self.region_groups)]

    def judge(self, region: int, groups: int) -> CoverageVerdict:
        """Return the verdict on the cell of a region, by its position, in which `groups` count."""
        if groups:
            return CoverageVerdict.COVERED
        is_unknown = self._is_outdated or self.members.intersect(self._matrix.find_unstated_rows(region))
        return CoverageVerdict.UNKNOWN if is_unknown else CoverageVerdict.NONE

    @cached_property
    def _is_outdated(self) -> bool:
        return bool(self.members) and not self.recently_verified

    @property
    def search(self) -> str:
        """The search for the members of the row, wherever they are. Raises BadInput if there are too many clauses."""
        question, field = self._matrix.question.question, self.facet
        terms = TermFilter(any_of=(self.value,))
        if getattr(question, field) == _NO_TERMS:
            return format_query_string(replace(question, **{field: terms}))
        return format_query_string(replace(question, clauses=(*question.clauses, (Filter(**{field: terms}),))))  # type: ignore[arg-type]

    @cached_property
    def _stated_members(self) -> BitMap:
        return self.members & self._matrix.stated_areas

    def _read_verifications(self, rows: BitMap) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return self._matrix.index.columns["VERIFIED"][np.asarray(rows.to_array(), np.int64)]


class CoverageCell:
    """One row in one region. `question` and `local_question` find its organizations: with and without the nationwide ones."""

    def __init__(self, matrix: CoverageMatrix, row: CoverageRow, position: tuple[int, int]) -> None:
        """`position` are those of its row and region in the matrix."""
        self.matrix, self.row, self._at = matrix, row, position
        self.code = matrix.codes[position[1]]

    @property
    def region(self) -> Region:
        return REGIONS.require(self.code)

    @property
    def located(self) -> int:
        return int(self.matrix.located[self._at])

    @property
    def serving(self) -> int:
        return int(self.matrix.serving[self._at])

    @property
    def nationwide(self) -> int:
        return int(self.matrix.nationwide[self._at])

    @property
    def groups(self) -> int:
        return int(self.matrix.groups[self._at])

    @cached_property
    def place_unknown(self) -> int:
        """How many members of the row may work in the region without anybody knowing (CoverageMatrix.find_unstated_rows)."""
        return self.row.members.intersection_cardinality(self.matrix.find_unstated_rows(self._at[1]))

    @property
    def stated(self) -> int:
        return self.row.stated

    @property
    def verified_since(self) -> date | None:
        return self.row.verified_since

    @property
    def verdict(self) -> CoverageVerdict:
        return self.row.judge(self._at[1], self.groups)

    @property
    def counted_rows(self) -> BitMap:
        """The rows that count by the rule of the question."""
        return self.row.members & self.matrix.counted_columns[self._at[1]]

    def find_rows_by_relation(self) -> dict[CoverageRelation, BitMap]:
        """Return the rows behind the three counts; no row is in two of them."""
        members, columns, region = self.row.members, self.matrix.columns, self._at[1]
        located, local = members & columns.located[region], members & columns.local[region]
        nationwide = members & columns.countries[columns.country_numbers[region]]
        return {
            CoverageRelation.LOCATED: located,
            CoverageRelation.SERVING: local - located,
            CoverageRelation.NATIONWIDE: nationwide - local,
        }

    @property
    def question(self) -> Question:
        return self._build_question(Nationwide.INCLUDE)

    @property
    def local_question(self) -> Question:
        return self._build_question(Nationwide.EXCLUDE)

    @property
    def search(self) -> str:
        return format_query_string(self.question)

    @property
    def local_search(self) -> str:
        return format_query_string(self.local_question)

    def _build_question(self, nationwide: Nationwide) -> Question:
        asked = self.matrix.question
        return build_cell_question(asked.question, asked.facet.field, self.row.value, self.code, nationwide)


def build_cell_question(question: Question, facet: str, term: str, code: str, nationwide: Nationwide) -> Question:
    """Return the question for the members that `question` finds and that have a term and match a region.

    Its conditions are added to those of the question, which stay as they are. Raises BadInput if there are too many clauses.
    """
    term_filter, region_filter = TermFilter(any_of=(term,)), RegionFilter((code,), (), RegionMatch.LOCATED_OR_SERVING, nationwide)
    if getattr(question, facet) == _NO_TERMS and question.regions == _NO_REGIONS and not question.clauses:
        return replace(question, **{facet: term_filter, "regions": region_filter})  # the same question, eight times faster
    clauses = ((Filter(**{facet: term_filter}),), (Filter(regions=region_filter),))  # type: ignore[arg-type]
    return replace(question, clauses=(*question.clauses, *clauses))


def _to_day(timestamp: float) -> date:
    return datetime.fromtimestamp(timestamp, UTC).date()
