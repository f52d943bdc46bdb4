"""Unknown parents and relations are left out, or refused by a strict import, before anything is written."""

from directory.store.ledger.edits import EditOutcome
from directory.store.store import Store
from seed.plan.planned_row import RowAction
from tests.seed.import_session import ImportSession
from tests.seed.plan_builders import OTHER, plan_rows, seed_rows

PARENT = "33333333-3333-4333-8333-333333333333"
MIDDLE = "44444444-4444-4444-8444-444444444444"


def test_a_parent_may_be_created_by_another_row(store: Store) -> None:
    receipt = seed_rows(store, {"id": OTHER, "name": "Local", "parent": PARENT}, {"id": PARENT, "name": "Federation"})
    assert receipt.count(EditOutcome.CREATED) == 2


def test_a_dangling_reference_refuses_only_its_row(store: Store) -> None:
    items = plan_rows(store, {"name": "Local", "parent": PARENT}, {"name": "Federation"}, is_strict=True).items
    assert [item.action for item in items] == [RowAction.REJECT, RowAction.CREATE]
    (problem,) = items[0].problems
    assert problem.path == ("parent",)
    assert PARENT in problem.message


def test_a_row_that_refers_to_a_refused_row_is_refused(store: Store) -> None:
    relation = {"kind": "PARTNER", "organization": MIDDLE}
    rows = plan_rows(
        store,
        {"name": "First", "relations": [relation]},
        {"id": MIDDLE, "name": "Middle", "parent": PARENT},
        {"id": PARENT, "name": "Top", "founded": 3000},
        is_strict=True,
    )
    assert [item.action for item in rows.items] == [RowAction.REJECT] * 3
    assert rows.items[0].problems[0].path == ("relations", 0)


def test_references_to_nothing_are_left_out_and_the_others_stay(store: Store) -> None:
    relations = [{"kind": "PARTNER", "organization": OTHER}, {"kind": "PARTNER", "actor": "A school"}]
    first, second = plan_rows(
        store, {"name": "First", "parent": PARENT, "relations": relations}, {"id": PARENT, "name": "", "founded": 1990}
    ).items
    assert (first.action, second.action) == (RowAction.CREATE, RowAction.REJECT)
    assert first.record_after is not None
    assert (first.record_after.parent, [relation.actor for relation in first.record_after.relations]) == (None, ["A school"])
    assert [problem.path for problem in first.left_out] == [("parent",), ("relations", 0)]


def test_a_reference_that_is_left_out_of_a_stored_record_keeps_the_old_one(store: Store) -> None:
    seed_rows(store, {"id": OTHER, "name": "Local", "parent": PARENT}, {"id": PARENT, "name": "Federation"})
    (item,) = plan_rows(store, {"id": OTHER, "parent": MIDDLE}).items
    assert item.action is RowAction.SKIP
    assert item.record_after is not None
    assert item.record_after.parent == PARENT
    assert [problem.path for problem in item.left_out] == [("parent",)]


def test_a_parent_that_is_stated_by_its_name_gets_its_slug_suggested(walk: ImportSession) -> None:
    headings = ("Organization", "City", "State", "Parent Org")
    rows = [
        {"Organization": "Tenants Together", "City": "Macon", "State": "GA"},
        {"Organization": "Athens Renters", "City": "Athens", "State": "GA", "Parent Org": "Tenants Together"},
    ]
    corrections = walk.folder / "fix.csv"
    walk.seed(walk.write_csv("members.csv", *rows, headings=headings), "--apply", "--corrections", corrections)
    text = corrections.read_text(encoding="utf-8-sig")
    assert "Perhaps it is tenants-together." in text
    done = walk.seed(walk.write_file("fix.csv", text.replace("GA,Tenants Together", "GA,tenants-together")), "--apply")
    assert "parent: not stated → tenants-together" in done.output
    assert walk.records["Athens Renters"].parent == walk.records["Tenants Together"].id
