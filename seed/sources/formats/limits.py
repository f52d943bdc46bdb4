"""Limits on the size of files, and the errors for files that exceed them.

Files may come from untrusted people, so every limit is checked before or while the content is parsed.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from directory.errors import BadInput, TooLarge

MAX_FILE_SIZE = 20 * 1024 * 1024  # bytes
MAX_UNPACKED_SIZE = 100 * 1024 * 1024  # bytes of everything in a ZIP, or of the text in a spreadsheet
MAX_ROWS = 50_000  # rows with text, not counting the headings
MAX_COLUMNS = 200
MAX_CELL_SIZE = 32 * 1024  # bytes of UTF-8
MAX_LINES = 1_048_576  # with and without text: as many as a sheet has rows
ALWAYS_SAFE_LENGTH = MAX_CELL_SIZE // 4  # characters that always fit: UTF-8 takes at most four bytes for each


def require_file_size(size: int, file: str) -> None:
    """Raise TooLarge when the file exceeds MAX_FILE_SIZE."""
    if size > MAX_FILE_SIZE:
        raise TooLarge(
            f"{file} has more than {_format_mebibytes(MAX_FILE_SIZE)}. Split it into several files.",
            limit=MAX_FILE_SIZE,
            file=file,
        )


def read_bounded(stream: IO[bytes], file: str) -> bytes:
    """Return the content of the stream. Raises TooLarge as soon as it exceeds the limit, and BadInput when reading fails."""
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := stream.read(MAX_FILE_SIZE + 1 - size):
            pieces.append(piece)
            size += len(piece)
            require_file_size(size, file)
    except OSError as problem:
        raise BadInput(f"{file} cannot be read: {problem.strerror}.", file=file) from problem
    return b"".join(pieces)


def read_file(path: Path) -> bytes:
    """Return the content of the file. Raises TooLarge when it exceeds the limit, and BadInput when it cannot be opened."""
    try:
        with path.open("rb") as stream:
            require_file_size(path.stat().st_size, path.name)
            return read_bounded(stream, path.name)
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be read: {problem.strerror}.", file=path.name) from problem


def require_row_size(number: int, cells: Sequence[str], file: str) -> None:
    """Raise TooLarge when a row has text beyond MAX_COLUMNS, or a cell larger than MAX_CELL_SIZE."""
    if len(cells) > MAX_COLUMNS and any(map(str.strip, cells[MAX_COLUMNS:])):
        raise columns_error(number, file)
    if cells and max(map(len, cells)) > ALWAYS_SAFE_LENGTH:
        for cell in cells:
            if len(cell) > MAX_CELL_SIZE or len(cell.encode(errors="replace")) > MAX_CELL_SIZE:
                raise cell_error(number, file)


def require_row_count(rows: int, file: str) -> None:
    """Raise TooLarge when there are more than MAX_ROWS rows with text."""
    if rows > MAX_ROWS:
        raise TooLarge(f"{file} has more than {MAX_ROWS:,} rows. Split it into several files.", limit=MAX_ROWS, file=file)


def columns_error(number: int | None, file: str) -> TooLarge:
    """Return the error for too many columns. `number` is the row's number; None when it is unknown."""
    where = _format_position(number, file)
    sentence = f"{where}: there are more than {MAX_COLUMNS} columns. Remove those that the directory does not need."
    return TooLarge(sentence, limit=MAX_COLUMNS, file=file, row=number)


def cell_error(number: int | None, file: str) -> TooLarge:
    """Return the error for a cell that is too large. `number` is the row's number; None when it is unknown."""
    where = _format_position(number, file)
    sentence = (
        f"{where}: a cell has more than {MAX_CELL_SIZE // 1024} KiB of text, or a quotation mark is not closed. Correct the cell."
    )
    return TooLarge(sentence, limit=MAX_CELL_SIZE, file=file, row=number)


def unpacked_size_error(file: str) -> TooLarge:
    sentence = f"{file} unpacks to more than {_format_mebibytes(MAX_UNPACKED_SIZE)}. Split it into several files."
    return TooLarge(sentence, limit=MAX_UNPACKED_SIZE, file=file)


def memory_error(file: str) -> TooLarge:
    """Return the error for a spreadsheet that needs too much memory. Empty cells take memory too."""
    sentence = (
        f"{file} takes too much memory to read: it has a cell far below or to the right (press Ctrl+End to find it), or too much "
        "text. Delete what is not needed, or save the sheet as CSV."
    )
    return TooLarge(sentence, limit=MAX_UNPACKED_SIZE, file=file)


def _format_position(number: int | None, file: str) -> str:
    return f"{file}, row {number:,}" if number else file


def _format_mebibytes(size: int) -> str:
    return f"{size // (1024 * 1024)} MiB"


MAX_KEY_PARTS = (
    50  # parts of a dotted key; the time that the standard library's parser takes grows with the square of their number
)
_KEY_PART = r"(?>[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_KEY_PART}[ \t]*\.[ \t]*){{{MAX_KEY_PARTS}}}")


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """Return the content of a TOML file. Raises BadInput with the file's name when it is not well-formed."""
    if _DEEP_KEY.search(text):
        raise BadInput(f"{file} has a key of more than {MAX_KEY_PARTS} parts, which no record file or profile needs.", file=file)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"{file} is not well-formed TOML: {problem}.", file=file) from problem
