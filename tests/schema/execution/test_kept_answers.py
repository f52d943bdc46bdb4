"""Answers and cards that are kept belong to the values that they were asked with: literals, variables and arguments."""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from directory.search.snapshot import Snapshot
from schema.context import Context
from schema.execution.cards import CARDS
from schema.execution.execute import answer_document
from tests.builders import NOW
from tests.schema.conftest import ALL_ORGANIZATIONS, HARBOR, ROOF
from tests.schema.execution.documents.request_checks import RequestChecker

SLUGS = ("housing", "workers", "health", "housin")
CODES = ("US-GA", "US-IL", "US", "US-GA-121", "US-GGA")
# A document in which VALUE stands for a literal or a variable -> its type and values.
QUESTIONS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "{ organizations(filter: {issueAreas: {anyOf: [VALUE]}}) { totalCount nodes { slug } } }": ("String!", SLUGS),
    "{ organizations(filter: {issueAreas: {noneOf: VALUE}}) { totalCount nodes { slug } } }": ("[String!]", SLUGS),
    "{ organizations(filter: {regions: {anyOf: [VALUE]}}) { totalCount facets { regions(kind: STATE) { value count } } } }": (
        "String!",
        CODES,
    ),
    "{ organizations(filter: {languages: {anyOf: [VALUE]}}, first: 2) { nodes { slug } pageInfo { endCursor } } }": (
        "String!",
        ("en", "es", "fr"),
    ),
    "{ organizations(first: VALUE) { nodes { slug name } } }": ("Int", (1, 2, 3, 0)),
    "{ organizations(last: VALUE) { nodes { slug name } } }": ("Int", (1, 2, 3)),
    "{ organizations(filter: {joinedSince: VALUE}) { totalCount } }": ("Date", ("2020-05-01", "2020-05-02", "1999-01-01")),
    "{ issueArea(slug: VALUE) { slug label organizationCount organizations { totalCount } } }": ("String!", SLUGS),
    "{ region(code: VALUE) { code name organizationCount } }": ("String!", CODES),
    "{ organization(by: {slug: VALUE}) { name } }": ("String!", (HARBOR.slug, ROOF.slug, "harbor-old", "nobody")),
    "{ organizations { nodes { issueAreas { label(language: VALUE) } languages { label(language: VALUE) } } } }": (
        "String!",
        ("en", "es", "fr", ""),
    ),
    "{ issueAreas(first: 3) { nodes { synonyms(language: VALUE) label } } }": ("String", ("en", "es", "fr")),
    "{ places(query: VALUE) { name } }": ("String!", ("Atlanta", "Chicago", "30312")),
}  # fmt: skip
# Enum values and booleans are part of a document's key, unlike strings and numbers.
CHOICES: dict[str, tuple[str, tuple[Any, ...]]] = {
    "{ organizations { nodes { serviceAreas { organizationCount(by: VALUE) } } } }": (
        "RegionMatch!",
        ("LOCATED", "SERVING", "LOCATED_OR_SERVING"),
    ),
    "{ organizations { nodes { serviceAreas { organizationCount(nationwide: VALUE) } } } }": (
        "Nationwide!",
        ("INCLUDE", "EXCLUDE", "ONLY"),
    ),
    "{ organizations(filter: {kinds: VALUE}) { totalCount nodes { kind } } }": ("[OrganizationKind!]", ("UNION", "OTHER")),
    "{ organizations(filter: {regions: {anyOf: [\"US-GA\"], nationwide: VALUE}}) { totalCount } }": (
        "Nationwide!",
        ("INCLUDE", "EXCLUDE", "ONLY"),
    ),
    "{ organizations(orderBy: {field: NAME, direction: VALUE}) { nodes { slug } } }": (
        "OrderDirection!",
        ("ASCENDING", "DESCENDING"),
    ),
    "{ organizations { nodes { name slug @skip(if: VALUE) issueAreas { slug @include(if: VALUE) label } } } }": (
        "Boolean!",
        (True, False),
    ),
    "{ organizations(filter: {near: {place: {name: \"Atlanta\"}}}) { edges { distance(unit: VALUE) } } }": (
        "DistanceUnit!",
        ("MILE", "KILOMETER"),
    ),
}  # fmt: skip


@pytest.fixture
def checker(snapshot: Snapshot) -> RequestChecker:
    return RequestChecker(snapshot, Counter())


def write_literal(value: Any, kind: str) -> str:
    if isinstance(value, str):
        return f'"{value}"' if kind.strip("[]!") in ("String", "Date", "ID") else value
    return str(value).lower()


