import pytest

from directory.errors import BadInput, Conflict
from directory.live import Directory
from directory.store.ledger.edits import EditOutcome
from directory.store.store import Store
from seed.plan.import_plan import apply_plan
from seed.plan.planned_row import RowAction
from tests.seed.plan_builders import NOW, plan_rows, seed_rows


def test_every_row_has_an_action_and_valid_ones_are_written_together(store: Store) -> None:
    plan = plan_rows(store, {"name": "A"}, {"name": ""}, {"name": "B"}, {"name": "B"})
    assert [item.action for item in plan.items] == [RowAction.CREATE, RowAction.REJECT, RowAction.CREATE, RowAction.REVIEW]
    receipt = apply_plan(plan, Directory(store), actor="test", now=NOW, reason="test")
    assert (receipt.revision, receipt.count(EditOutcome.CREATED)) == (1, 2)


def test_a_change_after_planning_is_not_overwritten(any_store: Store) -> None:
    seed_rows(any_store, {"slug": "tu", "name": "Tenants Union"})
    late_plans = plan_rows(any_store, {"slug": "tu", "name": "Late"}), plan_rows(any_store, {"slug": "new", "name": "Late"})
    seed_rows(any_store, {"slug": "tu", "name": "Early"}, {"slug": "new", "name": "Early"})
    for plan in late_plans:
        with pytest.raises((Conflict, BadInput)):
            apply_plan(plan, Directory(any_store), actor="test", now=NOW, reason="test")
    assert {record.name for record, _ in any_store.load_organizations()} == {"Early"}
