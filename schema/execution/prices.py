"""Collect the prices of all fields. Types in schema/types declare theirs; introspection types get theirs here."""

from collections.abc import Iterator

from graphql import GraphQLInterfaceType, GraphQLObjectType, introspection_types
from strawberry.schema.schema_converter import GraphQLCoreConverter

from schema.fields import PRICE_KEY, READ_POINTS, Price
from schema.schema import SCHEMA

INTROSPECTION_POINTS = 0.3  # a field of an introspection type, which graphql-core executes
INTROSPECTION_LENGTHS = {  # average lengths of the introspection lists in this schema
    ("__Schema", "types"): 90,
    ("__Type", "ofType"): 0.5,  # not a list: half of the types wrap no other type
    ("__Schema", "directives"): 6,
    ("__Directive", "args"): 1,
    ("__Directive", "locations"): 3,
    ("__Type", "fields"): 4,
    ("__Type", "inputFields"): 1,
    ("__Type", "enumValues"): 2,
    ("__Type", "interfaces"): 1,
    ("__Type", "possibleTypes"): 1,
    ("__Field", "args"): 1,
}


def find_price(kind: str, field: str) -> Price:
    """Return the price of a field of a type. Raises KeyError if none is declared."""
    return _READ_PRICE if field.startswith("__") else _PRICES[kind, field]


def list_declared_prices() -> Iterator[tuple[str, str, Price | None]]:
    """Yield the type name, field name and price of every field, except introspection; None where no price is declared."""
    for type_name, kind in SCHEMA.type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not type_name.startswith("__"):
            for name, field in kind.fields.items():
                definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
                yield type_name, name, getattr(definition, "metadata", {}).get(PRICE_KEY)


def _build_prices() -> dict[tuple[str, str], Price]:
    prices = {(type_name, field): price for type_name, field, price in list_declared_prices() if price}
    for type_name, kind in introspection_types.items():
        if isinstance(kind, GraphQLObjectType):
            for field in kind.fields:
                prices[type_name, field] = Price(INTROSPECTION_POINTS, length=INTROSPECTION_LENGTHS.get((type_name, field)))
    return prices


_READ_PRICE = Price(READ_POINTS)
_PRICES = _build_prices()
