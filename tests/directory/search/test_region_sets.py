"""Counting all regions of a kind at once gives the same counts as counting each region alone."""

from itertools import product
from random import Random

import pytest
from pyroaring import BitMap

from directory.question import Nationwide, RegionMatch
from directory.search.region_sets import RegionSets
from directory.search.row_sets import RowSets
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

ROWS = 300
AREAS = ("US", "CA", "MX", "US-GA", "US-TX", "CA-ON", "US-SOUTH", "BAY-AREA", "US-GA-121", "US-CA-075", "US-TX-201", "FR")
WAYS = list(product(RegionMatch, Nationwide))


def region_sets(rng: Random) -> RegionSets:
    counties = rng.sample([region.code for region in REGIONS.list_of_kind(RegionKind.COUNTY)], 40)
    codes = [(row, rng.choice((*counties, *AREAS))) for row in range(0, ROWS, 2)]
    located = [(row, frozenset((code, *REGIONS.containing_codes(code)))) for row, code in codes]
    serving = [(row, frozenset(rng.choices((*AREAS, *counties), k=rng.randint(1, 3)))) for row in range(0, ROWS, 3)]
    return RegionSets(RowSets.build(located), RowSets.build(serving))


@pytest.mark.parametrize("kind", RegionKind)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_counts_are_those_of_each_region_alone(kind: RegionKind, seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - the same each time
    sets, nonzero_counts = region_sets(rng), 0
    for by, nationwide in WAYS:
        rows = BitMap(rng.sample(range(ROWS), 200))
        counted = sets.get_counter(kind, by).count(rows, nationwide)
        for code, count, local in zip(counted.codes, counted.counts.tolist(), counted.local_counts.tolist(), strict=True):
            assert count == len(rows & sets.match(code, by, nationwide)), (code, by, nationwide)
            matches, local_matches = (sets.match(code, by, way) for way in (nationwide, Nationwide.EXCLUDE))
            assert local == len(rows & matches & local_matches), (code, by, nationwide)
            nonzero_counts += count > 0
    assert nonzero_counts > len(WAYS)
    assert sorted(counted.codes) == sorted(region.code for region in REGIONS.list_of_kind(kind))


def test_regions_with_equal_counts_are_sorted_by_code() -> None:
    sets = region_sets(Random(3))  # noqa: S311 - the same each time
    counter = sets.get_counter(RegionKind.COUNTY, RegionMatch.LOCATED)
    counted = counter.count(BitMap(range(ROWS)), Nationwide.INCLUDE)
    ordered = [(-int(counted.counts[at]), counted.codes[at]) for at in counter.sort_by_count(counted.counts)]
    assert ordered == sorted(ordered)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_match_is_the_union_of_the_requested_reasons(way: tuple[RegionMatch, Nationwide]) -> None:
    by, nationwide = way
    sets = region_sets(Random(4))  # noqa: S311 - the same each time
    for code in AREAS:
        reasons = sets.find_rows_by_reason(code)
        located, serves, part, everywhere = (reasons[name] for name in reasons)
        expected = BitMap()
        expected |= BitMap() if by is RegionMatch.SERVING else located
        expected |= BitMap() if by is RegionMatch.LOCATED else serves | part
        expected |= everywhere if by is not RegionMatch.LOCATED and nationwide is not Nationwide.EXCLUDE else BitMap()
        assert sets.match(code, by, nationwide) == (expected & everywhere if nationwide is Nationwide.ONLY else expected)
