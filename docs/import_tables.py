"""What the code says of files: the headings that are recognised, the limits, and the formats in which records leave."""

from collections.abc import Iterable, Iterator, Mapping

from directory.export import flat_fields
from directory.export.formats import EXPORT_FORMATS
from directory.fields import FIELDS, Loss, Omission, SchemaNode
from directory.matching.weights import POSSIBLE_FROM, SAME_FROM
from directory.text import fold
from docs.markdown import format_table
from seed.mapping.headings import load_headings_file
from seed.sources.formats import limits

ENGLISH_EXAMPLES, SPANISH_EXAMPLES = 3, 2  # headings shown of each field
OPEN_ENDED = {"`link:…`": "a link of any other kind", "`identifier:…`": "an identifier of any other scheme"}
_SPANISH = """
de del para por acronimo actualizado anterior anteriormente apellido apellidos asuntos boletin calle cargo categorias celular
ciudad cobertura codigo comunidad comunidades condado conocido contacto correo descripcion direccion donaciones edificio enlace
entidad estado estatus estrategias etiquetas fundada fundado identificador idioma idiomas latitud lenguas longitud matriz
membresia mision municipio nombre organizacion pagina pais parroquia piso poblacion provincia puesto resumen sigla siglas sitio
telefonica telefono tema temas tipo titulo verificado visibilidad
"""
_ENGLISH_HEADINGS = {phrase for field in FIELDS.values() for phrase in field.headings.en.split(", ")}
_SPANISH_HEADINGS = {phrase for field in FIELDS.values() for phrase in field.headings.es.split(", ")}
_SPANISH_WORDS = frozenset(_SPANISH.split())  # one of these tells that a heading is Spanish


def build_columns_table() -> str:
    """Every field that a column can hold, what it is, and some headings by which it is recognised."""
    file = load_headings_file()
    rows = [
        (f"`{field}`", file.fields[field].means, *_split_examples(file.list_phrases(field)))
        for field in _sort_fields(file.fields)
    ]
    return format_table(
        ("field", "what it is", "headings", "and in Spanish"), [*rows, *((*one, "", "") for one in OPEN_ENDED.items())]
    )


def build_excluded_columns_table() -> str:
    """The columns that are never taken, with the reason."""
    rows = [
        (", ".join(group.phrases[: ENGLISH_EXAMPLES + SPANISH_EXAMPLES]), group.reason) for group in load_headings_file().kept_out
    ]
    return format_table(("headings such as", "are not imported, because"), rows)


def build_file_limits_table() -> str:
    mebibyte = 1024 * 1024
    rows = [
        ("a file", f"{limits.MAX_FILE_SIZE // mebibyte} MiB"),
        ("a file when it is unpacked: a ZIP, a spreadsheet", f"{limits.MAX_UNPACKED_SIZE // mebibyte} MiB"),
        ("rows with text, beside the headings", f"{limits.MAX_ROWS:,}"),
        ("columns", f"{limits.MAX_COLUMNS:,}"),
        ("text in a cell", f"{limits.MAX_CELL_SIZE // 1024} KiB"),
        ("lines with and without text", f"{limits.MAX_LINES:,}"),
    ]
    return format_table(("what is limited", "maximum"), rows)


def build_verdicts_table() -> str:
    rows = [
        (f"{SAME_FROM:g} and more, the names alike", "the same organization: its record is changed"),
        (f"{POSSIBLE_FROM:g} and more", "doubtful: a person decides"),
        ("less", "another organization"),
    ]
    return format_table(("points of 100", "the row is about"), rows)


def build_formats_table() -> str:
    rows = [
        (f"`{one.name}`", f"`{one.extension}`", one.description, _describe_detection(one.name)) for one in EXPORT_FORMATS.values()
    ]
    return format_table(("format", "ending", "what it is", "detected from the ending"), rows)


def build_field_formats_table() -> str:
    """Where the formats of others hold each plain field, and why they do not hold some."""
    rows = [
        (
            f"`{name}`",
            *map(_describe_place, (field.geojson or name, field.hsds or f"attribute {name}", field.json_ld, field.murmurations)),
        )
        for name, field in FIELDS.items()
    ]
    return format_table(("field", "GeoJSON", "HSDS", "JSON-LD", "Murmurations"), rows)


def _describe_place(held: str | SchemaNode | Loss | Omission) -> str:
    match held:
        case Omission(reason):
            return f"left out: {reason}"
        case Loss(name, reason):
            return f"`{name}`: {reason}"
        case SchemaNode(property, kind):
            return f"`{property}`, as the description of a node `{kind}`"
    return f"`{held}`"


def _describe_detection(name: str) -> str:
    """The first format with an ending is the one that it tells."""
    ending = EXPORT_FORMATS[name].extension
    first = next(one.name for one in EXPORT_FORMATS.values() if one.extension == ending)
    return "yes" if first == name else f"no: `--format {name}`"


def _sort_fields(known: Mapping[str, object]) -> Iterator[str]:
    """As directory/export/flat_fields.py lists them, then links and identifiers."""
    listed = [field for field in (*flat_fields.FIELDS, *flat_fields.GROUP_FIELDS) if field in known]
    yield from dict.fromkeys([*listed, *known])


def _split_examples(phrases: Iterable[str]) -> tuple[str, str]:
    phrases = tuple(phrases)
    spanish = [phrase for phrase in phrases if _is_spanish(phrase)]
    english = [phrase for phrase in phrases if phrase not in spanish]
    return ", ".join(english[:ENGLISH_EXAMPLES]), ", ".join(spanish[:SPANISH_EXAMPLES])


def _is_spanish(phrase: str) -> bool:
    """The registry says so of the headings of plain fields; of the others, their words tell."""
    if phrase in _ENGLISH_HEADINGS or phrase in _SPANISH_HEADINGS:
        return phrase in _SPANISH_HEADINGS
    return not _SPANISH_WORDS.isdisjoint(fold(phrase).split())
