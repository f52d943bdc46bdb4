"""The Node projects of clients/, installed beside a copy of the schema, and their scripts."""

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.conftest import skip_missing
from tests.node import MissingNodeError, install_packages, run_npm_script

ROOT = Path(__file__).parent.parent.parent
SCHEMA = Path("schema") / "schema.graphql"
SCRIPT_SECONDS = 180


class Done(NamedTuple):
    """Whether a script was content, and what it printed."""

    well: bool
    printed: str


def project(name: str, folder: Path) -> Path:
    """The project in a folder that looks like a checkout to it; without Node or npm's registry the test is left out."""
    (folder / SCHEMA).parent.mkdir(exist_ok=True)
    shutil.copy(ROOT / SCHEMA, folder / SCHEMA)
    try:
        return install_packages(ROOT / "clients" / name, folder / "clients")
    except MissingNodeError:
        skip_missing("Node with npm and its registry")


def run(project: Path, name: str, *arguments: str) -> Done:
    """Runs a script of the project's package.json."""
    try:
        return Done(True, run_npm_script(name, *arguments, folder=project, seconds=SCRIPT_SECONDS))
    except subprocess.CalledProcessError as failed:
        return Done(False, f"{failed.stdout}{failed.stderr}")
