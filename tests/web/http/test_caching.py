"""HTTP caching: cacheable answers have an entity tag, which changes whenever the answer could differ."""

import datetime as dt
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from directory.live import Directory
from directory.records import Audience
from directory.store.ledger.edits import Network
from schema.context import Context
from schema.limits import parse_limits
from tests.builders import a_stored_organization
from tests.web.conftest import NETWORK, PATIENT, SECRET, TENANTS, put
from web.app import create_app
from web.http import caching
from web.http.caching import compute_etag, is_not_modified
from web.http.graphql_request import GraphQLRequest
from web.http.responses import GRAPHQL_JSON, JSON

TYPENAME = {"query": "{ __typename }"}
CHANGES = {"query": "query($after: String) { changes(after: $after) { nodes { organizationId } pageInfo { endCursor } } }"}
DUE = {"query": "{ organizations { nodes { ...A } } } fragment A on Organization { d: verificationDue }"}
NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def test_an_answer_to_get_has_a_tag_and_cache_headers(client: TestClient) -> None:
    response = client.get("/graphql", params=TYPENAME)
    assert response.headers["etag"].startswith('"')
    assert response.headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert response.headers["vary"] == "Accept, Authorization, Cookie"


def test_an_unchanged_answer_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/graphql", params=TYPENAME)
    again = client.get("/graphql", params=TYPENAME, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for header in ("etag", "cache-control", "vary"):
        assert again.headers[header] == first.headers[header]


def test_an_unchanged_answer_is_not_parsed_or_executed(client: TestClient, directory: Directory) -> None:
    nonsense = GraphQLRequest("{ nonsense ")
    context = Context(directory.get_snapshot(Audience.PUBLIC), NOON, limits=parse_limits(PATIENT))
    known = compute_etag("{ nonsense ", nonsense, context, JSON)
    assert client.get("/graphql", params={"query": "{ nonsense "}).json()["errors"]
    response = client.get("/graphql", params={"query": "{ nonsense "}, headers={"If-None-Match": str(known)})
    assert response.status_code == 304


@pytest.mark.parametrize(
    "document",
    [
        "{ viewer { audience } }",
        "{ v: viewer { audience } network { name } }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { viewer { audience } }",
        "{ ... on Query { viewer @skip(if: true) { audience } } __typename }",
        "{ __typename } query B { viewer { audience } }",
        "{viewer{audience}}",
    ],
)
def test_an_answer_about_the_viewer_is_never_cached(client: TestClient, document: str) -> None:
    response = client.get("/graphql", params={"query": document}, headers={"If-None-Match": "*"})
    assert response.status_code == 200
    assert "etag" not in response.headers
    assert response.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": "{"},
        {"query": "{ nothing }"},
        {"query": "{ organizations(first: 0) { totalCount } __typename }"},
        {"query": "query($n: Int!) { organizations(first: $n) { totalCount } }"},
        {},
    ],
)
def test_an_error_is_never_cached(client: TestClient, parameters: dict[str, str]) -> None:
    response = client.get("/graphql", params=parameters)
    assert "etag" not in response.headers
    assert response.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("method", "headers"),
    [("POST", {}), ("GET", {"Authorization": "Bearer x"}), ("GET", {"Cookie": "session=x"}), ("GET", {"Accept": "text/css"})],
)
def test_post_credentials_and_unacceptable_types_are_never_cached(
    client: TestClient, method: str, headers: dict[str, str]
) -> None:
    response = client.request(method, "/graphql", params=TYPENAME, json=TYPENAME, headers=headers)
    assert "etag" not in response.headers
    assert response.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("header", ['W/{}', '"other", {}', 'W/"other",W/{}', "{}, *"])  # fmt: skip
def test_a_tag_matches_among_others_and_weakly(header: str) -> None:
    assert is_not_modified('"a1"', header.format('"a1"').encode())


@pytest.mark.parametrize("header", [None, b"", b'"a2"', b"a1", b'"A1"', b'"a1', b"*", b'"x"a1"'])
def test_another_tag_does_not_match(header: bytes | None) -> None:
    assert not is_not_modified('"a1"', header)


def test_the_order_of_variables_does_not_change_the_tag(directory: Directory) -> None:
    assert compute_tag(directory, variables={"a": 1, "b": {"c": 2, "d": []}}) == compute_tag(
        directory, variables={"b": {"d": [], "c": 2}, "a": 1}
    )
    assert compute_tag(directory, variables={}) == compute_tag(directory, variables=None)


