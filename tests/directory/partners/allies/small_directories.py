"""Find the allies of organizations in directories of a few members that a test describes."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from directory.kinds.coalition import Coalition
from directory.partners.allies.allies import AllyPage, find_allies
from directory.partners.allies.reasons import AllyReason
from directory.partners.allies.request import AllyMode, AllyRequest, PartnerProfile, describe_organization
from directory.question import Page
from directory.records import Organization
from tests.builders import an_organization
from tests.directory.partners.allies.ally_records import build_snapshot

TODAY = dt.date(2026, 6, 1)
EMPTY = [an_organization(f"Nobody {number}") for number in range(10)]  # so that few members share something


def find(
    group: Iterable[Organization | PartnerProfile],
    others: Iterable[Organization],
    mode: AllyMode = AllyMode.SAME_THEMES,
    **more: Any,
) -> AllyPage:
    """Find allies in a directory of the group, the others and members that share nothing."""
    group = tuple(group)
    listed = [one for one in group if isinstance(one, Organization)]
    coalitions: list[Coalition] = more.pop("coalitions", [])
    profiles = tuple(describe_organization(one) if isinstance(one, Organization) else one for one in group)
    snapshot = build_snapshot([*listed, *others, *EMPTY], coalitions)
    return find_allies(snapshot, AllyRequest(group=profiles, mode=mode, page=Page(first=100), **more), TODAY)


def explain(own: dict[str, Any], other: dict[str, Any], mode: AllyMode = AllyMode.SAME_THEMES) -> list[AllyReason]:
    page = find([an_organization("Harbor", **own)], [an_organization("River", **other)], mode)
    return page.edges[0].list_reasons() if page.edges else []


def score(own: dict[str, Any], other: dict[str, Any], *more: dict[str, Any], mode: AllyMode = AllyMode.SAME_THEMES) -> float:
    """Return the score of the first other organization; 0 if it is not suggested."""
    others = [an_organization(f"River {number}", **fields) for number, fields in enumerate((other, *more))]
    page = find([an_organization("Harbor", **own)], others, mode)
    return next((ally.score for ally in page.edges if ally.organization.name == "River 0"), 0)
