"""Whether a table has headings, and where: below title lines, in its first row, or nowhere.

Headings name things; data are things. A row with an e-mail address, a number, a link, a street, a state or a value that comes
again further down is data, unless more of its cells are words that lists are headed with.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from directory.errors import BadInput
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from seed.rows import Table
from seed.sources.formats.limits import require_row_count, require_row_size

NumberedRow = tuple[int, list[str]]

MAX_HEADING_LENGTH = 80  # characters of a heading; forms ask longer questions, which end in a question mark
MIN_TITLE_SHARE = 0.5  # of the usual number of filled cells; a line with fewer stands above the headings
_HEADING_WORD_TEXT = """
    id key slug uuid uid no number name names organization organizations organisation org group agency title legal dba aka alias
    acronym abbreviation short full former alternate other type kind category categories status url urls web website websites
    site homepage link links page email emails e mail phone phones telephone tel mobile cell fax ext extension contact contacts
    person first last middle staff director role position address addresses street line suite unit apt city town municipality
    state states province region county zip zipcode zip4 postal code postcode country latitude longitude lat lon lng location
    locations mailing physical office main primary secondary description descriptions summary about mission notes note comments
    ein tax irs duns ntee founded year established ruling date created updated modified verified joined member members membership
    language languages issue issues area areas focus theme themes topic topics tag tags keywords service services served serving
    population populations community communities program programs audience source sources parent facebook twitter instagram
    linkedin youtube asset income revenue subsection classification foundation activity deductibility affiliation timestamp
    identifier scheme value label uri version
    of the and or for
    nombre nombres organizacion organizaciones grupo tipo sitio pagina enlace correo electronico telefono celular contacto persona
    apellido cargo direccion calle ciudad municipio estado provincia condado codigo pais latitud longitud ubicacion descripcion
    resumen mision notas fecha ano fundacion miembro idioma idiomas tema temas etiquetas servicios comunidad comunidades
    de del la el los las y
