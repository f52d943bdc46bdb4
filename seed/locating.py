"""Streets that everybody may read, asked of an online geocoder: when all else is decided, so that no other ever is."""

from collections.abc import Iterator

from msgspec.structs import replace

from directory.geocode import Geocode, geocoded
from directory.records import Site
from directory.text import fold
from seed.dataset import Dataset
from seed.items import Fate, Item
from seed.provenance import with_sources
from seed.rows import Row


def pointed(item: Item, dataset: Dataset, geocode: Geocode) -> Item:
    """The item, the streets that its row states with their points, where they have none and will be told EXACT.

    A point that is kept stays. Raises Unavailable when the service cannot be reached.
    """
    if item.entry is None or "sites" in item.proposed or item.fate in (Fate.REFUSED, Fate.DOUBTFUL):
        return item
    stated = set(_streets(item.row))
    sites = tuple(geocoded(site, geocode) if _street(site) in stated else site for site in item.entry.sites)
    if sites == item.entry.sites:
        return item
    entry = replace(item.entry, sites=sites)
    if "sites" in item.fields:
        return replace(item, entry=entry)
    entry = with_sources(entry, ["sites"], item.row, dataset)
    return replace(item, entry=entry, fate=Fate.CHANGED, fields=(*item.fields, "sites"))


def _streets(row: Row) -> Iterator[str]:
    locations = row.stated.get("locations")
    for location in locations if isinstance(locations, list) else ():
        if isinstance(location, dict) and isinstance(location.get("street"), str):
            yield fold(location["street"])


def _street(site: Site) -> str | None:
    return fold(site.private.street) if site.private and site.private.street else None
