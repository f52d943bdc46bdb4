"""Many rows at once arrive as one by one they would."""

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

UGLY = ("tab\tand\nnewline", "back\\slash \\N \\.", "'quoted' \"twice\"", "100% :name %(name)s ?", "señal 漢字 🌳", " ", "\r\n")
MANY = COPY_THRESHOLD + 3


def many() -> list[StoredOrganization]:
    return [a_full_organization(f"A{number}", description=UGLY[number % len(UGLY)]) for number in range(MANY)]


def test_many_rows_are_kept_as_they_are(store: Store) -> None:
    entries = many()
    put_organizations(store, *entries)
    assert [entry for entry, _ in store.load_organizations()] == [remove_private_places(entry) for entry in entries]
    assert find_ledger_inconsistencies(store) == []


def test_many_rows_are_changed_and_removed(store: Store) -> None:
    entries = many()
    put_organizations(store, *entries)
    sources = (Source("name", UGLY[0], row=7),)
    changed = [
        replace(entry, languages=("fr",), sources=sources, founded=None, website="https://example.net/") for entry in entries
    ]
    put_organizations(store, *changed, now=LATER)
    assert [entry for entry, _ in store.load_organizations()] == [remove_private_places(entry) for entry in changed]
    store.write([Remove(entry.id) for entry in entries[1:]], actor="tester", now=LATER, reason="a test")
    assert load_organization(store, entries[0].id) == remove_private_places(changed[0])
    assert len(list(store.load_organizations())) == 1
    assert find_ledger_inconsistencies(store) == []
