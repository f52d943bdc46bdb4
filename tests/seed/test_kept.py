from typing import Any

import pytest

from directory.merging import merge
from directory.store import Remove, Store
from directory.undoing import undo
from directory.written import SLUG_LIMIT
from seed.apply import apply
from seed.items import Fate
from tests.seed.planning import EIN, NOW, OTHER, planned, seeded, the_item, the_message

CERTAIN: dict[str, object] = {
    "name": "Harbor Tenants Union",
    "website": "https://harbortenants.example.org",
    "locations": [{"street": "12 Peachtree St NE", "city": "Atlanta", "state": "GA", "postal_code": "30303"}],
}


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
def test_a_record_is_found_by_any_of_its_keys_and_keeps_the_others(store: Store, key: dict[str, Any]) -> None:
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
    item = the_item(store, source="another-list")
    assert item.fate is Fate.DOUBTFUL
    assert [one.slug for one in item.likely] == ["tenants-union"]


def test_a_person_settles_whom_a_doubtful_row_is_about(store: Store) -> None:
    seeded(store, {"name": "Tenants Union"})
    same = the_item(store, same_as="tenants-union", founded=1986)
    assert (same.fate, same.fields[0], same.evidence[0].detail) == (Fate.CHANGED, "founded", "same_as tenants-union")
    other = the_item(store, same_as="new")
    assert other.fate is Fate.CREATED
    assert other.entry is not None
    assert other.entry.slug == "tenants-union-2"
    assert "no organization here" in the_message(the_item(store, same_as="nobody"))


def test_chapters_of_one_name_are_numbered_and_a_taken_number_is_left_out(store: Store) -> None:
    seeded(store, {"name": "Lodge", "slug": "lodge-3"})
    numbers = [{"scheme": "US-EIN", "value": f"12-345678{number}"} for number in range(4)]
    items = planned(store, *({"name": "Lodge", "same_as": "new", "identifiers": [number]} for number in numbers)).items
    assert [item.entry.slug for item in items if item.entry] == ["lodge", "lodge-2", "lodge-4", "lodge-5"]


def test_a_numbered_slug_is_no_longer_than_a_slug_may_be(store: Store) -> None:
    name = "x" * SLUG_LIMIT
    row: dict[str, object] = {"name": name, "same_as": "new"}
    slugs = [item.entry.slug for item in planned(store, row, row, row).items if item.entry]
    assert len(set(slugs)) == 3
    assert max(map(len, slugs)) <= SLUG_LIMIT


def test_a_list_that_is_fed_again_knows_its_own(store: Store) -> None:
    rows: list[dict[str, object]] = [{"name": "Tenants Union"}, {"name": "Mesa Workers Center", "locations": [{"state": "AZ"}]}]
    seeded(store, *rows)
    assert planned(store, *rows).counts[Fate.UNCHANGED] == 2
    assert planned(store, *reversed(rows)).counts[Fate.UNCHANGED] == 2


def test_two_of_one_name_are_told_apart_by_what_else_their_list_says(store: Store) -> None:
    one: dict[str, object] = {"name": "Tenants Union", "locations": [{"city": "Tucson", "state": "AZ"}]}
    seeded(store, one, {"name": "Tenants Union", "same_as": "new"})
    again = planned(store, one, {"name": "Tenants Union"})
    assert [item.fate for item in again.items] == [Fate.UNCHANGED] * 2
    assert [item.before.slug for item in again.items if item.before] == ["tenants-union", "tenants-union-2"]


def test_an_answer_is_remembered(store: Store) -> None:
    seeded(store, {"name": "Tenants Union"})
    answered = planned(store, {"name": "Tenants Union", "same_as": "tenants-union"}, source="another-list")
    assert answered.items[0].fields == ("sources",)
    apply(answered, store, now=NOW, reason="test")
    assert the_item(store, source="another-list").fate is Fate.UNCHANGED


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


def test_two_rows_like_one_organization_do_not_both_change_it(store: Store) -> None:
    """Its keys are all that may lead two rows to one record; the second by likeness is for a person to settle."""
    seeded(store, CERTAIN)
    found = planned(store, {**CERTAIN, "founded": 1986}, {**CERTAIN, "founded": 1990}, source="another-list")
    assert [item.fate for item in found.items] == [Fate.CHANGED, Fate.DOUBTFUL]
    apply(found, store, now=NOW, reason="test")
    assert [entry.founded for entry, _ in store.entries()] == [1986]


