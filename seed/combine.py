"""What a record becomes when a row speaks of it: what the row states comes in, what it does not state stays."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from msgspec.structs import replace

from directory.draft_parts import LIST_LIMIT
from directory.errors import BadInput
from directory.records import Entry, Identifier, Link, Membership, NameKind, OrganizationName, Relation, Site, Source
from directory.text import fold
from directory.visibility import as_decided
from seed.combine_contacts import contacts
from seed.combine_places import places
from seed.known_names import is_known
from seed.statement import Statement

T = TypeVar("T")
TERMS = ("languages", "issue_areas", "communities", "work_areas", "service_areas")
_UNITED = ("names", "links", "identifiers", "sites", "contacts", "relations")
_EMPTY = Entry(id="", slug="", name="")


def created(statement: Statement, id: str, slug: str) -> Entry:  # noqa: A002
    """The new record that the row states."""
    sites = places((), statement.said.sites, statement.draft.locations, id)
    return replace(statement.said, id=id, slug=slug, sites=sites)


def combined(before: Entry, statement: Statement, origin: str, slug: str | None = None) -> Entry:
    """The record as it is after the row: a stated field takes the place of the kept one, and [] or None clears it.

    Of several names, links, identifiers, places, contacts, relations and sources the stated ones come in and no other goes; names
    and links of the same kind, and terms, are replaced where all that is known of them came from this same `origin`; terms also
    by a row that gives the record's id, which alone renames it as it likes. A weak field that somebody else has stated stays.
    """
    stays = {field for field in statement.weak if not _is_free(before, field, origin)}
    stated = {field: _value(field, before, statement, origin) for field in statement.fields - stays}
    said = stated if statement.id is not None or "name" not in stated else _without_renaming(before, stated, origin)
    after = replace(before, slug=slug or before.slug, **said)
    _require_few(before, after)
    return after


def _require_few(before: Entry, after: Entry) -> None:
    """What is united stays as short as what a row may state: a longer list could not be fed again."""
    for field in _UNITED:
        count = len(getattr(after, field))
        if count > max(LIST_LIMIT, len(getattr(before, field))):
            name = "locations" if field == "sites" else field
            sentence = (
                f"With these the organization would have {count} {name}, and {LIST_LIMIT} are the most; take some away first."
            )
            raise BadInput(sentence, argument=name)


def _without_renaming(before: Entry, stated: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """A list in capitals, with a legal form, or by another name, does not rename an organization.

    Unless all that is known of its name came from that list: then it was renamed, and the old name is a former one.
    """
    name, names = stated["name"], tuple(stated.get("names", before.names))
    rest = {field: value for field, value in stated.items() if field != "name"}
    if name == before.name or is_known(name, replace(before, names=names)):
        return rest
    if _is_of(before, "name", origin):
        return {**stated, "names": (*names, OrganizationName(before.name, NameKind.FORMER))}
    return {**rest, "names": (*names, OrganizationName(name, NameKind.ALSO_KNOWN_AS))}


def _is_free(before: Entry, field: str, origin: str) -> bool:
    """Nobody has stated the field, or nobody but this source."""
    if field == "membership":
        return False  # everybody has one
    return getattr(before, field) == getattr(_EMPTY, field) or _is_of(before, field, origin)


def _is_of(before: Entry, field: str, origin: str) -> bool:
    """Whether all that is known of where the field's facts come from is this one source."""
    known = {source.origin for source in before.sources if source.field == ("locations" if field == "sites" else field)}
    return known == {origin}


def _value(field: str, before: Entry, statement: Statement, origin: str) -> object:
    said, stated = statement.said, getattr(statement.said, field)
    if stated == ():
        return stated
    if field == "sites":
        return _places(before, said, statement)
    if field == "contacts":
        return contacts(before.contacts, said.contacts, statement.draft.contacts)
    if field == "membership":
        return _membership(before.membership, said.membership, statement)
    owns = _is_of(before, field, origin)
    if field in TERMS:
        return stated if owns or statement.id is not None else _united(getattr(before, field), stated)
    union = _UNIONS.get(field)
    return union(getattr(before, field), stated, owns) if union else stated


def _places(before: Entry, said: Entry, statement: Statement) -> tuple[Site, ...]:
    """A list knows nothing of what was decided: a place that is new to the record is told no more exactly than its others."""
    known = {site.id for site in before.sites}
    found = places(before.sites, said.sites, statement.draft.locations, before.id)
    return tuple(site if site.id in known else as_decided(site, before) for site in found)


def _membership(before: Membership, said: Membership, statement: Statement) -> Membership:
    given = statement.draft.membership.model_fields_set
    return replace(before, **{field: getattr(said, field) for field in given}) if given else said


def _names(before: tuple[OrganizationName, ...], said: tuple[OrganizationName, ...], owns: bool) -> tuple[OrganizationName, ...]:
    kept = _kept(before, said, lambda name: (name.kind, name.language)) if owns else before
    known = {(fold(name.name), name.kind) for name in kept}
    return (*kept, *(name for name in said if (fold(name.name), name.kind) not in known))


def _links(before: tuple[Link, ...], said: tuple[Link, ...], owns: bool) -> tuple[Link, ...]:
    return _united(_kept(before, said, lambda link: link.kind) if owns else before, said)


def _identifiers(before: tuple[Identifier, ...], said: tuple[Identifier, ...], owns: bool) -> tuple[Identifier, ...]:
    return _united(before, said)


def _relations(before: tuple[Relation, ...], said: tuple[Relation, ...], owns: bool) -> tuple[Relation, ...]:
    return _united(before, said)


def _sources(before: tuple[Source, ...], said: tuple[Source, ...], owns: bool) -> tuple[Source, ...]:
    def told(source: Source) -> tuple[object, ...]:
        return source.field, source.title, source.url, source.date

    known = {told(source) for source in before}
    return (*before, *(source for source in said if told(source) not in known))


def _kept(before: Iterable[T], said: Iterable[T], kind: Callable[[T], object]) -> tuple[T, ...]:
    said = tuple(said)
    kinds = {kind(one) for one in said}
    return tuple(one for one in before if one in said or kind(one) not in kinds)


def _united(before: tuple[T, ...], said: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*before, *said)))


_UNIONS: Mapping[str, Callable[[Any, Any, bool], object]] = {
    "names": _names,
    "links": _links,
    "identifiers": _identifiers,
    "relations": _relations,
    "sources": _sources,
}
