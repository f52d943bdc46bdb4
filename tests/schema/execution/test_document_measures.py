"""Measures of documents: compared with a naive count over expanded fragments, and computed in linear time."""

import re
import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_introspection_query,
    parse,
    print_ast,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.errors import RequestRefusedError
from schema.execution import document_measures as measuring
from schema.execution.document_measures import COUNT_CAP, DocumentMeasures, measure_document
from schema.limits import COMPLEXITY_SENTENCES, LIMITS, Limits

UNLIMITED = Limits(**dict.fromkeys(COMPLEXITY_SENTENCES, COUNT_CAP))
STEPS_A_NODE = 30  # calls made for one node of a document, at most


def measure(text: str, limits: Limits = UNLIMITED) -> DocumentMeasures:
    return measure_document(parse(text), limits)


def get_exceeded_limit(text: str) -> str:
    with pytest.raises(RequestRefusedError) as refusal:
        measure(text, LIMITS)
    return str(refusal.value.errors[0]["extensions"]["of"])


def test_a_fragment_counts_as_often_as_it_is_used() -> None:
    measured = measure("{ a { ...F } b: a { ...F @skip(if: true) } } fragment F on A { x y: z { w } }")
    assert (measured.fields, measured.depth, measured.root_fields) == (8, 3, 2)
    assert (measured.aliases, measured.directives, measured.selections) == (3, 1, 10)


def test_fields_at_the_root_are_found_in_fragments() -> None:
    assert measure("{ ...F ... { a } } fragment F on Query { b ...G } fragment G on Query { c { d } }").root_fields == 3


def test_directives_count_wherever_they_stand() -> None:
    assert measure("query($a: Int @x) @y { a @z ...F @z ... @z { b } } fragment F on Query @y { c }").directives == 6


def test_equal_keys_meet_through_fragments_and_in_what_they_select() -> None:
    assert measure("{ a { x } ...F } fragment F on Query { a { x ... { x } } b: a { x } }").equal_keys == 3


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("{ ...F } fragment F on Query { a ...F }", 1),
        ("{ ...F } fragment F on Query { a { ...G } } fragment G on Query { b { ...F } }", 2),
        ("{ a } fragment F on Query { b ...G } fragment G on Query { c ...F }", 3),
    ],
)
def test_cyclic_fragments_are_left_to_validation(text: str, fields: int) -> None:
    measured = measure(text)
    assert measured.is_cyclic
    assert measured.fields == fields


@pytest.mark.parametrize("text", ["{ a ...Nowhere }", "{ a } fragment F on B { ...Nowhere }", "type A { b: Int }", "{ a { } }"])
def test_unknown_fragments_are_left_to_validation(text: str) -> None:
    assert not measure(text, LIMITS).is_cyclic


def test_two_fragments_of_one_name_both_count() -> None:
    assert measure("{ ...F } fragment F on Query { a } fragment F on Query { b c }").fields == 3


def test_unused_fragments_count_too() -> None:
    assert get_exceeded_limit("{ a } fragment F on Query { " + "a " * 1000 + "}") == "fields"


def test_the_introspection_of_tools_is_within_the_limits() -> None:
    text = get_introspection_query(input_value_deprecation=True, directive_is_repeatable=True, schema_description=True)
    assert measure(text, LIMITS).depth == 15


FILLED: dict[str, Callable[[int], str]] = {
    "depth": lambda n: "{a" * n + "}" * n,
    "fields": lambda n: "{ a { " + " ".join(f"a{one}" for one in range(n - 1)) + " } }",
    "selections": lambda n: "{ a { b " + "... { } " * (n - 2) + "} }",
    "root_fields": lambda n: "{ " + " ".join(f"a{one}" for one in range(n)) + " }",
    "operations": lambda n: " ".join(f"query Q{one} {{ a }}" for one in range(n)),
    "aliases": lambda n: "{ a { " + " ".join(f"a{one}: b" for one in range(n)) + " } }",
    "directives": lambda n: "{ a " + "@skip(if: true) " * n + "}",
    "equal_keys": lambda n: "{ a { " + "b { c } " * n + "} }",
}


@pytest.mark.parametrize("name", COMPLEXITY_SENTENCES)
def test_each_limit_allows_its_number_and_not_one_more(name: str) -> None:
    limit = getattr(LIMITS, name)
    assert getattr(measure(FILLED[name](limit), LIMITS), name) == limit
    assert get_exceeded_limit(FILLED[name](limit + 1)) == name


def build_doubling_fragments(links: int, end: str = "a") -> str:
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(links))
    return f"{{ ...F0 }} {chain} fragment F{links} on Query {{ {end} }}"


def build_nested_fragments(links: int) -> str:
    chain = " ".join(f"fragment F{n} on Query {{ a {{ ...F{n + 1} }} b {{ ...F{n + 1} }} }}" for n in range(links))
    return f"{{ ...F0 }} {chain} fragment F{links} on Query {{ a }}"


