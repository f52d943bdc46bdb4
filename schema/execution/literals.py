"""Take the literals out of the text of a document, so that a plan can be cached by what remains.

A cache hit is faster than a miss. If the key contained the literals, that would reveal which words, slugs or coordinates other
people have searched for. With them taken out, requests that differ only in literals also share one plan.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FloatValueNode,
    GraphQLSyntaxError,
    IntValueNode,
    Lexer,
    ListValueNode,
    Node,
    ObjectValueNode,
    Source,
    SourceLocation,
    StringValueNode,
    ValueNode,
    get_location,
)

from schema.errors import DeclinedError

LiteralNumbers: TypeAlias = Mapping[int, int]  # the number of each literal by its offset in the text
PLACEHOLDERS = {"string": ' "" ', "float": " 0.0 ", "integer": " 0 "}  # the spaces keep adjacent tokens apart
LITERAL_NODES = (StringValueNode, IntValueNode, FloatValueNode)
PAGE_SIZE_NAMES = ("first", "last", "limit")
PAGE_SIZE_DIGITS = 4

_ESCAPE = r"""\\(?:
    ["\\/bfnrt]
    | u(?i: [0-9a-cef][0-9a-f]{3} | d[0-7][0-9a-f]{2} )
    | u(?i: d[89ab][0-9a-f]{2} )\\u(?i: d[c-f][0-9a-f]{2} )
    | u\{(?i: (?=[0-9a-f]{1,8}\}) 0*+(?: 10[0-9a-f]{4} | [1-9a-f][0-9a-f]{4} | (?!d[89a-f][0-9a-f]{2}\})[0-9a-f]{0,4} ) )\}
)"""
_INTEGER = "-?(?:0|[1-9][0-9]*+)"
_EXPONENT = "[eE][+-]?[0-9]++"
_NO_NUMBER = "(?![0-9A-Za-z_.])"  # a number ends before these, or it is an error
# Each match starts where the last one ended, so it takes linear time. After a token that the lexer of graphql-core refuses,
# the rest is one match: it stays in the key, which the lexer then refuses as well.
_NEXT_LITERAL = re.compile(
    rf'''
    (?: [^"\#\-0-9]++ | (?<=[A-Za-z0-9_])[0-9]++ | \#[^\n\r]*+ )*+
    (?:
        (?P<string>
            """(?: [^"\\\ud800-\udfff]++ | "(?!"") | \\(?:""")?+ )*+"""
            | "(?!"")(?: [^"\\\n\r\ud800-\udfff]++ | {_ESCAPE} )*+"
        )
        | (?P<float> {_INTEGER}(?:\.[0-9]++(?:{_EXPONENT})?+|{_EXPONENT}) ){_NO_NUMBER}
        | (?P<integer> {_INTEGER} ){_NO_NUMBER}
        | [\s\S]*+
    )
    ''',
    re.VERBOSE,
)


class Literal(NamedTuple):
    """A literal as written, with its offset in the text, and its value; None if graphql-core has to read it."""

    raw: str
    offset: int
    value: str | int | float | None


class DocumentText(NamedTuple):
    """A document with its literals taken out.

    `key` is the text with a placeholder of the same kind for each literal. The lexer refuses it exactly if it refuses `text`.
    `literals` are the strings and numbers in the order of the text, except page sizes, which stay in the key.
    """

    text: str
    key: str
    literals: tuple[Literal, ...]

    def number_literals(self) -> LiteralNumbers:
        """Return the number of each literal by its offset, which is the `loc.start` of its node."""
        return {literal.offset: number for number, literal in enumerate(self.literals)}

    def read_values(self) -> list[str | int | float]:
        """Return the values of the literals. Raises DeclinedError if graphql-core has to read one."""
        values = [literal.value for literal in self.literals if literal.value is not None]
        if len(values) < len(self.literals):
            raise DeclinedError
        return values

    def find_key_offset(self, offset: int) -> int:
        """Return where an offset in the text is in the key; for an offset within a literal, where its placeholder starts."""
        shift = 0
        for raw, start, _ in self.literals:
            if start + len(raw) > offset:
                return min(offset, start) + shift
            shift += len(_find_placeholder(raw)) - len(raw)
        return offset + shift

    def locate(self, key_offset: int) -> SourceLocation:
        """Return the line and column in the text of an offset in the key."""
        shift = 0
        for raw, start, _ in self.literals:
            if start + shift + len(_find_placeholder(raw)) > key_offset:
                return get_location(Source(self.text), min(key_offset - shift, start))
            shift += len(_find_placeholder(raw)) - len(raw)
        return get_location(Source(self.text), key_offset - shift)


def take_out_literals(text: str) -> DocumentText:
    """Return the document with its literals taken out. A text with no literals except page sizes is its own key."""
    parts: list[str] = []
    literals: list[Literal] = []
    end = 0
    for match in _NEXT_LITERAL.finditer(text):
        kind = match.lastgroup
        if kind is None:
            continue
        start, stop = match.span(kind)
        raw = match[kind]
        if kind == "integer" and _is_page_size(text, start, raw):
            continue
        parts += (text[end:start], PLACEHOLDERS[kind])
        literals.append(Literal(raw, start, _read_value(raw)))
        end = stop
    return DocumentText(text, "".join(parts) + text[end:] if parts else text, tuple(literals))


def list_equal_pairs(document: DocumentNode, numbers: LiteralNumbers) -> list[tuple[int, int]]:
    """Return pairs of literals that must be equal in every text with the same key for the document to remain valid.

    Fields with the same response key can be merged only if their arguments are equal. These pairs are the literals that are equal
    now, at the same position in the arguments of such fields, wherever these are.
    """
    pairs: list[tuple[int, int]] = []
    last_equal: dict[tuple[object, ...], int] = {}
    for field in _iterate_fields(document):
        for argument in field.arguments or ():
            for position, value in iterate_leaves(argument.value, (argument.name.value,)):
                number = numbers.get(value.loc.start) if value.loc else None
                if number is not None and isinstance(value, LITERAL_NODES):
                    key = ((field.alias or field.name).value, field.name.value, position, value.kind, value.value)
                    if key in last_equal:
                        pairs.append((last_equal[key], number))
                    last_equal[key] = number
    return pairs


def iterate_leaves(value: ValueNode, position: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], Any]]:
    """Yield the scalars in a value, each with its position: names of fields and indexes in lists."""
    if isinstance(value, ListValueNode):
        for index, item in enumerate(value.values):
            yield from iterate_leaves(item, (*position, index))
    elif isinstance(value, ObjectValueNode):
        for field in value.fields:
            yield from iterate_leaves(field.value, (*position, field.name.value))
    else:
        yield position, value


def _read_value(raw: str) -> str | int | float | None:
    """Return the value of a literal as graphql-core parses it.

    None if it is not valid, and for -0, which is a different value as an Int, a Float and an ID.
    """
    try:
        if raw.startswith('"'):
            is_plain = "\\" not in raw and not raw.startswith('"""')
            return raw[1:-1] if is_plain else Lexer(Source(raw)).advance().value or ""
        value = int(raw) if raw.lstrip("-").isdecimal() else float(raw)
    except (ValueError, GraphQLSyntaxError):
        return None
    return None if raw == "-0" else value


def _is_page_size(text: str, start: int, raw: str) -> bool:
    """Return whether a number is the value of an argument that limits the length of a list, which reveals nothing."""
    if len(raw) > PAGE_SIZE_DIGITS or raw.startswith("-"):
        return False
    before = text[max(0, start - 10) : start].rstrip()
    return before.endswith(":") and before[:-1].rstrip().endswith(PAGE_SIZE_NAMES)


def _find_placeholder(raw: str) -> str:
    if raw.startswith('"'):
        return PLACEHOLDERS["string"]
    return PLACEHOLDERS["integer" if raw.lstrip("-").isdecimal() else "float"]


def _iterate_fields(document: DocumentNode) -> Iterator[FieldNode]:
    pending: list[Node] = list(document.definitions)
    while pending:
        node = pending.pop()
        if isinstance(node, FieldNode):
            yield node
        selection_set = getattr(node, "selection_set", None)
        pending += selection_set.selections if selection_set else ()