def list_requests(document: str, kind: str, values: tuple[Any, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield requests with each value as a literal, as a variable and as the default of a variable."""
    for value in values:
        literal = write_literal(value, kind)
        yield f"query Generated {document.replace('VALUE', literal)}", {}
        yield f"query Generated($value: {kind}) {document.replace('VALUE', '$value')}", {"value": value}
        yield f"query Generated($value: {kind} = {literal}) {document.replace('VALUE', '$value')}", {}


@pytest.mark.parametrize("document", [*QUESTIONS, *CHOICES])
def test_each_value_gets_its_own_answer(checker: RequestChecker, document: str) -> None:
    kind, values = {**QUESTIONS, **CHOICES}[document]
    requests = list(list_requests(document, kind, values))
    answers = [checker.check(*request) for request in requests]
    assert [checker.check(*request) for request in reversed(requests)] == answers[::-1]
    assert [answers[number : number + 3] for number in range(0, len(answers), 3)] == [[each] * 3 for each in answers[::3]]
    assert any(answer != answers[0] for answer in answers)


def test_two_values_in_one_document_do_not_mix(checker: RequestChecker) -> None:
    document = """query Generated($a: String!, $b: String!) {
      a: organizations(filter: {issueAreas: {anyOf: [$a]}}) { nodes { issueAreas { label(language: $b) } } }
      b: organizations(filter: {issueAreas: {anyOf: [$b]}}) { nodes { issueAreas { label(language: $a) } } }
    }"""
    for a, b in product(("housing", "workers", "es", "en"), repeat=2):
        checker.check(document, {"a": a, "b": b})


def test_variables_that_are_absent_null_or_equal_to_the_default(checker: RequestChecker) -> None:
    document = """query Generated($n: Int = 2, $f: OrganizationFilter, $l: String! = "es") {
      organizations(first: $n, filter: $f) { nodes { slug issueAreas { label(language: $l) } } }
    }"""
    filters: list[Any] = [None, {}, {"issueAreas": None}, {"issueAreas": {"anyOf": None}}, {"issueAreas": {"anyOf": ["housing"]}}]
    for number, question, language in product([None, 2, 1], filters, ["es", "en"]):
        values = {"n": number, "f": question, "l": language}
        for left_out in ((), ("n",), ("f",), ("l",), ("n", "f", "l")):
            checker.check(document, {name: value for name, value in values.items() if name not in left_out})
    assert checker.case_counts["errors"] == 0
    assert len(ALL_ORGANIZATIONS) > 2


def test_an_invalid_literal_is_reported_before_the_price(snapshot: Snapshot) -> None:
    page = 'organizations(query: "WORDS", filter: {{joinedSince: "{day}"}}) {{ relaxations {{ count }} }}'
    pages = " ".join(f"p{number}: {page}" for number in range(25))
    valid, invalid = (f"{{ {pages.format(day=day)} }}" for day in ("2020-01-01", "nonsense"))
    context = Context(snapshot, NOW)
    assert answer_document(valid.replace("WORDS", "tenants"), None, None, context).errors
    first_error = answer_document(invalid.replace("WORDS", "tenants " * 55), None, None, context).first_error
    assert first_error == {"code": "NOT_VALID"}


def test_two_selections_share_a_card_only_if_each_argument_has_the_same_value(snapshot: Snapshot) -> None:
    fragments = "fragment F on Organization { issueAreas { label(language: $a) } } "
    fragments += "fragment G on Organization { issueAreas { label(language: $b) } }"
    places = "organizations { nodes { p: parent { ...X } q: parent { ...Y } r: parent { ...Z } } }"
    context = Context(snapshot, NOW)
    kept = {}
    for order in ("FFG", "FGG", "GFF", "GGF", "FGF"):
        selected = places
        for place, fragment in zip("XYZ", order, strict=True):
            selected = selected.replace(f"...{place}", f"...{fragment}")
        document = f'query($a: String = "en", $b: String = "es") {{ {selected} }} {fragments}'
        kept[document] = answer_document(document, None, None, context).data
    for document, data in kept.items():
        CARDS.clear()
        snapshot.answers.clear()
        assert answer_document(document, None, None, context).data == data
    assert len(set(kept.values())) == 5


WORDS = 'organizations(words: "housing") { totalCount nodes { slug } }'
CHOICES_ONLY = 'organizations(search: "issue=housing") { totalCount nodes { slug } }'


@pytest.mark.parametrize(
    ("selection", "is_kept"),
    [
        (CHOICES_ONLY, True),
        (CHOICES_ONLY.replace("search:", 'words: " ", search:'), True),
        (WORDS, False),
        (WORDS.replace("words:", "filter: {kinds: [UNION]}, words:"), False),
        (f"a: {CHOICES_ONLY} b: {WORDS}", False),
        (CHOICES_ONLY.replace("issue=housing", "q=housing"), False),
        (CHOICES_ONLY.replace("issue=housing", f"id={HARBOR.id}"), False),
        (CHOICES_ONLY.replace("issue=housing", "near=atlanta"), False),
    ],
)
def test_answers_with_words_are_never_kept(snapshot: Snapshot, selection: str, is_kept: bool) -> None:
    """They would be faster for others who ask the same."""
    context = Context(snapshot, NOW)
    document = f"{{ {selection} }}"
    for _ in range(3):  # the document is compiled when it is first answered
        assert not answer_document(document, None, None, context).errors
    snapshot.answers.clear()
    before = len(snapshot.answers)
    answer_document(document, None, None, context)
    assert (len(snapshot.answers) > before) == is_kept
