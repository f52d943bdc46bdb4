"""Write random documents that pass arguments to one field, in every mixture of literals and variables."""

import json
from collections.abc import Iterable
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    get_named_type,
    get_nullable_type,
)

from schema.execution.literals import DocumentText

# Values by scalar. The last ones are refused, at least for some arguments.
TEXTS = ("", "housing", 'a "quoted" \\ text\n', "é", "x" * 40), ("x" * 101, "x" * 401, "x" * 501, "x" * 5_000)
INTEGERS = (0, 1, 20, -3, 2**31 - 1), (2**31, -(2**31) - 1)
FLOATS = (0, 3, 33.75, -84.5, 1e-7, 1.0, 2.5e300), (2**53,)
IDS = ("", "a", 7, -12, 10**20), ("x" * 401,)
DATES = ("2026-01-31", "1999-12-31"), ("2026-02-30", "20260131", "2026-01-31T12:00:00Z", "")
MOMENTS = ("2026-01-31T12:00:00Z", "1999-12-31T23:59:59.5-05:00"), ("2026-01-31", "2026-01-31T12:00:00", "2026-02-30T12:00:00Z")
BOOLEANS = (True, False), (True,)
SCALARS = {
    "String": TEXTS,
    "Int": INTEGERS,
    "Float": FLOATS,
    "ID": IDS,
    "Boolean": BOOLEANS,
    "Date": DATES,
    "DateTime": MOMENTS,
    "Anything": TEXTS,
}
JUNK: tuple[Any, ...] = (
    None,
    True,
    "",
    "KILOMETER",
    5,
    1.5,
    10**30,
    10**400,
    float("inf"),
    [],
    [None],
    [[]],
    ["a", None],
    {},
    {"a": 1},
)
UNUSUAL_SHARE = 0.06
VARIABLE_SHARE = 0.3
ABSENT_SHARE = 0.15
NESTED_SHARE = 0.15  # of the fields of an input type that hold the type itself: few enough that values end, enough to nest twice


def write_document(name: str, field: GraphQLField, rng: Random) -> tuple[str, dict[str, Any]]:
    """Return a document that selects the field, and values for its variables."""
    writer = DocumentWriter(rng)
    selection = writer.write_selection(name, field)
    definitions = f"({', '.join(writer.definitions)})" if writer.definitions else ""
    return f"query{definitions} {{ {selection} }}", writer.variables


def change_literals(text: DocumentText, rng: Random) -> str:
    """Return a text with the same key and other literals: mostly a date instead of a date, and so on."""
    parts: list[str] = []
    end = 0
    for raw, offset, value in text.literals:
        choices = rng.choice([values for values in SCALARS.values() if _is_in(value, values[0])] or [([value], [value])])
        values = [choice for choice in choices[rng.random() < UNUSUAL_SHARE] if type(choice) is type(value)] or [value]
        parts += (text.text[end:offset], json.dumps(rng.choice(values), ensure_ascii=rng.random() < 0.5))
        end = offset + len(raw)
    return "".join(parts) + text.text[end:]


def _is_in(value: object, values: Iterable[object]) -> bool:
    """Return whether a value is among others of the same type, unlike 1 and 1.0."""
    return any(type(other) is type(value) and other == value for other in values)


