"""A record that an audience may not see looks like one that does not exist, byte for byte. Revisions are not shown either."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from directory.records import Audience, MembershipStatus
from schema.context import Context
from schema.execution.execute import answer_document
from schema.schema import print_sdl
from tests.builders import a_membership, a_slug, a_stored_organization, an_id
from tests.stories.five_directories import ON_ANY_MACHINE, REQUEST_TIME, Directories, SentResponse, read_response, send_get
from tests.stories.private_places import LEVELS, REVISION, a_directory, build_public_entries, private_name
from tests.stories.query_parts import a_text, organization_id

pytestmark = pytest.mark.slow

SELECTIONS = {
    "found": "{ totalCount nodes { name } question { field value label search alternatives { field value label search } } }",
    "counted": "{ totalCount relaxations { count search without { label } } facets { kinds { count } regions { value count } } }",
    "understood": "{ totalCount nodes { name } understanding { query search notes optionalWords corrections { search } } }",
}
LOOKUPS = [
    "organization(by: {{ id: {id} }}) {{ name }}",
    "organization(by: {{ slug: {slug} }}) {{ name }}",
    'organization(by: {{ identifier: {{ scheme: "US-EIN", value: {ein} }} }}) {{ name }}',
    "node(id: {id}) {{ id }}",
    "nodes(ids: [{id}]) {{ id }}",
    "organizations(filter: {{ near: {{ place: {{ organization: {id} }} }} }}) {{ totalCount }}",
    "organizations(filter: {{ near: {{ place: {{ organization: {id} }}, radius: 9 }} }}) {{ totalCount }}",
    "organizations(filter: {{ ids: [{id}] }}) {found}",
    "organizations(filter: {{ ids: {id}, membership: [ACTIVE, PROSPECT, LAPSED, NONE] }}) {counted}",
    "organizations(filter: {{ parent: {id} }}) {found}",
    "organizations(filter: {{ parent: {id} }}) {counted}",
    "organizations(filter: {{ or: [{{ ids: [{id}] }}, {{ parent: {id} }}] }}) {found}",
    "organizations(filter: {{ or: [{{ ids: [{id}] }}, {{ kinds: [UNION] }}] }}) {found}",
    "organizations(filter: {{ or: [{{ ids: [{id}] }}, {{ kinds: [UNION] }}] }}) {counted}",
    "organizations(filter: {{ and: [{{ or: [{{ parent: {id} }}, {{ locationStated: true }}] }}] }}) {found}",
    "organizations(search: {id_pair}) {found}",
    "organizations(search: {parent_pair}) {counted}",
    "organizations(search: {near_pair}) {found}",
    'issueArea(slug: "housing") {{ organizations(filter: {{ ids: [{id}] }}) {found} }}',
    "organizations(words: {name}) {understood}",
    "organizations(words: {name}, filter: {{ ids: [{id}] }}) {understood}",
    "organizations(query: {name}) {{ totalCount relaxations {{ count }} }}",
    "suggest(query: {name}) {{ label }}",
    "allies(organizations: [{id}]) {{ totalCount }}",
    "allies(draft: {{ words: {name}, place: {{ organization: {id} }} }}) {{ totalCount }}",
    "allies(draft: {{ words: {name} }}) {{ totalCount }}",
    'allies(draft: {{ issueAreas: ["housing"] }}, filter: {{ ids: [{id}] }}) {{ totalCount nodes {{ name }} }}',
    "understand(query: {name}) {{ query search }}",
]


def build_lookups(name: str, ein: str, lookups: Sequence[str] = LOOKUPS) -> Iterator[str]:
    keys = {"id": organization_id(name), "slug": a_text(a_slug(name)), "name": a_text(name), "ein": a_text(ein)}
    starts = {"id_pair": "id=", "parent_pair": "parent=", "near_pair": "near=organization:"}
    keys |= SELECTIONS | {key: a_text(start + an_id(name)) for key, start in starts.items()}
    return ("{ " + lookup.format(**keys) + " }" for lookup in lookups)


@pytest.mark.parametrize("audience", [Audience.MEMBERS, Audience.STAFF])
@pytest.mark.parametrize("level", LEVELS)
def test_absent_and_forbidden_are_the_same_bytes_and_status(five: Directories, level: str, audience: Audience) -> None:
    name = private_name(level, audience)
    other = name.replace("Unlisted", "Unwitted")
    client, position = five.clients["still"], list(LEVELS).index(level) + 10
    forbidden = build_lookups(name, f"{position}-{list(Audience).index(audience):07}")
    absent = build_lookups(other, f"{position}-9999999")
    for hidden_document, absent_document in zip(forbidden, absent, strict=True):
        status, headers, body = blank_etag(read_response(send_get(client, absent_document)))
        response = blank_etag(read_response(send_get(client, hidden_document)))
        assert response == (status, headers, rename(body, name, other)), hidden_document


@pytest.mark.parametrize("reader", [Audience.PUBLIC, Audience.MEMBERS])
@pytest.mark.parametrize("level", LEVELS)
def test_absent_and_forbidden_are_the_same_for_each_audience(five: Directories, level: str, reader: Audience) -> None:
    """The price is a part of the bodies. Members see other records with these words, so they look by id only."""
    lookups = LOOKUPS if reader is Audience.PUBLIC else [lookup for lookup in LOOKUPS if "{name}" not in lookup]
    name = private_name(level, Audience.STAFF)
    other = name.replace("Unlisted", "Unwitted")
    context = Context(five.directories["still"].get_snapshot(reader), REQUEST_TIME, limits=ON_ANY_MACHINE)
    documents = (build_lookups(one, "1", lookups) for one in (name, other))
    for hidden_document, absent_document in zip(*documents, strict=True):
        hidden, absent = (answer_document(document, None, None, context).body for document in (hidden_document, absent_document))
        assert hidden == rename(absent, name, other), hidden_document
        assert b'"extensions":{"cost":' in hidden


BRANCH, HEADQUARTERS, NOBODY = "Cedar Branch", "Cedar Headquarters", "Nobody at all"


@pytest.mark.parametrize("reader", [Audience.PUBLIC, Audience.MEMBERS])
@pytest.mark.parametrize("status", [MembershipStatus.ACTIVE, MembershipStatus.PROSPECT])
def test_branches_of_a_hidden_organization_are_not_found_by_its_id(
    tmp_path: Path, reader: Audience, status: MembershipStatus
) -> None:
    parent = a_stored_organization(HEADQUARTERS, audience=Audience.STAFF, membership=a_membership(status))
    entries = [*build_public_entries(), parent, a_stored_organization(BRANCH, parent=parent.id), a_stored_organization("Alder")]
    directory = a_directory(f"sqlite:///{tmp_path / 'directory'}", entries)
    document = "{ organizations(filter: { parent: %s }) { totalCount nodes { name parent { name } } } }"
    by_reader = {
        audience: [
            answer_document(document % organization_id(name), None, None, Context(directory.get_snapshot(audience), REQUEST_TIME))
            for name in (HEADQUARTERS, NOBODY)
        ]
        for audience in (reader, Audience.STAFF)
    }
    hidden, absent = (answer.body for answer in by_reader[reader])
    assert hidden == absent
    assert BRANCH.encode() in by_reader[Audience.STAFF][0].body


def blank_etag(response: SentResponse) -> SentResponse:
    """Blank the ETag, which depends on the document, and here on two different ones. Its presence still counts."""
    status, headers, body = response
    return status, [(name, "" if name == "etag" else value) for name, value in headers], body


def rename(body: bytes, name: str, other: str) -> bytes:
    """Replace the other name by the name, in parts of the response that repeat the request."""
    words = {"Unwitted": "Unlisted", "unwitted": "unlisted", an_id(other): an_id(name)}
    words[json.loads(organization_id(other))] = json.loads(organization_id(name))
    for old, new in words.items():
        body = body.replace(old.encode(), new.encode())
    return body


def test_staff_see_what_is_hidden_from_others(five: Directories) -> None:
    """Otherwise, there would be nothing to hide."""
    snapshot = five.directories["still"].get_snapshot(Audience.STAFF)
    for audience in (Audience.MEMBERS, Audience.STAFF):
        assert all(snapshot.get_organization(an_id(private_name(level, audience))) for level in LEVELS)


@pytest.mark.slow
def test_no_response_contains_the_revision(five: Directories) -> None:
    revisions = {directory.get_snapshot(Audience.PUBLIC).revision for directory in five.directories.values()}
    assert all(REVISION < revision < REVISION + 10 for revision in revisions)
    assert "revision" not in print_sdl().lower()
    for _, headers, body in five.fetch_responses("stirred"):
        text = f"{headers} {body.decode()}"
        assert "revision" not in text.lower()
        assert not any(str(revision) in text for revision in revisions)
        assert not any(number in revisions for text in list_texts(json.loads(body)) for number in decode_numbers(text))


def list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from list_texts(child)


def decode_numbers(text: str) -> Iterator[int]:
    """Yield the whole numbers in a cursor."""
    try:
        yield from list_numbers(msgspec.msgpack.decode(urlsafe_b64decode(text + "=" * (-len(text) % 4))))
    except (ValueError, msgspec.MsgspecError):
        return


def list_numbers(value: Any) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from list_numbers(item)
