"""What an audience may not see does not exist for it: the same bytes and status as for what is not there, and no revision."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from directory.records import Audience
from schema.schema import print_sdl
from tests.builders import a_slug, an_id
from tests.stories.five_directories import Directories, SentResponse, read_response, send_get
from tests.stories.private_places import LEVELS, REVISION, private_name
from tests.stories.query_battery import a_text, organization_id

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
        status, headers, body = untagged(read_response(send_get(client, nothing)))
        assert untagged(read_response(send_get(client, hidden))) == (status, headers, as_if(body, name, other)), hidden


def untagged(answer: SentResponse) -> SentResponse:
    """A tag is a hash of the question, here of two that differ, and never of the answer; whether there is one counts."""
    status, headers, body = answer
    return status, [(name, "" if name == "etag" else value) for name, value in headers], body


def as_if(body: bytes, name: str, other: str) -> bytes:
    """What is told back of the question itself, as if it had been asked for the name."""
    words = {other: name, other.replace(" ", "+"): name.replace(" ", "+"), an_id(other): an_id(name)}
    for said, instead in words.items():
        body = body.replace(said.encode(), instead.encode())
    return body


def test_staff_see_what_is_hidden_from_others(five: Directories) -> None:
    """Else there was nothing to hide."""
    snapshot = five.directories["still"].get_snapshot(Audience.STAFF)
    for audience in (Audience.MEMBERS, Audience.STAFF):
        assert all(snapshot.get_organization(an_id(private_name(level, audience))) for level in LEVELS)


# ---------------------------------------------------------------- the revision is staff's


@pytest.mark.slow
def test_the_revision_is_nowhere(five: Directories) -> None:
    revisions = {directory.get_snapshot(Audience.PUBLIC).revision for directory in five.directories.values()}
    assert all(REVISION < revision < REVISION + 10 for revision in revisions)
    assert "revision" not in print_sdl().lower()
    for _, headers, body in five.fetch_responses("stirred"):
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
