"""Matching a list against the directory reveals nothing about private places or hidden records."""

import pytest

from directory.records import Audience
from tests.builders import an_id
from tests.stories.five_directories import Directories, read_response
from tests.stories.private_places import LEVELS, SPOTS, private_name
from tests.stories.reconcile_requests import PAGES, list_requests, post_reconcile
from web.reconcile import reconcile_endpoint


@pytest.fixture(autouse=True)
def enough_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow enough time for every batch on slow machines."""
    monkeypatch.setattr(reconcile_endpoint, "BATCH_SECONDS", 60.0)


@pytest.mark.slow
@pytest.mark.parametrize("other", ["moved", "elsewhere", "stirred", "public"])
def test_no_match_reveals_a_difference(five: Directories, other: str) -> None:
    still, client = five.clients["still"], five.clients[other]
    for form in list_requests():
        assert read_response(post_reconcile(client, form)) == read_response(post_reconcile(still, form)), form
    for page in PAGES:
        assert read_response(client.get(page, follow_redirects=False)) == read_response(
            still.get(page, follow_redirects=False)
        ), page


def test_streets_and_true_points_are_in_no_match(five: Directories) -> None:
    responses = " ".join(post_reconcile(five.clients["still"], form).text for form in list_requests())
    for spot in SPOTS:
        for secret in (spot.street, str(spot.point.latitude), str(spot.point.longitude)):
            assert secret not in responses
    for level in LEVELS:
        assert an_id(private_name(level)) in responses  # so the requests match something
        for audience in (Audience.MEMBERS, Audience.STAFF):
            assert private_name(level, audience) not in responses


def test_exact_places_do_differ(exact: Directories) -> None:
    """Otherwise, the tests above could not fail."""
    still, elsewhere = exact.clients["still"], exact.clients["elsewhere"]
    assert any(post_reconcile(still, form).content != post_reconcile(elsewhere, form).content for form in list_requests())
