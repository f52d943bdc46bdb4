"""Relaxations that replace a part of a question; test_relaxations.py tests those that drop parts."""

from collections import Counter
from collections.abc import Mapping
from random import Random

import pytest
from msgspec.structs import replace

from directory.filters.query_strings import format_query_string, parse_query_string
from directory.gazetteer.gazetteer import get_gazetteer
from directory.question import MAX_CLAUSES
from directory.search.relaxations import RELAXATION_LIMIT, RelaxationKind, find_relaxations
from directory.search.search_index import SearchIndex
from directory.search.search_result import SearchResult
from tests.directory.search.generated_questions import generate_question
from tests.directory.search.generated_records import generate_records
from tests.directory.search.reference_search import TODAY
from tests.directory.search.test_relaxations import EVERYBODY, FakeCounter

ATLANTA = "near=city:US-GA:atlanta"
REGION = get_gazetteer().resolve("Atlanta, GA").regions[0]  # the narrowest
NEAR_ATLANTA = f"any={ATLANTA}%26radius=80.4672|region={REGION}%26by=SERVING"


def relax_by_kind(address: str, known_counts: Mapping[str, int]) -> list[tuple[str, str]]:
    found = find_relaxations(parse_query_string(address), FakeCounter(known_counts))
    return [(one.kind.value, format_query_string(one.question)) for one in found]


@pytest.mark.parametrize(
    ("address", "kind", "expected"),
    [
        ("region=GA", "INSTEAD", "region=US-GA"),
        ("any=issue=housing|region=GA", "INSTEAD", "any=issue=housing|region=US-GA"),
        ("q=network", "INSTEAD", f"q=network&{EVERYBODY}"),
        ("region=US-GA&by=LOCATED", "SERVES_THE_PLACE", "region=US-GA"),
        (f"issue=housing&{ATLANTA}&radius=80.4672", "SERVES_THE_PLACE", f"issue=housing&{NEAR_ATLANTA}"),
        (f"{ATLANTA}&radius=5", "WIDER_CIRCLE", f"{ATLANTA}&radius=80.4672"),
        (f"{ATLANTA}&radius=81", "WIDER_CIRCLE", f"{ATLANTA}&radius=160.9344"),
        (f"{ATLANTA}&radius=170", "WIDER_CIRCLE", f"{ATLANTA}&radius=321.8688"),
        ("near=33.75,-84.39&radius=5", "WIDER_CIRCLE", "near=33.75,-84.39&radius=80.4672"),
        (NEAR_ATLANTA, "WIDER_CIRCLE", NEAR_ATLANTA.replace("80.4672", "321.8688")),
        ("issue=tenants&kind=UNION", "BROADER_THEME", "issue=housing&kind=UNION"),
        ("issue.all=tenants", "BROADER_THEME", "issue.all=housing"),
        ("community=black-workers", "BROADER_THEME", "community=black"),
        ("community=black-workers", "BROADER_THEME", "community=workers"),
        ("any=issue=tenants|kind=UNION", "BROADER_THEME", "any=issue=housing|kind=UNION"),
        ("issue=housing&region=US-GA&by=LOCATED", "NATIONWIDE", "issue=housing&region=US&by=SERVING&nationwide=ONLY"),
        (f"{ATLANTA}&radius=5", "NATIONWIDE", f"region=US&by=SERVING&nationwide=ONLY&{ATLANTA}"),
        (f"issue=housing&{NEAR_ATLANTA}", "NATIONWIDE", f"issue=housing&region=US&by=SERVING&nationwide=ONLY&{ATLANTA}"),
        (
            "region=US-GA&region.not=US-GA-121&by=LOCATED",
            "NATIONWIDE",
            "region=US&by=SERVING&nationwide=ONLY&any=region.not%3DUS-GA-121%26by%3DLOCATED".replace("%3D", "="),
        ),
        (f"issue=housing&{NEAR_ATLANTA}", "DROP", "issue=housing"),
        ("any=issue=housing|kind=UNION&any=community=women|located=true", "DROP", "any=community=women|located=true"),
        ("region=US-GA&region.not=US-GA", "DROP", "region=US-GA"),
        ("region=US-GA&region.not=US-GA", "DROP", "region.not=US-GA"),
        ("issue=housing&issue.not=housing", "DROP", "issue=housing"),
        ("issue=housing&issue.not=housing", "DROP", "issue.not=housing"),
        ("kind=UNION&kind.not=UNION", "DROP", "kind=UNION"),
        ("founded=1990&founded=", "DROP", ""),
    ],
)
def test_next_steps(address: str, kind: str, expected: str) -> None:
    assert relax_by_kind(address, {expected: 3}) == [(kind, expected)]


