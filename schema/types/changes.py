"""Change: the feed of changes to records, as one audience sees them."""

import datetime as dt
from typing import Annotated, TypeAlias

import strawberry
from msgspec import Meta, Struct

from directory import records
from directory.cursors import decode_cursor, encode_cursor
from directory.kinds import KINDS
from directory.publish import ChangeKind, VisibleChange
from directory.question import Page
from directory.records import RecordKind
from directory.search.snapshot import Snapshot
from schema.context import Info
from schema.fields import COMPUTED_POINTS, READ_POINTS, Dependence, attribute_field, computed_field
from schema.types.global_ids import GlobalId, Node
from schema.types.organization import Organization
from schema.types.pagination import PageInfo, PageInfoRecord

CHANGE_FEED_KEY = "changes"  # in the cursors of the feed
Sequence: TypeAlias = Annotated[int, Meta(ge=0)]


def _resolve_cursor(root: VisibleChange) -> str:
    return encode_cursor(CHANGE_FEED_KEY, root.seq)


def _resolve_node_id(root: VisibleChange) -> str:
    return str(GlobalId(KINDS[root.record_kind].type_name, root.record_id))


def _resolve_record(root: VisibleChange, info: Info) -> records.PublishedRecord | None:
    return info.context.snapshot.get_record(root.record_kind, root.record_id)


def _resolve_organization_id(root: VisibleChange) -> str | None:
    return _resolve_node_id(root) if root.record_kind is RecordKind.ORGANIZATION else None


def _resolve_organization(root: VisibleChange, info: Info) -> records.Organization | None:
    return info.context.snapshot.get_organization(root.record_id)


def _resolve_node(root: VisibleChange) -> VisibleChange:
    return root


@strawberry.type(description="The latest change to a record, as visible to you.")
class Change:
    cursor: str = computed_field(
        _resolve_cursor, "The position in the feed. Pass it to `changes(after:)` to continue from here.", cost=COMPUTED_POINTS
    )
    at: dt.datetime = attribute_field("When the change happened.")
    kind: ChangeKind = attribute_field("What happened: the record was added, changed or removed.")
    node_id: strawberry.ID = computed_field(
        _resolve_node_id, "The id of the record, even if it has been removed.", cost=COMPUTED_POINTS
    )
    node: Node | None = computed_field(
        _resolve_record,
        "The record as it is now; null if it has been removed.",
        cost=COMPUTED_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )
    organization_id: strawberry.ID | None = computed_field(
        _resolve_organization_id,
        "The id of the organization, even if it has been removed; null for a record of another kind.",
        cost=COMPUTED_POINTS,
    )
    organization: Organization | None = computed_field(
        _resolve_organization,
        "The organization as it is now; null if it has been removed, and for a record of another kind.",
        cost=COMPUTED_POINTS,
        depends_on=Dependence.SNAPSHOT,
    )


@strawberry.type(description="One change on a page, with its cursor.")
class ChangeEdge:
    cursor: str = computed_field(_resolve_cursor, "The position of the change in the feed.", cost=COMPUTED_POINTS)
    node: Change = computed_field(_resolve_node, "The change.", cost=READ_POINTS)


@strawberry.type(description="A page of changes, oldest first.")
class ChangeConnection:
    edges: list[ChangeEdge] = attribute_field("The changes with their cursors.", is_page=True)
    nodes: list[Change] = attribute_field("The changes without their cursors.", is_page=True)
    page_info: PageInfo = attribute_field(
        "The cursors of the page. Store `endCursor` to resume later; it is set even if there was nothing new since `after`."
    )


class ChangePage(Struct, frozen=True):
    """The record behind ChangeConnection."""

    nodes: list[VisibleChange]
    page_info: PageInfoRecord

    @property
    def edges(self) -> list[VisibleChange]:
        return self.nodes


def list_changes(snapshot: Snapshot, page: Page) -> ChangePage:
    """Return a page of the feed, oldest change first. Raises BadCursor."""
    after = decode_cursor(page.after, CHANGE_FEED_KEY, Sequence) if page.after is not None else 0
    changes, has_next = snapshot.list_changes(after, page.size)
    start = encode_cursor(CHANGE_FEED_KEY, changes[0].seq) if changes else None
    end = encode_cursor(CHANGE_FEED_KEY, changes[-1].seq) if changes else page.after
    return ChangePage(changes, PageInfoRecord(has_next, page.after is not None, start, end))
