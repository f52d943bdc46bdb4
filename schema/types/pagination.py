"""Pages of lists that the core holds whole: vocabularies, regions. Organizations bring pages and cursors of their own."""

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
    int | None, strawberry.argument(description="How many to give from the start, or after `after`: 1 to 100, 20 unless given.")
]
AfterArgument = Annotated[str | None, strawberry.argument(description="Go on after this cursor of the same list.")]
LastArgument = Annotated[
    int | None, strawberry.argument(description="How many to give from the end, or before `before`: 1 to 100.")
]
BeforeArgument = Annotated[str | None, strawberry.argument(description="Go back from this cursor of the same list.")]


@strawberry.type(description="Where a page of a list ends, and whether there is more.")
class PageInfo:
    has_next_page: bool = attribute_field("Whether more follow.")
    has_previous_page: bool = attribute_field("Whether others come before.")
    start_cursor: str | None = attribute_field("The first one's cursor; null for an empty page.")
    end_cursor: str | None = attribute_field("The last one's cursor; null for an empty page.")


class PageInfoRecord(Struct, frozen=True):
    """The record behind PageInfo."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


def build_page_info(cursors: Sequence[str], has_next: bool, has_previous: bool) -> PageInfoRecord:
    return PageInfoRecord(has_next, has_previous, cursors[0] if cursors else None, cursors[-1] if cursors else None)


class ListEdge(Struct, Generic[T], frozen=True):
    cursor: str
    node: T


class ListPage(Struct, Generic[T], frozen=True):
    """The record behind a connection: one page of a list held whole."""

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
    return ListPage(edges, len(items), build_page_info([edge.cursor for edge in edges], end < len(items), start > 0))
