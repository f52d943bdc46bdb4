"""Every disagreement between tables, ledger and head is found."""

import pytest
from msgspec.structs import replace
from sqlalchemy import Insert, Update, delete, insert, update
from sqlalchemy.sql.dml import Delete

from directory.records import Audience
from directory.store.ledger.edits import Edit, Network, Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.records.tables import (
    change_private,
    changes,
    contacts,
    datasets,
    head,
    merged_organizations,
    organizations,
    private_places,
    provenance,
    sites,
    slugs,
    visible_changes,
)
from directory.store.store import Store
from tests.builders import a_stored_organization
from tests.directory.store.stored_organizations import LATER, a_full_organization, put_organizations

FULL = organizations.c.slug == "full"
IN_MEMBERS_FEED = visible_changes.c.audience == "MEMBERS"
IN_PUBLIC_FEED = visible_changes.c.audience == "PUBLIC"
DISAGREEMENTS: dict[str, tuple[Insert | Update | Delete, str]] = {
    "a name": (update(organizations).where(FULL).values(name="Fake"), "differs between tables and ledger in name"),
    "a term": (update(organizations).where(FULL).values(issue_areas=("housing",)), "in issue_areas"),
    "a location": (delete(sites), "in sites"),
    "a street": (update(private_places).values(street="9 Fake Street"), "in its private parts"),
    "a contact": (update(contacts).where(contacts.c.audience == "MEMBERS").values(email="x@example.org"), "in its private parts"),
    "a logged street": (delete(change_private), "in its private parts"),
    "a record": (delete(organizations).where(FULL), "in the ledger, but not in the tables"),
    "a record's revision": (update(organizations).where(FULL).values(revision=1), "at revision 1 in the tables, but at 2"),
    "the last change": (update(changes).where(changes.c.revision == 2).values(after=None), "removed according to the ledger"),
    "the head": (update(head).values(revision=7), "The head is at revision 7, but the ledger is at 2"),
    "a counter": (update(head).values(seen_public=9), "The head counts 9 changes"),
    "the feed": (update(visible_changes).where(IN_MEMBERS_FEED).values(kind="REMOVED"), "shows full to MEMBERS, but the feed"),
    "a row of the feed": (delete(visible_changes).where(IN_PUBLIC_FEED), "shows full to PUBLIC, but the feed"),
    "a slug": (
        insert(slugs).values(slug="full", organization_id="x", audience="STAFF"),
        "The slug full is registered for a different",
    ),
    "a merge": (delete(merged_organizations), "is merged into none according to the tables"),
    "the survivor of a merge": (update(merged_organizations).values(survivor_id="x"), "is merged into x according to the tables"),
    "a logged merge": (update(changes).values(merged_into=None), "but into none according to the ledger"),
    "a method": (update(organizations).where(FULL).values(verification_method="PHONE"), "in verification_method"),
    "a source's row": (update(provenance).where(provenance.c.row == 2).values(row=3), "in sources"),
    "a dataset": (update(datasets).where(datasets.c.file == "list.csv").values(file="x.csv"), "in sources"),
    "the audience of a slug": (update(slugs).values(audience="STAFF"), "is registered as unknown to an audience"),
    "a private slug": (delete(slugs).where(slugs.c.audience == "MEMBERS"), "is not public, but is not registered"),
    "a row of a public slug": (
        insert(slugs).values(slug="full", organization_id=a_stored_organization("Full").id, audience="PUBLIC"),
        "The slug full of a public organization is registered",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DISAGREEMENTS)
def test_a_disagreement_is_found(store: Store, name: str) -> None:
    record = a_full_organization()
    put_organizations(store, record, a_stored_organization("Other", audience=Audience.MEMBERS), a_stored_organization("Twin"))
    edits: list[Edit] = [Put(replace(record, summary="New.")), Remove(a_stored_organization("Twin").id, survivor_id=record.id)]
    store.write(edits, actor="tester", now=LATER, reason="a test")
    assert find_ledger_inconsistencies(store) == []
    statement, message = DISAGREEMENTS[name]
    with store.database.engine.begin() as connection:
        connection.execute(statement)
    assert any(message in inconsistency for inconsistency in find_ledger_inconsistencies(store))


def test_an_empty_directory_agrees(store: Store) -> None:
    assert find_ledger_inconsistencies(store) == []


def test_a_change_of_the_network_that_no_record_shows_agrees(store: Store) -> None:
    store.write([], actor="tester", now=LATER, reason="a test", network=Network(None, fictional=True))
    assert find_ledger_inconsistencies(store) == []
