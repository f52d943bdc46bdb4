"""Places of a record and of a row, brought together.

A place is known again by its area. What a row leaves out of a place stays as it is kept, so that a list with cities only does not
take streets away; and a place that moved keeps what was decided about its disclosure.
"""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from directory.draft_parts import LocationDraft
from directory.geo import Disclosure, Precision
from directory.geocode import site_id
from directory.records import PrivatePlace, Site

_AREA = ("country", "state", "county", "city", "postal_code")  # coarsest first
_NOWHERE = PrivatePlace()
_KNOWN = (
    ("postal_code", Precision.POSTAL_CODE),
    ("city", Precision.CITY),
    ("county", Precision.COUNTY),
    ("state", Precision.STATE),
)


def places(
    before: Sequence[Site], said: Sequence[Site], drafts: Sequence[LocationDraft], organization_id: str
) -> tuple[Site, ...]:
    """The kept places with what the row states of them, then those that only the row knows, with ids of their own.

    Two places may be one where nothing that both state differs. The only place of a record and the only one of a row are the same
    place: it moved where they differ.
    """
    found, free, ids = list(before), set(range(len(before))), _free_ids(before, organization_id)
    for stated, draft in zip(said, drafts, strict=True):
        at = _known_again(stated, before, free)
        if at is None and len(before) == len(said) == 1:
            at = 0
        if at is None:
            found.append(replace(stated, id=next(ids)))
        else:
            free.discard(at)
            found[at] = _overlaid(before[at], stated, draft)
    return _with_a_primary(tuple(found), before)


def _free_ids(before: Sequence[Site], organization_id: str) -> Iterator[str]:
    taken = {site.id for site in before}
    position = 0
    while True:
        id = site_id(organization_id, position)  # noqa: A001
        if id not in taken:
            yield id
        position += 1


def _with_a_primary(sites: tuple[Site, ...], before: Sequence[Site]) -> tuple[Site, ...]:
    """The only place is the primary one; of several, the one that was, unless the row names another."""
    if len(sites) == 1:
        return (replace(sites[0], is_primary=True),)
    primary = [site.id for site in sites if site.is_primary]
    was = {site.id for site in before if site.is_primary}
    if len(primary) < 2:
        return sites
    chosen = next((id for id in primary if id not in was), primary[0])  # noqa: A001
    return tuple(replace(site, is_primary=site.id == chosen) for site in sites)


def _known_again(stated: Site, before: Sequence[Site], free: set[int]) -> int | None:
    alike = [(_agreement(before[at], stated), -at) for at in free if not _differ(before[at], stated)]
    best = max(alike, default=(0, 0))
    return -best[1] if alike and best[0] > 0 else None


def _differ(one: Site, other: Site) -> bool:
    return any(_contradict(getattr(one, field), getattr(other, field)) for field in _AREA)


def _contradict(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one.casefold() != other.casefold()


def _agreement(one: Site, other: Site) -> int:
    """How fine the finest area is that both state alike; 0 where they share no more than the country."""
    shared = [at for at, field in enumerate(_AREA) if getattr(one, field) is not None and getattr(other, field) is not None]
    return max(shared, default=0)


def _overlaid(old: Site, stated: Site, draft: LocationDraft) -> Site:
    given = draft.model_fields_set
    moved = _differ(old, stated)
    area = {field: _area_part(old, stated, field, moved, given) for field in _AREA}
    disclosure = stated.disclosure if "disclosure" in given else old.disclosure
    new = replace(
        stated,
        id=old.id,
        name=stated.name if "name" in given else old.name,
        disclosure=disclosure,
        is_primary=stated.is_primary if "is_primary" in given else old.is_primary,
        **area,
    )
    return _with_private(old, new, draft, moved)


def _area_part(old: Site, stated: Site, field: str, moved: bool, given: set[str]) -> str | None:
    """In the spelling that is kept, where that is the same."""
    was: str | None = getattr(old, field)
    now: str | None = getattr(stated, field)
    if now is None:
        return None if moved or (field in given) else was
    return was if was is not None and not _contradict(was, now) else now


def _with_private(old: Site, new: Site, draft: LocationDraft, moved: bool) -> Site:
    """A street or point that is not stated stays as long as the place does.

    Nor does a street that could not be told come to light because the place may be told now, unless the row states it.
    """
    opened = new.disclosure is Disclosure.EXACT and old.disclosure is not Disclosure.EXACT
    cleared = {"street", "latitude"} & draft.model_fields_set and new.private is None
    if new.private is None and (moved or opened or cleared):
        return replace(new, private=_NOWHERE, known=_known(new))
    if new.private is None or _is_kept(old.private, new.private):
        return replace(new, private=old.private, known=min(old.known, new.known, _known(new), key=lambda known: known.coarseness))
    return replace(new, known=min(new.known, _known(new), key=lambda known: known.coarseness))


def is_same_street(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _is_kept(old: PrivatePlace | None, new: PrivatePlace) -> bool:
    """Whether what is stated of the private place is what is known of it: a street alone leaves the kept point where it is."""
    if old is None:
        return False
    return old == new or (new.point is None and is_same_street(old.street, new.street))


def settled(site: Site, old: Site) -> Site:
    """A place whose stated street and point turned out to be those that are kept: so they stay as they are."""
    return replace(site, private=None, known=min(old.known, site.known, key=lambda known: known.coarseness))


def _known(site: Site) -> Precision:
    return next((precision for field, precision in _KNOWN if getattr(site, field) is not None), Precision.UNKNOWN)
