"""Regions of the world and how they contain each other: country > Census region > division > state > county, metropolitan and
tribal areas, and custom ones.

Every region is a set of parts that no other region divides: counties in the United States, states in Canada and Mexico,
whole countries elsewhere. A region contains another if its parts include all parts of the other. Two regions overlap if they
share a part.

ISO 3166-1 also lists Puerto Rico, Guam and the other US territories as countries. Here they are only states of the United
States ("US-PR", not "PR"), because organizations there are part of a US network.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from types import MappingProxyType
from typing import TypeVar

from directory.errors import UnknownRegion
from directory.text import fold
from directory.vocabulary.region_files import Region, RegionKind, RegionRow, read_regions
from directory.vocabulary.spelling_index import SpellingIndex

__all__ = ["REGIONS", "Region", "RegionKind", "Regions"]

_T = TypeVar("_T")

HOME_COUNTRY = "US"  # regions of this country come first when a name has several meanings
SUGGESTION_LIMIT = 5
MAX_ECHO_LENGTH = 80  # characters of the input that an error message repeats
MAX_SUGGESTION_QUERY_LENGTH = 80  # characters; a longer value is not a misspelled region or place
SUGGESTION_CUTOFF = 75  # rapidfuzz ratio, 0 to 100; codes below it have little more than their length in common
# In running text these words usually mean a direction or a landscape, not a region. `find` still accepts them.
ORDINARY_WORDS = frozenset(
    {"us", "south", "west", "northwest", "southwest", "mountain", "pacific"}
    | {"sur", "oeste", "noroeste", "suroeste", "montanas", "pacifico"}
)
_KINDS_BY_PRIORITY = (
    RegionKind.STATE,
    RegionKind.COUNTRY,
    RegionKind.CENSUS_REGION,
    RegionKind.CENSUS_DIVISION,
    RegionKind.CUSTOM,
    RegionKind.METRO_AREA,
    RegionKind.TRIBAL_AREA,
    RegionKind.COUNTY,
)
_KINDS_BY_BREADTH = (
    RegionKind.COUNTY,
    RegionKind.TRIBAL_AREA,
    RegionKind.METRO_AREA,
    RegionKind.STATE,
    RegionKind.CUSTOM,
    RegionKind.CENSUS_DIVISION,
    RegionKind.CENSUS_REGION,
    RegionKind.COUNTRY,
)


class Regions:
    """An immutable set of regions. Raises ValueError if the rows contradict each other."""

    def __init__(self, rows: Iterable[RegionRow]) -> None:
        self._regions: dict[str, Region] = {}
        children: dict[str, list[str]] = {}
        for row in rows:
            self._add(row, children)
        self._refuse_unknown_references(children)
        parts = _find_parts(self._regions, children)
        rank = {code: position for position, code in enumerate(sorted(parts, key=lambda code: self._breadth_key(code, parts)))}
        codes_by_part = _group_codes_by_part(parts)
        self._outer_codes = {code: _find_containing_codes(code, parts, codes_by_part, rank) for code in parts}
        self._overlaps_by_code = {code: _union([codes_by_part[part] for part in own_parts]) for code, own_parts in parts.items()}
        self._inner_codes = self._invert_containment()
        self._refuse_duplicates(parts)

    def _add(self, row: RegionRow, children: dict[str, list[str]]) -> None:
        code = row.region.code
        if code in self._regions:
            raise ValueError(f"The region {code} is listed twice. Remove one of the rows.")
        if row.parent is not None:
            children.setdefault(row.parent, []).append(code)
        if row.members:
            children[code] = list(row.members)
        self._regions[code] = row.region

    def _refuse_unknown_references(self, children: dict[str, list[str]]) -> None:
        references = {*children, *(child for members in children.values() for child in members)}
        unknown = sorted(references - self._regions.keys())
        if unknown:
            raise ValueError(f"These regions are used as a parent or member but do not exist: {', '.join(unknown)}.")

    def _breadth_key(self, code: str, parts: dict[str, frozenset[str]]) -> tuple[int, int, str]:
        return len(parts[code]), _KINDS_BY_BREADTH.index(self._regions[code].kind), code

    def _invert_containment(self) -> dict[str, tuple[str, ...]]:
        inner: dict[str, list[str]] = {code: [] for code in self._regions}
        for code, outer in self._outer_codes.items():
            for outer_code in outer:
                inner[outer_code].append(code)
        return {code: tuple(codes) for code, codes in inner.items()}

    def _refuse_duplicates(self, parts: dict[str, frozenset[str]]) -> None:
        codes_by_territory: dict[tuple[RegionKind, frozenset[str]], str] = {}
        for code, own_parts in parts.items():
            twin = codes_by_territory.setdefault((self._regions[code].kind, own_parts), code)
            if twin != code:
                raise ValueError(f"The regions {twin} and {code} are the same territory. Make one an alias of the other.")

    def prepare(self) -> None:
        """Build the tables that are otherwise built on first use."""
        _ = self._phrases, self._codes_by_letters, self._spelling_indexes

    def __iter__(self) -> Iterator[Region]:
        return iter(self._regions.values())

    def __len__(self) -> int:
        return len(self._regions)

    def __contains__(self, code: object) -> bool:
        return code in self._regions

    def get(self, code: str) -> Region | None:
        """Return the region with this code, None if there is none."""
        return self._regions.get(code)

    def require(self, code: str) -> Region:
        """Return the region with this code. Raises UnknownRegion with suggestions; a region's name suggests its code."""
        region = self._regions.get(code)
        if region is None:
            raise UnknownRegion(
                f"There is no region with the code {code[:MAX_ECHO_LENGTH]!r}.",
                suggest=partial(self._suggest_codes, code),
                advice="Query `regions` to see the codes.",
                value=code,
            )
        return region

    def list_of_kind(self, kind: RegionKind) -> tuple[Region, ...]:
        return tuple(region for region in self if region.kind is kind)

    def containing_codes(self, code: str) -> tuple[str, ...]:
        """Return the codes of all regions that contain the region, without its own, narrowest first. Raises UnknownRegion.

        If two regions have the same territory (DC as a state and as a county), the broader kind contains the other.
        """
        return self._look_up(self._outer_codes, code)

    def contained_codes(self, code: str, kind: RegionKind | None = None) -> tuple[str, ...]:
        """Return the codes of all regions (of this kind) that the region contains, without its own. Raises UnknownRegion."""
        inner_codes = self._look_up(self._inner_codes, code)
        return inner_codes if kind is None else tuple(inner for inner in inner_codes if self._regions[inner].kind is kind)

    def covers(self, outer: str, inner: str) -> bool:
        """Whether `outer` contains or equals `inner`. Raises UnknownRegion."""
        self.require(outer)
        return outer in self._look_up(self._outer_codes, inner) or outer == inner

    def overlaps(self, one: str, other: str) -> bool:
        """Whether the regions share any territory. Raises UnknownRegion."""
        self.require(one)
        return one in self._look_up(self._overlaps_by_code, other)

    def overlapping_codes(self, code: str) -> frozenset[str]:
        """Return the codes of all regions that share territory with the region, including its own. Raises UnknownRegion."""
        return self._look_up(self._overlaps_by_code, code)

    def get_country_code(self, code: str) -> str:
        """Return the code of the country that contains the region; for a country, its own. Raises UnknownRegion."""
        codes = (code, *self.containing_codes(code))
        return next(outer for outer in codes if self._regions[outer].kind is RegionKind.COUNTRY)

    def find(self, words: str) -> tuple[Region, ...]:
        """Return the regions with this name, alias, code or state abbreviation, ignoring case and accents. () if none.

        Regions of the United States come before others: "Georgia" and "CA" are states first, then countries.
        """
        key = fold(words)
        codes = {*self.phrases().get(key, ()), *self._codes_by_letters.get(key, ())}
        return tuple(self._regions[code] for code in sorted(codes, key=self._priority_key))

    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """Return folded names and aliases with their codes, most likely first, for finding regions in running text.

        Counties are also listed with their state ("fulton county ga", "fulton county georgia"). Codes, state abbreviations
        (because "in", "or" and "me" are words) and ORDINARY_WORDS are left out.
        """
        return self._phrases

    @cached_property
    def _phrases(self) -> Mapping[str, tuple[str, ...]]:
        codes_by_phrase: dict[str, set[str]] = {}
        for code, names in self._names_by_code.items():
            for phrase in names:
                codes_by_phrase.setdefault(phrase, set()).add(code)
        return MappingProxyType(
            {phrase: self._sort_by_priority(codes) for phrase, codes in codes_by_phrase.items() if phrase not in ORDINARY_WORDS}
        )

    @cached_property
    def _codes_by_letters(self) -> dict[str, tuple[str, ...]]:
        codes_by_letters: dict[str, set[str]] = {}
        for region in self:
            keys = {fold(region.code)}
            if region.kind is RegionKind.STATE:
                keys.add(fold(region.code.partition("-")[2]))
            keys.update(name for name in self._names_by_code[region.code] if name not in self._phrases)
            for key in keys:
                codes_by_letters.setdefault(key, set()).add(region.code)
        return {key: tuple(codes) for key, codes in codes_by_letters.items()}

    @cached_property
    def _names_by_code(self) -> dict[str, list[str]]:
        """Folded names by code. Relies on the order of the files: a state comes before its counties."""
        names_by_code: dict[str, list[str]] = {}
        for region in self:
            names = [fold(name) for name in (region.name, region.name_es, *region.aliases) if name]
            if region.kind is RegionKind.COUNTY:
                state = region.code.rpartition("-")[0]
                endings = (state.partition("-")[2].lower(), names_by_code[state][0])
                names += [f"{name} {ending}" for name in names for ending in endings]
            names_by_code[region.code] = names
        return names_by_code

    def _sort_by_priority(self, codes: set[str]) -> tuple[str, ...]:
        return tuple(sorted(codes, key=self._priority_key)) if len(codes) > 1 else tuple(codes)

    def _priority_key(self, code: str) -> tuple[bool, int, str]:
        return (
            not (code == HOME_COUNTRY or HOME_COUNTRY in self._outer_codes[code]),
            _KINDS_BY_PRIORITY.index(self._regions[code].kind),
            code,
        )

    def _suggest_codes(self, value: str) -> list[str]:
        if len(value) > MAX_SUGGESTION_QUERY_LENGTH:
            return []
        codes = [region.code for region in self.find(value)]
        return (codes or self._find_similar_codes(value))[:SUGGESTION_LIMIT]

    def _find_similar_codes(self, value: str) -> list[str]:
        names, codes = (
            index.find_similar(spelling, SUGGESTION_CUTOFF, SUGGESTION_LIMIT)
            for index, spelling in zip(self._spelling_indexes, (fold(value), value.upper()), strict=True)
        )
        nearest = sorted((*names, *codes), key=lambda match: -match[1])
        return list(dict.fromkeys(code for match, _ in nearest for code in self._phrases.get(match, (match,))))

    @cached_property
    def _spelling_indexes(self) -> tuple[SpellingIndex, SpellingIndex]:
        """The index of names and the index of codes."""
        return SpellingIndex(self._phrases), SpellingIndex(self._regions)

    def _look_up(self, table: dict[str, _T], code: str) -> _T:
        return table[self.require(code).code]


