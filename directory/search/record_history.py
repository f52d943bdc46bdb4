"""What was different in the past: the history of the organizations that one audience sees, as far as searches may use it.

Of each organization it holds since when the audience has seen it without a break, and which keys and numbers were different
since then. Places, regions served and texts are not in it: a search in the past uses those of today. An organization that was not
changed since the audience saw it first needs no entry.
"""

import math
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct

from directory.question import FACETS
from directory.records import Organization, StoredOrganization
from directory.search.layered_map import LayeredMap
from directory.search.search_index import RecordChanges
from directory.search.searched_fields import EXACT_SUFFIX, ORGANIZATION_FIELDS, PARENT_SETS, to_timestamp

SetKeys: TypeAlias = tuple[str, frozenset[str]]  # the name of a set in SearchedFields.set_keys, and keys in it
# The sets and columns of which the history holds the past values, as MATCHED_FIELDS in snapshots/past_snapshot.py.
TERM_SETS = (*FACETS, *(facet + EXACT_SUFFIX for facet in FACETS))
PAST_SETS = (*TERM_SETS, "kinds", "membership", PARENT_SETS)
PAST_NUMBERS = ("FOUNDED", "JOINED", "VERIFIED")


class PastValues(Struct, frozen=True, gc=False):
    """What decided at some time whether an organization matched, in the order of PAST_SETS and of PAST_NUMBERS."""

    keys: tuple[frozenset[str], ...]
    numbers: tuple[float | None, ...]


class ValueChange(Struct, frozen=True, gc=False):
    """A change at a moment (seconds since 1970): the keys that it added or took away, and other numbers from before it."""

    moment: float
    toggles: tuple[SetKeys, ...]
    numbers: tuple[tuple[str, float], ...]  # NaN for an unknown one


class RecordPast(Struct, frozen=True, gc=False):
    """The audience has seen the organization since `since` (seconds since 1970) without a break. `changes`: oldest first."""

    since: float
    changes: tuple[ValueChange, ...] = ()


class RecordHistory:
    """The past of the organizations that were changed while the audience saw them, by id. Immutable."""

    def __init__(self, pasts: LayeredMap[str, RecordPast]) -> None:
        self._pasts = pasts

    @classmethod
    def build(cls, pasts: Mapping[str, RecordPast]) -> "RecordHistory":
        return cls(LayeredMap(dict(pasts)))

    def find(self, identity: str) -> RecordPast | None:
        """Return the past of an organization; None if it was not changed since the audience sees it."""
        return self._pasts.find(identity)

    def replace(self, ids: Iterable[str], pasts: Mapping[str, RecordPast]) -> "RecordHistory":
        """Return the history with other pasts of these organizations; without one for those that `pasts` lacks."""
        return RecordHistory(self._pasts.with_changes(ids, pasts))

    def with_changes(self, before: Iterable[Organization], changes: RecordChanges) -> "RecordHistory":
        """Return the history after one revision. `before` are the organizations that it changed, as they were before it.

        Nothing remains of an organization that the audience does not see any more. One that it sees again is new to it.
        """
        known = {record.id: record for record in before}
        pasts = {
            after.id: _extend(self.find(after.id), known[after.id], after)
            for after in changes.upserted_records
            if after.id in known
        }
        return self.replace(changes.ids, pasts)


def read_values(record: Organization | StoredOrganization) -> PastValues:
    """Return the values of a state of an organization. Its terms must exist."""
    extractors, readers = ORGANIZATION_FIELDS.set_keys, ORGANIZATION_FIELDS.numbers
    return PastValues(
        tuple(frozenset(extractors[name](record)) for name in PAST_SETS), tuple(readers[name](record) for name in PAST_NUMBERS)
    )


def compare_values(before: PastValues, after: PastValues, moment: float) -> ValueChange | None:
    """Return what a change at a moment changed; None if nothing of it is kept."""
    pairs = zip(PAST_NUMBERS, before.numbers, after.numbers, strict=True)
    numbers = tuple((name, math.nan if old is None else old) for name, old, new in pairs if old != new)
    sets = zip(PAST_SETS, before.keys, after.keys, strict=True)
    toggled = tuple((name, old ^ new) for name, old, new in sets if old != new)
    return ValueChange(moment, toggled, numbers) if toggled or numbers else None


def _extend(past: RecordPast | None, before: Organization, after: Organization) -> RecordPast:
    past = past or RecordPast(to_timestamp(before.updated_at))
    change = compare_values(read_values(before), read_values(after), to_timestamp(after.updated_at))
    return RecordPast(past.since, (*past.changes, change)) if change else past
