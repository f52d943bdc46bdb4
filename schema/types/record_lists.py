"""What the lists of coalitions, events, instruments and provisions have in common: arguments and the questions behind them."""

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import strawberry

from directory.errors import BadInput
from directory.question import Filter, Page
from directory.question.record_question import KeyFilter, RecordQuestion
from directory.records import PublishedRecord, RecordKind
from directory.search.coalition_members import find_nearest_slugs
from directory.search.record_result import RecordPage
from directory.search.snapshot import Snapshot
from schema.context import Info
from schema.fields import PAGE_SIZE, computed_field
from schema.types.organization_filter import RegionFilter, TermFilter, build_region_filter, build_term_filter

LIST_POINTS, POINTS_PER_WORD = 4.0, 12.0  # finding a page, and each word of its text

TextArgument = Annotated[
    str | None,
    strawberry.argument(
        description="Words to find, as in `organizations(query:)`: all must occur, literally or through the vocabulary."
    ),
]
SlugArgument = Annotated[str, strawberry.argument(description="The slug, current or former.")]
IssueAreasArgument = Annotated[TermFilter | None, strawberry.argument(description="Issue areas, by slug.")]
RegionsArgument = Annotated[RegionFilter | None, strawberry.argument(description="Regions, by code.")]

FromArgument = Annotated[
    dt.datetime | None,
    strawberry.argument(name="from", description="Only events that are not over before this time."),
]
UntilArgument = Annotated[dt.datetime | None, strawberry.argument(description="Only events that start by this time.")]


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


def record_field(kind: RecordKind) -> Any:
    """Declare the field of the root that looks up one record of a kind by its slug."""

    def resolve_record(info: Info, slug: SlugArgument) -> PublishedRecord | None:
        return info.context.snapshot.find_record_by_slug(kind, slug)

    return computed_field(resolve_record, f"One {kind.noun}; null if there is none or it is not visible to you.", cost=0.5)


def record_list_field(resolver: Callable[..., RecordPage], description: str) -> Any:
    """Declare a field of the root that lists records of a kind."""
    return computed_field(resolver, description, cost=LIST_POINTS, size=PAGE_SIZE, points_per_word={"query": POINTS_PER_WORD})
