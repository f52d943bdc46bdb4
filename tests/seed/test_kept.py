import pytest

from directory.store import Remove, Store
from seed.plan import Fate
from tests.seed.planning import EIN, NOW, OTHER, planned, seeded, the_item, the_message


def test_a_new_organization_has_an_id_that_tells_nothing_of_it(store: Store) -> None:
    first, second = (the_item(store, slug="tu").entry for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert first.slug == second.slug == "tu"
    named = the_item(store, name="Women's Union").entry
    assert named is not None
    assert named.slug == "womens-union"
    stated = the_item(store, id=OTHER).entry
    assert stated is not None
    assert stated.id == OTHER


@pytest.mark.parametrize("key", [{"slug": "tu"}, {"id": OTHER}, {"identifiers": [EIN]}])
def test_a_record_is_found_by_any_of_its_keys_and_keeps_the_others(store: Store, key: dict[str, object]) -> None:
    seeded(store, {"id": OTHER, "slug": "tu", "name": "Tenants Union", "identifiers": [EIN]})
    item = the_item(store, founded=1986, **{"identifiers": [EIN], **key})
    assert (item.fate, item.fields, item.revision) == (Fate.CHANGED, ("founded",), 1)
    assert item.entry is not None
    assert (item.entry.id, item.entry.slug) == (OTHER, "tu")


def test_a_new_slug_renames_and_the_old_one_still_leads_there(store: Store) -> None:
    seeded(store, {"slug": "tu", "name": "Tenants Union", "identifiers": [EIN]})
    seeded(store, {"slug": "tenants", "name": "Tenants Union", "identifiers": [EIN]})
    item = the_item(store, slug="tu", identifiers=[EIN])
    assert item.entry is not None
    assert item.entry.id == store.slugs()["tu"]


def test_the_same_name_is_no_proof(store: Store) -> None:
    seeded(store, {"name": "Tenants Union"})
    item = the_item(store)
    assert item.fate is Fate.REFUSED
    assert "tenants-union" in the_message(item)


def test_keys_that_lead_apart_are_refused(store: Store) -> None:
    seeded(store, {"slug": "one", "name": "One", "identifiers": [EIN]}, {"slug": "two", "name": "Two"})
    for keys in (
        {"slug": "two", "identifiers": [EIN]},
        {"slug": "one", "id": OTHER},
        {"slug": "one", "id": store.slugs()["two"]},
    ):
        assert "different organizations" in the_message(the_item(store, **keys))


def test_a_row_about_an_organization_of_another_row_is_refused_with_its_place(store: Store) -> None:
    for keys in ({"slug": "tu"}, {"id": OTHER}, {"identifiers": [EIN]}):
        first, second = planned(store, {"name": "A", **keys}, {"name": "B", **keys}).items
        assert (first.fate, second.fate) == (Fate.CREATED, Fate.REFUSED)
        assert "file.json, record 1" in the_message(second)


def test_a_removed_organizations_slug_is_not_given_again(store: Store) -> None:
    seeded(store, {"slug": "tu", "name": "Tenants Union"})
    store.write([Remove(store.slugs()["tu"])], actor="test", now=NOW, reason="test")
    assert "removed" in the_message(the_item(store, slug="tu"))
