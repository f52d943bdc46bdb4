"""Declare the fields of GraphQL types: where a value comes from, what it means and what it costs.

A value is an attribute of the record, or the result of a plain function of (record, info, arguments). Neither awaits or does I/O.

Costs are in points of about 10 µs, as measured by `python -m benchmarks costs`. The cost of a list is the cost of finding it.
Each item then costs OBJECT_POINTS plus its selected fields, times the length of the list, set by arguments or the declaration.
"""

from collections.abc import Callable, Mapping
from typing import Any

import strawberry
from msgspec import Struct

READ_POINTS = 0.3  # an attribute of the record
COMPUTED_POINTS = 0.5  # a plain function of the record, without a search
LABEL_POINTS = 0.6  # a label in the requested language
COUNT_POINTS = 3.0  # the number of organizations of a term or region
OBJECT_POINTS = 0.4  # one object, without its fields
ITEM_POINTS = 0.1  # a text, number or enum value in a list
PRICE_KEY = "price"  # in the metadata of a field


class ListSize(Struct, frozen=True):
    """The length of a list: the value of the first of these arguments that was passed, or the number of values in it.

    `default` applies when none was passed; `most` is the maximum.
    """

    arguments: tuple[str, ...]
    default: int
    most: int


class Price(Struct, frozen=True):
    """The price of a field in points.

    `length` is the usual length of a list. A list that `is_page` is as long as the `size` of its parent field.
    `points_per_word` adds points for each word of a text argument, `points_by_value` for certain values of an enum argument.
    A field that `is_slow` may take much longer than its price suggests, so it never runs on the event loop.
    """

    cost: float
    length: float | None = None
    size: ListSize | None = None
    is_page: bool = False
    points_per_word: Mapping[str, float] = {}
    points_by_value: Mapping[str, Mapping[str, float]] = {}
    is_slow: bool = False


PAGE_SIZE = ListSize(("first", "last"), 20, 100)


def attribute_field(description: str, *, cost: float = READ_POINTS, **price: Any) -> Any:
    """Declare a field that reads the attribute of the same name. `price` takes the fields of Price."""
    return strawberry.field(description=description, metadata={PRICE_KEY: Price(cost, **price)})


def computed_field(resolver: Callable[..., Any], description: str, *, cost: float, graphql_type: Any = None, **price: Any) -> Any:
    """Declare a field that calls `resolver`, which takes the record as `root`. `price` takes the fields of Price.

    `graphql_type` replaces the type of the annotation.
    """
    metadata = {PRICE_KEY: Price(cost, **price)}
    return strawberry.field(resolver=resolver, description=description, metadata=metadata, graphql_type=graphql_type)


def input_field(description: str, **default: Any) -> Any:
    """Declare a field of an input type. It is required unless it has a `default`."""
    return strawberry.field(description=description, **default)


def to_camel_case(name: str) -> str:
    """Convert the name of a record's field to GraphQL style: "issue_areas" becomes "issueAreas"."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)
