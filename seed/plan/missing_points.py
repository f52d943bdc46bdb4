"""Geocode published streets online, after everything else is decided, so private streets are never sent."""

from collections.abc import Iterator

from msgspec.structs import replace

from directory.drafts.geocoding import Geocode, geocode_street
from directory.records import StoredLocation
from directory.text import fold
from seed.merge.provenance import add_sources
from seed.plan.planned_row import PlannedRow, RowAction
from seed.rows import Row
from seed.sources.dataset import Dataset


def geocode_missing_points(item: PlannedRow, dataset: Dataset, geocode: Geocode) -> PlannedRow:
    """Return the item with points for the streets in its row that are disclosed EXACT and have no point.

    Raises Unavailable if the service cannot be reached.
    """
    if item.record_after is None or "sites" in item.proposed_fields or item.action in (RowAction.REJECT, RowAction.REVIEW):
        return item
    streets = set(_list_stated_streets(item.row))
    sites = tuple(geocode_street(site, geocode) if _folded_street(site) in streets else site for site in item.record_after.sites)
    if sites == item.record_after.sites:
        return item
    record = replace(item.record_after, sites=sites)
    if "sites" in item.changed_fields:
        return replace(item, record_after=record)
    record = add_sources(record, ["sites"], item.row, dataset)
    return replace(item, record_after=record, action=RowAction.UPDATE, changed_fields=(*item.changed_fields, "sites"))


def _list_stated_streets(row: Row) -> Iterator[str]:
    locations = row.fields.get("locations")
    for location in locations if isinstance(locations, list) else ():
        if isinstance(location, dict) and isinstance(location.get("street"), str):
            yield fold(location["street"])


def _folded_street(site: StoredLocation) -> str | None:
    return fold(site.private.street) if site.private and site.private.street else None
