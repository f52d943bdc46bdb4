"""The ZIP that a spreadsheet in XLSX, XLSB or ODS is: unpacked once and looked over before anything makes sense of it."""

from collections.abc import Iterable
from typing import NamedTuple

from directory.errors import BadInput
from seed.readers.archives import Archive
from seed.readers.limits import CELL, too_long_cell

_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")  # neither Office Open XML nor OpenDocument has any
_LONGEST_TEXT = 6 * CELL  # bytes between two tags: each character may be written as a reference, as in &quot;
_ERROR = b' t="e"'  # of a cell: its formula failed (ECMA-376, 18.18.11)
_CELLS = ("xl/worksheets/", "xl/sharedStrings", "content.xml")


class Package(NamedTuple):
    size: int  # bytes of everything that is unpacked
    spoilt: int  # cells of XLSX that hold the error of a formula


def inspected(data: bytes, file: str) -> Package:
    """What the package holds.

    Raises TooLarge when that is more than is read, and BadInput when it cannot be unpacked or declares entities.
    """
    archive = Archive(data, file)
    parts = [_Part(file, archive.pieces(name), name.startswith(_CELLS)) for name in archive.names]
    return Package(sum(part.size for part in parts), sum(part.spoilt for part in parts))


class _Part:
    """One member, gone through in pieces; what is sought may lie across two of them."""

    def __init__(self, file: str, pieces: Iterable[bytes], has_cells: bool) -> None:
        self.size = self.spoilt = 0
        self._text = 0  # bytes since the last tag
        before = b""
        for piece in pieces:
            self.size += len(piece)
            seam = before + piece
            if any(one in seam for one in _DECLARATIONS):
                raise BadInput(f"{file} declares entities, as no spreadsheet does. Save it anew as XLSX or CSV.", file=file)
            if has_cells:
                self._measure(piece, file)
                self.spoilt += seam.count(_ERROR) - before.count(_ERROR)
            before = seam[-len(_DECLARATIONS[0]) :]

    def _measure(self, piece: bytes, file: str) -> None:
        first, last = piece.find(b"<"), piece.rfind(b"<")
        self._text += len(piece) if first < 0 else first
        if self._text > _LONGEST_TEXT:
            raise too_long_cell(None, file)
        if first >= 0:
            self._text = len(piece) - last
