"""Requests for coverage and coalition plans, around the houses with secret places."""

from collections.abc import Iterator
from itertools import product

from directory.partners.coverage.question import CoverageFacet
from directory.question import Nationwide, RegionMatch
from tests.stories.private_places import LEVELS
from tests.stories.query_parts import ALL_STATUSES, PRIVATE_IDS, REGIONS, WITHOUT_A_POINT, WORDS, a_text

ATLANTA = 'near: { place: { name: "Atlanta, GA" } radius: 12 }'
KINDS = ("STATE", "COUNTY", "CENSUS_DIVISION", "COUNTRY", "CUSTOM", "METRO_AREA", "TRIBAL_AREA")
FILTERS = (f"filter: {{ {ALL_STATUSES} }}", f"filter: {{ {ALL_STATUSES} {ATLANTA} }}", 'query: "house"', "")
ISSUE_AREAS = '["housing", "gender-violence", "reproductive", "incarceration"]'
COUNTIES = ", ".join(map(a_text, REGIONS))


def coverage(cursors: dict[str, str | None]) -> Iterator[str]:
    for facet, limits in product(CoverageFacet, FILTERS):
        yield f"coverage(facet: {facet}, {limits}) {{ ...coverage }}"
    for kind, limits in product(KINDS, FILTERS):
        within = 'within: "US-GA",' if kind == "COUNTY" else ""
        yield f"coverage(values: {ISSUE_AREAS}, regionKind: {kind}, {within} {limits}) {{ ...coverage }}"
    for by, nationwide, least in product(RegionMatch, Nationwide, (1, 3)):
        goal = f"goal: {{ atLeast: {least}, by: {by}, nationwide: {nationwide} }}"
        yield f'coverage({goal}, within: "US", {FILTERS[0]}) {{ ...coverage }}'
        yield f'coverage({goal}, regionKind: COUNTY, within: "US-GA", values: {ISSUE_AREAS}) {{ ...coverage }}'
    yield from (f"coverage(query: {a_text(words)}) {{ ...coverage }}" for words in WORDS[:6])
    yield 'coverage(filter: { coalition: "rookery-alliance" }) { ...coverage }'
    yield f"coverage(facet: COMMUNITY, search: {a_text('issue=housing&region=US-GA')}) {{ ...coverage }}"
    for day, limits in product(("2026-06-02", "2026-06-04", "2026-06-11"), FILTERS):
        yield f'coverage(asOf: "{day}", {limits}) {{ ...coverage }}'
    cursor = a_text(cursors["covered"])
    page = "totalCount edges { cursor node { search } } pageInfo { endCursor }"
    yield f"coverage {{ cells(first: 4, after: {cursor}) {{ {page} }} }}"


def coalition_plans(cursors: dict[str, str | None]) -> Iterator[str]:
    for by, nationwide, per_cell in product(RegionMatch, Nationwide, (1, 3)):
        yield _plan(f"by: {by}, nationwide: {nationwide}, perCell: {per_cell}")
    for limits, most in product(FILTERS, (1, 3)):
        yield _plan(f"{limits}, maxSize: {most}, perCell: 2")
    for key in PRIVATE_IDS:
        yield _plan(f"include: [{key}]")
        yield _plan(f"exclude: [{key}], {FILTERS[0]}")
    for key in (key for key, level in zip(PRIVATE_IDS, LEVELS, strict=True) if level not in WITHOUT_A_POINT):
        yield _plan(f"filter: {{ near: {{ place: {{ organization: {key} }} }} }}")
    yield _plan(f"include: [{', '.join(PRIVATE_IDS[:6])}], exclude: [{', '.join(PRIVATE_IDS[6:])}]")
    lines = (
        "issue=housing&region=US-GA",
        "issue=housing&region=US-GA-121&per=2&include=rookery-city-house&exclude=unlisted-city-staff-circle",
    )
    yield from (f"coalitionPlan(search: {a_text(line)}) {{ ...plan }}" for line in lines)
    yield f"coalitionPlan(search: {a_text(lines[0])}, without: [{PRIVATE_IDS[0]}]) {{ ...plan }}"


def _plan(more: str) -> str:
    return f"coalitionPlan(input: {{ issueAreas: {ISSUE_AREAS}, regions: [{COUNTIES}], {more} }}) {{ ...plan }}"


COVERAGE_CURSORS = "covered: coverage { organizations: cells(first: 3) { pageInfo { endCursor } } }"
