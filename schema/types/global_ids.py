"""Global ids: opaque, stable across imports, and of one spelling each."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, NamedTuple
from uuid import UUID

import strawberry

from directory import records
from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.text_limits import GLOBAL_ID_LIMIT
from directory.vocabulary.region_files import Region
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS, Term
from schema.context import Context
from schema.fields import attribute_field

MAX_ID_LENGTH = GLOBAL_ID_LIMIT  # characters; no id of ours comes near


class GlobalId(NamedTuple):
    """`type` is the name of a GraphQL type, `key` what its records are known by in the core."""

    type: str
    key: str

    def __str__(self) -> str:
        return urlsafe_b64encode(f"{self.type}:{self.key}".encode()).rstrip(b"=").decode()


NODE_TYPES = ("Organization", "IssueArea", "Region", "Place")


def parse_global_id(value: str, argument: str = "id") -> GlobalId:
    """The id that is written so. Raises BadInput for what none of our ids looks like; whether it leads somewhere is not asked."""
    found = _decode_global_id(value) if len(value) <= MAX_ID_LENGTH else None
    if found is None or str(found) != value:
        raise BadInput("That is no id of this directory. Pass ids on as they were given to you.", argument=argument)
    return found


def parse_organization_id(value: str, argument: str = "id") -> str:
    """The organization's own id in that global id. Raises BadInput where it is no id, or the id of something else."""
    found = parse_global_id(value, argument)
    if found.type != "Organization":
        raise BadInput(f"That is the id of a {found.type}, and an Organization's is needed.", argument=argument)
    return found.key


def _decode_global_id(value: str) -> GlobalId | None:
    try:
        kind, _, key = urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode().partition(":")
    except ValueError:
        return None
    if kind not in NODE_TYPES or not key or (kind == "Organization" and not _is_uuid(key)):
        return None
    return GlobalId(kind, key)


def _is_uuid(key: str) -> bool:
    try:
        return str(UUID(key)) == key
    except ValueError:
        return False


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
