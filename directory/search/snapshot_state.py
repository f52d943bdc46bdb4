"""The state that a snapshot shows, and what changes when it is advanced."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from msgspec import Struct

from directory.publish import VisibleChange
from directory.records import RecordKind
from directory.search.search_index import RecordChanges

NO_CHANGES = RecordChanges()
NO_SURVIVORS: Mapping[str, str] = MappingProxyType({})


class SnapshotState(Struct, frozen=True):
    """The state of the directory that a snapshot shows: `revision` is for staff, `version` for everyone."""

    revision: int
    version: str
    network_id: str | None = None
    fictional: bool = False


class SnapshotChanges(Struct, frozen=True):
    """What changed for one audience.

    `records` are the changes of each kind that has some. `slug_targets` holds only the slugs that may have changed,
    `visible_changes` the new changes, and `survivor_ids` all merges.
    """

    state: SnapshotState
    records: Mapping[RecordKind, RecordChanges]
    slug_targets: Mapping[RecordKind, Mapping[str, str]]
    visible_changes: Iterable[VisibleChange]
    survivor_ids: Mapping[str, str] = NO_SURVIVORS
