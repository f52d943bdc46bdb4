"""The ZIP that a spreadsheet in XLSX, XLSB or ODS is: unpacked once and looked over before anything makes sense of it."""

from collections.abc import Iterable
from typing import NamedTuple

from directory.errors import BadInput
from seed.readers.archives import ZipArchive
from seed.readers.limits import MAX_CELL_SIZE, cell_error

_ENTITY_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")  # neither Office Open XML nor OpenDocument has any
_MAX_TEXT_SIZE = 6 * MAX_CELL_SIZE  # bytes between two tags: each character may be written as a reference, as in &quot;
_ERROR_CELL = b' t="e"'  # of a cell: its formula failed (ECMA-376, 18.18.11)
_CELL_FILES = ("xl/worksheets/", "xl/sharedStrings", "content.xml")


class PackageInspection(NamedTuple):
    size: int  # bytes of everything that is unpacked
    formula_errors: int  # cells of XLSX that hold the error of a formula


def inspect_package(data: bytes, file: str) -> PackageInspection:
    """What the package holds.

    Raises TooLarge when that is more than is read, and BadInput when it cannot be unpacked or declares entities.
    """
    archive = ZipArchive(data, file)
    parts = [_PackageMember(file, archive.iterate_chunks(name), name.startswith(_CELL_FILES)) for name in archive.names]
    return PackageInspection(sum(part.size for part in parts), sum(part.formula_errors for part in parts))


class _PackageMember:
    """One member, gone through in pieces; what is sought may lie across two of them."""

    def __init__(self, file: str, pieces: Iterable[bytes], has_cells: bool) -> None:
        self.size = self.formula_errors = 0
        self._text_size = 0  # bytes since the last tag
        before = b""
        for piece in pieces:
            self.size += len(piece)
            seam = before + piece
            if any(one in seam for one in _ENTITY_DECLARATIONS):
                raise BadInput(f"{file} declares entities, as no spreadsheet does. Save it anew as XLSX or CSV.", file=file)
            if has_cells:
                self._measure(piece, file)
                self.formula_errors += seam.count(_ERROR_CELL) - before.count(_ERROR_CELL)
            before = seam[-len(_ENTITY_DECLARATIONS[0]) :]

    def _measure(self, piece: bytes, file: str) -> None:
        first, last = piece.find(b"<"), piece.rfind(b"<")
        self._text_size += len(piece) if first < 0 else first
        if self._text_size > _MAX_TEXT_SIZE:
            raise cell_error(None, file)
        if first >= 0:
            self._text_size = len(piece) - last
