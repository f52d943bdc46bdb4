"""What is kept of places beside their area, whatever may be told of them. No reader is handed any of it but loading.py's."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from directory.geo import Point
from directory.records import PrivatePlace
from directory.store.streaming import chunks
from directory.store.tables import private_places

EMPTY = PrivatePlace()


def place(street: str | None, latitude: float | None, longitude: float | None) -> PrivatePlace | None:
    """The private place of a row; None where nothing is kept."""
    point = Point(latitude, longitude) if latitude is not None and longitude is not None else None
    return PrivatePlace(street, point) if street is not None or point is not None else None


def private_places_of(connection: Connection, site_ids: Iterable[str]) -> dict[str, PrivatePlace]:
    """What is kept of those sites: for the ledger and for completing an edit, never for reading."""
    found = {}
    for chunk in chunks(site_ids):
        for identity, *row in connection.execute(select(private_places).where(private_places.c.site_id.in_(chunk))):
            found[identity] = place(*row)
    return {identity: private for identity, private in found.items() if private is not None}


def differing(connection: Connection, places: Mapping[str, PrivatePlace]) -> set[str]:
    """The sites of which something else is kept than is given; where nothing is kept, those that are given something.

    A street that is given without a point says nothing of the point.
    """
    kept = private_places_of(connection, places)
    return {site_id for site_id, given in places.items() if _differs(given, kept.get(site_id, EMPTY))}


def _differs(given: PrivatePlace, kept: PrivatePlace) -> bool:
    if given.street and given.point is None:
        return given.street.casefold() != (kept.street or "").casefold()
    return given != kept
