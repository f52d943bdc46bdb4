"""Plans that cannot be passed on in one line."""

from directory.partners.plans.request import MAX_LISTED, parse_plan_line
from tests.directory.partners.plans.test_plan import EVERYWHERE, a_member, a_snapshot, list_slugs, make_plan


def test_a_plan_that_excludes_as_many_as_it_can() -> None:
    excluded = tuple(f"nobody-{number}" for number in range(MAX_LISTED))
    plan = make_plan(a_snapshot(a_member("Two", ("housing",), EVERYWHERE)), exclude=excluded)
    assert list_slugs(plan) == ["two"]
    assert plan.members[0].line_without is None
    assert parse_plan_line(plan.line or "").exclude == tuple(sorted(excluded))


def test_a_plan_that_is_too_long_for_one_line() -> None:
    included = tuple("a" * 90 + str(number) for number in range(10, 10 + MAX_LISTED))
    excluded = tuple("b" * 90 + str(number) for number in range(10, 10 + MAX_LISTED))
    plan = make_plan(a_snapshot(a_member("Two", ("housing",), EVERYWHERE)), include=included, exclude=excluded[1:])
    assert (plan.line, plan.members[0].line_without) == (None, None)
