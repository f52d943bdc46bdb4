"""Merge the fields of two records of one organization: plain fields, names, places, contacts, relations and sources.

Each function takes the survivor's values first. Only duplicates are dropped, and nothing is shown to more people than either
record shows it to.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from directory.fields import FIELDS, Field, MergeRule
from directory.geo import stricter_disclosure
from directory.publish import allows_search_engines
from directory.published_places import determine_disclosure
from directory.records import (
    Audience,
    Membership,
    MembershipStatus,
    NameKind,
    OrganizationName,
    Relation,
    RelationKind,
    SearchEngines,
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
    """Return the survivor's values, then the loser's other values, each once."""
    return tuple(dict.fromkeys((*own, *others)))


def merge_plain_fields(survivor: StoredOrganization, loser: StoredOrganization) -> dict[str, Any]:
    """Return the value of each plain field by its merge rule. Fields that keep the survivor's value are left out."""
    return {
        name: _merge_values(field, getattr(survivor, name), getattr(loser, name))
        for name, field in FIELDS.items()
        if field.merge is not MergeRule.KEEP
    }


def _merge_values(field: Field, own: Any, other: Any) -> Any:
    if field.merge is MergeRule.UNITE:
        return merge_lists(own, other)
    return other if own == field.default else own


def merge_search_engines(survivor: StoredOrganization, loser: StoredOrganization) -> SearchEngines | None:
    """Return the decision of either record. A refusal wins, also one that follows from the issue areas of a record."""
    decision = survivor.search_engines or loser.search_engines
    is_refused = not (allows_search_engines(survivor) and allows_search_engines(loser))
    return SearchEngines.REFUSED if decision and is_refused else decision


def narrowest_audience(audiences: Iterable[Audience]) -> Audience:
    """Return the narrowest of the audiences, of which there must be at least one."""
    present = set(audiences)
    return next(audience for audience in reversed(list(Audience)) if audience in present)


def merge_names(survivor: StoredOrganization, loser: StoredOrganization) -> tuple[OrganizationName, ...]:
    """Return the survivor's other names, the loser's main name and the loser's other names.

    Names that differ only in case, accents or punctuation are listed once.
    """
    is_successor = any(
        relation.kind is RelationKind.SUCCESSOR_OF and relation.organization == loser.id for relation in survivor.relations
    )
    loser_name = OrganizationName(loser.name, NameKind.FORMER if is_successor else NameKind.ALSO_KNOWN_AS)
    known = {fold(survivor.name), *(fold(other.name) for other in survivor.names)}
    added: dict[str, OrganizationName] = {}
    for name in (loser_name, *loser.names):
        if fold(name.name) not in known:
            added.setdefault(fold(name.name), name)
    return (*survivor.names, *added.values())


def merge_membership(own: Membership, other: Membership) -> Membership:
    """Return the membership whose status comes first in MEMBERSHIP_PRECEDENCE.

    If both have the same status, return the survivor's, with the loser's dates where the survivor has none.
    """
    if own.status is other.status:
        return replace(own, joined_on=own.joined_on or other.joined_on, ended_on=own.ended_on or other.ended_on)
    return min(own, other, key=lambda membership: MEMBERSHIP_PRECEDENCE.index(membership.status))


# ---------------------------------------------------------------- places


def merge_places(
    survivor: StoredOrganization, loser: StoredOrganization, issue_areas: tuple[str, ...]
) -> tuple[StoredLocation, ...]:
    """Return the survivor's places, and the loser's places in other areas. `issue_areas` are those of the merged record.

    Each place of the survivor is paired with at most one of the loser's: one in exactly the same area, or else one whose area is
    compatible. Of a pair, the place with the more detailed area is kept with its id and private place; the survivor's if both
    are equally detailed.
    """
    unpaired, merged = list(loser.sites), []
    has_primary = any(site.is_primary for site in survivor.sites)
    for own in survivor.sites:
        other = _find_same_place(own, unpaired)
        if other is None:
            merged.append(own)
        else:
            unpaired.remove(other)
            merged.append(_merge_place_pair(own, other, is_primary=own.is_primary or (other.is_primary and not has_primary)))
    has_primary = any(site.is_primary for site in merged)
    merged += [replace(site, is_primary=site.is_primary and not has_primary) for site in unpaired]
    return tuple(_keep_strictest_disclosure(site, (survivor, loser), issue_areas) for site in merged)


def _find_same_place(own: StoredLocation, others: Sequence[StoredLocation]) -> StoredLocation | None:
    possible = [other for other in others if may_be_same_place(own, other)]
    return next((other for other in possible if _area_fields(other) == _area_fields(own)), possible[0] if possible else None)


def _merge_place_pair(own: StoredLocation, other: StoredLocation, *, is_primary: bool) -> StoredLocation:
    more_detailed = other if _count_area_fields(other) > _count_area_fields(own) else own
    return replace(more_detailed, name=own.name or other.name, is_primary=is_primary)


