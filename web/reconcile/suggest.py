"""Suggest organizations, properties and types while a person types."""

from collections.abc import Iterable
from typing import Any

from directory.errors import BadInput
from directory.question import Page, Question
from directory.records import MembershipStatus, Organization
from directory.search.snapshot import Snapshot
from directory.search.text.text_match import TextTier
from directory.text import fold
from web.reconcile.candidates import find_by_key
from web.reconcile.properties import PROPERTIES, TYPES, describe, list_types

PAGE_SIZE = 10
MAX_OFFSET = 90  # suggestions that can be skipped; after that, a longer prefix is more useful
_NAME_TIERS = (TextTier.EXACT_NAME, TextTier.NAMES)


def suggest_entities(snapshot: Snapshot, prefix: str, offset: int = 0) -> list[dict[str, Any]]:
    """Return organizations whose names have these words, the last of which may be incomplete; or the one with this id or EIN.

    Organizations that are not members are included.
    """
    exact = find_by_key(snapshot, prefix.strip())
    organizations = [exact] if exact else _find_by_name(snapshot, prefix, offset + PAGE_SIZE)
    return [
        {"id": each.id, "name": each.name, "description": describe(each), "notable": list_types(each)}
        for each in organizations[offset : offset + PAGE_SIZE]
    ]


def suggest_properties(prefix: str) -> list[dict[str, str]]:
    return _filter_by_prefix((each.as_json for each in PROPERTIES.values()), prefix)


def suggest_types(prefix: str) -> list[dict[str, str]]:
    return _filter_by_prefix(TYPES, prefix)


def _find_by_name(snapshot: Snapshot, prefix: str, limit: int) -> list[Organization]:
    try:
        question = Question(text=prefix.replace('"', " "), membership=tuple(MembershipStatus), page=Page(first=limit))
        hits = snapshot.find(question).page.hits if fold(prefix) else []
    except BadInput:
        return []  # no name is this long
    return [hit.organization for hit in hits if hit.match.tier in _NAME_TIERS]


def _filter_by_prefix(items: Iterable[dict[str, str]], prefix: str) -> list[dict[str, str]]:
    """Return the items that have a word starting with the prefix; all items for an empty prefix."""
    beginning = f" {fold(prefix)}"
    return [item for item in items if any(beginning in f" {fold(value)}" for value in item.values())]
