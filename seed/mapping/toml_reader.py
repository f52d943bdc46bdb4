"""Read TOML files from strangers: reject what would make the standard library's parser slow, and name the file in errors."""

import re
import tomllib
from typing import Any

from directory.errors import BadInput

MAX_KEY_PARTS = (
    50  # parts of a dotted key; the time that the standard library's parser takes grows with the square of their number
)
_KEY_PART = r"(?>[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_DEEP_KEY = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_KEY_PART}[ \t]*\.[ \t]*){{{MAX_KEY_PARTS}}}")


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """Return the content of a TOML file. Raises BadInput with the file's name when it is not well-formed."""
    if _DEEP_KEY.search(text):
        raise BadInput(f"{file} has a key of more than {MAX_KEY_PARTS} parts, which no record file or profile needs.", file=file)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"{file} is not well-formed TOML: {problem}.", file=file) from problem
