"""A place is disclosed more, then less: answers over HTTP and their headers are right at once, whatever was kept before."""

from collections.abc import Iterator
from contextlib import closing

import httpx2
import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from directory.geo import Disclosure, Point, Precision
from directory.live import Directory
from directory.records import PrivatePlace
from directory.store.ledger.edits import Put
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id
from tests.stories.fragments import build_document
from tests.stories.http_client import post, serve

STREET, EXACT_POINT = "10 Elm Street", {"latitude": 33.751234, "longitude": -84.385678}
SITE = a_stored_location(
    id=an_id("site"),
    postal_code="30312",
    known=Precision.STREET,
    disclosure=Disclosure.CITY,
    private=PrivatePlace(STREET, Point(**EXACT_POINT)),
)
SHELTER = a_stored_organization("Elm House", issue_areas=("housing",), sites=(SITE,))
OTHER = a_stored_organization(
    "Bay League", issue_areas=("housing",), parent=SHELTER.id, sites=(a_stored_location(id=an_id("b")),)
)
LOCATIONS = "locations { precision point { latitude longitude } address { street city postalCode } }"
DOCUMENTS = {
    "page": f"{{ organizations {{ nodes {{ name {LOCATIONS} }} }} }}",
    "theme": f'{{ organizations(filter: {{issueAreas: {{anyOf: ["housing"]}}}}) {{ nodes {{ name {LOCATIONS} }} }} }}',
    "one": f'{{ organization(by: {{slug: "elm-house"}}) {{ {LOCATIONS} }} }}',
    "from its branch": f'{{ organization(by: {{slug: "bay-league"}}) {{ parent {{ {LOCATIONS} }} }} }}',
    "map": "{ organizations { map(zoom: 18) { marks { point { latitude longitude } precision organization { name } } } } }",
    "whole": build_document('organization(by: {slug: "elm-house"}) { ...whole }'),
}


@pytest.fixture
def directory(sqlite_url: str) -> Iterator[Directory]:
    with closing(Directory.open(sqlite_url)) as directory:
        disclose(directory, Disclosure.CITY)
        yield directory


@pytest.fixture
def client(directory: Directory) -> Iterator[TestClient]:
    with serve(directory) as client:
        yield client


def disclose(directory: Directory, disclosure: Disclosure) -> None:
    shelter = replace(SHELTER, sites=(replace(SITE, disclosure=disclosure),))
    directory.write([Put(shelter), Put(OTHER)], actor="a test", now=NOW, reason="they asked for it")


def send_get(client: TestClient, document: str, tag: str = "") -> httpx2.Response:
    return client.get("/graphql", params={"query": document}, headers={"If-None-Match": tag} if tag else {})


def shows_place(response: httpx2.Response) -> bool:
    assert response.status_code == 200
    assert "errors" not in response.json()
    return str(EXACT_POINT["latitude"]) in response.text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_place_is_shown_as_precisely_as_it_is_disclosed_now(directory: Directory, client: TestClient, name: str) -> None:
    document = DOCUMENTS[name]
    for disclosure in (Disclosure.CITY, Disclosure.EXACT, Disclosure.CITY, Disclosure.EXACT, Disclosure.STATE):
        disclose(directory, disclosure)
        for _ in range(3):  # new, then from what is kept
            is_exact = disclosure is Disclosure.EXACT
            responses = [post(client, document), send_get(client, document)]
            assert [shows_place(response) for response in responses] == [is_exact, is_exact]
            assert [STREET in response.text for response in responses] == [is_exact and name != "map"] * 2


@pytest.mark.parametrize("name", DOCUMENTS)
def test_headers_change_with_the_answer(directory: Directory, client: TestClient, name: str) -> None:
    document = DOCUMENTS[name]
    tags: list[str] = []
    for disclosure in (Disclosure.CITY, Disclosure.EXACT, Disclosure.CITY):
        disclose(directory, disclosure)
        first = send_get(client, document)
        assert first.headers["cache-control"] == "public, max-age=0, must-revalidate"
        assert int(first.headers["content-length"]) == len(first.content)
        assert send_get(client, document, first.headers["etag"]).status_code == 304
        for tag in tags:
            assert shows_place(send_get(client, document, tag)) == (disclosure is Disclosure.EXACT)  # not 304
        tags.append(first.headers["etag"])
        assert post(client, document).headers["cache-control"] == "private, no-store"
    assert len(set(tags)) == len(tags)
