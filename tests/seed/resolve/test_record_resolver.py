from typing import Any

import pytest

from directory.curation.merge import merge
from directory.curation.undo import undo
from directory.live import Directory
from directory.store.ledger.edits import Remove
from directory.store.store import Store
from directory.vocabulary.slugs import SLUG_LIMIT
from seed.plan.import_plan import apply_plan
from seed.plan.planned_row import RowAction
from tests.seed.plan_builders import EIN, NOW, OTHER, only_message, plan_one_row, plan_rows, seed_rows

CERTAIN: dict[str, object] = {
    "name": "Harbor Tenants Union",
    "website": "https://harbortenants.example.org",
    "locations": [{"street": "12 Peachtree St NE", "city": "Atlanta", "state": "GA", "postal_code": "30303"}],
}


def test_a_new_organization_has_a_random_id(store: Store) -> None:
    first, second = (plan_one_row(store, slug="tu").record_after for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert first.slug == second.slug == "tu"
    named = plan_one_row(store, name="Women's Union").record_after
    assert named is not None
    assert named.slug == "womens-union"
    stated = plan_one_row(store, id=OTHER).record_after
    assert stated is not None
    assert stated.id == OTHER


@pytest.mark.parametrize("key", [{"slug": "tu"}, {"id": OTHER}, {"identifiers": [EIN]}])
def test_a_record_is_found_by_any_of_its_keys_and_keeps_the_others(store: Store, key: dict[str, Any]) -> None:
    seed_rows(store, {"id": OTHER, "slug": "tu", "name": "Tenants Union", "identifiers": [EIN]})
    item = plan_one_row(store, founded=1986, **{"identifiers": [EIN], **key})
    assert (item.action, item.changed_fields, item.revision) == (RowAction.UPDATE, ("founded",), 1)
    assert item.record_after is not None
    assert (item.record_after.id, item.record_after.slug) == (OTHER, "tu")


def test_a_new_slug_renames_and_the_old_one_still_leads_there(store: Store) -> None:
    seed_rows(store, {"slug": "tu", "name": "Tenants Union", "identifiers": [EIN]})
    seed_rows(store, {"slug": "tenants", "name": "Tenants Union", "identifiers": [EIN]})
    item = plan_one_row(store, slug="tu", identifiers=[EIN])
    assert item.record_after is not None
    assert item.record_after.id == store.load_slug_targets()["tu"]


def test_the_same_name_alone_is_doubtful(store: Store) -> None:
    seed_rows(store, {"name": "Tenants Union"})
    item = plan_one_row(store, source="another-list")
    assert item.action is RowAction.REVIEW
    assert [one.slug for one in item.candidates] == ["tenants-union"]


def test_a_person_decides_which_record_a_doubtful_row_refers_to(store: Store) -> None:
    seed_rows(store, {"name": "Tenants Union"})
    same = plan_one_row(store, same_as="tenants-union", founded=1986)
    assert (same.action, same.changed_fields[0], same.evidence[0].detail) == (
        RowAction.UPDATE,
        "founded",
        "same_as tenants-union",
    )
    other = plan_one_row(store, same_as="new")
    assert other.action is RowAction.CREATE
    assert other.record_after is not None
    assert other.record_after.slug == "tenants-union-2"
    assert "There is no organization" in only_message(plan_one_row(store, same_as="nobody"))


def test_chapters_of_one_name_are_numbered_and_a_taken_number_is_left_out(store: Store) -> None:
    seed_rows(store, {"name": "Lodge", "slug": "lodge-3"})
    numbers = [{"scheme": "US-EIN", "value": f"12-345678{number}"} for number in range(4)]
    items = plan_rows(store, *({"name": "Lodge", "same_as": "new", "identifiers": [number]} for number in numbers)).items
    assert [item.record_after.slug for item in items if item.record_after] == ["lodge", "lodge-2", "lodge-4", "lodge-5"]


def test_a_numbered_slug_is_no_longer_than_a_slug_may_be(store: Store) -> None:
    name = "x" * SLUG_LIMIT
    row: dict[str, object] = {"name": name, "same_as": "new"}
    slugs = [item.record_after.slug for item in plan_rows(store, row, row, row).items if item.record_after]
    assert len(set(slugs)) == 3
    assert max(map(len, slugs)) <= SLUG_LIMIT


def test_a_list_imported_again_finds_its_records(store: Store) -> None:
    rows: list[dict[str, object]] = [{"name": "Tenants Union"}, {"name": "Mesa Workers Center", "locations": [{"state": "AZ"}]}]
    seed_rows(store, *rows)
    assert plan_rows(store, *rows).counts[RowAction.SKIP] == 2
    assert plan_rows(store, *reversed(rows)).counts[RowAction.SKIP] == 2


def test_two_records_of_one_name_are_distinguished_by_their_other_fields(store: Store) -> None:
    one: dict[str, object] = {"name": "Tenants Union", "locations": [{"city": "Tucson", "state": "AZ"}]}
    seed_rows(store, one, {"name": "Tenants Union", "same_as": "new"})
    again = plan_rows(store, one, {"name": "Tenants Union"})
    assert [item.action for item in again.items] == [RowAction.SKIP] * 2
    assert [item.record_before.slug for item in again.items if item.record_before] == ["tenants-union", "tenants-union-2"]


def test_an_answer_is_remembered(store: Store) -> None:
    seed_rows(store, {"name": "Tenants Union"})
    plan = plan_rows(store, {"name": "Tenants Union", "same_as": "tenants-union"}, source="another-list")
    assert plan.items[0].changed_fields == ("sources",)
    apply_plan(plan, Directory(store), now=NOW, reason="test")
    assert plan_one_row(store, source="another-list").action is RowAction.SKIP


def test_conflicting_keys_are_refused(store: Store) -> None:
    seed_rows(store, {"slug": "one", "name": "One", "identifiers": [EIN]}, {"slug": "two", "name": "Two"})
    for keys in (
        {"slug": "two", "identifiers": [EIN]},
        {"slug": "one", "id": OTHER},
        {"slug": "one", "id": store.load_slug_targets()["two"]},
    ):
        assert "different organizations" in only_message(plan_one_row(store, **keys))


def test_a_row_about_an_organization_of_another_row_is_refused_with_its_place(store: Store) -> None:
    for name, keys in (("B", {"slug": "tu"}), ("B", {"id": OTHER}), ("A", {"identifiers": [EIN]})):
        first, second = plan_rows(store, {"name": "A", **keys}, {"name": name, **keys}).items
        assert (first.action, second.action) == (RowAction.CREATE, RowAction.REJECT)
        assert "file.json, record 1" in only_message(second)


def test_two_rows_like_one_organization_do_not_both_change_it(store: Store) -> None:
    """Only keys may lead two rows to one record. A second row that is only similar needs a person's decision."""
    seed_rows(store, CERTAIN)
    found = plan_rows(store, {**CERTAIN, "founded": 1986}, {**CERTAIN, "founded": 1990}, source="another-list")
    assert [item.action for item in found.items] == [RowAction.UPDATE, RowAction.REVIEW]
    apply_plan(found, Directory(store), now=NOW, reason="test")
    assert [record.founded for record, _ in store.load_organizations()] == [1986]


def test_two_rows_of_a_list_imported_again_do_not_both_change_one_organization(store: Store) -> None:
    seed_rows(store, {"name": "Tenants Union"})
    found = plan_rows(store, {"name": "Tenants Union", "founded": 1986}, {"name": "Tenants Union", "founded": 1990})
    assert [item.action for item in found.items] == [RowAction.UPDATE, RowAction.REVIEW]
    apply_plan(found, Directory(store), now=NOW, reason="test")
    assert [record.founded for record, _ in store.load_organizations()] == [1986]


def test_a_removed_organizations_slug_is_free_for_another(store: Store) -> None:
    seed_rows(store, {"slug": "tu", "name": "Tenants Union"})
    store.write([Remove(store.load_slug_targets()["tu"])], actor="test", now=NOW, reason="test")
    place = [{"city": "Macon", "state": "GA"}]
    other = plan_one_row(store, slug="tu", name="Zebra Fund", locations=place).record_after
    assert other
    assert (other.slug, other.id == store.load_slug_targets()["tu"]) == ("tu", False)
    assert plan_one_row(store, slug="tu").action is RowAction.REVIEW, "the removed record returns only if a person decides"


def test_an_undone_import_can_be_repeated_with_the_same_ids(store: Store) -> None:
    rows: list[dict[str, object]] = [{"name": "Tenants Union", "identifiers": [EIN]}, {"name": "Mesa Workers Center"}]
    seed_rows(store, *rows)
    before = store.load_slug_targets()
    undo(Directory(store), 1, now=NOW)
    assert [item.action for item in plan_rows(store, *rows).items] == [RowAction.CREATE, RowAction.CREATE]
    seed_rows(store, *rows)
    assert store.load_slug_targets() == before
    assert {record.id for record, _ in store.load_organizations()} == set(before.values())


def test_another_organization_does_not_get_the_id_of_a_removed_one(store: Store) -> None:
    seed_rows(store, {"name": "Tenants Union", "identifiers": [EIN]})
    removed = store.load_slug_targets()["tenants-union"]
    undo(Directory(store), 1, now=NOW)
    seed_rows(store, {"name": "Tenants Union", "identifiers": [{**EIN, "value": "99-9999999"}]})
    ((record, _),) = store.load_organizations()
    assert (record.slug, record.id != removed) == ("tenants-union", True)


# ---------------------------------------------------------------- after mergers and removals


def merge_two_records(store: Store) -> dict[str, str]:
    """Merge record b into record a. Return the ids of both by slug."""
    seed_rows(store, {"slug": "a", "name": "Alpha Union"}, {"slug": "b", "name": "Beta Workers League"})
    ids = {record.slug: record.id for record, _ in store.load_organizations()}
    merge(Directory(store), "b", "a", actor="test", now=NOW)
    return ids


def test_an_earlier_export_does_not_bring_a_merged_record_back(any_store: Store) -> None:
    ids = merge_two_records(any_store)
    for stated in ({"id": ids["b"], "name": "Beta Workers League"}, {"id": ids["b"], "slug": "b", "name": "Beta Workers League"}):
        (item,) = plan_rows(any_store, stated).items
        assert item.action is RowAction.REJECT
        assert "merged into a;" in only_message(item)


def test_keys_of_a_merged_record_lead_to_the_survivor(store: Store) -> None:
    ids = merge_two_records(store)
    same, child = plan_rows(
        store, {"same_as": ids["b"], "name": "Beta", "founded": 1999}, {"name": "Kid", "parent": ids["b"]}
    ).items
    assert same.record_before is not None
    assert (same.record_before.slug, same.action) == ("a", RowAction.UPDATE)
    assert child.record_after is not None
    assert child.record_after.parent == ids["a"]


def test_a_list_that_knows_a_record_by_a_former_slug_does_not_rename_it(store: Store) -> None:
    merge_two_records(store)
    (item,) = plan_rows(store, {"slug": "b", "summary": "News."}).items
    assert item.changed_fields == ("summary",)
    seed_rows(store, {"slug": "b", "summary": "News."})
    assert [record.slug for record, _ in store.load_organizations()] == ["a"]


def test_an_import_that_was_undone_can_be_done_again_by_slugs(any_store: Store) -> None:
    rows = {"slug": "a", "name": "Alpha Union"}, {"slug": "b", "name": "Beta Workers League"}
    receipt = seed_rows(any_store, *rows)
    ids = {record.slug: record.id for record, _ in any_store.load_organizations()}
    undo(Directory(any_store), receipt.revision, now=NOW)
    seed_rows(any_store, *rows)
    assert {record.slug: record.id for record, _ in any_store.load_organizations()} == ids


def test_a_row_can_refer_to_a_new_record_that_is_not_public(store: Store) -> None:
    """The store makes its slug, but the file knows it by the slug that the row states."""
    members = {"audience": "MEMBERS"}
    first, second = plan_rows(
        store, {"name": "Union", "slug": "tu", **members}, {"name": "Chapter", "slug": "ch", "parent": "tu", **members}
    ).items
    assert first.record_after is not None
    assert second.record_after is not None
    assert second.record_after.parent == first.record_after.id
