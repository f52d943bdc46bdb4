"""How a field of a GraphQL type is declared: its type, where its value comes from, what it means and what it costs.

The value is an attribute of the record, or a plain function of (record, info, arguments). Neither awaits nor does I/O, so that
whole selections can later be compiled.

Costs are in points of about 10 µs, as `python -m benchmarks costs` measures them. A list's cost is that of finding it; each of
its items costs OBJECT and what is asked of it, times the length that the arguments or the declaration say.
"""

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from msgspec import Struct

READ_POINTS = 0.3  # an attribute of the record; the default for those alone
COMPUTED_POINTS = 0.5  # a plain function of the record, without a search
LABEL_POINTS = 0.6  # a label in the language that is asked for
COUNT_POINTS = 3.0  # how many organizations a term or region has
OBJECT_POINTS = 0.4  # one object, apart from its fields
ITEM_POINTS = 0.1  # a text, number or enum value in a list
PRICE_KEY = "price"  # the key in a field's metadata


class ListSize(Struct, frozen=True):
    """How long a list is: the number that the first given of these arguments says, or the number of values in it."""

    arguments: tuple[str, ...]
    default: int
    most: int


class Price(Struct, frozen=True):
    """What a field costs. `length` is a list's usual length; with `paged`, its parent's `size` says it.

    `words` adds points for each word of a text argument, `values` for the value of an enum argument. A field is `slow` where it
    may take much longer than usual: it is never resolved where others wait.
    """

    cost: float
    length: float | None = None
    size: ListSize | None = None
    paged: bool = False
    words: Mapping[str, float] = {}
    values: Mapping[str, Mapping[str, float]] = {}
    slow: bool = False


PAGE_SIZE = ListSize(("first", "last"), 20, 100)


def attribute_field(description: str, *, cost: float = READ_POINTS, **price: Any) -> Any:
    """The record's attribute of the same name. `price` is of Price."""
    return strawberry.field(description=description, metadata={PRICE_KEY: Price(cost, **price)})


def computed_field(resolver: Callable[..., Any], description: str, *, cost: float, **price: Any) -> Any:
    """What `resolver` makes of the record, which it takes as `root`. `price` is of Price."""
    return strawberry.field(resolver=resolver, description=description, metadata={PRICE_KEY: Price(cost, **price)})


def input_field(description: str, **default: Any) -> Any:
    """A field of an input; without `default` it must be given."""
    return strawberry.field(description=description, **default)


def to_camel_case(name: str) -> str:
    """A record's field name as GraphQL writes it: issue_areas, issueAreas."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)
