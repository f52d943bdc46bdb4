"""Read all parts of a few records with one statement, however many tables there are.

Each row has the record's key, the number of the part's reader, the position, and the values in slots: the first text of a
part in the first slot for texts, and so on. Slots that a part does not need are null, cast to the type of the slot. Values are
never cast: text would lose the precision of numbers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, cast, literal_column, null, select, union_all

from directory.store.database.bulk import AnyRow, AnySelect
from directory.store.records.part_readers import PartReader

_OWN_COLUMNS = 3  # key, reader and position come before the slots
_KEYS: BindParameter[int] = bindparam("keys", expanding=True)

Slot = tuple[type, int]
PartValues = dict[str, Any]  # a tuple for each field


class CombinedQuery:
    """One statement for the fields of these readers."""

    def __init__(self, readers: Iterable[PartReader]) -> None:
        self._readers = list(readers)
        self._slots = {slot: column.type for reader in self._readers for slot, column in _assign_slots(reader).items()}
        numbers = {slot: number for number, slot in enumerate(self._slots, _OWN_COLUMNS)}
        self._get_values = [itemgetter(0, *(numbers[slot] for slot in _assign_slots(reader))) for reader in self._readers]
        self._statement = union_all(*map(self._select_rows, range(len(self._readers)))).order_by("owner", "reader", "position")

    def load(self, connection: Connection, keys: Sequence[int]) -> dict[int, PartValues]:
        """Return the values of the records with these keys. Fields without values are left out."""
        values: dict[int, PartValues] = {}
        rows = connection.execute(self._statement, {"keys": list(keys)})
        for (key, number), group in groupby(rows, itemgetter(0, 1)):
            values.setdefault(key, {})[self._readers[number].field] = self._build(number, group)
        return values

    def _build(self, number: int, rows: Iterator[AnyRow]) -> tuple[Any, ...]:
        return self._readers[number].build(map(self._get_values[number], rows))

    def _select_rows(self, number: int) -> AnySelect:
        reader = self._readers[number]
        key, position, columns = reader.owner_key, reader.table.c.position, _assign_slots(reader)
        slots = [columns.get(slot, cast(null(), slot_type)) for slot, slot_type in self._slots.items()]
        reader_number: ColumnElement[int] = literal_column(str(number))
        own = key.label("owner"), reader_number.label("reader"), position.label("position")
        values = (slot.label(f"slot_{index}") for index, slot in enumerate(slots))
        return select(*own, *values).select_from(reader.rows).where(key.in_(_KEYS))


def _assign_slots(reader: PartReader) -> dict[Slot, ColumnElement[Any]]:
    """Return the columns of the reader by slot: the type and how many columns of this type come before."""
    counts: Counter[type] = Counter()
    columns = {}
    for column in reader.columns:
        column_type = type(column.type)
        columns[column_type, counts[column_type]] = column
        counts[column_type] += 1
    return columns
