"""Describe a network of members in sentences."""

from collections.abc import Iterator, Sequence

from cli.terminal import format_count
from directory.filters.labels import join_labels
from directory.partners.connectors import Connector, NetworkStructure, find_parts_without
from directory.partners.network import MemberNetwork

MAX_GROUPS = 10
MAX_CONNECTORS = 10
MAX_ISOLATED = 10
MAX_PARTS = 5  # groups that remain without a connector
MAX_NAMES = 3  # of a group


def format_network(network: MemberNetwork, structure: NetworkStructure) -> Iterator[str]:
    """Yield the lines that describe a network: counts, groups, isolated members and connectors.

    Long lists are cut, and say how many more there are. `directory network --format json` has everything.
    """
    if not network.member_count:
        yield "No members were found."
        return
    yield _format_counts(network)
    yield from _list_groups(network, structure)
    yield from _list_isolated(network, structure)
    yield from _list_connectors(network, structure)


def _format_counts(network: MemberNetwork) -> str:
    members, ties = network.member_count, len(network.ties)
    memberships = sum(tie.target >= members for tie in network.ties)
    coalitions = format_count(len(network.nodes) - members, "shared coalition")
    direct = format_count(ties - memberships, "direct tie")
    return f"{format_count(members, 'member')}, {direct}, and {format_count(memberships, 'membership')} in {coalitions}."


def _list_groups(network: MemberNetwork, structure: NetworkStructure) -> Iterator[str]:
    yield f"Groups of members who are tied to each other: {len(structure.groups):,}"
    for group in structure.groups[:MAX_GROUPS]:
        yield f"  {format_count(len(group), 'member')}: {_list_names(network, group, MAX_NAMES)}"
    if len(structure.groups) > MAX_GROUPS:
        yield f"  and {len(structure.groups) - MAX_GROUPS:,} more"


def _list_isolated(network: MemberNetwork, structure: NetworkStructure) -> Iterator[str]:
    yield f"Members without a tie: {len(structure.isolated_members):,}"
    if structure.isolated_members:
        yield f"  {_list_names(network, structure.isolated_members, MAX_ISOLATED)}"


def _list_connectors(network: MemberNetwork, structure: NetworkStructure) -> Iterator[str]:
    yield f"Members who connect groups that would have no tie without them: {len(structure.connectors):,}"
    for connector in structure.connectors[:MAX_CONNECTORS]:
        yield f"  {explain_connector(network, connector)}"
    if len(structure.connectors) > MAX_CONNECTORS:
        yield f"  and {len(structure.connectors) - MAX_CONNECTORS:,} more"


def explain_connector(network: MemberNetwork, connector: Connector) -> str:
    """Return a sentence that names the groups which would have no tie without a connector, the largest first."""
    parts = find_parts_without(network, connector.position)
    texts = [f"{_list_names(network, part, MAX_NAMES)} ({format_count(len(part), 'member')})" for part in parts[:MAX_PARTS]]
    if len(parts) > MAX_PARTS:
        texts.append(f"{format_count(len(parts) - MAX_PARTS, 'other group')}")
    name = network.nodes[connector.position].name
    return f"Without {name}, these groups would have no tie: {join_labels(texts, 'en', is_choice=False)}."


def _list_names(network: MemberNetwork, positions: Sequence[int], limit: int) -> str:
    names = [network.nodes[position].name for position in positions[:limit]]
    more = len(positions) - limit
    return ", ".join(names) + (f" and {more:,} more" if more > 0 else "")
