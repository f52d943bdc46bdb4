"""A profile: what the columns of one source mean and what the source is called, kept in a TOML file and found again by itself."""

import datetime as dt
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from directory.errors import BadInput
from directory.text import fold
from seed.mapping import profile_values as checked
from seed.mapping.column_mapping import MappedColumn
from seed.mapping.column_mapping import TableMapping as ColumnMapping
from seed.mapping.guess import ColumnGuess
from seed.mapping.headings import column_labels
from seed.mapping.toml_text import TomlValue, format_toml, parse_toml

PROFILE_FOLDER = "profiles"  # beside a file, where profiles may lie
MAX_FILE_SIZE = 1 << 20  # bytes of a file that is read as a profile
_HEADER_COMMENT = (
    "What the columns of a source hold: heading = field, or { field = ..., split = ... }.",
    'A column with "" is not taken and is listed at each import; those under `ignore` are not listed.',
)


class ColumnRule(Struct, frozen=True):
    """`field` is "" for a column that nobody has decided on: nothing is taken from it, and it is listed."""

    field: str
    split: str | None = None  # a rule of splitting.py


class Profile(Struct, frozen=True):
    """`columns` and `ignore` name columns by heading, or by position from 1 ("3") where no heading is so called.

    `key` is the source's name in lower-case words, `title` what everybody is told. What is None is found out from the file.
    """

    columns: Mapping[str, ColumnRule]
    key: str | None = None
    title: str | None = None
    url: str | None = None
    date: dt.date | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    sheet: str | None = None
    ignore: tuple[str, ...] = ()
    constants: Mapping[str, str] = {}  # flat field to the text that holds where a row states nothing
    terms: Mapping[str, str] = {}  # tag as written to the slug it stands for, "" to leave it out

    @property
    def mapped_columns(self) -> tuple[str, ...]:
        """The columns that it takes something from."""
        return tuple(name for name, rule in self.columns.items() if rule.field)


_SIMPLE_KEYS: Mapping[str, Any] = {
    "key": checked.check_source_key,
    "title": checked.check_text,
    "url": checked.check_text,
    "date": checked.check_date,
    "encoding": checked.check_text,
    "delimiter": lambda file, key, value: value if value == "\t" else checked.check_text(file, key, value),
    "header": checked.check_boolean,
    "sheet": checked.check_text,
    "ignore": checked.check_texts,
}


def load_profile(path: Path) -> Profile:
    """The profile in a file. Raises BadInput that names the file, the key and what to do."""
    return _parse_profile(path.name, _read_file(path))


def save_profile(path: Path, profile: Profile, *, overwrite: bool = False) -> None:
    """Writes it, whole or not at all. Raises BadInput for a file that is there already and where none can be written."""
    text = _format_profile(profile)
    beside = path.with_name(f"{path.name}.part")
    try:
        if path.exists() and not overwrite:
            raise BadInput(f"{path.name} is there already; name another file, or move that one away.", file=path.name)
        beside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(beside, path)
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be written: {problem.strerror}.", file=path.name) from problem


def find_profile(folder: Path, headings: Sequence[str] | None) -> Profile | None:
    """The profile that `found` finds."""
    at = find_profile_file(folder, headings)
    return at[1] if at else None


def find_profile_file(folder: Path, headings: Sequence[str] | None) -> tuple[Path, Profile] | None:
    """The profile in the folder, or in its folder `profiles`, whose columns are all there; the one with most of them.

    None without headings, which alone tell sources apart, and where no profile fits. Raises BadInput for two that fit alike, and
    for a profile that is not sound.
    """
    if headings is None:
        return None
    fitting = [(path, profile) for path, profile in _list_profiles(folder) if not _list_missing_columns(profile, headings)]
    most = max((len(profile.mapped_columns) for _, profile in fitting), default=0)
    best = [(path, profile) for path, profile in fitting if profile.mapped_columns and len(profile.mapped_columns) == most]
    if len(best) > 1:
        names = " and ".join(path.name for path, _ in best[:2])
        raise BadInput(f"{names} both fit this file; say which with --profile.", argument="profile")
    return best[0] if best else None


def build_profile(guesses: Iterable[ColumnGuess], *, header: bool | None = None) -> Profile:
    """The profile that the guesses make, for a person to correct: columns that were not mapped are there with "" as field."""
    return Profile({one.heading: ColumnRule(one.field or "") for one in guesses}, header=header)


