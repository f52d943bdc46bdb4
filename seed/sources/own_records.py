"""Read our own records: TOML or JSON with one organization or several under `organizations`, and our exports in JSON and NDJSON.

The fields are those of `OrganizationDraft`, and optionally `id` and `same_as`. A source may list several `fields`. Of what an
export adds for other programs, only the time of the last update is used: the record is as of that day. The reason why a record
was returned for correction is ignored.
"""

import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from directory.drafts.organization_draft import OrganizationDraft
from directory.drafts.problems import Problem
from directory.errors import BadInput, ErrorCode
from seed.rows import Row
from seed.sources.formats.file_format import FileFormat, detect_format
from seed.sources.formats.limits import parse_toml, read_file

MAX_LINE_SIZE = 16 * 1024 * 1024  # bytes of one line, many times the largest record
IGNORED_FIELDS = ("published", "why it came back")  # of a record
HEADER_KEY = "about"  # of an export
ORGANIZATIONS_KEY = "organizations"
_MAX_SHOWN_LENGTH = 200  # characters of a broken line

_OWN_FIELDS = frozenset({*OrganizationDraft.model_fields, "id", "same_as", *IGNORED_FIELDS})
_LISTS = tuple(name for name, field in OrganizationDraft.model_fields.items() if field.default == ())
_PARTS = ("names", "links", "identifiers", "locations", "contacts", "membership", "sources", "relations")


def read_record_file(path: Path) -> Iterator[Row]:
    """Return the rows of a file. Raises as `parse_records` does, and if the file cannot be read."""
    data = read_file(path)
    return parse_records(path.name, data, detect_format(path.name, data))


def parse_records(file: str, data: bytes, file_format: FileFormat, records_key: str = ORGANIZATIONS_KEY) -> Iterator[Row]:
    """Return the rows of TOML, JSON or NDJSON. An invalid record or line becomes a row with a problem.

    `records_key` names a list of records in TOML or JSON. Raises BadInput with the file's name for other formats and contents.
    """
    if file_format is FileFormat.NDJSON:
        return read_record_lines(file, io.BytesIO(data))
    if file_format is FileFormat.TOML:
        return read_records(file, parse_toml(data, file), records_key)
    if file_format is FileFormat.JSON:
        return read_records(file, parse_json(data, file), records_key)
    raise BadInput(f"The {records_key} of {file} cannot be read from a table. Use TOML, JSON or NDJSON.", file=file)


def parse_json(data: bytes, file: str) -> object:
    """Return decoded JSON. Raises BadInput with the file's name when it is not well-formed."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"{file} is not well-formed JSON: {problem}.", file=file) from problem


def read_records(file: str, content: object, records_key: str = ORGANIZATIONS_KEY) -> Iterator[Row]:
    """Return the rows of decoded JSON or TOML: one record, a list, or a list under `records_key`. Raises BadInput otherwise."""
    records = content if isinstance(content, list) else _list_records(file, content, records_key)
    return (_build_row(file, number, record) for number, record in enumerate(records, start=1))


def find_plain_objects(content: object) -> list[dict[str, Any]] | None:
    """Return the objects of a JSON list that are not records in our own form, and so are read as a table; None for anything else.

    The list may be the only list of objects in an object, beside counts and the like. Our records have fields of a draft only, or
    parts such as locations and mostly fields of a draft.
    """
    lists = [content] if isinstance(content, list) else []
    if isinstance(content, dict) and "name" not in content:
        lists = [value for value in content.values() if isinstance(value, list) and any(isinstance(one, dict) for one in value)]
    if len(lists) != 1 or not lists[0] or not all(isinstance(one, dict) for one in lists[0]):
        return None
    objects: list[dict[str, Any]] = lists[0]
    fields = {field for one in objects for field in one}
    unknown = fields - _OWN_FIELDS
    has_parts = any(isinstance(one.get(field), list | dict) for one in objects for field in _PARTS)
    has_texts_for_lists = any(isinstance(one.get(field), str) for one in objects for field in _LISTS)
    is_own = 2 * len(unknown) <= len(fields) if has_parts else not unknown and not has_texts_for_lists
    return None if is_own else objects


def read_record_lines(file: str, stream: IO[bytes]) -> Iterator[Row]:
    """Yield the rows of NDJSON in UTF-8, read line by line and numbered by line. Empty lines are skipped."""
    for number, line in enumerate(_iterate_lines(stream), start=1):
        text = line.removeprefix(b"\xef\xbb\xbf" if number == 1 else b"").strip()
        if len(line) > MAX_LINE_SIZE:
            yield _build_rejected_row(
                file, number, text, f"This line has more than {MAX_LINE_SIZE:,} bytes, far more than one record needs."
            )
        elif text:
            yield _parse_line(file, number, text)


def _iterate_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield each line, cut off at the maximum size; the rest of a longer line is skipped."""
    while line := stream.readline(MAX_LINE_SIZE + 1):
        yield line
        while len(line) > MAX_LINE_SIZE and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE_SIZE + 1)


def _parse_line(file: str, number: int, text: bytes) -> Row:
    try:
        return _build_row(file, number, msgspec.json.decode(text))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        return _build_rejected_row(file, number, text, f"This line is not well-formed JSON: {problem}.")


def _build_rejected_row(file: str, number: int, text: bytes, sentence: str) -> Row:
    shown = text[: 4 * _MAX_SHOWN_LENGTH].decode(errors="replace")[:_MAX_SHOWN_LENGTH]
    return Row(file, number, {}, cells={"line": shown}, problems=(Problem((), ErrorCode.BAD_INPUT, sentence),))


def _build_row(file: str, number: int, record: object) -> Row:
    if not isinstance(record, dict):
        return _build_rejected_row(file, number, repr(record).encode(), "A record must be an object: named fields in braces.")
    fields = {field: value for field, value in record.items() if field not in IGNORED_FIELDS}
    if "sources" in fields:
        fields["sources"] = _split_sources(fields["sources"])
    published = record.get("published")
    return Row(file, number, fields, as_of=parse_date(published.get("updated_at")) if isinstance(published, dict) else None)


def parse_date(moment: object) -> dt.date | None:
    """Return the day of a date and time in the form of our exports; None for anything else."""
    if not isinstance(moment, str):
        return None
    try:
        return dt.datetime.fromisoformat(moment).date()
    except ValueError:
        return None


def _list_records(file: str, content: object, key: str) -> Iterable[object]:
    if not isinstance(content, dict):
        raise BadInput(f"{file} has no named fields. Give one record, or a list under `{key}`.", file=file)
    records = content.get(key, [content])
    if not isinstance(records, list) or (key in content and content.keys() - {key, HEADER_KEY}):
        raise BadInput(f"{file} must hold either one record or a list of them under `{key}`.", file=file)
    return records


def _split_sources(sources: object) -> object:
    """Return one source for each of the `fields` that a source lists. Anything else is left for the draft to reject."""
    if not isinstance(sources, list):
        return sources
    return [single for source in sources for single in _split_source_fields(source)]


def _split_source_fields(source: object) -> list[object]:
    if not isinstance(source, dict) or not isinstance(source.get("fields"), list):
        return [source]
    rest: Mapping[str, object] = {name: value for name, value in source.items() if name != "fields"}
    return [{**rest, "field": field} for field in source["fields"]]
