"""Find records that are missing from their source: no row of it refers, or may refer, to them.

A refused row still shows that its organization is in the source.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from directory.errors import BadInput
from directory.matching.match_index import MatchIndex
from directory.matching.match_record import build_match_record
from directory.records import SOURCE_SCHEME_PREFIX, SOURCED_FIELDS, RecordKind, StoredOrganization
from directory.store.read_transaction import ReadTransaction
from directory.store.records.references import list_referenced_ids
from seed.plan.diff import is_import
from seed.plan.planned_row import MissingRecord, OrganizationRow, RowAction
from seed.resolve.record_resolver import RecordResolver
from seed.resolve.row_statement import Statement, list_problems, parse_statement
from seed.rows import Row
from seed.sources.dataset import Dataset

_EMPTY_RECORD = StoredOrganization(id="", slug="", name="")


def find_missing_records(
    items: Sequence[OrganizationRow], resolver: RecordResolver, dataset: Dataset, reading: ReadTransaction, today: dt.date
) -> Iterator[MissingRecord]:
    """Yield the missing records in stored order; none if the dataset is a part of its source, or an export of this directory."""
    is_whole = not (dataset.is_partial or dataset.has_provenance)
    missing = dict(_find_unclaimed_records(items, resolver, dataset)) if is_whole else {}
    for id in _find_ids_in_rejected_rows(items, missing, resolver, dataset.key, today) if missing else ():
        missing.pop(id, None)
    edited = reading.load_last_edits(missing, is_import)
    # A hidden record is never retired: the next import of the list would create it again.
    retirable = {
        id for id, record in missing.items() if id not in edited and not record.is_hidden and _is_only_from(record, dataset.key)
    }
    retirable -= _find_referenced_ids(retirable, items, resolver, reading) if retirable else set()
    for id, record in missing.items():
        yield MissingRecord(record, resolver.find_with_revision(id)[1], id in retirable)


def _find_referenced_ids(
    retirable_ids: set[str], items: Sequence[OrganizationRow], resolver: RecordResolver, reading: ReadTransaction
) -> set[str]:
    """Return the ids that a remaining record refers to, now or after the import, and the id of the network's own record."""
    references = {id: _list_organization_ids(record) for id, (record, _) in resolver.records.items()}
    referenced_by_rows = {to for item in items for to in _list_organization_ids(item.record_after)}
    by_other_kinds = reading.list_ids_referenced_by_other_kinds(RecordKind.ORGANIZATION)
    needed = retirable_ids & {reading.load_head().network_id, *referenced_by_rows, *by_other_kinds}
    while True:
        removable = retirable_ids - needed
        referenced = {to for id, targets in references.items() if id not in removable for to in targets}
        if not referenced & removable:
            return needed
        needed |= referenced & removable


def _list_organization_ids(record: StoredOrganization | None) -> set[str]:
    return {referenced.id for referenced in list_referenced_ids(record)}


def _find_unclaimed_records(
    items: Sequence[OrganizationRow], resolver: RecordResolver, dataset: Dataset
) -> Iterator[tuple[str, StoredOrganization]]:
    """Yield the records from this dataset that no row of it refers to, or may refer to."""
    candidate_ids = {candidate.id for item in items for candidate in item.candidates}
    excluded_identifiers = set(dataset.list_excluded_identifiers())
    for id, (record, _) in resolver.records.items():
        if id in candidate_ids or resolver.is_claimed(id) or not excluded_identifiers.isdisjoint(record.identifiers):
            continue
        if any(source.origin == dataset.key for source in record.sources):
            yield id, record


def _is_only_from(record: StoredOrganization, key: str) -> bool:
    """Whether every stated field of the record has this dataset as its only source."""
    sourced = {source.field for source in record.sources}
    stated = {field for field in SOURCED_FIELDS if _stated_value(record, field) != _stated_value(_EMPTY_RECORD, field)}
    return stated <= sourced and all(source.origin == key for source in record.sources)


def _stated_value(record: StoredOrganization, field: str) -> object:
    """Return the value of a sourced field, without record numbers of sources: they do not describe the organization."""
    if field == "identifiers":
        return tuple(one for one in record.identifiers if not one.scheme.startswith(SOURCE_SCHEME_PREFIX))
    return getattr(record, "sites" if field == "locations" else field)


def _find_ids_in_rejected_rows(
    items: Sequence[OrganizationRow],
    missing_records: dict[str, StoredOrganization],
    resolver: RecordResolver,
    key: str,
    today: dt.date,
) -> Iterator[str]:
    """Yield the ids that keys of refused rows lead to, and missing records that are similar to the usable part of one."""
    rejected_rows = [item.row for item in items if item.action is RowAction.REJECT]
    index = MatchIndex(build_match_record(record) for record in missing_records.values()) if rejected_rows else MatchIndex()
    for row in rejected_rows:
        statement = _parse_usable_fields(row, key, today)
        if statement:
            yield from resolver.candidate_ids(statement)
            yield from (match.id for match in index.find_matches(build_match_record(statement.record)))


def _parse_usable_fields(row: Row, key: str, today: dt.date) -> Statement | None:
    """Return what the row states without its invalid fields; None if that is still invalid."""
    fields = dict(row.fields)
    while True:
        try:
            return parse_statement(replace(row, fields=fields, fallback_fields={}, problems=()), key=key, today=today)
        except BadInput as error:
            invalid = {problem.path[0] for problem in list_problems(error) if problem.path} & fields.keys()
            if not invalid:
                return None
            fields = {field: value for field, value in fields.items() if field not in invalid}
