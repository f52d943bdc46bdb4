"""What a write may claim and refer to: an identifier or site id is one organization's, and a reference leads to a record.

Refusals name what belongs to records that are not public too: whoever writes is staff. Slugs are in slugs.py.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, select, union

from directory.errors import BadInput
from directory.records import Audience, Entry
from directory.store.ledger import Altered
from directory.store.streaming import AnySelect, chunks
from directory.store.tables import SHOWN_TO, identifiers, organizations, relations, sites


class _Claim(Struct, frozen=True):
    """Something that only one organization can have."""

    argument: str
    sentence: str  # of the value and the slug of the organization that claims it in vain
    values: Callable[[Entry], Iterable[tuple[str, ...]]]
    owned: AnySelect  # the value's columns, then the owner's id
    column: ColumnElement[str]  # the value's last column


_CLAIMS = (
    _Claim(
        "identifiers",
        "The identifier {0} belongs to another organization; correct it, or see whether {1} is that organization.",
        lambda entry: [(identifier.scheme, identifier.value) for identifier in entry.identifiers],
        select(identifiers.c.scheme, identifiers.c.value, organizations.c.id).join_from(identifiers, organizations),
        identifiers.c.value,
    ),
    _Claim(
        "sites",
        "The site {0} belongs to another organization; give the one of {1} an id of its own.",
        lambda entry: [(site.id,) for site in entry.sites],
        select(sites.c.id, organizations.c.id).join_from(sites, organizations),
        sites.c.id,
    ),
)


def require_free(connection: Connection, altered: Sequence[Altered]) -> None:
    """Raises BadInput where an identifier or site id is claimed that is another organization's."""
    touched = {change.id for change in altered}
    for claim in _CLAIMS:
        claimants = _claimants(claim, altered)
        for value, owner in _owners(connection, claim, claimants):
            claimant = claimants.get(value)
            if claimant and claimant.id != owner and owner not in touched:
                raise _refused(claim, value, claimant, owner)


def audiences(connection: Connection, ids: Iterable[str]) -> dict[str, Audience]:
    """Whom an organization is shown to, of those ids that are there."""
    found: dict[str, Audience] = {}
    for chunk in chunks(sorted(set(ids))):
        asked = select(organizations.c.id, SHOWN_TO).where(organizations.c.id.in_(chunk))
        found.update((identity, Audience(audience)) for identity, audience in connection.execute(asked))
    return found


def referred(entry: Entry | None) -> Iterator[str]:
    """The ids that an entry refers to."""
    if entry is not None:
        yield from (entry.parent,) if entry.parent else ()
        yield from (relation.organization for relation in entry.relations if relation.organization)


def referrers(connection: Connection, ids: Iterable[str]) -> set[str]:
    """The ids of the organizations that refer to one of those."""
    found: set[str] = set()
    for chunk in chunks(sorted(set(ids))):
        children = select(organizations.c.id).where(organizations.c.parent.in_(chunk))
        owner = relations.c.organization_key == organizations.c.key
        related = select(organizations.c.id).join_from(relations, organizations, owner).where(relations.c.organization.in_(chunk))
        found.update(connection.execute(union(children, related)).scalars())
    return found


def require_leading_somewhere(altered: Sequence[Altered], becomes: Mapping[str, Audience]) -> None:
    """Raises BadInput where a parent or relation leads to an id that will not be there."""
    for change in altered:
        for identity in referred(change.after):
            if change.after is not None and identity not in becomes:
                sentence = (
                    f"{change.after.slug} refers to an organization that is not in the directory ({identity}). Add it first."
                )
                raise BadInput(sentence, argument="relations", organization=change.after.slug, value=identity)


def require_survivors(altered: Sequence[Altered], becomes: Mapping[str, Audience]) -> None:
    """Raises BadInput where a record is merged into itself or into one that will not be there."""
    for change in altered:
        if change.before is None or change.after is not None or change.merged_into is None:
            continue
        if change.merged_into not in becomes:
            sentence = f"{change.before.slug} is to be merged into an organization that is not there; name another."
            raise BadInput(sentence, argument="into", organization=change.before.slug, value=change.merged_into)


def require_unreferred(connection: Connection, altered: Sequence[Altered]) -> None:
    """Raises BadInput where an organization is removed that another, which this write does not touch, refers to."""
    removed = [change.id for change in altered if change.after is None]
    others = referrers(connection, removed) - {change.id for change in altered}
    if others:
        name = connection.execute(select(organizations.c.slug).where(organizations.c.id == min(others))).scalar()
        raise BadInput(f"{name} still refers to an organization that is to be removed. Change {name} first.", organization=name)


def _claimants(claim: _Claim, altered: Sequence[Altered]) -> dict[tuple[str, ...], Entry]:
    """Who claims which value; raises BadInput where two do."""
    found: dict[tuple[str, ...], Entry] = {}
    for entry in (change.after for change in altered if change.after is not None):
        for value in claim.values(entry):
            if found.setdefault(value, entry).id != entry.id:
                raise _refused(claim, value, entry, found[value].id)
    return found


def _owners(connection: Connection, claim: _Claim, values: Iterable[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], str]]:
    for chunk in chunks(values):
        for *value, owner in connection.execute(claim.owned.where(claim.column.in_([value[-1] for value in chunk]))):
            yield tuple(value), owner


def _refused(claim: _Claim, value: tuple[str, ...], claimant: Entry, owner: str) -> BadInput:
    """`owner`: the id of the organization that has the value."""
    said = " ".join(value)
    sentence = claim.sentence.format(said, claimant.slug)
    return BadInput(sentence, argument=claim.argument, organization=claimant.slug, value=said, owner=owner)
