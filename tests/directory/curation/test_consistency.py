"""`directory check` finds nothing in a consistent directory, and every corruption that these tests cause."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from msgspec.structs import force_setattr

from directory.curation.consistency import find_disagreements
from directory.geo import Precision
from directory.live import Directory
from directory.records import (
    Audience,
    Identifier,
    Membership,
    MembershipStatus,
    OrganizationKind,
    StoredLocation,
    StoredOrganization,
)
from directory.store.ledger.edits import Put, Remove
from directory.store.store import Store

NOW = dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
IDS = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(4)]
ENTRIES = [
    StoredOrganization(
        id=IDS[0],
        slug="lantern-tenants",
        name="Lantern Tenants",
        issue_areas=("tenants",),
        service_areas=("US-GA",),
        sites=(StoredLocation(id=IDS[0], county="US-GA-121", state="US-GA", known=Precision.COUNTY),),
    ),
    StoredOrganization(
        id=IDS[1], slug="thistle-homes", name="Thistle Homes", issue_areas=("housing",), languages=("es",), parent=IDS[0]
    ),
    StoredOrganization(id=IDS[2], slug="members-only", name="Quiet House", audience=Audience.MEMBERS, parent=IDS[0]),
    StoredOrganization(
        id=IDS[3],
        slug="staff-only",
        name="Silent House",
        kind=OrganizationKind.NETWORK,
        audience=Audience.STAFF,
        membership=Membership(MembershipStatus.PROSPECT),
        identifiers=(Identifier("X-TEST", "1"),),
    ),
]


@pytest.fixture
def directory(database_url: str) -> Iterator[Directory]:
    with closing(Directory.open(database_url)) as directory:
        directory.store.write([Put(entry) for entry in ENTRIES], actor="test", now=NOW, reason="test")
        for audience in Audience:
            directory.get_snapshot(audience)
        yield directory


def execute(store: Store, statement: str) -> None:
    """Run a statement that bypasses the ledger."""
    store.database.run_write(lambda connection: connection.exec_driver_sql(statement))


def test_a_consistent_directory_agrees(directory: Directory) -> None:
    assert find_disagreements(directory) == []


def test_it_agrees_after_edits(directory: Directory) -> None:
    renamed = StoredOrganization(id=IDS[0], slug="lantern-renters", name="Lantern Renters", issue_areas=("tenants", "housing"))
    directory.write([Put(renamed), Remove(IDS[1])], actor="test", now=NOW, reason="test")
    assert find_disagreements(directory) == []


def test_it_agrees_when_another_process_has_written(directory: Directory) -> None:
    directory.store.write([Remove(IDS[1])], actor="test", now=NOW, reason="test")
    assert find_disagreements(directory) == []


def test_an_empty_directory_agrees(sqlite_url: str) -> None:
    with closing(Directory.open(sqlite_url)) as directory:
        assert find_disagreements(directory) == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE organizations SET name = 'Other' WHERE slug = 'lantern-tenants'", "lantern-tenants differs between tables and"),
        (
            "UPDATE organizations SET issue_areas = 'health' WHERE issue_areas = 'housing'",
            "thistle-homes differs between tables and the PUBLIC snapshot",
        ),
        ("UPDATE organizations SET audience = 'STAFF' WHERE slug = 'thistle-homes'", "PUBLIC snapshot shows"),
        ("UPDATE organizations SET audience = 'PUBLIC' WHERE audience = 'MEMBERS'", "members-only"),
        ("UPDATE head SET revision = 7", "revision"),
        ("UPDATE organizations SET service_areas = ''", "service_areas"),
    ],
)
def test_changes_that_bypass_the_ledger_are_found(directory: Directory, statement: str, message: str) -> None:
    execute(directory.store, statement)
    assert any(message in sentence for sentence in find_disagreements(directory))


def clear_term_set(directory: Directory) -> None:
    sets = directory.get_snapshot(Audience.PUBLIC).index.sets["issue_areas"]
    sets["tenants"].clear()


def delete_record(directory: Directory) -> None:
    rows = directory.get_snapshot(Audience.PUBLIC).index.rows
    rows.row_by_id = rows.row_by_id.with_changes([IDS[0]], {})


def clear_region_set(directory: Directory) -> None:
    directory.get_snapshot(Audience.MEMBERS).index.sets["located"]["US-GA-121"].clear()


def redirect_slug(directory: Directory) -> None:
    slugs = directory.get_snapshot(Audience.PUBLIC).slugs
    slugs.current = slugs.current.with_changes((), {"thistle-homes": IDS[0]})


def replace_record(directory: Directory) -> None:
    rows = directory.get_snapshot(Audience.STAFF).index.rows
    rows.records = rows.records.with_changes({rows.row_by_id[IDS[0]]: rows[rows.row_by_id[IDS[3]]]})


@pytest.mark.parametrize(
    ("corrupt", "message"),
    [
        (clear_term_set, "The PUBLIC snapshot finds 0 with issue_areas tenants, but 1 records have it."),
        (clear_region_set, "The MEMBERS snapshot has 0 records in US-GA-121, but the tables have 1."),
        (redirect_slug, "The slug thistle-homes finds another record in the PUBLIC snapshot than in the tables."),
        (delete_record, "lantern-tenants is missing in the PUBLIC snapshot."),
        (replace_record, "lantern-tenants differs between tables and the STAFF snapshot in"),
    ],
)
def test_corruption_in_memory_is_found(directory: Directory, corrupt: Callable[[Directory], None], message: str) -> None:
    corrupt(directory)
    assert any(message in sentence for sentence in find_disagreements(directory))


def test_missing_words_are_found(directory: Directory) -> None:
    staff = directory.get_snapshot(Audience.STAFF)
    other = directory.get_snapshot(Audience.PUBLIC).index
    force_setattr(staff.index, "words", other.words)
    assert any("not found by its name" in sentence for sentence in find_disagreements(directory))
