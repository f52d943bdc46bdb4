"""A made-up review with recommendations in cycles, and a made-up declaration with articles."""

import datetime as dt
from collections import Counter

import pytest

from cli.fictional.instruments import build_instruments, build_provisions
from directory.kinds.instrument import PROVISION
from directory.vocabulary.choices import InstrumentKind
from directory.vocabulary.slugs import check_slug
from directory.vocabulary.terms import ISSUE_AREAS
from tests.cli.fictional.test_names import TOWNS, is_marked

NOW = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
INSTRUMENTS = build_instruments(NOW)
PROVISIONS = build_provisions(5_000)
RECOMMENDATIONS = [provision for provision in PROVISIONS if provision.cycle]
ARTICLES = [provision for provision in PROVISIONS if not provision.cycle]


@pytest.mark.parametrize(
    ("organizations", "recommendations"), [(1, 1), (50, 50), (3_000, 340), (5_000, 500), (100_000, 10_000), (1_000_000, 10_000)]
)
def test_their_number_follows_that_of_organizations(organizations: int, recommendations: int) -> None:
    assert len(build_provisions(organizations)) == recommendations + len(ARTICLES)


def test_a_smaller_network_has_the_first_recommendations() -> None:
    assert [provision for provision in build_provisions(100) if provision.cycle] == RECOMMENDATIONS[:100]
    assert build_provisions(5_000) == PROVISIONS
    assert {one.id for one in build_provisions(100, 2)}.isdisjoint(one.id for one in PROVISIONS)


def test_every_record_is_valid() -> None:
    review, declaration = INSTRUMENTS
    assert (review.kind, declaration.kind) == (InstrumentKind.REVIEW, InstrumentKind.DECLARATION)
    assert all(is_marked(name) for one in INSTRUMENTS for name in (one.name, one.name_es or ""))
    assert {provision.instrument for provision in RECOMMENDATIONS} == {review.id}
    assert {provision.instrument for provision in ARTICLES} == {declaration.id}
    for provision in PROVISIONS:
        assert not list(PROVISION.find_violations(provision))
        assert check_slug(provision.slug) == provision.slug
        assert provision.name_es
        assert all(ISSUE_AREAS.require(slug) for slug in provision.issue_areas)
    assert len({provision.slug for provision in PROVISIONS}) == len({provision.id for provision in PROVISIONS}) == len(PROVISIONS)


def test_numbers_are_unique_in_a_cycle() -> None:
    assert max(Counter((one.instrument, one.cycle, one.number) for one in PROVISIONS).values()) == 1
    assert [provision.cycle for provision in RECOMMENDATIONS[338:342]] == ["Cycle 1", "Cycle 1", "Cycle 2", "Cycle 2"]


def test_recommending_states_are_made_up() -> None:
    assert all(set((provision.recommending_state or "").split()) & TOWNS for provision in RECOMMENDATIONS)
    assert {provision.response for provision in RECOMMENDATIONS} == {None, "Accepted", "Accepted in part", "Noted"}
