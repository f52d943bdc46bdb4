"""Our own records: TOML or JSON, one organization a file or several under `organizations`, and our exports in JSON and NDJSON.

The fields are those of `OrganizationDraft`, and perhaps `id` and `same_as`. A source may name several `fields` at once. What an
export says beside them for other programs is left aside, but for when a record was updated: it is as of that day. So is why a
record came back to be corrected.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from directory.errors import BadInput, Code
from directory.problems import Problem
from seed.readers import toml_text
from seed.rows import Row

LINE_LIMIT = 16 * 1024 * 1024  # bytes of one line, many times the largest record
BESIDE = ("published", "why it came back")  # of a record
HEAD = "about"  # of an export
_SEVERAL = "organizations"
_SHOWN = 200  # characters of a broken line

_LOAD: dict[str, Callable[[str, str], Any]] = {".toml": toml_text.loads, ".json": lambda text, _: json.loads(text)}


def read(path: Path) -> Iterator[Row]:
    """The rows of a file. Raises BadInput that names the file when it cannot be read as one of ours.

    A record or line that is none is a row with a problem.
    """
    if path.suffix.lower() in (".ndjson", ".jsonl"):
        yield from _read_lines(path)
    else:
        yield from document(path.name, _content(path))


def document(file: str, content: object) -> Iterator[Row]:
    """The rows of what a file holds: a record, a list of them, or one under `organizations`. Raises BadInput otherwise."""
    records = content if isinstance(content, list) else _records(file, content)
    return (_row(file, number, record) for number, record in enumerate(records, start=1))


def lines(file: str, stream: IO[bytes]) -> Iterator[Row]:
    """The rows of NDJSON in UTF-8, read line by line; their numbers are those of the lines. Empty lines are passed over."""
    for number, line in enumerate(_lines(stream), start=1):
        text = line.removeprefix(b"\xef\xbb\xbf" if number == 1 else b"").strip()
        if len(line) > LINE_LIMIT:
            yield _broken(file, number, text, f"This line has more than {LINE_LIMIT:,} bytes; one record has far fewer.")
        elif text:
            yield _line(file, number, text)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """A longer line is cut off; what is left of it is passed over."""
    while line := stream.readline(LINE_LIMIT + 1):
        yield line
        while len(line) > LINE_LIMIT and not line.endswith(b"\n"):
            line = stream.readline(LINE_LIMIT + 1)


def _read_lines(path: Path) -> Iterator[Row]:
    try:
        with path.open("rb") as stream:
            yield from lines(path.name, stream)
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be read: {problem.strerror}.", file=path.name) from problem


def _line(file: str, number: int, text: bytes) -> Row:
    try:
        return _row(file, number, msgspec.json.decode(text))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        return _broken(file, number, text, f"This line is not well formed JSON: {problem}.")


def _broken(file: str, number: int, text: bytes, sentence: str) -> Row:
    shown = text[: 4 * _SHOWN].decode(errors="replace")[:_SHOWN]
    return Row(file, number, {}, cells={"line": shown}, problems=(Problem((), Code.BAD_INPUT, sentence),))


def _row(file: str, number: int, record: object) -> Row:
    if not isinstance(record, dict):
        return _broken(file, number, repr(record).encode(), "A record is a group of named fields in braces.")
    stated = {field: value for field, value in record.items() if field not in BESIDE}
    if "sources" in stated:
        stated["sources"] = _apart(stated["sources"])
    published = record.get("published")
    return Row(file, number, stated, as_of=day(published.get("updated_at")) if isinstance(published, dict) else None)


def day(moment: object) -> dt.date | None:
    """The day of a moment as an export writes it; None for anything else."""
    if not isinstance(moment, str):
        return None
    try:
        return dt.datetime.fromisoformat(moment).date()
    except ValueError:
        return None


def _records(file: str, content: object) -> Iterable[object]:
    if not isinstance(content, dict):
        raise BadInput(f"{file} holds no named fields.", file=file)
    records = content.get(_SEVERAL, [content])
    if not isinstance(records, list) or (_SEVERAL in content and content.keys() - {_SEVERAL, HEAD}):
        raise BadInput(f"{file} holds either one organization or a list of them under `organizations`.", file=file)
    return records


def _content(path: Path) -> object:
    load = _LOAD.get(path.suffix.lower())
    if load is None:
        raise BadInput(f"{path.name} is no record file; these end in .toml, .json or .ndjson.", file=path.name)
    try:
        return load(path.read_text(encoding="utf-8-sig"), path.name)
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be read: {problem.strerror}.", file=path.name) from problem
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"{path.name} is not well formed: {problem}.", file=path.name) from problem


def _apart(sources: object) -> object:
    """One source for each of the `fields` it names. What is no such list is left for the draft to refuse."""
    if not isinstance(sources, list):
        return sources
    return [one for source in sources for one in _each_field(source)]


def _each_field(source: object) -> list[object]:
    if not isinstance(source, dict) or not isinstance(source.get("fields"), list):
        return [source]
    rest: Mapping[str, object] = {name: value for name, value in source.items() if name != "fields"}
    return [{**rest, "field": field} for field in source["fields"]]
