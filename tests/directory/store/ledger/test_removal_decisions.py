"""Decisions to leave a record removed: written with edits or alone, once, the last about a row counts."""

import pytest

from directory.errors import BadInput
from directory.store.ledger.edits import Put
from directory.store.ledger.removal_decisions import RemovalDecision
from directory.store.ledger_consistency import find_ledger_inconsistencies
from directory.store.store import Store
from tests.builders import NOW, a_stored_organization

FIRST = RemovalDecision("a-list", "id 7", "record-1")
OTHER_ROW = RemovalDecision("a-list", "id 8", "record-1")


def decide(store: Store, *decisions: RemovalDecision, edits: list[Put] | None = None) -> tuple[int, int]:
    """Return the revision and the number of new decisions."""
    receipt = store.write(edits or [], actor="ann", now=NOW, reason="stays removed", removal_decisions=decisions)
    return receipt.revision, receipt.decision_count


def load(store: Store) -> dict[tuple[str, str], str]:
    with store.begin_read() as reading:
        return reading.load_removal_decisions()


def test_a_decision_alone_makes_a_revision_and_a_known_one_does_not(any_store: Store) -> None:
    assert decide(any_store, FIRST, FIRST) == (1, 1)
    assert decide(any_store, FIRST) == (1, 0)
    assert decide(any_store, FIRST, OTHER_ROW) == (2, 1)
    assert load(any_store) == {("a-list", "id 7"): "record-1", ("a-list", "id 8"): "record-1"}
    assert find_ledger_inconsistencies(any_store) == []


def test_the_last_decision_about_a_row_counts(any_store: Store) -> None:
    later = RemovalDecision(FIRST.origin, FIRST.row_key, "record-2")
    decide(any_store, FIRST)
    assert decide(any_store, later) == (2, 1)
    assert load(any_store) == {("a-list", "id 7"): "record-2"}
    assert decide(any_store, FIRST, later) == (2, 0)
    assert find_ledger_inconsistencies(any_store) == []


def test_it_is_written_together_with_edits_or_not_at_all(any_store: Store) -> None:
    good, bad = a_stored_organization("A"), a_stored_organization("B", parent="unknown")
    with pytest.raises(BadInput):
        decide(any_store, FIRST, edits=[Put(bad)])
    assert load(any_store) == {}
    assert decide(any_store, FIRST, edits=[Put(good)]) == (1, 1)
