"""CSV, TSV and their like: text with one record a line (RFC 4180, and what people make of it)."""

import io
import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from seed.export.formula_escaping import VISIBLE_ESCAPES
from seed.rows import Table
from seed.sources.formats import csv_records, file_format, table_grid
from seed.sources.formats.csv_records import DELIMITER_NAMES, NO_DELIMITER, CsvRecords, Delimiter
from seed.sources.formats.limits import require_file_size
from seed.sources.formats.table_grid import NumberedRow

SAMPLE_LENGTH = 256 * 1024  # characters by which the delimiter is found
_DELIMITER_DIRECTIVE = re.compile(r'"?sep=(.)"?(?:\n|\Z)')  # tells Excel the delimiter, in a line of its own at the very top


def read_delimited(
    data: bytes, file: str, *, encoding: str | None = None, delimiter: str | None = None, header: bool | None = None
) -> Table:
    """The table in a delimited text; what is None is found out. Rows are parted as they are iterated.

    `delimiter` is one sign or its name ("tab"); `header` tells whether there are headings. Raises BadInput when the file is empty
    or not in that encoding, and TooLarge when it holds more than is read (limits.py).
    """
    require_file_size(len(data), file)
    encoded = file_format.detect_encoding(data, file, encoding)
    sample = _read_sample(_open_text(data, encoded.name))
    directive = _DELIMITER_DIRECTIVE.match(sample)
    sign = csv_records.detect_delimiter(sample, file, delimiter or (directive[1] if directive else None))
    broken: dict[int, None] = {}

    def rows() -> Iterator[NumberedRow]:
        for number, cells in CsvRecords(_open_text(data, encoded.name), file, sign.sign, sign.width, broken.setdefault):
            if not directive or number > 1:
                yield number, _strip_apostrophes(cells)

    table = table_grid.build_table(rows, file, header)
    return replace(table, notes=(*encoded.notes, *_describe_reading(sign, broken), *table.notes))


def _strip_apostrophes(cells: list[str]) -> list[str]:
    if "'" not in "".join(cells):  # as in most rows, and sooner known than of every cell
        return cells
    return [cell[1:] if cell.startswith(VISIBLE_ESCAPES) else cell for cell in cells]


def _open_text(data: bytes, encoding: str) -> io.TextIOWrapper:
    """Decoded as it is read, every line end as "\\n"."""
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline=None)


def _read_sample(text: io.TextIOWrapper) -> str:
    """The beginning, up to the end of a line where there is one."""
    sample = text.read(SAMPLE_LENGTH)
    return sample[: sample.rfind("\n") + 1] or sample if len(sample) == SAMPLE_LENGTH else sample


def _describe_reading(sign: Delimiter, broken: Iterable[int]) -> Iterator[str]:
    if sign.sign not in (",", NO_DELIMITER):
        yield f"Cells are parted by a {DELIMITER_NAMES.get(sign.sign, repr(sign.sign))}."
    numbers = sorted(broken)
    if numbers:
        yield f"Broken quotation marks are read as they stand: {table_grid.format_row_numbers(numbers)}."
