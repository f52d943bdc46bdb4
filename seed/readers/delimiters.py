"""The delimiter of a text: the one that parts its records into the same number of cells most often."""

import io
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from math import log
from typing import NamedTuple

from directory.errors import BadInput
from seed.readers.quotes import CsvRecords

DELIMITERS = (",", ";", "\t", "|")  # of several that part as well, the first
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
NO_DELIMITER = "\x1f"  # ASCII's unit separator, which nobody types: of a single column, where a comma is part of a name
SAMPLE_RECORDS = 200  # looked at
MIN_SHARE = 0.5  # of the records that have the usual width; below, a delimiter is only punctuation
MIN_SHARE_BELOW_TITLES = 0.8  # and at least three cells, where lines above them are left out of the count
_DELIMITERS_BY_NAME = {name: sign for sign, name in DELIMITER_NAMES.items()} | {"pipe": "|", "\\t": "\t"}


class Delimiter(NamedTuple):
    sign: str
    width: int  # the cells that most records have, as far as was looked; 0 where there are none


def detect_delimiter(sample: str, file: str, delimiter: str | None = None) -> Delimiter:
    """The delimiter of the lines in `sample`; NONE where they have one column. Raises BadInput when `told` cannot be one."""
    if delimiter is not None:
        sign = _DELIMITERS_BY_NAME.get(delimiter.strip(" ").lower(), delimiter)
        if len(sign) != 1 or sign.isalnum() or sign in "\"'\n\r\0":
            raise BadInput(f"{delimiter[:40]!r} cannot be a delimiter; it is one sign, such as a comma.", argument="delimiter")
        return Delimiter(sign, _find_usual_width(_count_cells(sample, file, sign)))
    widths = {sign: _count_cells(sample, file, sign) for sign in DELIMITERS if sign in sample}
    sign = max(widths, key=lambda sign: (_score_evenness(widths[sign]), _find_usual_width(widths[sign])), default=NO_DELIMITER)
    usual = _find_usual_width(widths.get(sign, ()))
    return Delimiter(NO_DELIMITER, 1) if usual == 1 else Delimiter(sign, usual or 1)


def _count_cells(sample: str, file: str, sign: str) -> list[int]:
    """Of the records with text. Cells that are empty at a record's end count: they are part of the pattern."""
    records = islice(CsvRecords(io.StringIO(sample), file, sign), SAMPLE_RECORDS)
    return [len(cells) for _, cells in records if any(map(str.strip, cells))]


def _find_usual_width(widths: Sequence[int]) -> int:
    """The commonest width; of several as common, the widest."""
    return max(Counter(widths).items(), key=lambda width: (width[1], width[0]))[0] if widths else 0


def _score_evenness(widths: Sequence[int]) -> float:
    """0 for what parts nothing. Evenness weighs more than the number of cells: a comma within names parts some rows into many."""
    even = _score_usual_width(widths, MIN_SHARE)
    if not even:
        below = [number for number, width in enumerate(widths) if width > 1]
        even = _score_usual_width(widths[below[0] :], MIN_SHARE_BELOW_TITLES, narrowest=3) if below else 0
    return even


def _score_usual_width(widths: Sequence[int], least: float, narrowest: int = 2) -> float:
    usual = _find_usual_width(widths)
    share = widths.count(usual) / len(widths) if widths else 0
    return share**2 * log(usual) if usual >= narrowest and share >= least else 0