"""
_HEADING_WORDS = frozenset(_HEADING_WORD_TEXT.split())
_ACCENTS = str.maketrans("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunAEIOUUN")
_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
_STATES = frozenset(region.code[3:] for region in REGIONS if region.kind is RegionKind.STATE and region.code.startswith("US-"))
_STATE_CODES_IN_HEADINGS = {"ID", "OR"}  # states' codes that lists are headed with, or that occur in sentences
_DATA_TESTS: tuple[Callable[[str], object], ...] = (
    re.compile(r"[^\s@]++@[^\s@][^\s@.]*+\.[^\s@]+").fullmatch,
    re.compile(r"(https?://|www\.)\S+|[\w-]+(\.[\w-]+)*\.(org|com|net|edu|gov|info|us)(/\S*)?", re.I).fullmatch,
    re.compile(r"(?!(19|20)\d\d$)[\s().+\-/,:$%#]*\d[\s\d().+\-/,:$%#]*").fullmatch,  # but a year may head a column
    re.compile(r"(?!(19|20)\d\d )\d+[a-z]? +[^\W\d].*", re.I).fullmatch,  # a street with its number
    lambda cell: cell in _STATES and cell not in _STATE_CODES_IN_HEADINGS,
)


class HeaderRow(NamedTuple):
    """How a table begins. `titles` are the rows above the headings, `number` is that of the headings."""

    headings: tuple[str, ...] | None = None
    number: int = 0
    titles: tuple[NumberedRow, ...] = ()


def detect_header_row(rows: Sequence[NumberedRow], has_header: bool | None = None) -> HeaderRow:
    """How the table begins that begins with these rows, all of which have text. `told` says whether it has headings."""
    if has_header is False or not rows:
        return HeaderRow()
    at = _find_first_full_row(rows)
    if has_header is None and not _is_heading(rows, at):
        at = 0
        if not _is_heading(rows, at):
            return HeaderRow()
    return HeaderRow(tuple(" ".join(cell.split()) for cell in rows[at][1]), rows[at][0], tuple(rows[:at]))


def deduplicate_headings(headings: Sequence[str], columns: int) -> tuple[str, ...]:
    """As many headings as columns, no two alike: a second `Email` is `Email 2`, one without text is `column 7`."""
    taken: set[str] = set()
    made = []
    for position in range(max(columns, len(headings))):
        heading = headings[position] if position < len(headings) else ""
        name = (
            heading
            if heading and heading not in taken
            else _find_free_name(heading or f"column {position + 1}", taken.union(headings))
        )
        taken.add(name)
        made.append(name)
    return tuple(made)


def _find_free_name(base_name: str, taken: set[str]) -> str:
    number = 2
    name = base_name
    while name in taken:
        name, number = f"{base_name} {number}", number + 1
    return name


def _find_first_full_row(rows: Sequence[NumberedRow]) -> int:
    """The position of the first row with about as many filled cells as the others have."""
    filled = [sum(map(bool, map(str.strip, cells))) for _, cells in rows]
    usual = max(Counter(filled).items(), key=lambda count: (count[1], count[0]))[0]
    if usual < 2:
        return 0
    return next((at for at, count in enumerate(filled) if count >= 2 and count > usual * MIN_TITLE_SHARE), 0)


def _is_heading(rows: Sequence[NumberedRow], at: int) -> bool:
    cells = [cell.strip() for cell in rows[at][1]]
    known = sum(1 for cell in cells if cell and is_heading_word(cell))
    below = [row for row in rows[at + 1 :] if row[1] != rows[at][1]]  # where lists were joined, the headings come again
    data = sum(1 for at, cell in enumerate(cells) if cell and not is_heading_word(cell) and _is_data(cell, at, below))
    is_list_of_names = sum(map(bool, cells)) == 1
    return known > data or (data == 0 and not is_list_of_names)


def is_heading_word(cell: str) -> bool:
    """Whether all its words are such as lists are headed with (`Zip Code`, `ContactEmail`), or it names a field (`link_id`)."""
    words = _WORD.findall(cell.translate(_ACCENTS))
    if _FIELD_NAME.fullmatch(cell):
        return True
    return 0 < len(words) <= 6 and all(word.lower() in _HEADING_WORDS for word in words)


def _is_data(cell: str, position: int, below: Sequence[NumberedRow]) -> bool:
    if len(cell) > MAX_HEADING_LENGTH:
        return not cell.endswith("?")
    return any(is_data(cell) for is_data in _DATA_TESTS) or any(
        position < len(cells) and cells[position].strip() == cell for _, cells in below
    )


RowSource = Callable[[], Iterator[NumberedRow]]

SAMPLE_ROWS = 50  # rows by which headings are recognised
MAX_SAMPLE_LENGTH = 1_000_000  # characters of them at most
MAX_LISTED_ROWS = 5  # numbers of rows in a note
_MAX_TITLE_LENGTH = 60  # characters of a skipped title
_FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#ERROR!"})


def build_table(grid: RowSource, file: str, header: bool | None) -> Table:
    """The grid as a Table. `header` tells whether it has headings; None leaves it to be found out.

    Raises TooLarge when it has more rows, columns or text in a cell than are read, and BadInput when it has no text at all.
    """
    filled = _skip_empty_rows(grid, file)
    sample = _sample_rows(filled)
    if not sample:
        raise BadInput(f"{file} is empty. Give a file with at least one row.", file=file)
    top = detect_header_row(sample, header)
    seen = _GridSurvey(filled, top, file)
    named = deduplicate_headings(top.headings, seen.width) if top.headings is not None else None
    width = len(named) if named is not None else seen.width
    return Table(file, named, _normalize_rows(filled, top, width), tuple(_describe_table(top, named, seen)))


def format_row_numbers(numbers: Sequence[int]) -> str:
    """Where something is: "row 3", "rows 3, 4", "rows 3, 4, 5, 6, 7 and 2 more"."""
    shown = ", ".join(f"{number:,}" for number in numbers[:MAX_LISTED_ROWS])
    more = f" and {len(numbers) - MAX_LISTED_ROWS:,} more" if len(numbers) > MAX_LISTED_ROWS else ""
    return f"row{'s' if len(numbers) > 1 else ''} {shown}{more}"


def _skip_empty_rows(grid: RowSource, file: str) -> RowSource:
    """Rows with text, each within the limits."""

    def rows() -> Iterator[NumberedRow]:
        for number, cells in grid():
            if any(map(str.strip, cells)):
                require_row_size(number, cells, file)
                yield number, cells

    return rows


def _sample_rows(source: RowSource) -> list[NumberedRow]:
    sample: list[NumberedRow] = []
    text = 0
    for number, cells in source():
        text += sum(map(len, cells))
        if len(sample) == SAMPLE_ROWS or (sample and text > MAX_SAMPLE_LENGTH):
            break
        sample.append((number, cells))
    return sample


class _GridSurvey:
    """What a whole grid holds. Raises TooLarge for more rows than are read."""

    def __init__(self, source: RowSource, top: HeaderRow, file: str) -> None:
        self.width = 0  # up to the last cell with text
        self.overlong_rows: list[int] = []  # rows with text beyond the last heading
        self.formula_error_rows: list[int] = []  # rows with the error of a formula
        headed = len(top.headings) if top.headings is not None else None
        for count, (number, cells) in enumerate(_iterate_data_rows(source, top), start=1):
            require_row_count(count, file)
            if len(cells) > self.width:
                self.width = max(self.width, _find_last_filled(cells))
            if headed is not None and len(cells) > headed and _find_last_filled(cells) > headed:
                self.overlong_rows.append(number)
            if not _FORMULA_ERRORS.isdisjoint(cells):
                self.formula_error_rows.append(number)


def _iterate_data_rows(source: RowSource, top: HeaderRow) -> Iterator[NumberedRow]:
    return (row for row in source() if row[0] > top.number)


def _find_last_filled(cells: Sequence[str]) -> int:
    return next((count for count in range(len(cells), 0, -1) if cells[count - 1].strip()), 0)


def _normalize_rows(source: RowSource, top: HeaderRow, width: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, cells in _iterate_data_rows(source, top):
        whole = ["" if cell in _FORMULA_ERRORS else cell for cell in cells] if not _FORMULA_ERRORS.isdisjoint(cells) else cells
        yield number, (*whole[:width], *[""] * (width - len(whole)))


def _describe_table(top: HeaderRow, headings: Sequence[str] | None, survey: _GridSurvey) -> Iterator[str]:
    if headings is None:
        yield "No headings were found: every row is taken for data, and columns are known by their position."
    if top.titles:
        shown = " ".join(cell.strip() for cell in top.titles[0][1] if cell.strip())[:_MAX_TITLE_LENGTH]
        yield f"Above the headings, {format_row_numbers([number for number, _ in top.titles])} left out: {shown}"
    if headings is not None and top.headings is not None:
        changed = [new for old, new in zip(top.headings, headings, strict=False) if old != new]
        if changed:
            yield f"Headings must differ and have text; so some became: {', '.join(changed)}"
    if survey.overlong_rows and headings is not None and top.headings is not None:
        extra = ", ".join(headings[len(top.headings) :])
        yield f"More cells than headings in {format_row_numbers(survey.overlong_rows)}; what is beyond stands in: {extra}"
    if survey.formula_error_rows:
        yield f"Errors of formulas, such as #N/A, are read as empty cells: {format_row_numbers(survey.formula_error_rows)}."
