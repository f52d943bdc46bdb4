"""Compiled coercion gives resolvers the same values as graphql-core and Strawberry, and declines whatever they refuse."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    build_schema,
    parse,
    print_ast,
    validate,
)

from directory.question import KEY_LIMIT, QUERY_LIMIT, RegionMatch
from schema.errors import DeclinedError
from schema.execution.literals import take_out_literals
from schema.types.organization_filter import OrganizationFilter, RegionFilter, TermFilter
from tests.schema.execution.argument_documents import change_literals, write_document
from tests.schema.execution.compiled_field import FIELD_SCHEMA, FIELDS, CompiledField, build_like_graphql_core, get_fields
from tests.schema.execution.documents.request_checks import count_filter_levels

DOCUMENTS = 25  # for each field
PLAIN_SCHEMA = build_schema("""
  enum Color { RED GREEN }
  scalar Anything
  input Inner { number: Int! = 3, color: Color, list: [[Int!]] }
  input Outer { inner: Inner!, inners: [Inner] = [{number: 5}, null], text: String = "a", float: Float, id: ID, any: Anything }
  input One @oneOf { text: String, inner: Inner }
  type Query {
    outer(outer: Outer, inners: [Inner!]! = [], flag: Boolean! = true): String
    one(one: One!, text: String = "default", color: Color! = GREEN): String
    scalars(id: ID, int: Int, float: Float, ids: [ID], anything: Anything, colors: [Color!]): String
  }
