"""No response below staff level changes when a private place moves within its published area, not even headers or version."""

import json
from collections.abc import Sequence

import pytest
from starlette.testclient import TestClient

from directory.geo import Point, distance_km
from directory.live import Directory
from directory.records import Audience
from schema.schema import SCHEMA
from tests.builders import a_slug
from tests.stories.five_directories import Directories, read_response, send_get
from tests.stories.http_client import ask
from tests.stories.private_places import LEVELS, SPOTS, private_name
from tests.stories.query_battery import near_argument
from tests.stories.query_parts import WITHOUT_A_POINT, a_text, organization_id
from tests.stories.schema_usage import list_schema_parts, list_used_parts


def assert_same_responses(documents: list[str], responses: Sequence[object], other_responses: Sequence[object]) -> None:
    for document, response, other in zip(documents, responses, other_responses, strict=True):
        assert response == other, document


@pytest.mark.slow
def test_the_battery_covers_the_schema_without_errors(five: Directories) -> None:
    used_parts: set[str] = set()
    for document, (status, _, body) in zip(five.documents, five.fetch_responses("still"), strict=True):
        assert (status, json.loads(body).get("errors")) == (200, None), document
        used_parts |= list_used_parts(document, SCHEMA)
    assert list_schema_parts(SCHEMA) - used_parts == {
        "RateLimit.remaining",
        "RateLimit.resetAt",
    }  # these depend on the client


MANY = 10_000
SLOW_NAMES = [pytest.param(name, marks=pytest.mark.slow) for name in ("stirred", "moved", "elsewhere")]


@pytest.mark.parametrize("other", ["public", *SLOW_NAMES])
def test_no_public_response_reveals_a_difference(five: Directories, other: str) -> None:
    assert_same_responses(five.documents, five.fetch_responses(other), five.fetch_responses("still"))
    for path in ("/", "/healthz", "/readyz"):
        assert read_response(five.clients[other].get(path)) == read_response(five.clients["still"].get(path))
    version = five.directories["still"].get_snapshot(Audience.PUBLIC).version
    assert five.directories[other].get_snapshot(Audience.PUBLIC).version == version


@pytest.mark.slow
@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.STAFF])
def test_no_response_to_another_audience_reveals_a_difference(five: Directories, audience: Audience) -> None:
    still = five.answer_as("still", audience)
    for other in ("moved", "elsewhere"):
        assert_same_responses(five.documents, five.answer_as(other, audience), still)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("audience", Audience)
def test_snapshots_are_the_same_on_postgresql(
    five: Directories, five_on_postgres: dict[str, Directory], audience: Audience
) -> None:
    """All answers come from snapshots, so the other tests need only one engine."""
    assert five.directories.keys() == five_on_postgres.keys()
    for name, directory in five_on_postgres.items():
        snapshot, expected = directory.get_snapshot(audience), five.directories[name].get_snapshot(audience)
        assert snapshot.state == expected.state
        assert list(snapshot.index.rows.records) == list(expected.index.rows.records)
        assert snapshot.list_changes(0, MANY) == expected.list_changes(0, MANY)


def build_near_document(place: str) -> str:
    return f"{{ organizations(filter: {{ near: {{ place: {{ {place} }} }} }}) {{ totalCount }} }}"


INVALID_DOCUMENTS = [
    f"{{ organizations(filter: {{ {near_argument(0, 0, 'radius: 0')} }}) {{ totalCount }} }}",
    *(build_near_document(f"organization: {organization_id(private_name(level))}") for level in WITHOUT_A_POINT),
    *(build_near_document(f"name: {a_text(spot.street)}") for spot in SPOTS),
    '{ organizations(after: "AAAA") { totalCount nodes { id } } }',
    '{ coverage(filter: { coalition: "unlisted-alliance" }) { gapCount } }',
    '{ coalitionPlan(search: "issue=housing&region=US-GA&filter=coalition%3Dunlisted-alliance") { covered } }',
]


@pytest.mark.parametrize("document", INVALID_DOCUMENTS)
def test_no_error_reveals_a_difference(five: Directories, document: str) -> None:
    response = send_get(five.clients["still"], document)
    assert response.json()["errors"][0]["extensions"]["code"] != "INTERNAL"
    for client in five.clients.values():
        assert read_response(send_get(client, document)) == read_response(response)


def test_streets_and_true_points_are_in_no_answer(five: Directories) -> None:
    for document, (_, _, body) in zip(five.documents, five.fetch_responses("still"), strict=True):
        for spot in SPOTS:
            for secret in (spot.street, str(spot.point.latitude), str(spot.point.longitude)):
                assert secret not in body.decode() or secret in document  # a response may repeat the request


@pytest.mark.slow
def test_exact_places_do_differ(exact: Directories) -> None:
    same = {
        name
        for name, documents in exact.battery.items()
        if not any(has_different_response(exact, document) for document in documents)
    }
    assert same <= {"typed_words", "terms", "kinds", "network_fields", "enum_labels", "changes"}  # these contain no places


def has_different_response(exact: Directories, document: str) -> bool:
    return send_get(exact.clients["elsewhere"], document).content != send_get(exact.clients["still"], document).content


WATCHERS = [(33.70, -84.30), (33.86, -84.47), (33.74, -84.36), (33.95, -84.10)]
BISECTIONS = 40
MAX_KILOMETERS = 200.0


@pytest.mark.parametrize("level", ["Postal", "City", "County", "State"])
def test_160_radius_queries_find_the_published_point_and_not_the_true_one(five: Directories, level: str) -> None:
    client, name = five.clients["still"], private_name(level)
    document = f"{{ organization(by: {{ slug: {a_text(a_slug(name))} }}) {{ locations {{ point {{ latitude longitude }} }} }} }}"
    point = Point(**ask(client, document)["organization"]["locations"][0]["point"])
    for watcher in WATCHERS:
        distance = measure_distance(client, watcher, name)
        assert distance == pytest.approx(distance_km(Point(*watcher), point), abs=1e-6)
        assert abs(distance - distance_km(Point(*watcher), LEVELS[level].before.point)) > 0.01


def quote_name(name: str) -> str:
    return a_text(f'"{name}"')


def measure_distance(client: TestClient, watcher: tuple[float, float], name: str) -> float:
    """Find the smallest radius that includes the organization, by bisection."""
    smallest, largest = 0.0, MAX_KILOMETERS
    for _ in range(BISECTIONS):
        middle = (smallest + largest) / 2
        document = f"""query($radius: Float) {{
          organizations(query: {quote_name(name)}, filter: {{ {near_argument(*watcher, "radius: $radius")} }}) {{ totalCount }}
        }}"""
        if ask(client, document, radius=middle)["organizations"]["totalCount"]:
            largest = middle
        else:
            smallest = middle
    return largest
