"""The page of one coalition: what it is for, who takes part, what it does and on which rights it relies."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from web.pages.kinds.coalition_list import PATH as LIST_PATH
from web.pages.kinds.coalition_list import build_coalition_row
from web.pages.kinds.event_list import build_calendar_links, build_event_row
from web.pages.kinds.event_search import COALITION
from web.pages.kinds.list_choices import link_organization, link_themes
from web.pages.kinds.list_form import ListForm, ask_list
from web.pages.kinds.provision_rows import build_provision_rows
from web.pages.kinds.record_facts import build_record_values, format_midnight, list_web_pages
from web.pages.kinds.structured_data import build_coalition_data
from web.pages.organization.facts import format_region
from web.pages.page import Page, PageNotFound, PageRequest, Redirect

PATH = f"{LIST_PATH}/{{slug}}"
MEMBERS_PAGE_SIZE = 20


def build_coalition_page(request: PageRequest) -> Page | Redirect:
    """Return the page, or a redirect from a former slug. Raises PageNotFound if nothing with this slug is published."""
    slug = request.path_values["slug"]
    form = ListForm.read(request, {})

    def build_variables(form: ListForm) -> dict[str, Any]:
        return {"slug": slug, "today": format_midnight(request), **form.build_page(MEMBERS_PAGE_SIZE)}

    data, form = ask_list(request, form, "coalition", build_variables)
    coalition = data.get("coalition")
    if coalition is None:
        raise PageNotFound
    if coalition["slug"] != slug:
        return Redirect(request.link(PATH.format(slug=coalition["slug"])))
    return Page("coalition.html", _build_values(request, data, coalition, form))


def is_indexed(coalition: Mapping[str, Any]) -> bool:
    """Return whether search engines may list the page: no organization that it names refuses that."""
    return all(edge["node"]["searchEngines"] for edge in coalition["members"]["edges"])


def _build_values(request: PageRequest, data: Mapping[str, Any], coalition: Mapping[str, Any], form: ListForm) -> dict[str, Any]:
    parent, members, today = coalition["parent"], coalition["members"], request.context.now.date()
    row = build_coalition_row(request, coalition)
    values = build_record_values(request, coalition, coalition["name"])
    return {
        **values,
        "network": data["network"],
        "form": form,
        "coalition": coalition,
        "row": row,
        "indexed": is_indexed(coalition) and form.is_plain,
        "structured_data": build_coalition_data(coalition, values["canonical"], request),
        "web_pages": list_web_pages(coalition, request.language),
        "regions": [_link_region(request, region) for region in coalition["regions"]],
        "themes": link_themes(request, coalition["issueAreas"]),
        "parent": (parent["name"], request.link(f"{LIST_PATH}/{parent['slug']}")) if parent else None,
        "parts": [build_coalition_row(request, node) for node in coalition["branches"]["nodes"]],
        "members": [_build_member(request, edge, today) for edge in members["edges"]],
        "member_count": members["totalCount"],
        "page_info": members["pageInfo"],
        "coming": [build_event_row(request, node) for node in coalition["coming"]["nodes"]],
        "past": [build_event_row(request, node) for node in reversed(coalition["past"]["nodes"])],
        "event_count": coalition["coming"]["totalCount"] + coalition["past"]["totalCount"],
        "calendar": build_calendar_links(request, {COALITION: coalition["slug"]}),
        "provisions": _find_provisions(request, coalition),
    }


def _link_region(request: PageRequest, region: Mapping[str, Any]) -> tuple[str, str]:
    return format_region(region, request.language), request.link(f"/places/{region['code']}")


def _build_member(request: PageRequest, edge: Mapping[str, Any], today: date) -> dict[str, Any]:
    since, until = (date.fromisoformat(day) if day else None for day in (edge["since"], edge["until"]))
    name, address = link_organization(request, edge["node"])
    has_left = until is not None and until < today
    return {**edge, "name": name, "address": address, "since": since, "until": until, "has_left": has_left}


def _find_provisions(request: PageRequest, coalition: Mapping[str, Any]) -> dict[str, Any]:
    """Return the first provisions about the themes of a coalition, and how many there are."""
    slugs = [term["slug"] for term in coalition["issueAreas"]]
    if not slugs:
        return {"count": 0, "rows": []}
    found = request.ask("provisions_about", issueAreas=slugs).data["provisions"]
    return {"count": found["totalCount"], "rows": build_provision_rows(request, found["nodes"])}
