"""Node: what can be asked for again by its id."""

from typing import Any

import strawberry

from directory import records
from directory.gazetteer import Place, get_gazetteer
from directory.regions import REGIONS, Region
from directory.vocabulary import ISSUE_AREAS, Term
from schema.context import Context
from schema.fields import attribute_field
from schema.ids import parse_global_id

NodeRecord = records.Organization | Term | Region | Place


@strawberry.interface(description="Something with an id that stays the same, and that `node` finds again by it.")
class Node:
    id: strawberry.ID = attribute_field("Opaque and stable: pass it on as it is.")

    @classmethod
    def resolve_type(cls, value: NodeRecord, _info: Any, _type: Any) -> str:
        return _TYPE_NAMES[type(value)]


_TYPE_NAMES: dict[type, str] = {records.Organization: "Organization", Term: "IssueArea", Region: "Region", Place: "Place"}


def find_node(key: str, context: Context) -> NodeRecord | None:
    """The record of that global id, None when there is none that this audience may see. Raises BadInput for what is no id."""
    asked = parse_global_id(key)
    if asked.type == "Organization":
        return context.snapshot.find_by_id(asked.key)
    if asked.type == "IssueArea":
        return ISSUE_AREAS.get(asked.key)
    if asked.type == "Region":
        return REGIONS.get(asked.key)
    return get_gazetteer().get_place(asked.key)
