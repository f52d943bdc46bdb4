"""Rules for names that tests/test_house.py checks: no bare past participles, no two classes of one name."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_WORDS = tomllib.loads(Path(__file__).with_name("participles.toml").read_text())
IRREGULAR_PARTICIPLES = frozenset(_WORDS["irregular"].split())
OTHER_WORDS_IN_ED = frozenset(_WORDS["other_words_in_ed"].split())


class DefinedName(NamedTuple):
    """A name that a file defines: a module, class, function, method, property or field. `scope` is as in "Class.method"."""

    file: str
    scope: str
    name: str
    kind: str

    def __str__(self) -> str:
        return f"{self.file}: {self.kind} {self.scope}"


def is_bare_participle(name: str) -> bool:
    """Return whether a name is one past participle and nothing else, as in `told`, `_kept` or `Asked`."""
    word = name.strip("_")
    if "_" in word or word[1:] != word[1:].lower():
        return False
    word = word.lower()
    return word in IRREGULAR_PARTICIPLES or (word.endswith("ed") and len(word) > 3 and word not in OTHER_WORDS_IN_ED)


def list_defined_names(file: Path, root: Path) -> Iterator[DefinedName]:
    """Yield the name of the module and of all that it defines, at every depth."""
    path = str(file.relative_to(root))
    for part in file.relative_to(root).with_suffix("").parts:
        yield DefinedName(path, part, part, "module")
    yield from _list_names_in(ast.parse(file.read_text()), path, ())


def _list_names_in(node: ast.AST, path: str, scope: tuple[str, ...]) -> Iterator[DefinedName]:
    for child in ast.iter_child_nodes(node):
        inner_scope = scope
        if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            inner_scope = (*scope, child.name)
            yield DefinedName(path, ".".join(inner_scope), child.name, _describe_kind(child))
        elif isinstance(child, ast.AnnAssign) and isinstance(node, ast.ClassDef) and isinstance(child.target, ast.Name):
            yield DefinedName(path, ".".join((*scope, child.target.id)), child.target.id, "field")
        yield from _list_names_in(child, path, inner_scope)


def _describe_kind(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    if isinstance(node, ast.ClassDef):
        return "class"
    decorators = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return "property" if decorators & {"property", "cached_property", "setter"} else "function"


def find_repeated_classes(package: Path, root: Path) -> dict[str, list[str]]:
    """Return the public classes of a package that share a name, with their files."""
    files: dict[str, list[str]] = {}
    for file in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                files.setdefault(node.name, []).append(str(file.relative_to(root)))
    return {name: paths for name, paths in files.items() if len(paths) > 1}


def is_table_of_constants(file: Path) -> bool:
    """Return whether a module only assigns constants: no functions, classes or branches."""
    allowed = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)
    body = ast.parse(file.read_text()).body
    return all(isinstance(node, allowed) for node in body[1:])  # after the docstring
