"""Rows written in bulk are the same as rows written one by one."""

from msgspec.structs import replace

from directory.records import Source, StoredOrganization
from directory.store.database.bulk import COPY_THRESHOLD
from directory.store.ledger.edits import Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.directory.store.stored_organizations import (
    LATER,
    a_full_organization,
    load_organization,
    put_organizations,
    remove_private_places,
)

DIFFICULT_TEXTS = (
    "tab\tand\nnewline",
    "back\\slash \\N \\.",
    "'quoted' \"twice\"",
    "100% :name %(name)s ?",
    "señal 漢字 🌳",
    " ",
    "\r\n",
)
MANY = COPY_THRESHOLD + 3


def many_organizations() -> list[StoredOrganization]:
    return [
        a_full_organization(f"A{number}", description=DIFFICULT_TEXTS[number % len(DIFFICULT_TEXTS)]) for number in range(MANY)
    ]


def test_many_rows_are_stored_unchanged(store: Store) -> None:
    records = many_organizations()
    put_organizations(store, *records)
    assert [record for record, _ in store.load_organizations()] == [remove_private_places(record) for record in records]
    assert find_ledger_inconsistencies(store) == []


def test_many_rows_are_changed_and_removed(store: Store) -> None:
    records = many_organizations()
    put_organizations(store, *records)
    sources = (Source("name", DIFFICULT_TEXTS[0], row=7),)
    changed = [
        replace(record, languages=("fr",), sources=sources, founded=None, website="https://example.net/") for record in records
    ]
    put_organizations(store, *changed, now=LATER)
    assert [record for record, _ in store.load_organizations()] == [remove_private_places(record) for record in changed]
    store.write([Remove(record.id) for record in records[1:]], actor="tester", now=LATER, reason="a test")
    assert load_organization(store, records[0].id) == remove_private_places(changed[0])
    assert len(list(store.load_organizations())) == 1
    assert find_ledger_inconsistencies(store) == []
