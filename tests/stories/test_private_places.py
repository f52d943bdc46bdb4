"""No answer to anyone below staff, headers and version included, changes when a private point moves inside its published area."""

import json
from collections.abc import Sequence

import pytest
from starlette.testclient import TestClient

from directory.geo import Point, distance_km
from directory.records import Audience
from schema.schema import SCHEMA
from tests.builders import a_slug
from tests.stories.five_directories import Directories, read_response, send_get
from tests.stories.http_client import ask
from tests.stories.private_places import LEVELS, SPOTS, private_name
from tests.stories.query_battery import WITHOUT_A_POINT, a_text, near_argument, organization_id
from tests.stories.schema_usage import list_schema_parts, list_used_parts


def alike(documents: list[str], some: Sequence[object], others: Sequence[object]) -> None:
    for document, one, other in zip(documents, some, others, strict=True):
        assert one == other, document


@pytest.mark.slow
def test_the_battery_asks_everything_and_everything_is_answered(five: Directories) -> None:
    covered: set[str] = set()
    for document, (status, _, body) in zip(five.documents, five.fetch_responses("still"), strict=True):
        assert (status, json.loads(body).get("errors")) == (200, None), document
        covered |= list_used_parts(document, SCHEMA)
    assert list_schema_parts(SCHEMA) - covered == {
        "RateLimit.remaining",
        "RateLimit.resetAt",
    }  # they count what the asker alone has asked


SLOWLY = [pytest.param(name, marks=pytest.mark.slow) for name in ("moved", "elsewhere")]


@pytest.mark.parametrize("other", ["stirred", "public", *SLOWLY])
def test_no_answer_to_the_public_tells_the_difference(five: Directories, other: str) -> None:
    alike(five.documents, five.fetch_responses(other), five.fetch_responses("still"))
    for path in ("/", "/healthz", "/readyz"):
        assert read_response(five.clients[other].get(path)) == read_response(five.clients["still"].get(path))
    version = five.directories["still"].get_snapshot(Audience.PUBLIC).version
    assert five.directories[other].get_snapshot(Audience.PUBLIC).version == version


@pytest.mark.slow
@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.STAFF])
def test_no_other_audience_is_told_the_difference(five: Directories, audience: Audience) -> None:
    still = five.answer_as("still", audience)
    for other in ("moved", "elsewhere"):
        alike(five.documents, five.answer_as(other, audience), still)


def near_place(said: str) -> str:
    return f"{{ organizations(filter: {{ near: {{ place: {{ {said} }} }} }}) {{ totalCount }} }}"


REFUSED = [
    f"{{ organizations(filter: {{ {near_argument(0, 0, 'radius: 0')} }}) {{ totalCount }} }}",
    *(near_place(f"organization: {organization_id(private_name(level))}") for level in WITHOUT_A_POINT),
    *(near_place(f"name: {a_text(spot.street)}") for spot in SPOTS),
    '{ organizations(after: "AAAA") { totalCount nodes { id } } }',
]


@pytest.mark.parametrize("document", REFUSED)
def test_no_refusal_tells_the_difference(five: Directories, document: str) -> None:
    refused = send_get(five.clients["still"], document)
    assert refused.json()["errors"][0]["extensions"]["code"] != "INTERNAL"
    for client in five.clients.values():
        assert read_response(send_get(client, document)) == read_response(refused)


def test_streets_and_true_points_are_in_no_answer(five: Directories) -> None:
    for document, (_, _, body) in zip(five.documents, five.fetch_responses("still"), strict=True):
        for spot in SPOTS:
            for secret in (spot.street, str(spot.point.latitude), str(spot.point.longitude)):
                assert secret not in body.decode() or secret in document  # a question may be told back


# ---------------------------------------------------------------- that the battery can fail


def test_what_is_told_exactly_does_differ(exact: Directories) -> None:
    same = {name for name, documents in exact.battery.items() if not any(differs(exact, document) for document in documents)}
    assert same <= {"typed_words", "terms", "kinds", "network_fields", "changes"}  # where no answer tells a place


def differs(exact: Directories, document: str) -> bool:
    return send_get(exact.clients["elsewhere"], document).content != send_get(exact.clients["still"], document).content


# ---------------------------------------------------------------- the attack

WATCHERS = [(33.70, -84.30), (33.86, -84.47), (33.74, -84.36), (33.95, -84.10)]
HALVINGS = 40
FARTHEST = 200.0  # kilometers


@pytest.mark.parametrize("level", ["Postal", "City", "County", "State"])
def test_160_radius_queries_find_the_published_point_and_not_the_true_one(five: Directories, level: str) -> None:
    client, name = five.clients["still"], private_name(level)
    document = f"{{ organization(by: {{ slug: {a_text(a_slug(name))} }}) {{ locations {{ point {{ latitude longitude }} }} }} }}"
    point = Point(**ask(client, document)["organization"]["locations"][0]["point"])
    for watcher in WATCHERS:
        farther = distance_found(client, watcher, name)
        assert farther == pytest.approx(distance_km(Point(*watcher), point), abs=1e-6)
        assert abs(farther - distance_km(Point(*watcher), LEVELS[level].before.point)) > 0.01


def quoted(name: str) -> str:
    return a_text(f'"{name}"')


def distance_found(client: TestClient, watcher: tuple[float, float], name: str) -> float:
    """Halves the radius between one that finds the organization and one that does not."""
    least, most = 0.0, FARTHEST
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        document = f"""query($radius: Float) {{
          organizations(query: {quoted(name)}, filter: {{ {near_argument(*watcher, "radius: $radius")} }}) {{ totalCount }}
        }}"""
        if ask(client, document, radius=middle)["organizations"]["totalCount"]:
            most = middle
        else:
            least = middle
    return most