class DocumentWriter:
    """Writes the arguments of one document, and collects the variables it needs in `definitions` and `variables`."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.definitions: list[str] = []
        self.variables: dict[str, Any] = {}

    def write_selection(self, name: str, field: GraphQLField) -> str:
        parts = [
            f"{argument}: {self.write_value(definition.type, has_default=definition.default_value is not Undefined)}"
            for argument, definition in field.args.items()
            if self.rng.random() < 0.5 or isinstance(definition.type, GraphQLNonNull)
        ]
        return f"{name}({', '.join(parts)})" if parts else name

    def write_value(self, type_: Any, *, has_default: bool = False) -> str:
        """Write a value of the type, or a variable that has one. `has_default` is that of the argument or input field."""
        if self._happens(VARIABLE_SHARE):
            return self._write_variable(type_, has_default)
        return self.write_literal(type_, with_variables=True)

    def write_literal(self, type_: Any, *, with_variables: bool = False) -> str:
        """Write a value as in a document. It may be out of range."""
        if not isinstance(type_, GraphQLNonNull) and self._happens(0.05):
            return "null"
        write = self.write_value if with_variables else self.write_literal
        kind = get_nullable_type(type_)
        if isinstance(kind, GraphQLList):
            if self._happens(0.1):
                return self.write_literal(kind.of_type, with_variables=with_variables)  # a list of one value
            return f"[{', '.join(write(kind.of_type) for _ in range(self.rng.randrange(4)))}]"
        if isinstance(kind, GraphQLInputObjectType):
            fields = (f"{name}: {self._write_field(field, with_variables)}" for name, field in self._choose_fields(kind))
            return f"{{{', '.join(fields)}}}"
        value = self.choose_scalar(kind)
        return value if isinstance(kind, GraphQLEnumType) else json.dumps(value, ensure_ascii=False)

    def _write_field(self, field: Any, with_variables: bool) -> str:
        if with_variables:
            return self.write_value(field.type, has_default=field.default_value is not Undefined)
        return self.write_literal(field.type)

    def choose_value(self, type_: Any) -> Any:
        """Return a value as in JSON, which may be invalid in any way."""
        if self._happens(UNUSUAL_SHARE):
            return self.rng.choice(JUNK)
        kind = get_nullable_type(type_)
        if isinstance(kind, GraphQLList):
            return [self.choose_value(kind.of_type) for _ in range(self.rng.randrange(4))]
        if isinstance(kind, GraphQLInputObjectType):
            fields = {name: self.choose_value(field.type) for name, field in self._choose_fields(kind)}
            return self._spoil_object(kind, fields) if self._happens(2 * UNUSUAL_SHARE) else fields
        return self.choose_scalar(kind)

    def choose_scalar(self, kind: Any) -> Any:
        if isinstance(kind, GraphQLEnumType):
            return self.rng.choice(list(kind.values))
        usual, unusual = SCALARS[kind.name]
        return self.rng.choice(unusual if self._happens(UNUSUAL_SHARE) else usual)

    def _choose_fields(self, kind: GraphQLInputObjectType) -> list[tuple[str, Any]]:
        fields = list(kind.fields.items())
        if kind.is_one_of:
            return [(name, field) for name, field in [self.rng.choice(fields)]]
        self.rng.shuffle(fields)
        return [item for item in fields if self._happens(_find_share(kind, item[1])) or isinstance(item[1].type, GraphQLNonNull)]

    def _spoil_object(self, kind: GraphQLInputObjectType, fields: dict[str, Any]) -> dict[str, Any]:
        """Add a field, remove one, or make one null."""
        name = self.rng.choice(list(kind.fields))
        if self._happens(0.3):
            return {**fields, "unknown": 1}
        if self._happens(0.5):
            return {**fields, name: self.choose_value(kind.fields[name].type) if self._happens(0.5) else None}
        return {key: value for key, value in fields.items() if key != self.rng.choice(list(fields))}

    def _write_variable(self, type_: Any, has_field_default: bool) -> str:
        name = f"v{len(self.definitions)}"
        nullable_type = get_nullable_type(type_)
        has_default = self._happens(0.3)
        must_be_present = isinstance(type_, GraphQLNonNull) and not (has_default or has_field_default)
        definition = f"${name}: {nullable_type}{'!' if must_be_present or self._happens(0.3) else ''}"
        if has_default:
            definition += f" = {self.write_literal(GraphQLNonNull(nullable_type))}"
        self.definitions.append(definition)
        if not self._happens(ABSENT_SHARE):
            self.variables[name] = self.choose_value(type_)
        return f"${name}"

    def _happens(self, share: float) -> bool:
        return self.rng.random() < share


def _find_share(kind: GraphQLInputObjectType, field: Any) -> float:
    """Return how often a field of an input type has a value."""
    return NESTED_SHARE if get_named_type(field.type) is kind else 0.4
