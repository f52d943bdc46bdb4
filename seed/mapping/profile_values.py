"""Check the values of a profile's file, and read tags from a table. Each error names the file, the key and what to do.

The table of tags is a small CSV that gives the unknown tags of a file their meaning, in one step for the whole file. An import
writes it with the columns `tag`, `term`, `nearest` and `rows`. A person fills in `term` and gives the file to the next import. An
empty term leaves a tag unknown; IGNORE_MARK leaves it out.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NoReturn

from rapidfuzz import process

from directory.errors import BadInput
from directory.export.flat_fields import FIELDS, GROUP_FIELDS, FieldKind, find_field_kind
from directory.export.formula_escaping import unescape_cell
from directory.export.output_files import write_csv_file
from directory.vocabulary.regions import REGIONS
from seed.clean.values.terms import MAX_TAG_LENGTH, VOCABULARIES, find_nearest_terms
from seed.mapping.cell_splitting import build_splitter
from seed.mapping.column_mapping import parse_filter
from seed.mapping.value_patterns import explain_choice, understands_choice
from seed.rows import Row
from seed.sources.formats.csv_records import read_delimited
from seed.sources.formats.limits import read_file

MIN_SUGGESTION_SCORE = 60  # rapidfuzz's WRatio, 0 to 100, from which a known word is suggested
MAX_SUGGESTIONS = 3
MAX_KEY_LENGTH = 28  # characters; "X-" and the key make an identifier's scheme, which has at most 30

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NAME_FIELDS = frozenset({"legal_name", "acronym", "short_name", "former_name", "translated_name", "also_known_as"})
_SHORT_FIELDS = {"membership": "membership.status", "disclosure": "location.disclosure"}


def reject_value(file: str, key: str, sentence: str) -> NoReturn:
    raise BadInput(f"{file}: {key}: {sentence}", file=file, argument=key)


def require_known_keys(file: str, where: str, keys: Collection[str], allowed_keys: Collection[str]) -> None:
    for key in keys:
        if key not in allowed_keys:
            reject_value(file, f"{where}{key}", f"there is no such key. {suggest_words(key, allowed_keys)}")


def suggest_words(word: str, vocabulary: Collection[str]) -> str:
    """Return "Did you mean ...?" with similar words, or the whole vocabulary if none is similar."""
    similar = process.extract(word, list(vocabulary), limit=MAX_SUGGESTIONS, score_cutoff=MIN_SUGGESTION_SCORE)
    suggestions = [candidate for candidate, _, _ in similar]
    return f"Did you mean {' or '.join(suggestions)}?" if suggestions else f"Use one of {', '.join(vocabulary)}."


def check_text(file: str, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        reject_value(file, key, "this must be text in quotation marks. Fill it in, or leave out the key.")
    return value


def check_source_key(file: str, key: str, value: object) -> str:
    """Check the key by which the source's records are found again."""
    name = check_text(file, key, value)
    if not _KEY.fullmatch(name) or len(name) > MAX_KEY_LENGTH:
        reject_value(
            file,
            key,
            f"this must be lower-case words joined by hyphens, at most {MAX_KEY_LENGTH} characters, as in bay-area-list.",
        )
    return name


def check_date(file: str, key: str, value: object) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        reject_value(file, key, "this must be a date, such as 2024-05-31.")


def check_header(file: str, key: str, value: object) -> bool | int:
    """Check whether there are headings, or the number of their line."""
    if isinstance(value, bool) or (isinstance(value, int) and value > 0):
        return value
    reject_value(file, key, "this must be true, false or the number of the line with the headings, without quotation marks.")


