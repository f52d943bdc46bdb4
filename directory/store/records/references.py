"""What a write may claim and refer to: an identifier or site id is one organization's, and a reference leads to a record.

Refusals name what belongs to records that are not public too: whoever writes is staff. Slugs are in slugs.py.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, select, union

from directory.errors import BadInput
from directory.records import Audience, StoredOrganization
from directory.store.database.bulk import AnySelect, split_into_chunks
from directory.store.ledger.change_log import PendingChange
from directory.store.records.tables import EFFECTIVE_AUDIENCE, identifiers, organizations, relations, sites


class _UniqueClaim(Struct, frozen=True):
    """Something that only one organization can have."""

    argument: str
    sentence: str  # of the value and the slug of the organization that claims it in vain
    values: Callable[[StoredOrganization], Iterable[tuple[str, ...]]]
    owner_query: AnySelect  # the value's columns, then the owner's id
    column: ColumnElement[str]  # the value's last column


_UNIQUE_CLAIMS = (
    _UniqueClaim(
        "identifiers",
        "The identifier {0} belongs to another organization; correct it, or see whether {1} is that organization.",
        lambda entry: [(identifier.scheme, identifier.value) for identifier in entry.identifiers],
        select(identifiers.c.scheme, identifiers.c.value, organizations.c.id).join_from(identifiers, organizations),
        identifiers.c.value,
    ),
    _UniqueClaim(
        "sites",
        "The site {0} belongs to another organization; give the one of {1} an id of its own.",
        lambda entry: [(site.id,) for site in entry.sites],
        select(sites.c.id, organizations.c.id).join_from(sites, organizations),
        sites.c.id,
    ),
)


def require_unclaimed_values(connection: Connection, pending: Sequence[PendingChange]) -> None:
    """Raises BadInput where an identifier or site id is claimed that is another organization's."""
    touched = {change.id for change in pending}
    for claim in _UNIQUE_CLAIMS:
        claimants = _find_claimants(claim, pending)
        for value, owner in _find_owners(connection, claim, claimants):
            claimant = claimants.get(value)
            if claimant and claimant.id != owner and owner not in touched:
                raise _build_claim_error(claim, value, claimant, owner)


def load_audiences(connection: Connection, ids: Iterable[str]) -> dict[str, Audience]:
    """Whom an organization is shown to, of those ids that are there."""
    found: dict[str, Audience] = {}
    for chunk in split_into_chunks(sorted(set(ids))):
        asked = select(organizations.c.id, EFFECTIVE_AUDIENCE).where(organizations.c.id.in_(chunk))
        found.update((identity, Audience(audience)) for identity, audience in connection.execute(asked))
    return found


def list_referenced_ids(entry: StoredOrganization | None) -> Iterator[str]:
    """The ids that an entry refers to."""
    if entry is not None:
        yield from (entry.parent,) if entry.parent else ()
        yield from (relation.organization for relation in entry.relations if relation.organization)


def find_referrers(connection: Connection, ids: Iterable[str]) -> set[str]:
    """The ids of the organizations that refer to one of those."""
    found: set[str] = set()
    for chunk in split_into_chunks(sorted(set(ids))):
        children = select(organizations.c.id).where(organizations.c.parent.in_(chunk))
        owner = relations.c.organization_key == organizations.c.key
        related = select(organizations.c.id).join_from(relations, organizations, owner).where(relations.c.organization.in_(chunk))
        found.update(connection.execute(union(children, related)).scalars())
    return found


def refuse_dangling_references(pending: Sequence[PendingChange], audiences_after: Mapping[str, Audience]) -> None:
    """Raises BadInput where a parent or relation leads to an id that will not be there."""
    for change in pending:
        for identity in list_referenced_ids(change.after):
            if change.after is not None and identity not in audiences_after:
                sentence = (
                    f"{change.after.slug} refers to an organization that is not in the directory ({identity}). Add it first."
                )
                raise BadInput(sentence, argument="relations", organization=change.after.slug, value=identity)


def require_existing_survivors(pending: Sequence[PendingChange], audiences_after: Mapping[str, Audience]) -> None:
    """Raises BadInput where a record is merged into itself or into one that will not be there."""
    for change in pending:
        if change.before is None or change.after is not None or change.merged_into is None:
            continue
        if change.merged_into not in audiences_after:
            sentence = f"{change.before.slug} is to be merged into an organization that is not there; name another."
            raise BadInput(sentence, argument="into", organization=change.before.slug, value=change.merged_into)


def require_unreferenced(connection: Connection, pending: Sequence[PendingChange]) -> None:
    """Raises BadInput where an organization is removed that another, which this write does not touch, refers to."""
    removed = [change.id for change in pending if change.after is None]
    others = find_referrers(connection, removed) - {change.id for change in pending}
    if others:
        name = connection.execute(select(organizations.c.slug).where(organizations.c.id == min(others))).scalar()
        raise BadInput(f"{name} still refers to an organization that is to be removed. Change {name} first.", organization=name)


def _find_claimants(claim: _UniqueClaim, pending: Sequence[PendingChange]) -> dict[tuple[str, ...], StoredOrganization]:
    """Who claims which value; raises BadInput where two do."""
    found: dict[tuple[str, ...], StoredOrganization] = {}
    for entry in (change.after for change in pending if change.after is not None):
        for value in claim.values(entry):
            if found.setdefault(value, entry).id != entry.id:
                raise _build_claim_error(claim, value, entry, found[value].id)
    return found


def _find_owners(
    connection: Connection, claim: _UniqueClaim, values: Iterable[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], str]]:
    for chunk in split_into_chunks(values):
        for *value, owner in connection.execute(claim.owner_query.where(claim.column.in_([value[-1] for value in chunk]))):
            yield tuple(value), owner


def _build_claim_error(claim: _UniqueClaim, value: tuple[str, ...], claimant: StoredOrganization, owner: str) -> BadInput:
    """`owner`: the id of the organization that has the value."""
    said = " ".join(value)
    sentence = claim.sentence.format(said, claimant.slug)
    return BadInput(sentence, argument=claim.argument, organization=claimant.slug, value=said, owner=owner)
