"""List the fields, arguments, input fields and enum values of a schema, and those that a document uses."""

from collections.abc import Iterator

from graphql import (
    ArgumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)


def list_schema_parts(schema: GraphQLSchema) -> set[str]:
    return {
        part
        for name, kind in schema.type_map.items()
        if not name.startswith("__")
        for part in _list_type_parts(name, kind, schema)
    }


def _list_type_parts(name: str, kind: object, schema: GraphQLSchema) -> Iterator[str]:
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for field, definition in kind.fields.items():
            yield f"{name}.{field}"
            yield from (f"{name}.{field}({argument})" for argument in definition.args)
    elif isinstance(kind, GraphQLInputObjectType):
        yield from (f"{name}.{field}" for field in kind.fields)
    elif isinstance(kind, GraphQLEnumType) and name in _list_input_types(schema):
        yield from (f"{name}.{value}" for value in kind.values)


def _list_input_types(schema: GraphQLSchema) -> set[str]:
    """Return the names of types of arguments and input fields."""
    names = set()
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType):
            names |= {get_named_type(value.type).name for field in kind.fields.values() for value in field.args.values()}
        elif isinstance(kind, GraphQLInputObjectType):
            names |= {get_named_type(value.type).name for value in kind.fields.values()}
    return names


def list_used_parts(document: str, schema: GraphQLSchema) -> set[str]:
    """Return the parts that a document without variables uses."""
    types = TypeInfo(schema)
    visitor = _UsageVisitor(types)
    visit(parse(document), TypeInfoVisitor(types, visitor))
    return visitor.parts


class _UsageVisitor(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types, self.parts = types, set[str]()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.parts.add(f"{self.types.get_parent_type()}.{node.name.value}")

    def enter_argument(self, node: ArgumentNode, _key: object, _parent: object, _path: object, ancestors: list[object]) -> None:
        field = next(node for node in reversed(ancestors) if isinstance(node, FieldNode))
        self.parts.add(f"{self.types.get_parent_type()}.{field.name.value}({node.name.value})")

    def enter_object_field(self, node: ObjectFieldNode, *_: object) -> None:
        self.parts.add(f"{get_named_type(self.types.get_parent_input_type())}.{node.name.value}")

    def enter_enum_value(self, node: EnumValueNode, *_: object) -> None:
        self.parts.add(f"{get_named_type(self.types.get_input_type())}.{node.value}")
