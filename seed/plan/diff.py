"""Find the fields that each row changes, and record where their values come from. The store is queried once for all rows."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from functools import cache
from typing import TypeVar

from msgspec.structs import replace

from directory.drafts.draft_checks import list_sourced_fields
from directory.geo import Disclosure
from directory.kinds import KIND_BY_STRUCT
from directory.matching.match_record import list_registered_schemes
from directory.records import SOURCED_FIELDS, PrivatePlace, Source, StoredLocation, StoredOrganization, StoredRecord
from directory.store.ledger.change_log import replace_parts
from directory.store.ledger.edits import IMPORT_ACTOR
from directory.store.read_transaction import ReadTransaction
from directory.visibility import find_loosening, find_lost_disclosure
from seed.plan.merge_locations import keep_private_place
from seed.plan.planned_row import PlannedRow, RowAction
from seed.rows import Row
from seed.sources.dataset import Dataset

_NO_PRIVATE_PLACE = PrivatePlace()
R = TypeVar("R", bound=StoredRecord)


def diff(
    items: Sequence[PlannedRow[R]], dataset: Dataset, reading: ReadTransaction, *, may_loosen: bool, overwrites_edits: bool
) -> Iterator[PlannedRow[R]]:
    """Yield the items with their changed fields and final actions.

    Unless `overwrites_edits`, a field that a person edited later is kept, and its new value proposed. Unless `may_loosen`, a row
    that would show anything to more people is refused. The dataset becomes the source of each changed field.
    """
    differing_ids = reading.find_differing_places(dict(_list_unread_places(items)))
    items = [_set_changed_fields(item, differing_ids) if item.action is RowAction.UPDATE else item for item in items]
    if not overwrites_edits:
        changed_ids = [item.record_before.id for item in items if item.record_before and item.changed_fields]
        edits = reading.load_last_edits(changed_ids, is_import)
        items = [
            protect_edits(item, edits.get(item.record_before.id, {}), dataset) if item.record_before else item for item in items
        ]
    for item in items:
        is_trusted = may_loosen or (item.action is RowAction.CREATE and dataset.has_provenance)
        yield _add_sources(item if is_trusted else _reject_loosened_visibility(item), dataset)


def _list_unread_places(items: Sequence[PlannedRow]) -> Iterator[tuple[str, PrivatePlace]]:
    """Yield the stated private places of locations whose stored private place cannot be read, by location id."""
    for item in items:
        if item.record_after is not None and item.record_before is not None:
            unread_ids = {site.id for site in item.record_before.sites if site.disclosure is not Disclosure.EXACT}
            for site in item.record_after.sites:
                if site.private is not None and site.id in unread_ids:
                    yield site.id, site.private


def _set_changed_fields(item: PlannedRow[R], differing_ids: Set[str]) -> PlannedRow[R]:
    assert item.record_after is not None  # noqa: S101 - the caller passes updates only
    assert item.record_before is not None  # noqa: S101
    old = {site.id: site for site in item.record_before.sites}
    after = replace_parts(
        item.record_after,
        sites=tuple(_keep_unchanged_private_place(site, old.get(site.id), differing_ids) for site in item.record_after.sites),
    )
    stored = replace_parts(after, sites=tuple(_as_stored(site, old.get(site.id)) for site in after.sites))
    fields = [field for field in after.__struct_fields__ if getattr(item.record_before, field) != getattr(stored, field)]
    if "sites" not in fields and any(site.id in differing_ids for site in after.sites):
        fields.append("sites")
    action = RowAction.UPDATE if fields else RowAction.SKIP
    return replace(item, record_after=after, changed_fields=tuple(fields), action=action)


def _keep_unchanged_private_place(site: StoredLocation, old: StoredLocation | None, differing_ids: Set[str]) -> StoredLocation:
    if old is None or old.disclosure is Disclosure.EXACT or site.private is None or site.id in differing_ids:
        return site
    return replace(site, private=None) if site.private == _NO_PRIVATE_PLACE else keep_private_place(site, old)


def _as_stored(site: StoredLocation, old: StoredLocation | None) -> StoredLocation:
    """Return the location as the store will return it: with a private place (stated or old) only if it is EXACT."""
    if site.disclosure is not Disclosure.EXACT:
        return replace(site, private=None)
    if site.private is None:
        return replace(site, private=old.private if old else None)
    return replace(site, private=None) if site.private == _NO_PRIVATE_PLACE else site


def protect_edits(item: PlannedRow[R], edit_times: Mapping[str, dt.datetime], dataset: Dataset) -> PlannedRow[R]:
    """Keep the fields that a person edited after the date of the source, and propose the row's values for them.

    `edit_times` holds the time of the last edit by field. All of these fields are kept if the date of the source is unknown.
    """
    date = effective_date(item.row, dataset)
    proposed = tuple(
        field for field in item.changed_fields if field in edit_times and (date is None or edit_times[field].date() > date)
    )
    if not proposed or item.record_after is None or item.record_before is None:
        return item
    changed = tuple(field for field in item.changed_fields if field not in proposed)
    return replace(
        item,
        action=RowAction.UPDATE if changed else RowAction.SKIP,
        record_after=replace(item.record_after, **{field: getattr(item.record_before, field) for field in proposed}),
        changed_fields=changed,
        proposed_fields=proposed,
        proposed_record=item.record_after,
    )


def _add_sources(item: PlannedRow[R], dataset: Dataset) -> PlannedRow[R]:
    """Add the dataset as the source of the changed fields.

    If a person chose the record of the row, add it as a source of the name too, so the next import finds the record.
    """
    if item.record_after is None or (item.action is RowAction.SKIP and not _needs_name_source(item, dataset)):
        return item
    record = add_sources(item.record_after, item.changed_fields, item.row, dataset)
    if _needs_name_source(item, dataset) and "name" not in item.changed_fields:
        record = add_name_source(record, item.row, dataset)
    if item.record_before is not None and not item.changed_fields:
        return replace(item, record_after=record, changed_fields=("sources",), action=RowAction.UPDATE)
    return replace(item, record_after=record)


def _needs_name_source(item: PlannedRow, dataset: Dataset) -> bool:
    if item.record_before is None or not item.row.fields.get("same_as") or dataset.has_provenance:
        return False
    return all(source.origin != dataset.key for source in item.record_before.sources)


def _reject_loosened_visibility(item: PlannedRow[R]) -> PlannedRow[R]:
    """Refuse a row that shows anything to more people than now, or a new location more exactly than its themes allow."""
    if item.record_after is None or item.action not in (RowAction.CREATE, RowAction.UPDATE):
        return item
    if item.record_before is None and all(site.disclosure is None for site in item.record_after.sites):
        return item  # the default disclosure follows the themes; most rows state none
    before = item.record_before or replace_parts(item.record_after, sites=(), contacts=())
    problems = (*find_loosening(before, item.record_after), *find_lost_disclosure(before, item.record_after))
    if not problems:
        return item
    return replace(item, action=RowAction.REJECT, record_after=None, changed_fields=(), problems=problems)


def is_import(actor: str) -> bool:
    """Whether this actor of the ledger is an import and not a person."""
    return actor.startswith(IMPORT_ACTOR)


@cache
def _list_sourced_fields(struct: type[StoredRecord]) -> tuple[str, ...]:
    return SOURCED_FIELDS if struct is StoredOrganization else list_sourced_fields(KIND_BY_STRUCT[struct])


@cache
def _list_single_value_fields(struct: type[StoredRecord]) -> frozenset[str]:
    single_values = (name for name, field in KIND_BY_STRUCT[struct].fields.items() if not field.is_list)
    return frozenset({"name", "membership", "parent", *single_values})


def add_sources(record: R, fields: Collection[str], row: Row, dataset: Dataset) -> R:
    """Return the record with this dataset as a source of these fields.

    Sources of replaced values are removed, and empty fields have no source. A dataset that states its own sources
    (`has_provenance`) is not added.
    """
    if dataset.has_provenance:
        return record
    struct = type(record)
    sourced = {"locations" if field == "sites" else field for field in fields} & set(_list_sourced_fields(struct))
    single_value_fields = sourced & _list_single_value_fields(struct)
    remaining = tuple(
        source
        for source in record.sources
        if not (source.field in single_value_fields or (source.field in sourced and source.origin == dataset.key))
    )
    filled = [field for field in _list_sourced_fields(struct) if field in sourced and _has_publishable_value(record, field)]
    return replace(record, sources=(*remaining, *(_build_source(field, row, dataset) for field in filled)))


def add_name_source(record: R, row: Row, dataset: Dataset) -> R:
    """Return the record with this dataset as a further source of its name."""
    return replace(record, sources=(*record.sources, _build_source("name", row, dataset)))


def effective_date(row: Row, dataset: Dataset) -> dt.date | None:
    """Return the date of the row's data: of the row, otherwise of the dataset; None if unknown."""
    return row.as_of or dataset.date


def _has_publishable_value(record: StoredRecord, field: str) -> bool:
    """Whether the field has a value to give a source for. Record numbers of a source do not count: only staff see them."""
    if field == "identifiers" and isinstance(record, StoredOrganization):
        return bool(list_registered_schemes(record.identifiers))
    return bool(getattr(record, "sites" if field == "locations" else field))


def _build_source(field: str, row: Row, dataset: Dataset) -> Source:
    """Return the source. It may reveal exact places: how exactly the list states them is unknown."""
    return Source(
        field,
        dataset.title,
        dataset.url,
        effective_date(row, dataset),
        Disclosure.EXACT,
        origin=dataset.key,
        file=row.file,
        row=row.number,
    )
