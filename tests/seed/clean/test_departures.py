"""Cells that say that a membership has ended."""

import datetime as dt

import pytest

from directory.records import MembershipStatus
from seed.clean.row_cleaning import clean_row
from seed.rows import Row

TODAY = dt.date(2026, 5, 4)


def clean(heading: str, **fields: object) -> Row:
    """Return the cleaned row. In keyword arguments, "__" stands for the dot; `heading` is that of `membership.ended_on`."""
    stated = {field.replace("__", "."): value for field, value in {"name": "A", **fields}.items()}
    return clean_row(Row("members.csv", 2, stated, columns={"membership.ended_on": heading}), today=TODAY)


@pytest.mark.parametrize(
    ("ended", "status", "day"),
    [
        ("x", MembershipStatus.LAPSED, None),
        ("moved away", MembershipStatus.LAPSED, None),
        ("2020", MembershipStatus.LAPSED, dt.date(2020, 1, 1)),
        ("2026-05-04", MembershipStatus.LAPSED, dt.date(2026, 5, 4)),
        ("2026-05-05", None, dt.date(2026, 5, 5)),
        ("no", None, None),
    ],
)
def test_who_has_left_is_not_an_active_member(ended: str, status: MembershipStatus | None, day: dt.date | None) -> None:
    row = clean("Left in 2020", membership__ended_on=ended)
    wanted = {"status": status, "ended_on": day}
    assert row.fields.get("membership", {}) == {part: value for part, value in wanted.items() if value}
    assert row.problems == ()
    assert bool(row.repairs) == (status is not None)


def test_a_stated_status_takes_precedence_over_the_end() -> None:
    row = clean("Left", membership__status="active", membership__ended_on="2020")
    assert row.fields["membership"] == {"status": MembershipStatus.ACTIVE, "ended_on": dt.date(2020, 1, 1)}


def test_words_under_another_heading_are_no_end() -> None:
    row = clean("Membership end", membership__ended_on="lifetime")
    assert "membership" not in row.fields
    assert [problem.path_text for problem in row.problems] == ["membership.ended_on"]


@pytest.mark.parametrize("text", ["n/a", "N/A", "-", "not applicable", "no aplica"])
def test_an_inapplicable_membership_is_not_stated(text: str) -> None:
    row = clean("Left", membership__status=text)
    assert "membership" not in row.fields
    assert row.problems == ()
    assert [(repair.before, repair.after) for repair in row.repairs] == [(text, "")]


@pytest.mark.parametrize("text", ["TBD", "unknown", "desconocido", "gold"])
def test_a_membership_that_is_not_known_is_a_problem(text: str) -> None:
    """Otherwise the organization would become an active member."""
    row = clean("Left", membership__status=text)
    assert "membership" not in row.fields
    assert [problem.path_text for problem in row.problems] == ["membership.status"]
