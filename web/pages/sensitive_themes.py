"""Themes whose pages have the button "Exit this page", because somebody may be in danger if others see what they read.

A template shows the button if the values of its page say `"sensitive": True`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct

from web.pages.search.search_form import Pair

ISSUE_KEY, COMMUNITY_KEY, ALTERNATIVES_KEY = "issue", "community", "any"


class SensitiveThemes(Struct, frozen=True):
    """Slugs of issue areas and communities, and why a reader may need to leave the page quickly. Narrower themes are listed."""

    reason: str
    issue_areas: tuple[str, ...]
    communities: tuple[str, ...]


SENSITIVE_THEMES = (
    SensitiveThemes(
        "Somebody who abuses, stalks or exploits the reader may look at the same screen.",
        issue_areas=("gender-violence", "trafficking"),
        communities=("survivors", "sex-workers"),
    ),
    SensitiveThemes(
        "An employer, a landlord or an officer who learns the reader's status may use it against them.",
        issue_areas=("migration", "immigration", "refugees", "detention-deportation"),
        communities=("immigrants-refugees", "black-immigrants", "undocumented-people", "undocumented-workers"),
    ),
    SensitiveThemes(
        "The reader's family, neighbors or employer may not know, and may punish them for who they are.",
        issue_areas=("lgbtq",),
        communities=("lgbtqia", "trans-people", "people-with-hiv"),
    ),
    SensitiveThemes(
        "Some states forbid this care, and somebody at home may forbid it too.",
        issue_areas=("reproductive",),
        communities=(),
    ),
)
_SENSITIVE_PAIRS = frozenset(
    [(ISSUE_KEY, slug) for themes in SENSITIVE_THEMES for slug in themes.issue_areas]
    + [(COMMUNITY_KEY, slug) for themes in SENSITIVE_THEMES for slug in themes.communities]
)


def is_sensitive_search(pairs: Iterable[Pair]) -> bool:
    """Return whether a search asks for a sensitive theme, alone or as one of several alternatives."""
    return any(pair in _SENSITIVE_PAIRS for pair in _iter_conditions(pairs))


def is_sensitive_organization(node: Mapping[str, Any]) -> bool:
    """Return whether an organization has a sensitive theme. `node` has `issueAreas` and `communities`, each with a `slug`."""
    issue_areas = [(ISSUE_KEY, term["slug"]) for term in node["issueAreas"]]
    return is_sensitive_search([*issue_areas, *((COMMUNITY_KEY, term["slug"]) for term in node["communities"])])


def _iter_conditions(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """Yield the pairs, with "issue.all" as "issue", and those of alternatives: "any=issue=lgbtq|community=lgbtqia"."""
    for key, value in pairs:
        if key == ALTERNATIVES_KEY:
            yield from (pair for alternative in value.split("|") for pair in parse_qsl(alternative))
        else:
            yield key.removesuffix(".all"), value
