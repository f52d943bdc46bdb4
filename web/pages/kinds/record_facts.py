"""What the pages of coalitions, events, instruments and provisions have in common."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from web.pages.languages import Language, mark
from web.pages.organization.facts import format_web_address, get_link_name
from web.pages.organization.report_link import build_report_values
from web.pages.organization.sources import SourceRow, build_source_rows
from web.pages.page import PageRequest
from web.pages.sensitive_themes import is_sensitive_organization

FACTS = {  # of these records, as parts of a list; those of organizations are in organization/sources.py
    "acronym": mark("acronym"),
    "adoptedOn": mark("day of adoption"),
    "coalition": mark("coalition"),
    "cycle": mark("cycle"),
    "endedOn": mark("last day"),
    "endsAt": mark("end"),
    "hosts": mark("hosts"),
    "instrument": mark("instrument"),
    "isAllDay": mark("time"),
    "kind": mark("kind"),
    "isCancelled": mark("cancellation"),
    "members": mark("members"),
    "nameEs": mark("name in Spanish"),
    "number": mark("number"),
    "onlineUrl": mark("online address"),
    "provisions": mark("articles"),
    "recommendingState": mark("recommending state"),
    "regions": mark("regions"),
    "registrationUrl": mark("registration"),
    "response": mark("answer of the state"),
    "startedOn": mark("first day"),
    "startsAt": mark("start"),
    "timeAsStated": mark("stated time"),
    "timeZone": mark("time zone"),
    "url": mark("official page"),
}


def build_record_values(request: PageRequest, record: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return what the page of every record says about its sources, its last change and itself."""
    canonical = request.build_absolute(request.link_in(request.language.code, request.path))
    sources = build_source_rows(record["sources"], request.language, FACTS)
    return {
        "today": request.context.now.date(),
        "canonical": canonical,
        "sources": sources,
        "newest_source": _find_newest(sources),
        "changed_on": datetime.fromisoformat(record["updatedAt"]).astimezone(UTC).date(),
        "sensitive": is_sensitive_organization({"issueAreas": record["issueAreas"], "communities": ()}),
        **build_report_values(request, name, canonical),
    }


def format_midnight(request: PageRequest) -> str:
    """Return the start of today in UTC, as the API takes it. A page that is stored for a day stays true until its end."""
    now = request.context.now.astimezone(UTC)
    return datetime(now.year, now.month, now.day, tzinfo=UTC).isoformat()


def list_web_pages(record: Mapping[str, Any], language: Language) -> list[tuple[str, str, str]]:
    """Return the name, the address and the text of the website, if there is one, and of each other page."""
    website = record.get("website")
    pages = [(language.gettext("Website"), website)] if website else []
    pages += [(get_link_name(link["kind"], language), link["url"]) for link in record["links"]]
    return [(name, url, format_web_address(url)) for name, url in pages]


def _find_newest(sources: Sequence[SourceRow]) -> date | None:
    return max((source.day for source in sources if source.day), default=None)