ABUSIVE = {
    "fragments that double": (build_doubling_fragments(250), "fields"),
    "fragments without a field that double": (build_doubling_fragments(250, ""), "selections"),
    "fragments that double what is nested": (build_nested_fragments(150), "depth"),
    "a chain of fragments": (
        "{ ...F0 }" + "".join(f"fragment F{n} on Query {{ a ...F{n + 1} }}" for n in range(200)),
        "root_fields",
    ),
    "a large fragment many times": ("{" + "...F " * 900 + "} fragment F on Query {" + "a " * 900 + "}", "fields"),
    "overlapping fields": ("{ a {" + "parent { id } " * 280 + "} }", "equal_keys"),
    "overlapping fields that meet deep down": ("{" + "a{b{c{d{e}}}} a{b{c{d{e}}}} " * 26 + "}", "root_fields"),
    "1,500 aliases": ("{ a {" + " ".join(f"a{n}: id" for n in range(1_500)) + "} }", "fields"),
    "1,500 directives": ("{ a " + "@include(if: true) " * 1_500 + "}", "directives"),
    "1,500 operations": (" ".join(f"query Q{n} {{ a }}" for n in range(1_500)), "fields"),
    "deep nesting": ("{a" * 150 + "}" * 150, "depth"),
    "deep introspection": ("{ __schema { types {" + "fields { type {" * 40 + "name" + "}}" * 40 + "} } }", "depth"),
    "inline fragments in inline fragments": (
        "{" + "... {" * 150 + "a" + "}" * 150 + "}" + "{ a " + "... {a}" * 60 + "}",
        "root_fields",
    ),
}


@pytest.mark.parametrize(("text", "name"), ABUSIVE.values(), ids=ABUSIVE)
def test_abuse_is_refused_in_linear_time(text: str, name: str) -> None:
    document = parse(text)
    refused, steps = count_steps(lambda: measure_until_refused(document))
    assert refused == name
    assert steps <= STEPS_A_NODE * count_tokens(text)


@pytest.mark.parametrize("text", [FILLED[name](getattr(LIMITS, name)) for name in COMPLEXITY_SENTENCES], ids=COMPLEXITY_SENTENCES)
def test_documents_within_the_limits_are_counted_in_linear_time(text: str) -> None:
    document = parse(text)
    _, steps = count_steps(lambda: measure_document(document, LIMITS))
    assert steps <= STEPS_A_NODE * count_tokens(text)


def measure_until_refused(document: Any) -> str:
    with pytest.raises(RequestRefusedError) as refusal:
        measure_document(document, LIMITS)
    return str(refusal.value.errors[0]["extensions"]["of"])


def count_tokens(text: str) -> int:
    """Count names, braces and spreads: at least as many as there are nodes."""
    return len(text.replace("{", " { ").replace("...", " ... ").split())


def count_steps(call: Callable[[], Any]) -> tuple[Any, int]:
    """Return the result of the call, and the number of calls that document_measures.py made, including list and dict methods."""
    steps = 0

    def count(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal steps
        steps += frame.f_code.co_filename == measuring.__file__ and event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        result = call()
    finally:
        sys.setprofile(before)
    return result, steps


def expand_fragments(selection_set: SelectionSetNode, fragments: dict[str, SelectionSetNode]) -> list[FieldNode]:
    """Return the fields of a selection, with every fragment expanded."""
    fields: list[FieldNode] = []
    for selection in selection_set.selections:
        if isinstance(selection, FieldNode):
            fields.append(selection)
        elif isinstance(selection, FragmentSpreadNode):
            fields += expand_fragments(fragments[selection.name.value], fragments)
        elif isinstance(selection, InlineFragmentNode):
            fields += expand_fragments(selection.selection_set, fragments)
    return fields


def count_naively(sets: list[SelectionSetNode], fragments: dict[str, SelectionSetNode]) -> dict[str, int]:
    """Count everything in these selections recursively, one selection at a time."""
    fields = [field for selected in sets for field in expand_fragments(selected, fragments)]
    keys = Counter(map(_get_key, fields))
    below = [
        count_naively([field.selection_set for field in fields if field.selection_set and _get_key(field) == key], fragments)
        for key in keys
    ]
    return {
        "fields": len(fields) + sum(one["fields"] for one in below),
        "aliases": sum(field.alias is not None for field in fields) + sum(one["aliases"] for one in below),
        "depth": max((1 + one["depth"] for one in below), default=0),
        "equal_keys": max((*keys.values(), *(one["equal_keys"] for one in below)), default=0),
    }


def _get_key(field: FieldNode) -> str:
    return (field.alias or field.name).value


def selection_texts(names: list[str]) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(["a", "b", "x: a", *(f"...{name}" for name in names)])
    inner = st.recursive(
        leaf,
        lambda within: st.builds(
            "{} {{ {} }}".format, st.sampled_from(["a", "x: b", "..."]), st.lists(within, min_size=1).map(" ".join)
        ),
        max_leaves=6,
    )
    return st.lists(inner, min_size=1, max_size=5).map(" ".join)


@st.composite
def documents(draw: st.DrawFn) -> str:
    names = [f"F{n}" for n in range(draw(st.integers(0, 4)))]
    parts = [f"{{ {draw(selection_texts(names))} }}"]
    parts += [f"fragment {name} on Query {{ {draw(selection_texts(names[n + 1 :]))} }}" for n, name in enumerate(names)]
    return " ".join(parts)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_counts_are_those_of_the_document_expand_fragments(text: str) -> None:
    operation, *rest = parse(text).definitions
    fragments = {one.name.value: one for one in rest if isinstance(one, FragmentDefinitionNode)}
    used = [fragments[name] for name in fragments if name in find_reached_fragments(operation, fragments)]
    assert isinstance(operation, OperationDefinitionNode)
    expected = count_naively([operation.selection_set], {name: one.selection_set for name, one in fragments.items()})
    measured = measure_document(DocumentNode(definitions=(operation, *used)), UNLIMITED)
    assert {name: getattr(measured, name) for name in expected} == expected


def find_reached_fragments(definition: Any, fragments: dict[str, FragmentDefinitionNode]) -> set[str]:
    spreads = set(re.findall(r"\.\.\.(F\d)", print_ast(definition)))
    return spreads.union(*(find_reached_fragments(fragments[name], fragments) for name in spreads))
