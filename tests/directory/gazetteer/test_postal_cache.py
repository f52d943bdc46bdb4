"""The postal codes are those of the package, whatever is in the cache."""

import os
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
def derived_columns() -> PostalColumns:
    return derive_columns()


@pytest.fixture(scope="module")
def cache_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that the first use writes. It takes as long as deriving the columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        load_columns()
        return get_only_file(Path(os.environ["XDG_CACHE_HOME"], CACHE_FOLDER_NAME))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / CACHE_FOLDER_NAME


def get_only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_the_cache_contains_the_derived_columns(folder: Path, derived_columns: PostalColumns) -> None:
    assert load_columns() == derived_columns
    inode = get_only_file(folder).stat().st_ino
    assert load_columns() == derived_columns
    assert get_only_file(folder).stat().st_ino == inode  # the file was not written again


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda whole: b"",
    "cut off": lambda whole: whole[: len(whole) // 2],
    "one bit": lambda whole: whole[:50_000] + bytes([whole[50_000] ^ 1]) + whole[50_001:],
    "something else": lambda whole: msgspec.msgpack.encode({"codes": "none"}),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_replaced(
    folder: Path, cache_file: Path, derived_columns: PostalColumns, damage: Callable[[bytes], bytes]
) -> None:
    whole = cache_file.read_bytes()
    folder.mkdir()
    (folder / cache_file.name).write_bytes(damage(whole))
    assert load_columns() == derived_columns
    assert get_only_file(folder).read_bytes() == whole


def test_a_folder_without_write_access_is_not_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, derived_columns: PostalColumns
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load_columns() == derived_columns
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_relative_folder_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    for home in ("HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(home, str(tmp_path / "home"))
    load_columns()
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_two_processes_may_write_at_once(folder: Path, derived_columns: PostalColumns) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITE]) for _ in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    inode = get_only_file(folder).stat().st_ino
    assert load_columns() == derived_columns
    assert get_only_file(folder).stat().st_ino == inode
