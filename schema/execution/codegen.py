"""Generate the Python functions that answer a selection. Each takes an object and the run, and returns what msgspec encodes.

The source is built from names in the schema only; names from the document become fields of generated structs. A function either
returns the same data as graphql-core, or raises: the engine then has graphql-core execute the request.
"""

from collections.abc import Callable, Mapping
from keyword import iskeyword
from typing import Any

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from directory.errors import DirectoryError
from schema.errors import DeclinedError
from schema.execution.cards import wrap_card
from schema.execution.completion import (
    accept_class,
    accept_items,
    accept_record,
    build_serializer,
    build_type_resolver,
    find_struct,
    list_enum_names,
    read_list,
)
from schema.execution.selections import FieldSelection, ObjectSelection
from schema.fields import CARD_KEY, CLASS_KEY, Dependence, Resolver

_FAST_CHECKS = {  # of values that need no conversion, by scalar: {first} is the expression, {again} the variable that holds it
    "String": "{again} if {first}.__class__ is str",
    "ID": "{again} if {first}.__class__ is str",
    "Int": "{again} if {first}.__class__ is int and -2147483648 <= {again} <= 2147483647",
    "Float": "{again} if {first}.__class__ is float and {again} - {again} == 0.0",
    "Boolean": "{again} if ({first}) is True or {again} is False",
}
INLINE_DEPTH = 2  # how deep small objects are built within the expression of another object
Objects = Mapping[str, ObjectSelection]