@pytest.mark.parametrize(
    ("address", "unexpected"),
    [
        (f"{ATLANTA}&radius=400", "WIDER_CIRCLE"),
        (ATLANTA, "WIDER_CIRCLE"),
        (ATLANTA, "SERVES_THE_PLACE"),
        ("near=33.75,-84.39&radius=5", "SERVES_THE_PLACE"),
        ("near=33.75,-84.39&radius=5", "NATIONWIDE"),
        ("region=US-GA&region=MX", "NATIONWIDE"),
        ("work=organizing", "BROADER_THEME"),
        ("q=a&optional=else", "BROADER_THEME"),
        ("membership=PROSPECT", "INSTEAD"),
        ("any=membership=PROSPECT|issue=housing", "INSTEAD"),
    ],
)
def test_steps_that_lead_nowhere_are_not_tried(address: str, unexpected: str) -> None:
    found = find_relaxations(parse_query_string(address), lambda _: 1)
    assert unexpected not in [one.kind for one in found]


def test_the_closest_in_meaning_comes_first_and_of_wider_circles_the_smallest() -> None:
    question = parse_query_string(f"q=unions&issue=tenants&region=GA&{ATLANTA}&radius=5")
    found = find_relaxations(question, lambda _: 1)
    assert [one.kind.value for one in found] == ["INSTEAD", "SERVES_THE_PLACE", "WIDER_CIRCLE", "BROADER_THEME", "INSTEAD"]


def test_what_changed_is_said_as_parts() -> None:
    (found,) = find_relaxations(parse_query_string(f"{ATLANTA}&radius=80.4672"), FakeCounter({NEAR_ATLANTA: 2}))
    assert [part.label() for part in found.without] == ["within 50 miles of Atlanta, GA"]
    assert [part.label() for part in found.instead] == ["near Atlanta, GA"]


def test_optional_words_are_no_reason_for_finding_nothing() -> None:
    found = find_relaxations(parse_query_string("q=unicorns&optional=else"), FakeCounter({"optional=else": 3, "q=unicorns": 3}))
    assert [format_query_string(one.question) for one in found] == ["optional=else"]


def test_a_question_with_as_many_clauses_as_there_may_be_is_relaxed_too() -> None:
    clauses = "&".join(f"any=founded={1900 + number}|founded={1950 + number}" for number in range(MAX_CLAUSES))
    found = find_relaxations(parse_query_string(f"{clauses}&{ATLANTA}&radius=5"), FakeCounter({clauses: 1}))
    assert [one.kind for one in found] == [RelaxationKind.DROP]


def test_relaxations_of_a_real_index_find_what_they_promise() -> None:
    rng, found = Random(5), Counter[RelaxationKind]()  # noqa: S311
    index = SearchIndex.build(generate_records(rng, 150))
    records = [record for _, record in index.rows.number_records()]
    for number in range(200):
        one, other = (generate_question(rng, records, number) for _ in range(2))
        fields = {name: getattr(other, name) for name in other.list_set_fields()}
        origin = {"near": one.near, "clauses": one.clauses} if one.origin else {}
        result = SearchResult(replace(one, **{**fields, **origin}), index, TODAY)
        if result.rows:
            continue
        assert len(result.relaxations) <= RELAXATION_LIMIT
        for relaxation in result.relaxations:
            assert SearchResult(relaxation.question, index, TODAY).total == relaxation.count > 0
            assert relaxation.without or relaxation.instead
            found[relaxation.kind] += 1
    assert found.keys() >= {RelaxationKind.DROP, RelaxationKind.INSTEAD, RelaxationKind.WIDER_CIRCLE}