""")


CASES = [*((FIELD_SCHEMA, name) for name in FIELDS), *((PLAIN_SCHEMA, name) for name in ("outer", "one", "scalars"))]


def test_generated_filters_are_nested() -> None:
    field = get_fields(FIELD_SCHEMA)["Query_organizations"]
    documents = [write_document("Query_organizations", field, Random(seed)) for seed in range(600)]  # noqa: S311
    levels = Counter(count_filter_levels(value) for _, variables in documents for value in variables.values())
    assert min(levels[1], levels[2]) > 0
    assert sum(re.search(r"\b(and|or): \[?\{", text) is not None for text, _ in documents) > 15


@pytest.mark.parametrize(("schema", "name"), CASES, ids=[name for _, name in CASES])
def test_arguments_are_those_of_graphql_core_and_strawberry(schema: GraphQLSchema, name: str) -> None:
    generators = [Random(f"{name} {seed}") for seed in range(DOCUMENTS)]  # noqa: S311
    outcomes = Counter(outcome for rng in generators for outcome in compare_document(schema, name, rng))
    assert outcomes["accepted"] > DOCUMENTS / 3
    assert outcomes["declined"] > DOCUMENTS / 10 or len(get_fields(schema)[name].args) < 4


def compare_document(schema: GraphQLSchema, name: str, rng: Random) -> Iterator[str]:
    """Compare the arguments of a document, and of texts with the same key. Yield the outcome of each."""
    text, variables = write_document(name, get_fields(schema)[name], rng)
    if validate(schema, parse(text)):
        return  # only valid documents are compiled
    compiled = CompiledField(schema, text)
    for same_key in (text, change_literals(compiled.text, rng), change_literals(compiled.text, rng)):
        parts = take_out_literals(same_key)
        if parts.key == compiled.text.key:  # otherwise a number became a page size, or no longer is one
            assert compiled.accepts_literals(parts) == (not validate(schema, parse(same_key))), same_key
            expected = build_like_graphql_core(schema, same_key, variables)
            built = compiled.build(parts, variables)
            if built is None and has_long_default(same_key):
                continue
            assert repr(built) == repr(expected), (same_key, variables)
            yield "declined" if built is None else "accepted"


def has_long_default(text: str) -> bool:
    """Return whether a variable has a default above the limit of a text. It is declined even if it does not apply."""
    return "x" * 101 in text.partition(" { ")[0]


OUTER = "$v: Outer", "outer(outer: $v)"
INNERS = "outer(inners: $v)"
ONE = "$v: One!", "one(one: $v)"


@pytest.mark.parametrize(
    ("definition", "selection", "accepted", "declined"),
    [
        (
            *OUTER,
            [None, {"inner": {}}, {"inner": {"number": 1}, "inners": {}}],
            [{}, {"inner": {"number": None}}, {"inner": None}, [], "a", 1],
        ),
        (*OUTER, [{"inner": {"color": "RED"}}], [{"inner": {}, "unknown": 1}, {"inner": {"color": "BLUE"}}]),
        (
            *OUTER,
            [{"inner": {"list": 1}}, {"inner": {"list": [[1]]}}, {"inner": {"list": [None, 1]}}],
            [{"inner": {"list": [[None]]}}],
        ),
        (*OUTER, [{"inner": {}, "any": None}, {"inner": {}, "any": [{}]}], [{"inner": [{}]}]),
        ("$v: [Inner!]!", INNERS, [[], {}, [{"number": 1}]], [None, [None], [[]]]),
        ("$v: [Inner!]", INNERS, [[]], [None]),
        ("$v: Boolean", "outer(flag: $v)", [True, False], [None, 0, "true"]),
        (*ONE, [{"text": ""}, {"inner": {}}], [None, {}, {"text": None}, {"text": "", "inner": {}}, {"text": "", "inner": None}]),
        ("$v: String!", "one(one: {text: $v})", [""], [None]),
        ("$v: Int", "scalars(int: $v)", [None, 1, 1.0, 2**31 - 1], [True, 1.5, "1", 2**31, [], float("inf")]),
        ("$v: Float", "scalars(float: $v)", [1, 1.5, -0.0], [True, "1", float("nan"), 2**53 + 1, 10**400, {}]),
        ("$v: ID", "scalars(id: $v)", [1, "1", 10**20, 1.0], [True, 1.5, []]),
        ("$v: ID", "scalars(ids: [$v])", ["1", None], [["1"]]),
        ("$v: [ID]", "scalars(ids: $v)", ["1", ["1", 2], [None], None], [{}, [[]], [True]]),
        ("$v: [ID]!", "scalars(ids: $v)", [[None]], [None]),
        ("$v: Anything!", "scalars(anything: $v)", [{}, 0], [None]),
        ("$v: [Color!]", "scalars(colors: $v)", ["RED", ["RED", "GREEN"]], ["red", [None], {}, 1, [[]]]),
        ("$v: Color", 'one(one: {text: "a"}, color: $v)', ["RED"], [None, "", []]),
    ],
)
def test_variables(definition: str, selection: str, accepted: list[Any], declined: list[Any]) -> None:
    text = f"query({definition}) {{ {selection} }}"
    assert not validate(PLAIN_SCHEMA, parse(text))
    compiled = CompiledField(PLAIN_SCHEMA, text)
    values: list[Any] = [*accepted, *declined]
    for number, value in enumerate(values):
        expected = build_like_graphql_core(PLAIN_SCHEMA, text, {"v": value})
        assert repr(compiled.build(compiled.text, {"v": value})) == repr(expected)
        assert (expected is not None) == (number < len(accepted)), value
    assert repr(compiled.build(compiled.text, None)) == repr(build_like_graphql_core(PLAIN_SCHEMA, text, {}))


def compile_query(arguments: str, definitions: str = "") -> CompiledField:
    return CompiledField(FIELD_SCHEMA, f"query{definitions} {{ Query_organizations({arguments}) }}")


def test_constants_are_built_once() -> None:
    arguments = compile_query("first: 5, filter: {regions: {by: SERVING}}").arguments
    assert arguments.constants == {
        "first": 5,
        "organization_filter": OrganizationFilter(regions=RegionFilter(by=RegionMatch.SERVING)),
    }
    assert arguments.build({}, ())["organization_filter"] is arguments.constants["organization_filter"]


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [("query: $q", "($q: String!)"), ('after: "c"', ""), ('filter: {issueAreas: {anyOf: ["a"]}}', ""), ("first: -1", "")],
)
def test_arguments_with_variables_or_literals_are_built_for_each_request(arguments: str, variables: str) -> None:
    assert compile_query(arguments, variables).arguments.constants is None


def test_absent_variables_leave_arguments_and_fields_out() -> None:
    compiled = compile_query(
        "query: $q, filter: {issueAreas: {anyOf: $slugs, narrower: $n}}", "($q: String, $slugs: [String!], $n: Boolean = false)"
    )
    assert compiled.build(compiled.text, {}) == {
        "organization_filter": OrganizationFilter(issue_areas=TermFilter(narrower=False))
    }
    assert compiled.build(compiled.text, {"q": None, "slugs": "a"}) == {
        "query": None,
        "organization_filter": OrganizationFilter(issue_areas=TermFilter(any_of=["a"], narrower=False)),
    }


@pytest.mark.parametrize(
    ("arguments", "definitions", "limit"),
    [
        ("query: TEXT", "", QUERY_LIMIT),
        ("query: $v", "($v: String)", QUERY_LIMIT),
        ("query: $q", "($q: String = TEXT)", QUERY_LIMIT),
        ("filter: {issueAreas: {anyOf: [TEXT]}}", "", KEY_LIMIT),
        ('filter: {issueAreas: {anyOf: ["a", $v]}}', "($v: String!)", KEY_LIMIT),
        ("filter: {issueAreas: {anyOf: $v}}", "($v: [String!])", KEY_LIMIT),
        ("filter: {issueAreas: $terms}", "($terms: TermFilter)", KEY_LIMIT),
    ],
)
def test_a_text_above_its_limit_is_declined(arguments: str, definitions: str, limit: int) -> None:
    compiled = compile_query(arguments.replace("TEXT", '"a"'), definitions.replace("TEXT", '"a"'))
    for length in (limit, limit + 1):
        text, literal = "x" * length, json.dumps("x" * length)
        same_key = take_out_literals(compiled.text.text.replace('"a"', literal))
        built = compiled.build(same_key, {"v": text, "terms": {"anyOf": ["a", text]}})
        assert (text in repr(built)) == (length == limit)


@pytest.mark.parametrize(
    "text",
    [
        'query { Query_issueArea(slug: "a") } query B { Query_organizations(filter: {joinedSince: "2026-01-31"}) }',
        'query { Query_issueArea(slug: "a") Query_organizations(filter: {joinedSince: "2026-01-31"}) @skip(if: true) }',
        'query($f: OrganizationFilter = {joinedSince: "2026-01-31"}) { Query_organizations(filter: $f) }',
        'query { Query_issueArea(slug: "a") } query B { Query_organizations(filter: {joinedSince: "2026-01-31"}, last: 12345) }',
    ],
)
def test_literals_are_checked_wherever_they_are(text: str) -> None:
    compiled = CompiledField(FIELD_SCHEMA, text)
    assert compiled.accepts_literals(compiled.text)
    assert compiled.accepts_literals(take_out_literals(text.replace('"a"', '"b"')))
    assert not compiled.accepts_literals(take_out_literals(text.replace("31", "32")))
    assert compiled.accepts_literals(take_out_literals(text.replace("12345", "99999")))
    assert compiled.accepts_literals(take_out_literals(text.replace("12345", "9999999999"))) == ("12345" not in text)


@pytest.mark.parametrize("depth", [0, 1, 3, 90, 150])
def test_an_input_type_can_contain_itself_as_deep_as_graphql_core_allows(depth: int) -> None:
    schema = build_schema("input Tree { trees: [Tree!] } type Query { plant(tree: Tree): String }")
    text = "query($tree: Tree) { plant(tree: $tree) }"
    tree: dict[str, Any] = {}
    for _ in range(depth):
        tree = {"trees": [tree]}
    compiled = CompiledField(schema, text)
    built = compiled.build(compiled.text, {"tree": tree})
    assert built == build_like_graphql_core(schema, text, {"tree": tree})
    assert (built is None) is (depth > 100)  # two levels of nesting each, of 200
    assert compiled.build(compiled.text, {"tree": {"trees": [{"trees": 1}]}}) is None


def test_a_scalar_that_reads_literals_in_its_own_way_is_declined() -> None:
    scalar = GraphQLScalarType("Loud", coerce_input_value=str, coerce_input_literal=lambda node: print_ast(node).upper())
    schema = GraphQLSchema(GraphQLObjectType("Query", {"say": GraphQLField(GraphQLString, {"loud": GraphQLArgument(scalar)})}))
    assert CompiledField(schema, "query { say(loud: quiet) }").arguments.constants == {"loud": "QUIET"}
    for before in ("", "query A { say } "):
        with pytest.raises(DeclinedError):
            CompiledField(schema, before + 'query B { say(loud: "quiet") }')


@pytest.mark.parametrize("value", ['["a"]', "{a: 1}"])
def test_a_scalar_that_consists_of_several_literals_is_declined(value: str) -> None:
    for before in ("", "query A { scalars } "):
        with pytest.raises(DeclinedError):
            CompiledField(PLAIN_SCHEMA, f"{before}query B {{ scalars(anything: {value}) }}")


@pytest.mark.parametrize("variables", [{}, {"x": None}])
@pytest.mark.parametrize("document", ["(by: {slug: $x})", "(by: {id: $x})"])
def test_a_one_of_input_needs_its_value(document: str, variables: dict[str, Any]) -> None:
    text = f"query($x: {'ID' if 'id' in document else 'String'}) {{ Query_organization{document} }}"
    compiled = CompiledField(FIELD_SCHEMA, text)
    assert compiled.build(compiled.text, variables) is None
    assert compiled.build(compiled.text, {"x": "a"})
