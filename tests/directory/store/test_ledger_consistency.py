"""Every disagreement between tables, ledger and head is found."""

import pytest
from msgspec.structs import replace
from sqlalchemy import Function, Insert, Update, delete, func, insert, update
from sqlalchemy.sql.dml import Delete

from directory.records import Audience
from directory.store.ledger.edits import Edit, Network, Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.records.tables import (
    change_private,
    changes,
    contacts,
    datasets,
    feed_exceptions,
    head,
    merged_records,
    organizations,
    provenance,
    revisions,
    sites,
    slugs,
)
from directory.store.store import Store
from tests.builders import a_stored_organization, an_id
from tests.directory.store.stored_organizations import LATER, a_full_organization, put_organizations

pytestmark = pytest.mark.slow

FULL = organizations.c.slug == "full"
LAST_CHANGE = changes.c.revision == 2, changes.c.record_id == an_id("Full")


def _replace(old: str, new: str) -> Function[str]:
    return func.replace(changes.c.before, old, new)


DISAGREEMENTS: dict[str, tuple[Update | Delete | Insert, str]] = {
    "a name": (update(organizations).where(FULL).values(name="Fake"), "full differs between tables and ledger"),
    "a term": (update(organizations).where(FULL).values(issue_areas=("housing",)), "full differs between tables and ledger"),
    "a location": (delete(sites), "full differs between tables and ledger"),
    "a contact": (update(contacts).where(contacts.c.audience == "PUBLIC").values(email="x@example.org"), "full differs between"),
    "a logged place": (update(change_private).values(before="{"), "at revision 2 cannot be read"),
    "a record": (delete(organizations).where(FULL), "in the ledger, but not in the tables"),
    "a record's revision": (update(organizations).where(FULL).values(revision=1), "at revision 1 in the tables, but at 2"),
    "the last change": (update(changes).where(*LAST_CHANGE).values(kind="REMOVED"), "removed according to the ledger"),
    "a kind": (update(changes).where(*LAST_CHANGE).values(kind="CREATED"), "is CREATED, but the state before it says otherwise"),
    "a removal": (update(changes).where(*LAST_CHANGE).values(after_digest=None), "but the state after it says otherwise"),
    "a state": (update(changes).where(*LAST_CHANGE).values(before=_replace("Line one", "Line 1")), "does not start from"),
    "a state that is cut off": (update(changes).where(*LAST_CHANGE).values(before="{"), "at revision 2 cannot be read"),
    "the first digest": (update(changes).where(changes.c.revision == 1).values(after_digest=b"x"), "does not start from"),
    "the last digest": (update(changes).where(*LAST_CHANGE).values(after_digest=b"x"), "full differs between tables and ledger"),
    "a lost change": (delete(changes).where(changes.c.revision == 1), "does not start from the state that the change before it"),
    "a revision": (insert(revisions).values(revision=3, at=LATER, actor="x", reason="x"), "Revision 3 is in the ledger without"),
    "the head": (update(head).values(revision=7), "The head is at revision 7, but the ledger is at 2"),
    "a counter": (update(head).values(seen_public=9), "The head counts 9 changes"),
    "the feed": (update(feed_exceptions).values(kind="ADDED"), "to PUBLIC, but the feed says otherwise"),
    "a row of the feed": (delete(feed_exceptions), "to PUBLIC, but the feed says otherwise"),
    "the numbers of a feed": (update(changes).values(public_seq=None), "shows full to PUBLIC, but the feed"),
    "a repeated number": (update(changes).where(*LAST_CHANGE).values(staff_seq=1), "the same number in the feed of STAFF"),
    "a slug": (
        insert(slugs).values(slug="full", record_kind="ORGANIZATION", record_id="x", audience="STAFF"),
        "The slug full is registered for a different",
    ),
    "a merge": (delete(merged_records), "is merged into none according to the tables"),
    "the survivor of a merge": (update(merged_records).values(survivor_id="x"), "is merged into x according to the tables"),
    "a logged merge": (update(changes).values(merged_into=None), "but into none according to the ledger"),
    "a method": (update(organizations).where(FULL).values(verification_method="PHONE"), "full differs between tables and ledger"),
    "a source's row": (update(provenance).where(provenance.c.row == 2).values(row=3), "full differs between tables and ledger"),
    "a dataset": (update(datasets).where(datasets.c.file == "list.csv").values(file="x.csv"), "full differs between tables"),
    "the audience of a slug": (update(slugs).values(audience="STAFF"), "is registered as unknown to an audience"),
    "a private slug": (delete(slugs).where(slugs.c.audience == "MEMBERS"), "is not public, but is not registered"),
    "a row of a public slug": (
        insert(slugs).values(slug="full", record_kind="ORGANIZATION", record_id=an_id("Full"), audience="PUBLIC"),
        "The slug full of a public organization is registered",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DISAGREEMENTS)
def test_a_disagreement_is_found(store: Store, name: str) -> None:
    record = a_full_organization()
    twin, shy = a_stored_organization("Twin"), a_stored_organization("Shy")
    put_organizations(store, record, a_stored_organization("Other", audience=Audience.MEMBERS), twin, shy)
    changed = replace(record, summary="New."), replace(shy, audience=Audience.STAFF)
    edits: list[Edit] = [*map(Put, changed), Remove(twin.id, survivor_id=record.id)]
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
