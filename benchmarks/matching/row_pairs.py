"""Labelled pairs of a record that the directory has and a row of a spreadsheet. Their file says how they were written."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from directory.matching.evidence import Verdict

PAIRS_FILE = Path(__file__).parents[2] / "tests" / "directory" / "matching" / "row_pairs.txt"
HEADINGS = {
    "name": "Organization",
    "street": "Street",
    "city": "City",
    "state": "State",
    "zip": "ZIP",
    "tel": "Phone",
    "web": "Website",
    "mail": "Email",
    "ein": "EIN",
    "also": "Also known as",
    "former": "Former name",
    "parent": "Parent",
    "founded": "Year founded",
    "contact": "Contact person",
}
_ADDRESS = re.compile(r"(?P<place>.+?)(?:, (?P<state>[A-Z]{2})(?: (?P<zip>\d{5}))?)?")


class RowPair(Struct, frozen=True):
    """The cells of a record and of a row, by the keys of HEADINGS, and what a careful person decides who sees only these.

    `is_hard`: a value that agrees or differs is misleading.
    """

    label: Verdict
    case: str
    is_hard: bool
    record: Mapping[str, str]
    row: Mapping[str, str]


def read_row_pairs(file: Path = PAIRS_FILE) -> list[RowPair]:
    """Return the pairs in their order. Raises ValueError or KeyError for a line that is not written as the file describes."""
    sections = re.split(r"^## ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [pair for section in sections for pair in _parse_section(section)]


def write_rows(file: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows as a CSV file with a column for each heading."""
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(HEADINGS.values())
        writer.writerows([row.get(key, "") for key in HEADINGS] for row in rows)


def _parse_section(section: str) -> Iterator[RowPair]:
    title, *lines = filter(None, section.splitlines())
    label, case = title.split(" | ")
    verdict, *hard = label.split()
    for record, row in zip(lines[::2], lines[1::2], strict=True):
        yield RowPair(Verdict[verdict], case, hard == ["hard"], _parse_line(record), _parse_line(row))


def _parse_line(line: str) -> dict[str, str]:
    name, address, *others = line.split(" | ")
    match = _ADDRESS.fullmatch(address)
    if match is None:
        raise ValueError(f'The address of "{name}" is empty. Write "street, city, ST ZIP"; all but the city can be left out.')
    street, _, city = match["place"].rpartition(", ")
    cells = {"name": name, "street": street, "city": city, "state": match["state"] or "", "zip": match["zip"] or ""}
    other_cells = dict(text.split(" ", 1) for text in others)
    if not other_cells.keys() <= HEADINGS.keys():
        raise KeyError(*other_cells.keys() - HEADINGS.keys())
    return {**cells, **other_cells}
