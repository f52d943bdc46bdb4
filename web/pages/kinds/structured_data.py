"""What search engines read on the pages of coalitions, events and instruments, in the vocabulary of schema.org.

It is made of what the page shows, so it states nothing that the page does not state.
"""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from web.pages.kinds.event_list import EventRow
from web.pages.organization.structured_data import escape_json
from web.pages.page import PageRequest

CONTEXT = "https://schema.org"
ATTENDANCE = {  # by whether it is at a place and online
    (True, True): "MixedEventAttendanceMode",
    (True, False): "OfflineEventAttendanceMode",
    (False, True): "OnlineEventAttendanceMode",
}
Node = dict[str, Any]


def build_coalition_data(coalition: Mapping[str, Any], address: str, request: PageRequest) -> Markup:
    """Return the JSON for a script element. `address` is that of the page."""
    parent = coalition["parent"]
    return _format(
        {
            "@type": "Organization",
            "name": coalition["name"],
            "description": coalition["summary"],
            "url": coalition["website"],
            "sameAs": [link["url"] for link in coalition["links"]],
            "foundingDate": coalition["startedOn"],
            "dissolutionDate": coalition["endedOn"],
            "knowsAbout": [term["label"] for term in coalition["issueAreas"]],
            "areaServed": [region["name"] for region in coalition["regions"]],
            "parentOrganization": {"@type": "Organization", "name": parent["name"]} if parent else None,
            "member": [_link(request, edge["node"]) for edge in coalition["members"]["edges"]],
            "mainEntityOfPage": address,
        }
    )


def build_event_data(event: Mapping[str, Any], row: EventRow, address: str, request: PageRequest) -> Markup:
    """Return the JSON for a script element. The place is as precise as the page states it."""
    is_virtual = event["onlineUrl"] is not None
    place = {"@type": "Place", "name": event["place"], "address": event["place"]} if event["place"] else None
    online = {"@type": "VirtualLocation", "url": event["onlineUrl"]} if is_virtual else None
    return _format(
        {
            "@type": "Event",
            "name": event["title"],
            "description": event["summary"],
            "startDate": row.time.start,
            "endDate": event["endsAt"] if row.time.hours else row.time.last_day.isoformat(),
            "eventStatus": f"{CONTEXT}/{'EventCancelled' if event['isCancelled'] else 'EventScheduled'}",
            "eventAttendanceMode": _find_attendance(place is not None, is_virtual),
            "location": [each for each in (place, online) if each],
            "organizer": [_link(request, host) for host in event["hosts"]]
            + [{"@type": "Organization", "name": actor} for actor in event["actors"]],
            "mainEntityOfPage": address,
        }
    )


def build_instrument_data(instrument: Mapping[str, Any], address: str) -> Markup:
    """Return the JSON for a script element."""
    return _format(
        {
            "@type": "Legislation",
            "name": instrument["name"],
            "alternateName": instrument["acronym"],
            "abstract": instrument["summary"],
            "legislationDate": instrument["adoptedOn"],
            "sameAs": instrument["url"],
            "mainEntityOfPage": address,
        }
    )


def _find_attendance(is_somewhere: bool, is_virtual: bool) -> str | None:
    mode = ATTENDANCE.get((is_somewhere, is_virtual))
    return f"{CONTEXT}/{mode}" if mode else None


def _link(request: PageRequest, node: Mapping[str, Any]) -> Node:
    address = request.build_absolute(request.link_in(request.language.code, f"/organizations/{node['slug']}"))
    return {"@type": "NGO", "name": node["name"], "url": address}


def _format(node: Node) -> Markup:
    return escape_json({"@context": CONTEXT, **{name: value for name, value in node.items() if value not in (None, [])}})
