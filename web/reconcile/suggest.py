"""What somebody who types may mean: an organization, a property or a type."""

from collections.abc import Iterable
from typing import Any

from directory.errors import BadInput
from directory.question import Page, Question
from directory.records import MembershipStatus
from directory.search.snapshot import Snapshot
from directory.search.text.text_match import TextTier
from directory.text import fold
from web.reconcile.candidates import find_by_key
from web.reconcile.properties import PROPERTIES, TYPES, describe, list_types

PAGE_SIZE = 10
MAX_OFFSET = 90  # suggestions that can be skipped; who looks for more types on
_NAME_TIERS = (TextTier.EXACT_NAME, TextTier.NAMES)


def suggest_entities(snapshot: Snapshot, prefix: str, offset: int = 0) -> list[dict[str, Any]]:
    """Organizations, members or not, with names of these words, the last perhaps begun; or the one with this id or EIN."""
    known = find_by_key(snapshot, prefix.strip())
    found = [known] if known else _find_by_name(snapshot, prefix, offset + PAGE_SIZE)
    shown = found[offset : offset + PAGE_SIZE]
    return [{"id": one.id, "name": one.name, "description": describe(one), "notable": list_types(one)} for one in shown]


def suggest_properties(prefix: str) -> list[dict[str, str]]:
    return _filter_by_prefix((one.as_json for one in PROPERTIES.values()), prefix)


def suggest_types(prefix: str) -> list[dict[str, str]]:
    return _filter_by_prefix(TYPES, prefix)


def _find_by_name(snapshot: Snapshot, prefix: str, limit: int) -> list[Any]:
    try:
        asked = Question(text=prefix.replace('"', " "), membership=tuple(MembershipStatus), page=Page(first=limit))
        hits = snapshot.find(asked).page.hits if fold(prefix) else []
    except BadInput:
        return []  # nobody's name is so long
    return [hit.organization for hit in hits if hit.match.tier in _NAME_TIERS]


def _filter_by_prefix(items: Iterable[dict[str, str]], prefix: str) -> list[dict[str, str]]:
    """Those with a word that begins so; all for nothing."""
    begun = fold(prefix)
    return [one for one in items if any(f" {fold(said)}".find(f" {begun}") >= 0 for said in one.values())]
