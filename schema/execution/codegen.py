"""Generate the Python functions that answer a selection. Each takes an object and the run, and returns what msgspec encodes.

The source is built from names in the schema only; names from the document become fields of generated structs. A function either
returns the same data as graphql-core, or raises: the engine then has graphql-core execute the request.
"""

from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLNamedType,
    GraphQLOutputType,
    GraphQLSchema,
    Undefined,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.pyutils import is_iterable

from directory.errors import DirectoryError
from schema.execution.coercion import Declined
from schema.execution.fragments import wrap_card
from schema.execution.selections import FieldSelection, ObjectSelection
from schema.fields import CARD_KEY, Dependence

_FAST_CHECKS = {  # of values that need no conversion, by scalar: {first} is the expression, {again} the variable that holds it
    "String": "{again} if {first}.__class__ is str",
    "ID": "{again} if {first}.__class__ is str",
    "Int": "{again} if {first}.__class__ is int and -2147483648 <= {again} <= 2147483647",
    "Float": "{again} if {first}.__class__ is float and {again} - {again} == 0.0",
    "Boolean": "{again} if ({first}) is True or {again} is False",
}
Objects = Mapping[str, ObjectSelection]


class Generator:
    """Generates the functions of one plan. `cards` lists the selections whose bytes are kept, by position in the run."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema, self.lines = schema, list[str]()
        self.namespace: dict[str, Any] = {
            "Declined": Declined,
            "DirectoryError": DirectoryError,
            "Undefined": Undefined,
            "read_list": _read_list,
        }
        self.names: dict[Any, str] = {}
        self.arguments: dict[Any, int] = {}
        self.cards: list[ObjectSelection] = []

    @property
    def struct_count(self) -> int:
        """The number of different structs that the functions build."""
        return sum(isinstance(key, tuple) and key[0] == "struct" for key in self.names)

    def generate(self, root: ObjectSelection) -> Callable[[Any, Any], msgspec.Struct]:
        """Return the function that answers the whole operation."""
        self._write_root(root)
        exec(compile("\n".join(self.lines), "<plan>", "exec"), self.namespace)  # noqa: S102 - names from the schema only
        for position, selection in enumerate(self.cards):
            name = self.names[selection]
            build = self.namespace[f"{name}_card"]
            self.namespace[name] = wrap_card(build, position)
        answer: Callable[[Any, Any], msgspec.Struct] = self.namespace["answer"]
        return answer

    def _write_root(self, root: ObjectSelection) -> None:
        """Write the function of the root. A nullable field that is refused with a code becomes null and notes the refusal."""
        body = ["def answer(root, run):", f"    run.left -= {len(root.fields)}"]
        for number, field in enumerate(root.fields):
            value = f"v{number}"
            if field.resolver is None:
                body.append(f"    {value} = {root.type.name!r}")
                continue
            body.append("    run.check_clocks()")
            if is_non_null_type(field.definition.type):
                body.append(f"    {value} = {self._read(field)}")
            else:
                body += ["    try:", f"        {value} = {self._read(field)}"]
                body += ["    except DirectoryError as refusal:", f"        {value} = run.refuse({number}, refusal)"]
            if field.resolver.keeps:
                keeps = self._add("k", field.resolver.keeps)
                body.append(f"    run.may_keep = run.may_keep and {value} is not None and {keeps}({value})")
            body.append(f"    {value} = {self._complete(field.definition.type, field.objects, value, value)}")
        values = ", ".join(f"v{number}" for number in range(len(root.fields)))
        body.append(f"    return {self._name_struct(root)}({values})")
        self.lines += body

    def _name_object(self, selection: ObjectSelection) -> str:
        """Return the name of the function that answers an object, and write it if it is new."""
        if selection not in self.names:
            name = self.names[selection] = f"o{len(self.names)}"
            is_card = self._is_card(selection)
            if is_card:
                self.cards.append(selection)
            self._write_object(f"{name}_card" if is_card else name, selection)
        return self.names[selection]

    def _is_card(self, selection: ObjectSelection) -> bool:
        return bool(selection.type.extensions.get(CARD_KEY)) and selection.depends_on < Dependence.REQUEST

    def _write_object(self, name: str, selection: ObjectSelection) -> None:
        values = [self._write_value(selection, field) for field in selection.fields]
        body = [
            f"def {name}(root, run):",
            "    if root is None or root is Undefined or isinstance(root, Exception): raise Declined",
            f"    run.left -= {len(values)}",
            "    if run.left < 0: run.renew()",
        ]
        if selection.type.is_type_of:
            body.append(f"    if not {self._add('t', selection.type.is_type_of)}(root, run): raise Declined")
        body.append(f"    return {self._name_struct(selection)}({', '.join(values)})")
        self.lines += body

    def _write_value(self, selection: ObjectSelection, field: FieldSelection) -> str:
        if field.resolver is None:
            return repr(selection.type.name)
        return self._complete(field.definition.type, field.objects, f"(v := {self._read(field)})", "v")

    def _read(self, field: FieldSelection) -> str:
        """Return the expression that reads a field of `root`."""
        resolver, arguments = field.resolver, field.arguments
        assert resolver and arguments  # noqa: S101, PT018 - not __typename
        if resolver.function is None:
            return f"root.{resolver.attribute}"
        passed = ["root"] * resolver.takes_record + ["run"] * resolver.takes_info
        if arguments.constants is None:
            number = self.arguments.setdefault(arguments, len(self.arguments))
            passed.append(f"**run.arguments[{number}]")
        else:
            passed += [f"{name}={self._add('k', value)}" for name, value in arguments.constants.items()]
        return f"{self._add('r', resolver.function)}({', '.join(passed)})"

    def _complete(self, kind: GraphQLOutputType, objects: Objects, first: str, again: str) -> str:
        """Return the expression that completes a value as graphql-core does.

        `first` is the expression of the value where it is evaluated first, `again` the variable that then holds it.
        """
        if not is_non_null_type(kind):
            return f"None if {first} is None else {self._complete_present(kind, objects, again, again)}"
        return self._complete_present(kind.of_type, objects, first, again)

    def _complete_present(self, kind: Any, objects: Objects, first: str, again: str) -> str:
        if is_list_type(kind):
            return f"{self._name_list(kind, objects)}({first}, run)"
        if is_leaf_type(kind):
            return self._complete_leaf(kind, first, again)
        if is_abstract_type(kind):
            return f"{self._name_abstract(kind, objects)}({first}, run)"
        return f"{self._name_object(objects[kind.name])}({first}, run)"

    def _complete_leaf(self, kind: GraphQLNamedType, first: str, again: str) -> str:
        if isinstance(kind, GraphQLEnumType):
            names = self._add("e", _list_enum_names(kind), key=("enum", kind.name))
            return f"({names}.get({first}) or {self._name_leaf(kind)}({again}))"
        check = _FAST_CHECKS.get(kind.name)
        if check is None:
            return f"{self._name_leaf(kind)}({first})"
        return f"({check.format(first=first, again=again)} else {self._name_leaf(kind)}({again}))"

    def _name_leaf(self, kind: Any) -> str:
        return self._add("s", _build_serializer(kind), key=("leaf", kind.name))

    def _name_list(self, kind: Any, objects: Objects) -> str:
        key = ("list", str(kind), tuple(map(id, objects.values())))
        if key not in self.names:
            name = self.names[key] = f"l{len(self.names)}"
            item = self._complete(kind.of_type, objects, "x", "x")
            self.lines += [
                f"def {name}(xs, run):",
                "    if xs.__class__ is not list and xs.__class__ is not tuple: xs = read_list(xs)",
                f"    return [{item} for x in xs]",
            ]
        return self.names[key]

    def _name_abstract(self, kind: Any, objects: Objects) -> str:
        key = ("abstract", kind.name, tuple(map(id, objects.values())))
        if key not in self.names:
            name = self.names[key] = f"a{len(self.names)}"
            functions = ", ".join(f"{type_name!r}: {self._name_object(each)}" for type_name, each in objects.items())
            resolve = self._add("t", _build_type_resolver(self.schema, kind))
            self.lines += [f"def {name}(x, run):", f"    return {{{functions}}}[{resolve}(x, run)](x, run)"]
        return self.names[key]

    def _name_struct(self, selection: ObjectSelection) -> str:
        keys = tuple(field.key for field in selection.fields)
        return self._add("S", _find_struct(keys), key=("struct", keys))

    def _add(self, prefix: str, value: Any, key: Any = None) -> str:
        """Return the name of a value in the namespace of the generated functions."""
        key = (prefix, id(value)) if key is None else key
        if key not in self.names:
            self.names[key] = f"{prefix}{len(self.names)}"
            self.namespace[self.names[key]] = value
        return self.names[key]


_structs: "WeakValueDictionary[tuple[str, ...], type[msgspec.Struct]]" = WeakValueDictionary()


def _find_struct(keys: tuple[str, ...]) -> type[msgspec.Struct]:
    """Return the struct that is encoded as an object with these keys. Plans share it, as a class takes several kilobytes."""
    struct = _structs.get(keys)
    if struct is None:
        names = [f"f{number}" for number in range(len(keys))]
        struct = msgspec.defstruct("Selected", names, rename=dict(zip(names, keys, strict=True)), gc=False)
        _structs[keys] = struct
    return struct


def _list_enum_names(kind: GraphQLEnumType) -> dict[Any, str]:
    """Return the names of an enum by its values, which are Python members for a Strawberry enum."""
    members = getattr(kind, "wrapped_cls", None)
    values = [value.value for value in kind.values.values()]
    return {each: kind.coerce_output_value(each) for value in values for each in ([members(value)] if members else [value])}


def _build_serializer(kind: Any) -> Callable[[Any], Any]:
    def serialize(value: Any) -> Any:
        if value is None or value is Undefined or isinstance(value, Exception):
            raise Declined
        serialized = kind.coerce_output_value(value)
        if serialized is None or serialized is Undefined:
            raise Declined
        return serialized

    return serialize


def _build_type_resolver(schema: GraphQLSchema, kind: Any) -> Callable[[Any, Any], str]:
    possible = schema.get_possible_types(kind)

    def resolve(value: Any, run: Any) -> str:
        if value is None or value is Undefined or isinstance(value, Exception):
            raise Declined
        if kind.resolve_type:
            name: str = kind.resolve_type(value, run, kind)
            return name
        return next(each.name for each in possible if each.is_type_of and each.is_type_of(value, run))

    return resolve


def _read_list(value: Any) -> list[Any]:
    if not is_iterable(value) or isinstance(value, Exception):
        raise Declined
    return list(value)
