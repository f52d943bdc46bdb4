"""No page, file or calendar changes when something changes that the public cannot see: not its bytes, status or headers."""

import pytest
from starlette.testclient import TestClient

from tests.stories.five_directories import Directories, SentResponse, read_response
from tests.stories.page_battery import build_page_battery
from tests.stories.private_places import SPOTS

pytestmark = pytest.mark.slow

BATTERY = build_page_battery()
SERVER_ERROR = 500
WITHOUT_PLACES = {"typed plans"}  # they name places and members that nobody can see


def fetch(client: TestClient, address: str) -> SentResponse:
    return read_response(client.get(address, follow_redirects=False))


@pytest.fixture(scope="module")
def still_responses(five: Directories) -> dict[str, SentResponse]:
    return {address: fetch(five.clients["still"], address) for addresses in BATTERY.values() for address in addresses}


@pytest.mark.parametrize("kind", BATTERY)
@pytest.mark.parametrize("other", ["public", "stirred", "moved", "elsewhere"])
def test_no_page_reveals_a_difference(five: Directories, still_responses: dict[str, SentResponse], kind: str, other: str) -> None:
    for address in BATTERY[kind]:
        assert fetch(five.clients[other], address) == still_responses[address], address


def test_every_address_is_answered(still_responses: dict[str, SentResponse]) -> None:
    statuses = {address: status for address, (status, _, _) in still_responses.items()}
    assert [address for address, status in statuses.items() if status >= SERVER_ERROR] == []
    assert all(any(statuses[address] == 200 for address in addresses) for addresses in BATTERY.values())


def test_streets_and_true_points_are_on_no_page(still_responses: dict[str, SentResponse]) -> None:
    secrets = [secret for spot in SPOTS for secret in (spot.street, str(spot.point.latitude), str(spot.point.longitude))]
    for address, (_, _, body) in still_responses.items():
        if "place=" not in address and "member=" not in address:  # a page repeats what it was asked for
            assert [secret for secret in secrets if secret in body.decode()] == [], address


def test_pages_show_exact_places(exact: Directories) -> None:
    """Otherwise, the tests above could not fail."""
    same = {
        kind
        for kind, addresses in BATTERY.items()
        if all(fetch(exact.clients["still"], address) == fetch(exact.clients["elsewhere"], address) for address in addresses)
    }
    assert same <= WITHOUT_PLACES
