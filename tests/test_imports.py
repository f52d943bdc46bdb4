"""No import cycles among our modules. Imports under TYPE_CHECKING and inside functions count too."""

import ast
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ["directory", "schema", "seed", "web", "cli"]


def list_modules(root: Path, packages: list[str]) -> dict[str, Path]:
    """Return the files of all modules by dotted name."""
    files = (path for package in packages for path in (root / package).rglob("*.py"))
    return {name_module(path.relative_to(root)): path for path in files}


def name_module(path: Path) -> str:
    """Return the dotted name of the module in a file, given its path below the root."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def map_imports(modules: Mapping[str, Path]) -> dict[str, set[str]]:
    """Return the modules of ours that each module imports."""
    return {name: set(_list_imports(name, path, modules.keys())) - {name} for name, path in modules.items()}


def _list_imports(name: str, path: Path, modules: Set[str]) -> Iterator[str]:
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        if isinstance(node, ast.ImportFrom):
            parents = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*parents, *filter(None, [node.module])])
            for alias in node.names:
                target = f"{base}.{alias.name}"
                yield from {target if target in modules else base} & modules


def find_cycles(imports: Mapping[str, Set[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other, directly or through others of the group."""
    remaining = {name: set(targets) for name, targets in imports.items()}
    while leaves := [name for name, targets in remaining.items() if not targets & remaining.keys()]:
        for name in leaves:
            del remaining[name]
    reachable = {name: _find_reachable(name, remaining) for name in remaining}
    groups = {frozenset(other for other in reachable[name] if name in reachable[other]) for name in remaining}
    return sorted(sorted(group) for group in groups if group)


def _find_reachable(name: str, imports: Mapping[str, Set[str]]) -> set[str]:
    reached: set[str] = set()
    pending = [name]
    while pending:
        for target in imports.get(pending.pop(), set()) & imports.keys() - reached:
            reached.add(target)
            pending.append(target)
    return reached


def test_there_are_no_import_cycles() -> None:
    assert find_cycles(map_imports(list_modules(ROOT, PACKAGES))) == []


@pytest.mark.parametrize(
    "line",
    [
        "from app.lower import value",
        "import app.lower",
        "from . import lower",
        "from .lower import value",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app import lower",
        "def load():\n    import app.lower",
    ],
)
def test_a_cycle_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "app").mkdir()
    for name, text in (("__init__", ""), ("lower", "from app import upper"), ("upper", line), ("top", "from app import upper")):
        (tmp_path / "app" / f"{name}.py").write_text(text + "\n")
    modules = list_modules(tmp_path, ["app"])
    assert modules.keys() == {"app", "app.lower", "app.upper", "app.top"}
    assert find_cycles(map_imports(modules)) == [["app.lower", "app.upper"]]


def find_store_writes(source: str) -> list[int]:
    """Return the lines that call `write` on a store."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [call.lineno for call in calls if ast.unparse(call.func).endswith("store.write")]


def test_every_writer_uses_directory_write() -> None:
    """A write that goes past `Directory.write` would leave the snapshots of its process behind."""
    modules = list_modules(ROOT, PACKAGES)
    assert [name for name, path in modules.items() if find_store_writes(path.read_text())] == ["directory.live"]


@pytest.mark.parametrize("line", ["store.write(edits)", "self._store.write(edits)", "directory.store.write(edits)"])
def test_a_write_past_the_directory_is_found(line: str) -> None:
    assert find_store_writes(line) == [1]
    assert find_store_writes("directory.write(edits)") == []
