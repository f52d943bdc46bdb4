"""Check a write against other records: identifiers and location ids are unique, and references point to existing records.

Only values that a record did not have before are looked up: no other record can claim a value that stays. Messages may name
records that are not public, because only staff can write. Slugs are checked in slug_assignment.py.
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
    """A value that only one organization can have."""

    argument: str  # the field to name in errors
    message: str  # {0} is the value, {1} the slug of the organization that cannot have it
    values: Callable[[StoredOrganization], Iterable[tuple[str, ...]]]
    owner_query: AnySelect  # selects the columns of the value, then the owner's id
    column: ColumnElement[str]  # the last column of the value


_UNIQUE_CLAIMS = (
    _UniqueClaim(
        "identifiers",
        "The identifier {0} belongs to another organization. Correct it, or check whether {1} is that organization.",
        lambda organization: [(identifier.scheme, identifier.value) for identifier in organization.identifiers],
        select(identifiers.c.scheme, identifiers.c.value, organizations.c.id).join_from(identifiers, organizations),
        identifiers.c.value,
    ),
    _UniqueClaim(
        "sites",
        "The location id {0} belongs to another organization. Give the location of {1} its own id.",
        lambda organization: [(location.id,) for location in organization.sites],
        select(sites.c.id, organizations.c.id).join_from(sites, organizations),
        sites.c.id,
    ),
)


def require_unclaimed_values(connection: Connection, pending: Sequence[PendingChange]) -> None:
    """Raise BadInput if a record has an identifier or location id of another organization.

    Records that the same write edits may hand over their values.
    """
    edited_ids = {change.id for change in pending}
    for claim in _UNIQUE_CLAIMS:
        claimants = _find_claimants(claim, pending)
        known = {value for change in pending if change.before for value in claim.values(change.before)}
        for value, owner in _find_owners(connection, claim, claimants.keys() - known):
            claimant = claimants.get(value)
            if claimant and claimant.id != owner and owner not in edited_ids:
                raise _build_claim_error(claim, value, claimant, owner)


def load_audiences(connection: Connection, ids: Iterable[str]) -> dict[str, Audience]:
    """Return the effective audience of each organization, by id. Ids that do not exist are left out."""
    audiences: dict[str, Audience] = {}
    for chunk in split_into_chunks(sorted(set(ids))):
        query = select(organizations.c.id, EFFECTIVE_AUDIENCE).where(organizations.c.id.in_(chunk))
        audiences.update((organization_id, Audience(audience)) for organization_id, audience in connection.execute(query))
    return audiences


def list_referenced_ids(organization: StoredOrganization | None) -> Iterator[str]:
    """Yield the ids of the organizations that this one refers to; none for None."""
    if organization is not None:
        yield from (organization.parent,) if organization.parent else ()
        yield from (relation.organization for relation in organization.relations if relation.organization)


def list_changed_references(change: PendingChange) -> set[str]:
    """Return the ids of the organizations that the record refers to only before or only after the change."""
    return set(list_referenced_ids(change.before)) ^ set(list_referenced_ids(change.after))


def find_referrers(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Return the ids of the organizations that refer to one of these."""
    referrers: set[str] = set()
    for chunk in split_into_chunks(sorted(set(ids))):
        children = select(organizations.c.id).where(organizations.c.parent.in_(chunk))
        owner = relations.c.organization_key == organizations.c.key
        related = select(organizations.c.id).join_from(relations, organizations, owner).where(relations.c.organization.in_(chunk))
        referrers.update(connection.execute(union(children, related)).scalars())
    return referrers


def refuse_dangling_references(pending: Sequence[PendingChange], audiences_after: Mapping[str, Audience]) -> None:
    """Raise BadInput if a parent or relation refers to an id that will not exist after the write.

    `audiences_after` need not hold the records that a record refers to before and after the write.
    """
    removed_ids = {change.id for change in pending if change.after is None}
    for change in pending:
        known_ids = set(list_referenced_ids(change.before)) - removed_ids
        for referenced_id in list_referenced_ids(change.after):
            if change.after is not None and referenced_id not in known_ids and referenced_id not in audiences_after:
                slug = change.after.slug
                message = f"{slug} refers to an organization that is not in the directory ({referenced_id}). Add it first."
                raise BadInput(message, argument="relations", organization=slug, value=referenced_id)


def require_existing_survivors(pending: Sequence[PendingChange], audiences_after: Mapping[str, Audience]) -> None:
    """Raise BadInput if a record is merged into itself or into a record that will not exist after the write.

    A merge that an undo restores is exempt: its survivor may have been removed since.
    """
    for change in pending:
        if change.before is None or change.after is not None or change.merged_into is None:
            continue
        if change.merged_into not in audiences_after and not change.restores_merge:
            message = f"{change.before.slug} cannot be merged into an organization that does not exist. Choose another one."
            raise BadInput(message, argument="into", organization=change.before.slug, value=change.merged_into)


def require_unreferenced(connection: Connection, pending: Sequence[PendingChange]) -> None:
    """Raise BadInput if a removed organization is still referred to by a record outside of this write."""
    removed_ids = [change.id for change in pending if change.after is None]
    referrers = find_referrers(connection, removed_ids) - {change.id for change in pending}
    if referrers:
        slug = connection.execute(select(organizations.c.slug).where(organizations.c.id == min(referrers))).scalar()
        message = f"{slug} still refers to an organization that you want to remove. Change {slug} first."
        raise BadInput(message, organization=slug)


def _find_claimants(claim: _UniqueClaim, pending: Sequence[PendingChange]) -> dict[tuple[str, ...], StoredOrganization]:
    """Return the organization that claims each value. Raises BadInput if two claim the same one."""
    claimants: dict[tuple[str, ...], StoredOrganization] = {}
    for organization in (change.after for change in pending if change.after is not None):
        for value in claim.values(organization):
            if claimants.setdefault(value, organization).id != organization.id:
                raise _build_claim_error(claim, value, organization, claimants[value].id)
    return claimants


def _find_owners(
    connection: Connection, claim: _UniqueClaim, values: Iterable[tuple[str, ...]]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield values with the ids of the organizations that have them now."""
    for chunk in split_into_chunks(values):
        for *value, owner in connection.execute(claim.owner_query.where(claim.column.in_([value[-1] for value in chunk]))):
            yield tuple(value), owner


def _build_claim_error(claim: _UniqueClaim, value: tuple[str, ...], claimant: StoredOrganization, owner: str) -> BadInput:
    """Build the error for a value that belongs to the organization with the id `owner`."""
    text = " ".join(value)
    message = claim.message.format(text, claimant.slug)
    return BadInput(message, argument=claim.argument, organization=claimant.slug, value=text, owner=owner)
