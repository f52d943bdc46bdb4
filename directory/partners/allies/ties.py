"""Ties: organizations that a group knows already. They are shown, not suggested."""

from collections.abc import Iterator
from enum import StrEnum

import numpy as np
from msgspec import Struct

from directory.partners.allies.families import get_families
from directory.partners.allies.request import PartnerProfile
from directory.records import Organization, Relation
from directory.search.searched_fields import RELATED_SETS
from directory.search.snapshot import Snapshot


class TieKind(StrEnum):
    PARENT = "PARENT"  # a member of the group is a branch of it
    BRANCH = "BRANCH"  # it is a branch of a member of the group, or of the same organization
    RELATION = "RELATION"  # one of them states a relation to the other


class Tie(Struct, frozen=True):
    """An organization that `knows_it`, a member of the group, knows already. `relation` is the stated one, if any.

    `is_stated_by_it`: the relation is stated by the other organization, not by the member of the group.
    """

    kind: TieKind
    row: int
    organization: Organization
    known_by: Organization
    relation: Relation | None = None
    is_stated_by_it: bool = False


def find_ties(snapshot: Snapshot, group: tuple[PartnerProfile, ...]) -> list[Tie]:
    """Return the ties of a group that the audience sees, by name; each organization once for each member that knows it."""
    own = {member.id for member in group}
    ties = (tie for member in group if member.id for tie in _iter_ties(snapshot, member.id))
    unique = {(tie.known_by.id, tie.organization.id): tie for tie in ties if tie.organization.id not in own}
    return sorted(unique.values(), key=lambda tie: (snapshot.index.rows.get_name_key(tie.row), tie.known_by.id))


def _iter_ties(snapshot: Snapshot, identity: str) -> Iterator[Tie]:
    """Yield the ties of a member; of several with the same organization, the one that says most comes last."""
    rows = snapshot.index.rows
    row = rows.find_row(identity)
    if row is None:
        return
    record = rows[row]
    for other in _list_relatives(snapshot, row):
        kind = TieKind.PARENT if rows[other].id == record.parent else TieKind.BRANCH
        yield Tie(kind, other, rows[other], record)
    for other in snapshot.index.sets[RELATED_SETS][identity]:
        relation = next(one for one in rows[other].relations if one.organization == identity)
        yield Tie(TieKind.RELATION, other, rows[other], record, relation, is_stated_by_it=True)
    for relation in record.relations:
        other_row = rows.find_row(relation.organization) if relation.organization else None
        if other_row is not None:
            yield Tie(TieKind.RELATION, other_row, rows[other_row], record, relation)


def _list_relatives(snapshot: Snapshot, row: int) -> list[int]:
    """Return the rows of the other organizations of a family that the audience sees."""
    families = get_families(snapshot.index)
    if not families.has_others[row]:
        return []
    live = snapshot.index.rows.live_rows
    return [other for other in np.flatnonzero(families.heads == families.heads[row]).tolist() if other != row and other in live]
