"""A disagreement that somebody plants is found."""

import pytest
from msgspec.structs import replace
from sqlalchemy import Update, delete, update
from sqlalchemy.sql.dml import Delete

from directory.records import Audience
from directory.store.ledger.edits import Edit, Network, Put, Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.records.tables import (
    change_private,
    changes,
    contacts,
    head,
    merged_organizations,
    organizations,
    private_places,
    sites,
    slugs,
    sources,
    terms,
    visible_changes,
)
from directory.store.store import Store
from tests.builders import a_stored_organization
from tests.directory.store.stored_organizations import LATER, a_full_organization, put_organizations

FULL = organizations.c.slug == "full"
PLANTED: dict[str, tuple[Update | Delete, str]] = {
    "a name": (update(organizations).where(FULL).values(name="Fake"), "differs between tables and ledger in name"),
    "a term": (delete(terms).where(terms.c.slug == "housing"), "in issue_areas"),
    "a site": (delete(sites), "in sites"),
    "a street": (update(private_places).values(street="9 Fake Street"), "in its private parts"),
    "a contact": (update(contacts).where(contacts.c.audience == "MEMBERS").values(email="x@example.org"), "in its private parts"),
    "a logged street": (delete(change_private), "in its private parts"),
    "a record": (delete(organizations).where(FULL), "in the ledger, but not in the tables"),
    "a record's revision": (update(organizations).where(FULL).values(revision=1), "at revision 1 in the tables, at 2"),
    "the last change": (update(changes).where(changes.c.revision == 2).values(after=None), "removed according to the ledger"),
    "the head": (update(head).values(revision=7), "The head is at revision 7, the ledger at 2"),
    "a counter": (update(head).values(seen_public=9), "The head counts 9 changes"),
    "the feed": (update(visible_changes).where(visible_changes.c.audience == "MEMBERS").values(kind="REMOVED"), "to MEMBERS, but the feed"),
    "a feed's row": (delete(visible_changes).where(visible_changes.c.audience == "PUBLIC"), "to PUBLIC, but the feed"),
    "a slug": (update(slugs).where(slugs.c.slug == "full").values(organization_id="x"), "The slug full is registered"),
    "a merger": (delete(merged_organizations), "leads to no other, but to"),
    "where a merger leads": (update(merged_organizations).values(survivor_id="x"), "leads to x, but to"),
    "a merger's row": (update(changes).values(merged_into=None), "but to none according"),
    "a method": (update(organizations).where(FULL).values(verification_method="PHONE"), "in verification_method"),
    "a source's row": (update(sources).where(sources.c.row == 2).values(row=3), "in sources"),
    "whom a slug is known to": (update(slugs).values(audience="STAFF"), "The slug full is registered as unknown to some"),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_disagreement_is_told(store: Store, planted: str) -> None:
    entry = a_full_organization()
    put_organizations(store, entry, a_stored_organization("Other", audience=Audience.MEMBERS), a_stored_organization("Twin"))
    edits: list[Edit] = [Put(replace(entry, summary="New.")), Remove(a_stored_organization("Twin").id, survivor_id=entry.id)]
    store.write(edits, actor="tester", now=LATER, reason="a test")
    assert find_ledger_inconsistencies(store) == []
    statement, sentence = PLANTED[planted]
    with store.database.engine.begin() as connection:
        connection.execute(statement)
    assert [told for told in find_ledger_inconsistencies(store) if sentence in told]


def test_an_empty_directory_agrees(store: Store) -> None:
    assert find_ledger_inconsistencies(store) == []


def test_a_change_of_the_network_that_no_record_shows_agrees(store: Store) -> None:
    store.write([], actor="tester", now=LATER, reason="a test", network=Network(None, fictional=True))
    assert find_ledger_inconsistencies(store) == []
