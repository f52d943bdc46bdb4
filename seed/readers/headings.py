"""Whether a table has headings, and where: below title lines, in its first row, or nowhere.

Headings name things; data are things. A row with an e-mail address, a number, a link, a street, a state or a value that comes
again further down is data, unless more of its cells are words that lists are headed with.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from directory.regions import REGIONS, RegionKind

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
