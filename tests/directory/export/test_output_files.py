import os
import stat
from pathlib import Path

import pytest

from directory.export.output_files import PUBLIC_FILE_MODE, write_atomically


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_its_owners_alone_whatever_it_was(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("old")
    path.chmod(0o644)
    with write_atomically(path) as out:
        out.write(b"new")
    assert path.read_bytes() == b"new"
    assert mode_of(path) == 0o600
    with write_atomically(path, PUBLIC_FILE_MODE) as out:
        out.write(b"newer")
    assert mode_of(path) & 0o600 == 0o600


def test_an_incomplete_file_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("old")
    with pytest.raises(TypeError), write_atomically(path) as out:
        out.writelines([b"half", "no bytes"])  # type: ignore[list-item]
    assert [one.name for one in tmp_path.iterdir()] == ["report.csv"]
    assert path.read_text() == "old"


def test_a_link_is_followed_and_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "file.csv")
    with write_atomically(tmp_path / "link.csv") as out:
        out.write(b"new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "file.csv").read_bytes() == b"new"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with write_atomically(pipe) as out:
        out.write(b"new")
    assert os.read(reader, 10) == b"new"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
