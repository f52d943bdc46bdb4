"""How the parts of two records that are one organization are put together: names, places, contacts, relations, sources.

Each function takes the survivor's first. Nothing that either states is lost, but for what is one and the same; and nothing is
shown to more people than before by either.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from directory.geo import stricter_disclosure
from directory.published_places import determine_disclosure
from directory.records import (
    Audience,
    Membership,
    MembershipStatus,
    NameKind,
    OrganizationName,
    Relation,
    RelationKind,
    Source,
    StoredContact,
    StoredLocation,
    StoredOrganization,
)
from directory.text import fold
from directory.visibility import apply_strictest_disclosure, find_current_disclosure, list_identifying_values, may_be_same_place

T = TypeVar("T", bound=Hashable)

MEMBERSHIP_PRECEDENCE = (MembershipStatus.ACTIVE, MembershipStatus.LAPSED, MembershipStatus.PROSPECT, MembershipStatus.NONE)


def merge_lists(own: Sequence[T], others: Sequence[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*own, *others)))


def narrowest_audience(audiences: Iterable[Audience]) -> Audience:
    """The narrowest of the audiences, of which there is at least one."""
    shown = set(audiences)
    return next(audience for audience in reversed(list(Audience)) if audience in shown)


def merge_names(survivor: StoredOrganization, loser: StoredOrganization) -> tuple[OrganizationName, ...]:
    """The survivor's, the loser's own, and the loser's others; each name once, however it is written."""
    succeeded = any(one.kind is RelationKind.SUCCESSOR_OF and one.organization == loser.id for one in survivor.relations)
    own = OrganizationName(loser.name, NameKind.FORMER if succeeded else NameKind.ALSO_KNOWN_AS)
    known = {fold(name) for name in (survivor.name, *(one.name for one in survivor.names))}
    added: dict[str, OrganizationName] = {}
    for one in (own, *loser.names):
        if fold(one.name) not in known:
            added.setdefault(fold(one.name), one)
    return (*survivor.names, *added.values())


def merge_membership(own: Membership, other: Membership) -> Membership:
    """The one whose status says more of belonging; of two alike the survivor's, with the other's dates where it has none."""
    if own.status is other.status:
        return replace(own, joined_on=own.joined_on or other.joined_on, ended_on=own.ended_on or other.ended_on)
    return min(own, other, key=lambda one: MEMBERSHIP_PRECEDENCE.index(one.status))


# ---------------------------------------------------------------- places


def merge_places(
    survivor: StoredOrganization, loser: StoredOrganization, issue_areas: tuple[str, ...]
) -> tuple[StoredLocation, ...]:
    """The survivor's places, and those of the loser that are not among them by their area.

    Each place of the survivor is at most one of the loser's: one in the same area, else one whose stated area contradicts
    nothing. Of such a pair the one whose area says more is kept, the survivor's if alike, with its id and so with its private
    place. `issue_areas` are the result's.
    """
    left, found = list(loser.sites), []
    has_primary = any(site.is_primary for site in survivor.sites)
    for own in survivor.sites:
        other = _find_same_place(own, left)
        if other is None:
            found.append(own)
        else:
            left.remove(other)
            found.append(_merge_place_pair(own, other, is_primary=own.is_primary or (other.is_primary and not has_primary)))
    has_primary = any(site.is_primary for site in found)
    found += [replace(site, is_primary=site.is_primary and not has_primary) for site in left]
    return tuple(_keep_strictest_disclosure(site, (survivor, loser), issue_areas) for site in found)


def _find_same_place(own: StoredLocation, others: Sequence[StoredLocation]) -> StoredLocation | None:
    possible = [other for other in others if may_be_same_place(own, other)]
    return next((other for other in possible if _area_fields(other) == _area_fields(own)), possible[0] if possible else None)


def _merge_place_pair(own: StoredLocation, other: StoredLocation, *, is_primary: bool) -> StoredLocation:
    kept = other if _count_area_fields(other) > _count_area_fields(own) else own
    return replace(kept, name=own.name or other.name, is_primary=is_primary)


def _area_fields(site: StoredLocation) -> tuple[str | None, ...]:
    return site.country, site.state, site.county, site.city, site.postal_code


