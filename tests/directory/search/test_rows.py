"""Rows by name, including rows that were added later."""

import pytest

from directory.search.rows import MAX_ADDED_ROWS, MAX_ADDED_SHARE, Rows
from tests.builders import an_organization


def test_rows_are_sorted_by_name_whenever_they_were_added() -> None:
    rows = Rows.build(an_organization(name) for name in ("Birch", "Dogwood", "Fir"))
    for name in ("Elm", "Alder", "Cedar", "Zelkova", "Élan"):
        rows = rows.with_changes([], [an_organization(name)])
    in_order = [rows[row].name for row in rows.iter_by_name(rows.live_rows)]
    assert in_order == ["Alder", "Birch", "Cedar", "Dogwood", "Élan", "Elm", "Fir", "Zelkova"]
    assert [rows[row].name for row in rows.iter_by_name_reversed(rows.live_rows)] == in_order[::-1]
    assert sorted(rows.live_rows, key=rows.rank.__getitem__) == list(rows.iter_by_name(rows.live_rows))


@pytest.mark.parametrize("count", [10, 30_000])
def test_rows_need_a_rebuild_after_too_many_additions(count: int) -> None:
    limit = int(max(MAX_ADDED_ROWS, MAX_ADDED_SHARE * count))
    rows = Rows.build(an_organization(f"{number}") for number in range(count))
    full = rows.with_changes([], [an_organization(f"{number} more") for number in range(limit)])
    assert not full.needs_rebuild
    assert full.with_changes([], [an_organization("one more")]).needs_rebuild
