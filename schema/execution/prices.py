"""What each field costs, as declared beside its description; and those of introspection, which nobody declares."""

from collections.abc import Iterator

from graphql import GraphQLInterfaceType, GraphQLObjectType, introspection_types
from strawberry.schema.schema_converter import GraphQLCoreConverter

from schema.fields import PRICE_KEY, READ_POINTS, Price
from schema.schema import SCHEMA

INTROSPECTION_LENGTHS = {  # lengths of the lists of introspection, in this schema; every second type has none within
    ("__Schema", "types"): 90,
    ("__Type", "ofType"): 0.5,
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
    """Of a field of the type. Raises KeyError where none is declared."""
    return _READ_PRICE if field.startswith("__") else _PRICES[kind, field]


def list_declared_prices() -> Iterator[tuple[str, str, Price | None]]:
    """Every field of the schema's own types, and its price; None where its declaration has none."""
    for name, kind in SCHEMA.type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            for field, one in kind.fields.items():
                definition = one.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
                yield name, field, getattr(definition, "metadata", {}).get(PRICE_KEY)


def _build_prices() -> dict[tuple[str, str], Price]:
    prices = {(kind, field): one for kind, field, one in list_declared_prices() if one}
    for kind, named in introspection_types.items():
        if isinstance(named, GraphQLObjectType):
            prices |= {
                (kind, field): Price(READ_POINTS, length=INTROSPECTION_LENGTHS.get((kind, field))) for field in named.fields
            }
    return prices


_READ_PRICE = Price(READ_POINTS)
_PRICES = _build_prices()
