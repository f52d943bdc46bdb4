"""Find the places of a source file that can be mutated, and apply one mutation to its syntax tree.

Nothing is written to disk: `apply_mutation` returns a tree to compile. Code without observable effects is left out: annotations,
docstrings and other texts, log calls, assertions, messages of errors, type aliases, and arguments that change only speed.
"""

import ast
import copy
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

LOGGERS = {"log", "logger", "_log", "LOG", "warnings"}
SPEED_ARGUMENTS = {"maxsize", "yield_per", "chunksize", "batch_size", "stacklevel", "gc"}
CHECKED_ARGUMENTS = {"frozen"}  # the type checker reports the difference
KEY_ARGUMENTS = {"autoincrement"}  # of a column: every insert states the key
CACHES = {"cache", "lru_cache", "cached_property"}
TYPE_CHECKS = {"isinstance", "issubclass", "cast", "TypeVar", "NewType"}
TEXTS = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp)  # subtracting one always fails
LONGEST_TEXT = 90

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SWAPPED_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


class Mutation(Struct, frozen=True):
    """One change to one place. `number` identifies it among all mutations of the same source."""

    path: str
    function: str  # the qualified name of the function or class around it, "" at module level
    line: int
    first_line: int  # of the statement around it: the lines from there to `line` run together
    number: int
    kind: str
    before: str
    after: str


class _NodeSlot(NamedTuple):
    """Where a replacement goes: a field of `owner`, or one element of a list held there."""

    owner: ast.AST
    field: str
    position: int | None
    scope: tuple[str, ...]
    statement_line: int


class _NodeEdit(NamedTuple):
    place: _NodeSlot
    kind: str
    before: ast.AST
    after: ast.AST


def find_mutations(path: str, source: str) -> list[Mutation]:
    """Return all mutations of a file in the order of its syntax tree. `path` is only stored in them."""
    return [
        Mutation(
            path,
            ".".join(edit.place.scope),
            line := getattr(edit.before, "lineno", edit.place.statement_line),
            min(line, edit.place.statement_line),
            number,
            edit.kind,
            _shorten(edit.before),
            _shorten(edit.after),
        )
        for number, edit in enumerate(_find_edits(ast.parse(source)))
    ]


def apply_mutation(source: str, number: int) -> ast.Module:
    """Return the syntax tree of the file with this mutation. Line numbers do not change."""
    tree = ast.parse(source)
    edit = next(edit for position, edit in enumerate(_find_edits(tree)) if position == number)
    owner, field, position, *_ = edit.place
    new = ast.copy_location(edit.after, edit.before)
    if position is None:
        setattr(owner, field, new)
    else:
        getattr(owner, field)[position] = new
    return ast.fix_missing_locations(tree)


def _shorten(node: ast.AST) -> str:
    return textwrap.shorten(ast.unparse(node), LONGEST_TEXT, placeholder=" …")


def _find_edits(tree: ast.Module) -> Iterator[_NodeEdit]:
    speed = set(_find_speed_constants(tree))
    for field, position, child in _list_children(tree):
        if not (isinstance(child, ast.Assign) and speed & {ast.unparse(target) for target in child.targets}):
            yield from _find_edits_in(_NodeSlot(tree, field, position, (), 0), child)


