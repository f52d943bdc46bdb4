"""Groups, isolated members and connectors, compared with removing each member and counting what remains."""

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from directory.partners.connectors import Connector, analyze_network, find_parts_without
from directory.partners.network import MemberNetwork, NetworkNode, NetworkTie, build_network
from directory.question import Question
from directory.records import RecordKind
from tests.directory.partners.member_networks import a_network


def build_graph(member_count: int, pairs: Iterable[tuple[int, int]], coalitions: Iterable[set[int]]) -> MemberNetwork:
    """Build a network of members that these pairs and coalitions tie; coalitions of fewer than two members tie no one."""
    shared = [sorted(coalition) for coalition in coalitions if len(coalition) > 1]
    ties = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    ties |= {(member, member_count + number) for number, coalition in enumerate(shared) for member in coalition}
    nodes = [NetworkNode(f"m{number}", f"M{number}", RecordKind.ORGANIZATION) for number in range(member_count)]
    nodes += [NetworkNode(f"c{number}", f"C{number}", RecordKind.COALITION) for number in range(len(shared))]
    return MemberNetwork(tuple(nodes), tuple(NetworkTie(*pair, ("Partners",)) for pair in sorted(ties)))


def split(network: MemberNetwork, without: int | None = None) -> list[tuple[int, ...]]:
    """Return the members of each group: merge the groups of the two ends of every tie until none is left."""
    groups = [{position} for position in range(len(network.nodes)) if position != without]
    for tie in network.ties:
        if without not in (tie.source, tie.target):
            touched = [group for group in groups if group & {tie.source, tie.target}]
            groups = [group for group in groups if group not in touched] + [set().union(*touched)]
    members = [tuple(sorted(position for position in group if position < network.member_count)) for group in groups]
    return sorted((group for group in members if group), key=lambda group: (-len(group), group))


@st.composite
def networks(draw: st.DrawFn) -> MemberNetwork:
    count = draw(st.integers(1, 9))
    member = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(member, member), max_size=9))
    return build_graph(count, pairs, draw(st.lists(st.sets(member, max_size=4), max_size=4)))


REACHED: set[str] = set()


@settings(max_examples=600)
@given(networks())
def check_against_removals(network: MemberNetwork) -> None:
    structure, whole = analyze_network(network), split(network)
    assert list(structure.groups) == [group for group in whole if len(group) > 1]
    assert structure.isolated_members == tuple(group[0] for group in whole if len(group) == 1)
    expected = []
    for position in range(network.member_count):
        others = next(group for group in whole if position in group)
        parts = [group for group in split(network, without=position) if set(group) <= set(others)]
        assert find_parts_without(network, position) == parts
        if len(parts) > 1:
            expected.append(Connector(position, tuple(map(len, parts))))
        record_cases(network, position, parts)
    assert list(structure.connectors) == sorted(expected, key=lambda one: (-one.cut_off, one.position))


def record_cases(network: MemberNetwork, position: int, parts: list[tuple[int, ...]]) -> None:
    coalitions = [tie for tie in network.ties if tie.target >= network.member_count and position == tie.source]
    if len(parts) > 2:
        REACHED.add("three parts")
    if len(parts) > 1 and len(coalitions) > 1:
        REACHED.add("a connector of two coalitions")
    if len(parts) == 1 and coalitions:
        REACHED.add("a member of a coalition who is no connector")
    if len(parts) > 1 and len(parts[1]) > 1:
        REACHED.add("a part of several members")


def test_structure_equals_that_of_removing_each_member() -> None:
    check_against_removals()
    assert {
        "three parts",
        "a connector of two coalitions",
        "a member of a coalition who is no connector",
        "a part of several members",
    } == REACHED


def test_a_coalition_is_no_connector_and_its_members_stay_tied_without_one_of_them() -> None:
    structure = analyze_network(build_network(a_network("ABCD", coalitions={"Edge": "ABCD"}), Question()))
    assert (structure.groups, structure.connectors) == (((0, 1, 2, 3),), ())


def test_a_member_between_two_coalitions_connects_them() -> None:
    network = build_network(a_network("ABCDEFG", coalitions={"Edge": "ABC", "Zone": "CDE"}), Question())
    structure = analyze_network(network)
    assert structure.connectors == (Connector(2, (2, 2)),)
    assert structure.connectors[0].cut_off == 2
    assert find_parts_without(network, 2) == [(0, 1), (3, 4)]
    assert structure.isolated_members == (5, 6)


def test_a_long_chain_needs_no_recursion() -> None:
    count = 20_000
    structure = analyze_network(build_graph(count, ((number, number + 1) for number in range(count - 1)), ()))
    assert len(structure.connectors) == count - 2
    assert structure.connectors[0] == Connector(9_999, (10_000, 9_999))


def test_an_empty_network_has_no_structure() -> None:
    structure = analyze_network(MemberNetwork((), ()))
    assert (structure.groups, structure.isolated_members, structure.connectors) == ((), (), ())
