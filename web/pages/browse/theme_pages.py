"""/themes, and the page of one theme: what it means, its neighbors, who works on it and in which states."""

from collections.abc import Mapping, Sequence
from typing import Any

from directory.text import fold
from schema.types.global_ids import GlobalId
from web.pages.browse.organization_lists import (
    NOT_NATIONWIDE,
    ONLY_NATIONWIDE,
    CountLink,
    build_count_link,
    build_organization_list,
)
from web.pages.browse.themes import (
    COMMUNITIES,
    ISSUE_AREAS,
    WORK_AREAS,
    ThemeKind,
    build_listed_theme,
    build_theme_tree,
    sort_themes,
)
from web.pages.kinds.joint_work import build_theme_work
from web.pages.kinds.record_facts import format_midnight
from web.pages.page import Page, PageNotFound, PageRequest
from web.pages.search.search_addresses import SearchAddresses
from web.pages.search.search_form import Pair, format_pairs
from web.pages.search.state_map import build_region_map
from web.pages.sensitive_themes import is_sensitive_search

NOT_LOCATED = ("located", "false")


def build_themes_page(request: PageRequest) -> Page:
    data = request.ask("themes").data
    return Page(
        "themes.html",
        {
            "network": data["network"],
            "issue_areas": build_theme_tree(request, ISSUE_AREAS, data["issueAreas"]["nodes"]),
            "communities": build_theme_tree(request, COMMUNITIES, data["communities"]),
            "work_areas": build_theme_tree(request, WORK_AREAS, data["workAreas"]),
        },
    )


def build_theme_page(kind: ThemeKind, request: PageRequest) -> Page:
    slug = request.path_values["slug"]
    queries = build_queries(kind, slug)
    joint_work = {"issueAreas": [slug], "isIssueArea": kind is ISSUE_AREAS, "today": format_midnight(request)}
    data = request.ask("theme", id=str(GlobalId(kind.type_name, slug)), **queries, **joint_work).data
    if not data.get("theme"):
        raise PageNotFound
    return Page("theme.html", _build_values(request, kind, data, queries))


def build_queries(kind: ThemeKind, slug: str) -> dict[str, str]:
    """Return the searches of the page by their names in the document. It lists the organizations of "search"."""
    pair = (kind.key, slug)
    searches = {"search": [pair], "nationwide": [pair, ONLY_NATIONWIDE], "notStated": [pair, NOT_LOCATED]}
    return {name: format_pairs(pairs) for name, pairs in searches.items()}


def _build_values(request: PageRequest, kind: ThemeKind, data: Mapping[str, Any], queries: Mapping[str, str]) -> dict[str, Any]:
    theme, found = {"definition": None, **data["theme"]}, data["organizations"]
    pair = (kind.key, theme["slug"])
    states = found["facets"]["states"]
    return {
        "network": data["network"],
        "kind": kind,
        "theme": theme,
        "broader": sort_themes(build_listed_theme(request, kind, term) for term in theme["broader"]),
        "narrower": sort_themes(build_listed_theme(request, kind, term) for term in theme["narrower"]),
        "organizations": build_organization_list(request, found, states, queries["search"]),
        "states": _list_states(request, states, pair),
        "map": build_region_map(request, found["facets"], SearchAddresses(format_pairs([pair, NOT_NATIONWIDE])), None),
        "nationwide": build_count_link(request, "", data["nationwide"]["totalCount"], pair, ONLY_NATIONWIDE),
        "not_stated": build_count_link(request, "", data["notStated"]["totalCount"], pair, NOT_LOCATED),
        "sensitive": is_sensitive_search([pair]),
        "joint_work": build_theme_work(request, data, theme["slug"]) if kind is ISSUE_AREAS else None,
    }


def _list_states(request: PageRequest, counts: Sequence[Mapping[str, Any]], pair: Pair) -> list[CountLink]:
    """Return the states with organizations located in them or serving them, those with the most first."""
    return [
        build_count_link(request, count["label"], count["local"], pair, ("region", count["value"]), NOT_NATIONWIDE)
        for count in sorted(counts, key=lambda count: (-count["local"], fold(count["label"])))
        if count["local"]
    ]
