"""What somebody who types may mean: an organization, a property or a type."""

from collections.abc import Iterable
from typing import Any

from directory.errors import BadInput
from directory.question import Page, Question
from directory.records import MembershipStatus
from directory.search.snapshot import Snapshot
from directory.search.words import TextTier
from directory.text import fold
from web.reconcile.candidates import by_key
from web.reconcile.properties import PROPERTIES, TYPES, description, types

SHOWN = 10
FARTHEST = 90  # suggestions that can be skipped; who looks for more types on
_BY_NAME = (TextTier.EXACT_NAME, TextTier.NAMES)


def entities(snapshot: Snapshot, prefix: str, skipped: int = 0) -> list[dict[str, Any]]:
    """Organizations, members or not, with names of these words, the last perhaps begun; or the one with this id or EIN."""
    known = by_key(snapshot, prefix.strip())
    found = [known] if known else _named(snapshot, prefix, skipped + SHOWN)
    shown = found[skipped : skipped + SHOWN]
    return [{"id": one.id, "name": one.name, "description": description(one), "notable": types(one)} for one in shown]


def properties(prefix: str) -> list[dict[str, str]]:
    return _begun((one.shown for one in PROPERTIES.values()), prefix)


def kinds(prefix: str) -> list[dict[str, str]]:
    return _begun(TYPES, prefix)


def _named(snapshot: Snapshot, prefix: str, most: int) -> list[Any]:
    try:
        asked = Question(text=prefix.replace('"', " "), membership=tuple(MembershipStatus), page=Page(first=most))
        hits = snapshot.find(asked).page.hits if fold(prefix) else []
    except BadInput:
        return []  # nobody's name is so long
    return [hit.organization for hit in hits if hit.match.tier in _BY_NAME]


def _begun(listed: Iterable[dict[str, str]], prefix: str) -> list[dict[str, str]]:
    """Those with a word that begins so; all for nothing."""
    begun = fold(prefix)
    return [one for one in listed if any(f" {fold(said)}".find(f" {begun}") >= 0 for said in one.values())]
