"""House rules for the whole repository: layout, imports, file sizes, names, and what must not be committed."""

import ast
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.naming import find_repeated_classes, is_bare_participle, is_table_of_constants, list_defined_names

ROOT = Path(__file__).parent.parent
PACKAGES = ["directory", "schema", "seed", "web", "cli"]
MAX_LINES = 300
MIN_LINES = 30  # of a product file; a shorter one belongs into the file it is read with
MAX_FILES = {"directory": 12, "schema": 12, "web": 12}  # Python files directly in the folder
MAX_SEED_FILES = 82  # in seed/ and its folders
# File -> why it may be longer.
LONG_FILES: dict[str, str] = {
    "directory/fields.py": "every plain field is on one page, with everything that an entry can say",
    "directory/records.py": "all parts of an organization, as stored and as published, are on one page",
    "directory/store/database/migrations/versions/r0009_record_kinds.py": "a migration spells out every table that it creates",
    "tests/directory/curation/test_hiding.py": "every way in which a hidden record might show again, with one set of fixtures",
    "tests/seed/sources/test_own_tables.py": "every way in which an exported cell can come back, with one set of fixtures",
}
# File -> why it may be shorter.
SHORT_FILES: dict[str, str] = {
    "directory/store/database/migrations/env.py": "Alembic requires a file of this name",
    "directory/matching/word_lists.py": "the words of words.toml, read once for several modules",
    "cli/first_records.py": "imported only when the database is empty",
    "web/server/clock.py": "the one place that reads the wall clock",
    "web/pages/translations/__main__.py": "Python runs a file of this name",
}
# Names of modules that could hold anything.
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "service", "services", "core", "misc"}
# Fields and properties that may be bare participles -> why.
ALLOWED_FIELDS: dict[str, str] = {
    "founded": "the name of the field in GraphQL and in files",
    "known": "the name of the field in files: how precisely a place is known",
    "located": "the name of the field in GraphQL",
    "stated": "the name of the field in GraphQL",
    "covered": "a key of the report of a coverage matrix",
    "unknown": "a key of the report of a coverage matrix",
    "selected": "the name of the field in GraphQL",
    "uncovered": "the name of the field in GraphQL",
    "included": "the name of the field in GraphQL",
    "matched": "the name of the field in GraphQL",
    "corrected": "the name of the field in GraphQL",
    "shared": "a key of a TOML file",
    "unqualified": "a key of a TOML file",
    "required": "the key of a data package",
    "proposed": "a key of the report of a plan",
    "created": "a key of the report of a plan",
    "changed": "a key of the report of a plan",
    "unchanged": "a key of the report of a plan",
    "refused": "a key of the report of a plan",
    "understood": "a key of the report of a search",
    "left": "the side of a pair, beside `right`",
}
REGISTRIES = r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.org|registry\.yarnpkg"
# A folder of a developer's machine at the start of a path, unlike the page https://example.org/home/.
PATH_START = r"(?:(?<![\w.\-/])|file://)/"
MACHINE_PATHS = rf"{PATH_START}(?:root|home|Users|work|private)/\w|{PATH_START}opt/(?:pypi|wheels)"
SLEEPS = {"sleep", "wait_for_timeout"}  # of time and asyncio; of a Playwright page
SLEEP_ALLOWED = {"tests/polling.py"}
# Split with "|" so that this file does not contain what it forbids.
FORBIDDEN_LINES = ["from |/ro|ot/house", '"/ho|me/ana/project"', "file://|/wo|rk/main", "--index https://py|pi.org/simple"]


def list_sources() -> list[Path]:
    """Return all Python files of the product, tests, benchmarks and docs."""
    folders = [*PACKAGES, "tests", "benchmarks", "docs"]
    return [ROOT / "dev", ROOT / "hatch_build.py", *(path for folder in folders for path in (ROOT / folder).rglob("*.py"))]


