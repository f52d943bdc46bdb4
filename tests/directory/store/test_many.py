"""Many rows at once arrive as one by one they would."""

from msgspec.structs import replace

from directory.records import Entry, Source
from directory.store import Remove, Store, disagreements
from directory.store.many import COPIED
from tests.directory.store.entries import LATER, a_full_entry, as_loaded, loaded, put

UGLY = ("tab\tand\nnewline", "back\\slash \\N \\.", "'quoted' \"twice\"", "100% :name %(name)s ?", "señal 漢字 🌳", " ", "\r\n")
MANY = COPIED + 3


def many() -> list[Entry]:
    return [a_full_entry(f"A{number}", description=UGLY[number % len(UGLY)]) for number in range(MANY)]


def test_many_rows_are_kept_as_they_are(store: Store) -> None:
    entries = many()
    put(store, *entries)
    assert [entry for entry, _ in store.entries()] == [as_loaded(entry) for entry in entries]
    assert disagreements(store) == []


def test_many_rows_are_changed_and_removed(store: Store) -> None:
    entries = many()
    put(store, *entries)
    sources = (Source("name", UGLY[0], row=7),)
    changed = [
        replace(entry, languages=("fr",), sources=sources, founded=None, website="https://example.net/") for entry in entries
    ]
    put(store, *changed, now=LATER)
    assert [entry for entry, _ in store.entries()] == [as_loaded(entry) for entry in changed]
    store.write([Remove(entry.id) for entry in entries[1:]], actor="tester", now=LATER, reason="a test")
    assert loaded(store, entries[0].id) == as_loaded(changed[0])
    assert len(list(store.entries())) == 1
    assert disagreements(store) == []
