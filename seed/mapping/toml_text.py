"""TOML that people read and correct: the few shapes that a profile needs, after the TOML 1.0 specification."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from directory.errors import BadInput

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_MAX_LINE_LENGTH = 100  # characters, from which a list is written one item a line

TomlValue = str | bool | int | dt.date | list[str] | dict[str, str]


def format_toml(values: Mapping[str, TomlValue], tables: Mapping[str, Mapping[str, TomlValue]], head: Iterable[str] = ()) -> str:
    """`values` at the top, then the tables, empty ones left out; `head` are lines of comment.

    Keys of `values` and of `tables` are bare words; those within tables may be any text. Reading it again gives the same values.
    """
    lines = [*(f"# {line}".rstrip() for line in head), *(f"{key} = {_format_value(value)}" for key, value in values.items())]
    for name, table in tables.items():
        if table:
            lines += ["", f"[{name}]", *(f"{quote_toml(key)} = {_format_value(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def quote_toml(text: str) -> str:
    """A basic string: what cannot stand in it is escaped, lone surrogates, which TOML cannot hold, as U+FFFD."""
    return f'"{"".join(map(_escape_character, text))}"'


def _escape_character(character: str) -> str:
    code = ord(character)
    if character in _ESCAPES:
        return _ESCAPES[character]
    if code < 0x20 or code == 0x7F:
        return f"\\u{code:04X}"
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else character


def _format_value(value: TomlValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return _format_list(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(_format_pairs(value)) + " }"
    return quote_toml(value) if isinstance(value, str) else str(value)


def _format_pairs(value: Mapping[str, str]) -> Iterator[str]:
    return (f"{key} = {quote_toml(text)}" for key, text in value.items())


def _format_list(items: Iterable[str]) -> str:
    told = [quote_toml(item) for item in items]
    line = f"[{', '.join(told)}]"
    return line if len(line) <= _MAX_LINE_LENGTH else "[\n" + "".join(f"    {item},\n" for item in told) + "]"


MAX_KEY_PARTS = 50  # parts of a dotted key; the standard library's parser takes the square of their number
_KEY_PART = r"(?>[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_KEY_PART}[ \t]*\.[ \t]*){{{MAX_KEY_PARTS}}}")


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """What the text holds. Raises BadInput that names the file."""
    if _DEEP_KEY.search(text):
        raise BadInput(f"{file} has a key of more than {MAX_KEY_PARTS} parts; no file of ours has.", file=file)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"{file} is not well-formed TOML: {problem}.", file=file) from problem
