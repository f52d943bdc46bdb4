"""CSV, TSV and their like: text with one record a line (RFC 4180, and what people make of it)."""

import io
import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from seed.readers import delimiters, encodings, grid
from seed.readers.delimiters import NAMES, NONE, Delimiter
from seed.readers.headings import Numbered
from seed.readers.limits import require_small
from seed.readers.quotes import Records
from seed.tables import Table
from seed.writers.apostrophes import VISIBLE_MARKS

SAMPLE = 256 * 1024  # characters by which the delimiter is found
_DIRECTIVE = re.compile(r'"?sep=(.)"?(?:\n|\Z)')  # tells Excel the delimiter, in a line of its own at the very top


def read(
    data: bytes, file: str, *, encoding: str | None = None, delimiter: str | None = None, header: bool | None = None
) -> Table:
    """The table in a delimited text; what is None is found out. Rows are parted as they are iterated.

    `delimiter` is one sign or its name ("tab"); `header` tells whether there are headings. Raises BadInput when the file is empty
    or not in that encoding, and TooLarge when it holds more than is read (limits.py).
    """
    require_small(len(data), file)
    encoded = encodings.found(data, file, encoding)
    sample = _sample(_opened(data, encoded.name))
    directive = _DIRECTIVE.match(sample)
    sign = delimiters.found(sample, file, delimiter or (directive[1] if directive else None))
    broken: dict[int, None] = {}

    def rows() -> Iterator[Numbered]:
        for number, cells in Records(_opened(data, encoded.name), file, sign.sign, sign.width, broken.setdefault):
            if not directive or number > 1:
                yield number, _unmarked(cells)

    table = grid.table(rows, file, header)
    return replace(table, notes=(*encoded.notes, *_told(sign, broken), *table.notes))


def _unmarked(cells: list[str]) -> list[str]:
    if "'" not in "".join(cells):  # as in most rows, and sooner known than of every cell
        return cells
    return [cell[1:] if cell.startswith(VISIBLE_MARKS) else cell for cell in cells]


def _opened(data: bytes, encoding: str) -> io.TextIOWrapper:
    """Decoded as it is read, every line end as "\\n"."""
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline=None)


def _sample(text: io.TextIOWrapper) -> str:
    """The beginning, up to the end of a line where there is one."""
    sample = text.read(SAMPLE)
    return sample[: sample.rfind("\n") + 1] or sample if len(sample) == SAMPLE else sample


def _told(sign: Delimiter, broken: Iterable[int]) -> Iterator[str]:
    if sign.sign not in (",", NONE):
        yield f"Cells are parted by a {NAMES.get(sign.sign, repr(sign.sign))}."
    numbers = sorted(broken)
    if numbers:
        yield f"Broken quotation marks are read as they stand: {grid.places(numbers)}."
