import pytest

from directory.errors import BadInput, Conflict
from directory.store import Outcome, Store
from seed.apply import apply
from seed.items import Fate
from tests.seed.planning import NOW, planned, seeded


def test_every_row_is_accounted_for_and_the_good_ones_are_written_at_once(store: Store) -> None:
    found = planned(store, {"name": "A"}, {"name": ""}, {"name": "B"}, {"name": "B"})
    assert [item.fate for item in found.items] == [Fate.CREATED, Fate.REFUSED, Fate.CREATED, Fate.DOUBTFUL]
    receipt = apply(found, store, actor="test", now=NOW, reason="test")
    assert (receipt.revision, receipt.count(Outcome.CREATED)) == (1, 2)


def test_a_change_in_between_is_not_overwritten(any_store: Store) -> None:
    seeded(any_store, {"slug": "tu", "name": "Tenants Union"})
    late = planned(any_store, {"slug": "tu", "name": "Late"}), planned(any_store, {"slug": "new", "name": "Late"})
    seeded(any_store, {"slug": "tu", "name": "Early"}, {"slug": "new", "name": "Early"})
    for one in late:
        with pytest.raises((Conflict, BadInput)):
            apply(one, any_store, actor="test", now=NOW, reason="test")
    assert {entry.name for entry, _ in any_store.entries()} == {"Early"}
