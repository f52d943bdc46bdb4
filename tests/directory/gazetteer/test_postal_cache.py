"""Whatever the cache holds, the postal codes are those of the package."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from directory.gazetteer.postal_cache import CACHE_FOLDER_NAME, load_columns
from directory.gazetteer.postal_columns import PostalColumns, derive_columns

pytestmark = pytest.mark.slow

WRITE = "from directory.gazetteer.postal_cache import load_columns; load_columns()"


@pytest.fixture(scope="module")
def derived() -> PostalColumns:
    return derive_columns()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / CACHE_FOLDER_NAME


def only(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_what_is_kept_is_what_was_derived(folder: Path, derived: PostalColumns) -> None:
    assert load_columns() == derived
    kept = only(folder).stat().st_ino
    assert load_columns() == derived
    assert only(folder).stat().st_ino == kept  # read, not written again


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda whole: b"",
    "cut off": lambda whole: whole[: len(whole) // 2],
    "one bit": lambda whole: whole[:50_000] + bytes([whole[50_000] ^ 1]) + whole[50_001:],
    "something else": lambda whole: msgspec.msgpack.encode({"codes": "none"}),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_derived_anew_and_replaced(
    folder: Path, derived: PostalColumns, damage: Callable[[bytes], bytes]
) -> None:
    load_columns()
    file = only(folder)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert load_columns() == derived
    assert only(folder).read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, derived: PostalColumns
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load_columns() == derived
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_relative_folder_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    for home in ("HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(home, str(tmp_path / "home"))
    load_columns()
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_two_processes_may_write_at_once(folder: Path, derived: PostalColumns) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITE]) for _ in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    kept = only(folder).stat().st_ino
    assert load_columns() == derived
    assert only(folder).stat().st_ino == kept
