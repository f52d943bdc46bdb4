"""The page of one region: who is located there or serves it, on what they work, and the regions within and around it."""

import re
from collections.abc import Mapping
from typing import Any

from web.pages.browse.organization_lists import NOT_NATIONWIDE, ONLY_NATIONWIDE, build_count_link, build_organization_list
from web.pages.browse.regions import ListedRegion, build_listed_region, build_place_map, format_region, list_regions
from web.pages.kinds.event_list import build_calendar_links, build_event_row
from web.pages.kinds.event_search import REGION
from web.pages.kinds.record_facts import format_midnight
from web.pages.page import Page, PageNotFound, PageRequest
from web.pages.search.search_form import Pair, format_pairs

PARTS = ("states", "censusRegions", "divisions", "counties", "metroAreas", "tribalAreas", "namedRegions")
LINKED_SEARCHES, LISTED_SEARCHES = ("all", "local", "nationwide"), ("located", "serving")
WIDE_KINDS = ("COUNTRY", "CENSUS_REGION", "CENSUS_DIVISION")  # their counties and metropolitan areas are on pages of their parts
_STATE_CODE = re.compile(r"US-[A-Z]{2}")  # those whose counties are on a map


def build_region_page(request: PageRequest) -> Page:
    code = request.path_values["code"]
    queries = build_queries(code)
    is_state, today = _STATE_CODE.fullmatch(code) is not None, format_midnight(request)
    data = request.ask("region", code=code, isState=is_state, today=today, **queries).data
    if not data.get("region"):
        raise PageNotFound
    values = _build_values(request, data, _build_searches(("region", code)))
    return Page("region.html", values | {"parts": _list_parts(request, data["region"])})


def build_queries(code: str) -> dict[str, str]:
    """Return the searches of the page by their names in the document. It lists the organizations of LISTED_SEARCHES."""
    return {name: format_pairs(pairs) for name, pairs in _build_searches(("region", code)).items()}


def _build_searches(region: Pair) -> dict[str, list[Pair]]:
    """Return the searches that the page leads to, by their names in the document."""
    return {
        "all": [region],
        "local": [region, NOT_NATIONWIDE],
        "located": [region, ("by", "LOCATED")],
        "serving": [region, ("by", "SERVING"), NOT_NATIONWIDE],
        "nationwide": [region, ONLY_NATIONWIDE],
    }


def _build_values(request: PageRequest, data: Mapping[str, Any], searches: Mapping[str, list[Pair]]) -> dict[str, Any]:
    region, local = data["region"], searches["local"]
    kinds = {each["value"]: each["label"] for each in data["kinds"]}
    facets = data["local"]["facets"]
    return {
        "network": data["network"],
        "region": region,
        "name": format_region(region),
        "kind": kinds[region["kind"]],
        "around": [(build_listed_region(request, each), _name_kind(each, kinds)) for each in region["within"]],
        "links": {name: build_count_link(request, "", data[name]["totalCount"], *searches[name]) for name in LINKED_SEARCHES},
        "lists": {
            name: build_organization_list(request, data[name], facets["states"], format_pairs(searches[name]))
            for name in LISTED_SEARCHES
        },
        "issues": [
            build_count_link(request, each["label"], each["count"], *local, ("issue", each["value"]))
            for each in facets["issueAreas"]
        ],
        "map": build_place_map(request, facets, region["code"]) if "counties" in facets else None,
        "events": [build_event_row(request, node) for node in data["events"]["nodes"]],
        "event_count": data["events"]["totalCount"],
        "calendar": build_calendar_links(request, {REGION: region["code"]}),
    }


def _name_kind(region: Mapping[str, Any], kinds: Mapping[str, str]) -> str | None:
    """Return what kind of region it is, None if its name says more than that."""
    return None if region["kind"] == "CUSTOM" else kinds[region["kind"]]


def _list_parts(request: PageRequest, region: Mapping[str, Any]) -> list[tuple[str, tuple[ListedRegion, ...]]]:
    """Return the regions inside this one, by kind. The counties of a state that is listed are on the page of that state."""
    found = request.ask("region_parts", code=region["code"], withSmall=region["kind"] not in WIDE_KINDS).data["region"]
    states = [state["code"] for state in found["states"]]
    counties = [county for county in found.get("counties", ()) if county["code"].rpartition("-")[0] not in states]
    parts = {**found, "counties": counties}
    return [(name, list_regions(request, parts[name], shorten=name == "counties")) for name in PARTS if parts.get(name)]
