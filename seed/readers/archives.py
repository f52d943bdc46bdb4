"""ZIP files, unpacked piece by piece and never further than the limit, whatever they say of their own sizes."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator

from directory.errors import BadInput, TooLarge
from seed.readers.limits import UNPACKED, too_much_unpacked

MEMBERS = 2_000  # files in a ZIP; a workbook with a hundred sheets has some three hundred
PIECE = 64 * 1024  # bytes unpacked at a time
_ENTRY = b"PK\x01\x02"  # begins each line of the list of members (PKWARE APPNOTE 4.3.12)
_LOCAL_HEADER = 30  # bytes before the name of a member (APPNOTE 4.3.7)
_ENCRYPTED = 0x1
_MODE = 16  # bits below the mode that a file has on Unix


class Archive:
    """The members of a ZIP. Raises TooLarge when they are too many, and BadInput when their list cannot be read."""

    def __init__(self, data: bytes, file: str) -> None:
        self._data, self._file = data, file
        self._unpacked = 0
        if data.count(_ENTRY) > MEMBERS:  # before zipfile makes an object of each
            raise TooLarge(
                f"{file} holds more than {MEMBERS:,} files. Pack only those that are needed.", limit=MEMBERS, file=file
            )
        try:
            listed = zipfile.ZipFile(io.BytesIO(data)).infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as problem:
            raise self._damaged() from problem
        self._members = {one.filename: one for one in listed if not one.is_dir()}
        self.names = tuple(self._members)

    def pieces(self, name: str) -> Iterator[bytes]:
        """A member's content, piece by piece. What all calls have unpacked counts together towards the limit.

        Raises TooLarge at the limit, KeyError when there is no such member, and BadInput when it cannot be unpacked or is
        a link.
        """
        if stat.S_ISLNK(self._members[name].external_attr >> _MODE):
            raise BadInput(f"{self._file} holds a link in place of the file {name}. Pack the file itself.", file=self._file)
        for piece in self._inflated(self._members[name]):
            self._unpacked += len(piece)
            if self._unpacked > UNPACKED:
                raise too_much_unpacked(self._file)
            yield piece

    def content(self, name: str) -> bytes:
        """A member's whole content; raises what `pieces` raises."""
        return b"".join(self.pieces(name))

    def _inflated(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        packed = self._packed(member)
        if member.compress_type == zipfile.ZIP_STORED:
            yield from (bytes(packed[start : start + PIECE]) for start in range(0, len(packed), PIECE))
        elif member.compress_type == zipfile.ZIP_DEFLATED:
            yield from self._deflated(packed)
        else:
            raise BadInput(f"{self._file} is packed in a way that is not read here. Pack it as an ordinary ZIP.", file=self._file)

    def _deflated(self, packed: memoryview) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        rest = b""
        try:
            for start in range(0, len(packed), PIECE):
                rest += packed[start : start + PIECE]
                while rest and not inflater.eof:
                    yield inflater.decompress(rest, PIECE)
                    rest = inflater.unconsumed_tail
            yield inflater.flush()
        except zlib.error as problem:
            raise self._damaged() from problem
        if not inflater.eof:
            raise self._damaged()

    def _packed(self, member: zipfile.ZipInfo) -> memoryview:
        """Where the list of members says it is: behind the member's own header with its name and extra fields."""
        if member.flag_bits & _ENCRYPTED:
            raise BadInput(f"{self._file} is protected by a password. Save it without one.", file=self._file)
        header = self._data[member.header_offset : member.header_offset + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
            raise self._damaged()
        beside = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        start = member.header_offset + _LOCAL_HEADER + beside
        return memoryview(self._data)[start : start + member.compress_size]

    def _damaged(self) -> BadInput:
        return BadInput(f"{self._file} is damaged: it cannot be unpacked. Save or download it again.", file=self._file)
