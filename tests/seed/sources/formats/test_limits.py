import io
from collections.abc import Callable
from pathlib import Path

import pytest

from directory.errors import BadInput, ErrorCode, TooLarge
from seed.sources.formats import limits
from seed.sources.formats.limits import cell_error, columns_error, read_bounded, read_file, require_file_size, require_row_size


class EndlessStream(io.RawIOBase):
    """An endless stream that counts the bytes read from it."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        self.taken += min(size, 1_000_000)
        return bytes(min(size, 1_000_000))


def test_a_stream_is_read_no_further_than_the_limit() -> None:
    endless = EndlessStream()
    with pytest.raises(TooLarge) as refusal:
        read_bounded(endless, "standard input")  # type: ignore[arg-type]
    assert endless.taken == limits.MAX_FILE_SIZE + 1
    assert refusal.value.code is ErrorCode.TOO_LARGE
    assert refusal.value.params == {"limit": limits.MAX_FILE_SIZE, "file": "standard input"}
    assert refusal.value.user_message == "standard input has more than 20 MiB. Split it into several files."


def test_a_stream_up_to_the_limit_is_read_whole() -> None:
    assert read_bounded(io.BytesIO(b"name\nAcme"), "-") == b"name\nAcme"
    assert len(read_bounded(io.BytesIO(bytes(limits.MAX_FILE_SIZE)), "-")) == limits.MAX_FILE_SIZE


def test_columns_without_text_are_not_counted() -> None:
    require_row_size(1, ["x"] * limits.MAX_COLUMNS, "a.csv")
    require_row_size(1, [*["x"] * limits.MAX_COLUMNS, "", " "], "a.csv")
    with pytest.raises(TooLarge, match="more than"):
        require_row_size(1, [*["x"] * limits.MAX_COLUMNS, "", "x"], "a.csv")


def test_a_cell_is_measured_in_bytes_and_its_limit_is_allowed() -> None:
    for longest in ("x" * limits.MAX_CELL_SIZE, "é" * (limits.MAX_CELL_SIZE // 2)):
        require_row_size(1, ["name", longest], "a.csv")
        with pytest.raises(TooLarge):
            require_row_size(1, ["name", longest + "x"], "a.csv")


def test_a_large_file_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as sparse:
        sparse.truncate(limits.MAX_FILE_SIZE + 1)
    with pytest.raises(TooLarge):
        read_file(tmp_path / "a.csv")


def test_what_cannot_be_opened_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"a\.csv cannot be read: No such file"):
        read_file(tmp_path / "a.csv")
    with pytest.raises(BadInput, match="cannot be read: Is a directory"):
        read_file(tmp_path)


def test_the_limit_itself_is_allowed() -> None:
    require_file_size(limits.MAX_FILE_SIZE, "a.csv")
    with pytest.raises(TooLarge):
        require_file_size(limits.MAX_FILE_SIZE + 1, "a.csv")


@pytest.mark.parametrize("error", [columns_error, cell_error])
def test_a_refusal_names_the_row_if_it_is_known(error: Callable[[int | None, str], TooLarge]) -> None:
    assert error(1204, "a.csv").user_message.startswith("a.csv, row 1,204: ")
    assert error(None, "a.csv").user_message.startswith("a.csv: ")
