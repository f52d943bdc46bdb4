"""The table of what each field of the GraphQL schema costs."""

from docs.table import table
from schema.cost import REQUEST
from schema.fields import ITEM, OBJECT, READ, Price
from schema.prices import USUAL as LENGTHS
from schema.prices import declared

USUAL = Price(READ)  # of a field that only reads an attribute: left out, as most are such


def field_prices() -> str:
    """The prices that every answer, object and list item has, then each field that costs more than reading an attribute."""
    every = [("any answer", f"{REQUEST:g}", ""), ("any object", f"{OBJECT:g}", ""), ("any item of a list", f"{ITEM:g}", "")]
    costly = ((f"{kind}.{field}", price) for kind, field, price in declared() if price and price != USUAL)
    priced = [(f"`{field}`", f"{price.cost:g}", _times(price)) for field, price in costly]
    lists = [(f"`{kind}.{field}`", f"{READ:g}", f"a list counts as {length:g}") for (kind, field), length in LENGTHS.items()]
    return table(("what", "points", "how often"), [*every, *sorted([*priced, *lists]), ("every other field", f"{READ:g}", "")])


def _times(price: Price) -> str:
    """How long a list counts as, and which arguments add to the price."""
    said = []
    if price.size:
        arguments = " or ".join(f"`{argument}`" for argument in price.size.arguments)
        said.append(f"{arguments}, at most {price.size.most:,}; {price.size.default:,} unless given")
    if price.length is not None:
        said.append(f"a list counts as {price.length:g}")
    if price.paged:
        said.append("as long as the page")
    said += [f"{points:g} more for each word of `{argument}`" for argument, points in price.words.items()]
    said += [
        f"{points:g} more with `{argument}: {value}`"
        for argument, values in price.values.items()
        for value, points in values.items()
    ]
    return "; ".join(said)
