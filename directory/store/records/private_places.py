"""What is kept of places beside their area, whatever may be told of them. No reader is handed any of it but loading.py's."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from directory.geo import Point
from directory.records import PrivatePlace
from directory.store.database.bulk import split_into_chunks
from directory.store.records.tables import private_places

NO_PRIVATE_PLACE = PrivatePlace()


def build_private_place(street: str | None, latitude: float | None, longitude: float | None) -> PrivatePlace | None:
    """The private place of a row; None where nothing is kept."""
    point = Point(latitude, longitude) if latitude is not None and longitude is not None else None
    return PrivatePlace(street, point) if street is not None or point is not None else None


def load_private_places(connection: Connection, site_ids: Iterable[str]) -> dict[str, PrivatePlace]:
    """What is kept of those sites: for the ledger and for completing an edit, never for reading."""
    found = {}
    for chunk in split_into_chunks(site_ids):
        for identity, *row in connection.execute(select(private_places).where(private_places.c.site_id.in_(chunk))):
            found[identity] = build_private_place(*row)
    return {identity: private for identity, private in found.items() if private is not None}


def find_differing_places(connection: Connection, places: Mapping[str, PrivatePlace]) -> set[str]:
    """The sites of which something else is kept than is given; where nothing is kept, those that are given something.

    A street that is given without a point says nothing of the point.
    """
    kept = load_private_places(connection, places)
    return {site_id for site_id, given in places.items() if _differs(given, kept.get(site_id, NO_PRIVATE_PLACE))}


def _differs(submitted: PrivatePlace, stored: PrivatePlace) -> bool:
    if submitted.street and submitted.point is None:
        return submitted.street.casefold() != (stored.street or "").casefold()
    return submitted != stored
