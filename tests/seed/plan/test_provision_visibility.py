"""Who sees imported provisions."""

from msgspec.structs import replace

from benchmarks.provisions import REVIEW
from directory.curation.hiding import hide, unhide
from directory.live import Directory
from directory.records import Audience, RecordKind
from directory.store.ledger.edits import Put, Remove
from seed.plan.planned_row import RowAction
from tests.seed.plan.provision_imports import (
    LATER,
    NOW,
    ROW,
    directory,
    edit,
    import_rows,
    list_actions,
    list_messages,
    load_provisions_by_number,
    plan_rows,
)

__all__ = ["directory"]


def test_a_hidden_provision_stays_hidden(directory: Directory) -> None:
    import_rows(directory, ROW)
    edit(directory, "26.101", hidden_since=LATER)
    id = load_provisions_by_number(directory)["26.101"].id
    directory.write([Remove(id, kind=RecordKind.PROVISION)], actor="staff", now=LATER, reason="test")
    import_rows(directory, ROW)
    assert load_provisions_by_number(directory)["26.101"].is_hidden


def test_a_stricter_audience_is_applied_and_a_wider_one_rejected(directory: Directory) -> None:
    import_rows(directory, ROW)
    import_rows(directory, {**ROW, "audience": "STAFF", "summary": "For staff."})
    assert load_provisions_by_number(directory)["26.101"].audience is Audience.STAFF
    plan = plan_rows(directory, {**ROW, "audience": "PUBLIC"})
    assert list_actions(plan) == [RowAction.REJECT]
    assert "more visible" in list_messages(plan)[0]
    assert list_actions(plan_rows(directory, {**ROW, "audience": "PUBLIC"}, may_loosen=True)) == [RowAction.UPDATE]


def test_a_new_provision_is_not_more_visible_than_its_instrument(directory: Directory) -> None:
    """Its slug names the instrument."""
    directory.write([Put(replace(REVIEW, audience=Audience.STAFF))], actor="staff", now=NOW, reason="test")
    (review,) = [one for one, _ in directory.store.load_records(RecordKind.INSTRUMENT, [REVIEW.id])]
    import_rows(directory, ROW, instrument=review.slug)
    assert load_provisions_by_number(directory)["26.101"].audience is Audience.STAFF


def test_an_instrument_is_hidden_and_shown_with_its_provisions(directory: Directory) -> None:
    import_rows(directory, ROW, {**ROW, "number": "26.102"})
    edit(directory, "26.102", hidden_since=NOW)  # before, and for a reason of its own
    change = hide(directory, f"instrument:{REVIEW.slug}", now=LATER)
    assert change.provision_count == 1
    assert all(one.is_hidden for one in load_provisions_by_number(directory).values())
    assert unhide(directory, change.key, now=LATER).provision_count == 1
    assert [one.number for one in load_provisions_by_number(directory).values() if one.is_hidden] == ["26.102"]
