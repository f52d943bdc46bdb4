"""Who matches a list against the directory learns nothing that a private place, or somebody who is not public, would change."""

import pytest

from directory.records import Audience
from tests.builders import an_id
from tests.stories.five_directories import Directories, read_response
from tests.stories.private_places import LEVELS, SPOTS, private_name
from tests.stories.reconcile_requests import PAGES, list_requests, post_reconcile
from web.reconcile import reconcile_endpoint


@pytest.fixture(autouse=True)
def enough_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """For every batch, however slow the machine is that runs the tests."""
    monkeypatch.setattr(reconcile_endpoint, "BATCH_SECONDS", 60.0)


@pytest.mark.slow
@pytest.mark.parametrize("other", ["moved", "elsewhere", "stirred", "public"])
def test_no_match_tells_the_difference(five: Directories, other: str) -> None:
    still, client = five.clients["still"], five.clients[other]
    for form in list_requests():
        assert read_response(post_reconcile(client, form)) == read_response(post_reconcile(still, form)), form
    for page in PAGES:
        assert read_response(client.get(page, follow_redirects=False)) == read_response(
            still.get(page, follow_redirects=False)
        ), page


def test_streets_and_true_points_are_in_no_match(five: Directories) -> None:
    asked = list(list_requests())
    told = " ".join(post_reconcile(five.clients["still"], form).text for form in asked)
    for spot in SPOTS:
        for secret in (spot.street, str(spot.point.latitude), str(spot.point.longitude)):
            assert secret not in told
    for level in LEVELS:
        assert an_id(private_name(level)) in told  # else nothing was asked
        for audience in (Audience.MEMBERS, Audience.STAFF):
            assert private_name(level, audience) not in told


def test_what_is_told_exactly_does_differ(exact: Directories) -> None:
    """Else the questions could not fail."""
    still, elsewhere = exact.clients["still"], exact.clients["elsewhere"]
    assert any(post_reconcile(still, form).content != post_reconcile(elsewhere, form).content for form in list_requests())
