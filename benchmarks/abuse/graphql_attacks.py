"""Malicious GraphQL requests. Each family builds the body of a request, with different names in each turn to defeat caches."""

from collections.abc import Callable
from typing import Any

from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

Body = dict[str, Any]
ONE_ORGANIZATION = 'organization(by: {slug: "nobody"})'
LEAVES = "id slug name kind summary description founded website nationwide updatedAt verifiedAt verificationDue"


def _build_document(write: Callable[[str], str], **variables: Any) -> Callable[[str], Body]:
    return lambda turn: {"query": f"{write(turn)} # {turn}", "variables": variables}


def _build_fragment_chain(links: int, link: str, end: str) -> Callable[[str], Body]:
    """Build a chain of fragments. `{n}` in the link is the name of the next one."""

    def write_document(turn: str) -> str:
        fragments = "".join(
            f" fragment {turn}F{n} on Organization {{ {link.replace('{n}', f'{turn}F{n + 1}')} }}" for n in range(links)
        )
        return f"{{ {ONE_ORGANIZATION} {{ ...{turn}F0 }} }}{fragments} fragment {turn}F{links} on Organization {{ {end} }}"

    return _build_document(write_document)


def _repeat_part(part: str, times: int) -> Callable[[str], Body]:
    return _build_document(lambda _: f"{{ {ONE_ORGANIZATION} {{ {part * times} }} }}")


def _repeat_numbered_part(part: str, times: int, template: str = f"{{ {ONE_ORGANIZATION} {{ %s }} }}") -> Callable[[str], Body]:
    """Repeat a part. `{n}` in it is a name that differs each time."""
    return _build_document(lambda turn: template % "".join(part.replace("{n}", f"{turn}x{n}") for n in range(times)))


def _build_place_searches(count: int) -> Callable[[str], Body]:
    """Search near misspelled cities, with different misspellings in each turn."""
    cities = ("Philadelphia", "Indianapolis", "Jacksonville", "Albuquerque", "Minneapolis", "Sacramento", "Chattanooga")

    def misspell_city(turn: str, n: int) -> str:
        city = cities[n % len(cities)]
        position = 2 + n % 5
        return city[:position] + turn[-1] + "q" + city[position + 1 :] + (" GA", " TX", "")[n % 3]

    near = 'organizations(filter: {near: {place: {name: "%s"}}}) { totalCount }'
    return _build_document(
        lambda turn: "{ " + " ".join(f"{turn}x{n}: {near % misspell_city(turn, n)}" for n in range(count)) + " }"
    )


LONG_WORDS = (
    "organizations",
    "community",
    "immigrant",
    "education",
    "housing",
    "neighborhood",
    "families",
    "leadership",
    "advocacy",
    "prevention",
    "resources",
    "training",
    "together",
    "workers",
    "climate",
    "indigenous",
    "disability",
    "reproductive",
    "transportation",
    "emergency",
    "partnership",
    "legal",
    "solidarity",
    "campaign",
    "language",
    "cultural",
    "children",
    "movement",
    "national",
    "statewide",
)


def _build_text_searches(count: int, words: int, selection: str) -> Callable[[str], Body]:
    """Search for misspellings of common words, with filters that match nothing."""

    def misspell_words(turn: str, n: int) -> str:
        return (
            " ".join(word[:3] + "qxzvk"[(n + position) % 5] + word[4:] for position, word in enumerate(LONG_WORDS[:words]))
            + f" {turn}x{n}"
        )

    filters = '{issueAreas: {allOf: ["housing"]}, communities: {anyOf: ["women"]}, regions: {anyOf: ["US-GA"]}, kinds: [UNION]}'

    def write_document(turn: str) -> str:
        fields = (
            f'{turn}x{n}: organizations(query: "{misspell_words(turn, n)}", filter: {filters}) {{ {selection} }}'
            for n in range(count)
        )
        return "{ " + " ".join(fields) + " }"

    return _build_document(write_document)


