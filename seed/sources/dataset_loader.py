"""Load a dataset from a file, a folder or standard input, and name and date it."""

import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

import msgspec
from msgspec.structs import replace

from directory.errors import BadInput
from seed.mapping.profile import Profile, load_profile
from seed.rows import Row, Table
from seed.sources import own_records
from seed.sources.dataset import OWN_TITLE, Dataset, ReadOptions, derive_dataset_key
from seed.sources.formats import csv_records, geojson, spreadsheet
from seed.sources.formats.file_format import FileFormat, detect_format
from seed.sources.formats.limits import read_bounded, read_file
from seed.sources.hsds import hsds_reader
from seed.sources.own_tables import is_corrections_table, restore_table
from seed.sources.table_dataset import dataset_from_table, has_read_options

_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
UNKNOWN_DATE_NOTE = "Its date is unknown, so edits made by people take precedence. Set a date with --date YYYY-MM-DD."
_NON_LETTERS = re.compile(r"[\W\d_]+")


def name_dataset(dataset: Dataset, path: Path, options: ReadOptions) -> Dataset:
    """Return the dataset with its key, title, URL and date. The options take precedence over what the dataset states."""
    day = options.date or dataset.date or find_date(path.stem)
    key = derive_dataset_key(options.key) if options.key else dataset.key or derive_dataset_key(_NON_LETTERS.sub(" ", path.stem))
    notes = tuple(_describe_source(dataset, key, day))
    return replace(
        dataset,
        key=key,
        title=options.title or dataset.title,
        url=options.url or dataset.url,
        date=day,
        notes=(*dataset.notes, *notes),
    )


def find_date(name: str) -> dt.date | None:
    """Return the day in a file's name ("members 2026-04-30", "bmf_2026-04": the first of the month); None when there is none."""
    match = _DATE.search(name)
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3] or 1)) if match else None
    except ValueError:
        return None


def _describe_source(dataset: Dataset, key: str, day: dt.date | None) -> Iterator[str]:
    if dataset.has_provenance:
        return
    dated = f"Its date: {day}." if day else UNKNOWN_DATE_NOTE
    yield f'Source: {key}. {dated} Shown publicly as the source: "{dataset.title}".'


MAP_EXPORT_MESSAGE = "is a map exported from this directory and holds only areas. Import its CSV, XLSX, NDJSON or HSDS instead."
PARTIAL_EXPORTS = {  # by a field of the first object
    "@context": "is linked data (JSON-LD)",
    "@graph": "is linked data (JSON-LD)",
    "linked_schemas": "is a file of Murmurations profiles",
}
PARTIAL_EXPORT_MESSAGE = (
    "and holds only a part of each record. Import a table, or an export of a directory as CSV, XLSX, NDJSON, JSON or HSDS."
)
STANDARD_INPUT = Path("-")
EXTRA_DATA_MESSAGE = "Extra data"  # the error of the json module for one value after another


class InputFile(NamedTuple):
    name: str
    data: bytes
    format: FileFormat


def read_input(path: Path, standard_input: IO[bytes]) -> InputFile:
    """Return a file, or standard input (the path "-"). Raises TooLarge at the limit, and BadInput if it cannot be read."""
    is_stream = path == STANDARD_INPUT
    name = "standard input" if is_stream else path.name
    data = read_bounded(standard_input, name) if is_stream else read_file(path)
    return InputFile(name, data, detect_format(name, data))


def load_dataset(path: Path, options: ReadOptions, standard_input: IO[bytes], profile: Profile | None = None) -> Dataset:
    """Return the dataset in a file, a folder or standard input (the path "-"), named and dated by the options or its profile.

    `profile` is used instead of one that the options name or that is found beside the file.
    Rows are read while they are iterated, which may raise BadInput or TooLarge. Raises BadInput for a file that is not a list of
    organizations and TooLarge for one that exceeds the limits.
    """
    if path.is_dir():
        return name_dataset(_set_membership(hsds_reader.read_folder(path), options), path, options)
    file = read_input(path, standard_input)
    if profile is None and options.profile:
        profile = load_profile(options.profile)
    dataset = _read_dataset(file, path.parent, options, profile)
    if options.tags and dataset.profile is None:
        raise BadInput(f"The tags of {path.name} have a meaning already. Leave out --tags.", argument="tags")
    if options.where and not dataset.headings:
        raise BadInput("--where filters the rows of a table, and this file is none. Leave it out.", argument="where")
    if path == STANDARD_INPUT and not options.key:
        dataset = replace(dataset, is_partial=True)  # two unnamed pipes are not the same source
    return name_dataset(_set_membership(dataset, options), path, options)


