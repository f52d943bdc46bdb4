"""Global ids, which are opaque and stable, and the objects that `node` finds by them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, NamedTuple
from uuid import UUID

import strawberry

from directory.errors import BadInput
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.kinds import KINDS
from directory.question import GLOBAL_ID_LIMIT
from directory.records import PublishedRecord, RecordKind
from directory.vocabulary.region_files import Region
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import (
    COMMUNITIES,
    ISSUE_AREAS,
    LANGUAGES,
    WORK_AREAS,
    CommunityTerm,
    IssueAreaTerm,
    LanguageTerm,
    Term,
    Vocabulary,
    WorkAreaTerm,
)
from schema.context import Context
from schema.fields import attribute_field

MAX_ID_LENGTH = GLOBAL_ID_LIMIT  # characters, far more than any of our ids has
NodeRecord = PublishedRecord | Term | Region | Place
TYPE_NAMES: dict[type, str] = {
    **{kind.published_type: kind.type_name for kind in KINDS.values()},
    IssueAreaTerm: "IssueArea",
    CommunityTerm: "Community",
    WorkAreaTerm: "WorkArea",
    LanguageTerm: "Language",
    Region: "Region",
    Place: "Place",
}
RECORD_KINDS: dict[str, RecordKind] = {kind.type_name: kind.name for kind in KINDS.values()}  # by the name of their type
NODE_TYPES = tuple(TYPE_NAMES.values())
VOCABULARIES: dict[str, Vocabulary] = {
    "IssueArea": ISSUE_AREAS,
    "Community": COMMUNITIES,
    "WorkArea": WORK_AREAS,
    "Language": LANGUAGES,
}  # by the name of the type of their terms


class GlobalId(NamedTuple):
    """`type` is the name of a GraphQL type, `key` identifies the record in the core."""

    type: str
    key: str

    def __str__(self) -> str:
        return urlsafe_b64encode(f"{self.type}:{self.key}".encode()).rstrip(b"=").decode()


def parse_global_id(value: str, argument: str = "id") -> GlobalId:
    """Parse a global id. Its record need not exist. Raises BadInput unless `value` is spelled as we write ids."""
    global_id = _decode_global_id(value) if len(value) <= MAX_ID_LENGTH else None
    if global_id is None or str(global_id) != value:
        raise BadInput("This is not an id of this directory. Pass ids unchanged, as you received them.", argument=argument)
    return global_id


def parse_organization_id(value: str, argument: str = "id") -> str:
    """Return the key of the organization in a global id. Raises BadInput if it is not the id of an Organization."""
    global_id = parse_global_id(value, argument)
    if global_id.type != "Organization":
        raise BadInput(f"This is the id of a {global_id.type}. Pass the id of an Organization.", argument=argument)
    return global_id.key


def _decode_global_id(value: str) -> GlobalId | None:
    try:
        kind, _, key = urlsafe_b64decode(value + "=" * (-len(value) % 4)).decode().partition(":")
    except ValueError:
        return None
    if kind not in NODE_TYPES or not key or (kind in RECORD_KINDS and not _is_uuid(key)):
        return None
    return GlobalId(kind, key)


def _is_uuid(key: str) -> bool:
    try:
        return str(UUID(key)) == key
    except ValueError:
        return False


@strawberry.interface(description="An object with a global id. Fetch it again with `node(id:)`.")
class Node:
    id: strawberry.ID = attribute_field("An opaque id that does not change. Do not parse it.")

    @classmethod
    def resolve_type(cls, value: NodeRecord, _info: Any, _type: Any) -> str:
        return TYPE_NAMES[type(value)]


def find_node(value: str, context: Context) -> NodeRecord | None:
    """Return the record with this global id, or None if there is none visible to this audience. Raises BadInput."""
    global_id = parse_global_id(value)
    if global_id.type in RECORD_KINDS:
        return context.snapshot.find_record(RECORD_KINDS[global_id.type], global_id.key)
    if global_id.type in VOCABULARIES:
        return VOCABULARIES[global_id.type].get(global_id.key)
    if global_id.type == "Region":
        return REGIONS.get(global_id.key)
    return get_gazetteer().get_place(global_id.key)