def _count_area_fields(site: StoredLocation) -> int:
    return sum(part is not None for part in _area_fields(site))


def _keep_strictest_disclosure(
    site: StoredLocation, entries: Iterable[StoredOrganization], issue_areas: tuple[str, ...]
) -> StoredLocation:
    """Told no more exactly than any place that it may be is told now; where nobody decided about it, than was for any place."""
    then = determine_disclosure(site, issue_areas)
    least = then
    for entry in entries:
        least = stricter_disclosure(
            least, find_current_disclosure(entry, site, then) or apply_strictest_disclosure(site, entry).disclosure or then
        )
    return site if least is then else replace(site, disclosure=least)


# ---------------------------------------------------------------- contacts


def merge_contacts(own: Sequence[StoredContact], others: Sequence[StoredContact]) -> tuple[StoredContact, ...]:
    """Two contacts are one where they share a name, an address or a number, or all they say, and contradict each other in none.

    Each is shown to no more people than any contact of either that it shares something with.
    """
    found = list(own)
    for other in others:
        at = next((position for position, one in enumerate(found) if _is_same_contact(one, other)), None)
        if at is None:
            found.append(other)
        else:
            found[at] = _merge_contact_pair(found[at], other)
    return tuple(_keep_narrowest_audience(contact, (*own, *others)) for contact in found)


def _is_same_contact(one: StoredContact, other: StoredContact) -> bool:
    if replace(one, audience=other.audience) == other:
        return True
    pairs = zip(_comparable_parts(one), _comparable_parts(other), strict=True)
    return bool(list_identifying_values(one) & list_identifying_values(other)) and all(
        None in pair or pair[0] == pair[1] for pair in pairs
    )


def _comparable_parts(contact: StoredContact) -> tuple[object, ...]:
    """What two contacts that are one agree in; the same number with another extension is another telephone."""
    number = (contact.phone, contact.phone_extension) if contact.phone else None
    return contact.role, contact.name, contact.email, number


def _merge_contact_pair(own: StoredContact, other: StoredContact) -> StoredContact:
    fields = {name: getattr(own, name) or getattr(other, name) for name in ("role", "name", "email", "phone", "phone_extension")}
    return StoredContact(
        **fields,
        languages=merge_lists(own.languages, other.languages),
        audience=narrowest_audience((own.audience, other.audience)),
    )


def _keep_narrowest_audience(contact: StoredContact, olds: Iterable[StoredContact]) -> StoredContact:
    shown = (old.audience for old in olds if list_identifying_values(old) & list_identifying_values(contact))
    return replace(contact, audience=narrowest_audience((contact.audience, *shown)))


# ---------------------------------------------------------------- relations and sources


def merge_relations(survivor: StoredOrganization, loser: StoredOrganization) -> tuple[Relation, ...]:
    """Those of both, but for those between the two; of two of one kind to one partner the survivor's."""
    both = (survivor.id, loser.id)
    found = {
        (one.kind, one.organization, one.actor): one
        for one in (*loser.relations, *survivor.relations)
        if one.organization not in both
    }
    order = merge_lists(survivor.relations, loser.relations)
    return tuple(one for one in order if found.get((one.kind, one.organization, one.actor)) is one)


def merge_sources(survivor: StoredOrganization, loser: StoredOrganization, result: StoredOrganization) -> tuple[Source, ...]:
    """The survivor's, and the loser's of the fields that something was taken for: of its name, as a source of `names`."""
    taken = {
        field
        for field in (*StoredOrganization.__struct_fields__, "locations")
        if _comparable_facts(result, field) != _comparable_facts(survivor, field)
    }
    brought = (replace(one, field="names") if one.field == "name" else one for one in loser.sources)
    return merge_lists(survivor.sources, tuple(one for one in brought if one.field in taken))


def _comparable_facts(entry: StoredOrganization, field: str) -> object:
    """What a source can speak for, without to whom and how exactly it is told."""
    if field == "locations":
        return {site.id for site in entry.sites}
    if field == "contacts":
        return [replace(contact, audience=Audience.STAFF) for contact in entry.contacts]
    return getattr(entry, field)
