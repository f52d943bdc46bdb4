"""Generate documents over our schema with everything that a document can have, and variables to send with them."""

from dataclasses import replace
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    NameNode,
    SelectionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Undefined,
    VariableNode,
    Visitor,
    parse,
    parse_value,
    print_ast,
    visit,
)

from benchmarks.costs.document_generator import DocumentWriter, TextGenerator
from schema.schema import SCHEMA
from tests.schema.execution.documents.selection_variation import SelectionVariation
from tests.schema.execution.documents.variable_variation import Values, VariableVariation, VariedVariable

OPERATION = "Generated"
OTHER_OPERATION = "query Other($c0: Boolean!) { network { name @skip(if: $c0) } }"
PAGE_SIZES = ("1", "2", "7", "null", "0")  # literals


class VariedDocument:
    """A document, valid in four of five cases. `draw` returns new variables for it.

    Its root pages ask for their cursors. After `take_cursors`, the next variables ask for the pages after or before them.
    """

    def __init__(self, vocabulary: TextGenerator) -> None:
        self.random = vocabulary.random
        self._variables = VariableVariation(self.random)
        self._page_cursors: dict[str, tuple[str, str]] = {}  # variable -> key of the page, and field of its pageInfo
        self._cursors: dict[str, str] = {}  # by variable
        self.text = self._write(vocabulary)

    def draw(self) -> Values:
        drawn = {name: variable.draw() for name, variable in self._variables.variables.items()}
        return {name: value for name, value in drawn.items() if value is not Undefined}

    def take_cursors(self, data: Values | None) -> Values:
        """Return variables that ask for the next pages; {} if the answer has none."""
        cursors = {
            variable: cursor
            for variable, (key, end) in self._page_cursors.items()
            if (cursor := (((data or {}).get(key) or {}).get("pageInfo") or {}).get(end))
        }
        self._cursors |= cursors
        return cursors

    def _write(self, vocabulary: TextGenerator) -> str:
        writer = DocumentWriter(vocabulary)
        arguments = _ArgumentVariation(self._variables, writer, type_info := TypeInfo(SCHEMA))
        document = visit(parse(writer.write().text), TypeInfoVisitor(type_info, arguments))
        assert SCHEMA.query_type
        pages = self._add_paging(document.definitions[0].selection_set)
        selections = SelectionVariation(self.random, self._variables)
        root = selections.vary(SCHEMA.query_type, pages, is_root=True)
        headings = ", ".join(variable.heading for variable in self._variables.variables.values())
        parts = [f"query {OPERATION}{f'({headings})' if headings else ''} {print_ast(root)}"]
        parts += map(print_ast, selections.fragments.values())
        return "\n".join([*parts, OTHER_OPERATION] if self.random.random() < 0.1 else parts)

    def _add_paging(self, root: SelectionSetNode) -> SelectionSetNode:
        """Let each page of the root start after a cursor, or end before one."""
        return SelectionSetNode(selections=tuple(map(self._add_cursor, root.selections, range(len(root.selections)))))

    def _add_cursor(self, node: SelectionNode, number: int) -> SelectionNode:
        assert SCHEMA.query_type
        assert isinstance(node, FieldNode)
        possible = SCHEMA.query_type.fields[node.name.value].args
        if "after" not in possible:
            return node
        assert node.selection_set
        backward = "before" in possible and self.random.random() < 0.3
        arguments = [each for each in node.arguments or () if not backward or each.name.value != "first"]
        if backward:
            arguments.append(_build_argument("last", parse_value(self.random.choice(PAGE_SIZES))))
        arguments.append(self._build_cursor_argument("before" if backward else "after", f"page{number}"))
        return replace(
            node,
            alias=NameNode(value=f"page{number}"),
            arguments=tuple(arguments),
            selection_set=SelectionSetNode(selections=(*node.selection_set.selections, _PAGE_INFO)),
        )

    def _build_cursor_argument(self, argument: str, page: str) -> ArgumentNode:
        variable = f"{page}{argument}"
        self._page_cursors[variable] = page, "startCursor" if argument == "before" else "endCursor"

        def draw() -> Any:
            return self._cursors.get(variable, "nothing" if self.random.random() < 0.04 else Undefined)

        self._variables.variables[variable] = VariedVariable(f"${variable}: String", draw)
        return _build_argument(argument, VariableNode(name=NameNode(value=variable)))


class _ArgumentVariation(Visitor):
    """Declares the variables of a document that DocumentWriter wrote, or replaces them with literals."""

    def __init__(self, variables: VariableVariation, writer: DocumentWriter, type_info: TypeInfo) -> None:
        super().__init__()
        self._variables, self._writer, self._type_info = variables, writer, type_info

    def enter_argument(self, node: ArgumentNode, *_: Any) -> ArgumentNode | None:
        assert isinstance(node.value, VariableNode)
        name = node.value.name.value
        kind, argument_name = self._writer.variables[name]
        if self._variables.random.random() < 0.4:
            value = self._writer.generate_value(kind, argument_name)
            return _build_argument(node.name.value, self._variables.build_literal(kind, value))
        argument = self._type_info.get_argument()
        has_default = argument is not None and argument.default_value is not Undefined
        self._variables.declare(name, kind, lambda: self._writer.generate_value(kind, argument_name), has_default=has_default)
        return None


def _build_argument(name: str, value: Any) -> ArgumentNode:
    return ArgumentNode(name=NameNode(value=name), value=value)


_PAGE_INFO = FieldNode(
    name=NameNode(value="pageInfo"),
    selection_set=SelectionSetNode(
        selections=tuple(FieldNode(name=NameNode(value=name)) for name in ("startCursor", "endCursor"))
    ),
)
