"""Every internal link on the pages of themes, places and the network leads to a page, in both languages."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cli.fictional.organizations import seed_fictional_network
from directory.live import Directory
from tests.web.conftest import PATIENT
from tests.web.pages.conftest import HTML, find_links
from web.app import create_app
from web.settings import Settings

COUNT = 30
STARTS = ["/themes", "/places", "/coverage", "/partners", "/plan", "/coalitions", "/events", "/instruments"]
STARTS += ["/about", "/accessibility", "/offline"]
# Pages whose links are followed. Of the 4,000 regions, these are a few of each kind; others only have to exist.
FOLLOWED = re.compile(
    r"/(en|es)/(coalitions|events|instruments|coalitions/[\w-]+|events/[\w-]+(?<!ics)|instruments/[\w-]+"
    r"|themes|places|about|accessibility|offline|themes/[\w-]+|communities/[\w-]+|work-areas/[\w-]+|places/[a-z-]+"
    r"|places/(US|US-SOUTH|US-PACIFIC|US-DE|US-RI|US-DE-001|US-METRO-20100|APPALACHIA|NAVAJO-NATION|DEEP-SOUTH))"
)
NOT_PAGES = re.compile(r"/(graphiql|graphql)$")  # built apart, or an API


@pytest.fixture
def small_network(tmp_path: Path) -> Iterator[TestClient]:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    seed_fictional_network(directory, COUNT, seed=1, now=dt.datetime.now(dt.UTC))
    app = create_app(directory, Settings(points_a_minute=0, limits=PATIENT))
    with TestClient(app, base_url="http://localhost", headers=HTML) as client:
        yield client


@pytest.mark.slow
def test_every_internal_link_leads_to_a_page(small_network: TestClient) -> None:
    waiting = [prefix + path for prefix in ("/en", "/es") for path in STARTS]
    statuses: dict[str, int] = {}
    followed = 0
    while waiting:
        address = waiting.pop()
        if address in statuses or NOT_PAGES.search(address):
            continue
        response = small_network.get(address)
        statuses[address] = response.status_code
        if FOLLOWED.fullmatch(address):
            followed += 1
            waiting += [link.partition("#")[0] for link in find_links(response, "^/[^/]")]
    assert {address: status for address, status in statuses.items() if status != 200} == {}
    assert followed > 240
