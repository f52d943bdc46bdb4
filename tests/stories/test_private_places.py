"""No answer to anyone below staff, headers and version included, changes when a private point moves inside its published area.

Five directories hold the same organizations. In `still` nothing moved; in `moved` every private place moved by a later edit,
inside what is told of it; `elsewhere` was written with the other places at once; in `stirred` the organizations and contacts that
not everybody sees changed as well; `public` never held those. The battery asks each of them everything that can be asked.
"""

import datetime as dt
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import httpx2
import msgspec
import pytest
from starlette.testclient import TestClient

from directory.geo import Point, distance_km
from directory.live import Directory
from directory.records import Audience
from schema.context import Context
from schema.execution import answer
from schema.graph import SCHEMA, sdl
from tests.builders import NOW, a_slug, an_id
from tests.stories.asked import askable, asked
from tests.stories.asking import ask, served
from tests.stories.battery import CURSORS, WITHOUT_A_POINT, a_text, battery, near, organization_id
from tests.stories.private_places import (
    LEVELS,
    REVISION,
    SPOTS,
    a_directory,
    entries,
    private_name,
    public_entries,
    put,
    stirred_entries,
)

LATER = NOW + dt.timedelta(days=3)
ASKED_AT = NOW + dt.timedelta(days=10)
ENGINES = ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.slow])]
Sent: TypeAlias = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body


def sent(response: httpx2.Response) -> Sent:
    """All that is sent, but for the date."""
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() != "date"]
    return response.status_code, headers, response.content


def get(client: TestClient, document: str) -> httpx2.Response:
    return client.get("/graphql", params={"query": document})


class Directories:
    """The five of them, as directories and as they are served."""

    def __init__(self, directories: dict[str, Directory], clients: dict[str, TestClient]) -> None:
        self.directories, self.clients = directories, clients
        self.battery = battery(ask(clients["still"], CURSORS))
        self._answers: dict[str, list[Sent]] = {}

    @property
    def documents(self) -> list[str]:
        return [document for documents in self.battery.values() for document in documents]

    def answers(self, name: str) -> list[Sent]:
        """To all documents; asked once, since nothing changes."""
        if name not in self._answers:
            self._answers[name] = [sent(get(self.clients[name], document)) for document in self.documents]
        return self._answers[name]

    def told(self, name: str, audience: Audience) -> list[bytes]:
        """The bodies for an audience that no door serves yet."""
        context = Context(self.directories[name].snapshot(audience), ASKED_AT)
        return [msgspec.json.encode(answer(document, None, None, context).body) for document in self.documents]


def a_set(url: Any, exact: bool = False) -> dict[str, Directory]:
    """`url` gives the address of an empty database."""
    still = a_directory(url("still"), entries(exact=exact))
    elsewhere = a_directory(url("elsewhere"), entries(moved=True, exact=exact))
    if exact:
        return {"still": still, "elsewhere": elsewhere}
    moved, stirred = a_directory(url("moved"), entries()), a_directory(url("stirred"), entries())
    put(moved, entries(moved=True), LATER)
    put(stirred, list(stirred_entries()), LATER)
    return {
        "still": still,
        "elsewhere": elsewhere,
        "moved": moved,
        "stirred": stirred,
        "public": a_directory(url("public"), public_entries()),
    }


@contextmanager
def opened(directories: dict[str, Directory]) -> Iterator[Directories]:
    with ExitStack() as stack:
        clients = {name: stack.enter_context(served(directory)) for name, directory in directories.items()}
        yield Directories(directories, clients)


@pytest.fixture(scope="module", params=ENGINES)
def five(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directories]:
    folder: Path = tmp_path_factory.mktemp("places")
    with ExitStack() as stack:

        def url(name: str) -> str:
            if request.param == "sqlite":
                return f"sqlite:///{folder / name}"
            database: str = stack.enter_context(request.getfixturevalue("postgres_server").database())
            return database

        yield stack.enter_context(opened(a_set(url)))


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directories]:
    folder: Path = tmp_path_factory.mktemp("exact")
    with opened(a_set(lambda name: f"sqlite:///{folder / name}", exact=True)) as directories:
        yield directories


def alike(documents: list[str], some: list[Any], others: list[Any]) -> None:
    for document, one, other in zip(documents, some, others, strict=True):
        assert one == other, document


def test_the_battery_asks_everything_and_everything_is_answered(five: Directories) -> None:
    covered: set[str] = set()
    for document, (status, _, body) in zip(five.documents, five.answers("still"), strict=True):
        assert (status, json.loads(body).get("errors")) == (200, None), document
        covered |= asked(document, SCHEMA)
    assert askable(SCHEMA) - covered == set()


@pytest.mark.parametrize("other", ["moved", "elsewhere", "stirred", "public"])
def test_no_answer_to_the_public_tells_the_difference(five: Directories, other: str) -> None:
    alike(five.documents, five.answers(other), five.answers("still"))
    for path in ("/", "/healthz"):
        assert sent(five.clients[other].get(path)) == sent(five.clients["still"].get(path))
    version = five.directories["still"].snapshot(Audience.PUBLIC).version
    assert five.directories[other].snapshot(Audience.PUBLIC).version == version


@pytest.mark.slow
@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.STAFF])
def test_no_other_audience_is_told_the_difference(five: Directories, audience: Audience) -> None:
    still = five.told("still", audience)
    for other in ("moved", "elsewhere"):
        alike(five.documents, five.told(other, audience), still)


