"""Rows by name, also of records that were added since."""

import pytest

from directory.search.rows import MAX_ADDED_ROWS, MAX_ADDED_SHARE, Rows
from tests.builders import an_organization


def test_rows_ascend_by_name_whenever_they_came() -> None:
    rows = Rows.build(an_organization(name) for name in ("Birch", "Dogwood", "Fir"))
    for name in ("Elm", "Alder", "Cedar", "Zelkova", "Élan"):
        rows = rows.with_changes([], [an_organization(name)])
    in_order = [rows[row].name for row in rows.iter_by_name(rows.live_rows)]
    assert in_order == ["Alder", "Birch", "Cedar", "Dogwood", "Élan", "Elm", "Fir", "Zelkova"]
    assert [rows[row].name for row in rows.iter_by_name_reversed(rows.live_rows)] == in_order[::-1]
    assert sorted(rows.live_rows, key=rows.rank.__getitem__) == list(rows.iter_by_name(rows.live_rows))


@pytest.mark.parametrize("kept", [10, 30_000])
def test_so_many_may_be_added_before_all_is_built_anew(kept: int) -> None:
    most = int(max(MAX_ADDED_ROWS, MAX_ADDED_SHARE * kept))
    rows = Rows.build(an_organization(f"{number}") for number in range(kept))
    enough = rows.with_changes([], [an_organization(f"{number} more") for number in range(most)])
    assert not enough.needs_rebuild
    assert enough.with_changes([], [an_organization("one more")]).needs_rebuild
