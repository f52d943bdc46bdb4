"""The order of a list of organizations, and which page of it to return."""

from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from directory.errors import BadInput

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100


class OrderField(StrEnum):
    RELEVANCE = "RELEVANCE"
    NAME = "NAME"
    DISTANCE = "DISTANCE"
    FOUNDED = "FOUNDED"
    JOINED = "JOINED"
    VERIFIED = "VERIFIED"
    UPDATED = "UPDATED"


class SortOrder(Struct, frozen=True):
    """The order of results. Unknown values come last in both directions.

    RELEVANCE, the default, sorts by place reason, number of optional words, text tier, distance and name, as far as the question
    has them.
    """

    field: OrderField = OrderField.RELEVANCE
    descending: bool = False


class Page(Struct, frozen=True):
    """One page of a list: forward from the cursor `after` (or the start), or backward from `before` (or the end)."""

    MAX_SIZE: ClassVar[int] = MAX_PAGE_SIZE

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None:
            raise BadInput("Use either `first` or `last`, not both.", argument="first")
        for argument, size in (("first", self.first), ("last", self.last)):
            if size is not None and not 1 <= size <= self.MAX_SIZE:
                raise BadInput(
                    f"`{argument}` must be between 1 and {self.MAX_SIZE:,}, but it is {size}.", argument=argument, value=size
                )
        if self.is_backward and self.after is not None:
            raise BadInput("`after` cannot be used with `last`. Use `before`, or use `first`.", argument="after")
        if not self.is_backward and self.before is not None:
            raise BadInput("`before` can only be used with `last`. Use `after`, or use `last`.", argument="before")

    @property
    def is_backward(self) -> bool:
        return self.last is not None

    @property
    def size(self) -> int:
        return self.last or self.first or DEFAULT_PAGE_SIZE

    @property
    def cursor(self) -> str | None:
        return self.before if self.is_backward else self.after