def apply_profile(profile: Profile, headings: Sequence[str] | None, width: int = 0) -> tuple[ColumnMapping, tuple[str, ...]]:
    """The mapping of a table's columns, and notes on columns that the profile names and the table lacks.

    `width` is the number of columns of a table without headings. Columns that the profile does not name stay unmapped.
    """
    names = column_labels(headings, width)
    rules = {place: rule for name, rule in profile.columns.items() if (place := _find_column(name, names)) is not None}
    ignored = {_find_column(name, names) for name in profile.ignore}
    columns = (_build_column_mapping(place, name, rules.get(place), place in ignored) for place, name in enumerate(names))
    missing = _list_missing_columns(profile, headings, width)
    notes = (f"The profile names columns that are not there: {', '.join(missing)}.",) if missing else ()
    tags = frozenset(tag for tag in profile.terms if "," in tag)
    return ColumnMapping(tuple(columns), profile.constants, tags), notes


def _build_column_mapping(place: int, name: str, rule: ColumnRule | None, is_ignored: bool) -> MappedColumn:
    if rule is None or not rule.field or is_ignored:
        return MappedColumn(place, name, is_ignored=is_ignored)
    return MappedColumn(place, name, rule.field, rule.split)


def _list_missing_columns(profile: Profile, headings: Sequence[str] | None, width: int = 0) -> tuple[str, ...]:
    names = column_labels(headings, width)
    return tuple(name for name in profile.mapped_columns if _find_column(name, names) is None)


def _find_column(name: str, names: Sequence[str]) -> int | None:
    """The position of the column that a profile calls so: its label as it stands, folded, or its position from 1."""
    if name in names:
        return names.index(name)
    folded = [fold(one) for one in names]
    if fold(name) in folded and fold(name):
        return folded.index(fold(name))
    is_position = name.isascii() and name.isdigit() and 1 <= int(name) <= len(names)
    return int(name) - 1 if is_position else None


def _read_file(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > MAX_FILE_SIZE:
            raise BadInput(f"{path.name} is too large for a profile.", file=path.name)
        return parse_toml(path.read_text(encoding="utf-8-sig"), path.name)
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be read: {problem.strerror}.", file=path.name) from problem
    except UnicodeError as problem:
        raise BadInput(f"{path.name} is not well-formed TOML: {problem}.", file=path.name) from problem


def _parse_profile(file: str, content: Mapping[str, Any]) -> Profile:
    checked.require_known_keys(file, "", content, Profile.__struct_fields__)
    if "columns" not in content:
        checked.reject_value(file, "columns", "a profile says what its columns hold; write [columns] and the headings below.")
    simple = {key: check(file, key, content[key]) for key, check in _SIMPLE_KEYS.items() if key in content}
    columns = checked.check_table(file, "columns", content["columns"])
    constants = checked.check_table(file, "constants", content.get("constants", {}))
    terms = checked.check_table(file, "terms", content.get("terms", {}))
    rules = {name: ColumnRule(*checked.check_column(file, f'columns."{name}"', value)) for name, value in columns.items()}
    checked.require_distinct_fields(file, {name: rule.field for name, rule in rules.items()})
    return Profile(
        columns=rules,
        constants=dict(_parse_constant(file, *item) for item in constants.items()),
        terms={tag: checked.check_term(file, f'terms."{tag}"', value) for tag, value in terms.items()},
        **simple,
    )


def _parse_constant(file: str, name: str, value: object) -> tuple[str, str]:
    key = f'constants."{name}"'
    return checked.check_field(file, key, name), checked.check_constant(file, key, value)


def _list_profiles(folder: Path) -> Iterable[tuple[Path, Profile]]:
    for path in [*sorted(folder.glob("*.toml")), *sorted((folder / PROFILE_FOLDER).glob("*.toml"))]:
        content = _read_profile_content(path)
        if content is not None:
            yield path, _parse_profile(path.name, content)


def _read_profile_content(path: Path) -> Mapping[str, Any] | None:
    """What a file holds that may be a profile: one with columns. Others, such as records of ours, are no business of this."""
    try:
        content = _read_file(path)
    except BadInput:
        if path.is_file() and path.stat().st_size <= MAX_FILE_SIZE and b"[columns]" in path.read_bytes():
            raise
        return None
    return content if isinstance(content.get("columns"), dict) else None


def _format_profile(profile: Profile) -> str:
    simple = {key: value for key in _SIMPLE_KEYS if (value := getattr(profile, key)) not in (None, ())}
    values: dict[str, TomlValue] = {key: list(value) if isinstance(value, tuple) else value for key, value in simple.items()}
    columns: dict[str, TomlValue] = {name: _format_rule(rule) for name, rule in profile.columns.items()}
    return format_toml(
        values, {"columns": columns, "constants": dict(profile.constants), "terms": dict(profile.terms)}, _HEADER_COMMENT
    )


def _format_rule(rule: ColumnRule) -> TomlValue:
    return {"field": rule.field, "split": rule.split} if rule.split else rule.field
