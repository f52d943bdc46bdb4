"""Comparison of two schemas: breaking and dangerous changes."""

import pytest

from directory.errors import BadInput
from schema.compare import SchemaComparison, compare_schemas
from schema.schema import print_sdl

OLD = """
type Query { find(by: By, first: Int = 20): Thing  old: Int }
type Thing { name: String!  kind: Kind! }
enum Kind { UNION CAMPAIGN }
input By { id: ID  slug: String }
"""
NONE = SchemaComparison((), ())


def test_nothing_changes_from_a_schema_to_itself() -> None:
    assert compare_schemas(print_sdl(), print_sdl()) == NONE


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: String!", "name: String!  acronym: String"),
        ("kind: Kind!", 'kind: Kind! @deprecated(reason: "Use name.")'),
        ("type Thing {", '"""A thing."""\ntype Thing {'),
        ("slug: String", "slug: String  url: String = null"),
    ],
)
def test_compatible_changes_are_not_breaking(before: str, after: str) -> None:
    assert compare_schemas(OLD, OLD.replace(before, after)).breaking == ()


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ("  old: Int", "", "Query.old"),
        ("name: String!", "name: String", "Thing.name"),
        ("UNION ", "", "Kind.UNION"),
        ("by: By,", "by: By!,", "Query.find(by:)"),
        ("slug: String", "slug: String  scheme: String!", "By.scheme"),
        ("slug: String", "slug: Int", "By.slug"),
        ("input By {", "input By @oneOf {", "By became @oneOf"),
    ],
)
def test_breaking_changes_are_listed(before: str, after: str, name: str) -> None:
    (sentence,) = compare_schemas(OLD, OLD.replace(before, after)).breaking
    assert name in sentence


@pytest.mark.parametrize(
    ("before", "after", "name"), [("= 20", "= 10", "Query.find(first:)"), ("UNION ", "UNION ARTS ", "Kind.ARTS")]
)
def test_changes_that_may_surprise_clients_are_dangerous(before: str, after: str, name: str) -> None:
    comparison = compare_schemas(OLD, OLD.replace(before, after))
    assert comparison.breaking == ()
    (sentence,) = comparison.dangerous
    assert name in sentence


@pytest.mark.parametrize(
    "text", ["", "type", "{ network { name } }", "type Query { a: Nothing }", "\0", "type Query { a: " + "[" * 9999]
)
def test_an_invalid_schema_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="not a valid GraphQL schema"):
        compare_schemas(text, OLD)
