"""Ties: organizations that a group knows already. They are shown, not suggested."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import islice

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.partners.families import get_families
from directory.records import Organization, Relation
from directory.search.row_sets import EMPTY_ROWS, to_row_set, unite
from directory.search.searched_fields import RELATED_SETS
from directory.search.snapshot import Snapshot

MAX_TIES = 100  # that are shown: an organization can have thousands of branches


class TieKind(StrEnum):
    PARENT = "PARENT"  # a member of the group is a branch of it, or a branch of one of its branches
    BRANCH = "BRANCH"  # it is a branch of a member of the group, or of the same organization
    RELATION = "RELATION"  # one of them states a relation to the other


class Tie(Struct, frozen=True):
    """An organization that `knows_it`, a member of the group, knows already. `relation` is the stated one, if any.

    `is_stated_by_it`: the relation is stated by the other organization, not by the member of the group.
    """

    kind: TieKind
    organization: Organization
    known_by: Organization
    relation: Relation | None = None
    is_stated_by_it: bool = False


def find_tied_rows(snapshot: Snapshot, identity: str | None) -> BitMap:
    """Return the rows of all organizations that an organization knows already, as far as the audience sees them, without its own.

    Empty for a group that is not listed.
    """
    rows = snapshot.index.rows
    row = rows.find_row(identity) if identity else None
    if identity is None or row is None:
        return EMPTY_ROWS
    named = rows.find_rows(relation.organization for relation in rows[row].relations if relation.organization)
    return (_find_relatives(snapshot, row) | snapshot.index.sets[RELATED_SETS][identity] | named) - BitMap([row])


def list_ties(snapshot: Snapshot, rows_by_member: Mapping[str, BitMap]) -> list[Tie]:
    """Return the first MAX_TIES ties by name; each organization once for each member that knows it.

    `rows_by_member` are the rows of `find_tied_rows` by the id of each member that is listed. Members are no ties of each other.
    """
    own = snapshot.index.rows.find_rows(rows_by_member)
    ordered = snapshot.index.rows.iter_by_name(unite(rows_by_member.values()) - own)
    ties = (
        _describe_tie(snapshot, identity, row)
        for row in ordered
        for identity in sorted(rows_by_member)
        if row in rows_by_member[identity]
    )
    return list(islice(ties, MAX_TIES))


def _describe_tie(snapshot: Snapshot, identity: str, row: int) -> Tie:
    """Return the tie of a member: a relation that it states, else one that is stated to it, else that of parent or branch."""
    rows = snapshot.index.rows
    member, other = rows[rows.row_by_id[identity]], rows[row]
    for stating, stated_id in ((member, other.id), (other, identity)):
        relation = next((one for one in stating.relations if one.organization == stated_id), None)
        if relation:
            return Tie(TieKind.RELATION, other, member, relation, is_stated_by_it=stating is other)
    heads = get_families(snapshot.index).heads
    return Tie(TieKind.PARENT if other.id == member.parent or heads[row] == row else TieKind.BRANCH, other, member)


def _find_relatives(snapshot: Snapshot, row: int) -> BitMap:
    """Return the rows of a family that the audience sees; empty if it has only one."""
    families = get_families(snapshot.index)
    if not families.has_others[row]:
        return EMPTY_ROWS
    return to_row_set(np.flatnonzero(families.heads == families.heads[row])) & snapshot.index.rows.live_rows