def test_two_rows_of_a_list_that_is_fed_again_do_not_both_change_one_organization(store: Store) -> None:
    seeded(store, {"name": "Tenants Union"})
    found = planned(store, {"name": "Tenants Union", "founded": 1986}, {"name": "Tenants Union", "founded": 1990})
    assert [item.fate for item in found.items] == [Fate.CHANGED, Fate.DOUBTFUL]
    apply(found, store, now=NOW, reason="test")
    assert [entry.founded for entry, _ in store.entries()] == [1986]


def test_a_removed_organizations_slug_is_free_for_another(store: Store) -> None:
    seeded(store, {"slug": "tu", "name": "Tenants Union"})
    store.write([Remove(store.slugs()["tu"])], actor="test", now=NOW, reason="test")
    place = [{"city": "Macon", "state": "GA"}]
    other = the_item(store, slug="tu", name="Zebra Fund", locations=place).entry
    assert other
    assert (other.slug, other.id == store.slugs()["tu"]) == ("tu", False)
    assert the_item(store, slug="tu").fate is Fate.CREATED, "it comes back itself"


def test_what_an_undone_import_had_made_comes_back_as_it_was(store: Store) -> None:
    rows: list[dict[str, object]] = [{"name": "Tenants Union", "identifiers": [EIN]}, {"name": "Mesa Workers Center"}]
    seeded(store, *rows)
    before = store.slugs()
    undo(store, 1, actor="a person", now=NOW)
    assert [item.fate for item in planned(store, *rows).items] == [Fate.CREATED, Fate.CREATED]
    seeded(store, *rows)
    assert store.slugs() == before
    assert {entry.id for entry, _ in store.entries()} == set(before.values())


def test_another_organization_does_not_get_the_past_of_a_removed_one(store: Store) -> None:
    seeded(store, {"name": "Tenants Union", "identifiers": [EIN]})
    removed = store.slugs()["tenants-union"]
    undo(store, 1, actor="a person", now=NOW)
    seeded(store, {"name": "Tenants Union", "identifiers": [{**EIN, "value": "99-9999999"}]})
    ((entry, _),) = store.entries()
    assert (entry.slug, entry.id != removed) == ("tenants-union", True)


# ---------------------------------------------------------------- after mergers and removals


def the_merged(store: Store) -> dict[str, str]:
    """The ids of two records by slug; b was merged into a."""
    seeded(store, {"slug": "a", "name": "Alpha Union"}, {"slug": "b", "name": "Beta Workers League"})
    ids = {entry.slug: entry.id for entry, _ in store.entries()}
    merge(store, "b", "a", actor="test", now=NOW)
    return ids


def test_an_earlier_export_does_not_bring_a_merged_record_back(any_store: Store) -> None:
    ids = the_merged(any_store)
    for stated in ({"id": ids["b"], "name": "Beta Workers League"}, {"id": ids["b"], "slug": "b", "name": "Beta Workers League"}):
        (item,) = planned(any_store, stated).items
        assert item.fate is Fate.REFUSED
        assert "merged into a since" in the_message(item)


def test_what_leads_to_a_merged_record_leads_to_the_survivor(store: Store) -> None:
    ids = the_merged(store)
    same, child = planned(
        store, {"same_as": ids["b"], "name": "Beta", "founded": 1999}, {"name": "Kid", "parent": ids["b"]}
    ).items
    assert same.before is not None
    assert (same.before.slug, same.fate) == ("a", Fate.CHANGED)
    assert child.entry is not None
    assert child.entry.parent == ids["a"]


def test_a_list_that_knows_a_record_by_a_former_slug_does_not_rename_it(store: Store) -> None:
    the_merged(store)
    (item,) = planned(store, {"slug": "b", "summary": "News."}).items
    assert item.fields == ("summary",)
    seeded(store, {"slug": "b", "summary": "News."})
    assert [entry.slug for entry, _ in store.entries()] == ["a"]


def test_an_import_that_was_undone_can_be_done_again_by_slugs(any_store: Store) -> None:
    rows = {"slug": "a", "name": "Alpha Union"}, {"slug": "b", "name": "Beta Workers League"}
    receipt = seeded(any_store, *rows)
    ids = {entry.slug: entry.id for entry, _ in any_store.entries()}
    undo(any_store, receipt.revision, actor="test", now=NOW)
    seeded(any_store, *rows)
    assert {entry.slug: entry.id for entry, _ in any_store.entries()} == ids
