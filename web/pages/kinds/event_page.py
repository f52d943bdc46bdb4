"""The page of one event: when and where it takes place, who hosts it, and how to take it into a calendar."""

from collections.abc import Mapping
from typing import Any

from web.pages.kinds.coalition_list import build_coalition_row
from web.pages.kinds.event_list import PATH as LIST_PATH
from web.pages.kinds.event_list import build_calendar_links, build_event_row
from web.pages.kinds.event_search import COALITION
from web.pages.kinds.list_choices import link_themes
from web.pages.kinds.record_facts import build_record_values, list_web_pages
from web.pages.kinds.structured_data import build_event_data
from web.pages.organization.places import build_places
from web.pages.page import Page, PageNotFound, PageRequest, Redirect

PATH = f"{LIST_PATH}/{{slug}}"
CALENDAR_PATH = f"{PATH}.ics"


def build_event_page(request: PageRequest) -> Page | Redirect:
    """Return the page, or a redirect from a former slug. Raises PageNotFound if nothing with this slug is published."""
    slug = request.path_values["slug"]
    data = request.ask("event", slug=slug).data
    event = data.get("event")
    if event is None:
        raise PageNotFound
    if event["slug"] != slug:
        return Redirect(request.link(PATH.format(slug=event["slug"])))
    return Page("event.html", _build_values(request, data, event))


def is_indexed(event: Mapping[str, Any]) -> bool:
    """Return whether search engines may list the page: no host refuses that."""
    return all(host["searchEngines"] for host in event["hosts"])


def _build_values(request: PageRequest, data: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, Any]:
    row, coalition = build_event_row(request, event), event["coalition"]
    values = build_record_values(request, event, event["title"])
    return {
        **values,
        "network": data["network"],
        "event": event,
        "row": row,
        "is_over": row.time.last_day < request.context.now.date(),
        "indexed": is_indexed(event),
        "structured_data": build_event_data(event, row, values["canonical"], request),
        "web_pages": list_web_pages(event, request.language),
        "themes": link_themes(request, event["issueAreas"]),
        "places": build_places([{**place, "isPrimary": True} for place in event["locations"]], request.language),
        "coalition": build_coalition_row(request, coalition) if coalition else None,
        "file": request.link(CALENDAR_PATH.format(slug=event["slug"])),
        "calendar": build_calendar_links(request, {COALITION: coalition["slug"] if coalition else None}),
    }
