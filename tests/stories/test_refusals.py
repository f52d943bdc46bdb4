"""What cannot be is refused over HTTP with a code and a sentence; the other root fields still answer; it is never a 500."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from tests.stories.http_client import INTERNALS, ask, assert_helpful_error, post


def refused(client: TestClient, field: str) -> dict[str, Any]:
    """The error of one refused root field, beside another that answers."""
    response = post(client, f"{{ refused: {field} network {{ name }} }}")
    assert response.status_code == 200
    body = response.json()
    assert body["data"] == {"refused": None, "network": {"name": "US Human Rights Network"}}
    (error,) = body["errors"]
    assert error["path"][0] == "refused"
    assert_helpful_error(error)
    assert not INTERNALS.search(response.text)
    found: dict[str, Any] = error
    return found


def organizations(filter: str = "", more: str = "") -> str:
    return f"organizations(filter: {{ {filter} }} {more}) {{ totalCount nodes {{ id }} }}"


def near(place: str, more: str = "") -> str:
    return organizations(f"near: {{ place: {{ {place} }} {more} }}")


ATLANTA = 'name: "Atlanta"'
VALUES = [
    near("point: { latitude: 133, longitude: 0 }"),
    near("point: { latitude: -90.001, longitude: 0 }"),
    near("point: { latitude: 0, longitude: 181 }"),
    organizations("within: { south: 40, west: 0, north: 30, east: 1 }"),
    organizations("within: { south: -91, west: 0, north: 30, east: 1 }"),
    near(ATLANTA, "radius: 0"),
    near(ATLANTA, "radius: -5"),
    near(ATLANTA, "radius: 20016"),
    near(ATLANTA, "radius: 12500, unit: MILE"),
    near(ATLANTA, "radius: 1e300"),
    near('name: ""'),
    organizations("", "first: 0"),
    organizations("", "first: -1"),
    organizations("", "first: 101"),
    organizations("", "last: 0"),
    organizations("", "first: 2, last: 2"),
    organizations("", "orderBy: { field: DISTANCE }"),
    organizations("", f'query: "{"x" * 501}"'),
    "changes(first: 0) { nodes { at } }",
    "issueAreas(first: 0) { nodes { slug } }",
    "regions(first: 0) { nodes { code } }",
    'places(query: "atlanta", first: 0) { id }',
    'suggest(query: "atlanta", first: 0) { label }',
    f'understand(query: "{"x" * 501}") {{ query }}',
    'node(id: "nonsense") { id }',
    'organization(by: { id: "nonsense" }) { id }',
]


@pytest.mark.parametrize("field", VALUES)
def test_a_value_that_cannot_be(client: TestClient, field: str) -> None:
    assert refused(client, field)["extensions"]["code"] == "BAD_INPUT"


@pytest.mark.parametrize(
    ("filter_", "code", "suggested"),
    [
        ('issueAreas: { anyOf: ["houzing"] }', "UNKNOWN_TERM", "housing"),
        ('issueAreas: { noneOf: ["tenant"] }', "UNKNOWN_TERM", "tenants"),
        ('communities: { allOf: ["unhoused-persons"] }', "UNKNOWN_TERM", "unhoused-people"),
        ('workAreas: { anyOf: ["organising"] }', "UNKNOWN_TERM", "organizing"),
        ('regions: { anyOf: ["us-ga"] }', "UNKNOWN_REGION", "US-GA"),
        ('regions: { anyOf: ["Georgia"] }', "UNKNOWN_REGION", "US-GA"),
        ('regions: { noneOf: ["US-SOUTHS"] }', "UNKNOWN_REGION", "US-SOUTH"),
        ('near: { place: { region: "US-GAA" } }', "UNKNOWN_REGION", "US-GA"),
    ],
)
def test_an_unknown_slug_or_code_with_the_nearest_known_one(client: TestClient, filter_: str, code: str, suggested: str) -> None:
    error = refused(client, organizations(filter_))
    assert error["extensions"]["code"] == code
    assert suggested in error["extensions"]["suggestions"]
    assert suggested in error["message"]


@pytest.mark.parametrize(
    "place", ['name: "Qwxyzzz"', 'postalCode: "00000"', 'postalCode: "Atlanta"', 'region: "FR"', 'place: "UGxhY2U6eA"']
)
def test_an_unknown_place(client: TestClient, place: str) -> None:
    assert refused(client, near(place))["extensions"]["code"] == "UNKNOWN_PLACE"


def test_a_misspelled_place_with_the_nearest_known_one(client: TestClient) -> None:
    error = refused(client, near('name: "Altanta"'))
    assert error["extensions"]["code"] == "UNKNOWN_PLACE"
    assert "Atlanta, GA" in error["extensions"]["suggestions"]


def test_an_ambiguous_place_names_its_candidates_and_each_of_them_can_be_asked_for(client: TestClient) -> None:
    error = refused(client, near('name: "Springfield"'))
    assert error["extensions"]["code"] == "AMBIGUOUS_PLACE"
    candidates = error["extensions"]["candidates"]
    assert {"Springfield, IL", "Springfield, MA", "Springfield, MO"} <= set(candidates)
    for candidate in candidates:
        ask(client, f"{{ {near(f'name: {json.dumps(candidate)}')} }}")


def a_cursor(client: TestClient, field: str) -> str:
    cursor: str = ask(client, f"{{ found: {field} {{ pageInfo {{ endCursor }} }} }}")["found"]["pageInfo"]["endCursor"]
    return cursor


LISTS = {
    "organizations": ("organizations(first: 2 MORE)", 'query: "rights"', "nodes { id }"),
    "issueAreas": ("issueAreas(first: 2 MORE)", 'query: "house"', "nodes { id }"),
    "regions": ("regions(first: 2 MORE)", "kind: STATE", "nodes { id }"),
    "changes": ("changes(first: 2 MORE)", None, "nodes { at }"),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("broken", ["", "AAAA", "nonsense", "\u00e9", "%00", "x" * 5000, "gZM", "////"])
def test_a_malformed_cursor(client: TestClient, name: str, broken: str) -> None:
    field, _, selection = LISTS[name]
    extensions = refused(client, f"{field.replace('MORE', f', after: {json.dumps(broken)}')} {{ {selection} }}")["extensions"]
    assert (extensions["code"], extensions["reason"]) == ("BAD_CURSOR", "MALFORMED")


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_of_an_old_format(client: TestClient, name: str) -> None:
    field, _, selection = LISTS[name]
    cursor = a_cursor(client, field.replace("MORE", ""))
    content = msgspec.msgpack.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    older = urlsafe_b64encode(msgspec.msgpack.encode([0, *content[1:]])).rstrip(b"=").decode()
    extensions = refused(client, f"{field.replace('MORE', f', after: {json.dumps(older)}')} {{ {selection} }}")["extensions"]
    assert (extensions["code"], extensions["reason"]) == ("BAD_CURSOR", "OLD_FORMAT")


@pytest.mark.parametrize("name", [name for name, (_, more, _) in LISTS.items() if more])
def test_a_cursor_from_another_question(client: TestClient, name: str) -> None:
    field, more, selection = LISTS[name]
    cursor = a_cursor(client, field.replace("MORE", ""))
    extensions = refused(client, f"{field.replace('MORE', f', {more}, after: {json.dumps(cursor)}')} {{ {selection} }}")[
        "extensions"
    ]
    assert (extensions["code"], extensions["reason"]) == ("BAD_CURSOR", "OTHER_QUESTION")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("other", LISTS)
def test_a_cursor_of_another_list(client: TestClient, name: str, other: str) -> None:
    if name == other:
        return
    field, _, selection = LISTS[name]
    cursor = a_cursor(client, LISTS[other][0].replace("MORE", ""))
    error = refused(client, f"{field.replace('MORE', f', after: {json.dumps(cursor)}')} {{ {selection} }}")
    assert error["extensions"]["code"] == "BAD_CURSOR"


# ---------------------------------------------------------------- credentials

QUESTION = "{ network { name } }"


@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}, {"Authorization": ""}, {"Cookie": "session=x"}]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_credentials_are_answered_with_401(client: TestClient, method: str, headers: dict[str, str]) -> None:
    sent: dict[str, Any] = {"params": {"query": QUESTION}} if method == "GET" else {"json": {"query": QUESTION}}
    response = client.request(method, "/graphql", headers=headers, **sent)
    assert response.status_code == 401
    assert response.headers["content-type"].startswith("application/json")
    body = response.json()
    assert "data" not in body
    assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert_helpful_error(body["errors"][0])


def test_another_cookie_is_no_credential(client: TestClient) -> None:
    assert client.post("/graphql", json={"query": QUESTION}, headers={"Cookie": "theme=dark"}).status_code == 200
