"""TOML of somebody else's making: refused before it is parsed where parsing it would take minutes."""

import re
import tomllib
from typing import Any

from directory.errors import BadInput

DEPTH = 50  # parts of a dotted key; the standard library's parser takes the square of their number
_PART = r"(?>[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_DEEP = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}[ \t]*\.[ \t]*){{{DEPTH}}}")


def loads(text: str, file: str) -> dict[str, Any]:
    """What the text holds. Raises BadInput that names the file."""
    if _DEEP.search(text):
        raise BadInput(f"{file} has a key of more than {DEPTH} parts; no file of ours has.", file=file)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"{file} is not well-formed TOML: {problem}.", file=file) from problem
