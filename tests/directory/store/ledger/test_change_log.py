"""The change log holds the states before and after, and private parts are in a table of their own."""

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


def read_change_log(store: Store) -> str:
    """Return everything in the change log itself, without the table of private parts."""
    with store.begin_read() as reading:
        return "\n".join(str(value) for row in reading.connection.execute(select(changes)) for value in row)


def with_empty_places(record: StoredOrganization) -> StoredOrganization:
    return replace(
        record, sites=tuple(replace(location, private=location.private or PrivatePlace()) for location in record.sites)
    )


def test_an_record_is_joined_as_it_was_split() -> None:
    record = a_full_organization()
    rest, parts = split_private_parts(record)
    assert join_private_parts(rest, parts) == with_empty_places(record)
    assert {contact.audience for contact in rest.contacts} == {Audience.PUBLIC}
    assert all(location.private is None for location in rest.sites)


def test_texts_that_may_contain_a_street_are_not_in_the_log(store: Store) -> None:
    location = a_stored_location(name="Shelter at 5 Elmleaf St", postal_code="30304")
    sources = tuple(Source(field, f"{field}: 5 Elmleaf St", "https://example.org/elmleaf") for field in ("locations", "contacts"))
    record = a_stored_organization(
        "A", sites=(location, an_exact_location(name="Office")), sources=(Source("name", "A letter"), *sources)
    )
    put_organizations(store, record)
    put_organizations(store, replace(record, summary="New."))
    for private in ("Elmleaf", "elmleaf", "30304"):
        assert private not in read_change_log(store)
    for public in ("Office", "A letter"):
        assert public in read_change_log(store)
    assert store.load_history(record.id)[0].after == record
    erase(store, record.id, "tester", LATER)
    assert b"lmleaf" not in msgspec.json.encode(store.load_history(record.id))
    assert find_ledger_inconsistencies(store) == []


def test_streets_points_and_contacts_that_are_not_public_are_not_in_the_log(store: Store) -> None:
    record = a_full_organization()
    put_organizations(store, record)
    put_organizations(store, replace(record, summary="New."))
    store.write([Remove(record.id)], actor="tester", now=LATER, reason="a test")
    for private in (STREET, PUBLISHED_STREET, EMAIL, "33.749", "night"):
        assert private not in read_change_log(store)
    assert "office" in read_change_log(store)


def test_history_has_who_did_what_when_and_why(store: Store) -> None:
    record = a_full_organization()
    put_organizations(store, record, a_stored_organization("Other"), actor="ann", reason="first")
    put_organizations(store, replace(record, summary="New."), actor="ben", reason="second", now=LATER)
    store.write([Remove(record.id)], actor="cat", now=LATER, reason="third")
    history = store.load_history(record.id)
    assert [(change.revision, change.actor, change.reason, change.kind) for change in history] == [
        (1, "ann", "first", LedgerKind.CREATED),
        (2, "ben", "second", LedgerKind.CHANGED),
        (3, "cat", "third", LedgerKind.REMOVED),
    ]
    assert [change.changed_at for change in history] == [NOW, LATER, LATER]
    assert (history[0].before, history[2].after) == (None, None)
    assert history[0].after == history[1].before == with_empty_places(record)
    assert store.load_history("nobody") == []


def test_saving_the_earlier_state_undoes_a_change(store: Store) -> None:
    record = a_full_organization()
    put_organizations(store, record)
    put_organizations(
        store, replace(record, sites=(replace(record.sites[2], private=PrivatePlace("3 New Street")),), contacts=())
    )
    earlier = store.load_history(record.id)[-1].before
    assert earlier is not None
    store.write([Put(earlier)], actor="tester", now=LATER, reason="undo")
    assert store.load_history(record.id)[-1].after == with_empty_places(record)


def test_a_change_of_the_network_is_logged(store: Store) -> None:
    store.write([], actor="tester", now=NOW, reason="a test", network=Network(None, fictional=True))
    with store.begin_read() as reading:
        (row,) = reading.connection.execute(select(changes))
    assert (row.kind, row.record_id, row.before) == ("NETWORK", None, '{"organization_id":null,"fictional":false}')


def test_a_record_without_private_parts_leaves_no_row_for_them(store: Store) -> None:
    put_organizations(store, a_stored_organization("A"))
    with store.begin_read() as reading:
        assert reading.connection.execute(select(change_private)).all() == []
