"""Collect every regular expression of the packages, with the methods that use it."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("directory", "schema", "seed", "web")
MODES = ("fullmatch", "match", "search", "sub")
MODE_OF = {"finditer": "sub", "findall": "sub", "split": "sub", "subn": "sub", "sub": "sub"}  # all go through the whole text
DIRECT = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")
CALL = re.compile(rf"\bre\.(?:compile|{'|'.join(DIRECT)})\b")
IMPORT = re.compile(r"^ *from \S+ import (\([^)]*\)|.*)", re.MULTILINE)


class UsedPattern(NamedTuple):
    """A pattern, its place in the source, and the modes it is used in."""

    place: str
    pattern: re.Pattern[Any]
    modes: tuple[str, ...]


def collect_patterns(paths: list[Path] | None = None) -> tuple[list[UsedPattern], list[str]]:
    """Return all patterns, and the places of those that cannot be evaluated with the names of their module."""
    trees = _parse_sources(paths or list_sources())
    uses = _find_uses(trees)
    patterns, missing = [], []
    for path, tree in trees.items():
        module = _module_name(path)
        names = vars(importlib.import_module(module))
        for call, target, method in _find_calls(tree):
            place = f"{path.relative_to(ROOT)}:{call.lineno}"
            try:
                pattern = _evaluate_pattern(call, names)
            except NameError:
                missing.append(place)
                continue
            patterns.append(UsedPattern(place, pattern, _find_modes(call, method, uses.get((module, target or "")))))
    return patterns, missing


def _parse_sources(paths: list[Path]) -> dict[Path, ast.Module]:
    """Parse the sources that call the module `re`, and those that import a pattern. Parsing all takes four times as long."""
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    trees = {path: ast.parse(text) for path, text in texts.items() if CALL.search(text)}
    names = {target for tree in trees.values() for _, target, _ in _find_calls(tree) if target}
    importing = [path for path, text in texts.items() if not names.isdisjoint(_list_imported_names(text))]
    return {path: trees.get(path) or ast.parse(texts[path]) for path in paths if path in {*trees, *importing}}


def _list_imported_names(text: str) -> list[str]:
    return [name for match in IMPORT.finditer(text) for name in re.findall(r"\w+", match[1])]


def list_sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts]


def _module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _find_calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str | None, str | None]]:
    """Yield calls of the module `re`, with the name that the result is assigned to, and the method called on it directly."""
    parents = _map_parents(tree)
    for node in parents:
        if isinstance(node, ast.Call) and _is_re(node.func, (*DIRECT, "compile")):
            parent = parents[node]
            yield node, _find_target(node, parents), parent.attr if isinstance(parent, ast.Attribute) else None


def _find_target(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> str | None:
    """Return the name that a pattern, or the dictionary that contains it, is assigned to."""
    while isinstance(parents[node], ast.Dict):
        node = parents[node]
    parent = parents[node]
    targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target] if isinstance(parent, ast.AnnAssign) else []
    return next((target.id for target in targets if isinstance(target, ast.Name)), None)


def _is_re(function: ast.expr, names: tuple[str, ...]) -> bool:
    if not isinstance(function, ast.Attribute) or function.attr not in names:
        return False
    return isinstance(function.value, ast.Name) and function.value.id == "re"


def _evaluate_pattern(call: ast.Call, names: dict[str, Any]) -> re.Pattern[Any]:
    """Return the pattern of a call. Raises NameError if its arguments use names that the module does not have."""
    assert isinstance(call.func, ast.Attribute)
    flags = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    position = {"sub": 4, "subn": 4, "split": 3, "compile": 1}.get(call.func.attr, 2)
    flags += call.args[position : position + 1]
    return re.compile(_evaluate(call.args[0], names), _evaluate(flags[0], names) if flags else 0)


def _evaluate(expression: ast.expr, names: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(expression), "pattern", "eval"), dict(names))  # noqa: S307 - our own sources


def _find_modes(call: ast.Call, method: str | None, uses: set[str] | None) -> tuple[str, ...]:
    """Return the modes of a pattern: all modes if it is passed to other code."""
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr != "compile":
        method = call.func.attr
    methods = {method} if method else uses or {"passed on"}
    modes = {MODE_OF.get(name, name) for name in methods}
    return tuple(sorted(modes)) if modes <= set(MODES) else MODES


def _find_uses(trees: dict[Path, ast.Module]) -> dict[tuple[str, str], set[str]]:
    """Map each name of a module to the methods called on it, including in modules that import it. Other uses are "passed on"."""
    uses: dict[tuple[str, str], set[str]] = {}
    for path, tree in trees.items():
        module, origins, parents = _module_name(path), _map_imports(tree), _map_parents(tree)
        for node in parents:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and (method := _find_method(node, parents)):
                uses.setdefault(origins.get(node.id) or (module, node.id), set()).add(method)
    return uses


def _find_method(node: ast.expr, parents: dict[ast.AST, ast.AST]) -> str | None:
    """Return the method called on a name or on one of its items, or None if the name is only compared."""
    parent = parents[node]
    while isinstance(parent, ast.IfExp | ast.Subscript):
        node, parent = parent, parents[parent]
    if isinstance(parent, ast.Attribute):
        return None if parent.attr == "pattern" else parent.attr
    return None if isinstance(parent, ast.Compare) else "passed on"


@cache  # walking a tree takes most of the time
def _map_parents(tree: ast.Module) -> dict[ast.AST, ast.AST]:
    parents: dict[ast.AST, ast.AST] = {}
    nodes: list[ast.AST] = [tree]
    for node in nodes:  # grows while it is read
        children = list(ast.iter_child_nodes(node))
        parents.update(dict.fromkeys(children, node))
        nodes += children
    return parents


def _map_imports(tree: ast.Module) -> dict[str, tuple[str, str]]:
    imports = [node for node in _map_parents(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {name.asname or name.name: (str(node.module), name.name) for node in imports for name in node.names}
