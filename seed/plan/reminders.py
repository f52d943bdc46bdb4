"""Write down doubtful rows and decisions with the records that they are about, for later imports of the list."""

from collections.abc import Mapping, Sequence, Set

from msgspec.structs import replace

from directory.records import RowMatch, StoredOrganization
from directory.store.ledger.edits import Put
from seed.plan.planned_row import WRITE_ACTIONS, OrganizationRow
from seed.resolve.row_matches import add_row_matches

StoredRecords = Mapping[str, tuple[StoredOrganization, int]]


def add_reminders(items: Sequence[OrganizationRow], stored: StoredRecords) -> tuple[tuple[OrganizationRow, ...], tuple[Put, ...]]:
    """Return the items, whose records remember the rows that are about them, and the edits of records that no item writes.

    A decided row is remembered with its record, a doubtful one with its best candidate that is in the directory after the import.
    """
    written_ids = {item.record_after.id for item in items if item.record_after and item.action in WRITE_ACTIONS}
    known_ids = written_ids | stored.keys()
    added: dict[str, list[RowMatch]] = {}
    for item in items:
        id = _find_reminded_id(item, known_ids)
        if id is not None and item.row_match is not None:
            added.setdefault(id, []).append(item.row_match)
    with_matches = tuple(_add_to_written_record(item, added) for item in items)
    others = (stored[id] for id in added if id not in written_ids)
    edits = ((replace(record, row_matches=add_row_matches(record, added[record.id])), revision) for record, revision in others)
    return with_matches, tuple(Put(record, revision) for record, revision in edits if record != stored[record.id][0])


def _find_reminded_id(item: OrganizationRow, known_ids: Set[str]) -> str | None:
    if item.row_match is None:
        return None
    record = item.record_after or item.record_before
    ids = (record.id,) if record else tuple(candidate.id for candidate in item.candidates)
    return next((id for id in ids if id in known_ids), None)


def _add_to_written_record(item: OrganizationRow, added: Mapping[str, Sequence[RowMatch]]) -> OrganizationRow:
    record = item.record_after
    if record is None or item.action not in WRITE_ACTIONS or record.id not in added:
        return item
    return replace(item, record_after=replace(record, row_matches=add_row_matches(record, added[record.id])))
