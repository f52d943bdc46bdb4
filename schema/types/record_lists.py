"""What the lists of coalitions, events, instruments and provisions have in common: arguments and the questions behind them."""

from typing import Annotated

import strawberry

from directory.errors import BadInput
from directory.question import Filter, Page
from directory.question.record_question import KeyFilter, RecordQuestion
from directory.records import PublishedRecord, RecordKind
from directory.search.coalition_members import find_nearest_slugs
from directory.search.record_result import RecordPage
from directory.search.snapshot import Snapshot
from schema.types.organization_filter import RegionFilter, TermFilter, build_region_filter, build_term_filter

TextArgument = Annotated[
    str | None,
    strawberry.argument(
        description="Words to find, as in `organizations(query:)`: all must occur, literally or through the vocabulary."
    ),
]
SlugArgument = Annotated[str, strawberry.argument(description="The slug, current or former.")]
IssueAreasArgument = Annotated[TermFilter | None, strawberry.argument(description="Issue areas, by slug.")]
RegionsArgument = Annotated[RegionFilter | None, strawberry.argument(description="Regions, by code.")]


def find_records(
    snapshot: Snapshot,
    kind: RecordKind,
    page: Page,
    *keys: KeyFilter,
    text: str | None = None,
    issue_areas: TermFilter | None = None,
    regions: RegionFilter | None = None,
    **conditions: object,
) -> RecordPage:
    """Return a page of records that meet these conditions. `conditions` are other fields of RecordQuestion.

    Raises BadInput, UnknownTerm, UnknownRegion and BadCursor.
    """
    named = build_named_conditions(issue_areas, regions)
    question = RecordQuestion(kind=kind, text=text or "", conditions=named, keys=keys, page=page, **conditions)  # type: ignore[arg-type]
    return snapshot.find_records(question)


def build_named_conditions(issue_areas: TermFilter | None, regions: RegionFilter | None) -> Filter:
    """Return the conditions that arguments name. Raises BadInput, UnknownTerm and UnknownRegion."""
    return Filter(issue_areas=build_term_filter(issue_areas, "issueAreas"), regions=build_region_filter(regions))


def require_by_slug(snapshot: Snapshot, kind: RecordKind, slug: str, argument: str) -> PublishedRecord:
    """Return the record that an argument names. Raises BadInput, with the nearest slugs, if the audience sees none."""
    record = snapshot.find_record_by_slug(kind, slug)
    if record is None:
        nearest = find_nearest_slugs(snapshot.views[kind], slug)
        advice = f"Did you mean {nearest[0]}?" if nearest else f"Use the slug of {kind.noun_phrase} of this directory."
        raise BadInput(f'There is no {kind.noun} "{slug}". {advice}', argument=argument, value=slug, suggestions=nearest)
    return record
