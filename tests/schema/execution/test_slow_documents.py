"""Documents designed to be slow to compile: the work is bounded, and the answers are those of graphql-core."""

import sys
from collections.abc import Callable
from functools import partial
from itertools import product
from types import FrameType
from typing import Any

import msgspec
import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from directory.search.snapshot import Snapshot
from schema.context import Context, SingleUseFields
from schema.execution.document_measures import measure_document
from schema.execution.execute import answer_document
from schema.execution.plan import MAX_VARIANTS
from schema.limits import LIMITS
from schema.schema import SCHEMA
from tests.builders import NOW
from tests.engine_answers import EngineRequest, assert_same_answer, execute_with_engine, execute_with_graphql_core, parse_document
from tests.schema.execution.faults.faulty_schema import build_faulty_schema

PATIENT = msgspec.structs.replace(LIMITS, seconds=60.0, cpu_seconds=60.0)  # so that no answer depends on the clock
MAX_COMPILATION_CALLS = 60_000  # calls of functions to compile any document, at most; they take about 50 ms

PLAIN = "id slug name kind summary website founded seeks offers description nationwide updatedAt verifiedAt verificationDue"
LABELS = "issueAreas { slug label } communities { slug label } workAreas { slug label } languages { tag label }"


def write_conditions(count: int, variables: int) -> str:
    """Return a document with many fields below conditions that depend on `variables` variables."""
    headings = ", ".join(f"$c{number}: Boolean!" for number in range(variables))
    pieces = (
        f"p{number}: parent @{'include' if number % 2 else 'skip'}(if: $c{number % variables}) {{ {PLAIN} }}"
        for number in range(count)
    )
    return f"query({headings}) {{ organizations(first: 3) {{ nodes {{ {' '.join(pieces)} {LABELS} }} }} }}"


def write_chain(length: int) -> str:
    """Return a document whose fragments each use the next one, in two places."""
    links = (
        f"fragment F{n} on IssueArea {{ slug broader {{ ...F{n + 1} }} ...G{n} }} "
        f"fragment G{n} on IssueArea {{ broader {{ label }} }}"
        for n in range(length)
    )
    return f'{{ issueArea(slug: "housing") {{ ...F0 }} }} {" ".join(links)} fragment F{length} on IssueArea {{ label }}'


def write_depth(levels: int) -> str:
    inner = "slug"
    for level in range(levels):
        inner = f"slug n{level}: narrower {{ label }} broader {{ {inner} }}"
    return f'{{ issueArea(slug: "housing") {{ {inner} }} }}'


def write_arguments(count: int) -> str:
    headings = ", ".join(f"$v{number}: [String!]" for number in range(count))
    pages = (
        f"a{n}: organizations(first: 1, filter: {{issueAreas: {{anyOf: $v{n}, noneOf: $v{(n + 1) % count}}}}}) {{ totalCount }}"
        for n in range(count)
    )
    return f"query({headings}) {{ {' '.join(pages)} }}"


DOCUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "700 fields below 49 conditions": (write_conditions(49, 5), {f"c{n}": n % 3 == 0 for n in range(5)}),
    "49 variables in conditions": (write_conditions(49, 49), {f"c{n}": n % 3 == 0 for n in range(49)}),
    "a chain of fragments": (write_chain(12), {}),
    "deep nesting": (write_depth(14), {}),
    "30 variables": (write_arguments(30), {f"v{n}": ["housing", "workers"][: n % 3] for n in range(29)}),
    "100 aliases": (
        f"{{ network {{ {' '.join(f'a{n}: name' for n in range(49))} {' '.join(f'b{n}: version' for n in range(49))} }} }}",
        {},
    ),
    "one field 50 times": (f"{{ network {{ {'name ' * 50} }} viewer {{ {'audience ' * 50} }} }}", {}),
    "nodes of every type": (
        '{ nodes(ids: ["SXNzdWVBcmVhOmhvdXNpbmc", "UmVnaW9uOlVTLUdB"]) { ... on IssueArea { broader { broader { slug } } } '
        "... on Region { within { within { code } } } ... on Organization { parent { parent { slug } } } id } }",
        {},
    ),
}


