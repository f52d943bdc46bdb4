"""A directory with a record that states everything, one that states nothing, and neighbors that not everyone may see."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec.structs import replace
from starlette.testclient import TestClient

from directory.geo import Disclosure, Point, Precision
from directory.live import Directory
from directory.records import (
    Audience,
    Identifier,
    Link,
    Membership,
    MembershipStatus,
    NameKind,
    OrganizationKind,
    OrganizationName,
    PrivatePlace,
    Relation,
    RelationKind,
    Source,
    StoredContact,
    StoredRecord,
)
from directory.store.ledger.edits import Network
from tests.builders import a_stored_location, a_stored_organization
from tests.web.conftest import NETWORK, put
from tests.web.pages.conftest import HTML
from web.app import create_app
from web.settings import Settings

NOW = dt.datetime.now(dt.UTC)
CONTACT = "mailto:records@directory.example"
PARENT = a_stored_organization("Georgia Tenants Alliance")
SECRET_PARTNER = a_stored_organization("Secret Partner", audience=Audience.MEMBERS)
PARTNER = a_stored_organization("Open Door Partner")
EMPTY = a_stored_organization("Empty Record")
OFFICE = replace(
    a_stored_location(postal_code="30303", is_primary=True, disclosure=Disclosure.EXACT),
    name="Main office",
    known=Precision.EXACT,
    private=PrivatePlace("12 Harbor Street", Point(33.749, -84.388)),
)
FULL = a_stored_organization(
    "Harbor Tenants Union",
    names=(
        OrganizationName("HTU", NameKind.ACRONYM),
        OrganizationName("Unión de Inquilinos", NameKind.TRANSLATED, "es"),
        OrganizationName("Harbor Renters", NameKind.FORMER),
        OrganizationName("Harbor Tenants Union, Inc.", NameKind.LEGAL),
    ),
    kind=OrganizationKind.GRASSROOTS_GROUP,
    summary="It keeps tenants in their homes.",
    description="The first paragraph.\n\nThe second paragraph.",
    founded=1987,
    website="https://harbor.example/",
    seeks="Lawyers who read leases.",
    offers="A hall for forty people.",
    links=(Link("instagram", "https://social.example/harbor"), Link("podcast", "https://audio.example/harbor")),
    identifiers=(Identifier("US-EIN", "52-1633883"), Identifier("XI-LEI", "HARBOR")),
    languages=("en", "es"),
    issue_areas=("housing",),
    communities=("tenants",),
    work_areas=("organizing",),
    service_areas=("US-GA-121", "US-AL", "US"),
    membership=Membership(MembershipStatus.ACTIVE, dt.date(2012, 8, 8)),
    verified_at=NOW - dt.timedelta(days=100),
    sites=(a_stored_location("Savannah", county="US-GA-051", disclosure=Disclosure.COUNTY), OFFICE),
    contacts=(
        StoredContact(role="Office", email="a+b&c@harbor.example", phone="+14045550123", audience=Audience.PUBLIC),
        StoredContact(name="A Person", phone="+14045550199", audience=Audience.MEMBERS),
    ),
    parent=PARENT.id,
    relations=(
        Relation(RelationKind.PARTNER, organization=PARTNER.id, note="Since 2019", url="https://partner.example/"),
        Relation(RelationKind.PARTNER, organization=SECRET_PARTNER.id),
        Relation(RelationKind.FUNDER, actor="The Harbor Fund"),
    ),
    sources=(
        Source("name", "Its report", "https://harbor.example/report", dt.date(2024, 3, 11)),
        Source("issue_areas", "Its report", "https://harbor.example/report", dt.date(2024, 3, 11)),
        Source("founded", "A letter"),
    ),
)
BRANCH = a_stored_organization("Harbor Branch", parent=FULL.id)
RECORDS = (PARENT, PARTNER, SECRET_PARTNER, EMPTY, FULL, BRANCH)


@contextmanager
def serve(url: str, *records: StoredRecord, **settings: Any) -> Iterator[TestClient]:
    """Yield a browser that visits a directory with these records and the network's own."""
    with open_browser(open_directory(url, *records), **settings) as browser:
        yield browser


def open_directory(url: str, *records: StoredRecord) -> Directory:
    """Return a new directory with these records and the network's own."""
    directory = Directory.open(url)
    put(directory, *{record.id: record for record in (NETWORK, *records)}.values(), network=Network(NETWORK.id))
    return directory


@contextmanager
def open_browser(directory: Directory, **settings: Any) -> Iterator[TestClient]:
    options = {"points_a_minute": 0, "limits": ("cpu_seconds=30",), "network_contact": CONTACT, **settings}
    app = create_app(directory, Settings(**options))
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False, headers=HTML) as client:
        yield client
