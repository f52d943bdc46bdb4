"""The columns of a coverage matrix: for each region, the rows that count in it.

`find_cell_rows` returns the rows of one cell. Counting all cells that way would unite the same sets again for each term, so
`RegionColumns` holds them for all regions of a kind.
"""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from msgspec import Struct
from pyroaring import BitMap

from directory.question import Nationwide, RegionMatch
from directory.search.region_sets import RegionReason, RegionSets
from directory.search.rows import Ints
from directory.search.search_index import SearchIndex
from directory.vocabulary.regions import REGIONS, RegionKind

MAX_CACHED_REGIONS = 500  # of one kind: there are thousands of counties, and their sets would take tens of megabytes


def find_cell_rows(index: SearchIndex, facet: str, term: str, code: str, by: RegionMatch, nationwide: Nationwide) -> BitMap:
    """Return the rows of a cell: those that have a term, or a narrower one, and match a region. `facet` is a key of FACETS."""
    return index.find_rows_with_term(facet, term) & index.regions.match(code, by, nationwide)


class RegionColumns(Struct, frozen=True):
    """For each region, three sets of rows: located there, local, and those of the local ones that serve the whole country.

    Local rows are located in the region or serve it, at least in part. Serving its whole country alone does not make a row local.
    `countries` are the sets of rows that serve a whole country, and `country_numbers` tell which of them is that of each region.
    """

    located: Sequence[BitMap]
    local: Sequence[BitMap]
    local_nationwide: Sequence[BitMap]
    countries: Sequence[BitMap]
    country_numbers: Ints

    def count(self, rows: BitMap) -> tuple[Ints, Ints, Ints]:
        """Return how many of the rows are in each region: located; local but not located; and only nationwide."""
        located, local = count_intersections(rows, self.located), count_intersections(rows, self.local)
        everywhere = count_intersections(rows, self.countries)[self.country_numbers]
        return located, local - located, everywhere - count_intersections(rows, self.local_nationwide)

    def select(self, positions: Sequence[int]) -> "RegionColumns":
        """Return the columns of some of the regions."""
        located, local, both = (
            [part[position] for position in positions] for part in (self.located, self.local, self.local_nationwide)
        )
        return RegionColumns(located, local, both, self.countries, self.country_numbers[list(positions)])


def count_intersections(rows: BitMap, sets: Sequence[BitMap]) -> Ints:
    """Return how many of the rows each set contains."""
    return np.fromiter(map(rows.intersection_cardinality, sets), np.int64, len(sets))


# RegionSets are immutable. Their columns are freed with them.
_columns_by_kind: WeakKeyDictionary[RegionSets, dict[RegionKind, RegionColumns]] = WeakKeyDictionary()


def get_columns(regions: RegionSets, kind: RegionKind, codes: Sequence[str]) -> RegionColumns:
    """Return the columns of some regions of a kind. Those of kinds with few regions are built once."""
    all_codes = [region.code for region in REGIONS.list_of_kind(kind)]
    if len(all_codes) > MAX_CACHED_REGIONS:
        return _build_columns(regions, codes)
    cached = _columns_by_kind.setdefault(regions, {})
    if kind not in cached:
        cached[kind] = _build_columns(regions, all_codes)
    positions = {code: position for position, code in enumerate(all_codes)}
    return cached[kind].select([positions[code] for code in codes])


def _build_columns(regions: RegionSets, codes: Sequence[str]) -> RegionColumns:
    located = [regions.find_local_rows(code, RegionMatch.LOCATED) for code in codes]
    local = [regions.find_local_rows(code, RegionMatch.LOCATED_OR_SERVING) for code in codes]
    nationwide = [regions.find_rows_by_reason(code)[RegionReason.NATIONWIDE] for code in codes]
    countries = {id(rows): rows for rows in nationwide}
    numbers = {key: number for number, key in enumerate(countries)}
    both = [one & country for one, country in zip(local, nationwide, strict=True)]
    return RegionColumns(
        located, local, both, list(countries.values()), np.array([numbers[id(rows)] for rows in nationwide], np.int64)
    )
