"""Suggested organizations as rows of a page: who they are, where they are, and why they are suggested."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from directory.partners.allies.reason_texts import SAME_PLACE_KM
from directory.partners.allies.request import COARSE_PRECISIONS
from web.pages.browse.organization_lists import OrganizationRow, build_organization_row
from web.pages.kinds.list_choices import list_labels, list_states
from web.pages.languages import KM_PER_MILE, Language
from web.pages.page import PageRequest

FIRST_REASONS = 3  # that are shown at once. One more would take as much space as the link to it, so four are shown together.
UNIT = "mi"


class AllyRow(Struct, frozen=True):
    """A suggested organization. `distance` is None if a published place is missing or not precise.

    `reasons` are sentences, the most important first, and `further_reasons` those that are shown on request. `more_reasons` is
    how many others there are, which contribute least.
    """

    slug: str
    organization: OrganizationRow
    kind: str
    distance: str | None
    reasons: tuple[str, ...]
    further_reasons: tuple[str, ...]
    more_reasons: int


def build_ally_rows(request: PageRequest, edges: Iterable[Mapping[str, Any]]) -> list[AllyRow]:
    """Return the rows of edges that have the fields of AllyRow.graphql."""
    kinds, states = dict(list_labels(request, "kinds")), dict(list_states(request))
    return [_build_row(request, edge, kinds, states) for edge in edges]


def _build_row(request: PageRequest, edge: Mapping[str, Any], kinds: Mapping[str, str], states: Mapping[str, str]) -> AllyRow:
    texts = tuple(reason["text"] for reason in edge["reasons"])
    split = FIRST_REASONS if len(texts) > FIRST_REASONS + 1 else len(texts)
    return AllyRow(
        slug=edge["node"]["slug"],
        organization=build_organization_row(request, edge["node"], states),
        kind=kinds[edge["node"]["kind"]],
        distance=describe_distance(_find_distance(edge), request.language),
        reasons=texts[:split],
        further_reasons=texts[split:],
        more_reasons=edge["reasonCount"] - len(texts),
    )


def describe_distance(kilometers: float | None, language: Language) -> str | None:
    """Return "about 143 miles away". Organizations of one city are often published at the same place, its center."""
    if kilometers is None:
        return None
    if kilometers < SAME_PLACE_KM:
        return language.gettext("published at the same place")
    distance = language.format_distance(kilometers, UNIT)
    return distance if kilometers < KM_PER_MILE else language.gettext("%(distance)s away") % {"distance": distance}


def _find_distance(edge: Mapping[str, Any]) -> float | None:
    """Return the kilometers of an edge, None if a place is known only by its state: its center says nothing about a distance."""
    is_coarse = any(location["precision"] in COARSE_PRECISIONS for location in edge["node"]["locations"])
    return None if is_coarse else edge["distance"]
