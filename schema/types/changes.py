"""Change: what happened in the directory, as this audience sees it."""

import datetime as dt
from typing import Annotated, TypeAlias

import strawberry
from msgspec import Meta, Struct

from directory import records
from directory.cursors import decode_cursor, encode_cursor
from directory.publish import ChangeKind, VisibleChange
from directory.question import Page
from directory.search.snapshot import Snapshot
from schema.context import Info
from schema.fields import COMPUTED_POINTS, READ_POINTS, attribute_field, computed_field
from schema.types.global_ids import GlobalId
from schema.types.organization import Organization
from schema.types.pagination import PageInfo, PageInfoRecord

CHANGE_FEED_KEY = "changes"  # in the cursors of the feed
Sequence: TypeAlias = Annotated[int, Meta(ge=0)]


def _resolve_cursor(root: VisibleChange) -> str:
    return encode_cursor(CHANGE_FEED_KEY, root.seq)


def _resolve_organization_id(root: VisibleChange) -> str:
    return str(GlobalId("Organization", root.organization_id))


def _resolve_organization(root: VisibleChange, info: Info) -> records.Organization | None:
    return info.context.snapshot.get_organization(root.organization_id)


def _resolve_node(root: VisibleChange) -> VisibleChange:
    return root


@strawberry.type(description="The last thing that happened to an organization, as you see it.")
class Change:
    cursor: str = computed_field(
        _resolve_cursor, "Where it stands in the feed: `changes(after:)` goes on from it.", cost=COMPUTED_POINTS
    )
    at: dt.datetime = attribute_field("When it happened.")
    kind: ChangeKind = attribute_field("What happened.")
    organization_id: strawberry.ID = computed_field(
        _resolve_organization_id, "The organization's id, also of one that is gone.", cost=COMPUTED_POINTS
    )
    organization: Organization | None = computed_field(
        _resolve_organization, "The organization as it is now; null when it is gone.", cost=COMPUTED_POINTS
    )


@strawberry.type(description="One change of a page.")
class ChangeEdge:
    cursor: str = computed_field(_resolve_cursor, "Where it stands in the feed.", cost=COMPUTED_POINTS)
    node: Change = computed_field(_resolve_node, "The change.", cost=READ_POINTS)


@strawberry.type(description="A page of changes, oldest first.")
class ChangeConnection:
    edges: list[ChangeEdge] = attribute_field("The changes with their cursors.", paged=True)
    nodes: list[Change] = attribute_field("The changes alone.", paged=True)
    page_info: PageInfo = attribute_field(
        "Where the page ends. Its endCursor is where to resume, also when there was nothing new."
    )


class ChangePage(Struct, frozen=True):
    """The record behind ChangeConnection."""

    nodes: list[VisibleChange]
    page_info: PageInfoRecord

    @property
    def edges(self) -> list[VisibleChange]:
        return self.nodes


def list_changes(snapshot: Snapshot, page: Page) -> ChangePage:
    """Raises BadCursor."""
    after = decode_cursor(page.after, CHANGE_FEED_KEY, Sequence) if page.after is not None else 0
    changes, has_next = snapshot.list_changes(after, page.size)
    start = encode_cursor(CHANGE_FEED_KEY, changes[0].seq) if changes else None
    end = encode_cursor(CHANGE_FEED_KEY, changes[-1].seq) if changes else page.after
    return ChangePage(changes, PageInfoRecord(has_next, page.after is not None, start, end))