def answer_twice(snapshot: Snapshot, document: str, variables: dict[str, Any]) -> None:
    """Check that a document is answered as graphql-core answers it, when it is new and again."""
    for _ in range(2):
        answer = answer_document(document, variables, None, Context(snapshot, NOW, limits=PATIENT))
        assert answer.has_data, answer.errors
        build_context = partial(Context, snapshot, NOW, single_use_fields=SingleUseFields())
        expected = execute_with_graphql_core(EngineRequest(SCHEMA, document, variables, build_context=build_context))
        assert answer.data == expected.data
        assert msgspec.json.encode(answer.errors) == msgspec.json.encode(expected.errors)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_slow_document_is_answered(snapshot: Snapshot, name: str) -> None:
    answer_twice(snapshot, *DOCUMENTS[name])


def count_calls(function: Callable[[], object]) -> int:
    """Return the number of calls of Python functions that a function makes."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(None)
    return calls


def count_core_calls(request: EngineRequest) -> int:
    return count_calls(lambda: execute_with_graphql_core(request))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_compiling_takes_less_work_than_validation(name: str) -> None:
    document, variables = DOCUMENTS[name]
    request = EngineRequest(build_faulty_schema(3, 0.0), document, variables)
    validation = count_calls(lambda: validate(request.schema, parse_document(document)))
    assert_same_answer(request)
    assert count_calls(lambda: execute_with_engine(request)) <= count_core_calls(request) + validation


def test_every_combination_of_conditions_is_answered(snapshot: Snapshot) -> None:
    """Only some are compiled. graphql-core executes the others."""
    document = write_conditions(10, 5)
    combinations = list(product([True, False], repeat=5))
    assert len(combinations) > 2 * MAX_VARIANTS
    for values in combinations:
        answer_twice(snapshot, document, {f"c{number}": value for number, value in enumerate(values)})


KINDS = 8


def build_animal_schema() -> GraphQLSchema:
    """Build a schema in which every object leads to an object of any of several types."""
    kinds = " ".join(f"type K{n} implements Any {{ name: String next: Any all: [Any!] k{n}: String }}" for n in range(KINDS))
    schema = build_schema(f"type Query {{ next: Any }} interface Any {{ name: String next: Any all: [Any!] }} {kinds}")
    schema.type_map["Any"].resolve_type = lambda value, _info, _kind: f"K{value % KINDS}"  # type: ignore[attr-defined]
    resolvers: dict[str, Callable[..., Any]] = {
        "name": lambda value, _info: str(value),
        "next": lambda value, _info: (value or 0) * 5 + 1,
        "all": lambda value, _info: [value + 1, value + 2],
    }
    for kind in [schema.query_type, *schema.get_possible_types(schema.type_map["Any"])]:  # type: ignore[arg-type]
        for name, field in kind.fields.items():  # type: ignore[union-attr]
            field.resolve = resolvers.get(name, lambda value, _info: f"own {value}")
    return schema


def write_types(levels: int) -> str:
    """Return a document in which the selection of an object depends on the types of all objects on the way to it."""
    fragments = [f"fragment L{levels} on Any {{ name }}"]
    for level in range(levels):
        below = levels - level
        own = (f"... on K{kind} {{ k{kind} {'next { ' * below} name {'} ' * below} }}" for kind in range(KINDS))
        fragments.append(f"fragment L{level} on Any {{ name next {{ ...L{level + 1} }} {' '.join(own)} }}")
    return f"{{ next {{ ...L0 }} }} {' '.join(fragments)}"


@pytest.mark.parametrize("levels", [1, 2, 6])
def test_selections_that_multiply_with_the_types_are_bounded(levels: int) -> None:
    schema, document = build_animal_schema(), write_types(levels)
    assert validate(schema, parse(document)) == []
    request = EngineRequest(schema, document)
    assert_same_answer(request)
    calls = count_calls(lambda: execute_with_engine(request))
    assert calls <= count_core_calls(request) + MAX_COMPILATION_CALLS


def test_the_documents_are_close_to_the_limits() -> None:
    document, _ = DOCUMENTS["49 variables in conditions"]
    measures = measure_document(parse(document), LIMITS)
    assert measures.fields > 0.7 * LIMITS.fields
    assert measures.directives > 0.9 * LIMITS.directives
