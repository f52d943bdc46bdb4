"""A profile: what the columns of one source mean and what the source is called, kept in a TOML file and found again by itself."""

import datetime as dt
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from directory.errors import BadInput
from directory.text import fold
from seed.columns import profile_values as checked
from seed.columns.guess import Guess
from seed.columns.labels import labels
from seed.columns.mapping import ColumnMap
from seed.columns.mapping import Mapping as ColumnMapping
from seed.columns.toml_text import Value, toml_text
from seed.readers.toml_text import loads

FOLDER = "profiles"  # beside a file, where profiles may lie
LARGEST = 1 << 20  # bytes of a file that is read as a profile
_HEAD = (
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
    def needed(self) -> tuple[str, ...]:
        """The columns that it takes something from."""
        return tuple(name for name, rule in self.columns.items() if rule.field)


_SIMPLE: Mapping[str, Any] = {
    "key": checked.source_key,
    "title": checked.text,
    "url": checked.text,
    "date": checked.day,
    "encoding": checked.text,
    "delimiter": lambda file, key, value: value if value == "\t" else checked.text(file, key, value),
    "header": checked.truth,
    "sheet": checked.text,
    "ignore": checked.texts,
}


def load(path: Path) -> Profile:
    """The profile in a file. Raises BadInput that names the file, the key and what to do."""
    return _profile(path.name, _read(path))


def save(path: Path, profile: Profile, *, overwrite: bool = False) -> None:
    """Writes it, whole or not at all. Raises BadInput for a file that is there already and where none can be written."""
    text = _text(profile)
    beside = path.with_name(f"{path.name}.part")
    try:
        if path.exists() and not overwrite:
            raise BadInput(f"{path.name} is there already; name another file, or move that one away.", file=path.name)
        beside.write_text(text, encoding="utf-8", newline="\n")
        os.replace(beside, path)
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be written: {problem.strerror}.", file=path.name) from problem


def find(folder: Path, headings: Sequence[str] | None) -> Profile | None:
    """The profile that `found` finds."""
    at = found(folder, headings)
    return at[1] if at else None


def found(folder: Path, headings: Sequence[str] | None) -> tuple[Path, Profile] | None:
    """The profile in the folder, or in its folder `profiles`, whose columns are all there; the one with most of them.

    None without headings, which alone tell sources apart, and where no profile fits. Raises BadInput for two that fit alike, and
    for a profile that is not sound.
    """
    if headings is None:
        return None
    fitting = [(path, profile) for path, profile in _profiles(folder) if not _missing(profile, headings)]
    most = max((len(profile.needed) for _, profile in fitting), default=0)
    best = [(path, profile) for path, profile in fitting if profile.needed and len(profile.needed) == most]
    if len(best) > 1:
        names = " and ".join(path.name for path, _ in best[:2])
        raise BadInput(f"{names} both fit this file; say which with --profile.", argument="profile")
    return best[0] if best else None


def profile_of(guesses: Iterable[Guess], *, header: bool | None = None) -> Profile:
    """The profile that the guesses make, for a person to correct: columns that were not mapped are there with "" as field."""
    return Profile({one.heading: ColumnRule(one.field or "") for one in guesses}, header=header)


def applied(profile: Profile, headings: Sequence[str] | None, width: int = 0) -> tuple[ColumnMapping, tuple[str, ...]]:
    """The mapping of a table's columns, and notes on columns that the profile names and the table lacks.

    `width` is the number of columns of a table without headings. Columns that the profile does not name stay unmapped.
    """
    names = labels(headings, width)
    rules = {place: rule for name, rule in profile.columns.items() if (place := _place(name, names)) is not None}
    ignored = {_place(name, names) for name in profile.ignore}
    columns = (_column(place, name, rules.get(place), place in ignored) for place, name in enumerate(names))
    missing = _missing(profile, headings, width)
    notes = (f"The profile names columns that are not there: {', '.join(missing)}.",) if missing else ()
    tags = frozenset(tag for tag in profile.terms if "," in tag)
    return ColumnMapping(tuple(columns), profile.constants, tags), notes


def _column(place: int, name: str, rule: ColumnRule | None, is_ignored: bool) -> ColumnMap:
    if rule is None or not rule.field or is_ignored:
        return ColumnMap(place, name, is_ignored=is_ignored)
    return ColumnMap(place, name, rule.field, rule.split)


def _missing(profile: Profile, headings: Sequence[str] | None, width: int = 0) -> tuple[str, ...]:
    names = labels(headings, width)
    return tuple(name for name in profile.needed if _place(name, names) is None)


def _place(name: str, names: Sequence[str]) -> int | None:
    """The position of the column that a profile calls so: its label as it stands, folded, or its position from 1."""
    if name in names:
        return names.index(name)
    folded = [fold(one) for one in names]
    if fold(name) in folded and fold(name):
        return folded.index(fold(name))
    is_position = name.isascii() and name.isdigit() and 1 <= int(name) <= len(names)
    return int(name) - 1 if is_position else None


def _read(path: Path) -> Mapping[str, Any]:
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(f"{path.name} is too large for a profile.", file=path.name)
        return loads(path.read_text(encoding="utf-8-sig"), path.name)
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be read: {problem.strerror}.", file=path.name) from problem
    except UnicodeError as problem:
        raise BadInput(f"{path.name} is not well-formed TOML: {problem}.", file=path.name) from problem


def _profile(file: str, content: Mapping[str, Any]) -> Profile:
    checked.known_keys(file, "", content, Profile.__struct_fields__)
    if "columns" not in content:
        checked.refuse(file, "columns", "a profile says what its columns hold; write [columns] and the headings below.")
    simple = {key: check(file, key, content[key]) for key, check in _SIMPLE.items() if key in content}
    columns = checked.table(file, "columns", content["columns"])
    constants = checked.table(file, "constants", content.get("constants", {}))
    terms = checked.table(file, "terms", content.get("terms", {}))
    rules = {name: ColumnRule(*checked.column(file, f'columns."{name}"', value)) for name, value in columns.items()}
    checked.no_field_twice(file, {name: rule.field for name, rule in rules.items()})
    return Profile(
        columns=rules,
        constants=dict(_constant(file, *item) for item in constants.items()),
        terms={tag: checked.term(file, f'terms."{tag}"', value) for tag, value in terms.items()},
        **simple,
    )


def _constant(file: str, name: str, value: object) -> tuple[str, str]:
    key = f'constants."{name}"'
    return checked.field(file, key, name), checked.constant(file, key, value)


def _profiles(folder: Path) -> Iterable[tuple[Path, Profile]]:
    for path in [*sorted(folder.glob("*.toml")), *sorted((folder / FOLDER).glob("*.toml"))]:
        content = _content(path)
        if content is not None:
            yield path, _profile(path.name, content)


def _content(path: Path) -> Mapping[str, Any] | None:
    """What a file holds that may be a profile: one with columns. Others, such as records of ours, are no business of this."""
    try:
        content = _read(path)
    except BadInput:
        if path.is_file() and path.stat().st_size <= LARGEST and b"[columns]" in path.read_bytes():
            raise
        return None
    return content if isinstance(content.get("columns"), dict) else None


def _text(profile: Profile) -> str:
    simple = {key: value for key in _SIMPLE if (value := getattr(profile, key)) not in (None, ())}
    values: dict[str, Value] = {key: list(value) if isinstance(value, tuple) else value for key, value in simple.items()}
    columns: dict[str, Value] = {name: _rule(rule) for name, rule in profile.columns.items()}
    return toml_text(values, {"columns": columns, "constants": dict(profile.constants), "terms": dict(profile.terms)}, _HEAD)


def _rule(rule: ColumnRule) -> Value:
    return {"field": rule.field, "split": rule.split} if rule.split else rule.field
