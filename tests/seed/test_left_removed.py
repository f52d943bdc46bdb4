"""A person leaves a removed record removed: its row is skipped, now and in later imports of the list."""

from contextlib import closing
from typing import Any

import pytest

from directory.curation.undo import undo
from directory.errors import BadInput
from directory.live import Directory
from directory.store.ledger.edits import Remove
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import OrganizationPlan, RowAction
from seed.rows import Row
from tests.seed.import_session import ImportSession
from tests.seed.plan_builders import NOW, OTHER, a_dataset, only_message, plan_one_row, plan_rows, seed_rows

STREET = {"street": "88 Canal St", "city": "Troy", "state": "NY", "postal_code": "12180"}
FUND: dict[str, Any] = {"name": "Rivertown Bail Fund", "locations": [STREET]}
SIMILAR: dict[str, Any] = {"name": "Rivertown Bail Funds", "locations": [STREET]}


def import_rows(store: Store, *rows: dict[str, Any]) -> OrganizationPlan:
    plan = plan_rows(store, *rows)
    apply_plan(plan, Directory(store), now=NOW, reason="test")
    return plan


def list_actions(plan: OrganizationPlan) -> list[RowAction]:
    return [item.action for item in plan.items]


def load_id(store: Store) -> str:
    return next(record.id for record, _ in store.load_organizations())


def plan_people(store: Store, rows: list[Row]) -> OrganizationPlan:
    return plan_import(a_dataset(rows), store, today=NOW.date())


def remove(store: Store) -> str:
    seed_rows(store, FUND)
    id = load_id(store)
    store.write([Remove(id)], actor="ann", now=NOW, reason="asked to be removed")
    return id


@pytest.mark.parametrize("row", [FUND, SIMILAR, {"id": OTHER, **FUND}])
def test_the_answer_is_remembered(any_store: Store, row: dict[str, Any]) -> None:
    id = remove(any_store)
    row = {**row, "id": id} if "id" in row else row
    (item,) = import_rows(any_store, {**row, "same_as": "removed"}).items
    assert item.left_removed is not None
    assert (item.action, item.left_removed.id) == (RowAction.SKIP, id)
    for _ in range(2):
        (item,) = import_rows(any_store, row).items
        assert (item.action, item.left_removed is not None) == (RowAction.SKIP, True)
    assert any_store.load_head().revision == 3, "later imports change nothing"
    assert [*any_store.load_organizations()] == []
    assert find_ledger_inconsistencies(any_store) == []
    assert list_actions(plan_rows(any_store, row, source="another-list")) == [RowAction.REVIEW]


def test_it_applies_to_this_row_only(store: Store) -> None:
    remove(store)
    seed_rows(store, {**FUND, "same_as": "removed"})
    assert list_actions(plan_rows(store, SIMILAR, FUND)) == [RowAction.REVIEW, RowAction.SKIP]
    assert plan_one_row(store, name="Harbor Union").action is RowAction.CREATE


def test_a_person_can_decide_otherwise_later(any_store: Store) -> None:
    id = remove(any_store)
    seed_rows(any_store, {**FUND, "same_as": "removed"})
    seed_rows(any_store, {**FUND, "same_as": id})
    assert load_id(any_store) == id
    (item,) = plan_rows(any_store, FUND).items
    assert (item.action, item.left_removed) == (RowAction.SKIP, None)


def test_it_stays_removed_if_it_is_restored_and_removed_again(store: Store) -> None:
    id = remove(store)
    seed_rows(store, {**FUND, "same_as": "removed"})
    seed_rows(store, {**FUND, "same_as": id})
    store.write([Remove(id)], actor="ann", now=NOW, reason="again")
    assert plan_one_row(store, **FUND).left_removed is not None


def test_undo_keeps_the_decision(any_store: Store) -> None:
    remove(any_store)
    seed_rows(any_store, {**FUND, "same_as": "removed"}, {"name": "Harbor Union"})
    undo(Directory(any_store), 3, now=NOW)
    assert plan_one_row(any_store, **FUND).left_removed is not None
    seed_rows(any_store, {**SIMILAR, "same_as": "removed"})
    with pytest.raises(BadInput, match="Revision 5 changed no record"):
        undo(Directory(any_store), 5, now=NOW)


@pytest.mark.parametrize("row", [{"name": "Harbor Union"}, FUND])
def test_the_answer_needs_a_removed_record(store: Store, row: dict[str, Any]) -> None:
    seed_rows(store, FUND)
    item = plan_one_row(store, **row, same_as="removed")
    assert item.action is RowAction.REJECT
    assert "No removed organization is like this row." in only_message(item)


def test_rows_about_people_are_skipped_too(store: Store) -> None:
    remove(store)
    person = {"name": "Rivertown Bail Fund", "contacts": [{"name": "Ana Ruiz"}]}
    rows = [Row("list.csv", number, {**person, "same_as": "removed"}, is_person=True) for number in (2, 3)]
    plan = plan_people(store, rows)
    assert [(item.action, item.left_removed is not None) for item in plan.items] == [(RowAction.SKIP, True)] * 2
    apply_plan(plan, Directory(store), now=NOW, reason="test")
    again = plan_people(store, [Row("list.csv", 2, person, is_person=True)])
    assert again.left_removed_count == 1


def test_in_the_terminal_and_by_a_corrections_file(any_walk: ImportSession) -> None:
    file = any_walk.write_file("list.csv", "Organization,City,State\nRivertown Bail Fund,Troy,NY\n")
    any_walk.import_all(file)
    with closing(Store.open(any_walk.url)) as store:
        store.write([Remove(load_id(store))], actor="ann", now=NOW, reason="asked to be removed")
    corrections = any_walk.folder / "fix.csv"
    any_walk.seed(file, "--corrections", corrections)
    assert (
        'enter rivertown-bail-fund to restore it, ""removed"" to leave it removed, or ""new"" if not' in corrections.read_text()
    )
    output = any_walk.seed(file, "--interactive", stdin="\nremoved\n").output
    assert "1 for Rivertown Bail Fund, to restore it; removed to leave it removed; new for a new one (Enter" in output
    assert "Not imported because their records were removed (1)" in output
    lines = corrections.read_text().splitlines()
    corrections.write_text("\n".join([lines[0], lines[1].replace(",list,,", ",list,removed,")]))
    output = any_walk.import_all(corrections).output
    assert "1 row: 0 created, 0 changed, 1 unchanged, 0 doubtful, 0 rejected. Left removed: 1." in output
    assert "Remembered: 1 decision. The next import of this list does not ask again." in output
    assert "at revision 3" in output
    report = any_walk.import_with_report(file)
    assert (report["left_removed"], report["items"][0]["left_removed"]) == (1, "Rivertown Bail Fund")
    assert "Nothing was written: there are no changes." in any_walk.import_all(file).output
    any_walk.seed(file, "--report", any_walk.folder / "report.csv")
    assert "Rivertown Bail Fund: left removed" in (any_walk.folder / "report.csv").read_text()
