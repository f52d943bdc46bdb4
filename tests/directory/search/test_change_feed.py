"""The feed of changes: the last one of each organization, in order, whether packed or added later."""

import datetime as dt
from random import Random

import pytest

from directory.publish import ChangeKind, VisibleChange
from directory.search.change_feed import MAX_LATER_CHANGES, ChangeFeed
from tests.builders import NOW, an_id


def a_change(seq: int, name: str, kind: ChangeKind = ChangeKind.CHANGED) -> VisibleChange:
    return VisibleChange(seq, NOW + dt.timedelta(hours=seq // 3), kind, an_id(name))


def list_last_changes(changes: list[VisibleChange]) -> list[VisibleChange]:
    last = {change.record_id: change for change in sorted(changes, key=lambda change: change.seq)}
    return sorted(last.values(), key=lambda change: change.seq)


@pytest.mark.parametrize("split", [0, 20, 60])
def test_the_feed_lists_the_last_change_of_each_organization(split: int) -> None:
    rng = Random(split)  # noqa: S311
    changes = [a_change(seq, f"{rng.randrange(25)}", rng.choice(tuple(ChangeKind))) for seq in range(1, 61)]
    feed = ChangeFeed.build(rng.sample(changes[:split], split))
    for start in range(split, 60, 4):
        feed = feed.with_changes(rng.sample(changes[start : start + 4], 4))
    expected = list_last_changes(changes)
    for after in (0, 17, 55, 60, 100):
        later = [change for change in expected if change.seq > after]
        for first in (0, 1, 5, 100):
            assert feed.list_after(after, first) == (later[:first], len(later) > first)


def test_many_later_changes_are_packed() -> None:
    feed = ChangeFeed.build([a_change(1, "first")])
    changes = [a_change(seq, f"{seq}") for seq in range(2, MAX_LATER_CHANGES + 3)]
    feed = feed.with_changes(changes)
    assert feed._later == {}
    assert feed.list_after(0, 10_000) == ([a_change(1, "first"), *changes], False)


def test_an_earlier_feed_stays_as_it_was() -> None:
    feed = ChangeFeed.build([a_change(1, "Alder"), a_change(2, "Birch")])
    feed.with_changes([a_change(3, "Alder")])
    assert [change.seq for change in feed.iter_after(0)] == [1, 2]


def test_ids_that_are_in_memory_anyway_are_not_held_twice() -> None:
    known_id = an_id("Alder")
    feed = ChangeFeed.build([a_change(1, "Alder"), a_change(2, "Removed")], [known_id])
    assert feed.list_after(0, 1)[0][0].record_id is known_id


def test_the_last_changes_of_records_are_found() -> None:
    feed = ChangeFeed.build([a_change(1, "Alder"), a_change(4, "Birch")]).with_changes([a_change(9, "Alder")])
    changes = feed.find_changes({an_id("Alder"), an_id("Birch"), an_id("Nobody")})
    assert changes == {an_id("Alder"): a_change(9, "Alder"), an_id("Birch"): a_change(4, "Birch")}