def _find_parts(codes: Iterable[str], children: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    parts: dict[str, frozenset[str]] = {}

    def find_parts_of(code: str) -> frozenset[str]:
        if code not in parts:
            inner = [find_parts_of(child) for child in children.get(code, ())]
            parts[code] = _union(inner) if code in children else frozenset((code,))
        return parts[code]

    return {code: find_parts_of(code) for code in codes}


def _group_codes_by_part(parts: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    codes_by_part: dict[str, set[str]] = {}
    for code, own_parts in parts.items():
        for part in own_parts:
            codes_by_part.setdefault(part, set()).add(code)
    return {part: frozenset(codes) for part, codes in codes_by_part.items()}


def _find_containing_codes(
    code: str, parts: dict[str, frozenset[str]], codes_by_part: dict[str, frozenset[str]], rank: dict[str, int]
) -> tuple[str, ...]:
    own_parts, own_rank = parts[code], rank[code]
    candidates = codes_by_part[next(iter(own_parts))]  # whatever contains the region contains any one of its parts
    containing = (outer for outer in candidates if rank[outer] > own_rank and own_parts <= parts[outer])
    return tuple(sorted(containing, key=rank.__getitem__))


def _union(sets: list[frozenset[str]]) -> frozenset[str]:
    return sets[0] if len(sets) == 1 else frozenset().union(*sets)  # most regions have one part and share its set


REGIONS = Regions(read_regions())
