"""Execute one statement for many rows, and read many rows in batches."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import CompoundSelect, Connection, Insert, Row, Select
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase

COPY_THRESHOLD = 100  # rows; from here on PostgreSQL loads them with COPY, ten times faster
CHUNK = 500  # ids per statement
STREAM = 250  # rows fetched at a time; with thousands alive, the garbage collector's scans double the time

RowValues = Mapping[str, Any]
ValueProcessor = Callable[[Any], Any] | None
T = TypeVar("T")
AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]
AnyUnion = CompoundSelect[*tuple[Any, ...]]


def execute_many(connection: Connection, statement: UpdateBase, rows: Sequence[RowValues]) -> None:
    """Execute the statement once for each row. Does nothing if there are no rows.

    All rows must have the same keys: names of columns and of bound parameters. Values are converted here and passed straight to
    the driver, because SQLAlchemy repeats per row what is the same for all rows, which would double the time of an import.
    """
    if not rows:
        return
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - every statement that changes rows compiles to SQL
    types = {name: bound.type for bound, name in compiled.bind_names.items()}
    names = compiled.positiontup or list(types)
    processors = [types[name].dialect_impl(connection.dialect).bind_processor(connection.dialect) for name in names]
    constants = {name: value for name, value in compiled.params.items() if name not in rows[0]}
    values = _process_values(names, processors, [{**constants, **row} for row in rows] if constants else rows)
    if compiled.positiontup:
        connection.exec_driver_sql(str(compiled), values)
    elif isinstance(statement, Insert) and len(rows) >= COPY_THRESHOLD and rows[0].keys() == set(names):
        _copy_rows(connection, statement, names, values)
    else:
        connection.exec_driver_sql(str(compiled), [dict(zip(names, row, strict=True)) for row in values])


def _process_values(
    names: Sequence[str], processors: Sequence[ValueProcessor], rows: Sequence[RowValues]
) -> list[tuple[Any, ...]]:
    """Return the values of each row in the order of `names`, converted for the driver."""
    active = [(position, process) for position, process in enumerate(processors) if process]
    if len(names) > 1 and not active:
        return list(map(itemgetter(*names), rows))
    converted = []
    for row in rows:
        values = [row[name] for name in names]
        for position, process in active:
            values[position] = process(values[position])
        converted.append(tuple(values))
    return converted


def _copy_rows(connection: Connection, statement: Insert, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in names)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {quote(statement.table.name)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def stream_rows(connection: Connection, statement: AnySelect | AnyUnion) -> Iterator[AnyRow]:
    """Iterate over the rows with at most STREAM of them in memory."""
    return chain.from_iterable(connection.execute(statement, execution_options={"yield_per": STREAM}).partitions())


def split_into_chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Split the values into lists of at most CHUNK. Yields nothing if there are no values."""
    remaining = iter(values)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
