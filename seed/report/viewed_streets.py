"""Show the private streets that an import changes, if a person asks for them. The ledger says so before they are shown."""

import datetime as dt
from collections.abc import Iterator

from msgspec.structs import replace

from directory.geo import Disclosure
from directory.records import RecordKind
from directory.store.ledger.edits import IMPORT_ACTOR, RecordId
from directory.store.store import Store
from directory.store.viewed_places import view_streets
from seed.plan.planned_row import Plan, PlannedRow


def view_changed_streets(plan: Plan, store: Store, *, now: dt.datetime, reason: str, actor: str = IMPORT_ACTOR) -> Plan:
    """Return the plan with the private streets that its rows change or propose to change.

    A revision of the ledger records who looked, when, why, and at which records, before this returns. Without such streets
    nothing is recorded. Plans of other kinds than organizations are returned as they are.
    """
    ids: dict[RecordId, list[str]] = {}
    for item in plan.items:
        locations = list(_list_withheld_locations(item))
        if locations and item.record_before is not None:
            ids.setdefault(RecordId(RecordKind.ORGANIZATION, item.record_before.id), []).extend(locations)
    streets = view_streets(store, ids, actor=actor, now=now, reason=reason)
    items = (replace(item, viewed_streets=_select_streets(item, streets)) if streets else item for item in plan.items)
    return replace(plan, items=tuple(items))


def _list_withheld_locations(item: PlannedRow) -> Iterator[str]:
    """Yield the ids of the stored locations that the row changes and whose streets are not public."""
    after = item.record_after if "sites" in item.changed_fields else item.proposed_record
    if item.record_before is None or after is None or "sites" not in (*item.changed_fields, *item.proposed_fields):
        return
    for site in item.record_before.sites:
        if site not in after.sites and site.disclosure is not Disclosure.EXACT:
            yield site.id


def _select_streets(item: PlannedRow, streets: dict[str, str]) -> dict[str, str]:
    return {location_id: streets[location_id] for location_id in _list_withheld_locations(item) if location_id in streets}
