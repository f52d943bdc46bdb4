"""Turn a grid of cells into a table: detect its heading row, name its columns, leave out extra rows and check its size.

The headings may be in the first row, below title lines, or missing. A line of group headings above them is a title too. A row
with an e-mail address, a number, a link, a street, a state or a value that occurs again further down is data, unless more of its
cells consist of words that are common in headings.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from directory.errors import BadInput
from directory.fields import FIELDS
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from seed.rows import Table
from seed.sources.formats.extra_rows import ExtraKind, ExtraRow, ExtraRowFinder, describe_extra_rows
from seed.sources.formats.limits import ALWAYS_SAFE_LENGTH, MAX_COLUMNS, MAX_ROWS, require_row_count, require_row_size

NumberedRow = tuple[int, list[str]]
RowSource = Callable[[], Iterator[NumberedRow]]
HeaderOption: TypeAlias = bool | int | None
"""Where the headings are: True: in the first row or below titles; False: nowhere; a number: in that line; None: detect it."""

MAX_HEADING_LENGTH = 80  # characters; forms ask longer questions, which end in a question mark
MIN_TITLE_SHARE = 0.5  # of the usual number of filled cells; a line with fewer is a title above the headings
SAMPLE_ROWS = 50  # rows from which headings are recognized
MAX_SAMPLE_LENGTH = 1_000_000  # characters of the sample
MAX_HEADING_ROWS = 15  # rows at the beginning that may be the headings
MIN_KNOWN_SHARE = 0.5  # share of a row's cells whose words are common in headings, from which it is surely the headings
MAX_LISTED_ROWS = 5  # row numbers in a note
_MAX_TITLE_LENGTH = 60  # characters of a skipped title in a note
_FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#ERROR!"})
# Not all words of headings.toml: there, many are ordinary words that occur in data too.
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
_HEADING_WORDS = frozenset((*_HEADING_WORD_TEXT.split(), *(name for name in FIELDS if "_" not in name)))
_ACCENTS = str.maketrans("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunAEIOUUN")
_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
_STATES = frozenset(region.code[3:] for region in REGIONS if region.kind is RegionKind.STATE and region.code.startswith("US-"))
_STATE_CODES_IN_HEADINGS = {"ID", "OR"}  # state codes that are also headings or words
_DATA_TESTS: tuple[Callable[[str], object], ...] = (
    re.compile(r"[^\s@]++@[^\s@][^\s@.]*+\.[^\s@]+").fullmatch,
    re.compile(r"(https?://|www\.)\S+|[\w-]+(\.[\w-]+)*\.(org|com|net|edu|gov|info|us)(/\S*)?", re.I).fullmatch,
    re.compile(r"(?!(19|20)\d\d$)[\s().+\-/,:$%#]*\d[\s\d().+\-/,:$%#]*").fullmatch,  # a year may be a heading
    re.compile(r"(?!(19|20)\d\d )\d+[a-z]? +[^\W\d].*", re.I).fullmatch,  # a street with its number
    lambda cell: cell in _STATES and cell not in _STATE_CODES_IN_HEADINGS,
)


class HeaderRow(NamedTuple):
    """The beginning of a table. `titles` are the rows above the headings; `number` is the number of the heading row."""

    headings: tuple[str, ...] | None = None
    number: int = 0
    titles: tuple[NumberedRow, ...] = ()


def detect_header_row(rows: Sequence[NumberedRow], header: HeaderOption = None) -> HeaderRow:
    """Find the headings of the table that begins with these rows, all of which have text.

    Raises BadInput if `header` is the number of a line that is not among the rows.
    """
    if header is False or not rows:
        return HeaderRow()
    if header is None or header is True:
        position = _find_heading_position(rows, is_certain=header is True)
    else:
        position = next((position for position, (number, _) in enumerate(rows) if number == header), None)
        if position is None:
            lines = f"the first {len(rows)} lines with text"
            raise BadInput(f"Line {header} cannot hold the headings: it is not among {lines}.", argument="header")
    if position is None:
        return HeaderRow()
    return HeaderRow(tuple(" ".join(cell.split()) for cell in rows[position][1]), rows[position][0], tuple(rows[:position]))


def _find_heading_position(rows: Sequence[NumberedRow], is_certain: bool) -> int | None:
    """Return the position of the headings: a row of heading words, or else the first full or first row if it may be.

    `is_certain`: there are headings, so the first full row is taken for them.
    """
    full_rows = _list_full_rows(rows)
    known = [position for position in full_rows[:MAX_HEADING_ROWS] if _has_known_headings(rows, position)]
    first = full_rows[0] if full_rows else 0
    if known and known[0] < MAX_HEADING_ROWS:
        is_below_groups = known[1:2] == [known[0] + 1] and _count_filled(rows, known[1]) > _count_filled(rows, known[0])
        return known[1] if is_below_groups else known[0]
    if is_certain or _is_heading(rows, first):
        return first
    return 0 if _is_heading(rows, 0) else None


def _count_filled(rows: Sequence[NumberedRow], position: int) -> int:
    return sum(map(bool, map(str.strip, rows[position][1])))


def _has_known_headings(rows: Sequence[NumberedRow], position: int) -> bool:
    known = sum(1 for cell in rows[position][1] if cell.strip() and is_heading_word(cell.strip()))
    return known >= max(2, MIN_KNOWN_SHARE * _count_filled(rows, position)) and _is_heading(rows, position)


def deduplicate_headings(headings: Sequence[str], columns: int) -> tuple[str, ...]:
    """Return one distinct heading for each column: a second `Email` becomes `Email 2`, an empty one `column 7`."""
    taken: set[str] = set()
    distinct = []
    for position in range(max(columns, len(headings))):
        heading = headings[position] if position < len(headings) else ""
        if not heading or heading in taken:
            heading = _find_free_name(heading or f"column {position + 1}", taken.union(headings))
        taken.add(heading)
        distinct.append(heading)
    return tuple(distinct)


def _find_free_name(base_name: str, taken: set[str]) -> str:
    number = 2
    name = base_name
    while name in taken:
        name, number = f"{base_name} {number}", number + 1
    return name


def _list_full_rows(rows: Sequence[NumberedRow]) -> list[int]:
    """Return the positions of the rows with about as many filled cells as most rows of several cells."""
    filled = [_count_filled(rows, position) for position in range(len(rows))]
    counts = Counter(count for count in filled if count > 1)
    if not counts or (len(rows) > 1 and max(counts.values()) < 2):
        return [0]
    usual = max(counts.items(), key=lambda count: (count[1], count[0]))[0]
    return [position for position, count in enumerate(filled) if count > 1 and count > usual * MIN_TITLE_SHARE]


def _is_heading(rows: Sequence[NumberedRow], position: int) -> bool:
    cells = [cell.strip() for cell in rows[position][1]]
    known = sum(1 for cell in cells if cell and is_heading_word(cell))
    below = [row for row in rows[position + 1 :] if row[1] != rows[position][1]]  # joined lists repeat their headings
    data = sum(1 for column, cell in enumerate(cells) if cell and not is_heading_word(cell) and _is_data(cell, column, below))
    is_list_of_names = sum(map(bool, cells)) == 1
    return known > data or (data == 0 and not is_list_of_names)


def is_heading_word(cell: str) -> bool:
    """Return whether all its words are common in headings (`Zip Code`, `ContactEmail`), or it is a field name (`link_id`)."""
    words = _WORD.findall(cell.translate(_ACCENTS))
    if _FIELD_NAME.fullmatch(cell):
        return True
    return 0 < len(words) <= 6 and all(word.lower() in _HEADING_WORDS for word in words)


def _is_data(cell: str, column: int, below: Sequence[NumberedRow]) -> bool:
    if len(cell) > MAX_HEADING_LENGTH:
        return not cell.endswith("?")
    return any(is_data(cell) for is_data in _DATA_TESTS) or any(
        column < len(cells) and cells[column].strip() == cell for _, cells in below
    )


def build_table(grid: RowSource, file: str, header: HeaderOption) -> Table:
    """Return the grid as a Table.

    Raises TooLarge when it exceeds the limits (limits.py), and BadInput when it has no text.
    """
    filled_rows = _skip_empty_rows(grid, file)
    sample = _sample_rows(filled_rows)
    if not sample:
        raise BadInput(f"{file} is empty. Give a file with at least one row.", file=file)
    top = detect_header_row(sample, header)
    survey = _GridSurvey(filled_rows, top, [cells for number, cells in sample if number > top.number], file)
    headings = deduplicate_headings(top.headings, survey.width) if top.headings is not None else None
    width = len(headings) if headings is not None else survey.width
    rows = _normalize_rows(filled_rows, top, frozenset(row.number for row in survey.extra_rows), width)
    notes = (*_describe_table(top, headings, survey), *describe_extra_rows(survey.extra_rows))
    titles = tuple(" ".join(filter(None, map(str.strip, cells))) for _, cells in top.titles)
    sections = tuple((row.number, row.text) for row in survey.extra_rows if row.kind is ExtraKind.SECTION)
    return Table(file, headings, rows, notes, titles, sections)


def format_row_numbers(numbers: Sequence[int]) -> str:
    """Return row numbers as text: "row 3", "rows 3, 4", "rows 3, 4, 5, 6, 7 and 2 more"."""
    shown = ", ".join(f"{number:,}" for number in numbers[:MAX_LISTED_ROWS])
    more = f" and {len(numbers) - MAX_LISTED_ROWS:,} more" if len(numbers) > MAX_LISTED_ROWS else ""
    return f"row{'s' if len(numbers) > 1 else ''} {shown}{more}"


def _skip_empty_rows(grid: RowSource, file: str) -> RowSource:
    """Return a source of the rows with text, each checked against the limits."""

    def rows() -> Iterator[NumberedRow]:
        for number, cells in grid():
            if any(map(str.strip, cells)):
                if len(cells) > MAX_COLUMNS or max(map(len, cells)) > ALWAYS_SAFE_LENGTH:
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
    """Properties of the whole grid. Raises TooLarge when it has too many rows."""

    def __init__(self, source: RowSource, top: HeaderRow, sample: Sequence[Sequence[str]], file: str) -> None:
        self.width = 0  # up to the last cell with text
        self.overlong_rows: list[int] = []  # numbers of rows with text beyond the last heading
        self.formula_error_rows: list[int] = []
        finder = ExtraRowFinder(top.headings, sample)
        heading_count = len(top.headings) if top.headings is not None else None
        for count, (number, cells) in enumerate(_iterate_data_rows(source, top), start=1):
            if count > MAX_ROWS:
                require_row_count(count, file)
            if len(cells) > self.width:
                self.width = max(self.width, _find_last_filled(cells))
            if heading_count is not None and len(cells) > heading_count and _find_last_filled(cells) > heading_count:
                self.overlong_rows.append(number)
            if not _FORMULA_ERRORS.isdisjoint(cells):
                self.formula_error_rows.append(number)
            finder.add(number, cells)
        self.extra_rows: Sequence[ExtraRow] = finder.finish()


def _iterate_data_rows(source: RowSource, top: HeaderRow) -> Iterator[NumberedRow]:
    return (row for row in source() if row[0] > top.number)


def _find_last_filled(cells: Sequence[str]) -> int:
    return next((count for count in range(len(cells), 0, -1) if cells[count - 1].strip()), 0)


def _normalize_rows(
    source: RowSource, top: HeaderRow, extra_rows: Container[int], width: int
) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, cells in _iterate_data_rows(source, top):
        if number in extra_rows:
            continue
        values = ["" if cell in _FORMULA_ERRORS else cell for cell in cells] if not _FORMULA_ERRORS.isdisjoint(cells) else cells
        yield number, (*values[:width], *[""] * (width - len(values)))


def _shorten_title(cells: Sequence[str]) -> str:
    text = " ".join(cell.strip() for cell in cells if cell.strip())
    return text if len(text) <= _MAX_TITLE_LENGTH else f"{text[: _MAX_TITLE_LENGTH - 1]}…"


def _describe_table(top: HeaderRow, headings: Sequence[str] | None, survey: _GridSurvey) -> Iterator[str]:
    if headings is None:
        yield "No headings were found. Every row is read as data, and columns are named by their position."
    if top.titles:
        shown = "; ".join(f'"{_shorten_title(cells)}"' for _, cells in top.titles[:MAX_LISTED_ROWS])
        yield f"Left out above the headings, {format_row_numbers([number for number, _ in top.titles])}: {shown}"
    if headings is not None and top.headings is not None:
        changed = [new for old, new in zip(top.headings, headings, strict=False) if old != new]
        if changed:
            yield f"Headings must be distinct and have text. Renamed: {', '.join(changed)}"
    if survey.overlong_rows and headings is not None and top.headings is not None:
        extra = ", ".join(headings[len(top.headings) :])
        yield f"More cells than headings in {format_row_numbers(survey.overlong_rows)}. The extra cells are in: {extra}"
    if survey.formula_error_rows:
        yield f"Formula errors, such as #N/A, are read as empty cells: {format_row_numbers(survey.formula_error_rows)}."
