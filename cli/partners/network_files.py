"""Export the network of members for tools that draw networks: CSV for Gephi, GraphML, and JSON for Kumu.

All three have a node for each coalition, tied to its members. GraphML and JSON also say of each node to which group it belongs,
whether it is isolated, and how many members would lose their ties without it.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import IO
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

import msgspec
from msgspec import Struct

from directory.export.formula_escaping import escape_csv_cell
from directory.partners.connectors import NetworkStructure
from directory.partners.network import MemberNetwork, NetworkNode
from directory.records import RecordKind

EDGE_COLUMNS = ("Source", "Target", "Type", "Weight", "Reasons", "Source name", "Target name")  # Gephi knows the first four
REASON_SEPARATOR = "; "
GRAPHML_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_GRAPHML_KEYS = (  # id, what has it, name, type
    ("label", "node", "label", "string"),
    ("kind", "node", "kind", "string"),
    ("group", "node", "group", "int"),
    ("isolated", "node", "isolated", "boolean"),
    ("cut_off", "node", "cut_off", "int"),
    ("weight", "edge", "weight", "double"),
    ("reasons", "edge", "reasons", "string"),
)
# XML 1.0, 2.2 Characters: these cannot be written at all, not even as a reference.
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NodeFacts(Struct, frozen=True):
    """What the structure of a network says of a node. `group` counts from 1, the largest first; 0 for an isolated member.

    `cut_off` is the number of members who would lose their tie to the largest remaining group without this member.
    """

    group: int
    is_isolated: bool
    cut_off: int


def write_edge_list(network: MemberNetwork, structure: NetworkStructure, file: IO[bytes]) -> None:
    """Write one row for each tie, as CSV. Members without a tie are not in it."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(EDGE_COLUMNS)
    for tie in network.ties:
        source, target = network.nodes[tie.source], network.nodes[tie.target]
        reasons = REASON_SEPARATOR.join(tie.reasons)
        cells = (source.key, target.key, "Undirected", str(tie.weight), reasons, source.name, target.name)
        writer.writerow(map(escape_csv_cell, cells))
    text.detach()


def write_graphml(network: MemberNetwork, structure: NetworkStructure, file: IO[bytes]) -> None:
    """Write the network as GraphML. Control characters that XML does not allow become U+FFFD."""
    xml = XMLGenerator(file, encoding="utf-8", short_empty_elements=True)
    xml.startDocument()
    _open(xml, "graphml", xmlns=GRAPHML_NAMESPACE)
    for key, owner, name, value_type in _GRAPHML_KEYS:
        _open(xml, "key", **{"id": key, "for": owner, "attr.name": name, "attr.type": value_type})
        xml.endElement("key")
    _open(xml, "graph", id="network", edgedefault="undirected")
    for node, facts in zip(network.nodes, list_node_facts(network, structure), strict=True):
        values = {"label": node.name, "kind": node.kind.noun, **_to_texts(facts)}
        _write_element(xml, "node", {"id": node.key}, values)
    for number, tie in enumerate(network.ties, 1):
        ends = {"source": network.nodes[tie.source].key, "target": network.nodes[tie.target].key}
        values = {"weight": str(tie.weight), "reasons": REASON_SEPARATOR.join(tie.reasons)}
        _write_element(xml, "edge", {"id": f"tie:{number}", **ends}, values)
    xml.endElement("graph")
    xml.endElement("graphml")
    xml.endDocument()


def write_kumu_json(network: MemberNetwork, structure: NetworkStructure, file: IO[bytes]) -> None:
    """Write the network as a Kumu blueprint: `elements` and `connections`, which refer to elements by their ids."""
    facts = list_node_facts(network, structure)
    blueprint = {
        "elements": [_to_element(node, own) for node, own in zip(network.nodes, facts, strict=True)],
        "connections": [
            {
                "id": f"tie:{number}",
                "from": network.nodes[tie.source].key,
                "to": network.nodes[tie.target].key,
                "direction": "undirected",
                "weight": tie.weight,
                "reasons": list(tie.reasons),
            }
            for number, tie in enumerate(network.ties, 1)
        ],
    }
    file.write(msgspec.json.format(msgspec.json.encode(blueprint)) + b"\n")


NetworkWriter = Callable[[MemberNetwork, NetworkStructure, IO[bytes]], None]
NETWORK_WRITERS: Mapping[str, NetworkWriter] = {"csv": write_edge_list, "graphml": write_graphml, "json": write_kumu_json}


def list_node_facts(network: MemberNetwork, structure: NetworkStructure) -> list[NodeFacts]:
    """Return the facts of each node. A coalition belongs to the group of its members."""
    groups = {position: number for number, group in enumerate(structure.groups, 1) for position in group}
    for tie in network.ties:
        groups[tie.target] = groups[tie.source]
    cut_off = {connector.position: connector.cut_off for connector in structure.connectors}
    return [
        NodeFacts(groups.get(position, 0), position not in groups, cut_off.get(position, 0))
        for position in range(len(network.nodes))
    ]


def _to_element(node: NetworkNode, facts: NodeFacts) -> dict[str, object]:
    kind = "Coalition" if node.kind is RecordKind.COALITION else "Organization"
    own = {"group": facts.group, "isolated": facts.is_isolated, "cut off": facts.cut_off}
    return {"id": node.key, "label": node.name, "type": kind, **own}


def _to_texts(facts: NodeFacts) -> dict[str, str]:
    return {"group": str(facts.group), "isolated": str(facts.is_isolated).lower(), "cut_off": str(facts.cut_off)}


def _write_element(xml: XMLGenerator, name: str, attributes: Mapping[str, str], values: Mapping[str, str]) -> None:
    _open(xml, name, **attributes)
    for key, value in values.items():
        _open(xml, "data", key=key)
        xml.characters(replace_forbidden_characters(value))
        xml.endElement("data")
    xml.endElement(name)


def replace_forbidden_characters(text: str) -> str:
    """Return the text with U+FFFD in place of each character that XML cannot contain."""
    return _FORBIDDEN_IN_XML.sub(REPLACEMENT, text)


def _open(xml: XMLGenerator, name: str, **attributes: str) -> None:
    xml.startElement(name, AttributesImpl(attributes))