def load_records(path: Path, records_key: str, options: ReadOptions, standard_input: IO[bytes]) -> Dataset:
    """Return the coalitions, events or instruments in a file or in standard input: TOML, JSON, or NDJSON such as our exports.

    `records_key` names the list of several records in TOML or JSON, such as "coalitions". Raises as load_dataset does.
    """
    file = read_input(path, standard_input)
    rows = own_records.parse_records(file.name, file.data, file.format, records_key)
    return name_dataset(_build_own_dataset(rows), path, options)


def _set_membership(dataset: Dataset, options: ReadOptions) -> Dataset:
    """Set the membership of new records whose rows do not state one."""
    if options.membership is None or dataset.has_provenance:
        return dataset
    membership = {"membership": {"status": options.membership}}
    rows = (replace(row, fallback_fields={**row.fallback_fields, **membership}) for row in dataset.rows)
    return replace(dataset, rows=rows)


def _read_dataset(file: InputFile, folder: Path, options: ReadOptions, profile: Profile | None) -> Dataset:
    if file.format is FileFormat.ZIP:
        return hsds_reader.read_zip(file.data, file.name)
    if file.format is FileFormat.TOML:
        return _build_own_dataset(own_records.parse_records(*file))
    if file.format is FileFormat.NDJSON:
        return _read_lines(file, folder, options, profile)
    if file.format is FileFormat.JSON:
        return _read_json(file, folder, options, profile)
    is_ours = profile is not None and has_read_options(profile) and _is_corrections_file(file, options)
    table = read_table(file, options, None if is_ours else profile)
    return dataset_from_table(table, folder, options, profile, lambda known: read_table(file, options, known))


def _build_own_dataset(rows: Iterable[Row]) -> Dataset:
    return Dataset("", OWN_TITLE, rows, has_provenance=True)


def _read_lines(file: InputFile, folder: Path, options: ReadOptions, profile: Profile | None) -> Dataset:
    if hsds_reader.is_hsds_lines(file.data):
        return hsds_reader.read_hsds_lines(file.data, file.name)
    try:
        values = [msgspec.json.decode(line) for line in file.data.splitlines() if line.strip()]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        values = []  # each broken line becomes a rejected row
    _refuse_partial_exports(values, file.name)
    objects = own_records.find_plain_objects(values)
    if objects is None:
        return _build_own_dataset(own_records.read_record_lines(file.name, io.BytesIO(file.data)))
    return dataset_from_table(geojson.read_objects(objects, file.name), folder, options, profile)


def _read_json(file: InputFile, folder: Path, options: ReadOptions, profile: Profile | None) -> Dataset:
    if geojson.is_geojson(file.data):
        if geojson.is_own_export(file.data):
            raise BadInput(f"{file.name} {MAP_EXPORT_MESSAGE}", file=file.name)
        return dataset_from_table(geojson.read_geojson(file.data, file.name), folder, options, profile)
    try:
        value = own_records.parse_json(file.data, file.name)
    except BadInput as refusal:
        if isinstance(refusal.__cause__, json.JSONDecodeError) and refusal.__cause__.msg == EXTRA_DATA_MESSAGE:
            # the first line was longer than the sample that detect_format looks at
            return _read_lines(file, folder, options, profile)
        raise
    _refuse_partial_exports(value, file.name)
    if hsds_reader.is_hsds(value):
        return hsds_reader.read_document(value, file.name)
    objects = own_records.find_plain_objects(value)
    if objects is None:
        return _build_own_dataset(own_records.read_records(file.name, value))
    return dataset_from_table(geojson.read_objects(objects, file.name), folder, options, profile)


def _refuse_partial_exports(value: object, file: str) -> None:
    """Raise BadInput for JSON-LD and Murmurations profiles, ours or others', which hold only a part of a record."""
    for one in value[:1] if isinstance(value, list) else [value]:
        kind = next((kind for key, kind in PARTIAL_EXPORTS.items() if isinstance(one, dict) and key in one), None)
        if kind is not None:
            raise BadInput(f"{file} {kind} {PARTIAL_EXPORT_MESSAGE}", file=file)


def _is_corrections_file(file: InputFile, options: ReadOptions) -> bool:
    try:
        return is_corrections_table(restore_table(read_table(file, options)).headings)
    except BadInput:
        return False  # a file that needs a profile to be read was not written by us


def read_table(file: InputFile, options: ReadOptions, profile: Profile | None = None) -> Table:
    """Read a table. The options take precedence over the profile."""
    defaults = profile or Profile({})
    header = options.header if options.header is not None else defaults.header
    if file.format is FileFormat.SPREADSHEET:
        return spreadsheet.read_spreadsheet(file.data, file.name, sheet=options.sheet or defaults.sheet, header=header)
    encoding, delimiter = options.encoding or defaults.encoding, options.delimiter or defaults.delimiter
    return csv_records.read_delimited(file.data, file.name, encoding=encoding, delimiter=delimiter, header=header)
