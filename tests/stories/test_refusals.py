"""Invalid requests get an error with a code and a message over HTTP, never a 500, and other root fields still return data."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient

from tests.stories.http_client import INTERNALS, ask, assert_helpful_error, post


def get_refusal(client: TestClient, field: str) -> dict[str, Any]:
    """Return the error of one root field, next to another that returns data."""
    response = post(client, f"{{ refused: {field} network {{ name }} }}")
    assert response.status_code == 200
    body = response.json()
    assert body["data"] == {"refused": None, "network": {"name": "US Human Rights Network"}}
    (error,) = body["errors"]
    assert error["path"][0] == "refused"
    assert_helpful_error(error)
    assert not INTERNALS.search(response.text)
    refusal: dict[str, Any] = error
    return refusal


def search_field(filter: str = "", more: str = "") -> str:
    return f"organizations(filter: {{ {filter} }} {more}) {{ totalCount nodes {{ id }} }}"


def near_field(place: str, more: str = "") -> str:
    return search_field(f"near: {{ place: {{ {place} }} {more} }}")


ATLANTA = 'name: "Atlanta"'
VALUES = [
    near_field("point: { latitude: 133, longitude: 0 }"),
    near_field("point: { latitude: -90.001, longitude: 0 }"),
    near_field("point: { latitude: 0, longitude: 181 }"),
    search_field("within: { south: 40, west: 0, north: 30, east: 1 }"),
    search_field("within: { south: -91, west: 0, north: 30, east: 1 }"),
    near_field(ATLANTA, "radius: 0"),
    near_field(ATLANTA, "radius: -5"),
    near_field(ATLANTA, "radius: 20016"),
    near_field(ATLANTA, "radius: 12500, unit: MILE"),
    near_field(ATLANTA, "radius: 1e300"),
    near_field('name: ""'),
    search_field("", "first: 0"),
    search_field("", "first: -1"),
    search_field("", "first: 101"),
    search_field("", "last: 0"),
    search_field("", "first: 2, last: 2"),
    search_field("", "orderBy: { field: DISTANCE }"),
    search_field("", f'query: "{"x" * 501}"'),
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
def test_an_invalid_value_is_refused(client: TestClient, field: str) -> None:
    assert get_refusal(client, field)["extensions"]["code"] == "BAD_INPUT"


@pytest.mark.parametrize(
    ("filter_", "code", "suggestion"),
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
def test_an_unknown_slug_or_code_gets_suggestions(client: TestClient, filter_: str, code: str, suggestion: str) -> None:
    error = get_refusal(client, search_field(filter_))
    assert error["extensions"]["code"] == code
    assert suggestion in error["extensions"]["suggestions"]
    assert suggestion in error["message"]


@pytest.mark.parametrize(
    "place", ['name: "Qwxyzzz"', 'postalCode: "00000"', 'postalCode: "Atlanta"', 'region: "FR"', 'place: "UGxhY2U6eA"']
)
def test_an_unknown_place_is_refused(client: TestClient, place: str) -> None:
    assert get_refusal(client, near_field(place))["extensions"]["code"] == "UNKNOWN_PLACE"


def test_a_misspelled_place_gets_suggestions(client: TestClient) -> None:
    error = get_refusal(client, near_field('name: "Altanta"'))
    assert error["extensions"]["code"] == "UNKNOWN_PLACE"
    assert "Atlanta, GA" in error["extensions"]["suggestions"]


def test_the_candidates_of_an_ambiguous_place_can_be_used(client: TestClient) -> None:
    error = get_refusal(client, near_field('name: "Springfield"'))
    assert error["extensions"]["code"] == "AMBIGUOUS_PLACE"
    candidates = error["extensions"]["candidates"]
    assert {"Springfield, IL", "Springfield, MA", "Springfield, MO"} <= set(candidates)
    for candidate in candidates:
        ask(client, f"{{ {near_field(f'name: {json.dumps(candidate)}')} }}")


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
def test_a_malformed_cursor_is_refused(client: TestClient, name: str, broken: str) -> None:
    field, _, selection = LISTS[name]
    extensions = get_refusal(client, f"{field.replace('MORE', f', after: {json.dumps(broken)}')} {{ {selection} }}")["extensions"]
    assert (extensions["code"], extensions["reason"]) == ("BAD_CURSOR", "MALFORMED")


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_of_an_old_format_is_refused(client: TestClient, name: str) -> None:
    field, _, selection = LISTS[name]
    cursor = a_cursor(client, field.replace("MORE", ""))
    content = msgspec.msgpack.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    older = urlsafe_b64encode(msgspec.msgpack.encode([0, *content[1:]])).rstrip(b"=").decode()
    extensions = get_refusal(client, f"{field.replace('MORE', f', after: {json.dumps(older)}')} {{ {selection} }}")["extensions"]
    assert (extensions["code"], extensions["reason"]) == ("BAD_CURSOR", "OLD_FORMAT")


@pytest.mark.parametrize("name", [name for name, (_, more, _) in LISTS.items() if more])
def test_a_cursor_of_another_search_is_refused(client: TestClient, name: str) -> None:
    field, more, selection = LISTS[name]
    cursor = a_cursor(client, field.replace("MORE", ""))
    extensions = get_refusal(client, f"{field.replace('MORE', f', {more}, after: {json.dumps(cursor)}')} {{ {selection} }}")[
        "extensions"
    ]
    assert (extensions["code"], extensions["reason"]) == ("BAD_CURSOR", "OTHER_QUESTION")


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("other", LISTS)
def test_a_cursor_of_another_list_is_refused(client: TestClient, name: str, other: str) -> None:
    if name == other:
        return
    field, _, selection = LISTS[name]
    cursor = a_cursor(client, LISTS[other][0].replace("MORE", ""))
    error = get_refusal(client, f"{field.replace('MORE', f', after: {json.dumps(cursor)}')} {{ {selection} }}")
    assert error["extensions"]["code"] == "BAD_CURSOR"


QUESTION = "{ network { name } }"


@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}, {"Authorization": ""}, {"Cookie": "session=x"}]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_credentials_are_refused_with_401(client: TestClient, method: str, headers: dict[str, str]) -> None:
    options: dict[str, Any] = {"params": {"query": QUESTION}} if method == "GET" else {"json": {"query": QUESTION}}
    response = client.request(method, "/graphql", headers=headers, **options)
    assert response.status_code == 401
    assert response.headers["content-type"].startswith("application/json")
    body = response.json()
    assert "data" not in body
    assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert_helpful_error(body["errors"][0])


def test_other_cookies_are_not_credentials(client: TestClient) -> None:
    assert client.post("/graphql", json={"query": QUESTION}, headers={"Cookie": "theme=dark"}).status_code == 200
