"""The files of a network: CSV for Gephi, GraphML and JSON for Kumu."""

import csv
import io
import json
from collections.abc import Callable
from typing import IO, Any
from xml.etree import ElementTree

import pytest

from cli.partners.network_files import (
    EDGE_COLUMNS,
    GRAPHML_NAMESPACE,
    NETWORK_WRITERS,
    NodeFacts,
    list_node_facts,
    write_edge_list,
    write_graphml,
    write_kumu_json,
)
from directory.partners.connectors import NetworkStructure, analyze_network
from directory.partners.network import MemberNetwork, NetworkNode, NetworkTie, build_network
from directory.question import Question
from directory.records import RecordKind
from tests.directory.partners.member_networks import a_network

NETWORK = build_network(a_network("ABCDE", partners=["AB"], coalitions={"Edge": "BCD"}), Question())
NASTY = '=1+1 \x00\x1b[2J\x0b <b>&" ]]> \ud800\ufffe Ñandú'


def write(writer: Callable[[MemberNetwork, NetworkStructure, IO[bytes]], None], network: MemberNetwork = NETWORK) -> bytes:
    file = io.BytesIO()
    writer(network, analyze_network(network), file)
    return file.getvalue()


def a_nasty_network() -> MemberNetwork:
    nodes = tuple(NetworkNode(key, NASTY, RecordKind.ORGANIZATION) for key in ("a", "b"))
    return MemberNetwork(nodes, (NetworkTie(0, 1, (f"{NASTY} funds {NASTY}", "Partners")),))


def read_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def read_graphml(content: bytes) -> tuple[ElementTree.Element, list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the root, the nodes and the edges, each with its attributes and data."""
    root = ElementTree.fromstring(content)  # noqa: S314 - written by us
    namespace = {"g": GRAPHML_NAMESPACE}

    def read(name: str) -> list[dict[str, Any]]:
        found = root.findall(f"g:graph/g:{name}", namespace)
        return [{**one.attrib, **{data.attrib["key"]: data.text for data in one.findall("g:data", namespace)}} for one in found]

    return root, read("node"), read("edge")


def test_each_tie_is_a_row_of_the_edge_list() -> None:
    rows = read_rows(write(write_edge_list))
    assert tuple(rows[0]) == EDGE_COLUMNS
    assert [tuple(row.values())[:5] for row in rows] == [
        ("a", "b", "Undirected", "1", "Partners"),
        ("b", "coalition:edge", "Undirected", "1", "Member"),
        ("c", "coalition:edge", "Undirected", "1", "Member"),
        ("d", "coalition:edge", "Undirected", "1", "Member"),
    ]
    assert (rows[1]["Source name"], rows[1]["Target name"]) == ("B", "Edge")


def test_formulas_are_escaped_in_the_edge_list() -> None:
    network = MemberNetwork(
        tuple(NetworkNode(key, "=HYPERLINK(1)", RecordKind.ORGANIZATION) for key in "ab"),
        (NetworkTie(0, 1, ("=1+1 funds b", "x")),),
    )
    (row,) = read_rows(write(write_edge_list, network))
    assert (row["Source name"], row["Reasons"], row["Weight"]) == ("'=HYPERLINK(1)", "'=1+1 funds b; x", "2")


def test_graphml_declares_what_it_uses_and_refers_to_its_nodes() -> None:
    root, nodes, edges = read_graphml(write(write_graphml))
    keys = {(key.attrib["id"], key.attrib["for"]) for key in root.findall(f"{{{GRAPHML_NAMESPACE}}}key")}
    for owner, elements in (("node", nodes), ("edge", edges)):
        data = {name for element in elements for name in element} - {"id", "source", "target"}
        assert {(name, owner) for name in data} <= keys
    ids = [node["id"] for node in nodes]
    assert ids == ["a", "b", "c", "d", "e", "coalition:edge"]
    assert {edge[end] for edge in edges for end in ("source", "target")} <= set(ids)
    assert len({edge["id"] for edge in edges}) == len(edges) == len(NETWORK.ties)
    assert nodes[1] == {"id": "b", "label": "B", "kind": "organization", "group": "1", "isolated": "false", "cut_off": "1"}
    assert nodes[4] == {"id": "e", "label": "E", "kind": "organization", "group": "0", "isolated": "true", "cut_off": "0"}
    assert nodes[5]["kind"] == "coalition"


def test_kumu_connections_refer_to_elements() -> None:
    blueprint = json.loads(write(write_kumu_json))
    ids = [element["id"] for element in blueprint["elements"]]
    connections = blueprint["connections"]
    assert {one[end] for one in connections for end in ("from", "to")} <= set(ids)
    assert len({*ids, *(one["id"] for one in connections)}) == len(ids) + len(connections)  # as Kumu requires
    assert blueprint["elements"][5] == {
        "id": "coalition:edge",
        "label": "Edge",
        "type": "Coalition",
        "group": 1,
        "isolated": False,
        "cut off": 0,
    }
    assert connections[0] == {
        "id": "tie:1",
        "from": "a",
        "to": "b",
        "direction": "undirected",
        "weight": 1,
        "reasons": ["Partners"],
    }


def test_graphml_replaces_what_xml_forbids() -> None:
    _, nodes, edges = read_graphml(write(write_graphml, a_nasty_network()))
    expected = '=1+1 \ufffd\ufffd[2J\ufffd <b>&" ]]> \ufffd\ufffd Ñandú'
    assert nodes[0]["label"] == expected
    assert edges[0]["reasons"] == f"{expected} funds {expected}; Partners"


@pytest.mark.parametrize("name", NETWORK_WRITERS)
def test_an_empty_network_can_be_written(name: str) -> None:
    content = write(NETWORK_WRITERS[name], MemberNetwork((), ()))
    assert content
    if name == "graphml":
        assert read_graphml(content)[1:] == ([], [])


def test_a_coalition_belongs_to_the_group_of_its_members() -> None:
    facts = list_node_facts(NETWORK, analyze_network(NETWORK))
    assert facts == [
        NodeFacts(1, False, 0),
        NodeFacts(1, False, 1),
        NodeFacts(1, False, 0),
        NodeFacts(1, False, 0),
        NodeFacts(0, True, 0),
        NodeFacts(1, False, 0),
    ]
