"""Global ids: opaque, stable across imports, and of one spelling each."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple
from uuid import UUID

from directory.errors import BadInput
from directory.text_limits import GLOBAL_ID_LIMIT

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
