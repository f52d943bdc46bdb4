"""Cursor pagination of lists that are in memory: vocabularies and regions. Searches for organizations have their own cursors."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Annotated, Any, Generic, TypeVar

import msgspec
import strawberry
from msgspec import Struct

from directory.cursors import decode_cursor, encode_cursor
from directory.question import Page
from schema.fields import attribute_field

T = TypeVar("T")

FirstArgument = Annotated[
    int | None,
    strawberry.argument(
        description="The number of items to return from the start of the list, or after the `after` cursor: "
        "1 to 100, 20 by default. Cannot be combined with `last`."
    ),
]
AfterArgument = Annotated[
    str | None, strawberry.argument(description="Return the items after this cursor. Use the `endCursor` of the previous page.")
]
LastArgument = Annotated[
    int | None,
    strawberry.argument(
        description="The number of items to return from the end of the list, or before the `before` cursor: 1 to 100. "
        "Cannot be combined with `first`."
    ),
]
BeforeArgument = Annotated[
    str | None, strawberry.argument(description="Return the items before this cursor. Use the `startCursor` of the next page.")
]


@strawberry.type(description="The cursors of a page, and whether there are more pages.")
class PageInfo:
    has_next_page: bool = attribute_field("Whether there are items after this page.")
    has_previous_page: bool = attribute_field("Whether there are items before this page.")
    start_cursor: str | None = attribute_field("The cursor of the first item; null if the page is empty.")
    end_cursor: str | None = attribute_field("The cursor of the last item; null if the page is empty.")


class PageInfoRecord(Struct, frozen=True):
    """The record behind PageInfo."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


class ListEdge(Struct, Generic[T], frozen=True):
    cursor: str
    node: T


class ListPage(Struct, Generic[T], frozen=True):
    """The record behind a connection: one page of a list."""

    edges: tuple[ListEdge[T], ...]
    total_count: int
    page_info: PageInfoRecord

    @property
    def nodes(self) -> list[T]:
        return [edge.node for edge in self.edges]


def paginate(items: Sequence[T], key: Callable[[T], str], page: Page, *question_parts: Any) -> ListPage[T]:
    """Return one page of items whose keys are unique and ascend.

    `question_parts` are the other arguments of the list: a cursor is valid only with the same ones. Raises BadCursor.
    """
    list_key = blake2b(msgspec.json.encode(question_parts), digest_size=6).digest()
    position = decode_cursor(page.cursor, list_key, str) if page.cursor is not None else None
    if page.is_backward:
        end = bisect_left(items, position, key=key) if position is not None else len(items)
        start = max(0, end - page.size)
    else:
        start = bisect_right(items, position, key=key) if position is not None else 0
        end = min(len(items), start + page.size)
    edges = tuple(ListEdge(encode_cursor(list_key, key(item)), item) for item in items[start:end])
    ends = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return ListPage(edges, len(items), PageInfoRecord(end < len(items), start > 0, *ends))
