from directory.live import Directory
from directory.store.store import Store
from seed.plan.import_plan import apply_plan, plan_import
from seed.plan.planned_row import Plan, RowAction, list_rows_to_review, with_answers
from seed.rows import Row
from tests.seed.plan_builders import NOW, a_dataset, plan_rows


def import_from_another_source(store: Store, *names: str) -> None:
    """Store records of another source. A row with the same name and nothing else is doubtful."""
    dataset = a_dataset([Row("other.json", 1, {"name": name}) for name in names], key="another")
    apply_plan(plan_import(dataset, store, today=NOW.date()), Directory(store), now=NOW, reason="test")


def test_answers_go_to_the_rows_at_their_positions(store: Store) -> None:
    import_from_another_source(store, "Tenants Union", "Mesa Workers Center")
    plan = plan_rows(store, {"name": "New One"}, {"name": "Tenants Union"}, {"name": ""}, {"name": "Mesa Workers Center"})
    assert [position for position, _ in list_rows_to_review(plan)] == [1, 3]
    rows = list(with_answers(plan, {1: "tenants-union", 3: "new"}))
    assert [row.fields.get("same_as") for row in rows] == [None, "tenants-union", None, "new"]
    again = plan_rows(store, *(row.fields for row in rows))
    assert [item.action for item in again.items] == [RowAction.CREATE, RowAction.UPDATE, RowAction.REJECT, RowAction.CREATE]


def test_an_answer_is_stored_as_a_further_source_of_the_name(store: Store) -> None:
    import_from_another_source(store, "Tenants Union")
    (item,) = plan_rows(store, {"name": "Tenants Union", "same_as": "tenants-union"}).items
    assert item.changed_fields == ("sources",)
    assert item.record_after is not None
    assert [(source.field, source.origin) for source in item.record_after.sources] == [("name", "another"), ("name", "a-list")]
    apply_plan(Plan((item,)), Directory(store), now=NOW, reason="test")
    assert [item.action for item in plan_rows(store, {"name": "Tenants Union"}).items] == [RowAction.SKIP]


def test_a_row_without_an_answer_stays_doubtful(store: Store) -> None:
    import_from_another_source(store, "Tenants Union")
    plan = plan_rows(store, {"name": "Tenants Union"})
    assert [row.fields for row in with_answers(plan, {})] == [{"name": "Tenants Union"}]
    assert list_rows_to_review(plan_rows(store)) == []
