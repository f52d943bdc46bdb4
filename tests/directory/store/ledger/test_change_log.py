"""The log keeps what was and what is, and private parts apart."""

import msgspec
from msgspec.structs import replace
from sqlalchemy import select

from directory.records import Audience, PrivatePlace, Source, StoredOrganization
from directory.store.ledger.change_log import join_private_parts, split_private_parts
from directory.store.ledger.edits import LedgerKind, Network, Put, Remove
from directory.store.ledger.erase import erase
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.records.tables import change_private, changes
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization
from tests.directory.store.stored_organizations import (
    EMAIL,
    LATER,
    PUBLISHED_STREET,
    STREET,
    a_full_organization,
    a_stored_location,
    an_exact_location,
    put_organizations,
)


def logged(store: Store) -> str:
    """All that the log itself holds, without the table of private parts."""
    with store.begin_read() as reading:
        return "\n".join(str(row.before) + str(row.after) for row in reading.connection.execute(select(changes)))


def with_empty_places(entry: StoredOrganization) -> StoredOrganization:
    return replace(entry, sites=tuple(replace(site, private=site.private or PrivatePlace()) for site in entry.sites))


def test_an_entry_is_joined_as_it_was_split() -> None:
    entry = a_full_organization()
    rest, parts = split_private_parts(entry)
    assert join_private_parts(rest, parts) == with_empty_places(entry)
    assert {contact.audience for contact in rest.contacts} == {Audience.PUBLIC}
    assert all(site.private is None for site in rest.sites)


def test_words_that_may_name_a_street_are_not_in_the_log(store: Store) -> None:
    site = a_stored_location(name="Shelter at 5 Elmleaf St", postal_code="30304")
    sources = tuple(Source(field, f"{field}: 5 Elmleaf St", "https://example.org/elmleaf") for field in ("locations", "contacts"))
    entry = a_stored_organization(
        "A", sites=(site, an_exact_location(name="Office")), sources=(Source("name", "A letter"), *sources)
    )
    put_organizations(store, entry)
    for private in ("Elmleaf", "elmleaf", "30304"):
        assert private not in logged(store)
    for public in ("Office", "A letter"):
        assert public in logged(store)
    assert store.load_history(entry.id)[0].after == entry
    erase(store, entry.id, "tester", LATER)
    (created, _) = store.load_history(entry.id)
    assert b"lmleaf" not in msgspec.json.encode(created.after)
    assert find_ledger_inconsistencies(store) == []


def test_streets_points_and_contacts_that_are_not_public_are_not_in_the_log(store: Store) -> None:
    entry = a_full_organization()
    put_organizations(store, entry)
    put_organizations(store, replace(entry, summary="New."))
    store.write([Remove(entry.id)], actor="tester", now=LATER, reason="a test")
    for private in (STREET, PUBLISHED_STREET, EMAIL, "33.749", "night"):
        assert private not in logged(store)
    assert "office" in logged(store)


def test_history_tells_who_did_what_when_and_why(store: Store) -> None:
    entry = a_full_organization()
    put_organizations(store, entry, a_stored_organization("Other"), actor="ann", reason="first")
    put_organizations(store, replace(entry, summary="New."), actor="ben", reason="second", now=LATER)
    store.write([Remove(entry.id)], actor="cat", now=LATER, reason="third")
    history = store.load_history(entry.id)
    assert [(change.revision, change.actor, change.reason, change.kind) for change in history] == [
        (1, "ann", "first", LedgerKind.CREATED),
        (2, "ben", "second", LedgerKind.CHANGED),
        (3, "cat", "third", LedgerKind.REMOVED),
    ]
    assert [change.changed_at for change in history] == [NOW, LATER, LATER]
    assert (history[0].before, history[2].after) == (None, None)
    assert history[0].after == history[1].before == with_empty_places(entry)
    assert store.load_history("nobody") == []


def test_putting_back_what_was_undoes_a_change(store: Store) -> None:
    entry = a_full_organization()
    put_organizations(store, entry)
    put_organizations(store, replace(entry, sites=(replace(entry.sites[2], private=PrivatePlace("3 New Street")),), contacts=()))
    was = store.load_history(entry.id)[-1].before
    assert was is not None
    store.write([Put(was)], actor="tester", now=LATER, reason="undo")
    assert store.load_history(entry.id)[-1].after == with_empty_places(entry)


def test_a_change_of_the_network_is_logged(store: Store) -> None:
    store.write([], actor="tester", now=NOW, reason="a test", network=Network(None, fictional=True))
    with store.begin_read() as reading:
        (row,) = reading.connection.execute(select(changes))
    assert (row.kind, row.organization_id, row.after) == ("NETWORK", None, '{"organization_id":null,"fictional":true}')


def test_a_record_without_private_parts_leaves_no_row_for_them(store: Store) -> None:
    put_organizations(store, a_stored_organization("A"))
    with store.begin_read() as reading:
        assert reading.connection.execute(select(change_private)).all() == []
