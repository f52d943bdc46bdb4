"""Lint the schema with graphql-schema-linter and graphql-eslint's rules for schemas and for Relay."""

from pathlib import Path

import pytest

from tests.clients.projects import ROOT, SCHEMA, install_project, run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_project("lint", tmp_path_factory.mktemp("lint"))


def write_schema(lint: Path, good: str = "", bad: str = "") -> None:
    """Write our schema, optionally with a mistake."""
    text = (ROOT / SCHEMA).read_text()
    assert good in text
    (lint.parent.parent / SCHEMA).write_text(text.replace(good, bad))


def test_graphql_eslint_finds_nothing(lint: Path) -> None:
    write_schema(lint)
    checked = run(lint, "eslint")
    assert checked.is_successful, checked.output


def test_graphql_schema_linter_finds_nothing(lint: Path) -> None:
    write_schema(lint)
    checked = run(lint, "schema-linter")
    assert checked.is_successful, checked.output


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        ("hasNextPage: Boolean!", "hasNextPage: Boolean", "relay-page-info"),
        ("first: Int\n", "firstOnes: Int\n", "relay-arguments"),
        ("  postalCode: String\n", "  postal_code: String\n", "naming-convention"),
    ],
)
def test_graphql_eslint_would_find_something(lint: Path, good: str, bad: str, rule: str) -> None:
    write_schema(lint, good, bad)
    checked = run(lint, "eslint")
    assert not checked.is_successful
    assert rule in checked.output


def test_graphql_schema_linter_would_find_something(lint: Path) -> None:
    write_schema(lint, '"""The city."""\n', "")
    checked = run(lint, "schema-linter")
    assert not checked.is_successful
    assert "fields-have-descriptions" in checked.output
