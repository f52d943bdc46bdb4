"""What of a record a row changes: field by field, with what only the store can tell asked once for all rows."""

from collections.abc import Iterator, Mapping, Sequence, Set

from msgspec.structs import replace

from directory.geo import Disclosure
from directory.records import PrivatePlace, StoredLocation, StoredOrganization
from directory.store.ledger.edits import IMPORT_ACTOR
from directory.store.read_transaction import ReadTransaction
from directory.visibility import find_loosening, find_lost_disclosure
from seed.merge.merge_locations import keep_private_place
from seed.merge.provenance import add_name_source, add_sources, effective_date
from seed.plan.planned_row import PlannedRow, RowAction
from seed.sources.dataset import Dataset

_NO_PRIVATE_PLACE = PrivatePlace()


def diff(
    items: Sequence[PlannedRow], dataset: Dataset, reading: ReadTransaction, *, may_loosen: bool, overwrites_edits: bool
) -> Iterator[PlannedRow]:
    """The items with their fates: what changes, what a person's later edit keeps, what would loosen visibility."""
    moved = reading.find_differing_places(dict(_list_unread_places(items)))
    found = [_set_changed_fields(item, moved) if item.action is RowAction.UPDATE else item for item in items]
    if not overwrites_edits:
        edits = reading.load_last_edits(
            [item.record_before.id for item in found if item.record_before and item.changed_fields], is_import
        )
        found = [
            _protect_edits(item, edits.get(item.record_before.id, {}), dataset) if item.record_before else item for item in found
        ]
    for item in found:
        guarded = (
            item
            if may_loosen or (item.action is RowAction.CREATE and dataset.has_provenance)
            else _reject_loosened_visibility(item)
        )
        yield _add_sources(guarded, dataset)


def _list_unread_places(items: Sequence[PlannedRow]) -> Iterator[tuple[str, PrivatePlace]]:
    """The stated private places of sites whose kept ones no reading hands out."""
    for item in items:
        if item.record_after is not None and item.record_before is not None:
            unread = {site.id for site in item.record_before.sites if site.disclosure is not Disclosure.EXACT}
            yield from (
                (site.id, site.private) for site in item.record_after.sites if site.private is not None and site.id in unread
            )


def _set_changed_fields(item: PlannedRow, moved: Set[str]) -> PlannedRow:
    assert item.record_after is not None  # noqa: S101 - only rows about a record come here
    assert item.record_before is not None  # noqa: S101
    old = {site.id: site for site in item.record_before.sites}
    after = replace(
        item.record_after,
        sites=tuple(_keep_unchanged_private_place(site, old.get(site.id), moved) for site in item.record_after.sites),
    )
    as_read = replace(after, sites=tuple(_as_stored(site, old.get(site.id)) for site in after.sites))
    fields = [
        field for field in StoredOrganization.__struct_fields__ if getattr(item.record_before, field) != getattr(as_read, field)
    ]
    if "sites" not in fields and any(site.id in moved for site in after.sites):
        fields.append("sites")
    fate = RowAction.UPDATE if fields else RowAction.SKIP
    return replace(item, record_after=after, changed_fields=tuple(fields), action=fate)


def _keep_unchanged_private_place(site: StoredLocation, old: StoredLocation | None, moved: Set[str]) -> StoredLocation:
    unread = old is not None and old.disclosure is not Disclosure.EXACT
    if old is None or not unread or site.private is None or site.id in moved:
        return site
    return replace(site, private=None) if site.private == _NO_PRIVATE_PLACE else keep_private_place(site, old)


def _as_stored(site: StoredLocation, old: StoredLocation | None) -> StoredLocation:
    """As the store will give it back: private only where it may be told, and kept where it was not stated."""
    if site.disclosure is not Disclosure.EXACT:
        return replace(site, private=None)
    if site.private is None:
        return replace(site, private=old.private if old else None)
    return replace(site, private=None) if site.private == _NO_PRIVATE_PLACE else site


def _protect_edits(item: PlannedRow, edited: Mapping[str, object], dataset: Dataset) -> PlannedRow:
    """Fields that a person edited later than the day of the source, or on an unknown day, stay; what the row says is proposed."""
    on = effective_date(item.row, dataset)
    stay = tuple(field for field in item.changed_fields if field in edited and (on is None or edited[field].date() > on))  # type: ignore[attr-defined]
    if not stay or item.record_after is None or item.record_before is None:
        return item
    entry = replace(item.record_after, **{field: _stored_value(item.record_before, field) for field in stay})
    fields = tuple(field for field in item.changed_fields if field not in stay)
    fate = RowAction.UPDATE if fields else RowAction.SKIP
    return replace(
        item, record_after=entry, changed_fields=fields, action=fate, proposed_fields=stay, proposed_record=item.record_after
    )


def _stored_value(before: StoredOrganization, field: str) -> object:
    """The kept value; of places without their private parts, so that these stay where they are."""
    return getattr(before, field)


def _add_sources(item: PlannedRow, dataset: Dataset) -> PlannedRow:
    """With the dataset as the source of what changes, and as one of the name where a person said whom the row is about: so that
    is known from then on."""
    if item.record_after is None or (item.action is RowAction.SKIP and not _needs_name_source(item, dataset)):
        return item
    entry = add_sources(item.record_after, item.changed_fields, item.row, dataset)
    if _needs_name_source(item, dataset) and "name" not in item.changed_fields:
        entry = add_name_source(entry, item.row, dataset)
    if item.record_before is not None and not item.changed_fields:
        return replace(item, record_after=entry, changed_fields=("sources",), action=RowAction.UPDATE)
    return replace(item, record_after=entry)


def _needs_name_source(item: PlannedRow, dataset: Dataset) -> bool:
    answered = item.record_before is not None and bool(item.row.fields.get("same_as")) and not dataset.has_provenance
    return (
        answered and item.record_before is not None and all(source.origin != dataset.key for source in item.record_before.sources)
    )


def _reject_loosened_visibility(item: PlannedRow) -> PlannedRow:
    """Nothing is shown to more people than now; of a new record, no place more exactly than its themes ask for."""
    if item.record_after is None or item.action not in (RowAction.CREATE, RowAction.UPDATE):
        return item
    if item.record_before is None and all(site.disclosure is None for site in item.record_after.sites):
        return item  # by default no place is told more exactly than its themes ask for; most rows decide nothing
    before = item.record_before or replace(item.record_after, sites=(), contacts=())
    shown = (*find_loosening(before, item.record_after), *find_lost_disclosure(before, item.record_after))
    return replace(item, action=RowAction.REJECT, record_after=None, changed_fields=(), problems=shown) if shown else item


def is_import(actor: str) -> bool:
    """Whether the ledger's actor is an import rather than a person."""
    return actor.startswith(IMPORT_ACTOR)
