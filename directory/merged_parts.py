"""How the parts of two records that are one organization are put together: names, places, contacts, relations, sources.

Each function takes the survivor's first. Nothing that either states is lost, but for what is one and the same; and nothing is
shown to more people than before by either.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from directory.geo import stricter
from directory.published_places import disclosure
from directory.records import (
    Audience,
    Entry,
    KeptContact,
    Membership,
    MembershipStatus,
    NameKind,
    OrganizationName,
    Relation,
    RelationKind,
    Site,
    Source,
)
from directory.text import fold
from directory.visibility import as_decided, may_be_same_place, told_data, told_now

T = TypeVar("T", bound=Hashable)

BELONGING = (MembershipStatus.ACTIVE, MembershipStatus.LAPSED, MembershipStatus.PROSPECT, MembershipStatus.NONE)


def united(own: Sequence[T], others: Sequence[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*own, *others)))


def strictest(audiences: Iterable[Audience]) -> Audience:
    """The narrowest of the audiences, of which there is at least one."""
    shown = set(audiences)
    return next(audience for audience in reversed(list(Audience)) if audience in shown)


def names(survivor: Entry, loser: Entry) -> tuple[OrganizationName, ...]:
    """The survivor's, the loser's own, and the loser's others; each name once, however it is written."""
    succeeded = any(one.kind is RelationKind.SUCCESSOR_OF and one.organization == loser.id for one in survivor.relations)
    own = OrganizationName(loser.name, NameKind.FORMER if succeeded else NameKind.ALSO_KNOWN_AS)
    known = {fold(name) for name in (survivor.name, *(one.name for one in survivor.names))}
    added: dict[str, OrganizationName] = {}
    for one in (own, *loser.names):
        if fold(one.name) not in known:
            added.setdefault(fold(one.name), one)
    return (*survivor.names, *added.values())


def membership(own: Membership, other: Membership) -> Membership:
    """The one whose status says more of belonging; of two alike the survivor's, with the other's dates where it has none."""
    if own.status is other.status:
        return replace(own, joined_on=own.joined_on or other.joined_on, ended_on=own.ended_on or other.ended_on)
    return min(own, other, key=lambda one: BELONGING.index(one.status))


# ---------------------------------------------------------------- places


def places(survivor: Entry, loser: Entry, issue_areas: tuple[str, ...]) -> tuple[Site, ...]:
    """The survivor's places, and those of the loser that are not among them by their area.

    Each place of the survivor is at most one of the loser's: one in the same area, else one whose stated area contradicts
    nothing. Of such a pair the one whose area says more is kept, the survivor's if alike, with its id and so with its private
    place. `issue_areas` are the result's.
    """
    left, found = list(loser.sites), []
    has_primary = any(site.is_primary for site in survivor.sites)
    for own in survivor.sites:
        other = _same_place(own, left)
        if other is None:
            found.append(own)
        else:
            left.remove(other)
            found.append(_one_place(own, other, is_primary=own.is_primary or (other.is_primary and not has_primary)))
    has_primary = any(site.is_primary for site in found)
    found += [replace(site, is_primary=site.is_primary and not has_primary) for site in left]
    return tuple(_no_looser(site, (survivor, loser), issue_areas) for site in found)


def _same_place(own: Site, others: Sequence[Site]) -> Site | None:
    possible = [other for other in others if may_be_same_place(own, other)]
    return next((other for other in possible if _area(other) == _area(own)), possible[0] if possible else None)


def _one_place(own: Site, other: Site, *, is_primary: bool) -> Site:
    kept = other if _says(other) > _says(own) else own
    return replace(kept, name=own.name or other.name, is_primary=is_primary)


def _area(site: Site) -> tuple[str | None, ...]:
    return site.country, site.state, site.county, site.city, site.postal_code


def _says(site: Site) -> int:
    return sum(part is not None for part in _area(site))


def _no_looser(site: Site, entries: Iterable[Entry], issue_areas: tuple[str, ...]) -> Site:
    """Told no more exactly than any place that it may be is told now; where nobody decided about it, than was for any place."""
    then = disclosure(site, issue_areas)
    least = then
    for entry in entries:
        least = stricter(least, told_now(entry, site, then) or as_decided(site, entry).disclosure or then)
    return site if least is then else replace(site, disclosure=least)


# ---------------------------------------------------------------- contacts


def contacts(own: Sequence[KeptContact], others: Sequence[KeptContact]) -> tuple[KeptContact, ...]:
    """Two contacts are one where they share a name, an address or a number, or all they say, and contradict each other in none.

    Each is shown to no more people than any contact of either that it shares something with.
    """
    found = list(own)
    for other in others:
        at = next((position for position, one in enumerate(found) if _same_contact(one, other)), None)
        if at is None:
            found.append(other)
        else:
            found[at] = _one_contact(found[at], other)
    return tuple(_no_wider(contact, (*own, *others)) for contact in found)


def _same_contact(one: KeptContact, other: KeptContact) -> bool:
    if replace(one, audience=other.audience) == other:
        return True
    pairs = zip(_parts(one), _parts(other), strict=True)
    return bool(told_data(one) & told_data(other)) and all(None in pair or pair[0] == pair[1] for pair in pairs)


def _parts(contact: KeptContact) -> tuple[object, ...]:
    """What two contacts that are one agree in; the same number with another extension is another telephone."""
    number = (contact.phone, contact.phone_extension) if contact.phone else None
    return contact.role, contact.name, contact.email, number


def _one_contact(own: KeptContact, other: KeptContact) -> KeptContact:
    fields = {name: getattr(own, name) or getattr(other, name) for name in ("role", "name", "email", "phone", "phone_extension")}
    return KeptContact(
        **fields,
        languages=united(own.languages, other.languages),
        audience=strictest((own.audience, other.audience)),
    )


def _no_wider(contact: KeptContact, olds: Iterable[KeptContact]) -> KeptContact:
    shown = (old.audience for old in olds if told_data(old) & told_data(contact))
    return replace(contact, audience=strictest((contact.audience, *shown)))


# ---------------------------------------------------------------- relations and sources


def relations(survivor: Entry, loser: Entry) -> tuple[Relation, ...]:
    """Those of both, but for those between the two; of two of one kind to one partner the survivor's."""
    both = (survivor.id, loser.id)
    found = {
        (one.kind, one.organization, one.actor): one
        for one in (*loser.relations, *survivor.relations)
        if one.organization not in both
    }
    order = united(survivor.relations, loser.relations)
    return tuple(one for one in order if found.get((one.kind, one.organization, one.actor)) is one)


def sources(survivor: Entry, loser: Entry, result: Entry) -> tuple[Source, ...]:
    """The survivor's, and the loser's of the fields that something was taken for: of its name, as a source of `names`."""
    taken = {field for field in (*Entry.__struct_fields__, "locations") if _facts(result, field) != _facts(survivor, field)}
    brought = (replace(one, field="names") if one.field == "name" else one for one in loser.sources)
    return united(survivor.sources, tuple(one for one in brought if one.field in taken))


def _facts(entry: Entry, field: str) -> object:
    """What a source can speak for, without to whom and how exactly it is told."""
    if field == "locations":
        return {site.id for site in entry.sites}
    if field == "contacts":
        return [replace(contact, audience=Audience.STAFF) for contact in entry.contacts]
    return getattr(entry, field)
