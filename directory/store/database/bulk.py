"""One statement for many rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Insert, Row, Select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase

COPY_THRESHOLD = 100  # rows from which on PostgreSQL copies them in: a row then takes it a tenth of the time

RowValues = Mapping[str, Any]
ValueProcessor = Callable[[Any], Any] | None


def execute_many(connection: Connection, statement: UpdateBase, rows: Sequence[RowValues]) -> None:
    """Runs it once for each row; not at all for none. All rows have the same keys: names of columns and of bound parameters.

    The driver is handed the values as it wants them, because SQLAlchemy would work out for each row again what is the same for
    all; of an import that takes as long as the database does.
    """
    if not rows:
        return
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - whatever changes rows compiles to SQL
    types = {name: bound.type for bound, name in compiled.bind_names.items()}
    names = compiled.positiontup or list(types)
    processes = [types[name].dialect_impl(connection.dialect).bind_processor(connection.dialect) for name in names]
    same = {name: value for name, value in compiled.params.items() if name not in rows[0]}
    values = _process_values(names, processes, [{**same, **row} for row in rows] if same else rows)
    if compiled.positiontup:
        connection.exec_driver_sql(str(compiled), values)
    elif isinstance(statement, Insert) and len(rows) >= COPY_THRESHOLD and rows[0].keys() == set(names):
        _copy_rows(connection, statement, names, values)
    else:
        connection.exec_driver_sql(str(compiled), [dict(zip(names, row, strict=True)) for row in values])


def _process_values(
    names: Sequence[str], processes: Sequence[ValueProcessor], rows: Sequence[RowValues]
) -> list[tuple[Any, ...]]:
    """The values of each row in the order of the names, in the driver's form."""
    processed = [(position, process) for position, process in enumerate(processes) if process]
    if len(names) > 1 and not processed:
        return list(map(itemgetter(*names), rows))
    found = []
    for row in rows:
        values = [row[name] for name in names]
        for position, process in processed:
            values[position] = process(values[position])
        found.append(tuple(values))
    return found


def _copy_rows(connection: Connection, statement: Insert, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {quote(statement.table.name)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


CHUNK = 500  # ids asked for in one statement
STREAM = 250  # rows fetched at a time; thousands kept alive double the time by the garbage collector's walks
T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]


def stream_rows(connection: Connection, statement: AnySelect) -> Iterator[AnyRow]:
    """The rows as they come, STREAM of them in memory at a time."""
    return chain.from_iterable(connection.execute(statement, execution_options={"yield_per": STREAM}).partitions())


def split_into_chunks(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
