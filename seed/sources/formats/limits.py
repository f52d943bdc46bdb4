"""Read files and ZIP archives within limits, and the errors for those that exceed them.

Files may come from untrusted people, so every limit is checked before or while the content is parsed. ZIP files are unpacked in
chunks, whatever sizes they declare.
"""

import io
import re
import stat
import tomllib
import zipfile
import zlib
from collections.abc import Iterator, Sequence
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


def parse_toml(content: str | bytes, file: str) -> dict[str, Any]:
    """Return the content of a TOML file. Raises BadInput with the file's name when it is not well-formed, or not UTF-8."""
    try:
        text = content if isinstance(content, str) else io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig").read()
        if _DEEP_KEY.search(text):
            sentence = f"{file} has a key of more than {MAX_KEY_PARTS} parts, which no record file or profile needs."
            raise BadInput(sentence, file=file)
        return tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"{file} is not well-formed TOML: {problem}.", file=file) from problem


MAX_MEMBERS = 2_000  # files in a ZIP; a workbook with a hundred sheets has some three hundred
CHUNK_SIZE = 64 * 1024  # bytes unpacked at a time
_CENTRAL_DIRECTORY_ENTRY = b"PK\x01\x02"  # begins each entry of the central directory (PKWARE APPNOTE 4.3.12)
_LOCAL_HEADER_SIZE = 30  # bytes before the name of a member (APPNOTE 4.3.7)
_ENCRYPTED_FLAG = 0x1
_UNIX_MODE_SHIFT = 16  # bits below a file's Unix mode


class ZipArchive:
    """The members of a ZIP. Raises TooLarge when there are too many, and BadInput when their list cannot be read."""

    def __init__(self, data: bytes, file: str) -> None:
        self._data, self._file = data, file
        self._unpacked_size = 0
        if data.count(_CENTRAL_DIRECTORY_ENTRY) > MAX_MEMBERS:  # checked before zipfile creates an object for each
            raise TooLarge(
                f"{file} holds more than {MAX_MEMBERS:,} files. Pack only the files that are needed.",
                limit=MAX_MEMBERS,
                file=file,
            )
        try:
            entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:
            raise self._build_damaged_error() from problem
        self._members = {entry.filename: entry for entry in entries if not entry.is_dir()}
        self.names = tuple(self._members)

    def iterate_chunks(self, name: str) -> Iterator[bytes]:
        """Yield a member's content in chunks. The limit applies to the chunks of all calls together.

        Raises TooLarge at the limit, KeyError when there is no such member, and BadInput for a link or damaged data.
        """
        if stat.S_ISLNK(self._members[name].external_attr >> _UNIX_MODE_SHIFT):
            raise BadInput(f"{self._file} holds a link instead of the file {name}. Pack the file itself.", file=self._file)
        for chunk in self._decompress(self._members[name]):
            self._unpacked_size += len(chunk)
            if self._unpacked_size > MAX_UNPACKED_SIZE:
                raise unpacked_size_error(self._file)
            yield chunk

    def read_member(self, name: str) -> bytes:
        """Return a member's whole content. Raises what `iterate_chunks` raises."""
        return b"".join(self.iterate_chunks(name))

    def _decompress(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        packed = self._find_packed_data(member)
        if member.compress_type == zipfile.ZIP_STORED:
            yield from (bytes(packed[start : start + CHUNK_SIZE]) for start in range(0, len(packed), CHUNK_SIZE))
        elif member.compress_type == zipfile.ZIP_DEFLATED:
            yield from self._inflate(packed)
        else:
            raise BadInput(f"{self._file} uses an unsupported compression. Pack it as an ordinary ZIP.", file=self._file)

    def _inflate(self, compressed: memoryview) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        remaining = b""
        try:
            for start in range(0, len(compressed), CHUNK_SIZE):
                remaining += compressed[start : start + CHUNK_SIZE]
                while remaining and not inflater.eof:
                    yield inflater.decompress(remaining, CHUNK_SIZE)
                    remaining = inflater.unconsumed_tail
            yield inflater.flush()
        except zlib.error as problem:
            raise self._build_damaged_error() from problem
        if not inflater.eof:
            raise self._build_damaged_error()

    def _find_packed_data(self, member: zipfile.ZipInfo) -> memoryview:
        """Locate the data by the central directory: behind the member's own header with its name and extra fields."""
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise BadInput(f"{self._file} is protected by a password. Save it without a password.", file=self._file)
        header = self._data[member.header_offset : member.header_offset + _LOCAL_HEADER_SIZE]
        if len(header) < _LOCAL_HEADER_SIZE or not header.startswith(b"PK\x03\x04"):
            raise self._build_damaged_error()
        name_and_extra = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        start = member.header_offset + _LOCAL_HEADER_SIZE + name_and_extra
        return memoryview(self._data)[start : start + member.compress_size]

    def _build_damaged_error(self) -> BadInput:
        return BadInput(f"{self._file} is damaged: it cannot be unpacked. Save or download it again.", file=self._file)