def check_texts(file: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        reject_value(file, key, 'this must be a list of headings, as in ["Notes", "Owner"].')
    return tuple(value)


def check_table(file: str, key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        reject_value(file, key, f"this must be a table. Write [{key}] on a line of its own and its keys below.")
    return value


def check_field(file: str, key: str, value: object) -> str:
    """Check a flat field, or "" for a column that is not mapped yet."""
    if not isinstance(value, str):
        reject_value(file, key, 'this must be a field in quotation marks, as in "location.city".')
    if value and find_field_kind(value) is None:
        reject_value(
            file, key, f'there is no field "{value}". {suggest_words(value, [*FIELDS, *GROUP_FIELDS, "link:…", "identifier:…"])}'
        )
    return value


def check_column(file: str, key: str, value: object) -> tuple[str, str | None]:
    """Check a column's field and how its cells are split: "name", or { field = "tags", split = "comma" }."""
    if not isinstance(value, dict):
        return check_field(file, key, value), None
    require_known_keys(file, f"{key}.", value, ("field", "split"))
    if "field" not in value:
        reject_value(file, key, 'this needs a field, as in { field = "tags", split = "comma" }.')
    field = check_field(file, key, value["field"])
    rule = value.get("split")
    if rule is None:
        return field, None
    if not isinstance(rule, str):
        reject_value(
            file, key, "split must be comma, semicolon, newline, pipe, whole, or the separator itself in quotation marks."
        )
    try:
        build_splitter(field, rule)
    except BadInput as refusal:
        reject_value(file, key, refusal.user_message)
    return field, rule


def require_distinct_fields(file: str, fields: Mapping[str, str]) -> None:
    """Raise BadInput when two columns have one field, unless it is a list."""
    columns: dict[str, str] = {}
    for name, field in fields.items():
        if field in columns and not accepts_several_values(field):
            reject_value(
                file, f'columns."{name}"', f'"{columns[field]}" already has {field}. Give one of them another field or "".'
            )
        if field:
            columns[field] = name


def accepts_several_values(field: str) -> bool:
    """Return whether an organization can have several values of the field."""
    return find_field_kind(field) in (FieldKind.TERMS, FieldKind.REGIONS) or field in _NAME_FIELDS or field.startswith("link:")


def check_constant(file: str, key: str, value: object) -> str:
    """Check a constant and return its text, with several values of a list one per line."""
    if isinstance(value, list) and value and all(isinstance(item, str) and item.strip() for item in value):
        return "\n".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float | dt.date) or not str(value).strip():
        reject_value(file, key, "this must be text in quotation marks, a number, a date or a list of texts.")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def check_values(file: str, name: str, value: object) -> tuple[str, Mapping[str, str]]:
    """Check a table of [values]: the texts of a field and what they mean. "membership" stands for its status.

    The meaning of a choice must be one of the choices.
    """
    field = check_field(file, f"values.{name}", _SHORT_FIELDS.get(name, name))
    meanings = {}
    for text, meaning in check_table(file, f"values.{name}", value).items():
        key = f'values.{name}."{text}"'
        if not isinstance(meaning, str):
            reject_value(file, key, 'this must be text in quotation marks, or "" to leave out the value.')
        if meaning and not understands_choice(field, meaning):
            reject_value(file, key, f'"{meaning}" is not a value of {field}. {explain_choice(field, meaning)}')
        meanings[text] = meaning
    return field, meanings


def check_term(file: str, key: str, value: object) -> str:
    """Check the slug that a tag means, or a vocabulary and a slug: "communities:youth"; "" leaves the tag out."""
    if not isinstance(value, str):
        reject_value(file, key, 'this must be the slug of a term in quotation marks, or "" to leave out the tag.')
    if not value:
        return ""
    term = find_term_choice(value)
    if term is None:
        reject_value(file, key, f'there is no term "{value}". {suggest_terms(value)}')
    return term


def suggest_terms(text: str) -> str:
    """Return a sentence with the terms that a person may have meant."""
    similar = list(dict.fromkeys(slug for _, slug in find_nearest_terms(text[:MAX_TAG_LENGTH], list(VOCABULARIES))))
    return f"Did you mean {' or '.join(similar[:MAX_SUGGESTIONS])}?" if similar else "See the vocabularies for their slugs."


def find_term_choice(text: str) -> str | None:
    """Return the term that a person wrote, in the form of [terms]: a slug, "vocabulary:slug", or a label. None for other texts.

    A region code is a term of service areas.
    """
    name, _, slug = text.rpartition(":")
    fields = [name] if name else list(VOCABULARIES)
    if any(slug in VOCABULARIES.get(field, ()) for field in fields) or text.removeprefix("service_areas:") in REGIONS:
        return text
    labeled = [f"{field}:{term.slug}" for field in VOCABULARIES for term in VOCABULARIES[field].find(text)[:1]]
    return labeled[0] if labeled else None


def check_filters(file: str, key: str, value: object) -> tuple[str, ...]:
    filters = check_texts(file, key, value)
    for text in filters:
        try:
            parse_filter(text)
        except BadInput as error:
            reject_value(file, key, error.user_message)
    return filters


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
