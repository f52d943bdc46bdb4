"""The values that the provisions of one instrument have in a field, with their numbers."""

from collections import Counter
from operator import attrgetter

from msgspec import Struct

from directory.search.record_view import RecordView
from directory.text import fold


class ProvisionValue(Struct, frozen=True):
    """A value as it is recorded, and the number of provisions with it or with the same value in other letters."""

    value: str
    count: int


def count_provision_values(provisions: RecordView, instrument_id: str, field: str) -> list[ProvisionValue]:
    """Return the values of a text field, the most frequent first; [] if no provision of the instrument states one.

    Values that differ only in case or accents count as one, as in a search for them.
    """
    rows = provisions.index.rows.list_records(provisions.index.sets["instrument"][instrument_id])
    counts = Counter(value for value in map(attrgetter(field), rows) if value)
    spellings: dict[str, str] = {}
    totals: Counter[str] = Counter()
    for value in sorted(counts):
        spellings.setdefault(fold(value), value)
        totals[fold(value)] += counts[value]
    return [ProvisionValue(spellings[key], count) for key, count in sorted(totals.items(), key=lambda item: (-item[1], item[0]))]
