"""Families: whom the parents that organizations state make relatives."""

from collections.abc import Mapping

import numpy as np
import pytest
from msgspec.structs import replace

from directory.partners.families import get_families
from directory.records import Audience
from directory.search.snapshot import Snapshot, SnapshotState
from tests.builders import an_id, an_organization

UNSEEN = "unseen"
CHAIN = {str(number): str(number + 1) for number in range(1, 60)}


@pytest.mark.parametrize(
    ("parents", "families"),
    [
        ({"1": "2", "2": "3", "4": "5"}, [{"1", "2", "3"}, {"4", "5"}]),
        ({"1": "2", "2": "1"}, [{"1", "2"}]),
        ({"1": "2", "2": "3", "3": "1", "4": "3", "5": "4"}, [{"1", "2", "3", "4", "5"}]),
        ({"1": UNSEEN, "2": UNSEEN}, [{"1"}, {"2"}]),  # a parent that the audience does not see makes no relatives
        (CHAIN, [{*CHAIN, "60"}]),
    ],
    ids=["branches", "two in a circle", "three in a circle, with branches", "an unknown parent", "sixty generations"],
)
def test_families_follow_parents(parents: Mapping[str, str], families: list[set[str]]) -> None:
    numbers = sorted({*parents, *parents.values()} - {UNSEEN})
    records = [
        replace(
            an_organization(f"Group {number}"), id=an_id(number), parent=an_id(parents[number]) if number in parents else None
        )
        for number in numbers
    ]
    index = Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), records, {}, []).index
    heads = {number: int(get_families(index).heads[index.rows.find_row(an_id(number)) or 0]) for number in numbers}
    found = [{number for number in numbers if heads[number] == head} for head in np.unique([*heads.values()])]
    assert sorted(found, key=min) == families
