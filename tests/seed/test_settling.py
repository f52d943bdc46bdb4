from directory.store import Store
from seed.apply import apply
from seed.items import Fate, Plan
from seed.plan import plan
from seed.rows import Row
from seed.settling import answered, doubtful
from tests.seed.planning import NOW, a_dataset, planned


def known_to_another(store: Store, *names: str) -> None:
    """Records that another source stated, which a name alone leads to in doubt."""
    dataset = a_dataset([Row("other.json", 1, {"name": name}) for name in names], key="another")
    apply(plan(dataset, store, today=NOW.date()), store, now=NOW, reason="test")


def test_answers_go_to_the_rows_at_their_positions(store: Store) -> None:
    known_to_another(store, "Tenants Union", "Mesa Workers Center")
    found = planned(store, {"name": "New One"}, {"name": "Tenants Union"}, {"name": ""}, {"name": "Mesa Workers Center"})
    assert [position for position, _ in doubtful(found)] == [1, 3]
    rows = list(answered(found, {1: "tenants-union", 3: "new"}))
    assert [row.stated.get("same_as") for row in rows] == [None, "tenants-union", None, "new"]
    again = planned(store, *(row.stated for row in rows))
    assert [item.fate for item in again.items] == [Fate.CREATED, Fate.CHANGED, Fate.REFUSED, Fate.CREATED]


def test_an_answer_is_remembered_beside_the_source_that_was_there(store: Store) -> None:
    known_to_another(store, "Tenants Union")
    (item,) = planned(store, {"name": "Tenants Union", "same_as": "tenants-union"}).items
    assert item.fields == ("sources",)
    assert item.entry is not None
    assert [(source.field, source.origin) for source in item.entry.sources] == [("name", "another"), ("name", "a-list")]
    apply(Plan((item,)), store, now=NOW, reason="test")
    assert [item.fate for item in planned(store, {"name": "Tenants Union"}).items] == [Fate.UNCHANGED]


def test_a_row_without_an_answer_stays_doubtful(store: Store) -> None:
    known_to_another(store, "Tenants Union")
    found = planned(store, {"name": "Tenants Union"})
    assert [row.stated for row in answered(found, {})] == [{"name": "Tenants Union"}]
    assert doubtful(planned(store)) == []
