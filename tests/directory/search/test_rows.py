"""Rows by name, including rows that were added later."""

import pytest
from msgspec.structs import replace

from directory.search.rows import MAX_ADDED_ROWS, MAX_ADDED_SHARE, Rows
from directory.search.searched_fields import get_name_key
from tests.builders import an_organization


def test_rows_are_sorted_by_name_whenever_they_were_added() -> None:
    rows = Rows.build((an_organization(name) for name in ("Birch", "Dogwood", "Fir")), get_name_key)
    for name in ("Elm", "Alder", "Cedar", "Zelkova", "Élan"):
        rows = rows.with_changes([], [an_organization(name)])
    in_order = [rows[row].name for row in rows.iter_by_name(rows.live_rows)]
    assert in_order == ["Alder", "Birch", "Cedar", "Dogwood", "Élan", "Elm", "Fir", "Zelkova"]
    assert [rows[row].name for row in rows.iter_by_name_reversed(rows.live_rows)] == in_order[::-1]
    assert sorted(rows.live_rows, key=rows.rank.__getitem__) == list(rows.iter_by_name(rows.live_rows))


@pytest.mark.parametrize("count", [10, 30_000])
def test_rows_need_a_rebuild_after_too_many_additions(count: int) -> None:
    limit = int(max(MAX_ADDED_ROWS, MAX_ADDED_SHARE * count))
    rows = Rows.build((an_organization(f"{number}") for number in range(count)), get_name_key)
    full = rows.with_changes([], [an_organization(f"{number} more") for number in range(limit)])
    assert not full.needs_rebuild
    assert full.with_changes([], [an_organization("one more")]).needs_rebuild


def test_another_audience_shares_the_numbers_and_not_the_records() -> None:
    alder, birch, cedar = (an_organization(name) for name in ("Alder", "Birch", "Cedar"))
    wide = Rows.build([alder, birch, cedar], get_name_key)
    narrow = wide.narrow([alder, cedar])
    assert list(narrow.records) == [alder, None, cedar]
    assert (narrow.find_row(birch.id), narrow.find_row(cedar.id)) == (None, 2)
    assert narrow.row_by_id is wide.row_by_id
    with pytest.raises(KeyError):
        narrow[1]
    with pytest.raises(KeyError):
        wide.narrow([an_organization("Dogwood")])


def test_rows_of_another_audience_follow_without_holding_what_it_does_not_see() -> None:
    alder, birch, cedar, dogwood = (an_organization(name) for name in ("Alder", "Birch", "Cedar", "Dogwood"))
    wide = Rows.build([alder, birch, cedar], get_name_key)
    narrow = wide.narrow([alder, cedar])
    renamed, hidden = replace(cedar, name="Azalea"), an_organization("Elder")
    after = wide.with_changes([], [renamed, hidden, dogwood])
    following = narrow.follow(after, [alder.id], [renamed, dogwood])
    assert [one.name for one in map(following.__getitem__, following.iter_by_name(following.live_rows))] == ["Azalea", "Dogwood"]
    assert [record for record in following.records if record is not None] == [renamed, dogwood]
    assert [one.name for one in map(after.__getitem__, after.iter_by_name(after.live_rows))] == [
        *("Alder", "Azalea", "Birch", "Dogwood", "Elder"),
    ]
    assert list(narrow.records) == [alder, None, cedar]
    assert following.follow(after, [], [alder])[0] == alder
