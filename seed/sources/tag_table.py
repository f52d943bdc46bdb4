"""The table of tags: a small CSV that gives the unknown tags of a file their meaning, in one step for the whole file.

An import writes it with the columns `tag`, `term`, `nearest` and `rows`. A person fills in `term` and gives the file to the next
import. An empty term leaves a tag unknown; IGNORE_MARK leaves it out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from directory.errors import BadInput
from directory.export.formula_escaping import unescape_cell
from seed.mapping.profile_values import find_term_choice, suggest_terms
from seed.report.report_file import write_csv_file
from seed.rows import Row
from seed.sources.formats.csv_records import read_delimited
from seed.sources.formats.limits import read_file

TAG_COLUMNS = ("tag", "term", "nearest", "rows")
IGNORE_MARK = "-"


def read_tag_table(path: Path) -> dict[str, str]:
    """Return the term of each tag, in the form of a profile's [terms]. Tags without a term are left out.

    A term may be written as in `nearest`, as a slug or as a label. Raises BadInput that names the row of an unknown term.
    """
    table = read_delimited(read_file(path), path.name, header=1)
    headings = [heading.strip().lower() for heading in table.headings or ()]
    if not {"tag", "term"} <= set(headings):
        raise BadInput(f'{path.name} needs the columns "tag" and "term". Write it with --save-tags FILE.', argument="tags")
    tag_column, term_column = headings.index("tag"), headings.index("term")
    terms = {}
    for number, cells in table.rows:
        tag, term = unescape_cell(cells[tag_column]).strip(), unescape_cell(cells[term_column]).strip()
        if tag and term:
            terms[tag] = "" if term == IGNORE_MARK else _require_term(path.name, number, term)
    return terms


def _require_term(file: str, number: int, term: str) -> str:
    choice = find_term_choice(term)
    if choice is None:
        raise BadInput(f'{file}, row {number}: there is no term "{term}". {suggest_terms(term)}', argument="tags")
    return choice


def count_unknown_tags(rows: Iterable[Row]) -> tuple[Counter[str], Mapping[str, tuple[str, ...]]]:
    """Return in how many rows each unknown tag occurs, and its nearest terms."""
    counts: Counter[str] = Counter()
    nearest: dict[str, tuple[str, ...]] = {}
    for row in rows:
        counts.update(row.unknown_terms.keys())
        nearest.update(row.unknown_terms)
    return counts, nearest


def write_tag_table(rows: Iterable[Row], path: Path) -> int:
    """Write the unknown tags, most frequent first, and return their number. No file is written if there are none.

    Raises BadInput if the file exists, because a person may have filled it in, and if it cannot be written.
    """
    counts, nearest = count_unknown_tags(rows)
    if not counts:
        return 0
    if path.exists():
        raise BadInput(f"{path.name} already exists. Name another file, or use it with --tags.", argument="save_tags")
    try:
        lines = ((tag, "", ", ".join(nearest[tag]), str(count)) for tag, count in counts.most_common())
        write_csv_file(path, TAG_COLUMNS, lines)
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be written: {problem.strerror}.", argument="save_tags") from problem
    return len(counts)
