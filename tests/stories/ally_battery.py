"""Requests for allies in every mode, for the houses with secret places and for groups that are not listed."""

from collections.abc import Iterator
from itertools import product

from directory.partners.allies.request import AllyMode
from tests.stories.query_parts import ALL_STATUSES, PRIVATE_IDS, REGIONS, a_text, list_pages

HOUSE = 'organization(by: { slug: "rookery-city-house" })'
MORE = "totalCount nodes { slug } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id } }"
DRAFTS = (
    'issueAreas: ["housing"], communities: ["tenants"], workAreas: ["organizing"], regions: ["US-GA"], seeks: "legal clinics"',
    'words: "a tenants group in Atlanta", offers: "a van and legal clinics"',
    'place: { postalCode: "30312" }, issueAreas: ["health"]',
)
WEIGHTS = (
    "weights: { issueArea: 2, broaderIssueArea: 0.5, community: 1, workArea: 1, coalition: 2, region: 1, distance: 9, "
    "seeksAndOffers: 2 }"
)


def allies(cursors: dict[str, str | None]) -> Iterator[str]:
    group = f"organizations: [{PRIVATE_IDS[0]}]"
    everybody = f"first: 50, filter: {{ {ALL_STATUSES} }}"
    for mode in AllyMode:
        yield from (f"allies(organizations: [{key}], mode: {mode}, {everybody}) {{ ...allies }}" for key in PRIVATE_IDS)
        yield f"allies(organizations: [{', '.join(PRIVATE_IDS)}], mode: {mode}, {everybody}) {{ ...allies }}"
        yield from (f"allies(draft: {{ {draft} }}, mode: {mode}, {everybody}) {{ ...allies }}" for draft in DRAFTS)
        yield f"{HOUSE} {{ allies(mode: {mode}) {{ ...allies }} }}"
        yield f"allies({group}, mode: {mode}, {WEIGHTS}) {{ ...allies }}"
    for mode, radius in product(AllyMode, ("", "radius: 3", "radius: 60")):
        near = f'near: {{ place: {{ name: "Atlanta, GA" }} {radius} }}'
        yield f"allies({group}, mode: {mode}, {near}) {{ ...allies }}"
        yield f"{HOUSE} {{ allies(mode: {mode}, {near}) {{ ...allies }} }}"
    for code in REGIONS:
        limited = f'filter: {{ {ALL_STATUSES} regions: {{ anyOf: ["{code}"] }} }}'
        yield f'allies(draft: {{ regions: [{a_text(code)}], issueAreas: ["housing"] }}, {limited}) {{ ...allies }}'
        yield f"{HOUSE} {{ allies({limited}) {{ ...allies }} }}"
    yield from list_pages("allies", MORE, f"draft: {{ {DRAFTS[0]} }},", cursors["allies"])
    yield from (f"{HOUSE} {{ {page} }}" for page in list_pages("allies", MORE, "", cursors["friends"]))


ALLIES_CURSORS = f"""
  allies(draft: {{ {DRAFTS[0]} }}, first: 3) {{ pageInfo {{ endCursor }} }}
  friends: {HOUSE} {{ organizations: allies(first: 3) {{ pageInfo {{ endCursor }} }} }}
"""