def near_place(said: str) -> str:
    return f"{{ organizations(filter: {{ near: {{ place: {{ {said} }} }} }}) {{ totalCount }} }}"


REFUSED = [
    f"{{ organizations(filter: {{ {near(0, 0, 'radius: 0')} }}) {{ totalCount }} }}",
    *(near_place(f"organization: {organization_id(private_name(level))}") for level in WITHOUT_A_POINT),
    *(near_place(f"name: {a_text(spot.street)}") for spot in SPOTS),
    '{ organizations(after: "AAAA") { totalCount nodes { id } } }',
]


@pytest.mark.parametrize("other", ["moved", "elsewhere", "stirred", "public"])
def test_no_refusal_tells_the_difference(five: Directories, other: str) -> None:
    for document in REFUSED:
        refused = get(five.clients["still"], document)
        assert refused.json()["errors"][0]["extensions"]["code"] != "INTERNAL"
        assert sent(get(five.clients[other], document)) == sent(refused), document


def test_streets_and_true_points_are_in_no_answer(five: Directories) -> None:
    for document, (_, _, body) in zip(five.documents, five.answers("still"), strict=True):
        for spot in SPOTS:
            for secret in (spot.street, str(spot.point.latitude), str(spot.point.longitude)):
                assert secret not in body.decode() or secret in document  # a question may be told back


# ---------------------------------------------------------------- that the battery can fail


def test_what_is_told_exactly_does_differ(exact: Directories) -> None:
    same = {name for name, documents in exact.battery.items() if not any(differs(exact, document) for document in documents)}
    assert same <= {"typed", "terms", "kinds", "general", "changes"}  # where no answer tells a place


def differs(exact: Directories, document: str) -> bool:
    return get(exact.clients["elsewhere"], document).content != get(exact.clients["still"], document).content


# ---------------------------------------------------------------- absent and forbidden

LOOKUPS = [
    "organization(by: {{ id: {id} }}) {{ name }}",
    "organization(by: {{ slug: {slug} }}) {{ name }}",
    'organization(by: {{ identifier: {{ scheme: "US-EIN", value: {ein} }} }}) {{ name }}',
    "node(id: {id}) {{ id }}",
    "nodes(ids: [{id}]) {{ id }}",
    "organizations(filter: {{ near: {{ place: {{ organization: {id} }} }} }}) {{ totalCount }}",
    "organizations(filter: {{ near: {{ place: {{ organization: {id} }}, radius: 9 }} }}) {{ totalCount }}",
    "organizations(query: {name}) {{ totalCount relaxations {{ count }} }}",
    "suggest(query: {name}) {{ label }}",
    "understand(query: {name}) {{ query search }}",
]


def lookups(name: str, ein: str) -> Iterator[str]:
    keys = {"id": organization_id(name), "slug": a_text(a_slug(name)), "name": a_text(name), "ein": a_text(ein)}
    return ("{ " + lookup.format(**keys) + " }" for lookup in LOOKUPS)


@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.STAFF])
@pytest.mark.parametrize("level", LEVELS)
def test_absent_and_forbidden_are_the_same_bytes_and_status(five: Directories, level: str, audience: Audience) -> None:
    name = private_name(level, audience)
    other = name.replace("Unlisted", "Unwitted")
    client, position = five.clients["still"], list(LEVELS).index(level) + 10
    forbidden = lookups(name, f"{position}-{list(Audience).index(audience):07}")
    absent = lookups(other, f"{position}-9999999")
    for hidden, nothing in zip(forbidden, absent, strict=True):
        status, headers, body = sent(get(client, nothing))
        assert sent(get(client, hidden)) == (status, headers, as_if(body, name, other)), hidden


def as_if(body: bytes, name: str, other: str) -> bytes:
    """What is told back of the question itself, as if it had been asked for the name."""
    words = {other: name, other.replace(" ", "+"): name.replace(" ", "+"), an_id(other): an_id(name)}
    for said, instead in words.items():
        body = body.replace(said.encode(), instead.encode())
    return body


def test_staff_see_what_is_hidden_from_others(five: Directories) -> None:
    """Else there was nothing to hide."""
    snapshot = five.directories["still"].snapshot(Audience.STAFF)
    for audience in (Audience.MEMBERS, Audience.STAFF):
        assert all(snapshot.organization(an_id(private_name(level, audience))) for level in LEVELS)


# ---------------------------------------------------------------- the revision is staff's


def test_the_revision_is_nowhere(five: Directories) -> None:
    revisions = {directory.snapshot(Audience.PUBLIC).revision for directory in five.directories.values()}
    assert all(REVISION < revision < REVISION + 10 for revision in revisions)
    assert "revision" not in sdl().lower()
    for _, headers, body in five.answers("moved"):
        text = f"{headers} {body.decode()}"
        assert "revision" not in text.lower()
        assert not any(str(revision) in text for revision in revisions)
        assert not any(number in revisions for string in strings(json.loads(body)) for number in packed(string))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def packed(text: str) -> Iterator[int]:
    """The whole numbers in a cursor."""
    try:
        yield from numbers(msgspec.msgpack.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4))))
    except (ValueError, msgspec.MsgspecError):
        return


def numbers(value: Any) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from numbers(one)


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
          organizations(query: {quoted(name)}, filter: {{ {near(*watcher, "radius: $radius")} }}) {{ totalCount }}
        }}"""
        if ask(client, document, radius=middle)["organizations"]["totalCount"]:
            most = middle
        else:
            least = middle
    return most
