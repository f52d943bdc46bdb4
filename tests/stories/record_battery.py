"""Selections of coalitions, events, instruments and provisions, especially of those around the secret places."""

from collections.abc import Iterator
from itertools import product

from directory.records import Audience
from directory.vocabulary.choices import CoalitionStatus
from schema.types.global_ids import GlobalId
from tests.builders import a_slug, an_id
from tests.stories.private_places import LEVELS, event_name
from tests.stories.query_parts import PRIVATE_IDS, REGIONS, WORDS, a_text, list_pages, select_organizations

RECORD_LISTS = {
    "coalitions": (
        "coalition",
        [
            "",
            'query: "rookery"',
            'query: "unlisted"',
            "kinds: [ALLIANCE]",
            "kinds: [CAMPAIGN, TASK_FORCE, WORKING_GROUP]",
            *(f"status: {status}" for status in CoalitionStatus),
            'issueAreas: { anyOf: ["housing"] }',
        ],
    ),
    "events": (
        "event",
        [
            "",
            'query: "gathering atlanta"',
            'query: "lane"',
            'from: "2026-06-02T00:00:00Z"',
            'until: "2026-06-05T00:00:00Z"',
            'issueAreas: { anyOf: ["housing"] }',
        ],
    ),
    "instruments": ("instrument", ["", 'query: "treaty"']),
    "provisions": (
        "provision",
        ["", 'query: "article 7"', 'response: "Noted"', "takenUp: true", "takenUp: false", 'issueAreas: { anyOf: ["housing"] }'],
    ),
}


def other_records(cursors: dict[str, str | None]) -> Iterator[str]:
    """Yield searches for coalitions, events, instruments and provisions, and each of them by slug and id."""
    for name, (fragment, arguments) in RECORD_LISTS.items():
        page = f"totalCount nodes {{ id }} edges {{ cursor node {{ ...{fragment} }} }} pageInfo {{ hasNextPage endCursor }}"
        yield from (f"{name}(first: 100 {argument}) {{ {page} }}" for argument in arguments)
        yield from list_pages(name, page, "", cursors[name])
    yield from nested_pages(cursors)
    listed = "totalCount nodes { slug }"
    for code, by in product(REGIONS, ("LOCATED", "SERVING", "LOCATED_OR_SERVING")):
        yield f'events(regions: {{ anyOf: ["{code}"], by: {by} }}) {{ {listed} }}'
        yield f'coalitions(regions: {{ anyOf: ["{code}"], by: {by} }}) {{ {listed} }}'
    yield from (f"coalitions(member: {key}) {{ {listed} }}" for key in PRIVATE_IDS)
    yield from (f"events(host: {key}) {{ {listed} }}" for key in PRIVATE_IDS)
    yield 'provision(slug: "article-7") { ...provision }'
    for words in (*WORDS, "gatherings in June 2026", "Rookery Alliance"):
        yield f"events(query: {a_text(words)}) {{ {listed} }}"
        yield f"events(words: {a_text(words)}) {{ {listed} }}"
    yield 'coalition(slug: "rookery-alliance") { ...coalition } instrument(slug: "rookery-treaty") { ...instrument }'
    yield f'events(coalition: "rookery-alliance") {{ {listed} }}'
    yield f'provisions(instrument: "rookery-treaty", cycle: "3") {{ {listed} }}'
    yield select_organizations('coalition: "rookery-alliance"', "first: 50", "explained")
    yield from (f"event(slug: {a_text(a_slug(event_name(level)))}) {{ ...event }}" for level in LEVELS)
    for kind, name in (
        ("Event", event_name("City")),
        ("Event", event_name("City", Audience.STAFF)),
        ("Coalition", "Rookery Alliance"),
    ):
        yield f"node(id: {a_text(str(GlobalId(kind, an_id(name))))}) {{ id }}"


def nested_pages(cursors: dict[str, str | None]) -> Iterator[str]:
    """Yield the lists of a coalition and of one of its members."""
    alliance, member = 'coalition(slug: "rookery-alliance")', 'organization(by: { slug: "rookery-city-house" })'
    owners = {
        "members": (alliance, "members"),
        "gatherings": (alliance, "events"),
        "subgroups": (alliance, "branches"),
        "joined": (member, "coalitions"),
        "hosted": (member, "events"),
    }
    for cursor, (owner, name) in owners.items():
        yield from (f"{owner} {{ {page} }}" for page in list_pages(name, "totalCount nodes { slug }", "", cursors[cursor]))
    times = 'from: "2026-06-02T00:00:00Z" until: "2026-06-05T00:00:00Z"'
    yield from (f"{owner} {{ events({times}) {{ totalCount nodes {{ slug }} }} }}" for owner in (alliance, member))
