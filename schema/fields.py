"""Declare the fields of GraphQL types: where a value comes from, what it means and what it costs.

A value is an attribute of the record, or the result of a plain function of (record, info, arguments). Neither awaits or does I/O.

Costs are in points of about 10 µs, as measured by `python -m benchmarks costs`. The cost of a list is the cost of finding it.
Each item then costs OBJECT_POINTS plus its selected fields, times the length of the list, set by arguments or the declaration.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import partial
from typing import Any

import strawberry
from graphql import GraphQLField
from msgspec import Struct
from strawberry.types.field import StrawberryField

READ_POINTS = 0.01  # an attribute of the record
COMPUTED_POINTS = 0.08  # a plain function of the record, without a search
LABEL_POINTS = 0.02  # a label in the requested language
MOMENT_POINTS = 0.15  # a date and time
COUNT_POINTS = 0.12  # the number of organizations of a term or region
OBJECT_POINTS = 0.01  # one object, without its fields
ITEM_POINTS = 0.005  # a text, number or enum value in a list
COSTLY_POINTS = 1.0  # a field with this price may take so long that the deadline is checked before it
PRICE_KEY = "price"  # in the metadata of a field
DEPENDENCE_KEY = "depends_on"  # in the metadata of a field
KEEPS_KEY = "keeps"  # in the metadata of a field
RESOLVER_KEY = "resolver"  # in the extensions of a field of the built schema
CLASS_KEY = "record_class"  # in the extensions of a type: the class of its records, which need no other check
CARD_KEY = "card_class"  # in the extensions of a type: the class of its immutable objects that many answers show


class Dependence(IntEnum):
    """What a value depends on besides its record and arguments. Each level includes the ones before.

    A compiled answer may keep what does not depend on the request.
    """

    RECORD = 0  # on nothing else
    SNAPSHOT = 1  # on other records: counts, parents, branches
    DAY = 2  # on today's date
    REQUEST = 3  # on the client, the time, or a search


class Resolver(Struct, frozen=True):
    """How to read a field: call `function` with the record, if it takes it, and with `info`, if it takes that.

    `function` is None for an attribute of the record. `keeps` tells for the value of a field of the root whether the whole answer
    may be stored for others who ask the same; None if never. Their answers are faster, so it must only be true for questions that
    reveal nothing about who asked them. The deadline is checked before a field that `is_costly` is read.
    """

    function: Any
    attribute: str
    takes_record: bool
    takes_info: bool
    depends_on: Dependence
    keeps: Callable[[Any], bool] | None = None
    is_costly: bool = False


class ListSize(Struct, frozen=True):
    """The length of a list: the value of the first of these arguments that was passed, or the number of values in it.

    `default` applies when none was passed; `most` is the maximum.
    """

    arguments: tuple[str, ...]
    default: int
    most: int


class InputPrice(Struct, frozen=True):
    """What the value of an argument adds to the price of a field.

    `count` takes the value as in JSON, valid or not, and returns how much of each kind it has. `points` maps a kind, in the words
    of the documentation, to the points for one, and for one in every 1,000 organizations in the directory.
    """

    count: Callable[[Any], Mapping[str, float]]
    points: Mapping[str, tuple[float, float]]

    def compute(self, value: Any, thousands: float) -> float:
        """Return the points for a value, in a directory of so many thousand organizations."""
        counts = self.count(value)
        return sum(number * (self.points[kind][0] + self.points[kind][1] * thousands) for kind, number in counts.items())


class Price(Struct, frozen=True):
    """The price of a field in points.

    `length` is the usual length of a list. A list that `is_page` is as long as the `size` of its parent field.
    `points_per_word` adds points for each word of a text argument, `points_by_value` for certain values of an enum argument,
    `points_by_input` for what a text or an input object contains, and `points_per_thousand` for every 1,000 organizations in the
    directory.
    A field that `is_slow` may take much longer than its price suggests, so it never runs on the event loop.
    """

    cost: float
    length: float | None = None
    size: ListSize | None = None
    is_page: bool = False
    points_per_word: Mapping[str, float] = {}
    points_by_value: Mapping[str, Mapping[str, float]] = {}
    points_by_input: Mapping[str, InputPrice] = {}
    points_per_thousand: float = 0.0
    is_slow: bool = False


PAGE_SIZE = ListSize(("first", "last"), 20, 100)


def attribute_field(
    description: str, *, cost: float = READ_POINTS, depends_on: Dependence = Dependence.RECORD, **price: Any
) -> Any:
    """Declare a field that reads the attribute of the same name. `price` takes the fields of Price."""
    return strawberry.field(description=description, metadata={PRICE_KEY: Price(cost, **price), DEPENDENCE_KEY: depends_on})


def computed_field(
    resolver: Callable[..., Any],
    description: str,
    *,
    cost: float,
    graphql_type: Any = None,
    depends_on: Dependence | None = None,
    keeps: Callable[[Any], bool] | None = None,
    deprecation: str | None = None,
    **price: Any,
) -> Any:
    """Declare a field that calls `resolver`, which takes the record as `root`. `price` takes the fields of Price.

    `graphql_type` replaces the type of the annotation. A resolver that takes `info` depends on the request unless `depends_on`
    says that it reads only the snapshot or the date. `keeps` is that of Resolver. `deprecation` is the reason of one.
    """
    metadata = {PRICE_KEY: Price(cost, **price), DEPENDENCE_KEY: depends_on, KEEPS_KEY: keeps}
    return strawberry.field(
        resolver=resolver,
        description=description,
        metadata=metadata,
        graphql_type=graphql_type,
        deprecation_reason=deprecation,
    )


def describe_resolver(field: StrawberryField) -> Resolver:
    """Return how to read a field that was declared with a function of this module."""
    attribute, depends_on = field.python_name, field.metadata.get(DEPENDENCE_KEY)
    base, price = field.base_resolver, field.metadata.get(PRICE_KEY)
    is_costly = price is not None and price.cost >= COSTLY_POINTS
    if base is None:
        return Resolver(None, attribute, True, False, depends_on or Dependence.RECORD, is_costly=is_costly)
    takes_info = base.info_parameter is not None
    takes_record = base.root_parameter is not None
    if depends_on is None:
        depends_on = Dependence.REQUEST if takes_info else Dependence.RECORD
    keeps = field.metadata.get(KEEPS_KEY)
    return Resolver(base.wrapped_func, attribute, takes_record, takes_info, depends_on, keeps, is_costly)


def find_resolver(field: GraphQLField, name: str) -> Resolver:
    """Return how to read a field of a built schema; for a field that was not declared here, by its graphql-core resolver."""
    resolver: Resolver | None = field.extensions.get(RESOLVER_KEY)
    return resolver or Resolver(field.resolve or partial(_read_key, name), name, True, True, Dependence.REQUEST)


def _read_key(name: str, record: Any, _info: Any, **_arguments: Any) -> Any:
    """Read a field as graphql-core does by default, but refuse functions. Raises TypeError for those."""
    value = record.get(name) if isinstance(record, Mapping) else getattr(record, name, None)
    if callable(value):
        raise TypeError
    return value


def input_field(description: str, **default: Any) -> Any:
    """Declare a field of an input type. It is required unless it has a `default`."""
    return strawberry.field(description=description, **default)


def to_camel_case(name: str) -> str:
    """Convert the name of a record's field to GraphQL style: "issue_areas" becomes "issueAreas"."""
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)
