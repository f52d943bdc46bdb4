"""The network of members: who is tied to whom, by shared coalitions, relations, and parents and branches.

A coalition is a node of its own, tied to each of its members. Direct ties between all members of a coalition would grow with the
square of its size: two million for a coalition of 2,000. Two members with a coalition in common are tied through its node.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.kinds.coalition import Coalition, CoalitionMember
from directory.question import KEY_LIMIT, Filter, Page, Question
from directory.records import Organization, RecordKind, RelationKind
from directory.search.coalition_members import find_nearest_slugs
from directory.search.snapshot import Snapshot

_RELATION_SENTENCES = {  # {0} states the relation to {1}; a parent and a BRANCH_OF of the same record are one reason
    RelationKind.BRANCH_OF: "{0} is a branch of {1}",
    RelationKind.SUCCESSOR_OF: "{0} is the successor of {1}",
    RelationKind.FISCAL_SPONSOR: "{1} is the fiscal sponsor of {0}",
    RelationKind.SISTER: "Sister organizations",
    RelationKind.PARTNER: "Partners",
    RelationKind.FUNDER: "{1} funds {0}",
    RelationKind.HOST: "{1} hosts {0}",
}


class NetworkNode(Struct, frozen=True):
    """A member or a coalition. `key` is unique: the slug of an organization, or the kind and slug, as in coalition:upr."""

    key: str
    name: str
    kind: RecordKind


class NetworkTie(Struct, frozen=True):
    """An undirected tie between two nodes, given by their positions, the lower one first. `reasons` are different sentences."""

    source: int
    target: int
    reasons: tuple[str, ...]

    @property
    def weight(self) -> int:
        return len(self.reasons)


class MemberNetwork(Struct, frozen=True):
    """Members and the ties between them.

    `nodes` are the members by name, then the coalitions by name that tie at least two of them. `ties` are sorted by the
    positions of their nodes. No two ties have the same nodes, and none has a single node.
    """

    nodes: tuple[NetworkNode, ...]
    ties: tuple[NetworkTie, ...]

    @property
    def member_count(self) -> int:
        return sum(node.kind is RecordKind.ORGANIZATION for node in self.nodes)

    def list_neighbors(self) -> list[list[int]]:
        """Return the positions of the nodes tied to each node."""
        neighbors: list[list[int]] = [[] for _ in self.nodes]
        for tie in self.ties:
            neighbors[tie.source].append(tie.target)
            neighbors[tie.target].append(tie.source)
        return neighbors


def build_network(
    snapshot: Snapshot, question: Question, coalition_slug: str | None = None, today: date | None = None
) -> MemberNetwork:
    """Return the network of all organizations that the question finds; without nodes if it finds none.

    Ties to other organizations are left out. With `coalition_slug`, only members of that coalition are nodes, and it ties no one
    itself, because it would tie all of them. Memberships and coalitions that have ended count too. `today` is that of
    `Snapshot.find`.

    Raises BadInput, with the nearest slugs, for a coalition that the audience does not see, and what `Snapshot.find` raises.
    """
    excluded_id = None
    if coalition_slug is not None:
        excluded_id = _require_coalition(snapshot, coalition_slug).id
        question = replace(question, clauses=(*question.clauses, (Filter(coalition=coalition_slug),)))
    members = _list_members(snapshot, question, today)
    positions = {member.id: position for position, member in enumerate(members)}
    coalitions = _list_coalitions(snapshot, positions, excluded_id)
    nodes = [NetworkNode(member.slug, member.name, RecordKind.ORGANIZATION) for member in members]
    nodes += [NetworkNode(f"{RecordKind.COALITION.noun}:{one.slug}", one.name, RecordKind.COALITION) for one in coalitions]
    ties = {pair: tuple(reasons) for pair, reasons in _collect_relations(members, positions).items()}
    for position, coalition in enumerate(coalitions, len(members)):
        ties |= {(positions[one.organization], position): (_describe_membership(one),) for one in _select(coalition, positions)}
    return MemberNetwork(tuple(nodes), tuple(NetworkTie(*pair, reasons) for pair, reasons in sorted(ties.items())))


def _require_coalition(snapshot: Snapshot, slug: str) -> Coalition:
    coalition = snapshot.find_record_by_slug(RecordKind.COALITION, slug)
    if coalition is None:
        nearest = find_nearest_slugs(snapshot.views[RecordKind.COALITION], slug)
        advice = f"Did you mean {nearest[0]}?" if nearest else "To list the coalitions, run `directory coalitions`."
        raise BadInput(
            f'There is no coalition "{slug[:KEY_LIMIT]}". {advice}', argument="coalition", value=slug, suggestions=nearest
        )
    return cast("Coalition", coalition)


def _list_members(snapshot: Snapshot, question: Question, today: date | None) -> list[Organization]:
    """Return the organizations that the question finds, by name and id, whatever order it asks for."""
    rows = snapshot.index.rows
    return rows.list_records(rows.iter_by_name(snapshot.find(replace(question, page=Page()), today).rows))


def _list_coalitions(snapshot: Snapshot, positions: dict[str, int], excluded_id: str | None) -> list[Coalition]:
    """Return the coalitions with two or more of these members, by name and id."""
    rows = snapshot.views[RecordKind.COALITION].index.rows
    coalitions = cast("list[Coalition]", rows.list_records(rows.iter_by_name(rows.live_rows)))
    return [one for one in coalitions if one.id != excluded_id and len(_select(one, positions)) > 1]


def _select(coalition: Coalition, positions: dict[str, int]) -> list[CoalitionMember]:
    return [member for member in coalition.members if member.organization in positions]


def _describe_membership(member: CoalitionMember) -> str:
    """Return "Member", with the role and the dates that are stated: Member (Chair, since 2021-03-04)."""
    details = [member.role, f"since {member.since}" if member.since else None, f"until {member.until}" if member.until else None]
    stated = ", ".join(detail for detail in details if detail)
    return f"Member ({stated})" if stated else "Member"


def _collect_relations(members: Sequence[Organization], positions: dict[str, int]) -> dict[tuple[int, int], dict[str, None]]:
    """Return the reasons of each pair of members that a relation or a parent ties, in the order of the members."""
    ties: dict[tuple[int, int], dict[str, None]] = {}
    for position, member in enumerate(members):
        for kind, other_id in _iter_related(member):
            other = positions.get(other_id, position)
            if other != position:
                reason = _RELATION_SENTENCES[kind].format(member.name, members[other].name)
                ties.setdefault((min(position, other), max(position, other)), {})[reason] = None
    return ties


def _iter_related(member: Organization) -> Iterator[tuple[RelationKind, str]]:
    """Yield the kind of each relation to another record, with its id."""
    if member.parent:
        yield RelationKind.BRANCH_OF, member.parent
    yield from ((relation.kind, relation.organization) for relation in member.relations if relation.organization)
