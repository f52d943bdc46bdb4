"""Change: what happened in the directory, as this audience sees it."""

import datetime as dt
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec
import strawberry
from msgspec import Struct

from directory import records
from directory.errors import BadCursor
from directory.publish import ChangeKind, SeenChange
from directory.question import Page
from directory.search.snapshot import Snapshot
from schema.connection import PageInfo, Turn
from schema.context import Info
from schema.fields import COMPUTED, READ, attribute, computed
from schema.ids import GlobalId
from schema.organization import Organization

CURSOR_FORMAT = 1


def _cursor(root: SeenChange) -> str:
    return cursor(root.seq)


def _organization_id(root: SeenChange) -> str:
    return str(GlobalId("Organization", root.organization_id))


def _organization(root: SeenChange, info: Info) -> records.Organization | None:
    return info.context.snapshot.organization(root.organization_id)


def _node(root: SeenChange) -> SeenChange:
    return root


@strawberry.type(description="The last thing that happened to an organization, as you see it.")
class Change:
    cursor: str = computed(_cursor, "Where it stands in the feed: `changes(after:)` goes on from it.", cost=COMPUTED)
    at: dt.datetime = attribute("When it happened.")
    kind: ChangeKind = attribute("What happened.")
    organization_id: strawberry.ID = computed(_organization_id, "The organization's id, also of one that is gone.", cost=COMPUTED)
    organization: Organization | None = computed(
        _organization, "The organization as it is now; null when it is gone.", cost=COMPUTED
    )


@strawberry.type(description="One change of a page.")
class ChangeEdge:
    cursor: str = computed(_cursor, "Where it stands in the feed.", cost=COMPUTED)
    node: Change = computed(_node, "The change.", cost=READ)


@strawberry.type(description="A page of changes, oldest first.")
class ChangeConnection:
    edges: list[ChangeEdge] = attribute("The changes with their cursors.", paged=True)
    nodes: list[Change] = attribute("The changes alone.", paged=True)
    page_info: PageInfo = attribute("Where the page ends. Its endCursor is where to resume, also when there was nothing new.")


class Feed(Struct, frozen=True):
    """The record behind ChangeConnection."""

    nodes: list[SeenChange]
    page_info: Turn

    @property
    def edges(self) -> list[SeenChange]:
        return self.nodes


def feed(snapshot: Snapshot, page: Page) -> Feed:
    """Raises BadCursor."""
    changes, has_next = snapshot.changes(_sequence(page.after) if page.after is not None else 0, page.size)
    start = cursor(changes[0].seq) if changes else None
    end = cursor(changes[-1].seq) if changes else page.after
    return Feed(changes, Turn(has_next, page.after is not None, start, end))


def cursor(sequence: int) -> str:
    return urlsafe_b64encode(msgspec.msgpack.encode((CURSOR_FORMAT, "changes", sequence))).rstrip(b"=").decode()


def _sequence(text: str) -> int:
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        written, feed_name, sequence = msgspec.msgpack.decode(packed, type=tuple[int, str, int])
    except (ValueError, msgspec.MsgspecError):
        raise BadCursor("That is no cursor of the change feed. Pass cursors on as they were given.", reason="MALFORMED") from None
    if written != CURSOR_FORMAT:
        raise BadCursor("That cursor is of an older format. Begin the feed anew.", reason="OLD_FORMAT")
    if feed_name != "changes" or sequence < 0:
        raise BadCursor("That is no cursor of the change feed. Pass cursors on as they were given.", reason="MALFORMED")
    return sequence
