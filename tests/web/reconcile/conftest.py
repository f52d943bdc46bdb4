"""A directory with two organizations of one name, an EIN, contacts and a private record, and a client that matches lists."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from directory.geo import Disclosure, Precision
from directory.live import Directory
from directory.records import (
    Audience,
    Identifier,
    Membership,
    MembershipStatus,
    NameKind,
    OrganizationKind,
    PrivatePlace,
    StoredContact,
    StoredLocation,
    StoredOrganization,
)
from directory.store.ledger.edits import Network
from tests.builders import a_stored_location, a_stored_organization, an_alternative_name, an_id
from tests.web.conftest import put
from web.app import create_app
from web.reconcile import reconcile_endpoint

OFFICE = StoredContact(role="Main office", phone="+14045550142", audience=Audience.PUBLIC)
HOME = StoredContact(name="Robin Larkspur", phone="+14045550177", audience=Audience.MEMBERS)
DOOR = StoredLocation(
    id=an_id("door"),
    city="Atlanta",
    state="US-GA",
    postal_code="30312",
    disclosure=Disclosure.EXACT,
    known=Precision.STREET,
    private=PrivatePlace("12 Larkspur Street"),
)
TENANTS = a_stored_organization(
    "Harbor Tenants Union",
    kind=OrganizationKind.GRASSROOTS_GROUP,
    names=(an_alternative_name("HTU", NameKind.ACRONYM),),
    identifiers=(Identifier("US-EIN", "52-1633883"),),
    website="https://harbortenants.example/",
    issue_areas=("housing",),
    founded=1998,
    sites=(DOOR,),
    contacts=(OFFICE, HOME),
)
NAMESAKE = a_stored_organization(
    "Harbor Tenants Union", id=an_id("namesake"), slug="harbor-tenants-union-2", sites=(a_stored_location("Chicago", "US-IL"),)
)
HERON = a_stored_organization(
    "Blue Heron Workers Center", membership=Membership(MembershipStatus.PROSPECT), sites=(a_stored_location(),)
)
SECRET = a_stored_organization(
    "Marigold Safe Circle", audience=Audience.MEMBERS, identifiers=(Identifier("US-EIN", "11-1111111"),)
)
NETWORK = a_stored_organization(
    "All Together Network", kind=OrganizationKind.NETWORK, membership=Membership(MembershipStatus.NONE)
)
ENTRIES: tuple[StoredOrganization, ...] = (TENANTS, NAMESAKE, HERON, SECRET, NETWORK)


class ReconcileClient:
    """Sends requests to the service as OpenRefine does."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def post(self, field: str, value: object) -> Response:
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        return self.client.post("/reconcile", data={field: text})

    def batch(self, **queries: Any) -> dict[str, list[dict[str, Any]]]:
        response = self.post("queries", queries)
        assert response.status_code == 200, response.text
        return {key: item["result"] for key, item in response.json().items()}

    def match(self, query: str = "", limit: int | None = None, type: object = None, **properties: Any) -> list[dict[str, Any]]:
        request: dict[str, Any] = {"query": query} if query else {}
        request |= {"limit": limit} if limit else {}
        request |= {"type": type} if type else {}
        request |= {"properties": [{"pid": pid, "v": value} for pid, value in properties.items()]} if properties else {}
        return self.batch(q0=request)["q0"]

    def extend(self, ids: list[str], *properties: str) -> dict[str, Any]:
        response = self.post("extend", {"ids": ids, "properties": [{"id": id} for id in properties]})
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body


@pytest.fixture(autouse=True)
def unlimited_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every batch enough time, even on a slow machine."""
    monkeypatch.setattr(reconcile_endpoint, "BATCH_SECONDS", 60.0)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Directory:
    folder: Path = tmp_path_factory.mktemp("reconcile")
    directory = Directory.open(f"sqlite:///{folder / 'directory.sqlite3'}")
    put(directory, *ENTRIES, network=Network(NETWORK.id))
    return directory


@pytest.fixture(scope="module")
def client(directory: Directory) -> Iterator[TestClient]:
    with TestClient(create_app(directory), base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def reconcile(client: TestClient) -> ReconcileClient:
    return ReconcileClient(client)