def _find_speed_constants(tree: ast.Module) -> Iterator[str]:
    """Yield the names of constants that only set the size of a cache or a batch."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in SPEED_ARGUMENTS and isinstance(node.value, ast.Name):
            yield node.value.id


def _find_edits_in(place: _NodeSlot, child: ast.AST) -> Iterator[_NodeEdit]:
    """Yield the edits of the node at this place, then of everything inside it."""
    if _is_unobservable(place.owner, place.field, child, place.scope):
        return
    line = child.lineno if isinstance(child, ast.stmt) else place.statement_line
    for kind, after in _list_alternatives(place.owner, place.field, child):
        yield _NodeEdit(place._replace(statement_line=line), kind, child, after)
    scope = place.scope
    if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        scope = (*scope, child.name)
    for field, position, inner in _list_children(child):
        yield from _find_edits_in(_NodeSlot(child, field, position, scope, line), inner)


def _list_children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            yield field, None, value
        elif isinstance(value, list):
            yield from ((field, index, item) for index, item in enumerate(value) if isinstance(item, ast.AST))


def _is_unobservable(owner: ast.AST, field: str, child: ast.AST, scope: tuple[str, ...]) -> bool:
    match child:
        case ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if name in LOGGERS:
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) if name in LOGGERS:
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Compare(left=ast.Name(id="__name__"))):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) if name.startswith("__"):
            return True
        case ast.keyword(arg=name) if name in SPEED_ARGUMENTS | CHECKED_ARGUMENTS | KEY_ARGUMENTS:
            return True
        case ast.keyword(arg="strict"):
            return _find_call_name(owner) == "zip"  # an assertion that the lengths are equal
        case ast.BinOp(op=ast.BitOr()) if not scope and not isinstance(owner, ast.Call):
            return True  # a type alias
        case ast.JoinedStr():
            return isinstance(owner, ast.Raise) or _is_message(owner)
    return field in ("annotation", "returns", "type_params") or (field == "decorator_list" and _find_call_name(child) in CACHES)


def _is_message(owner: ast.AST) -> bool:
    """Return whether this call creates an error: its message is not tested."""
    return isinstance(owner, ast.Call) and _find_call_name(owner).endswith(("Error", "Input", "Refusal", "Problem"))


def _find_call_name(node: ast.AST) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    return target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""


def _list_alternatives(owner: ast.AST, field: str, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if field == "test" and isinstance(owner, ast.If | ast.IfExp):
        yield from (("condition", ast.Constant(value)) for value in (True, False))
    elif field == "test" and isinstance(owner, ast.While):
        yield "condition", ast.Constant(False)
    elif (field == "ifs" and isinstance(owner, ast.comprehension)) or (field == "guard" and isinstance(owner, ast.match_case)):
        yield "condition", ast.Constant(True)
    yield from _list_statement_alternatives(node) if isinstance(node, ast.stmt) else _list_expression_alternatives(owner, node)


def _list_statement_alternatives(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and not value.value):
            yield "return value", ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign() | ast.Delete():
            yield "dropped statement", ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield "dropped statement", ast.Pass()
        case ast.Continue():
            yield "loop", ast.Break()
        case ast.Break():
            yield "loop", ast.Continue()


def _list_expression_alternatives(owner: ast.AST, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(ops=ops):
            for index, op in enumerate(ops):
                new_ops = [*ops[:index], COMPARISONS[type(op)](), *ops[index + 1 :]]
                yield "comparison", ast.Compare(node.left, new_ops, node.comparators)
        case ast.BoolOp(op=ast.And()):
            yield "and/or", ast.BoolOp(ast.Or(), node.values)
        case ast.BoolOp(op=ast.Or()):
            yield "and/or", ast.BoolOp(ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not()):
            yield "not removed", node.operand
        case ast.BinOp(op=op) if type(op) in OPERATORS and not _is_text(node) and _find_call_name(owner) not in TYPE_CHECKS:
            yield "arithmetic", ast.BinOp(node.left, OPERATORS[type(op)](), node.right)
        case ast.Constant(value=bool() as value):
            yield "constant", ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield "constant", ast.Constant(value + 1)
        case ast.Call(func=ast.Name(id=name)) if name in SWAPPED_CALLS:
            yield "call", ast.Call(ast.Name(SWAPPED_CALLS[name], ast.Load()), node.args, node.keywords)
        case ast.Call(keywords=keywords) if _find_call_name(node) in ("sorted", "sort", "min", "max"):
            rest = [keyword for keyword in keywords if keyword.arg != "key"]
            if len(rest) < len(keywords):
                yield "key dropped", ast.Call(copy.copy(node.func), node.args, rest)


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, TEXTS) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )
