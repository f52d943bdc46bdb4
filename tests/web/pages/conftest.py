"""A fictional network of 300 organizations behind real HTTP, without a rate limit."""

import datetime as dt
import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from cli.fictional.organizations import seed_fictional_network
from directory.live import Directory
from web.app import create_app
from web.settings import Settings

COUNT = 300
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="session")
def fictional_directory(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    directory = Directory.open(f"sqlite:///{tmp_path_factory.mktemp('pages') / 'directory.sqlite3'}")
    seed_fictional_network(directory, COUNT, seed=1, now=dt.datetime.now(dt.UTC))
    return directory


@pytest.fixture(scope="session")
def visitor(fictional_directory: Directory) -> Iterator[TestClient]:
    """A browser that accepts HTML and speaks English."""
    settings = Settings(
        points_a_minute=0, limits=("cpu_seconds=30", "seconds=60"), network_contact="mailto:records@directory.example"
    )
    app = create_app(fictional_directory, settings)
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False, headers=HTML) as client:
        yield client


def read_text(response: Response) -> str:
    """Return the words of a page, without markup and with single spaces."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def read_count(response: Response) -> int:
    """Return the number in the heading of a search page; 0 if it says that nothing was found."""
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", response.text, re.DOTALL)
    assert heading
    digits = re.sub(r"\D", "", heading[1])
    return int(digits) if digits else 0


def find_links(response: Response, pattern: str) -> list[str]:
    """Return the addresses of all links that contain a pattern."""
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', response.text)]
    return [link for link in links if re.search(pattern, link)]


def find_svgs(response: Response) -> list[ET.Element]:
    """Return the drawings of the maps on a page. Raises ParseError if one is not well-formed XML."""
    drawings = re.findall(r'<svg class="map-.*?</svg>', response.text, re.DOTALL)
    return [ET.fromstring(drawing) for drawing in drawings]  # noqa: S314 - our own page
