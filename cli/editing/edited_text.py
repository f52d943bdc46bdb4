"""Read the text of a record that a person edited, and mark each problem in it where it is."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from cli.editing.record_fields import Fields
from cli.terminal import format_count
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode, TooLarge
from seed.sources.formats.limits import parse_toml
from seed.sources.own_records import IGNORED_FIELDS, read_records

MAX_TEXT_SIZE = 2 * 1024 * 1024  # bytes, many times the largest record
MAX_MARKS = 50
REPEATED_FIELD = ("Cannot overwrite a value", "a field is stated twice, keep one of them")  # in the words of the TOML parser
MARK = "#! "
TEXT_NAME = "The text"
_FIRST_LINE = re.compile(r"# directory edit ((?:[a-z]+:)?[a-z0-9-]{1,200}), revision ([0-9]{1,18})")
_SYNTAX_POSITION = re.compile(r" \(at (?:line \d+, column \d+|end of document)\)")
_SYNTAX_LINE = re.compile(r"at line (\d+)")
_HEADER = re.compile(r"\s*\[")
_STORED_NAMES = {"sites": "locations"}  # by which checks of stored records name a field


class TextOrigin(Struct, frozen=True):
    """Which record a text was written of: its key, and the revision that it shows."""

    key: str
    revision: int


def find_origin(text: str) -> TextOrigin | None:
    """Return what the first line says about the record; None for a text that `directory edit` did not write.

    The first line may come after comments about problems.
    """
    lines = (line.strip() for line in text.split("\n", MAX_MARKS + 2))
    match = _FIRST_LINE.fullmatch(next((line for line in lines if not line.startswith(MARK)), ""))
    return TextOrigin(match[1], int(match[2])) if match else None


def decode_text(data: bytes) -> str:
    """Return the text. Raises TooLarge, and BadInput if it is not in UTF-8."""
    if len(data) > MAX_TEXT_SIZE:
        limit = MAX_TEXT_SIZE // (1024 * 1024)
        raise TooLarge(f"The text has more than {limit} MiB, far more than one record needs. Shorten it.", limit=MAX_TEXT_SIZE)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise BadInput(f"Line {line} of the text is not in UTF-8. Save the text in this encoding.") from problem


def parse_text(text: str) -> Fields:
    """Return the fields of a text as they are written. Raises BadInput with a list of Problem in its param `problems`."""
    try:
        return parse_toml(text, TEXT_NAME)
    except BadInput as error:
        message = error.user_message.replace(*REPEATED_FIELD)
        raise BadInput(message, problems=[Problem((), ErrorCode.BAD_INPUT, message)]) from error


def read_draft_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as an import reads them: one source for each field that a source states, and no ignored fields."""
    (row,) = read_records(TEXT_NAME, [dict(fields)])
    return {name: value for name, value in row.fields.items() if name not in IGNORED_FIELDS}


def mark_problems(text: str, problems: Sequence[Problem]) -> str:
    """Return the text with a comment for each problem above the line that has it, and their number at the top.

    The comments start with MARK. All of them are at the top if a comment elsewhere would change a value of several lines.
    """
    lines, values = text.split("\n"), _load_values(text)
    sources = (values or {}).get("sources")
    marks = [
        (find_line(lines, problem, sources if isinstance(sources, list) else ()), _format_mark(problem))
        for problem in problems[:MAX_MARKS]
    ]
    count = format_count(len(problems), "place")
    opening = f"{MARK}{count} to look at. Lines that start with {MARK.strip()} say what to do."
    marked = [opening]
    for number, line in enumerate(lines):
        marked += [mark for position, mark in marks if position == number]
        marked.append(line)
    result = "\n".join(marked)
    if values is None or values == _load_values(result):
        return result
    return "\n".join((opening, *(mark for _, mark in marks), *lines))


def remove_marks(text: str, marked: str) -> str:
    """Return the text without the comments that `mark_problems` added to `marked`. Other lines stay, whatever they say."""
    marks = {line for line in marked.split("\n") if line.startswith(MARK)}
    return "\n".join(line for line in text.split("\n") if line not in marks)


def find_line(lines: Sequence[str], problem: Problem, sources: Sequence[Any] = ()) -> int:
    """Return the index of the line that has the problem: that of the value, else of its table; 0 if neither is in the text.

    `sources` are those of the text, of which each may state several fields.
    """
    if not problem.path:
        match = _SYNTAX_LINE.search(problem.message)
        return min(int(match[1]), len(lines)) - 1 if match else 0
    field, *rest = problem.path
    field = _STORED_NAMES.get(str(field), str(field))
    position, parts = (int(rest[0]), rest[1:]) if rest and isinstance(rest[0], int) else (0, rest)
    if field == "sources":
        position = _find_source(sources, position)
    header = _find_header(lines, field, position)
    if header is None:
        return _find_key(lines, field, range(_find_first_header(lines))) or 0
    following = next((number for number in range(header + 1, len(lines)) if _HEADER.match(lines[number])), len(lines))
    return (_find_key(lines, str(parts[0]), range(header + 1, following)) if parts else None) or header


def _find_header(lines: Sequence[str], field: str, position: int) -> int | None:
    pattern = re.compile(rf"\s*\[\[?\s*{re.escape(field)}\s*\]")
    headers = [number for number, line in enumerate(lines) if pattern.match(line)]
    return headers[position] if position < len(headers) else None


def _find_first_header(lines: Sequence[str]) -> int:
    return next((number for number, line in enumerate(lines) if _HEADER.match(line)), len(lines))


def _find_key(lines: Sequence[str], key: str, numbers: Iterable[int]) -> int | None:
    """Return the line that states the key, else the one where it is commented out."""
    for pattern in (rf'\s*"?{re.escape(key)}"?\s*=', rf"\s*#\s*{re.escape(key)}\s*="):
        found = next((number for number in numbers if re.match(pattern, lines[number])), None)
        if found is not None:
            return found
    return None


def _find_source(sources: Sequence[Any], position: int) -> int:
    """Return the position in the text of the source that states the field at this position of the draft."""
    for number, source in enumerate(sources):
        fields = source.get("fields") if isinstance(source, dict) else None
        position -= len(fields) if isinstance(fields, list) else 1
        if position < 0:
            return number
    return 0


def _load_values(text: str) -> Fields | None:
    """Return the values of the text; None if it cannot be parsed."""
    try:
        return parse_toml(text, TEXT_NAME)
    except BadInput:
        return None


def _format_mark(problem: Problem) -> str:
    """Return the message as one line that a comment can hold, with the field. The comment is above its line, so no number."""
    message = f"{problem.path_text}: {problem.message}" if problem.path else _SYNTAX_POSITION.sub("", problem.message)
    return MARK + "".join(character if character.isprintable() else " " for character in message)