def list_committed_files() -> list[Path]:
    """Return the files that git tracks, or would track after `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("this is not a git checkout")
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def run_lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([tool, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_imports_follow_the_design() -> None:
    result = run_lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


def test_an_upward_import_is_caught(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for package in PACKAGES:
        for module in (ROOT / package).rglob("*.py"):
            copy = tmp_path / module.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(module.read_bytes())
    with (tmp_path / "directory" / "geo.py").open("a") as geo:
        geo.write("\nimport directory.records\nimport sqlalchemy\n")
    output = run_lint_imports(tmp_path).stdout
    assert "directory.geo -> directory.records" in output
    assert "directory.geo -> sqlalchemy" in output


@pytest.mark.parametrize("package", PACKAGES)
def test_no_dependency_owns_our_package_names(package: str) -> None:
    assert set(packages_distributions().get(package, [])) <= {"membership-directory"}


def test_files_stay_short() -> None:
    long = {str(path.relative_to(ROOT)) for path in list_sources() if len(path.read_text().splitlines()) > MAX_LINES}
    assert long == set(LONG_FILES)


def test_no_module_has_a_vague_name() -> None:
    names = {path: path.relative_to(ROOT).with_suffix("").parts for path in list_sources()}
    assert not [path for path, parts in names.items() if VAGUE_NAMES & {part.strip("_") for part in parts}]


def list_product_files() -> list[Path]:
    return [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]


def test_product_files_are_not_tiny() -> None:
    files = [path for path in list_product_files() if path.name != "__init__.py" and not is_table_of_constants(path)]
    files = [path for path in files if path.parent.name != "versions"]  # a migration may add a single column
    short = {str(path.relative_to(ROOT)) for path in files if len(path.read_text().splitlines()) < MIN_LINES}
    assert short == SHORT_FILES.keys()


@pytest.mark.parametrize("folder", MAX_FILES)
def test_top_level_folders_have_few_files(folder: str) -> None:
    assert len(list((ROOT / folder).glob("*.py"))) <= MAX_FILES[folder]


def test_seed_has_a_limited_number_of_files() -> None:
    assert len(list((ROOT / "seed").rglob("*.py"))) <= MAX_SEED_FILES


def test_no_name_is_a_bare_participle() -> None:
    """Use a verb for a function and a noun for everything else. Names of tests are sentences and are not checked."""
    names = {name for path in list_sources() if path.suffix == ".py" for name in list_defined_names(path, ROOT)}
    bare = [name for name in names if is_bare_participle(name.name)]
    remaining = [name for name in bare if not (name.kind in ("field", "property") and name.name in ALLOWED_FIELDS)]
    assert sorted(map(str, remaining)) == []
    assert ALLOWED_FIELDS.keys() <= {name.name for name in bare}


@pytest.mark.parametrize("name", ["told", "_kept", "Asked", "renamed", "_Found"])
def test_a_bare_participle_is_found(name: str) -> None:
    assert is_bare_participle(name)


@pytest.mark.parametrize("name", ["feed", "seed", "kept_file", "is_hidden", "PlannedRow", "read", "tell", "red"])
def test_other_names_are_not_participles(name: str) -> None:
    assert not is_bare_participle(name)


@pytest.mark.parametrize("package", PACKAGES)
def test_public_classes_of_a_package_have_different_names(package: str) -> None:
    assert find_repeated_classes(ROOT / package, ROOT) == {}


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINE_PATHS], ids=["registry", "folder"])
def test_no_file_names_a_registry_or_a_folder_of_a_machine(pattern: str) -> None:
    forbidden = re.compile(pattern.encode())
    assert not [(path, match.group()) for path in list_committed_files() if (match := forbidden.search(path.read_bytes()))]


@pytest.mark.parametrize("line", FORBIDDEN_LINES)
def test_a_registry_or_a_folder_of_a_machine_is_found(line: str) -> None:
    assert re.search(f"{REGISTRIES}|{MACHINE_PATHS}", line.replace("|", ""))


def test_the_wheel_carries_every_data_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    without_front_end = {**os.environ, "WITHOUT_FRONT_END": "1"}  # test_hatch_build.py tests its build
    subprocess.run(command, cwd=ROOT, env=without_front_end, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    wheel_files = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("directory/vocabulary/data", "seed/data"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"]
        assert files, f"{folder} is empty"
        assert {str(path.relative_to(ROOT)) for path in files} <= wheel_files
    assert {"schema/schema.graphql", "directory/py.typed"} <= wheel_files
    assert not [name for name in wheel_files if name.startswith("web/front/")]


def find_sleeps(source: str) -> list[int]:
    """Return the lines that call a sleep. `asyncio.sleep(0)` is allowed: it only lets other tasks run."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls if _get_function_name(call.func) in SLEEPS and not _has_zero_argument(call)]


def _get_function_name(function: ast.expr) -> str | None:
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else None


def _has_zero_argument(call: ast.Call) -> bool:
    return [ast.unparse(argument) for argument in call.args] == ["0"]


def test_no_test_sleeps() -> None:
    """Tests wait for an event, a condition or a log line, with a timeout. For a process without those, use tests/polling.py."""
    sleeps = {str(path.relative_to(ROOT)): find_sleeps(path.read_text()) for path in (ROOT / "tests").rglob("*.py")}
    assert {path for path, lines in sleeps.items() if lines} == SLEEP_ALLOWED, sleeps


@pytest.mark.parametrize(
    "line", ["time.sleep(1)", "sleep(0.1)", "await asyncio.sleep(x)", "page.wait_for_timeout(5)", "anyio.sleep(2)"]
)
def test_a_sleep_is_found(line: str) -> None:
    assert find_sleeps(f"async def test() -> None:\n    {line}\n") == [2]
    assert find_sleeps("async def test() -> None:\n    await asyncio.sleep(0)\n") == []


def test_a_test_that_hangs_is_stopped(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    assert 0 < float(pytestconfig.getini("timeout")) <= 120
    hanging = tmp_path / "test_hanging.py"
    hanging.write_text("import threading\n\ndef test_hangs():\n    threading.Event().wait()\n\ndef test_goes_on():\n    pass\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        str(ROOT / "pyproject.toml"),
        "-o",
        "timeout=0.2",
        "-p",
        "no:cacheprovider",
    ]
    result = subprocess.run([*command, str(hanging)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 failed, 1 passed" in result.stdout
    assert "Timeout" in result.stdout
