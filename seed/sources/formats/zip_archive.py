"""Unpack ZIP files in chunks and within a limit, whatever sizes they declare."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator

from directory.errors import BadInput, TooLarge
from seed.sources.formats.limits import MAX_UNPACKED_SIZE, unpacked_size_error

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
