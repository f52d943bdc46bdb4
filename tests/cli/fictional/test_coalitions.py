"""Made-up coalitions have members of the network, mostly with one theme, and are as many as a real network has."""

import datetime as dt
from collections import Counter

from cli.fictional.coalitions import OLDEST_DAYS, build_coalitions
from cli.fictional.organizations import fictional_id
from directory.kinds.coalition import COALITION
from directory.records import Audience
from directory.vocabulary.choices import CoalitionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.slugs import check_slug, is_private_slug
from directory.vocabulary.terms import ISSUE_AREAS
from tests.cli.fictional.example_network import NOW, index_organizations, list_coalitions, list_organizations
from tests.cli.fictional.test_names import is_marked


def test_one_for_every_twenty_organizations() -> None:
    assert len(list_coalitions()) == 250
    assert build_coalitions(list_organizations()[:19], now=NOW) == []


def test_the_same_arguments_give_the_same_coalitions() -> None:
    assert build_coalitions(list_organizations(), now=NOW) == list_coalitions()
    assert {one.id for one in build_coalitions(list_organizations(), 2, NOW)}.isdisjoint(one.id for one in list_coalitions())


def test_every_coalition_is_valid() -> None:
    for coalition in list_coalitions():
        assert not list(COALITION.find_violations(coalition))
        assert check_slug(coalition.slug) == coalition.slug
        assert is_private_slug(coalition.slug) == (coalition.audience is not Audience.PUBLIC)
        assert is_marked(coalition.name)
        assert all(ISSUE_AREAS.require(slug) for slug in coalition.issue_areas)
        assert all(REGIONS.require(code) for code in coalition.regions)
        assert coalition.website is None or coalition.website.endswith(".example/")
    assert (
        len({coalition.slug for coalition in list_coalitions()})
        == len({coalition.id for coalition in list_coalitions()})
        == len(list_coalitions())
    )


def test_all_references_are_valid() -> None:
    positions = {coalition.id: position for position, coalition in enumerate(list_coalitions())}
    for coalition in list_coalitions():
        assert coalition.parent is None or positions[coalition.parent] < positions[coalition.id]
        assert all(member.organization in index_organizations() for member in coalition.members)
        assert fictional_id(0) not in {member.organization for member in coalition.members}
    assert any(coalition.parent for coalition in list_coalitions())


def test_most_are_small_and_a_few_are_large() -> None:
    sizes = sorted(len(coalition.members) for coalition in list_coalitions())
    assert sum(3 <= size <= 12 for size in sizes) / len(sizes) > 0.8
    assert sizes[0] == 3
    assert 100 < sizes[-1] <= 200


def test_a_small_network_has_coalitions_of_everyone() -> None:
    [coalition] = build_coalitions(list_organizations()[:20], now=NOW)
    assert 3 <= len(coalition.members) <= 19


def test_members_share_themes_and_states() -> None:
    for coalition in list_coalitions():
        themes = Counter(
            theme for member in coalition.members for theme in index_organizations()[member.organization].issue_areas
        )
        assert all(theme in themes for theme in coalition.issue_areas)
    shares = [
        sum(coalition.issue_areas[0] in index_organizations()[member.organization].issue_areas for member in coalition.members)
        / len(coalition.members)
        for coalition in list_coalitions()
    ]
    assert sum(shares) / len(shares) > 0.9
    assert sum(len(coalition.regions) == 1 for coalition in list_coalitions()) > len(list_coalitions()) / 3


def test_every_kind_and_both_languages_occur() -> None:
    assert {coalition.kind for coalition in list_coalitions()} == set(CoalitionKind)
    assert {coalition.name.endswith("(ficticia)") for coalition in list_coalitions()} == {False, True}
    assert {coalition.audience for coalition in list_coalitions()} == set(Audience)


def test_dates_are_within_the_last_six_years() -> None:
    first, last = NOW.date() - dt.timedelta(days=OLDEST_DAYS), NOW.date()
    for coalition in list_coalitions():
        dates = [day for member in coalition.members for day in (member.since, member.until)]
        assert all(first <= day <= last for day in (*dates, coalition.started_on, coalition.ended_on) if day)
        assert all(not (member.since and coalition.ended_on) or member.since < coalition.ended_on for member in coalition.members)
    assert any(coalition.ended_on for coalition in list_coalitions())
