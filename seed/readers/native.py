"""Our own record files, TOML or JSON: one organization a file, or several under `organizations`.

The fields are those of `OrganizationDraft`, and perhaps `id`. A source may name several `fields` at once.
"""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from directory.errors import BadInput
from seed.rows import Row

_LOAD: dict[str, Callable[[str], Any]] = {".toml": tomllib.loads, ".json": json.loads}


def read(path: Path) -> Iterator[Row]:
    """The rows of a file. Raises BadInput that names the file when it cannot be read as one of ours."""
    content = _content(path)
    records = content.get("organizations", [content])
    if not isinstance(records, list) or ("organizations" in content and len(content) > 1):
        raise BadInput(f"{path.name} holds either one organization or a list of them under `organizations`.", file=path.name)
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            raise BadInput(f"{path.name}: record {number} is no group of named fields.", file=path.name)
        yield Row(path.name, number, {**record, "sources": _apart(record.get("sources", []))})


def _content(path: Path) -> Mapping[str, Any]:
    load = _LOAD.get(path.suffix.lower())
    if load is None:
        raise BadInput(f"{path.name} is no record file; these end in .toml or .json.", file=path.name)
    try:
        content = load(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise BadInput(f"{path.name} cannot be read: {problem.strerror}.", file=path.name) from problem
    except (ValueError, RecursionError) as problem:
        raise BadInput(f"{path.name} is not well formed: {problem}.", file=path.name) from problem
    if not isinstance(content, dict):
        raise BadInput(f"{path.name} holds no named fields.", file=path.name)
    return content


def _apart(sources: object) -> object:
    """One source for each of the `fields` it names. What is no such list is left for the draft to refuse."""
    if not isinstance(sources, list):
        return sources
    return [one for source in sources for one in _each_field(source)]


def _each_field(source: object) -> list[object]:
    if not isinstance(source, dict) or not isinstance(source.get("fields"), list):
        return [source]
    rest = {name: value for name, value in source.items() if name != "fields"}
    return [{**rest, "field": field} for field in source["fields"]]
