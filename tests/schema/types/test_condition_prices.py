"""Words, query strings and filters cost by what they contain, wherever in the request it stands."""

from typing import Any
from urllib.parse import quote

import pytest

from schema.types.condition_prices import (
    ALTERNATIVE,
    CIRCLE,
    CONDITION_POINTS,
    FILTER_PRICE,
    ID,
    KEY,
    PLACE,
    QUERY_STRING,
    RANGE,
    REGION,
    SENTENCE,
    UNLIMITED_PLACE,
    WIDE_KM,
    WIDTH,
    WORD,
    WORDS_PRICE,
    count_filter_conditions,
    count_query_string_conditions,
    count_sentence_words,
)
from tests.schema.execution.test_cost import cost, difference

PLAIN = "{ organizations { version } }"
NEAR = {"near": {"place": {"name": "Atlanta"}, "radius": 5}}
LITERAL_NEAR = 'near: {place: {name: "Atlanta"}, radius: 5}'
LITERALS = f'[{{{LITERAL_NEAR}}}, {{{LITERAL_NEAR}, regions: {{anyOf: ["US-GA", "US"]}}}}]'


def drop_zeros(counts: Any) -> dict[str, float]:
    return {kind: number for kind, number in counts.items() if number}


STRANGE_RADII: list[Any] = ["x", [], {}, 10**400, float("inf"), True, False]
ONE_CIRCLE = {PLACE: 1, CIRCLE: 1, WIDTH: 5 / WIDE_KM}


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        (None, {}),
        ({}, {}),
        ({"or": [], "and": None, "ids": [], "regions": {}}, {}),
        ({"regions": {"anyOf": ["US-GA", "US-AL"], "noneOf": "US"}}, {REGION: 3}),
        ({"ids": ["a", "b"], "parent": "c"}, {ID: 3}),
        ({"ids": "a"}, {ID: 1}),
        (NEAR, ONE_CIRCLE),
        ({"near": {"place": {"name": "Atlanta"}}}, {PLACE: 1, UNLIMITED_PLACE: 1}),
        ({"or": [NEAR, NEAR, {"near": {"place": {}}}]}, {ALTERNATIVE: 3, PLACE: 1, CIRCLE: 2, WIDTH: 10 / WIDE_KM}),
        ({"near": {"radius": 9_000}}, {PLACE: 1, CIRCLE: 1, WIDTH: 1}),
        ({"near": {"radius": 500, "unit": "MILE"}}, {PLACE: 1, CIRCLE: 1, WIDTH: pytest.approx(804.672 / WIDE_KM)}),
        ({"and": {"or": {"founded": {"from": 1990}}}}, {ALTERNATIVE: 2, RANGE: 1}),
        ({"within": {}, "verifiedSince": "2026-01-31", "joinedSince": None, "updatedSince": 5}, {RANGE: 3}),
        # Values that are not valid are counted as far as possible.
        ("text", {}),
        ([{"or": 1}], {}),
        ({"or": [1, None, [NEAR], {"ids": {"a": 1}}], "near": [], "regions": "US-GA"}, {ALTERNATIVE: 4, ID: 1}),
        *(({"near": {"radius": radius}}, {PLACE: 1, CIRCLE: 1, WIDTH: 1}) for radius in STRANGE_RADII),
        ({"near": {"radius": -5}}, {PLACE: 1, CIRCLE: 1}),
    ],
)
def test_conditions_of_a_filter(value: Any, counts: dict[str, float]) -> None:
    assert drop_zeros(count_filter_conditions(value)) == counts


