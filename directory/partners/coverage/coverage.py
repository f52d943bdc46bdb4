"""Coverage: who works on which theme in which region, and where the gaps are: a matrix of who does what where."""

from datetime import date
from functools import cached_property

from directory.partners.coverage.cells import CoverageCell, CoverageRow
from directory.partners.coverage.matrix import CoverageMatrix
from directory.partners.coverage.question import CoverageQuestion
from directory.search.facets import FacetCount
from directory.search.snapshot import Snapshot
from directory.vocabulary.regions import REGIONS, Region


class Coverage(CoverageMatrix):
    """The matrix of one question in one snapshot, with its rows, regions and cells."""

    def __init__(self, snapshot: Snapshot, question: CoverageQuestion, today: date) -> None:
        """`today` is the day in UTC. Raises BadInput for a search that is refused, and TooLarge for too many cells."""
        super().__init__(snapshot, question, today)
        self.rows = [CoverageRow(self, value) for value in self.values]
        if self.totals.size:  # all cells are alike, so one that cannot be searched for is refused at once
            self.get_cell(0).question  # noqa: B018

    @property
    def regions(self) -> list[Region]:
        return [REGIONS.require(code) for code in self.codes]

    def get_cell(self, position: int) -> CoverageCell:
        """Return the cell at a position, as in `positions`; it may be empty."""
        row, region = divmod(position, len(self.codes))
        return CoverageCell(self, self.rows[row], (row, region))

    @cached_property
    def region_unknown(self) -> list[FacetCount]:
        """By row, how many members state neither a location nor a service area. Rows without any are left out."""
        stated = self.stated_areas | self.index.sets["stated"]["location"]
        counts = ((row.value, row.members.difference_cardinality(stated)) for row in self.rows)
        field, values = self.question.facet.field, self.question.values
        return [FacetCount(value, count, value in values, field) for value, count in counts if count]
