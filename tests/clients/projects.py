"""Install the Node projects of clients/ beside a copy of the schema, and run their scripts."""

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.conftest import skip_missing
from tests.node import MissingNodeError, install_packages, run_npm_script

ROOT = Path(__file__).parent.parent.parent
SCHEMA = Path("schema") / "schema.graphql"
SCRIPT_SECONDS = 180


class ScriptResult(NamedTuple):
    """Whether a script succeeded, and its output."""

    is_successful: bool
    output: str


def install_project(name: str, folder: Path) -> Path:
    """Install the project in a folder that looks like a checkout. Skips the test without Node or the npm registry."""
    (folder / SCHEMA).parent.mkdir(exist_ok=True)
    shutil.copy(ROOT / SCHEMA, folder / SCHEMA)
    try:
        return install_packages(ROOT / "clients" / name, folder / "clients")
    except MissingNodeError:
        skip_missing("Node with npm and its registry")


def run(project: Path, name: str, *arguments: str) -> ScriptResult:
    """Run a script of the project's package.json."""
    try:
        return ScriptResult(True, run_npm_script(name, *arguments, folder=project, seconds=SCRIPT_SECONDS))
    except subprocess.CalledProcessError as error:
        return ScriptResult(False, f"{error.stdout}{error.stderr}")
