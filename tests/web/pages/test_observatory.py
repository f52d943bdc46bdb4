"""The security headers of every page score at least 110 points of the HTTP Observatory, if the directory is reached by HTTPS."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from benchmarks.pages.example_pages import list_example_pages
from cli.fictional.organizations import seed_fictional_network
from directory.live import Directory
from tests.builders import NOW
from tests.web.pages.observatory import score
from web.app import create_app
from web.settings import Settings

MIN_SCORE = 110
TILES = "https://tiles.example.org/{z}/{x}/{y}.png"
SEED = 1
OTHERS = {
    "manifest": "/manifest.webmanifest",
    "robots": "/robots.txt",
    "sitemap": "/sitemap.xml",
    "downloads": "/organizations.csv",
}
PAGES = {**list_example_pages(SEED), **OTHERS, "missing": "/nothing"}


@pytest.fixture(scope="module", params=[None, TILES], ids=["own-map", "tiles"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("scores")
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    seed_fictional_network(directory, 20, seed=SEED, now=NOW)
    attribution = "© Tiles" if request.param else None
    settings = Settings(https=True, points_a_minute=0, tiles=request.param, tiles_attribution=attribution)
    app = create_app(directory, settings)
    with TestClient(app, base_url="https://localhost", headers={"Accept": "text/html"}) as client:
        yield client


@pytest.mark.parametrize("name", PAGES)
def test_every_page_scores_enough(client: TestClient, name: str) -> None:
    assert score(client.get(PAGES[name])) >= MIN_SCORE


def test_the_first_page_has_the_score_that_the_package_gave_it(client: TestClient) -> None:
    assert score(client.get("/")) == 130


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("content-security-policy", "default-src 'none'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'", 80),
        ("content-security-policy", "default-src 'self'; frame-ancestors 'none'", 125),
        ("content-security-policy", "", 75 - 20),
        ("strict-transport-security", "max-age=3600", 120),
        ("strict-transport-security", "", 80),
        ("x-content-type-options", "", 125),
        ("referrer-policy", "unsafe-url", 120),
        ("cross-origin-resource-policy", "cross-origin", 120),
        ("set-cookie", "session=1; Path=/", 60),
        ("set-cookie", "session=1; Secure; HttpOnly; SameSite=Lax", 135),
    ],
)
def test_a_weaker_header_costs_what_the_package_says(client: TestClient, header: str, value: str, expected: int) -> None:
    response = client.get("/")
    headers = {name: each for name, each in response.headers.items() if name not in ("content-encoding", "content-length")}
    assert score(Response(200, headers={**headers, header: value}, content=response.content)) == expected
