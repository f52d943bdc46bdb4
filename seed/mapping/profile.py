"""A profile: a TOML file that states what the columns of one source mean and what the source is called."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli_w
from msgspec import Struct

from directory.errors import BadInput
from directory.export.output_files import PUBLIC_FILE_MODE, write_atomically
from directory.text import fold
from seed.mapping import profile_values as checked
from seed.mapping.column_mapping import MappedColumn, TableMapping, fold_value
from seed.mapping.guess import ColumnGuess
from seed.mapping.headings import column_labels
from seed.sources.formats.limits import parse_toml
from seed.sources.formats.table_grid import HeaderOption

PROFILE_FOLDER = "profiles"  # beside the imported file
MAX_FILE_SIZE = 1 << 20  # bytes
_KEY = re.compile(r"^([^=\n]*+)=", re.MULTILINE)  # of TOML, with its quotation marks
_HEADER_COMMENT = (
    "What the columns of a source hold: heading = field, or { field = ..., split = ... }.",
    'A column with "" is not imported and is listed at each import. Columns in `ignore` are not listed.',
)


class ColumnRule(Struct, frozen=True):
    """`field` is "" for a column that is not mapped yet: it is not imported, but listed."""

    field: str
    split: str | None = None  # a rule of cell_splitting.py


class Profile(Struct, frozen=True):
    """How to read a source. `columns` and `ignore` name columns by heading, or by position from 1 ("3") if no heading matches.

    `key` identifies the source in lower-case words; `title` is shown publicly. Options that are None are detected from the file.
    """

    columns: Mapping[str, ColumnRule]
    key: str | None = None
    title: str | None = None
    url: str | None = None
    date: dt.date | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header: HeaderOption = None
    sheet: str | None = None
    ignore: tuple[str, ...] = ()
    constants: Mapping[str, str] = {}  # flat field to its text in rows that state none
    where: tuple[str, ...] = ()  # filters of rows (column_mapping.py); a row is read if all of them keep it
    terms: Mapping[str, str] = {}  # tag to the slug that it means, "" to leave it out
    values: Mapping[str, Mapping[str, str]] = {}  # flat field to the meanings of its texts, "" for a text to leave out

    @property
    def meanings(self) -> dict[str, dict[str, str]]:
        """The `values` with their texts in the form in which they are compared (`fold_value`)."""
        return {field: {fold_value(text): meaning for text, meaning in texts.items()} for field, texts in self.values.items()}

    @property
    def mapped_columns(self) -> tuple[str, ...]:
        """The columns that have a field."""
        return tuple(name for name, rule in self.columns.items() if rule.field)


_SIMPLE_KEYS: Mapping[str, Any] = {
    "key": checked.check_source_key,
    "title": checked.check_text,
    "url": checked.check_text,
    "date": checked.check_date,
    "encoding": checked.check_text,
    "delimiter": lambda file, key, value: value if value == "\t" else checked.check_text(file, key, value),
    "header": checked.check_header,
    "sheet": checked.check_text,
    "ignore": checked.check_texts,
    "where": checked.check_filters,
}


def load_profile(path: Path) -> Profile:
    """Return the profile in a file. Raises BadInput that names the file, the key and what to do."""
    return _parse_profile(path.name, _read_file(path))


def save_profile(path: Path, profile: Profile, *, overwrite: bool = False) -> None:
    """Write the profile atomically. Raises BadInput when the file exists or cannot be written."""
    content = _format_profile(profile).encode(errors="replace")  # a heading may have a lone surrogate, which UTF-8 cannot encode
    try:
        if path.exists() and not overwrite:
            raise BadInput(f"{path.name} already exists. Name another file, or move that one.", file=path.name)
        with write_atomically(path, PUBLIC_FILE_MODE) as out:
            out.write(content)
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be written: {problem.strerror}.", file=path.name) from problem


def find_profile_file(
    folder: Path, headings: Sequence[str] | None, notes: list[str] | None = None
) -> tuple[Path, Profile] | None:
    """Return the profile in the folder or its subfolder `profiles` whose columns are all in the table; the one with the most.

    Returns None without headings, which are needed to tell sources apart, and when no profile fits. Raises BadInput when two fit
    equally well, and for an invalid profile that names most headings of the table. Other invalid profiles are added to `notes`.
    """
    if headings is None:
        return None
    profiles = _list_profiles(folder, headings, notes if notes is not None else [])
    fitting = [(path, profile) for path, profile in profiles if not _list_missing_columns(profile, headings)]
    most = max((len(profile.mapped_columns) for _, profile in fitting), default=0)
    best = [(path, profile) for path, profile in fitting if profile.mapped_columns and len(profile.mapped_columns) == most]
    if len(best) > 1:
        names = " and ".join(path.name for path, _ in best[:2])
        raise BadInput(f"{names} both fit this file. Choose one with --profile.", argument="profile")
    return best[0] if best else None


def build_profile(guesses: Iterable[ColumnGuess], *, header: HeaderOption = None, sheet: str | None = None) -> Profile:
    """Return a profile of the guesses for a person to correct. Columns that were not mapped have the field ""."""
    return Profile({guess.heading: ColumnRule(guess.field or "") for guess in guesses}, header=header, sheet=sheet)


def apply_profile(profile: Profile, headings: Sequence[str] | None, width: int = 0) -> tuple[TableMapping, tuple[str, ...]]:
    """Return the mapping of a table's columns, and notes on columns of the profile that are missing from the table.

    `width` is the number of columns of a table without headings. Columns that the profile does not name stay unmapped.
    """
    names = column_labels(headings, width)
    found = ((_find_column(name, names), rule) for name, rule in profile.columns.items())
    rules = {position: rule for position, rule in found if position is not None}
    ignored = {_find_column(name, names) for name in profile.ignore}
    columns = (_build_column(position, name, rules.get(position), position in ignored) for position, name in enumerate(names))
    missing = _list_missing_columns(profile, headings, width)
    notes = (f"Columns of the profile that are missing from the file: {', '.join(missing)}.",) if missing else ()
    tags = frozenset(tag for tag in profile.terms if "," in tag)
    return TableMapping(tuple(columns), profile.constants, tags, profile.meanings), notes


def _build_column(position: int, name: str, rule: ColumnRule | None, is_ignored: bool) -> MappedColumn:
    if rule is None or not rule.field or is_ignored:
        return MappedColumn(position, name, is_ignored=is_ignored)
    return MappedColumn(position, name, rule.field, rule.split)


def _list_missing_columns(profile: Profile, headings: Sequence[str] | None, width: int = 0) -> tuple[str, ...]:
    names = column_labels(headings, width)
    return tuple(name for name in profile.mapped_columns if _find_column(name, names) is None)


def _find_column(name: str, names: Sequence[str]) -> int | None:
    """Return the position of the column with that label, exact or folded, or with that position from 1; None without a match."""
    if name in names:
        return names.index(name)
    folded = [fold(label) for label in names]
    if fold(name) in folded and fold(name):
        return folded.index(fold(name))
    is_position = name.isascii() and name.isdigit() and 1 <= int(name) <= len(names)
    return int(name) - 1 if is_position else None


def _read_file(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > MAX_FILE_SIZE:
            raise BadInput(f"{path.name} is too large for a profile.", file=path.name)
        return parse_toml(path.read_bytes(), path.name)
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be read: {problem.strerror}.", file=path.name) from problem


def _parse_profile(file: str, content: Mapping[str, Any]) -> Profile:
    checked.require_known_keys(file, "", content, Profile.__struct_fields__)
    if "columns" not in content:
        checked.reject_value(file, "columns", "a profile must state its columns. Add [columns] and the headings below it.")
    simple = {key: check(file, key, content[key]) for key, check in _SIMPLE_KEYS.items() if key in content}
    columns = checked.check_table(file, "columns", content["columns"])
    constants = checked.check_table(file, "constants", content.get("constants", {}))
    terms = checked.check_table(file, "terms", content.get("terms", {}))
    values = checked.check_table(file, "values", content.get("values", {}))
    rules = {name: ColumnRule(*checked.check_column(file, f'columns."{name}"', value)) for name, value in columns.items()}
    checked.require_distinct_fields(file, {name: rule.field for name, rule in rules.items()})
    return Profile(
        columns=rules,
        constants=dict(_parse_constant(file, *item) for item in constants.items()),
        terms={tag: checked.check_term(file, f'terms."{tag}"', value) for tag, value in terms.items()},
        values=dict(checked.check_values(file, *item) for item in values.items()),
        **simple,
    )


def _parse_constant(file: str, name: str, value: object) -> tuple[str, str]:
    key = f'constants."{name}"'
    return checked.check_field(file, key, name), checked.check_constant(file, key, value)


def _list_profiles(folder: Path, headings: Sequence[str], notes: list[str]) -> Iterator[tuple[Path, Profile]]:
    for path in [*sorted(folder.glob("*.toml")), *sorted((folder / PROFILE_FOLDER).glob("*.toml"))]:
        try:
            content = _read_file(path)
            if isinstance(content.get("columns"), dict):  # our own records are TOML too
                yield path, _parse_profile(path.name, content)
        except BadInput as problem:
            text = _read_start(path)
            if "[columns]" in text and _names_most_headings(text, headings):
                raise
            if "[columns]" in text:
                notes.append(f"A profile for another list has a mistake. {problem.user_message}")


def _read_start(path: Path) -> str:
    """Return the beginning of a file that may not be well-formed; "" if it cannot be read."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(MAX_FILE_SIZE)
    except OSError:
        return ""


def _names_most_headings(text: str, headings: Sequence[str]) -> bool:
    """Return whether the text of a broken profile has keys for at least half of the headings, so is probably for them."""
    keys = {fold(match[1]) for match in _KEY.finditer(text)}
    named = sum(1 for heading in headings if fold(heading) in keys)
    return named > 0 and 2 * named >= len(headings)


def _format_profile(profile: Profile) -> str:
    options = {key: value for key in _SIMPLE_KEYS if (value := getattr(profile, key)) not in (None, ())}
    columns = {name: _format_rule(rule) for name, rule in profile.columns.items()}
    values = {field: dict(meanings) for field, meanings in profile.values.items()}
    tables = {"columns": columns, "constants": dict(profile.constants), "terms": dict(profile.terms), "values": values}
    content = {**options, **{name: table for name, table in tables.items() if table or name == "columns"}}
    return "".join(f"# {line}\n" for line in _HEADER_COMMENT) + tomli_w.dumps(content)


def _format_rule(rule: ColumnRule) -> str | dict[str, str]:
    return {"field": rule.field, "split": rule.split} if rule.split else rule.field
