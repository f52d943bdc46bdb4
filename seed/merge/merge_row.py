"""What a record becomes when a row speaks of it: what the row states comes in, what it does not state stays."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from msgspec.structs import replace

from directory.drafts.draft_parts import LIST_LIMIT
from directory.errors import BadInput
from directory.records import (
    Identifier,
    Link,
    Membership,
    NameKind,
    OrganizationName,
    Relation,
    Source,
    StoredLocation,
    StoredOrganization,
)
from directory.text import fold
from directory.visibility import apply_strictest_disclosure
from seed.merge.merge_contacts import merge_contacts
from seed.merge.merge_locations import merge_locations
from seed.resolve.row_statement import Statement, is_known_name

T = TypeVar("T")
TERM_FIELDS = ("languages", "issue_areas", "communities", "work_areas", "service_areas")
_UNION_FIELDS = ("names", "links", "identifiers", "sites", "contacts", "relations")
_EMPTY_RECORD = StoredOrganization(id="", slug="", name="")


def build_new_record(statement: Statement, id: str, slug: str) -> StoredOrganization:
    """The new record that the row states."""
    sites = merge_locations((), statement.record.sites, statement.draft.locations, id)
    return replace(statement.record, id=id, slug=slug, sites=sites)


def merge_row(existing: StoredOrganization, statement: Statement, origin: str, slug: str | None = None) -> StoredOrganization:
    """The record as it is after the row: a stated field takes the place of the kept one, and [] or None clears it.

    Of several names, links, identifiers, places, contacts, relations and sources the stated ones come in and no other goes; names
    and links of the same kind, and terms, are replaced where all that is known of them came from this same `origin`; terms also
    by a row that gives the record's id, which alone renames it as it likes. A weak field that somebody else has stated stays.
    """
    stays = {field for field in statement.fallback_fields if not _is_replaceable(existing, field, origin)}
    stated = {field: _merge_field(field, existing, statement, origin) for field in statement.stated_fields - stays}
    said = stated if statement.id is not None or "name" not in stated else _prevent_rename(existing, stated, origin)
    after = replace(existing, slug=slug or existing.slug, **said)
    _require_short_lists(existing, after)
    return after


def _require_short_lists(existing: StoredOrganization, after: StoredOrganization) -> None:
    """What is united stays as short as what a row may state: a longer list could not be fed again."""
    for field in _UNION_FIELDS:
        count = len(getattr(after, field))
        if count > max(LIST_LIMIT, len(getattr(existing, field))):
            name = "locations" if field == "sites" else field
            sentence = (
                f"With these the organization would have {count} {name}, and {LIST_LIMIT} are the most; take some away first."
            )
            raise BadInput(sentence, argument=name)


def _prevent_rename(existing: StoredOrganization, stated: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """A list in capitals, with a legal form, or by another name, does not rename an organization.

    Unless all that is known of its name came from that list: then it was renamed, and the old name is a former one.
    """
    name, names = stated["name"], tuple(stated.get("names", existing.names))
    rest = {field: value for field, value in stated.items() if field != "name"}
    if name == existing.name or is_known_name(name, replace(existing, names=names)):
        return rest
    if _is_only_from(existing, "name", origin):
        return {**stated, "names": (*names, OrganizationName(existing.name, NameKind.FORMER))}
    return {**rest, "names": (*names, OrganizationName(name, NameKind.ALSO_KNOWN_AS))}


def _is_replaceable(existing: StoredOrganization, field: str, origin: str) -> bool:
    """Nobody has stated the field, or nobody but this source."""
    if field == "membership":
        return False  # everybody has one
    return getattr(existing, field) == getattr(_EMPTY_RECORD, field) or _is_only_from(existing, field, origin)


def _is_only_from(existing: StoredOrganization, field: str, origin: str) -> bool:
    """Whether all that is known of where the field's facts come from is this one source."""
    known = {source.origin for source in existing.sources if source.field == ("locations" if field == "sites" else field)}
    return known == {origin}


def _merge_field(field: str, existing: StoredOrganization, statement: Statement, origin: str) -> object:
    said, stated = statement.record, getattr(statement.record, field)
    if stated == ():
        return stated
    if field == "sites":
        return _merge_locations(existing, said, statement)
    if field == "contacts":
        return merge_contacts(existing.contacts, said.contacts, statement.draft.contacts)
    if field == "membership":
        return _merge_membership(existing.membership, said.membership, statement)
    owns = _is_only_from(existing, field, origin)
    if field in TERM_FIELDS:
        return stated if owns or statement.id is not None else _unite(getattr(existing, field), stated)
    union = _FIELD_MERGERS.get(field)
    return union(getattr(existing, field), stated, owns) if union else stated


def _merge_locations(
    existing: StoredOrganization, incoming: StoredOrganization, statement: Statement
) -> tuple[StoredLocation, ...]:
    """A list knows nothing of what was decided: a place that is new to the record is told no more exactly than its others."""
    known = {site.id for site in existing.sites}
    found = merge_locations(existing.sites, incoming.sites, statement.draft.locations, existing.id)
    return tuple(site if site.id in known else apply_strictest_disclosure(site, existing) for site in found)


def _merge_membership(existing: Membership, incoming: Membership, statement: Statement) -> Membership:
    given = statement.draft.membership.model_fields_set
    return replace(existing, **{field: getattr(incoming, field) for field in given}) if given else incoming


def _merge_names(
    existing: tuple[OrganizationName, ...], incoming: tuple[OrganizationName, ...], is_only_source: bool
) -> tuple[OrganizationName, ...]:
    kept = _drop_same_kind(existing, incoming, lambda name: (name.kind, name.language)) if is_only_source else existing
    known = {(fold(name.name), name.kind) for name in kept}
    return (*kept, *(name for name in incoming if (fold(name.name), name.kind) not in known))


def _merge_links(existing: tuple[Link, ...], incoming: tuple[Link, ...], is_only_source: bool) -> tuple[Link, ...]:
    return _unite(_drop_same_kind(existing, incoming, lambda link: link.kind) if is_only_source else existing, incoming)


def _merge_identifiers(
    existing: tuple[Identifier, ...], incoming: tuple[Identifier, ...], is_only_source: bool
) -> tuple[Identifier, ...]:
    return _unite(existing, incoming)


def _merge_relations(
    existing: tuple[Relation, ...], incoming: tuple[Relation, ...], is_only_source: bool
) -> tuple[Relation, ...]:
    return _unite(existing, incoming)


def _merge_sources(existing: tuple[Source, ...], incoming: tuple[Source, ...], is_only_source: bool) -> tuple[Source, ...]:
    def told(source: Source) -> tuple[object, ...]:
        return source.field, source.title, source.url, source.date

    known = {told(source) for source in existing}
    return (*existing, *(source for source in incoming if told(source) not in known))


def _drop_same_kind(existing: Iterable[T], incoming: Iterable[T], kind: Callable[[T], object]) -> tuple[T, ...]:
    incoming = tuple(incoming)
    kinds = {kind(one) for one in incoming}
    return tuple(one for one in existing if one in incoming or kind(one) not in kinds)


def _unite(existing: tuple[T, ...], incoming: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*existing, *incoming)))


_FIELD_MERGERS: Mapping[str, Callable[[Any, Any, bool], object]] = {
    "names": _merge_names,
    "links": _merge_links,
    "identifiers": _merge_identifiers,
    "relations": _merge_relations,
    "sources": _merge_sources,
}