def _area_fields(site: StoredLocation) -> tuple[str | None, ...]:
    return site.country, site.state, site.county, site.city, site.postal_code


def _count_area_fields(site: StoredLocation) -> int:
    return sum(part is not None for part in _area_fields(site))


def _keep_strictest_disclosure(
    site: StoredLocation, entries: Iterable[StoredOrganization], issue_areas: tuple[str, ...]
) -> StoredLocation:
    """Return the site with the strictest disclosure that either record applies to it.

    For a record that has no such place and if no disclosure was set for the site, the strictest disclosure of the record's other
    places applies.
    """
    initial = determine_disclosure(site, issue_areas)
    strictest = initial
    for entry in entries:
        current = find_current_disclosure(entry, site, initial) or apply_strictest_disclosure(site, entry).disclosure
        strictest = stricter_disclosure(strictest, current or initial)
    return site if strictest is initial else replace(site, disclosure=strictest)


# ---------------------------------------------------------------- contacts


def merge_contacts(own: Sequence[StoredContact], others: Sequence[StoredContact]) -> tuple[StoredContact, ...]:
    """Return the contacts of both records, with duplicates merged.

    Two contacts are duplicates if they differ only in audience, or if they share a name, e-mail address or phone number and
    contradict each other in nothing. Each result has the narrowest audience of all contacts that share one of these values.
    """
    merged = list(own)
    for other in others:
        position = next((position for position, contact in enumerate(merged) if _is_same_contact(contact, other)), None)
        if position is None:
            merged.append(other)
        else:
            merged[position] = _merge_contact_pair(merged[position], other)
    return tuple(_keep_narrowest_audience(contact, (*own, *others)) for contact in merged)


def _is_same_contact(one: StoredContact, other: StoredContact) -> bool:
    if replace(one, audience=other.audience) == other:
        return True
    pairs = zip(_comparable_parts(one), _comparable_parts(other), strict=True)
    return bool(list_identifying_values(one) & list_identifying_values(other)) and all(
        None in pair or pair[0] == pair[1] for pair in pairs
    )


def _comparable_parts(contact: StoredContact) -> tuple[object, ...]:
    """Return the values in which duplicates must agree, None for missing ones."""
    number = (contact.phone, contact.phone_extension) if contact.phone else None  # another extension is another phone
    return contact.role, contact.name, contact.email, number


def _merge_contact_pair(own: StoredContact, other: StoredContact) -> StoredContact:
    fields = {name: getattr(own, name) or getattr(other, name) for name in ("role", "name", "email", "phone", "phone_extension")}
    return StoredContact(
        **fields,
        languages=merge_lists(own.languages, other.languages),
        audience=narrowest_audience((own.audience, other.audience)),
    )


def _keep_narrowest_audience(contact: StoredContact, originals: Iterable[StoredContact]) -> StoredContact:
    audiences = (old.audience for old in originals if list_identifying_values(old) & list_identifying_values(contact))
    return replace(contact, audience=narrowest_audience((contact.audience, *audiences)))


# ---------------------------------------------------------------- relations and sources


def merge_relations(survivor: StoredOrganization, loser: StoredOrganization) -> tuple[Relation, ...]:
    """Return the relations of both records to others. Of two relations of one kind to one partner, the survivor's is kept."""

    def key(relation: Relation) -> tuple[RelationKind, str | None, str | None]:
        return relation.kind, relation.organization, relation.actor

    both = (survivor.id, loser.id)
    by_key = {
        key(relation): relation for relation in (*loser.relations, *survivor.relations) if relation.organization not in both
    }
    ordered = merge_lists(survivor.relations, loser.relations)
    return tuple(relation for relation in ordered if by_key.get(key(relation)) is relation)


def merge_sources(survivor: StoredOrganization, loser: StoredOrganization, result: StoredOrganization) -> tuple[Source, ...]:
    """Return the survivor's sources, and the loser's sources of the fields in which the result differs from the survivor.

    Sources of the loser's name become sources of `names`.
    """
    changed = {
        field
        for field in (*StoredOrganization.__struct_fields__, "locations")
        if _comparable_facts(result, field) != _comparable_facts(survivor, field)
    }
    sources = (replace(source, field="names") if source.field == "name" else source for source in loser.sources)
    return merge_lists(survivor.sources, tuple(source for source in sources if source.field in changed))


def _comparable_facts(entry: StoredOrganization, field: str) -> object:
    """Return the field's facts without their audiences and disclosures, which no source states."""
    if field == "locations":
        return {site.id for site in entry.sites}
    if field == "contacts":
        return [replace(contact, audience=Audience.STAFF) for contact in entry.contacts]
    return getattr(entry, field)