SEARCH = "issue=housing&region=US-GA&region.not=US&id=a&parent=b&founded=1990-"
TWO_CIRCLES = {PLACE: 1, CIRCLE: 2, WIDTH: 14 / WIDE_KM}
CLAUSE = "any=near=city:US-GA:atlanta%26radius=5|near=city:US-GA:atlanta%26radius=9%26region=US"


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", {}),
        (None, {}),
        (5, {}),
        ("x" * 8_001, {}),
        ("issue=housing", {QUERY_STRING: 1, KEY: 1}),
        (SEARCH, {QUERY_STRING: 1, KEY: 6, REGION: 2, ID: 2, RANGE: 1}),
        (CLAUSE, {QUERY_STRING: 1, KEY: 6, ALTERNATIVE: 2, REGION: 1, **TWO_CIRCLES}),
        ("any=" + quote(quote(CLAUSE)), {QUERY_STRING: 1, KEY: 7, ALTERNATIVE: 3, REGION: 1, **TWO_CIRCLES}),
        ("any=%72adius=5|r%61dius=6|radius=7", {QUERY_STRING: 1, KEY: 4, ALTERNATIVE: 3, CIRCLE: 3, WIDTH: 18 / WIDE_KM}),
        ("near=atlanta&radius=5", {QUERY_STRING: 1, KEY: 2, **ONE_CIRCLE}),
        ("near=atlanta&radius=1e9", {QUERY_STRING: 1, KEY: 2, PLACE: 1, CIRCLE: 1, WIDTH: 1}),
        ("near=atlanta&radius=", {QUERY_STRING: 1, KEY: 2, PLACE: 1, CIRCLE: 1, WIDTH: 1}),
        ("near=atlanta", {QUERY_STRING: 1, KEY: 1, PLACE: 1, UNLIMITED_PLACE: 1}),
    ],
)
def test_conditions_of_a_query_string(text: Any, counts: dict[str, float]) -> None:
    assert drop_zeros(count_query_string_conditions(text)) == counts


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", {}),
        ("  ", {}),
        (None, {}),
        (["a"], {}),
        ("?!", {SENTENCE: 1}),
        ("who works on housing", {SENTENCE: 1, WORD: 4}),
        ("a " * 250, {SENTENCE: 1, WORD: 32}),
    ],
)
def test_words_of_a_sentence(text: Any, counts: dict[str, float]) -> None:
    assert drop_zeros(count_sentence_words(text)) == counts


TWO_ALTERNATIVES = sum(CONDITION_POINTS[kind][0] for kind in (ALTERNATIVE, ALTERNATIVE, REGION, REGION, PLACE, CIRCLE, CIRCLE))
TWO_ALTERNATIVES += CONDITION_POINTS[WIDTH][0] * 10 / WIDE_KM


@pytest.mark.parametrize(
    ("definitions", "filter_text", "variables"),
    [
        ("", f"{{or: {LITERALS}}}", {}),
        ("($f: OrganizationFilter)", "$f", {"f": {"or": [NEAR, {**NEAR, "regions": {"anyOf": ["US-GA", "US"]}}]}}),
        ("($f: [OrganizationFilter!])", "{or: $f}", {"f": [NEAR, {**NEAR, "regions": {"anyOf": ["US-GA", "US"]}}]}),
        ("($f: OrganizationFilter!, $c: [String!])", "{or: [$f, {NEAR, regions: {noneOf: $c}}]}", {"f": NEAR, "c": ["US", "MX"]}),
        ("($r: Float)", f"{{or: {LITERALS}}}".replace("5", "$r", 1), {"r": 5}),
        (f"($f: OrganizationFilter = {{or: {LITERALS}}})", "$f", {}),
        (f"($f: [OrganizationFilter!] = {LITERALS})", "{or: $f}", {}),
    ],
)
def test_a_filter_costs_the_same_in_literals_variables_and_defaults(
    definitions: str, filter_text: str, variables: dict[str, Any]
) -> None:
    filter_text = filter_text.replace("NEAR", LITERAL_NEAR)
    text = f"query{definitions} {{ organizations(filter: {filter_text}) {{ version }} }}"
    assert difference(PLAIN, text, **variables) == TWO_ALTERNATIVES


def test_null_and_absent_variables_cost_nothing() -> None:
    text = (
        "query($f: OrganizationFilter, $w: String, $s: String) { organizations(filter: $f, words: $w, search: $s) { version } }"
    )
    for variables in ({}, {"f": None, "w": None, "s": None}, {"f": {}, "w": "", "s": ""}, {"f": [1], "w": 5, "s": {}}):
        assert cost(text, variables) == cost(PLAIN)


def test_words_cost_the_same_as_a_literal_and_as_a_variable() -> None:
    expected = WORDS_PRICE.compute("who works on housing", 0)
    assert difference(PLAIN, '{ organizations(words: "who works on housing") { version } }') == expected
    text = 'query($w: String = "who works on housing") { organizations(words: $w) { version } }'
    assert difference(PLAIN, text) == expected
    assert difference(PLAIN, text, w="housing") == WORDS_PRICE.compute("housing", 0) < expected


def test_a_value_that_is_nested_too_deep_has_a_price() -> None:
    deep: Any = {}
    for _ in range(1_500):
        deep = {"or": [deep]}
    text = "query($f: OrganizationFilter) { organizations(filter: $f) { version } }"
    assert cost(PLAIN) < cost(text, {"f": deep}) < cost(PLAIN) + 100


def test_a_circle_costs_more_in_a_larger_directory() -> None:
    counts = {"or": [NEAR, NEAR]}
    small, large = (FILTER_PRICE.compute(counts, thousands) for thousands in (2, 50))
    per_thousand = 2 * CONDITION_POINTS[CIRCLE][1] + CONDITION_POINTS[WIDTH][1] * 10 / WIDE_KM
    assert large - small == pytest.approx(48 * per_thousand)
