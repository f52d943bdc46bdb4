"""What each field costs, as declared beside its description; and those of introspection, which nobody declares."""

from collections.abc import Iterator

from graphql import GraphQLInterfaceType, GraphQLObjectType, introspection_types
from strawberry.schema.schema_converter import GraphQLCoreConverter

from schema.fields import PRICE, READ, Price
from schema.graph import SCHEMA

USUAL = {  # lengths of the lists of introspection, in this schema; every second type has none within
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


def price(kind: str, field: str) -> Price:
    """Of a field of the type. Raises KeyError where none is declared."""
    return _READ if field.startswith("__") else _PRICES[kind, field]


def declared() -> Iterator[tuple[str, str, Price | None]]:
    """Every field of the schema's own types, and its price; None where its declaration has none."""
    for name, kind in SCHEMA.type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            for field, one in kind.fields.items():
                definition = one.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
                yield name, field, getattr(definition, "metadata", {}).get(PRICE)


def _prices() -> dict[tuple[str, str], Price]:
    prices = {(kind, field): one for kind, field, one in declared() if one}
    for kind, named in introspection_types.items():
        if isinstance(named, GraphQLObjectType):
            prices |= {(kind, field): Price(READ, length=USUAL.get((kind, field))) for field in named.fields}
    return prices


_READ = Price(READ)
_PRICES = _prices()
