"""Where a search starts from: on the map of states as an image, and for the map of places as data."""

import html
import re
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from directory.geo import Disclosure, Point, Precision
from directory.live import Directory
from directory.records import PrivatePlace
from directory.store.ledger.edits import Network
from tests.builders import a_stored_location, a_stored_organization
from tests.web.conftest import NETWORK, put
from tests.web.maps.built_outlines import needs_outlines
from tests.web.pages.conftest import HTML, read_text
from web.app import create_app
from web.settings import Settings

MARK = '<g class="origin"'
HOSTILE = """Tenants "><script>alert(1)</script> & 'Friends'"""


def read_origin(response: Response) -> tuple[list[float], str]:
    """Return the numbers for the map of places, and the words."""
    found = re.search(r'data-origin="([^"]*)" data-origin-label="([^"]*)"', response.text)
    assert found
    return [float(number) for number in found[1].split(",") if number], html.unescape(found[2])


needs_script = pytest.mark.usefixtures("built_map")


@pytest.fixture
def built_map() -> None:
    from web.pages.assets import ASSETS

    if ASSETS.get_address("map.js") is None:
        pytest.skip("the map of places was not built: ./dev front")


@needs_script
@pytest.mark.parametrize(
    ("search", "numbers", "words"),
    [
        ("near=Atlanta, GA&radius=402.336", [33.8, -84.4, 402.336], "The search starts here: within 250 miles of Atlanta, GA"),
        ("near=Atlanta, GA", [33.8, -84.4], "The search starts here: nearest to Atlanta, GA first"),
        (
            "near=43.65,-79.38&radius=900",
            [43.65, -79.38, 900],
            "The search starts here: within 559 miles of the place you searched from",
        ),
        ("words=near Atlanta", [33.8, -84.4, 80.4672], "The search starts here: near Atlanta, GA"),
        ("near=-90,180", [-90, 180], "The search starts here: nearest to the place you searched from first"),
    ],
)
def test_the_map_of_places_gets_the_origin(visitor: TestClient, search: str, numbers: list[float], words: str) -> None:
    found, label = read_origin(visitor.get(f"/?{search}"))
    assert found == pytest.approx(numbers, abs=0.1)
    assert label == words


@needs_script
@pytest.mark.parametrize("search", ["issue=housing", "region=US-GA", "any=issue=housing|community=tenants"])
def test_a_search_from_nowhere_says_so_to_a_map_that_may_still_show_another(visitor: TestClient, search: str) -> None:
    response = visitor.get(f"/?{search}")
    assert read_origin(response) == ([], "")
    assert MARK not in response.text


@needs_script
@pytest.mark.parametrize("near", ["Atlnta", "Springfield", "organization:none", "95,0"])
def test_an_origin_that_is_refused_is_not_shown(visitor: TestClient, near: str) -> None:
    assert read_origin(visitor.get(f"/?issue=housing&near={near}")) == ([], "")


@needs_outlines
def test_the_map_of_states_has_a_cross_and_a_circle_that_words_describe(visitor: TestClient) -> None:
    response = visitor.get("/?near=Chicago, IL&radius=400")
    drawing = response.text[response.text.index(MARK) :].partition("</g>")[0]
    assert 'role="img" aria-labelledby="origin"' in drawing
    assert re.search(
        r'<p class="origin-key" id="origin">.*The search starts here: within 249 miles of Chicago, IL</p>', response.text
    )
    (radius,) = set(re.findall(r'<circle class="\w+" cx="\d+" cy="\d+" r="(\d+)"', drawing))
    assert int(radius) == round(400 / 6)


@needs_outlines
def test_without_a_limit_there_is_no_circle(visitor: TestClient) -> None:
    drawing = visitor.get("/?near=Chicago, IL").text.partition(MARK)[2].partition("</g>")[0]
    assert drawing
    assert "<circle" not in drawing


@needs_outlines
def test_an_origin_beyond_the_map_of_states_is_left_out(visitor: TestClient) -> None:
    response = visitor.get("/?near=51.5,-0.12")
    assert MARK not in response.text
    assert 'id="origin"' not in response.text


def test_the_words_are_those_of_the_language(visitor: TestClient) -> None:
    text = read_text(visitor.get("/es/?near=Chicago, IL&radius=400"))
    assert "La búsqueda parte de aquí: a menos de 249 millas de Chicago, IL" in text


@needs_script
def test_an_organization_can_be_the_origin_and_its_name_is_escaped(tmp_path: Path) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    office = a_stored_location(
        disclosure=Disclosure.EXACT, known=Precision.EXACT, private=PrivatePlace("12 Harbor Street", Point(33.749, -84.388))
    )
    record = a_stored_organization(HOSTILE, sites=(office,))
    put(directory, NETWORK, record, network=Network(NETWORK.id))
    with TestClient(create_app(directory, Settings(points_a_minute=0)), base_url="http://localhost", headers=HTML) as client:
        response = client.get(f"/?near=organization:{record.id}")
    numbers, label = read_origin(response)
    assert numbers == pytest.approx([33.749, -84.388])
    assert HOSTILE in label
    assert "<script>alert" not in response.text


@needs_script
def test_an_organization_without_a_published_street_is_no_origin_on_maps(tmp_path: Path) -> None:
    """A cross at the center of its county would be at the house of somebody else."""
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    record = a_stored_organization(
        "Quiet House", sites=(a_stored_location(disclosure=Disclosure.COUNTY, known=Precision.COUNTY),)
    )
    put(directory, NETWORK, record, network=Network(NETWORK.id))
    with TestClient(create_app(directory, Settings(points_a_minute=0)), base_url="http://localhost", headers=HTML) as client:
        response = client.get(f"/?near=organization:{record.id}")
    assert "1 organization" in response.text
    assert read_origin(response) == ([], "")
    assert MARK not in response.text