GRAPHQL_FAMILIES: dict[str, Callable[[str], Body]] = {
    "a chain of 200 fragments": _build_fragment_chain(200, "id ...{n}", "id"),
    "fragments that double 250 times": _build_fragment_chain(250, "...{n} ...{n}", "id"),
    "fragments that double what is nested": _build_fragment_chain(100, "parent { ...{n} } branches { ...{n} }", "id"),
    "90 fragments in one place": _build_document(
        lambda turn: (
            f"{{ {ONE_ORGANIZATION} {{ {''.join(f'...{turn}F{n} ' for n in range(90))} }} }} "
            + "".join(f"fragment {turn}F{n} on Organization {{ {LEAVES.split()[n % 12]} }} " for n in range(90))
        )
    ),
    "10,000 aliases": _repeat_numbered_part("{n}: id ", 10_000),
    "100 aliases": _repeat_numbered_part("{n}: id ", 100),
    "20,000 directives": _build_document(lambda _: "{ __typename " + "@include(if: true) " * 20_000 + "}"),
    "400 directives": _build_document(lambda _: "{ __typename " + "@include(if: true) " * 280 + "}"),
    "5,000 operations": _repeat_numbered_part("query {n} { __typename } ", 5_000, "%s"),
    "390 operations": _repeat_numbered_part("query {n} { __typename } ", 390, "%s"),
    "overlapping fields, 280": _repeat_part("parent { id } ", 280),
    "overlapping fields, 50": _repeat_part("parent { id } ", 50),
    "overlapping fields, 50 with 12 each": _repeat_part(f"parent {{ {LEAVES} }} ", 50),
    "overlapping fields, 50 with 8 each": _repeat_part("parent { id slug name kind summary founded website nationwide } ", 50),
    "overlapping fields in 45 fragments": _build_document(
        lambda turn: (
            f"{{ {ONE_ORGANIZATION} {{ {''.join(f'...{turn}F{n} ' for n in range(45))} }} }} "
            + "".join(f"fragment {turn}F{n} on Organization {{ parent {{ id slug name kind founded }} }} " for n in range(45))
        )
    ),
    "introspection, 30 deep": _build_document(
        lambda _: "{ __schema { types {" + "fields { type {" * 15 + "name" + "}}" * 15 + "} } }"
    ),
    "introspection within introspection": _build_document(
        lambda _: "{ __schema { types { name fields { name type { ofType { name fields { name args { name type { name }}}}}}}}}"
    ),
    "nesting, 5,000 deep": _build_document(lambda _: f"{{ {ONE_ORGANIZATION} {{ " + "parent { " * 5_000 + "id" + " }" * 5_002),
    "nesting, 150 deep": _build_document(lambda _: f"{{ {ONE_ORGANIZATION} {{ " + "parent { " * 150 + "id" + " }" * 152),
    "lists nested 20,000 deep": _build_document(lambda _: "{ organizations(filter: {kinds: " + "[" * 20_000),
    "variables nested 400 deep": lambda turn: {"query": "{ __typename }", "variables": {turn: _nest_lists(400)}},
    "a number of 5,000 digits": _build_document(lambda _: "{ organizations(first: " + "9" * 5_000 + ") { totalCount } }"),
    "a string of 900 kB": _build_document(lambda _: '{ organizations(query: "' + "x" * 900_000 + '") { totalCount } }'),
    "a string of 900 kB in the variables": _build_document(
        lambda _: "query($q: String) { organizations(query: $q) { totalCount } }", q="x" * 900_000
    ),
    "a string of 16 kB as a slug": _build_document(
        lambda _: '{ organizations(filter: {issueAreas: {anyOf: ["' + "x" * 16_000 + '"]}}) { totalCount } }'
    ),
    "1,900 ids in the document": _build_document(lambda _: "{ nodes(ids: [" + '"a" ' * 1_900 + "]) { id } }"),
    "200,000 ids in the variables": _build_document(
        lambda _: "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["a"] * 200_000
    ),
    "1,900 slugs in the variables": _build_document(
        lambda _: "query($s: [String!]) { organizations(filter: {issueAreas: {anyOf: $s}}) { totalCount } }", s=["housin"] * 1_900
    ),
    "200 unknown slugs": _build_document(
        lambda _: "query($s: [String!]) { organizations(filter: {issueAreas: {anyOf: $s}}) { totalCount } }",
        s=[f"housin{n}" for n in range(200)],
    ),
    "900 unknown fields": _build_document(
        lambda turn: "{ network { " + "".join(f"nothing{turn}{n} " for n in range(900)) + "} }"
    ),
    "8,000 comments": _build_document(lambda _: "{ __typename }" + "#\n" * 8_000),
    "pages in pages": _build_document(
        lambda _: "{ issueAreas(first: 100) { nodes { organizations(first: 100) { nodes { name branches { name } } } } } }"
    ),
    "a country's regions, 17 times": _repeat_numbered_part(
        '{n}: region(code: "US") { contains { code name kind } } ', 17, "{ %s }"
    ),
    "30 questions with words": _repeat_numbered_part(
        '{n}: organizations(query: "tennants houzing rigths {n}") { totalCount } ', 30, "{ %s }"
    ),
    "30 misspelled places": _build_place_searches(30),
    "3 misspelled places": _build_place_searches(3),
    "a place of 16,000 characters": _build_document(
        lambda _: "query($q: String!) { organizations(filter: {near: {place: {name: $q}}}) { totalCount } }", q="ab " * 5_300
    ),
    "30 unknown regions": _repeat_numbered_part(
        '{n}: organizations(filter: {regions: {anyOf: ["US-{n}"]}}) { totalCount } ', 30, "{ %s }"
    ),
    "30 unknown terms": _repeat_numbered_part(
        '{n}: organizations(filter: {issueAreas: {anyOf: ["housin{n}"]}}) { totalCount } ', 30, "{ %s }"
    ),
    "4 questions of 30 misspelled words": _build_text_searches(4, 30, "totalCount"),
    "12 questions of 30 misspelled words": _build_text_searches(12, 30, "totalCount"),
    "23 relaxations": _build_text_searches(23, 8, "totalCount relaxations { count search }"),
    "10 relaxations": _build_text_searches(10, 8, "totalCount relaxations { count search }"),
    "relaxations of 8 words and 4 filters": _build_text_searches(1, 8, "totalCount relaxations { count search }"),
    "3 quoted phrases of common words": _build_document(
        lambda _: r'{ organizations(query: "\"of the\" \"in the\" \"people and\"") { nodes { name } } }'
    ),
    "15 facets by county, the first of each": _repeat_numbered_part(
        '{n}: organizations(query: "{n} community") { facets { regions(kind: COUNTY, first: 1) { value } } } ',
        15,
        "{ %s }",
    ),
    "60 lists of facets of one question": _build_document(
        lambda turn: (
            "{ organizations { facets { "
            + "".join(f"{turn}x{n}: regions(kind: COUNTY, first: {n + 1}) {{ value }} " for n in range(15))
            + "".join(f"{turn}y{n}: issueAreas(first: {n + 1}) {{ value }} " for n in range(45))
            + "} } }"
        )
    ),
    "45 overlapping parents": _repeat_part("parent { id slug name kind founded } ", 45),
    "200 counties": _build_document(
        lambda _: (
            "query($c: [String!]) "
            "{ organizations(first: 100, filter: {regions: {anyOf: $c}}) { edges { match { regionReason } } } }"
        ),
        c=[region.code for region in REGIONS.list_of_kind(RegionKind.COUNTY)[:200]],
    ),
    "20 suggestions for two letters": _repeat_numbered_part(
        '{n}: suggest(query: "co", first: 20) { label search } ', 13, "{ %s }"
    ),
    "places for two letters, 30 times": _repeat_numbered_part('{n}: places(query: "sa", first: 20) { name } ', 30, "{ %s }"),
    "regions by 250 words": _build_document(lambda _: '{ regions(query: "' + "a " * 249 + '") { totalCount } }'),
    "highlights of a page": _build_document(
        lambda _: (
            '{ organizations(first: 100, query: "community") { edges { match { highlights { field segments { text } } } } } }'
        )
    ),
    "2,000 marks of a map": _build_document(lambda _: "{ organizations { map(limit: 2000, zoom: 20) { marks { count } } } }"),
    "characters of every script": _build_document(
        lambda turn: f'{{ organizations(query: "{_list_characters(turn)}") {{ totalCount }} }}'
    ),
    "a page as costly as allowed": _build_document(
        lambda _: (
            f"{{ organizations(first: 100) {{ nodes {{ {LEAVES} locations {{ regions {{ code name }} }} "
            "issueAreas { slug label synonyms broader { slug } narrower { slug } } serviceAreas { code within { code } } } } }"
        )
    ),
}


def _list_characters(turn: str) -> str:
    """Return 490 Chinese characters, different in each turn."""
    first = 0x4E00 + 1_000 * (ord(turn[-1]) % 16)
    return "".join(map(chr, range(first, first + 490)))


def _nest_lists(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value
