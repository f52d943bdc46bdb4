"""What to cover: the rows and regions of a coverage matrix, which members count, and the goal that gaps are measured against."""

from datetime import date
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import force_setattr

from directory.errors import BadInput, TooLarge
from directory.question import FACETS, Nationwide, Question, RegionMatch
from directory.vocabulary.regions import REGIONS, RegionKind
from directory.vocabulary.terms import Vocabulary

MAX_CELLS = 10_000  # rows times regions, the empty cells too
MAX_GOAL = 1_000  # organizations in each cell
UNINHABITED = frozenset(("US-UM",))  # nobody lives on the Minor Outlying Islands, so nobody need work there


class CoverageFacet(StrEnum):
    """The vocabulary whose terms are the rows."""

    ISSUE_AREA = "ISSUE_AREA"
    COMMUNITY = "COMMUNITY"
    WORK_AREA = "WORK_AREA"

    @property
    def field(self) -> str:
        """The key of the vocabulary in question.FACETS."""
        return _FIELDS[self]

    @property
    def vocabulary(self) -> Vocabulary:
        return FACETS[self.field]


_FIELDS = {
    CoverageFacet.ISSUE_AREA: "issue_areas",
    CoverageFacet.COMMUNITY: "communities",
    CoverageFacet.WORK_AREA: "work_areas",
}


class CountingRule(Struct, frozen=True):
    """Which organizations count in a region, as in RegionFilter."""

    by: RegionMatch = RegionMatch.LOCATED_OR_SERVING
    nationwide: Nationwide = Nationwide.EXCLUDE


class CoverageGoal(Struct, frozen=True):
    """At least so many organizations in each cell, an organization and its branches counted once. Raises BadInput."""

    at_least: int

    def __post_init__(self) -> None:
        if not 1 <= self.at_least <= MAX_GOAL:
            sentence = (
                f"A goal is 1 to {MAX_GOAL:,} organizations in each cell, not {self.at_least}. Choose a number in this range."
            )
            raise BadInput(sentence, argument="atLeast", value=self.at_least)


class CoverageQuestion(Struct, frozen=True, kw_only=True):
    """A request for a coverage matrix. Raises BadInput, UnknownTerm or UnknownRegion when it is created.

    `question` limits the members that are counted; its order and page are not used. `values` are slugs of the rows; () means
    every term that a counted member has. `within` is the code of a region; None means every country in which a counted member is
    located or that it serves. `goal` None means that each row is measured against its own median. `as_of`: members are counted at
    the start of that day, in UTC; None means now.
    """

    facet: CoverageFacet = CoverageFacet.ISSUE_AREA
    values: tuple[str, ...] = ()
    region_kind: RegionKind = RegionKind.STATE
    within: str | None = None
    question: Question = Question()
    rule: CountingRule = CountingRule()
    goal: CoverageGoal | None = None
    as_of: date | None = None

    def __post_init__(self) -> None:
        vocabulary = self.facet.vocabulary
        if len(self.values) > len(vocabulary):
            sentence = (
                f"`values` takes at most {len(vocabulary)} values, as many as there are terms; you passed {len(self.values)}."
            )
            raise BadInput(sentence, argument="values", limit=len(vocabulary))
        for slug in self.values:
            vocabulary.require(slug)
        if self.within is not None and not list_codes_within(self.within, self.region_kind):
            kind = self.region_kind.lower().replace("_", " ")
            sentence = (
                f"{REGIONS.require(self.within).label()} contains no region of the kind {kind}. Choose another kind or region."
            )
            raise BadInput(sentence, argument="within", value=self.within)
        positions = {slug: position for position, slug in enumerate(vocabulary.terms)}
        force_setattr(self, "values", tuple(sorted({*self.values}, key=positions.__getitem__)))


def list_codes_within(code: str, kind: RegionKind) -> tuple[str, ...]:
    """Return the codes of the inhabited regions of a kind inside a region, which may be one itself. Raises UnknownRegion."""
    inside = tuple(inner for inner in REGIONS.contained_codes(code, kind) if inner not in UNINHABITED)
    return (code, *inside) if REGIONS.require(code).kind is kind else inside


def check_size(row_count: int, region_count: int) -> None:
    """Raise TooLarge if a matrix has more than MAX_CELLS cells. The message says how many, and what to narrow."""
    cells = row_count * region_count
    if cells > MAX_CELLS:
        raise TooLarge(
            f"{row_count:,} rows and {region_count:,} regions are {cells:,} cells, and a coverage matrix can have at most "
            f"{MAX_CELLS:,}. {_suggest_narrowing(region_count)}",
            argument="values" if region_count <= MAX_CELLS else "within",
            limit=MAX_CELLS,
            cells=cells,
        )


def _suggest_narrowing(region_count: int) -> str:
    rows = MAX_CELLS // region_count
    smaller_area = "choose a smaller region with `within`, or a broader kind of region"
    return f"Name at most {rows} rows with `values`, {smaller_area}." if rows else f"{smaller_area.capitalize()}."
