"""The cost of documents: every field has a price, and the cost of items is multiplied by the size of the page."""

from math import ceil
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    parse,
    validate,
)

from benchmarks.documents import DOCUMENTS
from directory.question import WORD_LIMIT
from schema.execution.cost import REQUEST_POINTS, compile_costs, compute_points, evaluate_cost
from schema.execution.literals import take_out_literals
from schema.execution.prices import list_declared_prices
from schema.fields import COMPUTED_POINTS, ITEM_POINTS, OBJECT_POINTS, PAGE_SIZE, READ_POINTS
from schema.limits import LIMITS
from schema.schema import SCHEMA
from schema.types.facets import COUNTY_FACET_POINTS
from schema.types.organizations_field import POINTS_PER_WORD, SEARCH_POINTS


def get_type(kind: str) -> GraphQLObjectType | GraphQLInterfaceType:
    definition = SCHEMA.type_map[kind]
    assert isinstance(definition, GraphQLObjectType | GraphQLInterfaceType)
    return definition


FIELDS = {(kind, field): get_type(kind).fields[field] for kind, field, _ in list_declared_prices()}


def cost(text: str, variables: dict[str, Any] | None = None, operation: str | None = None) -> float:
    """Return the cost in points, without rounding and without REQUEST_POINTS."""
    document = parse(text)
    assert not validate(SCHEMA, document)
    parts = take_out_literals(text)
    costs = compile_costs(SCHEMA, document, parts.number_literals())
    return evaluate_cost(costs[operation], variables, parts.literals, 0)


def difference(less: str, more: str, **variables: Any) -> float:
    return pytest.approx(cost(more, variables) - cost(less, variables), abs=1e-6)  # type: ignore[return-value]


def test_every_field_has_a_price() -> None:
    assert [(kind, field) for kind, field, price in list_declared_prices() if price is None] == []
    assert len(list(list_declared_prices())) > 200


def test_every_list_has_a_length() -> None:
    lists = {key for key, field in FIELDS.items() if is_list_type(get_nullable_type(field.type))}
    without = [
        (kind, field) for kind, field, one in list_declared_prices() if one and not (one.length or one.size or one.is_page)
    ]
    assert lists.isdisjoint(without)


def test_the_arguments_in_a_price_are_arguments_of_the_field() -> None:
    for kind, field, price in list_declared_prices():
        assert price
        arguments = FIELDS[kind, field].args.keys()
        assert price.points_per_word.keys() | price.points_by_value.keys() | price.points_by_input.keys() <= arguments
        paging = {"first", "last", "limit", "ids"} & arguments
        assert paging == set(price.size.arguments if price.size else ()), f"{kind}.{field}"


def test_fields_of_a_page_are_below_a_field_with_a_size() -> None:
    paged = {kind for kind, _, price in list_declared_prices() if price and price.is_page}
    leading = [(key, get_named_type(FIELDS[key].type).name) for key in FIELDS]
    for kind in paged:
        above = [key for key, leads in leading if leads == kind]
        assert above
        assert all(price.size for kind, field, price in list_declared_prices() if (kind, field) in above and price)


ORGANIZATIONS = "{ organizations%s { nodes { %s } } }"


@pytest.mark.parametrize(
    ("arguments", "length"),
    [("", 20), ("(first: 7)", 7), ("(last: 3)", 3), ("(first: null, last: 4)", 4), ("(first: 1000)", 100), ("(first: -5)", 0)],
)
def test_a_page_costs_by_its_length(arguments: str, length: int) -> None:
    assert length * READ_POINTS == difference(ORGANIZATIONS % (arguments, "slug"), ORGANIZATIONS % (arguments, "slug name"))


@pytest.mark.parametrize(
    ("variables", "length"),
    [({}, 9), ({"n": 5}, 5), ({"n": 30.0}, 30), ({"n": None}, 20), ({"n": 10**9}, 100), ({"n": 1e300}, 100), ({"n": -1}, 0)],
)
def test_a_page_costs_by_its_variable(variables: dict[str, Any], length: int) -> None:
    text = "query($n: Int = 9) { organizations(first: $n) { nodes { %s } } }"
    assert length * READ_POINTS == difference(text % "slug", text % "slug name", **variables)


def test_pages_within_pages_multiply() -> None:
    text = "query($n: Int) { issueAreas(first: 3) { nodes { organizations(first: $n) { nodes { %s } } } } }"
    assert difference(text % "slug", text % "slug name", n=4) == 3 * 4 * READ_POINTS


def test_nodes_cost_by_the_number_of_ids() -> None:
    text = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Region { %s } } }"
    assert difference(text % "code", text % "code kind", ids=["a"] * 5) == 5 * READ_POINTS
    text = '{ nodes(ids: ["a", "b"]) { id ... on Region { %s } } }'
    assert difference(text % "code", text % "code kind") == 2 * READ_POINTS


