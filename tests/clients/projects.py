"""The Node projects of clients/, installed beside a copy of the schema, and their tools."""

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.conftest import missing
from tests.node import MissingNodeError, installed, node

ROOT = Path(__file__).parent.parent.parent
SCHEMA = Path("schema") / "schema.graphql"
TOOL_SECONDS = 180


class Done(NamedTuple):
    """What a tool printed, and whether it was content."""

    well: bool
    printed: str


def project(name: str, folder: Path) -> Path:
    """The project in `folder`, which looks like a checkout to it; without Node or npm's registry the test is left out."""
    (folder / SCHEMA).parent.mkdir(exist_ok=True)
    shutil.copy(ROOT / SCHEMA, folder / SCHEMA)
    try:
        return installed(ROOT / "clients" / name, folder / "clients")
    except MissingNodeError:
        missing("Node with npm and its registry")


def tool(package_file: str, *arguments: str | Path, project: Path, folder: Path | None = None) -> Done:
    """Runs a program of the project's packages, in the project unless `folder` is given."""
    script = project / "node_modules" / package_file
    try:
        return Done(True, node(script, *arguments, folder=folder or project, seconds=TOOL_SECONDS))
    except subprocess.CalledProcessError as failed:
        return Done(False, f"{failed.stdout}{failed.stderr}")
