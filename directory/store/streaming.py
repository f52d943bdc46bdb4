"""Reading many rows and asking for many ids, a handful at a time."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select

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
