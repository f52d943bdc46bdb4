"""What the code says of files: the headings that are recognised, the limits, and the formats in which records leave."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import seed.columns
from directory.matching.weights import DOUBTFUL_FROM, SAME_FROM
from directory.text import fold
from docs.table import table
from seed.fields import FIELDS, GROUPED
from seed.readers import limits
from seed.writers.formats import FORMATS

ENGLISH, SPANISH = 3, 2  # headings shown of each field
OPEN_ENDED = {"`link:…`": "a link of any other kind", "`identifier:…`": "an identifier of any other scheme"}
_HEADINGS = Path(*seed.columns.__path__) / "headings.toml"
_SPANISH = """
de del para por acronimo actualizado anterior anteriormente apellido apellidos asuntos boletin calle cargo categorias celular
ciudad cobertura codigo comunidad comunidades condado conocido contacto correo descripcion direccion donaciones edificio enlace
entidad estado estatus estrategias etiquetas fundada fundado identificador idioma idiomas latitud lenguas longitud matriz
membresia mision municipio nombre organizacion pagina pais parroquia piso poblacion provincia puesto resumen sigla siglas sitio
telefonica telefono tema temas tipo verificado visibilidad
"""
_SPANISH_WORDS = frozenset(_SPANISH.split())  # one of these tells that a heading is Spanish


def columns() -> str:
    """Every field that a column can hold, what it is, and some headings by which it is recognised."""
    known = _file()["fields"]
    rows = [(f"`{field}`", known[field]["means"], *_examples(known[field]["phrases"])) for field in _in_order(known)]
    return table(("field", "what it is", "headings", "and in Spanish"), [*rows, *((*one, "", "") for one in OPEN_ENDED.items())])


def kept_out() -> str:
    """The columns that are never taken, with the reason."""
    rows = [(", ".join(one["phrases"][: ENGLISH + SPANISH]), one["reason"]) for one in _file()["kept_out"]]
    return table(("headings such as", "are not taken, because"), rows)


def file_limits() -> str:
    mebibyte = 1024 * 1024
    rows = [
        ("a file", f"{limits.FILE // mebibyte} MiB"),
        ("a file when it is unpacked: a ZIP, a spreadsheet", f"{limits.UNPACKED // mebibyte} MiB"),
        ("rows with text, beside the headings", f"{limits.ROWS:,}"),
        ("columns", f"{limits.COLUMNS:,}"),
        ("text in a cell", f"{limits.CELL // 1024} KiB"),
        ("lines with and without text", f"{limits.LINES:,}"),
    ]
    return table(("what", "at most"), rows)


def verdicts() -> str:
    rows = [
        (f"{SAME_FROM:g} and more, the names alike", "the same organization: its record is changed"),
        (f"{DOUBTFUL_FROM:g} and more", "doubtful: a person decides"),
        ("less", "another organization"),
    ]
    return table(("points of 100", "the row is about"), rows)


def formats() -> str:
    rows = [(f"`{one.name}`", f"`{one.ending}`", one.holds, _told_by_its_ending(one.name)) for one in FORMATS.values()]
    return table(("format", "ending", "what it is", "told by the ending"), rows)


def _told_by_its_ending(name: str) -> str:
    """The first format with an ending is the one that it tells."""
    ending = FORMATS[name].ending
    first = next(one.name for one in FORMATS.values() if one.ending == ending)
    return "yes" if first == name else f"no: `--format {name}`"


def _file() -> Mapping[str, Any]:
    return tomllib.loads(_HEADINGS.read_text(encoding="utf-8"))


def _in_order(known: Mapping[str, object]) -> Iterator[str]:
    """As seed/fields.py lists them, then links and identifiers."""
    listed = [field for field in (*FIELDS, *GROUPED) if field in known]
    yield from dict.fromkeys([*listed, *known])


def _examples(phrases: Iterable[str]) -> tuple[str, str]:
    phrases = tuple(phrases)
    spanish = [phrase for phrase in phrases if not _SPANISH_WORDS.isdisjoint(fold(phrase).split())]
    english = [phrase for phrase in phrases if phrase not in spanish]
    return ", ".join(english[:ENGLISH]), ", ".join(spanish[:SPANISH])
