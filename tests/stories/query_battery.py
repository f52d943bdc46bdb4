"""Documents that query everything in a directory, especially around the secret places."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from graphql import GraphQLEnumType

from cli.fictional.organizations import fictional_id
from directory.records import OrganizationKind
from schema.schema import SCHEMA
from schema.types.global_ids import GlobalId
from tests.builders import a_slug
from tests.stories.ally_battery import ALLIES_CURSORS, allies
from tests.stories.coverage_battery import COVERAGE_CURSORS, coalition_plans, coverage
from tests.stories.fragments import build_aliased_document, build_document
from tests.stories.private_places import LEVELS, SPOTS, private_name
from tests.stories.query_parts import (
    ALL_STATUSES,
    PRIVATE_IDS,
    REGIONS,
    WITHOUT_A_POINT,
    WORDS,
    a_text,
    list_pages,
    select_organizations,
)
from tests.stories.record_battery import other_records

# Fields in one document by generator: maps and facets cost more, and relaxations can be selected once per request.
FIELDS_PER_DOCUMENT = {"maps": 1, "facets": 1, "texts": 1, "typed_words": 1, "clauses": 1, "regions": 1}
DEFAULT_FIELDS_PER_DOCUMENT = 10
RADII = (0.05, 1, 5, 12, 60, 400)  # kilometers
BOXES = (0.0004, 0.02, 0.2, 2)  # half the side, in degrees
CENTROIDS = ((33.8027, -84.3879), (33.8126, -84.4048), (32.9991, -83.6825), (33.7467, -84.3781))
ORIGINS = [(spot.point.latitude, spot.point.longitude) for spot in SPOTS] + [*CENTROIDS, (33.0, -85.0)]
PHRASES = (*(f'"{spot.street}"' for spot in SPOTS), *(spot.street for spot in SPOTS), '"Robin Larkspur"', "4045550142")


FICTIONAL_IDS = [a_text(str(GlobalId("Organization", fictional_id(number, 7)))) for number in range(40)]


def near_argument(latitude: float, longitude: float, more: str = "") -> str:
    return f"near: {{ place: {{ point: {{ latitude: {latitude}, longitude: {longitude} }} }} {more} }}"


def box_argument(latitude: float, longitude: float, half: float) -> str:
    return f"within: {{ south: {latitude - half}, west: {longitude - half}, north: {latitude + half}, east: {longitude + half} }}"


def alias_in_batches(fields: Iterable[str], at_once: int = DEFAULT_FIELDS_PER_DOCUMENT) -> list[str]:
    all_fields = list(fields)
    return [build_aliased_document(*all_fields[start : start + at_once]) for start in range(0, len(all_fields), at_once)]


def radius_searches() -> Iterator[str]:
    for origin, size in product(ORIGINS, RADII):
        yield select_organizations(near_argument(*origin, f"radius: {size}"))
    for origin in ORIGINS[:3]:
        yield select_organizations(near_argument(*origin, "radius: 3.5, unit: MILE"))
        yield select_organizations(near_argument(*origin, "radius: 3.5, unit: KILOMETER"), "orderBy: { field: DISTANCE }")


def boxes() -> Iterator[str]:
    for origin, half in product(ORIGINS, BOXES):
        yield select_organizations(box_argument(*origin, half))
    yield select_organizations("within: { south: 10, west: 170, north: 60, east: -84.375 }")


def orders() -> Iterator[str]:
    fields = ("RELEVANCE", "NAME", "DISTANCE", "FOUNDED", "JOINED", "VERIFIED", "UPDATED")
    for origin, field, direction in product(ORIGINS[:2], fields, ("ASCENDING", "DESCENDING")):
        yield select_organizations(near_argument(*origin), f"first: 40, orderBy: {{ field: {field}, direction: {direction} }}")


def places() -> Iterator[str]:
    origins = ['name: "Atlanta"', 'name: "Fulton County, GA"', 'postalCode: "30312"', 'region: "US-GA"', 'region: "US-GA-121"']
    origins += [f"organization: {key}" for key, level in zip(PRIVATE_IDS, LEVELS, strict=True) if level not in WITHOUT_A_POINT]
    origins += [f"place: {a_text(str(GlobalId('Place', 'zip:30312')))}"]
    for place, more in product(origins, ("", "radius: 1", "radius: 10", "radius: 300, unit: MILE")):
        yield select_organizations(f"near: {{ place: {{ {place} }} {more} }}", "first: 100")


def maps() -> Iterator[str]:
    for zoom in range(0, 25, 3):
        yield f"organizations(filter: {{ {ALL_STATUSES} }}) {{ map(zoom: {zoom}) {{ ...drawn }} }}"
    for limit, zoom in product((1, 2, 10, 1500), (0, 6, 24)):
        yield f"organizations {{ map(limit: {limit}, zoom: {zoom}) {{ ...drawn }} }}"
    for (latitude, longitude), half in product(ORIGINS, BOXES[::2]):
        yield f"organizations {{ map({box_argument(latitude, longitude, half)}, zoom: 24) {{ ...drawn }} }}"


def texts() -> Iterator[str]:
    for words in (*WORDS, *PHRASES, "Rookery", "rook", "Unlisted", "house atlanta", "savannah house", '"Rookery City House"'):
        yield select_organizations("", f"query: {a_text(words)}", "explained")


def typed_words() -> Iterator[str]:
    for words in (*WORDS, *PHRASES, "Rookery", "rook", "unlist", "atl", "house near Atlanta", "NNIRR"):
        yield f'suggest(query: {a_text(words)}, first: 20) {{ kind label(language: "es") search node {{ id }} }}'
        yield f"places(query: {a_text(words)}, first: 3) {{ ...place }}"
        yield f"understand(query: {a_text(words)}) {{ ...understood }}"
        yield f"organizations(words: {a_text(words)}) {{ ...explained understanding {{ ...understood }} }}"


def clauses() -> Iterator[str]:
    """Yield searches with alternatives, lists of organizations and query strings."""
    near = [near_argument(one[0], one[1], f"radius: {size}") for one, size in product(ORIGINS[:4], RADII[::2])]
    since = '"2026-01-01T00:00:00Z"'
    others = ["kinds: [UNION]", "excludedKinds: [UNION]", "verificationDue: true", "founded: { from: 1990, to: 2010 }"]
    others += [f"updatedSince: {since}", f"parent: {FICTIONAL_IDS[0]}", f"ids: [{', '.join(PRIVATE_IDS)}]"]
    yield from (select_organizations(f"or: [{{ {one} }}, {{ {other} }}]") for one, other in product(near, others))
    yield from (select_organizations(f"and: [{{ {one} }}, {{ or: [{{ {others[0]} }}, {{ {one} }}] }}]") for one in near)
    yield from (select_organizations(other, "first: 50", "explained") for other in others)
    for latitude, longitude in ORIGINS[:6]:
        circle = f"near={latitude},{longitude}%26radius="
        yield f"organizations(search: {a_text(f'any={circle}1|{circle}12%26by=SERVING%26region=US-GA')}) {{ ...explained }}"


def terms() -> Iterator[str]:
    facets = {"issueAreas": "housing", "communities": "tenants", "workAreas": "organizing", "languages": "es"}
    for (field, slug), part, narrower in product(facets.items(), ("anyOf", "allOf", "noneOf"), ("true", "false")):
        yield select_organizations(f'{field}: {{ {part}: ["{slug}"], narrower: {narrower} }}')


def kinds() -> Iterator[str]:
    yield select_organizations(f"kinds: [{', '.join(OrganizationKind)}]")
    yield from (select_organizations(f"kinds: [{kind}]") for kind in OrganizationKind)
    yield from (f"organizations(filter: {{ membership: [{status}] }}) {{ ...found }}" for status in ("ACTIVE", "NONE", "LAPSED"))
    yield from (select_organizations(f"locationStated: {value}") for value in ("true", "false", "null"))
    yield select_organizations('verifiedSince: "2024-01-01"')
    yield select_organizations('joinedSince: "2010-01-01"')


def regions() -> Iterator[str]:
    matches, nationwide_values = ("LOCATED", "SERVING", "LOCATED_OR_SERVING"), ("INCLUDE", "EXCLUDE", "ONLY")
    for code, by, nationwide, part in product(REGIONS, matches, nationwide_values, ("anyOf", "noneOf")):
        yield select_organizations(f'regions: {{ {part}: ["{code}"], by: {by}, nationwide: {nationwide} }}')
    yield from (select_organizations(f'regions: {{ anyOf: ["{code}"] }}', "first: 60", "explained") for code in REGIONS)
    for code, by, nationwide in product(REGIONS, matches, nationwide_values):
        yield f'region(code: "{code}") {{ organizationCount(by: {by}, nationwide: {nationwide}) }}'


def facets() -> Iterator[str]:
    arguments = [
        f"filter: {{ {ALL_STATUSES} {part} }}" for part in ("", *(near_argument(*origin, "radius: 9") for origin in ORIGINS[::2]))
    ]
    arguments += [f'filter: {{ {ALL_STATUSES} regions: {{ anyOf: ["{code}"] }} }}' for code in REGIONS]
    arguments += [f"filter: {{ {box_argument(*origin, 0.03)} }}" for origin in ORIGINS[::2]] + [
        f"query: {a_text(word)}" for word in WORDS
    ]
    for argument in arguments:
        yield f"organizations({argument}) {{ ...counts }}"


def whole_records() -> list[str]:
    ids = [*PRIVATE_IDS, *FICTIONAL_IDS]
    slugs = [a_text(a_slug(private_name(level))) for level in LEVELS]
    numbers = [a_text(f"{position + 10}-0000000") for position in range(len(LEVELS))]
    keys = [f"id: {key}" for key in ids] + [f"slug: {slug}" for slug in slugs]
    keys += [f'identifier: {{ scheme: "US-EIN", value: {number} }}' for number in numbers]
    by_key = [f"organization(by: {{ {key} }}) {{ ...whole }}" for key in keys]
    by_node = [f"node(id: {key}) {{ id ... on Organization {{ ...whole }} }}" for key in ids]
    all_records = f"organizations(first: 100, filter: {{ {ALL_STATUSES} }}) {{ nodes {{ ...whole }} }}"
    lists = [all_records, f"nodes(ids: [{', '.join(ids)}]) {{ id ... on Organization {{ ...whole }} }}"]
    return [*alias_in_batches(by_key, 9), *alias_in_batches(by_node, 9), *map(build_document, lists)]


def lists(cursors: dict[str, str | None]) -> Iterator[str]:
    page = "totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    yield from list_pages("organizations", "...explained", "", cursors["organizations"])
    yield from list_pages("issueAreas", page, "", cursors["issueAreas"])
    yield from list_pages("regions", page, "", cursors["regions"])
    yield f'issueAreas(query: "house", broader: "economic-social-cultural") {{ {page} }}'
    yield f'regions(query: "ful", kind: COUNTY, within: "US-GA") {{ {page} }}'
    yield "communities { slug label organizationCount } workAreas { slug label organizationCount }"
    yield 'languages { tag label(language: "es") } viewer { audience rateLimit { cost limit } }'
    term = 'id label(language: "es") synonyms(language: "es") broader { slug } narrower { slug }'
    definitions = 'definition inSpanish: definition(language: "es")'
    yield f'communities {{ {term} }} workAreas {{ {term} {definitions} }} languages {{ id synonyms(language: "en") }}'
    yield 'issueArea(slug: "housing") { ...area }'
    yield from (f'region(code: "{code}") {{ ...region }}' for code in REGIONS)
    yield f"node(id: {a_text(str(GlobalId('Place', 'city:US-GA:atlanta')))}) {{ ...place }}"
    wide = ("METRO_AREA", "TRIBAL_AREA")
    yield " ".join(f'{kind}: regions(kind: {kind}, first: 2) {{ nodes {{ code name(language: "es") }} }}' for kind in wide)


def enum_labels() -> Iterator[str]:
    selection = '{ value label(language: "es") }'
    yield from (f"enumLabels(enum: {kind}) {selection}" for kind in list_enum_values("LabeledType"))


def list_enum_values(name: str) -> list[str]:
    kind = SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLEnumType)
    return list(kind.values)


def nested_lists(cursors: dict[str, str | None]) -> Iterator[str]:
    """Yield the lists of an issue area and of a region."""
    for outer, arguments in (("issueArea", 'slug: "housing"'), ("region", 'code: "US-GA"')):
        for inner in list_pages("organizations", "...explained", "", cursors[outer]):
            yield f"{outer}({arguments}) {{ {inner} }}"
        for origin in ORIGINS[:3]:
            inner = select_organizations(near_argument(*origin, "radius: 9"), 'query: "house", orderBy: { field: DISTANCE }')
            yield f"{outer}({arguments}) {{ {inner} }}"


def changes(cursors: dict[str, str | None]) -> Iterator[str]:
    selection = """nodes { cursor at kind nodeId node { id } organizationId organization { slug updatedAt } }
      edges { cursor node { at } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"""
    yield f"changes(first: 100) {{ {selection} }}"
    yield f"changes(first: 3, after: {a_text(cursors['changes'])}) {{ {selection} }}"


def network_fields() -> Iterator[str]:
    selection = "name organization { ...whole } fictional memberCount version languages credits { text url }"
    yield f"network {{ {selection} }}"


CURSORS = build_document(
    ALLIES_CURSORS
    + COVERAGE_CURSORS
    + """
  organizations(first: 3) { pageInfo { endCursor } } issueAreas(first: 3) { pageInfo { endCursor } }
  regions(first: 3) { pageInfo { endCursor } } changes(first: 3) { pageInfo { endCursor } }
  coalitions(first: 1) { pageInfo { endCursor } } events(first: 3) { pageInfo { endCursor } }
  instruments(first: 1) { pageInfo { endCursor } } provisions(first: 1) { pageInfo { endCursor } }
  members: coalition(slug: "rookery-alliance") { organizations: members(first: 3) { pageInfo { endCursor } } }
  gatherings: coalition(slug: "rookery-alliance") { organizations: events(first: 3) { pageInfo { endCursor } } }
  subgroups: coalition(slug: "rookery-alliance") { organizations: branches(first: 1) { pageInfo { endCursor } } }
  hosted: organization(by: { slug: "rookery-city-house" }) { organizations: events(first: 1) { pageInfo { endCursor } } }
  joined: organization(by: { slug: "rookery-city-house" }) { organizations: coalitions(first: 1) { pageInfo { endCursor } } }
  issueArea(slug: "housing") { organizations(first: 2) { pageInfo { endCursor } } }
  region(code: "US-GA") { organizations(first: 2) { pageInfo { endCursor } } }
"""
)


def _find_cursor(value: Any) -> str | None:
    """Return the last cursor of a list; None if it is empty or belongs to a record that does not exist."""
    return None if value is None else value.get("organizations", value)["pageInfo"]["endCursor"]


def build_battery(data: dict[str, Any]) -> dict[str, list[str]]:
    """Return the documents by generator. `data` is the response to CURSORS."""
    cursors = {name: _find_cursor(value) for name, value in data.items()}
    generators = [
        radius_searches,
        boxes,
        orders,
        places,
        maps,
        texts,
        typed_words,
        clauses,
        terms,
        kinds,
        regions,
        facets,
        network_fields,
        enum_labels,
    ]
    battery: dict[str, list[str]] = {}
    for generate in generators:
        name = generate.__name__
        battery[name] = alias_in_batches(generate(), FIELDS_PER_DOCUMENT.get(name, DEFAULT_FIELDS_PER_DOCUMENT))
    for generate_pages in (lists, nested_lists, other_records, allies, coverage, coalition_plans, changes):
        battery[generate_pages.__name__] = [*map(build_document, generate_pages(cursors))]
    return {**battery, whole_records.__name__: whole_records()}
