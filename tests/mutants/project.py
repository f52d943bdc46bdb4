"""The files to mutate and the tests to run, as a value, so that the tool can be tested on a small package."""

import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

TARGETS = ("directory/search", "directory/publish.py", "directory/published_places.py", "directory/store", "schema", "seed")
EXCLUDED = ("directory/store/database/migrations",)  # released migrations never change, and a test compares their tables
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
# Slow to import, and independent of the mutated files.
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

# Tests in children have limits of CPU time instead: on a busy machine, wall-clock timeouts would kill mutations by accident.
PYTEST_OPTIONS = ("-q", "-p", "no:cacheprovider", "-o", "timeout=0", "-o", "faulthandler_timeout=0")


def warm_directory() -> None:
    """Load the gazetteer, which takes seconds. It cannot depend on mutated packages, as imports in `directory` point downward."""
    from directory.gazetteer.gazetteer import get_gazetteer

    get_gazetteer()


def report_to_terminal(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


class Project(Struct, frozen=True):
    """The files to mutate and the tests. Paths are relative to `root`, which is the current folder."""

    root: Path
    sources: tuple[str, ...]  # the files to mutate, in order
    tests: tuple[str, ...]  # files and folders with tests
    measured_paths: tuple[str, ...]  # files and folders whose coverage is stored together, including `sources`
    preloaded_modules: Sequence[str] = PRELOADED_MODULES
    warm: Callable[[], None] = warm_directory
    report: Callable[[str], None] = report_to_terminal
    test_seconds: float = 5.0  # of CPU time that every test may use
    import_seconds: float = 60.0  # of CPU time that importing the test files may use

    @property
    def test_files(self) -> list[str]:
        """The test files in the order of `tests`, each once."""
        paths = dict.fromkeys(path for test in self.tests for path in find_files(self.root, test))
        return [path for path in paths if Path(path).name.startswith("test_")]

    def preload(self) -> None:
        """Import the modules that children share. Raises RuntimeError if that imports a file to mutate."""
        for module in self.preloaded_modules:
            importlib.import_module(module)
        self.warm()
        files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
        if loaded := [path for path in self.sources if str(self.root / path) in files]:
            raise RuntimeError(f"These files were imported before they were mutated: {', '.join(loaded)}")


def find_files(root: Path, path: str) -> list[str]:
    """Return the Python file, or all in the folder, relative to the root. Raises FileNotFoundError if there are none."""
    full_path = root / path
    files = [full_path] if full_path.is_file() else sorted(full_path.rglob("*.py"))
    if not files:
        raise FileNotFoundError(f"{path} is not a Python file or a folder with Python files.")
    return [str(file.relative_to(root)) for file in files]


def find_project(root: Path, targets: Sequence[str], tests: Sequence[str]) -> Project:
    """Return the project with these files to mutate and these tests. Raises FileNotFoundError if one does not exist."""
    others = [target for target in targets if not any(Path(target).is_relative_to(known) for known in TARGETS)]
    sources = tuple(path for target in targets for path in find_files(root, target) if not _is_excluded(path))
    for test in tests:
        find_files(root, test)
    return Project(root, sources, tuple(tests), (*TARGETS, *others))


def _is_excluded(path: str) -> bool:
    return any(Path(path).is_relative_to(excluded) for excluded in EXCLUDED)
