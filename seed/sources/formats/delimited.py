"""Read CSV, TSV and similar files: text with one record per line (RFC 4180 and common deviations)."""

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

SAMPLE_LENGTH = 256 * 1024  # characters by which the delimiter is detected
_DELIMITER_DIRECTIVE = re.compile(r'"?sep=(.)"?(?:\n|\Z)')  # the first line may state the delimiter for Excel


def read_delimited(
    data: bytes, file: str, *, encoding: str | None = None, delimiter: str | None = None, header: bool | None = None
) -> Table:
    """Return the table in a delimited text. Options that are None are detected. Rows are parsed while they are iterated.

    `delimiter` is a character or its name ("tab"); `header`: whether there are headings. Raises BadInput when the file is empty
    or not in that encoding, and TooLarge when it exceeds the limits (limits.py).
    """
    require_file_size(len(data), file)
    encoded = file_format.detect_encoding(data, file, encoding)
    sample = _read_sample(_open_text(data, encoded.name))
    directive = _DELIMITER_DIRECTIVE.match(sample)
    detected = csv_records.detect_delimiter(sample, file, delimiter or (directive[1] if directive else None))
    broken_records: dict[int, None] = {}

    def rows() -> Iterator[NumberedRow]:
        text = _open_text(data, encoded.name)
        for number, cells in CsvRecords(text, file, detected.sign, detected.width, broken_records.setdefault):
            if not directive or number > 1:
                yield number, _strip_apostrophes(cells)

    table = table_grid.build_table(rows, file, header)
    return replace(table, notes=(*encoded.notes, *_describe_reading(detected, broken_records), *table.notes))


def _strip_apostrophes(cells: list[str]) -> list[str]:
    if "'" not in "".join(cells):  # faster than checking each cell of every row
        return cells
    return [cell[1:] if cell.startswith(VISIBLE_ESCAPES) else cell for cell in cells]


def _open_text(data: bytes, encoding: str) -> io.TextIOWrapper:
    """Open the text such that it is decoded while it is read, with every line end as "\\n"."""
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline=None)


def _read_sample(text: io.TextIOWrapper) -> str:
    """Return the beginning of the text, up to the end of a line if there is one."""
    sample = text.read(SAMPLE_LENGTH)
    return sample[: sample.rfind("\n") + 1] or sample if len(sample) == SAMPLE_LENGTH else sample


def _describe_reading(delimiter: Delimiter, broken_records: Iterable[int]) -> Iterator[str]:
    if delimiter.sign not in (",", NO_DELIMITER):
        yield f"Delimiter: {DELIMITER_NAMES.get(delimiter.sign, repr(delimiter.sign))}."
    numbers = sorted(broken_records)
    if numbers:
        yield f"Broken quotation marks are read as ordinary characters: {table_grid.format_row_numbers(numbers)}."
