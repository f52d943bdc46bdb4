"""What has gone from a source: the kept records that came from it, and that no row of it is, or may be, about.

A row that is refused still says that its organization is there.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from directory.errors import BadInput
from directory.matching.match_index import MatchIndex
from directory.matching.match_record import build_match_record
from directory.records import SOURCE_SCHEME_PREFIX, SOURCED_FIELDS, StoredOrganization
from directory.store.read_transaction import ReadTransaction
from directory.store.records.references import list_referenced_ids
from seed.plan.diff import is_import
from seed.plan.planned_row import MissingRecord, PlannedRow, RowAction
from seed.resolve.record_resolver import RecordResolver
from seed.resolve.row_statement import Statement, list_problems, parse_statement
from seed.rows import Row
from seed.sources.dataset import Dataset

_EMPTY_RECORD = StoredOrganization(id="", slug="", name="")


def find_missing_records(
    items: Sequence[PlannedRow], resolver: RecordResolver, dataset: Dataset, reading: ReadTransaction, today: dt.date
) -> Iterator[MissingRecord]:
    """In the order in which they are kept; none where the dataset is a part of its source, or came out of this directory."""
    is_whole = not (dataset.is_partial or dataset.has_provenance)
    gone = dict(_find_unclaimed_records(items, resolver, dataset)) if is_whole else {}
    for id in _find_ids_in_rejected_rows(items, gone, resolver, dataset.key, today) if gone else ():
        gone.pop(id, None)
    edited = reading.load_last_edits(gone, is_import)
    own = {id for id, entry in gone.items() if id not in edited and not entry.is_hidden and _is_only_from(entry, dataset.key)}
    # a hidden record is never retired: the next list would state it anew
    own -= _find_referenced_ids(own, items, resolver, reading) if own else set()
    for id, entry in gone.items():
        yield MissingRecord(entry, resolver.find_with_revision(id)[1], id in own)


def _find_referenced_ids(
    retirable_ids: set[str], items: Sequence[PlannedRow], resolver: RecordResolver, reading: ReadTransaction
) -> set[str]:
    """Of those ids the ones to which a record refers that stays, as it is kept or will be, and the network's own record."""
    refers = {id: set(list_referenced_ids(entry)) for id, (entry, _) in resolver.records.items()}
    of_rows = {to for item in items for to in list_referenced_ids(item.record_after)}
    needed = retirable_ids & {reading.load_head().network_id, *of_rows}
    while True:
        more = {to for id, to_all in refers.items() if id not in retirable_ids - needed for to in to_all} & (
            retirable_ids - needed
        )
        if not more:
            return needed
        needed |= more


def _find_unclaimed_records(
    items: Sequence[PlannedRow], resolver: RecordResolver, dataset: Dataset
) -> Iterator[tuple[str, StoredOrganization]]:
    likely, there = {one.id for item in items for one in item.candidates}, set(dataset.list_excluded_identifiers())
    for id, (entry, _) in resolver.records.items():
        if id in likely or resolver.is_claimed(id) or not there.isdisjoint(entry.identifiers):
            continue
        if any(source.origin == dataset.key for source in entry.sources):
            yield id, entry


def _is_only_from(entry: StoredOrganization, key: str) -> bool:
    """Whether each fact of it has this source, and none has another."""
    told = {source.field for source in entry.sources}
    facts = {field for field in SOURCED_FIELDS if _fact_value(entry, field) != _fact_value(_EMPTY_RECORD, field)}
    return facts <= told and all(source.origin == key for source in entry.sources)


def _fact_value(entry: StoredOrganization, field: str) -> object:
    """A source's own numbers are no fact about the organization."""
    if field == "identifiers":
        return tuple(one for one in entry.identifiers if not one.scheme.startswith(SOURCE_SCHEME_PREFIX))
    return getattr(entry, "sites" if field == "locations" else field)


def _find_ids_in_rejected_rows(
    items: Sequence[PlannedRow],
    missing_records: dict[str, StoredOrganization],
    resolver: RecordResolver,
    key: str,
    today: dt.date,
) -> Iterator[str]:
    """The ids that keys of refused rows lead to, and those of `gone` that are like one by what can be understood of it."""
    refused = [item.row for item in items if item.action is RowAction.REJECT]
    index = MatchIndex(build_match_record(entry) for entry in missing_records.values()) if refused else MatchIndex()
    for row in refused:
        understood = _parse_usable_fields(row, key, today)
        if understood:
            yield from resolver.candidate_ids(understood)
            yield from (one.id for one in index.find_matches(build_match_record(understood.record)))


def _parse_usable_fields(row: Row, key: str, today: dt.date) -> Statement | None:
    """What the row states without the fields that cannot be used; None where nothing is left."""
    stated = dict(row.fields)
    while True:
        try:
            return parse_statement(replace(row, fields=stated, fallback_fields={}, problems=()), key=key, today=today)
        except BadInput as refusal:
            wrong = {problem.path[0] for problem in list_problems(refusal) if problem.path} & stated.keys()
            if not wrong:
                return None
            stated = {field: value for field, value in stated.items() if field not in wrong}
