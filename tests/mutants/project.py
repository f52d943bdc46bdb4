"""What is mutated and what judges it, as a value, so that the tool can be tested on a small package of its own."""

import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

TARGETS = ("directory/search", "directory/publish.py", "directory/published_places.py", "directory/store", "schema", "seed")
TESTS = (
    "tests/directory/search",
    "tests/directory",
    "tests/schema",
    "tests/seed",
    "tests/web",
    "tests/stories",
    "tests/docs",
    "tests/test_docs.py",
)
# Slow to import, and independent of what is mutated.
PRELOADED_MODULES = (
    "alembic.command",
    "alembic.autogenerate",
    "email_validator",
    "geopy",
    "graphql",
    "hypothesis",
    "numpy",
    "phonenumbers",
    "prometheus_client",
    "psycopg",
    "pydantic_settings",
    "pyroaring",
    "pytest",
    "python_calamine",
    "rapidfuzz.process",
    "redis",
    "rich.console",
    "snowballstemmer",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
    "starlette.testclient",
    "strawberry",
    "us",
    "usaddress",
    "uvicorn",
    "xlsxwriter",
    "zipcodes",
)

# Tests of children are held to their processor time: timeouts by the clock would blame a mutation for a busy machine.
PYTEST_OPTIONS = ("-q", "-p", "no:cacheprovider", "-o", "timeout=0", "-o", "faulthandler_timeout=0")


def warm_directory() -> None:
    """Load what takes seconds and cannot depend on the mutated packages: imports in `directory` point downward."""
    from directory.gazetteer.gazetteer import get_gazetteer

    get_gazetteer()


def report_to_terminal(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


class Project(Struct, frozen=True):
    """Paths are relative to `root`, which is the current folder."""

    root: Path
    sources: tuple[str, ...]  # the files to mutate, in order
    tests: tuple[str, ...]  # files and folders with tests
    measured_paths: tuple[str, ...]  # files and folders whose coverage is measured and kept together; `sources` are among them
    preloaded_modules: Sequence[str] = PRELOADED_MODULES
    warm: Callable[[], None] = warm_directory
    report: Callable[[str], None] = report_to_terminal
    test_seconds: float = 5.0  # processor time that every test may use, however quick it is without a mutation

    @property
    def test_files(self) -> list[str]:
        """In the order of `tests`, each once."""
        found = dict.fromkeys(path for test in self.tests for path in find_files(self.root, test))
        return [path for path in found if Path(path).name.startswith("test_")]

    def preload(self) -> None:
        """Import what children share. Raises RuntimeError if that would import a file to mutate."""
        for module in self.preloaded_modules:
            importlib.import_module(module)
        self.warm()
        files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
        if loaded := [path for path in self.sources if str(self.root / path) in files]:
            raise RuntimeError(f"These must not be imported before they are mutated: {', '.join(loaded)}")


def find_files(root: Path, path: str) -> list[str]:
    """The Python file, or all in the folder, relative to the root. Raises FileNotFoundError if there is nothing."""
    whole = root / path
    files = [whole] if whole.is_file() else sorted(whole.rglob("*.py"))
    if not files:
        raise FileNotFoundError(f"{path} is no Python file and no folder of Python files.")
    return [str(file.relative_to(root)) for file in files]


def find_project(root: Path, targets: Sequence[str], tests: Sequence[str]) -> Project:
    """This repository with these files and folders to mutate, and these to judge. Raises FileNotFoundError if one is absent."""
    others = [target for target in targets if not any(Path(target).is_relative_to(known) for known in TARGETS)]
    sources = tuple(path for target in targets for path in find_files(root, target))
    for test in tests:
        find_files(root, test)
    return Project(root, sources, tuple(tests), (*TARGETS, *others))
