"""Stored organizations to write in tests, and helpers to write and read them."""

import datetime as dt
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import inspect

from directory.errors import DirectoryError
from directory.fields import FIELDS
from directory.geo import Disclosure, Point, Precision
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
    RecordKind,
    Relation,
    RelationKind,
    RowMatch,
    Source,
    StoredContact,
    StoredLocation,
    StoredOrganization,
    VerificationMethod,
)
from directory.store.database import migrate
from directory.store.ledger.edits import Network, Put, Receipt, RecordId
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.read_transaction import ReadTransaction
from directory.store.store import Store
from directory.store.write import Edits
from tests.builders import NOW, a_stored_organization, an_id
from tests.field_values import build_values

LATER = NOW + dt.timedelta(days=1, microseconds=7)
ATLANTA = Point(33.749, -84.388)
STREET = "1 Hidden Lane"
PUBLISHED_STREET = "2 Open Street"
EMAIL = "a@example.org"

_location_numbers = count(1)


def a_stored_location(**fields: Any) -> StoredLocation:
    """Build a location in Atlanta with a private place."""
    defaults = {
        "id": an_id(f"site {next(_location_numbers)}"),
        "state": "US-GA",
        "county": "US-GA-121",
        "city": "Atlanta",
        "postal_code": "30303",
    }
    return StoredLocation(**{**defaults, "known": Precision.STREET, "private": PrivatePlace(STREET, ATLANTA), **fields})


def an_exact_location(**fields: Any) -> StoredLocation:
    return a_stored_location(
        **{"disclosure": Disclosure.EXACT, "known": Precision.EXACT, "private": PrivatePlace(PUBLISHED_STREET, ATLANTA), **fields}
    )


def a_full_organization(name: str = "Full", **fields: Any) -> StoredOrganization:
    """Build an organization with a value in every field except references to other organizations."""
    defaults: dict[str, Any] = {
        **build_values(),
        "names": (OrganizationName("Fuller", NameKind.FORMER, "en"), OrganizationName("F", NameKind.ACRONYM)),
        "kind": OrganizationKind.LEGAL_ORGANIZATION,
        "summary": "It fills every field; señal 漢字.",
        "description": "Line one.\nLine 'two'; --",
        "founded": 1971,
        "website": "https://example.org/",
        "links": (Link("donate", "https://example.org/give"), Link("newsletter", "https://example.org/news")),
        "identifiers": (Identifier("US-EIN", f"ein-{name}"),),
        "languages": ("es", "en"),
        "issue_areas": ("housing", "incarceration"),
        "communities": ("black", "latinx"),
        "work_areas": ("organizing",),
        "service_areas": ("US-GA", "US-AL"),
        "membership": Membership(MembershipStatus.LAPSED, dt.date(2001, 2, 3), dt.date(2020, 12, 31)),
        "verified_at": NOW,
        "verification_method": VerificationMethod.VISIT,
        "audience": Audience.PUBLIC,
        "sites": (
            a_stored_location(name=f"Shelter at {STREET}"),
            an_exact_location(name="Office", is_primary=True),
            a_stored_location(private=None),
        ),
        "contacts": (
            StoredContact(name="A Person", email=EMAIL, phone="+14045550100", phone_extension="7"),
            StoredContact(role="office", languages=("en", "es"), audience=Audience.PUBLIC),
            StoredContact(role="night", audience=Audience.STAFF),
        ),
        "relations": (Relation(RelationKind.FUNDER, actor="A Fund", note="since 2001", url="https://example.org/fund"),),
        "sources": (
            Source("founded", "Annual report", "https://example.org/report", dt.date(2019, 5, 6)),
            Source("kind", "A list", None, None, Disclosure.EXACT, "a-list", "list.csv", 2),
            Source("locations", f"Lease of {STREET}", tells=Disclosure.CITY),
            Source("name", "Letter"),
        ),
        "row_matches": (RowMatch("a-list", "fuller · atlanta · us ga", True), RowMatch("another-list", "id 7", False)),
    }
    return a_stored_organization(name, **{**defaults, **fields})


def remove_private_places(record: StoredOrganization) -> StoredOrganization:
    """Return the record as readers get it: private places only where the disclosure is EXACT."""
    sites = (
        location if location.disclosure is Disclosure.EXACT else replace(location, private=None) for location in record.sites
    )
    return replace(record, sites=tuple(sites))


def put_organizations(store: Store, *records: StoredOrganization, **options: Any) -> Receipt:
    return store.write([Put(record) for record in records], **{"actor": "tester", "now": NOW, "reason": "a test", **options})


def read_everything(store: Store) -> list[object]:
    """Return everything that can be read of a directory except the head's key, which differs between databases."""
    ids = [record.id for kind in RecordKind for record, _ in store.load_records(kind)]
    with store.begin_read() as reading:
        return [
            replace(reading.load_head(), key=b""),
            [list(reading.load_records(kind)) for kind in RecordKind],
            [reading.load_key_targets()[audience].slugs for audience in Audience],
            [reading.load_visible_changes(audience) for audience in Audience],
            [store.load_history(organization_id) for organization_id in ids],
        ]


def an_organization_id(record: StoredOrganization) -> RecordId:
    return RecordId(RecordKind.ORGANIZATION, record.id)


def load_targets_of(reading: ReadTransaction, audience: Audience, name: str) -> dict[str, str]:
    """Return where the slugs lead that belong to an organization, or lead to or through it."""
    targets = reading.load_key_targets([RecordId(RecordKind.ORGANIZATION, an_id(name))])
    return dict(targets[audience].slugs[RecordKind.ORGANIZATION])


def load_organization(store: Store, organization_id: str) -> StoredOrganization:
    ((record, _),) = store.load_organizations([organization_id])
    return record


def expect_refusal(store: Store, edits: Edits, network: Network | None = None) -> DirectoryError:
    """Check that the write fails and changes nothing, and return its error."""
    before = store.load_head(), list(store.load_organizations()), store.load_slug_targets()
    with pytest.raises(DirectoryError) as refusal:
        store.write(edits, actor="tester", now=LATER, reason="a test", network=network)
    assert (store.load_head(), list(store.load_organizations()), store.load_slug_targets()) == before
    assert find_ledger_inconsistencies(store) == []
    return refusal.value


def list_younger_fields(store: Store, revision: str) -> dict[str, Any]:
    """Return the values that the tables of a revision cannot hold, with their defaults. The store must be empty."""
    store.database.run_write(lambda connection: migrate.downgrade(connection, revision))
    with store.database.begin_read() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("organizations")}
        tables = set(inspect(connection).get_table_names())
    store.migrate()
    younger_fields = {name: field.default for name, field in FIELDS.items() if not field.is_list and name not in columns}
    return younger_fields if "row_matches" in tables else {**younger_fields, "row_matches": ()}
