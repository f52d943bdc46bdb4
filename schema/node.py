"""Node: what can be asked for again by its id."""

from typing import Any

import strawberry

from directory import records
from directory.gazetteer import Place, gazetteer
from directory.regions import REGIONS, Region
from directory.vocabulary import ISSUE_AREAS, Term
from schema.context import Context
from schema.fields import attribute
from schema.ids import GlobalId, read

Record = records.Organization | Term | Region | Place


@strawberry.interface(description="Something with an id that stays the same, and that `node` finds again by it.")
class Node:
    id: strawberry.ID = attribute("Opaque and stable: pass it on as it is.")

    @classmethod
    def resolve_type(cls, value: Record, _info: Any, _type: Any) -> str:
        return _NAMES[type(value)]


_NAMES: dict[type, str] = {records.Organization: "Organization", Term: "IssueArea", Region: "Region", Place: "Place"}


def find(id: str, context: Context) -> Record | None:
    """The record of that global id, None when there is none that this audience may see. Raises BadInput for what is no id."""
    asked = read(id)
    if asked.type == "Organization":
        return context.snapshot.organization(asked.key)
    if asked.type == "IssueArea":
        return ISSUE_AREAS.get(asked.key)
    return REGIONS.get(asked.key) if asked.type == "Region" else gazetteer().get(asked.key)


def _organization_id(root: records.Organization) -> str:
    return str(GlobalId("Organization", root.id))


def _issue_area_id(root: Term) -> str:
    return str(GlobalId("IssueArea", root.slug))


def _region_id(root: Region) -> str:
    return str(GlobalId("Region", root.code))


def _place_id(root: Place) -> str:
    return str(GlobalId("Place", root.id))
