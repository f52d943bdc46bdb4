"""/coverage: who works on what where: the widest gaps in words, the table, and a map of one row."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from directory.partners.plans.request import MAX_PER_CELL
from directory.vocabulary.region_files import RegionKind
from web.pages.coverage import coverage_form
from web.pages.coverage.coverage_files import link_files
from web.pages.coverage.coverage_form import BY, COMPARE, FACET, GOAL, KIND, NATIONWIDE, WITHIN
from web.pages.coverage.coverage_table import (
    COVERED,
    CellAddresses,
    CoverageRow,
    build_rows,
    choose_shades,
    list_headings,
    list_rule,
)
from web.pages.coverage.past_counts import UNKNOWN, PastCounts, ask_past, check_day
from web.pages.kinds.list_choices import link_organization
from web.pages.kinds.list_form import THEME, WORDS, ListForm
from web.pages.page import Page, PageRequest
from web.pages.plan.plan_form import ISSUE, NEED, REGION
from web.pages.plan.plan_form import PATH as PLAN_PATH
from web.pages.search.search_form import format_pairs
from web.pages.search.state_map import RegionMap, build_region_map
from web.pages.sensitive_themes import COMMUNITY_KEY, ISSUE_KEY, is_sensitive_search

WIDEST = 5  # rows that are described in words
FEW_COLUMNS = 20  # are printed in a larger font
NAMED_REGIONS = 12  # regions that are named for a row; more are counted


class CoverageGap(Struct, frozen=True):
    """A cell below the goal. `verdict` says whether nobody works there or it is unknown; `nearest` who could fill it."""

    row: str
    region: str
    verdict: str
    count: int
    target: int
    nearest: tuple[tuple[str, str], ...]


def build_coverage_page(request: PageRequest) -> Page:
    """Return the page, with what is valid in the address."""
    data, form = coverage_form.ask_coverage(request, check_day(request, coverage_form.read_form(request)))
    past, form = ask_past(request, form, data["search"])
    coverage, goal = past.add_lost_rows(data["coverage"]) if past else data["coverage"], coverage_form.get_goal(form)
    rows = build_rows(request, form, coverage, goal, past)
    return Page(
        "coverage.html",
        {
            "network": data["network"],
            "today": request.context.now.date(),
            "form": form,
            "goal": goal,
            "rows": rows,
            "headings": list_headings(coverage["regions"]),
            "shades": choose_shades(coverage["rows"]),
            "gap_count": coverage["gapCount"],
            "unknown_count": sum(len(row.unknown) for row in rows),
            "gaps": [_build_gap(request, gap) for gap in coverage["gaps"]],
            "widest": _find_widest(rows),
            "named_regions": NAMED_REGIONS,
            "few_columns": FEW_COLUMNS,
            "indexed": form.is_plain and _names_only_listed(coverage),
            "sensitive": is_sensitive_search([(key, form.get(THEME)) for key in (ISSUE_KEY, COMMUNITY_KEY)]),
            **_build_choices(request, form),
            **_build_map(request, form, coverage),
            "files": link_files(request, form),
            **_build_comparison(past, coverage),
            "plan": _link_plan(request, form, coverage["regions"]),
        },
    )


def is_indexed(request: PageRequest) -> bool:
    """Return whether search engines may list the page: it names organizations, and some of them may refuse that."""
    data, _ = coverage_form.ask_coverage(request, ListForm(coverage_form.PATH, {}))
    return _names_only_listed(data["coverage"])


def _names_only_listed(coverage: Mapping[str, Any]) -> bool:
    return all(node["searchEngines"] for gap in coverage["gaps"] for node in gap["nearest"])


def _build_comparison(past: PastCounts | None, coverage: Mapping[str, Any]) -> dict[str, Any]:
    if past is None:
        return {"past_day": None}
    more, fewer = past.count_changes(coverage)
    return {"past_day": past.day, "more_count": more, "fewer_count": fewer, "changes": past.list_changes(coverage)}


def _build_choices(request: PageRequest, form: ListForm) -> dict[str, Any]:
    language, areas = request.language, coverage_form.list_areas(request)
    facet = form.get(FACET) or coverage_form.DEFAULT_FACET
    names = {code: name for _, options in areas for code, name in options}
    within = form.get(WITHIN)
    return {
        "facets": [
            (name, request.link(form.path, _format(form, value)), value == facet)
            for value, name in coverage_form.list_facets(language)
        ],
        "kinds": coverage_form.list_kinds(language),
        "rules": coverage_form.list_rules(language),
        "areas": areas,
        "area": names.get(within, within),
        "hidden": [(key, form.get(key)) for key in (FACET, THEME) if form.get(key)],
        "everywhere": coverage_form.EVERYWHERE,
        "is_changed": any(form.get(key) for key in (KIND, WITHIN, BY, NATIONWIDE, GOAL, COMPARE, WORDS)),
    }


def _format(form: ListForm, facet: str) -> str:
    """Return the query string of the table of another vocabulary, without the theme that this one is about."""
    return form.format(facet="" if facet == coverage_form.DEFAULT_FACET else facet, theme="")


def _build_gap(request: PageRequest, gap: Mapping[str, Any]) -> CoverageGap:
    cell = gap["cell"]
    nearest = tuple(link_organization(request, node) for node in gap["nearest"])
    return CoverageGap(cell["row"]["label"], cell["region"]["name"], cell["verdict"], cell["groups"], gap["target"], nearest)


def _find_widest(rows: Sequence[CoverageRow]) -> list[CoverageRow]:
    """Return the rows with the most regions that have nobody, then with the most that are unknown."""
    widest = sorted(rows, key=lambda row: (-len(row.none), -len(row.unknown)))
    return [row for row in widest if row.none or row.unknown][:WIDEST]


def _link_plan(request: PageRequest, form: ListForm, regions: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the address of a plan for the theme and the regions of the table; None if it has several rows or many columns."""
    if form.get(FACET) or not form.get(THEME) or len(regions) > FEW_COLUMNS:
        return None
    pairs = [(ISSUE, form.get(THEME)), *((REGION, region["code"]) for region in regions)]
    shared = [(key, form.get(key)) for key in (BY, NATIONWIDE, WORDS) if form.get(key)]
    return request.link(PLAN_PATH, format_pairs([*pairs, (NEED, str(min(coverage_form.get_goal(form), MAX_PER_CELL))), *shared]))


def _build_map(request: PageRequest, form: ListForm, coverage: Mapping[str, Any]) -> dict[str, Any]:
    """Return the map of the row that was chosen or has the most members. There is one of states, and of counties of a state."""
    kind, within = form.get(KIND), form.get(WITHIN)
    nodes = coverage["rows"]
    if kind not in ("", RegionKind.STATE, RegionKind.COUNTY) or not nodes:
        return {"map": None, "map_row": None}
    node = max(nodes, key=lambda node: node["memberCount"])
    cells = list(zip(coverage["regions"], node["regionGroups"], node["regionVerdicts"], strict=True))
    counts = [
        {"value": region["code"], "label": region["name"], "local": count, "count": count, "selected": False}
        for region, count, verdict in cells
        if verdict == COVERED
    ]
    texts = {region["code"]: "?" if verdict == UNKNOWN else "0" for region, _, verdict in cells if verdict != COVERED}
    addresses = CellAddresses(node["search"], list_rule(form))
    state = within if kind == RegionKind.COUNTY else None
    facets = {"states": [] if state else counts, "counties": counts}
    map: RegionMap = build_region_map(request, facets, addresses, state, empty_texts=texts)
    return {"map": map, "map_row": node["label"]}
