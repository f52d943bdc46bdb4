"""Groups of a network, its isolated members, and its connectors: members without whom others would have no tie.

A connector is an articulation point of the graph. They are found in linear time, with one walk in depth-first order (Hopcroft and
Tarjan, "Algorithm 447: Efficient algorithms for graph manipulation", 1973). The walk keeps a list instead of calling itself,
because a chain of members is longer than Python's stack.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from directory.partners.network import MemberNetwork


class Connector(Struct, frozen=True):
    """A member, by its position, and what its group would fall into without it.

    `parts` are the numbers of members of the groups that would remain, largest first: at least two.
    """

    position: int
    parts: tuple[int, ...]

    @property
    def cut_off(self) -> int:
        """How many members would lose their tie to the largest remaining group."""
        return sum(self.parts[1:])


class NetworkStructure(Struct, frozen=True):
    """What a network consists of. Members are given by their positions among the nodes.

    `groups` are the members who are tied to each other, directly or through others: at least two in each, the largest group
    first, then in the order of their first members. `isolated_members` have no tie. `connectors` come in the order of how many
    members they would cut off, most first, then in the order of the members.
    """

    groups: tuple[tuple[int, ...], ...]
    isolated_members: tuple[int, ...]
    connectors: tuple[Connector, ...]


def analyze_network(network: MemberNetwork) -> NetworkStructure:
    """Find the groups, isolated members and connectors of a network in linear time, apart from sorting them."""
    count, neighbors = network.member_count, network.list_neighbors()
    groups = sorted(_iter_groups(neighbors, count, range(count)), key=lambda group: (-len(group), group))
    connectors = [connector for group in groups for connector in _iter_connectors(neighbors, count, group)]
    return NetworkStructure(
        tuple(group for group in groups if len(group) > 1),
        tuple(sorted(group[0] for group in groups if len(group) == 1)),
        tuple(sorted(connectors, key=lambda connector: (-connector.cut_off, connector.position))),
    )


def find_parts_without(network: MemberNetwork, position: int) -> list[tuple[int, ...]]:
    """Return the members of the groups that remain of a member's group without it, largest first, then by first member."""
    count, neighbors = network.member_count, network.list_neighbors()
    starts = [other for node in neighbors[position] for other in ([node] if node < count else neighbors[node])]
    parts = _iter_groups(neighbors, count, [start for start in starts if start != position], without=position)
    return sorted(parts, key=lambda part: (-len(part), part))


def _iter_groups(
    neighbors: Sequence[Sequence[int]], count: int, starts: Sequence[int], without: int | None = None
) -> Iterator[tuple[int, ...]]:
    """Yield the members, in order, of the group of each start that no earlier group contains. The first `count` are members."""
    reached: set[int | None] = {without}
    for start in starts:
        if start in reached:
            continue
        reached.add(start)
        group = [start]
        for node in group:  # grows while it is read
            fresh = [other for other in neighbors[node] if other not in reached]
            reached.update(fresh)
            group += fresh
        yield tuple(sorted(node for node in group if node < count))


def _iter_connectors(neighbors: Sequence[Sequence[int]], count: int, group: Sequence[int]) -> Iterator[Connector]:
    """Yield the connectors of a group of members.

    Every coalition has two members or more, so each part that a member separates contains a member.
    """
    walk = _Walk(neighbors, count)
    walk.visit(group[0])
    for position in group:
        separated = walk.separated_parts.get(position, [])
        rest = len(group) - 1 - sum(separated)
        parts = sorted([*separated, *([rest] if rest else [])], reverse=True)
        if len(parts) > 1:
            yield Connector(position, tuple(parts))


class _Walk:
    """A depth-first walk over the nodes that can be reached from one.

    `separated_parts` holds, for each node, the numbers of members in those subtrees of its that no tie connects to a node visited
    before it.
    """

    def __init__(self, neighbors: Sequence[Sequence[int]], count: int) -> None:
        self._neighbors, self._count = neighbors, count
        self._visited_at: dict[int, int] = {}  # the order of the walk
        self._lowest: dict[int, int] = {}  # the first node, in that order, to which the subtree of a node has a tie
        self._sizes: dict[int, int] = {}  # members in the subtree of a node
        self.separated_parts: dict[int, list[int]] = {}

    def visit(self, root: int) -> None:
        self._enter(root)
        path = [(root, iter(self._neighbors[root]))]
        while path:
            node, others = path[-1]
            other = next(others, None)
            if other is None:
                path.pop()
                if path:
                    self._leave(node, path[-1][0])
            elif other not in self._visited_at:
                self._enter(other)
                path.append((other, iter(self._neighbors[other])))
            else:  # the node before it in the path may be this one: that does not change what is separated
                self._lowest[node] = min(self._lowest[node], self._visited_at[other])

    def _enter(self, node: int) -> None:
        self._visited_at[node] = self._lowest[node] = len(self._visited_at)
        self._sizes[node] = int(node < self._count)

    def _leave(self, node: int, parent: int) -> None:
        """Add what is known of a node's subtree to the node from which it was entered."""
        self._sizes[parent] += self._sizes[node]
        self._lowest[parent] = min(self._lowest[parent], self._lowest[node])
        if self._lowest[node] >= self._visited_at[parent]:
            self.separated_parts.setdefault(parent, []).append(self._sizes[node])
