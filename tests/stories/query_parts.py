"""Parts of the documents that query everything in a directory."""

import json
from collections.abc import Iterator

from schema.types.global_ids import GlobalId
from tests.builders import an_id
from tests.stories.private_places import LEVELS, SPOTS, private_name

ALL_STATUSES = "membership: [ACTIVE, PROSPECT, LAPSED, NONE]"
REGIONS = ("US-GA", "US-GA-121", "US-GA-089", "US-GA-051", "US-SOUTH", "US")
WITHOUT_A_POINT = ("Hidden", "Undecided Nest", "Abroad")
WORDS = tuple(dict.fromkeys(word for spot in SPOTS for word in (*spot.street.split(), spot.city, spot.postal_code or "")))


def a_text(words: str | None) -> str:
    return json.dumps(words)


def organization_id(name: str) -> str:
    return a_text(str(GlobalId("Organization", an_id(name))))


PRIVATE_IDS = [organization_id(private_name(level)) for level in LEVELS]


def select_organizations(filter: str = "", more: str = "", fragment: str = "found") -> str:
    return f"organizations(filter: {{ {ALL_STATUSES} {filter} }} {more}) {{ ...{fragment} }}"


def list_pages(field: str, selection: str, more: str, cursor: str | None) -> Iterator[str]:
    for page in ("first: 3", f"first: 2, after: {a_text(cursor)}", "last: 2", f"last: 2, before: {a_text(cursor)}"):
        yield f"{field}({more} {page}) {{ {selection} }}"
