"""Node: what can be asked for again by its id."""

from typing import Any

import strawberry

from directory import records
from directory.gazetteer import Place, gazetteer
from directory.regions import REGIONS, Region
from directory.vocabulary import ISSUE_AREAS, Term
from schema.context import Context
from schema.fields import attribute
from schema.ids import read

Record = records.Organization | Term | Region | Place


@strawberry.interface(description="Something with an id that stays the same, and that `node` finds again by it.")
class Node:
    id: strawberry.ID = attribute("Opaque and stable: pass it on as it is.")

    @classmethod
    def resolve_type(cls, value: Record, _info: Any, _type: Any) -> str:
        return _NAMES[type(value)]


_NAMES: dict[type, str] = {records.Organization: "Organization", Term: "IssueArea", Region: "Region", Place: "Place"}


def find(key: str, context: Context) -> Record | None:
    """The record of that global id, None when there is none that this audience may see. Raises BadInput for what is no id."""
    asked = read(key)
    if asked.type == "Organization":
        return context.snapshot.by_id(asked.key)
    if asked.type == "IssueArea":
        return ISSUE_AREAS.get(asked.key)
    if asked.type == "Region":
        return REGIONS.get(asked.key)
    return gazetteer().place(asked.key)
