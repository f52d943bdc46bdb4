"""./dev: its help, its errors, and the environment it creates."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
CHECKOUT_FILES = ["dev", "pyproject.toml", "requirements.lock", "requirements-dev.lock"]
NOWHERE = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
REPORT = "import sys; print(sys.prefix, sys.argv[1:])"  # a program that prints the environment it runs in


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "dev", *arguments], capture_output=True, text=True, check=False, timeout=110)


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",), ("lint", "--help"), ("test", "-h")])
def test_help_lists_every_command(arguments: tuple[str, ...]) -> None:
    answer = dev(*arguments)
    assert answer.returncode == 0
    commands = ("run", "test", "lint", "front", "bench", "screenshots", "conformance", "mutants", "lock")
    assert all(f"./dev {command}" in answer.stdout for command in commands)


def test_an_unknown_command_is_explained() -> None:
    answer = dev("rnu")
    assert answer.returncode == 2
    assert "'rnu' is not a command" in answer.stderr
    assert not answer.stdout


@pytest.mark.parametrize("command", ["lint", "front"])
def test_some_commands_take_no_arguments(command: str) -> None:
    assert dev(command, "tests").returncode == 2


@pytest.mark.parametrize("arguments", [["tests/nope.py"], ["--quick", "tests/nope.py::test_that"]], ids=len)
def test_missing_tests_are_named_before_anything_runs(arguments: list[str]) -> None:
    done = dev("test", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "tests/nope.py does not exist." in done.stderr


@pytest.mark.parametrize("script", ["dev", ".ci/run"])
def test_scripts_are_executable(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_of_a_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    pins = [block for block in text.split("\n") if block and not block.startswith((" ", "#"))]
    assert pins
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert "://" not in text


def test_the_lock_for_development_includes_the_other_one() -> None:
    run, develop = ((ROOT / lock).read_text().splitlines() for lock in ("requirements.lock", "requirements-dev.lock"))
    assert {line for line in run if "==" in line} <= set(develop)


def copy_checkout(folder: Path) -> Path:
    for name in CHECKOUT_FILES:
        shutil.copy(ROOT / name, folder)
    return folder


def load_dev(folder: Path) -> ModuleType:
    loader = SourceFileLoader("dev_of_a_copy", str(folder / "dev"))
    spec = importlib.util.spec_from_loader("dev_of_a_copy", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def prepared_checkout(tmp_path: Path) -> Path:
    """Return a checkout with a current environment and with programs that only print where they run."""
    folder = copy_checkout(tmp_path)
    venv.create(folder / ".venv", symlinks=True)
    (folder / "benchmarks").mkdir()
    (folder / "benchmarks" / "__main__.py").write_text(REPORT)
    (folder / "hatch_build.py").write_text(REPORT)
    program = folder / ".venv" / "bin" / "directory"
    program.write_text(f"#!{folder}/.venv/bin/python\n{REPORT}")
    program.chmod(0o755)
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (folder / ".venv" / f"made-from-{lock}").write_text(load_dev(folder).fingerprint(lock))
    return folder


@pytest.mark.parametrize(
    ("word", "arguments"), [("bench", ("costs", "--all")), ("run", ("--port", "0")), ("front", ())], ids=lambda word: str(word)
)
def test_another_python_on_the_path_does_not_matter(prepared_checkout: Path, word: str, arguments: tuple[str, ...]) -> None:
    foreign = prepared_checkout / "pyenv" / "shims"
    foreign.mkdir(parents=True)
    (foreign / "python").symlink_to(sys.executable)
    environment = {**os.environ, "PATH": f"{foreign}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": ""}
    command: list[str | Path] = [sys.executable, prepared_checkout / "dev", word, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    expected_arguments = ["serve", *arguments] if word == "run" else list(arguments)
    assert done.stdout == f"{prepared_checkout / '.venv'} {expected_arguments}\n", done.stderr


def test_the_file_of_conformance_cases_is_relative_to_the_caller(prepared_checkout: Path) -> None:
    program = prepared_checkout / "tests" / "conformance" / "__main__.py"
    program.parent.mkdir(parents=True)
    program.write_text(REPORT)
    command: list[str | Path] = [sys.executable, prepared_checkout / "dev", "conformance", "cases.jsonl", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=program.parent)
    assert done.stdout.endswith(f" {[str(program.with_name('cases.jsonl')), '--help']}\n"), done.stderr


@pytest.fixture(scope="module")
def new_checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout without packages. Its first command creates the environment, which takes seconds; the next one finds it."""
    return copy_checkout(tmp_path_factory.mktemp("new"))


@pytest.mark.slow
@pytest.mark.parametrize("word", ["run", "lint"])
def test_without_a_network_the_first_start_says_that_it_needs_one(new_checkout: Path, word: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    command: list[str | Path] = [sys.executable, new_checkout / "dev", word]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=500, env={**environment, **NOWHERE})
    assert done.returncode == 1
    assert "The first start needs a network connection" in done.stderr
    assert not re.search("Traceback|WARNING|ERROR|Retry", done.stderr)
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        (
            "NewConnectionError('<x>: Failed to establish a new connection: [Errno 111] Connection refused')': /a/",
            "Connection refused",
        ),
        ("Failed to establish a new connection: [Errno -2] Name or service not known')", "Name or service not known"),
        ("NameResolutionError(\"<x>: Failed to resolve 'a.invalid' ([Errno -3] Temporary failure)\")", "Temporary failure"),
        ("pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool(host='a'): Read timed out.", "timed out"),
        ("ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 403 Forbidden'))", "403 Forbidden"),
    ],
)
def test_the_reason_for_a_failed_download_is_shown(output: str, cause: str) -> None:
    message = load_dev(ROOT).explain_pip_failure(f"Traceback (most recent call last):\n{output}\nERROR: No matching distribution")
    assert re.search(rf"cannot be reached \([^)]*{cause}\)\. The first start needs a network connection", message)
    assert "Traceback" not in message


def test_other_errors_of_pip_are_shown() -> None:
    message = load_dev(ROOT).explain_pip_failure(
        "\n".join([*map(str, range(99)), "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"])
    )
    assert message.endswith("98\nERROR: THESE PACKAGES DO NOT MATCH THE HASHES")
    assert len(message.splitlines()) < 20


def test_every_dependency_is_pinned() -> None:
    """pip and setuptools are pinned too, because those of a new environment are as old as its Python."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    for lock, needed in (
        ("requirements.lock", [*project["project"]["dependencies"], *groups["build"]]),
        ("requirements-dev.lock", [one for one in groups["dev"] if isinstance(one, str)]),
    ):
        names = {normalize_name(re.split(r"[\[<>=~!; ]", one)[0]) for one in needed}
        pinned = {normalize_name(name) for name in re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==", (ROOT / lock).read_text(), re.M)}
        assert names <= pinned, f"{lock} is older than pyproject.toml. Run ./dev lock."
    assert {"pip", "setuptools"} <= {normalize_name(re.split("[<>=]", one)[0]) for one in groups["build"]}


def normalize_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
