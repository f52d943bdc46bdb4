"""The schema as linters read it: graphql-schema-linter, and graphql-eslint's rules for schemas and for Relay."""

from pathlib import Path

import pytest

from tests.clients.projects import ROOT, SCHEMA, project, run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project("lint", tmp_path_factory.mktemp("lint"))


def lay_schema(lint: Path, good: str = "", bad: str = "") -> None:
    """Ours, or ours with something bad in place of what is good."""
    text = (ROOT / SCHEMA).read_text()
    assert good in text
    (lint.parent.parent / SCHEMA).write_text(text.replace(good, bad))


def test_graphql_eslint_finds_nothing(lint: Path) -> None:
    lay_schema(lint)
    checked = run(lint, "eslint")
    assert checked.well, checked.printed


def test_graphql_schema_linter_finds_nothing(lint: Path) -> None:
    lay_schema(lint)
    checked = run(lint, "schema-linter")
    assert checked.well, checked.printed


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        ("hasNextPage: Boolean!", "hasNextPage: Boolean", "relay-page-info"),
        ("first: Int\n", "firstOnes: Int\n", "relay-arguments"),
        ("  postalCode: String\n", "  postal_code: String\n", "naming-convention"),
    ],
)
def test_graphql_eslint_would_find_something(lint: Path, good: str, bad: str, rule: str) -> None:
    lay_schema(lint, good, bad)
    checked = run(lint, "eslint")
    assert not checked.well
    assert rule in checked.printed


def test_graphql_schema_linter_would_find_something(lint: Path) -> None:
    lay_schema(lint, '"""The city."""\n', "")
    checked = run(lint, "schema-linter")
    assert not checked.well
    assert "fields-have-descriptions" in checked.printed
