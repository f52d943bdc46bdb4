"""Load and compare private places: the streets and points of locations, whatever their disclosure.

Only writes, checks and comparisons use this. Readers get private places from loading.py, and only if the disclosure is EXACT.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from directory.geo import Disclosure, Point
from directory.records import PrivatePlace
from directory.store.database.bulk import split_into_chunks, stream_rows
from directory.store.records.tables import private_places, sites

NO_PRIVATE_PLACE = PrivatePlace()


def build_private_place(street: str | None, latitude: float | None, longitude: float | None) -> PrivatePlace | None:
    """Return the private place of a row, or None if all of its columns are null."""
    point = Point(latitude, longitude) if latitude is not None and longitude is not None else None
    return PrivatePlace(street, point) if street is not None or point is not None else None


def load_private_places(connection: Connection, location_ids: Iterable[str]) -> dict[str, PrivatePlace]:
    """Return private places by location id, without locations that have none."""
    places = {}
    for chunk in split_into_chunks(location_ids):
        for location_id, *row in connection.execute(select(private_places).where(private_places.c.site_id.in_(chunk))):
            places[location_id] = build_private_place(*row)
    return {location_id: place for location_id, place in places.items() if place is not None}


def load_withheld_streets(connection: Connection) -> dict[str, str]:
    """Return the streets of the locations of organizations that are not published exactly, by location id."""
    query = select(private_places.c.site_id, private_places.c.street).join_from(private_places, sites)
    is_withheld = sites.c.disclosure.is_(None) | (sites.c.disclosure != Disclosure.EXACT.value)
    rows = stream_rows(connection, query.where(is_withheld, private_places.c.street.is_not(None)))
    return {row[0]: row[1] for row in rows}


def find_differing_places(connection: Connection, places: Mapping[str, PrivatePlace]) -> set[str]:
    """Return the ids of locations whose stored private place differs from the given one.

    A street without a point is compared to the stored street only. Locations without a private place count as an empty one.
    """
    stored = load_private_places(connection, places)
    return {location_id for location_id, place in places.items() if _differs(place, stored.get(location_id, NO_PRIVATE_PLACE))}


def _differs(submitted: PrivatePlace, stored: PrivatePlace) -> bool:
    if submitted.street and submitted.point is None:
        return submitted.street.casefold() != (stored.street or "").casefold()
    return submitted != stored
