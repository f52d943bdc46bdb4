"""What the pages of themes and organizations say about coalitions, events and rights."""

from collections.abc import Mapping
from typing import Any

from web.pages.kinds.coalition_list import build_coalition_row
from web.pages.kinds.event_list import build_calendar_links, build_event_row
from web.pages.kinds.list_form import THEME
from web.pages.kinds.provision_rows import build_provision_rows
from web.pages.page import PageRequest


def build_theme_work(request: PageRequest, data: Mapping[str, Any], slug: str) -> dict[str, Any]:
    """Return the first coalitions, coming events and provisions about an issue area, and how many there are."""
    return {
        "coalitions": [build_coalition_row(request, node) for node in data["coalitions"]["nodes"]],
        "coalition_count": data["coalitions"]["totalCount"],
        "events": [build_event_row(request, node) for node in data["events"]["nodes"]],
        "event_count": data["events"]["totalCount"],
        "calendar": build_calendar_links(request, {THEME: slug}),
        "provisions": build_provision_rows(request, data["provisions"]["nodes"]),
        "provision_count": data["provisions"]["totalCount"],
    }


def build_organization_work(request: PageRequest, organization: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first coalitions of an organization and the next events that it hosts, and how many there are."""
    return {
        "coalitions": [build_coalition_row(request, node) for node in organization["coalitions"]["nodes"]],
        "coalition_count": organization["coalitions"]["totalCount"],
        "events": [build_event_row(request, node) for node in organization["comingEvents"]["nodes"]],
        "event_count": organization["allEvents"]["totalCount"],
    }
