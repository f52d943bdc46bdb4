"""Regions of the world and how they lie in each other: country > Census region > division > state > county, and custom ones.

Every region is a set of parts that no other region divides: counties in the United States, states in Canada and Mexico,
whole countries elsewhere. One region contains another when its parts include the other's; two overlap when they share one.
Puerto Rico, Guam and the other US territories are countries in ISO 3166-1 as well: here they are states of the United
States ("US-PR"), as organizations there count themselves in a US network, and have no second entry ("PR").
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

HOME_COUNTRY = "US"  # where a name means several regions, those of this country come first
SUGGESTION_LIMIT = 5
MAX_ECHO_LENGTH = 80  # characters of what was typed that a sentence repeats
MAX_SUGGESTION_QUERY_LENGTH = 80  # characters; a longer value is no misspelling of a region or place
SUGGESTION_CUTOFF = 75  # rapidfuzz's ratio, 0 to 100; below it, codes share little but their length
# In running text these say a direction or a landscape far more often than a region; `find` knows them all the same.
ORDINARY_WORDS = frozenset({"us", "south", "west", "mountain", "pacific", "sur", "oeste", "montanas", "pacifico"})
_KINDS_BY_PRIORITY = (
    RegionKind.STATE,
    RegionKind.COUNTRY,
    RegionKind.CENSUS_REGION,
    RegionKind.CENSUS_DIVISION,
    RegionKind.CUSTOM,
    RegionKind.COUNTY,
)
_KINDS_BY_BREADTH = (
    RegionKind.COUNTY,
    RegionKind.STATE,
    RegionKind.CUSTOM,
    RegionKind.CENSUS_DIVISION,
    RegionKind.CENSUS_REGION,
    RegionKind.COUNTRY,
)


class Regions:
    """An immutable set of regions. Raises ValueError when the entries contradict themselves."""

    def __init__(self, entries: Iterable[RegionRow]) -> None:
        self._regions: dict[str, Region] = {}
        children: dict[str, list[str]] = {}
        for entry in entries:
            self._add(entry, children)
        self._refuse_unknown_references(children)
        parts = _find_parts(self._regions, children)
        rank = {code: position for position, code in enumerate(sorted(parts, key=lambda code: self._breadth_key(code, parts)))}
        holders = _find_holders(parts)
        self._outer_codes = {code: _find_containing_codes(code, own, holders, rank) for code, own in parts.items()}
        self._overlaps_by_code = {code: _union([holders[part] for part in own]) for code, own in parts.items()}
        self._inner_codes = self._invert_containment()
        self._refuse_duplicates(parts)

    def _add(self, entry: RegionRow, children: dict[str, list[str]]) -> None:
        code = entry.region.code
        if code in self._regions:
            raise ValueError(f"The region {code} is there twice.")
        if entry.parent is not None:
            children.setdefault(entry.parent, []).append(code)
        if entry.members:
            children[code] = list(entry.members)
        self._regions[code] = entry.region

    def _refuse_unknown_references(self, children: dict[str, list[str]]) -> None:
        named = {*children, *(child for members in children.values() for child in members)}
        strangers = sorted(named - self._regions.keys())
        if strangers:
            raise ValueError(f"Named as a parent or member, but not there: {', '.join(strangers)}.")

    def _breadth_key(self, code: str, parts: dict[str, frozenset[str]]) -> tuple[int, int, str]:
        return len(parts[code]), _KINDS_BY_BREADTH.index(self._regions[code].kind), code

    def _invert_containment(self) -> dict[str, tuple[str, ...]]:
        inner: dict[str, list[str]] = {code: [] for code in self._regions}
        for code, outer in self._outer_codes.items():
            for one in outer:
                inner[one].append(code)
        return {code: tuple(codes) for code, codes in inner.items()}

    def _refuse_duplicates(self, parts: dict[str, frozenset[str]]) -> None:
        seen: dict[tuple[RegionKind, frozenset[str]], str] = {}
        for code, own in parts.items():
            twin = seen.setdefault((self._regions[code].kind, own), code)
            if twin != code:
                raise ValueError(f"The regions {twin} and {code} are the same territory. Make one an alias of the other.")

    def prepare(self) -> None:
        """Builds the tables that are otherwise built when first needed."""
        _ = self._phrases, self._codes_by_letters, self._spelling_indexes

    def __iter__(self) -> Iterator[Region]:
        return iter(self._regions.values())

    def __len__(self) -> int:
        return len(self._regions)

    def __contains__(self, code: object) -> bool:
        return code in self._regions

    def get(self, code: str) -> Region | None:
        """The region of exactly this code, None when there is none."""
        return self._regions.get(code)

    def require(self, code: str) -> Region:
        """The region of this code; UnknownRegion with suggestions when there is none. A name is no code but suggests its own."""
        region = self._regions.get(code)
        if region is None:
            raise UnknownRegion(
                f"There is no region with the code {code[:MAX_ECHO_LENGTH]!r}.",
                suggest=partial(self._suggest_codes, code),
                advice="Ask for regions to see the codes.",
                value=code,
            )
        return region

    def list_of_kind(self, kind: RegionKind) -> tuple[Region, ...]:
        return tuple(region for region in self if region.kind is kind)

    def containing_codes(self, code: str) -> tuple[str, ...]:
        """Codes of all regions that contain it, narrowest first, itself not among them. UnknownRegion.

        Of two regions with the same territory (DC as a state and as a county) the broader kind contains the other.
        """
        return self._look_up(self._outer_codes, code)

    def contained_codes(self, code: str, kind: RegionKind | None = None) -> tuple[str, ...]:
        """Codes of all regions it contains, of one kind if given, itself not among them. UnknownRegion."""
        inner = self._look_up(self._inner_codes, code)
        return inner if kind is None else tuple(one for one in inner if self._regions[one].kind is kind)

    def covers(self, outer: str, inner: str) -> bool:
        """Whether `outer` contains `inner` or is it. UnknownRegion for either."""
        self.require(outer)
        return outer in self._look_up(self._outer_codes, inner) or outer == inner

    def overlaps(self, one: str, other: str) -> bool:
        """Whether they share any territory. UnknownRegion for either."""
        self.require(one)
        return one in self._look_up(self._overlaps_by_code, other)

    def overlapping_codes(self, code: str) -> frozenset[str]:
        """Codes of all regions that share any territory with it, itself among them. UnknownRegion."""
        return self._look_up(self._overlaps_by_code, code)

    def get_country_code(self, code: str) -> str:
        """The code of the country it lies in; its own for a country. UnknownRegion."""
        return next(one for one in (code, *self.containing_codes(code)) if self._regions[one].kind is RegionKind.COUNTRY)

    def find(self, words: str) -> tuple[Region, ...]:
        """Regions of exactly this name, alias, code or state's letters, however spelt; foremost first; () when none.

        Regions of the United States come before others: "Georgia" and "CA" are states first, then countries.
        """
        key = fold(words)
        codes = {*self.phrases().get(key, ()), *self._codes_by_letters.get(key, ())}
        return tuple(self._regions[code] for code in sorted(codes, key=self._priority_key))

    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """Folded names and aliases to codes, foremost first, for finding regions in running text.

        Counties also with their state ("fulton county ga", "fulton county georgia"). Not codes and letters ("in", "or",
        "me" are words), nor ORDINARY_WORDS.
        """
        return self._phrases

    @cached_property
    def _phrases(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, set[str]] = {}
        for code, names in self._names_by_code.items():
            for phrase in names:
                found.setdefault(phrase, set()).add(code)
        return MappingProxyType(
            {phrase: self._sort_by_priority(codes) for phrase, codes in found.items() if phrase not in ORDINARY_WORDS}
        )

    @cached_property
    def _codes_by_letters(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, set[str]] = {}
        for region in self:
            keys = {fold(region.code)}
            if region.kind is RegionKind.STATE:
                keys.add(fold(region.code.partition("-")[2]))
            keys.update(name for name in self._names_by_code[region.code] if name not in self._phrases)
            for key in keys:
                found.setdefault(key, set()).add(region.code)
        return {key: tuple(codes) for key, codes in found.items()}

    @cached_property
    def _names_by_code(self) -> dict[str, list[str]]:
        """By code, folded; a state comes before its counties."""
        found: dict[str, list[str]] = {}
        for region in self:
            names = [fold(name) for name in (region.name, region.name_es, *region.aliases) if name]
            if region.kind is RegionKind.COUNTY:
                state = region.code.rpartition("-")[0]
                endings = (state.partition("-")[2].lower(), found[state][0])
                names += [f"{name} {ending}" for name in names for ending in endings]
            found[region.code] = names
        return found

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
        named = [region.code for region in self.find(value)]
        return (named or self._find_similar_codes(value))[:SUGGESTION_LIMIT]

    def _find_similar_codes(self, value: str) -> list[str]:
        names, codes = (
            index.find_similar(written, SUGGESTION_CUTOFF, SUGGESTION_LIMIT)
            for index, written in zip(self._spelling_indexes, (fold(value), value.upper()), strict=True)
        )
        nearest = sorted((*names, *codes), key=lambda match: -match[1])
        return list(dict.fromkeys(code for match, _ in nearest for code in self._phrases.get(match, (match,))))

    @cached_property
    def _spelling_indexes(self) -> tuple[SpellingIndex, SpellingIndex]:
        """Of names and of codes."""
        return SpellingIndex(self._phrases), SpellingIndex(self._regions)

    def _look_up(self, table: dict[str, _T], code: str) -> _T:
        return table[self.require(code).code]


def _find_parts(codes: Iterable[str], children: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}

    def of(code: str) -> frozenset[str]:
        if code not in found:
            found[code] = _union([of(child) for child in children[code]]) if code in children else frozenset((code,))
        return found[code]

    return {code: of(code) for code in codes}


def _find_holders(parts: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    holders: dict[str, set[str]] = {}
    for code, own in parts.items():
        for part in own:
            holders.setdefault(part, set()).add(code)
    return {part: frozenset(codes) for part, codes in holders.items()}


def _find_containing_codes(
    code: str, own: frozenset[str], holders: dict[str, frozenset[str]], rank: dict[str, int]
) -> tuple[str, ...]:
    outer = frozenset.intersection(*(holders[part] for part in own))
    return tuple(sorted((one for one in outer if rank[one] > rank[code]), key=rank.__getitem__))


def _union(sets: list[frozenset[str]]) -> frozenset[str]:
    return sets[0] if len(sets) == 1 else frozenset().union(*sets)  # most regions are one part: they share its set


REGIONS = Regions(read_regions())
