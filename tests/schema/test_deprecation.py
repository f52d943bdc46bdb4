"""Every deprecation names a date and a replacement."""

import pytest
from graphql import build_schema

from schema.deprecation import list_deprecation_problems
from schema.schema import SCHEMA

TEXT = """
interface Named {{ title: String {0} }}
type Query {{ thing(key: ID {0}, slug: String): Thing  old: Int {0} }}
type Thing implements Named {{ name: String  title: String {0}  kind: Kind }}
enum Kind {{ UNION  CLUB {0} }}
input By {{ id: ID {0}  slug: String }}
"""
MEMBERS = ["Named.title", "Query.thing(key:)", "Query.old", "Thing.title", "Kind.CLUB", "By.id"]


def list_problems(reason: str) -> list[str]:
    return list_deprecation_problems(build_schema(TEXT.format(f'@deprecated(reason: "{reason}")')))


def test_our_schema_follows_the_rule() -> None:
    assert list_deprecation_problems(SCHEMA) == []


@pytest.mark.parametrize("replacement", ["Thing.name", "Query.thing(slug:)", "Kind.UNION", "By.slug", "Thing", "Query.thing"])
def test_a_date_and_a_replacement_are_enough(replacement: str) -> None:
    assert list_problems(f"Gone after 2027-01-31. Use `{replacement}`.") == []


@pytest.mark.parametrize("day", ["", "soon", "2027-02-30", "31.1.2027", "2027", "12027-01-311"])
def test_a_missing_date_is_reported_for_every_member(day: str) -> None:
    problems = list_problems(f"Gone after {day}. Use `Thing.name`.")
    assert [problem.split()[3] for problem in problems] == MEMBERS
    assert all("no date of removal" in problem for problem in problems)


@pytest.mark.parametrize("replacement", ["name", "`Thing.nothing`", "`Thing.title`", "Thing.name", ""])
def test_a_missing_or_deprecated_replacement_is_reported_for_every_member(replacement: str) -> None:
    problems = list_problems(f"Gone after 2027-01-31. Use {replacement}.")
    assert [problem.split()[3] for problem in problems] == MEMBERS
    assert all("names no replacement" in problem for problem in problems)
