"""Slugs lead each audience to the same ids as a dictionary of its own."""

from collections.abc import Mapping
from random import Random

import pytest

from directory.search.layered_map import LayeredMap
from directory.search.slug_index import NOWHERE, SlugIndex
from tests.builders import an_organization

SLUGS = [f"slug-{number}" for number in range(12)]
ALDER, BIRCH = an_organization("Alder"), an_organization("Birch")


def read(index: SlugIndex) -> dict[str, str]:
    return {slug: found for slug in SLUGS if (found := index.find(slug))}


def assign_slugs(rng: Random, ids: list[str]) -> dict[str, str]:
    """Return a slug for each id."""
    return dict(zip(rng.sample(SLUGS, len(ids)), ids, strict=True))


def list_changed(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {slug for slug, _ in set(before.items()) ^ set(after.items())}


@pytest.mark.parametrize("seed", range(20))
def test_slugs_that_are_not_in_a_change_lead_where_they_led(seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    ids = [f"id {number}" for number in range(6)]
    current = assign_slugs(rng, ids)
    expected = {slug: rng.choice(ids) for slug in SLUGS if rng.random() < 0.6}
    index = SlugIndex(LayeredMap(current), {}).narrow(expected)
    assert read(index) == expected
    for _ in range(10):
        changed = assign_slugs(rng, ids) if rng.random() < 0.7 else current
        targets = {slug: rng.choice(ids) for slug in rng.sample(SLUGS, 2)}
        index = index.with_changes(LayeredMap(changed), list_changed(current, changed), targets)
        current, expected = changed, expected | targets
        assert read(index) == expected


def test_current_slugs_are_stored_once_for_all_audiences() -> None:
    targets = {ALDER.slug: ALDER.id, BIRCH.slug: BIRCH.id, "former": ALDER.id}
    wide = SlugIndex.build([ALDER, BIRCH], targets)
    narrow = wide.narrow({ALDER.slug: ALDER.id})
    assert narrow.current is wide.current
    assert narrow._others == {BIRCH.slug: NOWHERE}
    assert (wide.find("former"), narrow.find("former")) == (ALDER.id, NOWHERE)


def test_a_slug_that_leads_an_audience_nowhere_is_remembered() -> None:
    index = SlugIndex.build([ALDER, BIRCH], {ALDER.slug: ALDER.id})
    assert (index.find(ALDER.slug), index.find(BIRCH.slug)) == (ALDER.id, NOWHERE)


def test_current_slugs_follow_the_records() -> None:
    index = SlugIndex.build([ALDER, BIRCH], {})
    renamed = an_organization("Alder", slug="alder-union")
    assert index.replace_current([ALDER], [renamed]) == {"alder-union": ALDER.id, BIRCH.slug: BIRCH.id}
    taken = an_organization("Birch", slug=ALDER.slug)
    assert index.replace_current([ALDER, BIRCH], [renamed, taken]) == {"alder-union": ALDER.id, ALDER.slug: BIRCH.id}
    assert index.replace_current([ALDER], [ALDER]) is index.current
