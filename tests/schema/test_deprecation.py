"""Every deprecation carries a day and what to use instead."""

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


def deprecated(reason: str) -> list[str]:
    return list_deprecation_problems(build_schema(TEXT.format(f'@deprecated(reason: "{reason}")')))


def test_ours_keeps_the_rule() -> None:
    assert list_deprecation_problems(SCHEMA) == []


@pytest.mark.parametrize("replacement", ["Thing.name", "Query.thing(slug:)", "Kind.UNION", "By.slug", "Thing", "Query.thing"])
def test_a_day_and_a_replacement_are_enough(replacement: str) -> None:
    assert deprecated(f"Gone after 2027-01-31. Use `{replacement}`.") == []


@pytest.mark.parametrize("day", ["", "soon", "2027-02-30", "31.1.2027", "2027", "12027-01-311"])
def test_a_missing_day_is_told_of_every_member(day: str) -> None:
    told = deprecated(f"Gone after {day}. Use `Thing.name`.")
    assert [fault.partition(" ")[0] for fault in told] == MEMBERS
    assert all("without the day" in fault for fault in told)


@pytest.mark.parametrize("replacement", ["name", "`Thing.nothing`", "`Thing.title`", "Thing.name", ""])
def test_a_replacement_that_is_missing_or_goes_itself_is_told_of_every_member(replacement: str) -> None:
    told = deprecated(f"Gone after 2027-01-31. Use {replacement}.")
    assert [fault.partition(" ")[0] for fault in told] == MEMBERS
    assert all("without what to use instead" in fault for fault in told)
