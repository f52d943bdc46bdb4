"""From a file to a dataset: which format it is, what its rows are, and what the source is called."""

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from msgspec.structs import replace

from directory.errors import BadInput
from seed.came_back import as_written, is_part
from seed.columns.profile import Profile, load
from seed.dataset import Dataset
from seed.instructions import Instructions
from seed.naming import named
from seed.opening_tables import OWN, from_table, says_how_to_read
from seed.readers import delimited, geojson, hsds, native, spreadsheet
from seed.readers.formats import Format, recognise
from seed.readers.limits import bounded, content
from seed.rows import Row
from seed.tables import Table

FOR_MAPS = "came out of this directory for maps, and holds areas only; feed its CSV, XLSX, NDJSON or HSDS instead."
STANDARD_INPUT = Path("-")
MORE_THAN_ONE = "Extra data"  # what json says of one value after another


def opened(path: Path, how: Instructions, standard_input: IO[bytes]) -> Dataset:
    """The dataset in a file, a folder, or standard input (the path "-"), named and dated as the instructions or its profile say.

    Its rows are read as they are iterated, and may raise BadInput or TooLarge then. Raises BadInput for what is no list of
    organizations, TooLarge for what is too large to be one.
    """
    if path.is_dir():
        return named(_as_members(hsds.read_folder(path), how), path, how)
    is_stream = path == STANDARD_INPUT
    data = bounded(standard_input, "standard input") if is_stream else content(path)
    profile = load(how.profile) if how.profile else None
    dataset = _dataset(data, Path("standard input") if is_stream else path, how, profile)
    if is_stream and not how.key:
        dataset = replace(dataset, is_part=True)  # two pipes are not the same source for having no name
    return named(_as_members(dataset, how), path, how)


def _as_members(dataset: Dataset, how: Instructions) -> Dataset:
    """New records are what the instructions say, where their rows do not say it."""
    if how.membership is None or dataset.states_sources:
        return dataset
    membership = {"membership": {"status": how.membership}}
    rows = (replace(row, defaults={**row.defaults, **membership}) for row in dataset.rows)
    return replace(dataset, rows=rows)


def _dataset(data: bytes, path: Path, how: Instructions, profile: Profile | None) -> Dataset:
    found = recognise(path.name, data)
    if found is Format.ZIP:
        return hsds.package(data, path.name)
    if found is Format.TOML:
        return Dataset("", OWN, native.read(path), states_sources=True)
    if found is Format.NDJSON:
        return _lines(data, path)
    if found is Format.JSON:
        return _json(data, path, how, profile)
    is_ours = profile is not None and says_how_to_read(profile) and _came_back(data, path.name, found, how)
    table = _table(data, path.name, found, how, None if is_ours else profile)
    return from_table(table, path.parent, how, profile, lambda known: _table(data, path.name, found, how, known))


def _own(rows: Iterable[Row]) -> Dataset:
    return Dataset("", OWN, rows, states_sources=True)


def _lines(data: bytes, path: Path) -> Dataset:
    return hsds.lines(data, path.name) if hsds.is_lines(data) else _own(native.lines(path.name, io.BytesIO(data)))


def _json(data: bytes, path: Path, how: Instructions, profile: Profile | None) -> Dataset:
    if geojson.is_geojson(data):
        if geojson.is_ours(data):
            raise BadInput(f"{path.name} {FOR_MAPS}", file=path.name)
        return from_table(geojson.table(data, path.name), path.parent, how, profile)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as problem:
        if isinstance(problem, json.JSONDecodeError) and problem.msg == MORE_THAN_ONE:
            return _lines(data, path)  # the first of them was longer than what a format is told by
        raise BadInput(f"{path.name} is not well formed: {problem}.", file=path.name) from problem
    return hsds.document(value, path.name) if hsds.is_hsds(value) else _own(native.document(path.name, value))


def _came_back(data: bytes, name: str, found: Format, how: Instructions) -> bool:
    try:
        return is_part(as_written(_table(data, name, found, how, None)).headings)
    except BadInput:
        return False  # what only a profile can read is none of ours


def _table(data: bytes, name: str, found: Format, how: Instructions, profile: Profile | None) -> Table:
    """What the instructions say goes before what the profile says."""
    said = profile or Profile({})
    header = how.header if how.header is not None else said.header
    if found is Format.SPREADSHEET:
        return spreadsheet.read(data, name, sheet=how.sheet or said.sheet, header=header)
    encoding, delimiter = how.encoding or said.encoding, how.delimiter or said.delimiter
    return delimited.read(data, name, encoding=encoding, delimiter=delimiter, header=header)
