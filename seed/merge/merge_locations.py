"""Places of a record and of a row, brought together.

A place is known again by its area. What a row leaves out of a place stays as it is kept, so that a list with cities only does not
take streets away; and a place that moved keeps what was decided about its disclosure.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from directory.drafts.draft_parts import LocationDraft
from directory.drafts.geocoding import make_location_id
from directory.geo import Disclosure, Precision
from directory.records import PrivatePlace, StoredLocation

_AREA_FIELDS = ("country", "state", "county", "city", "postal_code")  # coarsest first
_NO_PRIVATE_PLACE = PrivatePlace()
_PRECISION_BY_FIELD = (
    ("postal_code", Precision.POSTAL_CODE),
    ("city", Precision.CITY),
    ("county", Precision.COUNTY),
    ("state", Precision.STATE),
)


def merge_locations(
    existing: Sequence[StoredLocation], incoming: Sequence[StoredLocation], drafts: Sequence[LocationDraft], organization_id: str
) -> tuple[StoredLocation, ...]:
    """The kept places with what the row states of them, then those that only the row knows, with ids of their own.

    Two places may be one where nothing that both state differs. The only place of a record and the only one of a row are the same
    place: it moved where they differ.
    """
    found, free, ids = list(existing), set(range(len(existing))), _generate_free_ids(existing, organization_id)
    for stated, draft in zip(incoming, drafts, strict=True):
        at = _find_same_location(stated, existing, free)
        if at is None and len(existing) == len(incoming) == 1:
            at = 0
        if at is None:
            found.append(replace(stated, id=next(ids)))
        else:
            free.discard(at)
            found[at] = _overlay_location(existing[at], stated, draft)
    return _ensure_one_primary(tuple(found), existing)


def _generate_free_ids(existing: Sequence[StoredLocation], organization_id: str) -> Iterator[str]:
    taken = {site.id for site in existing}
    position = 0
    while True:
        id = make_location_id(organization_id, position)
        if id not in taken:
            yield id
        position += 1


def _ensure_one_primary(sites: tuple[StoredLocation, ...], existing: Sequence[StoredLocation]) -> tuple[StoredLocation, ...]:
    """The only place is the primary one; of several, the one that was, unless the row names another."""
    if len(sites) == 1:
        return (replace(sites[0], is_primary=True),)
    primary = [site.id for site in sites if site.is_primary]
    was = {site.id for site in existing if site.is_primary}
    if len(primary) < 2:
        return sites
    chosen = next((id for id in primary if id not in was), primary[0])
    return tuple(replace(site, is_primary=site.id == chosen) for site in sites)


def _find_same_location(stated: StoredLocation, existing: Sequence[StoredLocation], free: set[int]) -> int | None:
    alike = [(_shared_area_depth(existing[at], stated), -at) for at in free if not _has_area_conflict(existing[at], stated)]
    best = max(alike, default=(0, 0))
    return -best[1] if alike and best[0] > 0 else None


def _has_area_conflict(one: StoredLocation, other: StoredLocation) -> bool:
    return any(_is_conflict(getattr(one, field), getattr(other, field)) for field in _AREA_FIELDS)


def _is_conflict(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one.casefold() != other.casefold()


def _shared_area_depth(one: StoredLocation, other: StoredLocation) -> int:
    """How fine the finest area is that both state alike; 0 where they share no more than the country."""
    shared = [
        at for at, field in enumerate(_AREA_FIELDS) if getattr(one, field) is not None and getattr(other, field) is not None
    ]
    return max(shared, default=0)


def _overlay_location(old: StoredLocation, stated: StoredLocation, draft: LocationDraft) -> StoredLocation:
    given = draft.model_fields_set
    moved = _has_area_conflict(old, stated)
    area = {field: _merge_area_field(old, stated, field, moved, given) for field in _AREA_FIELDS}
    disclosure = stated.disclosure if "disclosure" in given else old.disclosure
    new = replace(
        stated,
        id=old.id,
        name=stated.name if "name" in given else old.name,
        disclosure=disclosure,
        is_primary=stated.is_primary if "is_primary" in given else old.is_primary,
        **area,
    )
    return _merge_private_place(old, new, draft, moved)


def _merge_area_field(old: StoredLocation, stated: StoredLocation, field: str, moved: bool, given: set[str]) -> str | None:
    """In the spelling that is kept, where that is the same."""
    was: str | None = getattr(old, field)
    now: str | None = getattr(stated, field)
    if now is None:
        return None if moved or (field in given) else was
    return was if was is not None and not _is_conflict(was, now) else now


def _merge_private_place(old: StoredLocation, new: StoredLocation, draft: LocationDraft, moved: bool) -> StoredLocation:
    """A street or point that is not stated stays as long as the place does.

    Nor does a street that could not be told come to light because the place may be told now, unless the row states it.
    """
    opened = new.disclosure is Disclosure.EXACT and old.disclosure is not Disclosure.EXACT
    cleared = {"street", "latitude"} & draft.model_fields_set and new.private is None
    if new.private is None and (moved or opened or cleared):
        return replace(new, private=_NO_PRIVATE_PLACE, known=_area_precision(new))
    if new.private is None or _is_same_private_place(old.private, new.private):
        return replace(
            new, private=old.private, known=min(old.known, new.known, _area_precision(new), key=lambda known: known.coarseness)
        )
    return replace(new, known=min(new.known, _area_precision(new), key=lambda known: known.coarseness))


def is_same_street(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _is_same_private_place(old: PrivatePlace | None, new: PrivatePlace) -> bool:
    """Whether what is stated of the private place is what is known of it: a street alone leaves the kept point where it is."""
    if old is None:
        return False
    return old == new or (new.point is None and is_same_street(old.street, new.street))


def keep_private_place(site: StoredLocation, old: StoredLocation) -> StoredLocation:
    """A place whose stated street and point turned out to be those that are kept: so they stay as they are."""
    return replace(site, private=None, known=min(old.known, site.known, key=lambda known: known.coarseness))


def _area_precision(site: StoredLocation) -> Precision:
    return next((precision for field, precision in _PRECISION_BY_FIELD if getattr(site, field) is not None), Precision.UNKNOWN)
