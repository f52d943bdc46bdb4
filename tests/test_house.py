"""The layout that design and reviews rely on, held by tests."""

import ast
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ["directory", "schema", "seed", "web"]
LONGEST_FILE = 300
# File -> why it may be longer.
LONG_FILES: dict[str, str] = {
    "directory/records.py": "all shapes of a record stand on one page, and are read together",
}
# Names to which nothing could ever be refused entry.
NAMELESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "service", "services", "core", "misc"}
REGISTRIES = r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.org|registry\.yarnpkg"
# A folder of somebody's machine, where a path begins: the page https://example.org/home/ is none.
PATH_BEGINS = r"(?:(?<![\w.\-/])|file://)/"
MACHINE_PATHS = rf"{PATH_BEGINS}(?:root|home|Users|work|private)/\w|{PATH_BEGINS}opt/(?:pypi|wheels)"
SLEEPS = {"sleep", "wait_for_timeout"}  # of time and asyncio; of a browser's page
MAY_SLEEP = {"tests/polling.py"}
# Parted, so that this file does not hold what it forbids.
TOLD_ON = ["from |/ro|ot/house", '"/ho|me/ana/project"', "file://|/wo|rk/main", "--index https://py|pi.org/simple"]


def sources() -> list[Path]:
    folders = [*PACKAGES, "tests", "benchmarks", "docs"]
    return [ROOT / "dev", ROOT / "hatch_build.py", *(path for folder in folders for path in (ROOT / folder).rglob("*.py"))]


def kept_files() -> list[Path]:
    """What git tracks or would track."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([tool, "--no-logo", "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_imports_run_in_the_direction_of_the_design() -> None:
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout


def test_an_upward_import_is_caught(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for package in PACKAGES:
        for module in (ROOT / package).rglob("*.py"):
            copy = tmp_path / module.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(module.read_bytes())
    with (tmp_path / "directory" / "geo.py").open("a") as geo:
        geo.write("\nimport directory.records\nimport sqlalchemy\n")
    told = lint_imports(tmp_path).stdout
    assert "directory.geo -> directory.records" in told
    assert "directory.geo -> sqlalchemy" in told


@pytest.mark.parametrize("package", PACKAGES)
def test_nobody_else_owns_our_package_names(package: str) -> None:
    assert set(packages_distributions().get(package, [])) <= {"membership-directory"}


def test_files_stay_short() -> None:
    long = {str(path.relative_to(ROOT)) for path in sources() if len(path.read_text().splitlines()) > LONGEST_FILE}
    assert long == set(LONG_FILES)


def test_every_module_has_a_name_that_says_something() -> None:
    names = {path: path.relative_to(ROOT).with_suffix("").parts for path in sources()}
    assert not [path for path, parts in names.items() if NAMELESS & {part.strip("_") for part in parts}]


@pytest.mark.parametrize("pattern", [REGISTRIES, MACHINE_PATHS], ids=["registry", "folder"])
def test_no_kept_file_names_a_registry_or_a_folder_of_a_machine(pattern: str) -> None:
    sought = re.compile(pattern.encode())
    assert not [(path, found.group()) for path in kept_files() if (found := sought.search(path.read_bytes()))]


@pytest.mark.parametrize("line", TOLD_ON)
def test_a_registry_or_a_folder_of_a_machine_would_be_found(line: str) -> None:
    assert re.search(f"{REGISTRIES}|{MACHINE_PATHS}", line.replace("|", ""))


def test_the_wheel_carries_every_data_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    without_explorer = {**os.environ, "WITHOUT_EXPLORER": "1"}  # what it needs is tested in test_hatch_build.py
    subprocess.run(command, cwd=ROOT, env=without_explorer, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    carried = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("directory/vocabulary/data", "seed/data"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"]
        assert files, f"{folder} is empty"
        assert {str(path.relative_to(ROOT)) for path in files} <= carried
    assert {"schema/schema.graphql", "directory/py.typed"} <= carried
    assert not [name for name in carried if name.startswith("web/front/")]


# Tests do not wait for the clock


def sleeps(source: str) -> list[int]:
    """The lines with a call that only lets time pass; `asyncio.sleep(0)` lets other tasks run and waits for no time."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [call.lineno for call in calls if _called(call.func) in SLEEPS and not _waits_no_time(call)]


def _called(function: ast.expr) -> str | None:
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else None


def _waits_no_time(call: ast.Call) -> bool:
    return [ast.unparse(argument) for argument in call.args] == ["0"]


def test_no_test_sleeps() -> None:
    """Wait for an event, a condition or a line of a log, with a timeout; ask a process that has none with tests/polling.py."""
    found = {str(path.relative_to(ROOT)): sleeps(path.read_text()) for path in (ROOT / "tests").rglob("*.py")}
    assert {path for path, lines in found.items() if lines} == MAY_SLEEP, found


@pytest.mark.parametrize(
    "line", ["time.sleep(1)", "sleep(0.1)", "await asyncio.sleep(x)", "page.wait_for_timeout(5)", "anyio.sleep(2)"]
)
def test_a_sleep_would_be_found(line: str) -> None:
    assert sleeps(f"async def test() -> None:\n    {line}\n") == [2]
    assert sleeps("async def test() -> None:\n    await asyncio.sleep(0)\n") == []


def test_a_test_that_hangs_is_ended(tmp_path: Path, pytestconfig: pytest.Config) -> None:
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
    ended = subprocess.run([*command, str(hanging)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 failed, 1 passed" in ended.stdout
    assert "Timeout" in ended.stdout
