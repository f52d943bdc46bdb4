"""The table of what each field of the GraphQL schema costs."""

from collections.abc import Iterator

from docs.markdown import format_table
from schema.execution.cost import REQUEST_POINTS
from schema.execution.prices import INTROSPECTION_LENGTHS as LENGTHS
from schema.execution.prices import INTROSPECTION_POINTS, list_declared_prices
from schema.fields import ITEM_POINTS, OBJECT_POINTS, READ_POINTS, InputPrice, Price

DEFAULT_PRICE = Price(READ_POINTS)  # of a field that only reads an attribute: left out, as most are such


def build_field_prices_table() -> str:
    """The prices that every answer, object and list item has, then each field that costs more than reading an attribute."""
    every = [
        ("any answer", f"{REQUEST_POINTS:g}", ""),
        ("any object", f"{OBJECT_POINTS:g}", ""),
        ("any item of a list", f"{ITEM_POINTS:g}", ""),
    ]
    costly = ((f"{kind}.{field}", price) for kind, field, price in list_declared_prices() if price and price != DEFAULT_PRICE)
    priced = [(f"`{field}`", f"{price.cost:g}", _describe_price(price)) for field, price in costly]
    introspection = f"{INTROSPECTION_POINTS:g}"
    lists = [(f"`{kind}.{field}`", introspection, f"a list counts as {length:g}") for (kind, field), length in LENGTHS.items()]
    others = [("every other field of introspection", introspection, ""), ("every other field", f"{READ_POINTS:g}", "")]
    return format_table(("what", "points", "how often"), [*every, *sorted([*priced, *lists]), *others])


def _describe_price(price: Price) -> str:
    """How long a list counts as, and which arguments add to the price."""
    said = []
    if price.size:
        arguments = " or ".join(f"`{argument}`" for argument in price.size.arguments)
        said.append(f"{arguments}, at most {price.size.most:,}; {price.size.default:,} by default")
    if price.length is not None:
        said.append(f"a list counts as {price.length:g}")
    if price.is_page:
        said.append("as long as the page")
    if price.points_per_thousand:
        said.append(f"{price.points_per_thousand:g} more for every 1,000 organizations in the directory")
    said += [f"{points:g} more for each word of `{argument}`" for argument, points in price.points_per_word.items()]
    said += [
        line for argument, price_of_input in price.points_by_input.items() for line in _describe_input(argument, price_of_input)
    ]
    said += [
        f"{points:g} more with `{argument}: {value}`"
        for argument, values in price.points_by_value.items()
        for value, points in values.items()
    ]
    return "; ".join(said)


def _describe_input(argument: str, price: InputPrice) -> Iterator[str]:
    """How much one of each kind of thing in an argument costs."""
    for kind, (points, per_thousand) in price.points.items():
        growth = f" and {per_thousand:g} for every 1,000 organizations" if per_thousand else ""
        yield f"{points:g}{growth} more for each {kind} in `{argument}`"