def test_facets_cost_by_first_and_maps_by_limit() -> None:
    facets = "{ organizations { facets { issueAreas(first: 30) { %s } kinds { value } } } }"
    assert difference(facets % "value", facets % "value count") == 30 * READ_POINTS
    marks = "{ organizations { map(limit: 70) { marks { %s } } } }"
    assert difference(marks % "count", marks % "count precision") == 70 * READ_POINTS


def test_a_list_without_pages_costs_by_its_usual_length() -> None:
    text = '{ organization(by: {slug: "a"}) { slug %s } }'
    assert difference(text % "", text % "issueAreas { slug }") == COMPUTED_POINTS + 3 * (OBJECT_POINTS + READ_POINTS)
    assert (
        difference('{ region(code: "US") { code } }', '{ region(code: "US") { code aliases } }') == READ_POINTS + 1 * ITEM_POINTS
    )


def test_each_word_of_a_search_has_a_price() -> None:
    without, including = "{ organizations { version } }", '{ organizations(query: "a b-c") { version } }'
    assert 3 * POINTS_PER_WORD["query"] == difference(without, including)
    assert cost(without) > SEARCH_POINTS


@pytest.mark.parametrize(
    ("variables", "words"),
    [({}, 2), ({"q": "a b c"}, 3), ({"q": ""}, 0), ({"q": None}, 0), ({"q": "a " * 8_000}, WORD_LIMIT)],
)
def test_words_of_a_variable_are_counted(variables: dict[str, Any], words: int) -> None:
    without, including = (
        "{ organizations { version } }",
        'query($q: String = "two words") { organizations(query: $q) { version } }',
    )
    assert words * POINTS_PER_WORD["query"] == difference(without, including, **variables)


@pytest.mark.parametrize(
    ("argument", "variables", "points"),
    [
        ("kind: COUNTY", {}, COUNTY_FACET_POINTS),
        ("kind: STATE", {}, 0),
        ("kind: $kind", {}, COUNTY_FACET_POINTS),
        ("kind: $kind", {"kind": "STATE"}, 0),
        ("kind: $kind", {"kind": "COUNTY"}, COUNTY_FACET_POINTS),
    ],
)
def test_an_expensive_argument_value_has_a_surcharge(argument: str, variables: dict[str, Any], points: float) -> None:
    text = "query($kind: RegionKind! = COUNTY) { organizations { facets { regions(KIND first: 1) { value } } } }"
    plain = "{ organizations { facets { regions(first: 1) { value } } } }"
    declared = text.replace("KIND", argument) if "$" in argument else plain.replace("(", f"({argument}, ", 1)
    assert points == difference(plain, declared, **variables)


def test_a_field_selected_twice_costs_once() -> None:
    text = "{ network { name ...A ...A ...B } %s } fragment A on Network { name version } fragment B on Network { version }"
    once = cost("{ network { name version } }")
    assert cost(text % "") == once
    assert cost(text % "network { name }") == once
    assert cost(text % "other: network { name version }") == pytest.approx(2 * once)


def test_a_fragment_on_a_type_that_the_record_never_has_costs_nothing() -> None:
    node = '{ node(id: "a") { ... on Place { name %s } } }'
    elsewhere = "... on Node { ... on Organization { founded contacts { name } } }"
    assert cost(node % elsewhere) == cost(node % "")
    assert cost(node % "... on Node { ... on Place { kind } }") > cost(node % "")


def test_each_operation_has_its_own_cost() -> None:
    text = "query A { __typename } query B { network { name version } }"
    assert cost(text, operation="A") == READ_POINTS < cost(text, operation="B")


def test_every_request_costs_something() -> None:
    assert compute_points(compile_costs(SCHEMA, parse("{ __typename }"))[None], None) == ceil(REQUEST_POINTS + READ_POINTS) > 1


@pytest.mark.parametrize("text", [*DOCUMENTS.values(), get_introspection_query()], ids=[*DOCUMENTS, "introspection"])
def test_typical_documents_are_within_the_limit(text: str) -> None:
    (operation_cost,) = compile_costs(SCHEMA, parse(text)).values()
    assert compute_points(operation_cost, {}) < 0.75 * LIMITS.cost


def test_a_full_page_of_complete_organizations_is_within_the_limit() -> None:
    own = [(name, get_named_type(field.type)) for (kind, name), field in FIELDS.items() if kind == "Organization"]
    leaves = " ".join(name for name, kind in own if not is_composite_type(kind))
    lists = "issueAreas { slug label } communities { slug label } locations { precision point { latitude longitude } }"
    text = f"{{ organizations(first: {PAGE_SIZE.most}) {{ totalCount nodes {{ {leaves} {lists} }} }} }}"
    assert cost(text) < LIMITS.cost