class Generator:
    """Generates the functions of one plan. `cards` lists the selections whose bytes are kept, by position in the run."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema, self.lines = schema, list[str]()
        self.namespace: dict[str, Any] = {
            "DeclinedError": DeclinedError,
            "DirectoryError": DirectoryError,
            "accept_class": accept_class,
            "accept_items": accept_items,
            "accept_record": accept_record,
            "read_list": read_list,
        }
        self.names: dict[Any, str] = {}
        self.arguments: dict[Any, int] = {}
        self.cards: list[ObjectSelection] = []
        self.built_fields = 0  # by the expression that is being written

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
            self.namespace[name] = wrap_card(build, position, selection.type.extensions[CARD_KEY])
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
            body.append("    run.check_time()")
            if is_non_null_type(field.definition.type):
                body.append(f"    {value} = {self._read(field, 'root')}")
            else:
                body += ["    try:", f"        {value} = {self._read(field, 'root')}"]
                body += ["    except DirectoryError as refusal:", f"        {value} = run.refuse({number}, refusal)"]
            if field.resolver.keeps:
                keeps = self._add("k", field.resolver.keeps)
                body.append(f"    run.may_keep = run.may_keep and {value} is not None and {keeps}({value})")
            self.built_fields = 0
            body.append(f"    {value} = {self._complete(field.definition.type, field.objects, value, value)}")
            body.append(f"    run.left -= {self.built_fields}")
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
        built, count = self._build_and_count(selection, "root", "v")
        self.lines += [
            f"def {name}(root, run):",
            *self._check_object(selection.type),
            f"    run.left -= {count}",
            "    if run.left < 0: run.renew()",
            f"    return {built}",
        ]

    def _check_object(self, kind: GraphQLObjectType) -> list[str]:
        """Return the lines that check that `root` is an object of this type."""
        record_class, is_type_of = kind.extensions.get(CLASS_KEY), kind.is_type_of
        if not is_type_of:
            known = self._add("c", [None])  # the class that was accepted last
            return [f"    if root.__class__ is not {known}[0]: {known}[0] = accept_class(root)"]
        check = f"accept_record(root, {self._add('t', is_type_of)}, run)"
        return [f"    if root.__class__ is not {self._add('c', record_class)}: {check}" if record_class else f"    {check}"]

    def _build_and_count(self, selection: ObjectSelection, record: str, variable: str) -> tuple[str, int]:
        """Return the expression that builds an object, and the number of fields that it builds."""
        outer, self.built_fields = self.built_fields, 0
        built = self._build_object(selection, record, record, variable)
        count, self.built_fields = self.built_fields, outer
        return built, count

    def _build_object(self, selection: ObjectSelection, first: str, again: str, variable: str) -> str:
        """Return the expression that builds the struct of an object.

        `first` and `again` are as for `_complete`; `variable` takes the values of its fields.
        """
        self.built_fields += len(selection.fields)
        values = []
        for field in selection.fields:
            if field.resolver is None:
                values.append(repr(selection.type.name))
                continue
            value = f"({variable} := {self._read(field, first)})"
            values.append(self._complete(field.definition.type, field.objects, value, variable))
            first = again
        return f"{self._name_struct(selection)}({', '.join(values)})"

    def _read(self, field: FieldSelection, record: str) -> str:
        """Return the expression that reads a field of a record, which is an expression too."""
        resolver = field.resolver
        assert resolver  # noqa: S101 - not __typename
        value = f"{record}.{resolver.attribute}" if resolver.function is None else self._call(field, resolver, record)
        return f"(run.check_time() or {value})" if resolver.is_costly else value

    def _call(self, field: FieldSelection, resolver: Resolver, record: str) -> str:
        """Return the expression that calls a resolver."""
        arguments = field.arguments
        assert arguments  # noqa: S101 - not __typename
        passed = [record] * resolver.takes_record + ["run"] * resolver.takes_info
        if arguments.constants is None:
            number = self.arguments.setdefault(arguments, len(self.arguments))
            passed.append(f"**run.arguments[{number}]")
        elif any(map(iskeyword, arguments.constants)):
            passed.append(f"**{self._add('k', arguments.constants)}")
        else:
            passed += [f"{name}={self._add('k', value)}" for name, value in arguments.constants.items()]
        return f"{self._add('r', resolver.function)}({', '.join(passed)})"

    def _complete(self, kind: GraphQLOutputType, objects: Objects, first: str, again: str) -> str:
        """Return the expression that completes a value as graphql-core does.

        `first` is the expression of the value where it is evaluated first, `again` the variable that then holds it.
        """
        if not is_non_null_type(kind):
            return f"None if {first} is None else {self._complete_present(kind, objects, again, again)}"
        item = objects.get(kind.of_type.name) if is_object_type(kind.of_type) else None
        if item and _is_small(item) and not item.type.is_type_of and len(again) <= INLINE_DEPTH:
            return self._build_object(item, first, again, again + "v")
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
            names = self._add("e", list_enum_names(kind), key=("enum", kind.name))
            return f"({names}.get({first}) or {self._name_leaf(kind)}({again}))"
        check = _FAST_CHECKS.get(kind.name)
        if check is None:
            return f"{self._name_leaf(kind)}({first})"
        return f"({check.format(first=first, again=again)} else {self._name_leaf(kind)}({again}))"

    def _name_leaf(self, kind: Any) -> str:
        return self._add("s", build_serializer(kind), key=("leaf", kind.name))

    def _name_list(self, kind: Any, objects: Objects) -> str:
        key = ("list", str(kind), tuple(map(id, objects.values())))
        if key not in self.names:
            name = self.names[key] = f"l{len(self.names)}"
            self.lines += [
                f"def {name}(xs, run):",
                "    if xs.__class__ is not list and xs.__class__ is not tuple: xs = read_list(xs)",
                *self._write_items(kind.of_type, objects),
            ]
        return self.names[key]

    def _write_items(self, kind: Any, objects: Objects) -> list[str]:
        """Return the lines that complete the items of a list. Small objects are checked and counted all at once."""
        item = objects.get(kind.of_type.name) if is_non_null_type(kind) and is_object_type(kind.of_type) else None
        if item is None or not _is_small(item):
            return [f"    return [{self._complete(kind, objects, 'x', 'x')} for x in xs]"]
        built, count = self._build_and_count(item, "x", "v")
        known = self._add("c", item.type.extensions.get(CLASS_KEY))
        check = [f"    accept_items(xs, {known})", f"    run.left -= {count} * len(xs)", "    if run.left < 0: run.renew()"]
        return [*check, f"    return [{built} for x in xs]"]

    def _name_abstract(self, kind: Any, objects: Objects) -> str:
        key = ("abstract", kind.name, tuple(map(id, objects.values())))
        if key not in self.names:
            name = self.names[key] = f"a{len(self.names)}"
            functions = ", ".join(f"{type_name!r}: {self._name_object(each)}" for type_name, each in objects.items())
            resolve = self._add("t", build_type_resolver(self.schema, kind))
            self.lines += [f"def {name}(x, run):", f"    return {{{functions}}}[{resolve}(x, run)](x, run)"]
        return self.names[key]

    def _name_struct(self, selection: ObjectSelection) -> str:
        keys = tuple(field.key for field in selection.fields)
        return self._add("S", find_struct(keys), key=("struct", keys))

    def _add(self, prefix: str, value: Any, key: Any = None) -> str:
        """Return the name of a value in the namespace of the generated functions."""
        key = (prefix, id(value)) if key is None else key
        if key not in self.names:
            self.names[key] = f"{prefix}{len(self.names)}"
            self.namespace[self.names[key]] = value
        return self.names[key]


def _is_small(selection: ObjectSelection) -> bool:
    """Return whether an object can be built where it is read: reading its attributes fails for anything else."""
    extensions = selection.type.extensions
    if CARD_KEY in extensions or (selection.type.is_type_of and CLASS_KEY not in extensions):
        return False
    resolvers = [field.resolver for field in selection.fields]
    return bool(resolvers) and all(each is not None and each.function is None for each in resolvers)
