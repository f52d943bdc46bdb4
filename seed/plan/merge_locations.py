"""Merge the locations of a row into those of a record.

Locations are matched by area. Parts that a row does not state are kept, so a list of cities does not remove streets. A location
that moved keeps its disclosure.
"""

from collections.abc import Iterator, Sequence, Set

from msgspec.structs import replace

from directory.drafts.geocoding import make_location_id
from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import Disclosure, Precision
from directory.records import PrivatePlace, StoredLocation
from directory.vocabulary.regions import HOME_COUNTRY

_AREA_FIELDS = ("country", "state", "county", "city", "postal_code")  # coarsest first
_NO_PRIVATE_PLACE = PrivatePlace()
_PRECISION_BY_FIELD = (
    ("postal_code", Precision.POSTAL_CODE),
    ("city", Precision.CITY),
    ("county", Precision.COUNTY),
    ("state", Precision.STATE),
)


def merge_locations(
    existing: Sequence[StoredLocation],
    incoming: Sequence[StoredLocation],
    stated_fields: Sequence[Set[str]],
    organization_id: str,
) -> tuple[StoredLocation, ...]:
    """Return the existing locations, updated by the row, followed by the new ones with new ids.

    `stated_fields` are those of each incoming one.

    Two locations match if they agree in every area that both state. The only location of a record and the only location of a
    row always match: if they differ, the location moved.
    """
    locations, unmatched, ids = list(existing), set(range(len(existing))), _generate_free_ids(existing, organization_id)
    for location, fields in zip(incoming, stated_fields, strict=True):
        position = _find_same_location(location, existing, unmatched)
        if position is None and len(existing) == len(incoming) == 1:
            position = 0
        if position is None:
            locations.append(replace(location, id=next(ids)))
        else:
            unmatched.discard(position)
            locations[position] = _overlay_location(existing[position], location, fields)
    return _ensure_one_primary(tuple(locations), existing)


def _generate_free_ids(existing: Sequence[StoredLocation], organization_id: str) -> Iterator[str]:
    used_ids = {site.id for site in existing}
    position = 0
    while True:
        id = make_location_id(organization_id, position)
        if id not in used_ids:
            yield id
        position += 1


def _ensure_one_primary(sites: tuple[StoredLocation, ...], existing: Sequence[StoredLocation]) -> tuple[StoredLocation, ...]:
    """Mark at most one location as primary: the only one, or the one that the row makes primary, or the previous one."""
    if len(sites) == 1:
        return (replace(sites[0], is_primary=True),)
    primary_ids = [site.id for site in sites if site.is_primary]
    previous_ids = {site.id for site in existing if site.is_primary}
    if len(primary_ids) < 2:
        return sites
    primary_id = next((id for id in primary_ids if id not in previous_ids), primary_ids[0])
    return tuple(replace(site, is_primary=site.id == primary_id) for site in sites)


def keep_private_place(site: StoredLocation, old: StoredLocation) -> StoredLocation:
    """Return the location without a private place, so the store keeps the old one. Its precision is the finer of both."""
    return replace(site, private=None, known=_finest(old.known, site.known))


def _find_same_location(location: StoredLocation, existing: Sequence[StoredLocation], unmatched: set[int]) -> int | None:
    """Return the position of the unmatched location that agrees in the finest area; None if there is none."""
    agreeing = [position for position in unmatched if not _has_area_conflict(existing[position], location)]
    depths = [(_shared_area_depth(existing[position], location), -position) for position in agreeing]
    depth, negative_position = max(depths, default=(0, 0))
    return -negative_position if depth > 0 else None


def _has_area_conflict(first: StoredLocation, second: StoredLocation) -> bool:
    return any(_is_conflict(getattr(first, field), getattr(second, field)) for field in _AREA_FIELDS)


def _is_conflict(first: str | None, second: str | None) -> bool:
    return first is not None and second is not None and first.casefold() != second.casefold()


def _shared_area_depth(first: StoredLocation, second: StoredLocation) -> int:
    """Return the position in _AREA_FIELDS of the finest area that both state; 0 if they share at most the country."""
    depths = [
        depth
        for depth, field in enumerate(_AREA_FIELDS)
        if getattr(first, field) is not None and getattr(second, field) is not None
    ]
    return max(depths, default=0)


def _overlay_location(old: StoredLocation, incoming: StoredLocation, stated_fields: Set[str]) -> StoredLocation:
    has_moved = _has_area_conflict(old, incoming)
    new = replace(
        incoming,
        id=old.id,
        **{field: getattr(incoming if field in stated_fields else old, field) for field in ("name", "disclosure", "is_primary")},
        **{field: _merge_area_field(old, incoming, field, has_moved, stated_fields) for field in _AREA_FIELDS},
    )
    return _merge_private_place(old, new, stated_fields, has_moved)


def _merge_area_field(
    old: StoredLocation, incoming: StoredLocation, field: str, has_moved: bool, stated_fields: Set[str]
) -> str | None:
    """Return the incoming area, in the old spelling if it is the same area."""
    old_area: str | None = getattr(old, field)
    new_area: str | None = getattr(incoming, field)
    if new_area is None:
        return None if has_moved or field in stated_fields else old_area
    return old_area if old_area is not None and not _is_conflict(old_area, new_area) else new_area


def _merge_private_place(old: StoredLocation, new: StoredLocation, stated_fields: Set[str], has_moved: bool) -> StoredLocation:
    """Keep a street or point that is not stated, unless the location moved.

    If the disclosure changes to EXACT, a private street is removed unless the row states it, so that it is not published.
    """
    becomes_exact = new.disclosure is Disclosure.EXACT and old.disclosure is not Disclosure.EXACT
    is_cleared = not stated_fields.isdisjoint(("street", "latitude")) and new.private is None
    if new.private is None and (has_moved or becomes_exact or is_cleared):
        return replace(new, private=_NO_PRIVATE_PLACE, known=_area_precision(new))
    if new.private is None or _is_same_private_place(old.private, new.private):
        return replace(new, private=old.private, known=_finest(old.known, new.known, _area_precision(new)))
    return replace(new, known=_finest(new.known, _area_precision(new)))


def _is_same_private_place(old: PrivatePlace | None, new: PrivatePlace) -> bool:
    """Whether the stated private place is the stored one. A street without a point keeps the stored point."""
    if old is None:
        return False
    return old == new or (new.point is None and _is_same_street(old.street, new.street))


def _is_same_street(first: str | None, second: str | None) -> bool:
    if first is None or second is None:
        return False
    return first.casefold().split() == second.casefold().split()


def _finest(*precisions: Precision) -> Precision:
    return min(precisions, key=lambda precision: precision.coarseness)


def _area_precision(site: StoredLocation) -> Precision:
    """Return how precisely the areas of a location are known. As in `locate`, a city that the gazetteer lacks does not count."""
    is_unknown_city = site.city is not None and site.country == HOME_COUNTRY and not _is_known_city(site.city, site.state)
    fields = [(field, precision) for field, precision in _PRECISION_BY_FIELD if field != "city" or not is_unknown_city]
    return next((precision for field, precision in fields if getattr(site, field) is not None), Precision.UNKNOWN)


def _is_known_city(city: str, state: str | None) -> bool:
    return state is not None and get_gazetteer().find_city(city, state) is not None
