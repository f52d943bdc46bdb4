"""The value of an argument as its price needs it: in JSON, with the values of the request in place of variables and literals."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import EnumValueNode, ListValueNode, NullValueNode, ObjectValueNode, ValueNode
from msgspec import Struct

from schema.fields import InputPrice

PRESENT = True  # a value that is set, of which nothing else is known
MAX_LEVELS = 12  # of lists and objects in a value; those that are nested deeper are refused whatever they cost


class RequestValue(Struct, frozen=True):
    """A place in a value that a variable or a literal of the request fills."""

    name: str


def build_template(node: ValueNode | None, find_name: Callable[[ValueNode | None], str | None]) -> Any:
    """Return a value of a document as in JSON, with RequestValue for its variables and literals. None for no value.

    `find_name` returns the name of the value of a variable or literal; None for other values.
    """
    name = find_name(node)
    if name is not None:
        return RequestValue(name)
    if isinstance(node, ListValueNode):
        return [build_template(item, find_name) for item in node.values]
    if isinstance(node, ObjectValueNode):
        return {field.name.value: build_template(field.value, find_name) for field in node.fields}
    if isinstance(node, EnumValueNode):
        return node.value
    return None if node is None or isinstance(node, NullValueNode) else PRESENT


def fill_template(template: Any, values: Mapping[str, Any], level: int = 0) -> Any:
    """Return the value with those of a request. What is nested too deep is left out."""
    if isinstance(template, RequestValue):
        template = values.get(template.name)
    if not isinstance(template, list | dict):
        return template
    if level == MAX_LEVELS:
        return PRESENT
    if isinstance(template, list):
        return [fill_template(item, values, level + 1) for item in template]
    return {key: fill_template(item, values, level + 1) for key, item in template.items()}


class VariableInput(Struct, frozen=True):
    """The points for a value of a request."""

    template: Any
    price: InputPrice
    size_name: str  # of the size of the directory among the values

    def evaluate(self, values: Mapping[str, Any]) -> float:
        value = fill_template(self.template, values)
        return 0.0 if value is None else self.price.compute(value, values.get(self.size_name, 0.0))
