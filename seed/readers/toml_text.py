"""TOML of somebody else's making: refused before it is parsed where parsing it would take minutes."""

import re
import tomllib
from typing import Any

from directory.errors import BadInput

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