def test_everything_that_an_answer_depends_on_changes_the_tag(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    tags = [
        compute_tag(directory),
        compute_tag(directory, document="{  __typename }"),
        compute_tag(directory, variables={"a": 1}),
        compute_tag(directory, variables={"a": "1"}),
        compute_tag(directory, variables={"a": None}),
        compute_tag(directory, operation="A"),
        compute_tag(directory, media_type=GRAPHQL_JSON),
        compute_tag(directory, audience=Audience.MEMBERS),
    ]
    monkeypatch.setattr(caching, "compute_code_hash", lambda: "another")
    tags.append(compute_tag(directory))
    assert len(set(tags)) == len(tags)


def test_the_day_changes_the_tag_only_of_answers_that_depend_on_it(directory: Directory) -> None:
    later, next_day = NOON + dt.timedelta(hours=11), NOON + dt.timedelta(days=1)
    assert compute_tag(directory, now=NOON) == compute_tag(directory, now=next_day)
    filtered = "query($filter: OrganizationFilter) { organizations(filter: $filter) { totalCount } }"
    searched = "query($one: String) { organizations(search: $one) { totalCount } }"
    cases: list[tuple[str, dict[str, object]]] = [
        (DUE["query"], {}),
        ("{ organizations(filter: { verificationDue: true }) { totalCount } }", {}),
        (filtered, {"filter": {"or": [{"verificationDue": True}]}}),
        (searched, {"one": "due=true"}),
    ]
    for document, variables in cases:
        tags = [compute_tag(directory, document=document, variables=variables, now=now) for now in (NOON, later, next_day)]
        assert tags[0] == tags[1] != tags[2]


def test_the_tag_depends_on_every_file_of_code_and_data() -> None:
    root = Path(caching.__file__).parents[2]
    files = {path for folder in ("directory", "schema") for path in (root / folder).rglob("*") if path.is_file()}
    unlisted = {path.suffix for path in files - set(caching._list_source_files())}
    assert unlisted <= {".pyc", ".md", ".graphql", ".typed"}


def test_an_answer_that_depends_on_the_day_is_cached_all_day(client: TestClient, directory: Directory) -> None:
    first = client.get("/graphql", params=DUE)
    assert first.json()["data"]
    assert client.get("/graphql", params=DUE, headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_polling_changes_gets_304_until_the_audience_sees_a_change(tmp_path: Path) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(directory, TENANTS, NETWORK, network=Network(NETWORK.id))
    with TestClient(create_app(directory), base_url="http://localhost") as client:
        first = client.get("/graphql", params=CHANGES)
        cursor = first.json()["data"]["changes"]["pageInfo"]["endCursor"]
        parameters = {**CHANGES, "variables": f'{{"after": "{cursor}"}}'}
        empty = client.get("/graphql", params=parameters)
        assert empty.json()["data"]["changes"]["nodes"] == []
        headers = {"If-None-Match": empty.headers["etag"]}
        assert client.get("/graphql", params=parameters, headers=headers).status_code == 304
        put(directory, SECRET)
        assert client.get("/graphql", params=parameters, headers=headers).status_code == 304
        put(directory, a_stored_organization("Newcomers"))
        changed = client.get("/graphql", params=parameters, headers=headers)
        assert changed.status_code == 200
        assert len(changed.json()["data"]["changes"]["nodes"]) == 1


def test_another_network_changes_the_tag(tmp_path: Path) -> None:
    directory = Directory.open(f"sqlite:///{tmp_path / 'directory.sqlite3'}")
    put(directory, TENANTS, NETWORK)
    before = compute_tag(directory)
    put(directory, network=Network(NETWORK.id))
    assert compute_tag(directory) != before
    directory.close()


def compute_tag(
    directory: Directory,
    document: str = "{ __typename }",
    variables: dict[str, object] | None = None,
    operation: str | None = None,
    media_type: str = JSON,
    audience: Audience = Audience.PUBLIC,
    now: dt.datetime = NOON,
) -> str | None:
    request = GraphQLRequest(document, variables=variables, operation_name=operation)
    return compute_etag(document, request, Context(directory.get_snapshot(audience), now), media_type)
