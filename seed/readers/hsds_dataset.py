"""From the records or tables of an HSDS data set to a dataset: one row for each organization, and notes on what is not taken."""

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from directory.errors import BadInput, Code
from directory.problems import Problem
from seed.clean import dates
from seed.dataset import Dataset
from seed.readers import encodings, hsds_own
from seed.readers.hsds_layout import ORGANIZATIONS, table_of
from seed.readers.hsds_organization import row
from seed.readers.hsds_tables import nested
from seed.readers.hsds_untaken import summary
from seed.readers.hsds_values import Object, objects, text
from seed.readers.limits import require_count, require_row
from seed.readers.quotes import Records
from seed.rows import Row

TITLE = "A directory of services (HSDS)"  # what everybody is told of a source that does not name itself
OWN = "This directory"
DESCRIPTOR = "datapackage.json"
SHOWN = 200  # characters of what is no record
_ONLY_SERVICES = frozenset(  # fields that no organization has
    {"organization", "service_at_locations", "organization_id", "application_process", "eligibility_description"}
)
_NO_ORGANIZATION = "This service does not say whose it is; give it with its organization, or feed the organizations."
_NO_RECORD = "This is no organization of HSDS; one is a group of named fields in braces."

Numbered = tuple[int, Mapping[str, object]]


def is_service(record: Object) -> bool:
    return "status" in record and bool(_ONLY_SERVICES & record.keys())


def of_files(name: str, files: Mapping[str, bytes]) -> Dataset:
    """The dataset of CSV files by their names, and perhaps a datapackage.json that says what it is called.

    Raises BadInput when organizations are not among them, or a file cannot be read; TooLarge for more than is read.
    """
    tables = {table: list(_rows(data, file)) for file, data in files.items() if (table := table_of(file))}
    if ORGANIZATIONS not in tables:
        raise BadInput(f"{name} holds no organizations.csv; give the folder or ZIP of an HSDS data set.", file=name)
    require_count(len(tables[ORGANIZATIONS]), f"{ORGANIZATIONS}.csv")
    described, notes = _descriptor(files.get(DESCRIPTOR))
    found = of_tables(f"{ORGANIZATIONS}.csv", tables, notes=notes)
    if found.states_sources:
        return found
    return replace(found, title=text(described.get("title")) or TITLE, date=_day(described.get("created")))


def of_tables(
    file: str, tables: Mapping[str, Sequence[Numbered]], *, notes: Sequence[str] = (), is_written_for_spreadsheets: bool = True
) -> Dataset:
    """The dataset of tables by the names of hsds_layout.py. `is_written_for_spreadsheets`: our own have neutral cells."""
    found = nested(tables)
    records = [
        (number, hsds_own.bared(one) if is_written_for_spreadsheets and hsds_own.is_own(one) else one)
        for number, one in found.organizations
    ]
    return _dataset(file, records, (), (*notes, *found.notes))


def of_records(file: str, records: Iterable[tuple[int, object]]) -> Dataset:
    """The dataset of organizations and services as JSON has them, each with its number; services go to their organizations."""
    known: dict[str, tuple[int, Object]] = {}
    refused: list[Row] = []
    for number, record in records:
        if not isinstance(record, dict):
            refused.append(_refused(file, number, {"record": repr(record)[:SHOWN]}, _NO_RECORD))
        elif not is_service(record):
            known[f"#{number}"] = (number, record)
        elif offering := objects(record.get("organization")):
            key = text(offering[0].get("id")) or f"#{number}"
            service = {field: value for field, value in record.items() if field != "organization"}
            known.setdefault(key, (number, {**offering[0], "services": []}))[1]["services"].append(service)
        else:
            refused.append(_refused(file, number, {"name": text(record.get("name"))}, _NO_ORGANIZATION))
    return _dataset(file, list(known.values()), refused, ())


def _dataset(file: str, records: Sequence[tuple[int, Object]], refused: Sequence[Row], notes: Sequence[str]) -> Dataset:
    counts: Counter[str] = Counter()
    rows = list(refused)
    for number, record in records:
        read, untaken = row(file, number, record)
        rows.append(read)
        counts.update(untaken.counts if untaken else {})
    rows.sort(key=lambda one: one.number)
    is_own = bool(records) and all(hsds_own.is_own(record) for _, record in records)
    title = OWN if is_own else TITLE
    return Dataset("", title, rows, notes=(*notes, *summary(counts)), states_sources=is_own, length=len(rows))


def _refused(file: str, number: int, cells: Mapping[str, str], sentence: str) -> Row:
    return Row(file, number, {}, cells=cells, problems=(Problem((), Code.BAD_INPUT, sentence),))


def _rows(data: bytes, file: str) -> Iterator[Numbered]:
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=encodings.found(data, file).name, newline=None)
    headings: list[str] = []
    for number, cells in Records(stream, file, ","):
        require_row(number, cells, file)
        if not headings:
            headings = [cell.strip().lower() for cell in cells]
        elif any(map(str.strip, cells)):
            yield number, {heading: cell for heading, cell in zip(headings, cells, strict=False) if heading}


def _descriptor(data: bytes | None) -> tuple[Mapping[str, object], tuple[str, ...]]:
    if data is None:
        return {}, ()
    try:
        return msgspec.json.decode(data, type=dict[str, object]), ()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}, (f"{DESCRIPTOR} cannot be read and was passed over; the tables are read by their names.",)


def _day(written: object) -> dt.date | None:
    try:
        return dates.day(text(written)).value if text(written) else None
    except BadInput:
        return None
