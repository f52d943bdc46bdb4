"""How much of a file is read, and what is said of a file that holds more.

Whoever imports may have been handed the file by a stranger, so every limit holds before or while the content is taken apart.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from directory.errors import BadInput, TooLarge

FILE = 20 * 1024 * 1024  # bytes
UNPACKED = 100 * 1024 * 1024  # bytes of everything in a ZIP, or of the text in a spreadsheet
ROWS = 50_000  # with text, beside the headings
COLUMNS = 200
CELL = 32 * 1024  # bytes of UTF-8
LINES = 1_048_576  # with and without text: the rows of a sheet in a spreadsheet
_ONE_BYTE_AT_MOST = CELL // 4  # characters that fit whatever they are: UTF-8 takes four bytes at most


def require_small(size: int, file: str) -> None:
    """Raises TooLarge when the file has more bytes than are read."""
    if size > FILE:
        raise TooLarge(f"{file} has more than {_mebibytes(FILE)}. Split it into several files.", limit=FILE, file=file)


def bounded(stream: IO[bytes], file: str) -> bytes:
    """What the stream holds. Raises TooLarge as soon as it is more than is read, and BadInput when it breaks off."""
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := stream.read(FILE + 1 - size):
            pieces.append(piece)
            size += len(piece)
            require_small(size, file)
    except OSError as problem:
        raise BadInput(f"{file} cannot be read: {problem.strerror}.", file=file) from problem
    return b"".join(pieces)


def content(path: Path) -> bytes:
    """What the file holds. Raises TooLarge when that is more than is read, and BadInput when it cannot be opened."""
    try:
        with path.open("rb") as stream:
            require_small(path.stat().st_size, path.name)
            return bounded(stream, path.name)
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be read: {problem.strerror}.", file=path.name) from problem


def require_row(number: int, cells: Sequence[str], file: str) -> None:
    """Raises TooLarge when a row has more columns with text, or a cell more text, than is read."""
    if len(cells) > COLUMNS and any(map(str.strip, cells[COLUMNS:])):
        raise too_many_columns(number, file)
    if cells and max(map(len, cells)) > _ONE_BYTE_AT_MOST:
        for cell in cells:
            if len(cell) > CELL or len(cell.encode(errors="replace")) > CELL:
                raise too_long_cell(number, file)


def require_count(rows: int, file: str) -> None:
    """Raises TooLarge when there are more rows with text than are read."""
    if rows > ROWS:
        raise TooLarge(f"{file} has more than {ROWS:,} rows. Split it into several files.", limit=ROWS, file=file)


def too_many_columns(number: int | None, file: str) -> TooLarge:
    """`number` is that of the row, None where it is not known."""
    sentence = f"{_where(number, file)}: there are more than {COLUMNS} columns. Leave out those that the directory does not need."
    return TooLarge(sentence, limit=COLUMNS, file=file, row=number)


def too_long_cell(number: int | None, file: str) -> TooLarge:
    """`number` is that of the row, None where it is not known."""
    sentence = f"{_where(number, file)}: a cell has more than {CELL // 1024} KiB of text, or no end. Shorten it."
    return TooLarge(sentence, limit=CELL, file=file, row=number)


def too_much_unpacked(file: str) -> TooLarge:
    sentence = f"{file} holds more than {_mebibytes(UNPACKED)} when it is unpacked. Split it into several files."
    return TooLarge(sentence, limit=UNPACKED, file=file)


def too_much_memory(file: str) -> TooLarge:
    """Of a spreadsheet, whose empty cells take memory too."""
    sentence = (
        f"{file} takes too much memory to read: it has a cell far below or to the right, where Ctrl+End leads, or too much text. "
        "Delete what is not needed, or save the sheet as CSV."
    )
    return TooLarge(sentence, limit=UNPACKED, file=file)


def _where(number: int | None, file: str) -> str:
    return f"{file}, row {number:,}" if number else file


def _mebibytes(size: int) -> str:
    return f"{size // (1024 * 1024)} MiB"
