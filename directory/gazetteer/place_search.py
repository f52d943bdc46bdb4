"""Which place a name means.

Among places of one name one is foremost when it has at least FOREMOST_RATIO times as many standard postal codes as the next:
Atlanta is in Georgia, Springfield is ambiguous. Between kinds: a foremost city of LARGE_CITY codes and more comes before a
region of its name ("New York", "Washington"), any region before a smaller city ("Georgia" is the state, not the town in
Vermont). A county is named with its word ("Fulton County").
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from directory.errors import AmbiguousPlace, UnknownPlace
from directory.gazetteer.place import folded_key, place_key
from directory.gazetteer.postal_codes import PostalCodes
from directory.vocabulary.region_files import DATA, Region, RegionKind
from directory.vocabulary.regions import HOME_COUNTRY, MAX_ECHO_LENGTH, MAX_SUGGESTION_QUERY_LENGTH, REGIONS
from directory.vocabulary.spelling_index import SpellingIndex

FOREMOST_RATIO = 4
LARGE_CITY = 10  # standard postal codes
CANDIDATE_LIMIT = 6
SUGGESTION_LIMIT = 3
MAX_STATE_WORDS = 6  # words; no state's name has more
SUGGESTION_CUTOFF = 84  # rapidfuzz's ratio: one wrong letter in six
_POSTAL_CODE = re.compile(r"\s*(\d{5})(?:-\d{4})?\s*", re.ASCII)
_MAX_CHARACTER = "\U0010ffff"
_POSTAL_CODE_PREFIX = re.compile(r"\s*\d{2,4}\s*", re.ASCII)
_KINDS = {RegionKind.STATE: "state", RegionKind.COUNTY: "county"}


def parse_postal_code(words: str) -> str | None:
    """The five digits of a ZIP or ZIP+4, None for anything else."""
    match = _POSTAL_CODE.fullmatch(words)
    return match[1] if match else None


class PlaceSearch:
    """From words to ids of places. `size` tells how many standard postal codes a region has."""

    def __init__(self, codes: PostalCodes, size: Callable[[Region], int]) -> None:
        self._codes = codes
        self._count_region_postal_codes = size

    def prepare(self) -> None:
        """Builds the tables that are otherwise built when first needed."""
        _ = self._primary_name_tables, self._spelling_index, self._spelling_index_by_state

    def resolve_id(self, words: str) -> str:
        """The id of the one place that is meant. UnknownPlace, AmbiguousPlace."""
        groups = [group for group in self._group_candidates(words) if group]
        if not groups:
            raise self.build_unknown_error(words)
        first = groups[0]
        if self._is_town_named_like_foreign_region(first[0], words):
            raise self._build_foreign_region_error(words, first)
        if not self._is_foremost(first):
            raise self._build_ambiguous_error(words, first)
        return first[0]

    def _is_town_named_like_foreign_region(self, id_: str, words: str) -> bool:
        # "Mexico" is not taken for a village in Missouri; regions abroad are found as regions, and have no place here.
        return id_.startswith("city:") and self._count_postal_codes(id_) < LARGE_CITY and bool(REGIONS.find(words))

    def find_exact_ids(self, words: str) -> list[str]:
        """Ids of all places of this name, code or name with state, foremost first."""
        return [one for group in self._group_candidates(words) for one in group]

    def suggest_ids(self, words: str, limit: int) -> list[str]:
        """Ids of places for words that somebody still types: those of exactly this name, then those that begin with it.

        The post's other names of a city are found by the whole name alone, its abbreviations only where there is nothing else.
        """
        named = self.find_exact_ids(words)
        exact = [one for one in named if not self._is_abbreviated(one)]
        return list(dict.fromkeys([*exact, *self._find_by_prefix(words, limit)])) or named

    def _find_by_prefix(self, words: str, limit: int) -> list[str]:
        """Ids of places whose name, or name and state, or code begins like this, the largest first."""
        if _POSTAL_CODE_PREFIX.fullmatch(words):
            return self._find_postal_codes_by_prefix(words.strip(), limit)
        key = place_key(words)
        if not key:
            return []
        names, places, by_size, positions = self._primary_name_tables
        begun = np.unique(places[bisect_left(names, key) : bisect_left(names, key + _MAX_CHARACTER)])[:limit].tolist()
        begun += [positions[one] for one in self._find_cities_by_state_prefix(key) if one in positions]
        return [by_size[position] for position in sorted(set(begun))[:limit]]

    @cached_property
    def _primary_name_tables(self) -> tuple[list[str], NDArray[np.int64], list[str], dict[str, int]]:
        """All names that are first names of places, sorted; beside each its place, as a position among all by size; these; and
        the position of each.
        """
        named = sorted((name, one) for name, ids in self._ids_by_name.items() for one in set(ids) if self._is_primary_name(one))
        by_size = sorted({one for _, one in named}, key=self._sort_key)
        positions = {one: position for position, one in enumerate(by_size)}
        return [name for name, _ in named], np.array([positions[one] for _, one in named], np.int64), by_size, positions

    def _is_primary_name(self, id_: str) -> bool:
        return not id_.startswith("city:") or self._codes.cities.is_primary_name(id_.removeprefix("city:"))

    def _is_abbreviated(self, id_: str) -> bool:
        if self._is_primary_name(id_):
            return False
        key = id_.removeprefix("city:")
        others = self._codes.cities.find_by_rows(self._codes.cities[key].rows)
        return any(_is_abbreviation(key[6:].split(), place_key(other.name).split()) for other in others if other.state == key[:5])

    def _group_candidates(self, words: str) -> list[list[str]]:
        """Candidates in groups; whatever is in an earlier group is meant before all in a later one."""
        digits = parse_postal_code(words)
        if digits:
            return [[f"zip:{digits}"] if self._codes.find_row(int(digits)) is not None else []]
        key = place_key(words)
        cities = sorted(self._find_cities(key), key=self._sort_key)
        regions = dict.fromkeys([*self._find_home_regions(words), *self._ids_by_name.get(key, ())])
        counties = sorted((one for one in regions if one.startswith("county:")), key=self._sort_key)
        others = [[one] for one in regions if not one.startswith(("county:", "city:"))]
        if cities and self._count_postal_codes(cities[0]) >= LARGE_CITY and self._is_foremost(cities):
            return [cities[:1], *others, counties, cities[1:]]
        return [*others, counties, cities]

    def _find_home_regions(self, words: str) -> list[str]:
        return [_make_region_id(region) for region in REGIONS.find(words) if _is_home(region.code)]

    def _find_cities(self, key: str) -> set[str]:
        named = {one for one in self._ids_by_name.get(key, ()) if one.startswith("city:")}
        for name, state in _split_name_and_state(key):
            found = f"{state}:{name}"
            if found in self._codes.cities:
                named.add(f"city:{found}")
            named.update(one for one in self._ids_by_alias.get(name, ()) if one.startswith(f"city:{state}:"))
        return named

    def _find_cities_by_state_prefix(self, key: str) -> Iterator[str]:
        words = key.split()
        for cut in range(max(1, len(words) - MAX_STATE_WORDS), len(words)):
            name, begun = " ".join(words[:cut]), " ".join(words[cut:])
            states = [state for phrase, state in _load_state_names().items() if phrase.startswith(begun)]
            yield from (f"city:{state}:{name}" for state in states if f"{state}:{name}" in self._codes.cities)

    def _find_postal_codes_by_prefix(self, digits: str, limit: int) -> list[str]:
        codes, wide = self._codes.codes, 10 ** (5 - len(digits))
        first, end = (bisect_left(codes, bound) for bound in (int(digits) * wide, (int(digits) + 1) * wide))
        rows = sorted(range(first, end), key=lambda row: not self._codes.standards[row])[:limit]
        return [f"zip:{codes[row]:05}" for row in rows]

    def _sort_key(self, id_: str) -> tuple[int, str]:
        return -self._count_postal_codes(id_), id_

    def _count_postal_codes(self, id_: str) -> int:
        kind, _, key = id_.partition(":")
        if kind == "city":
            return self._codes.cities.count_standard(key)
        return 0 if kind == "zip" else self._count_region_postal_codes(REGIONS.require(key))

    def _is_foremost(self, ids: list[str]) -> bool:
        return len(ids) == 1 or self._count_postal_codes(ids[0]) >= FOREMOST_RATIO * max(1, self._count_postal_codes(ids[1]))

    @cached_property
    def _ids_by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key in self._codes.cities:
            found.setdefault(key[6:], []).append(f"city:{key}")
        ids = {code: _make_region_id(REGIONS.require(code)) for code in (HOME_COUNTRY, *REGIONS.contained_codes(HOME_COUNTRY))}
        for phrase, codes in REGIONS.phrases().items():
            if at_home := [ids[code] for code in codes if code in ids]:
                found.setdefault(folded_key(phrase), []).extend(at_home)
        for alias, named in self._ids_by_alias.items():
            found.setdefault(alias, []).extend(named)
        return found

    @cached_property
    def _ids_by_alias(self) -> dict[str, list[str]]:
        table = tomllib.loads((DATA / "city_aliases.toml").read_text(encoding="utf-8"))
        found: dict[str, list[str]] = {}
        for name, aliases in table.items():
            city, _, letters = name.rpartition(", ")
            for alias in aliases:
                found.setdefault(place_key(alias), []).append(f"city:US-{letters}:{place_key(city)}")
        return found

    def _format_name(self, id_: str) -> str:
        kind, _, key = id_.partition(":")
        if kind == "city":
            city = self._codes.cities[key]
            return f"{city.name}, {city.state[3:]}"
        return REGIONS.require(key).label()

    def _build_ambiguous_error(self, words: str, ids: list[str]) -> AmbiguousPlace:
        candidates = [self._format_name(one) for one in ids[:CANDIDATE_LIMIT]]
        sentence = f"There are {len(ids)} places called {_shorten(words)!r}. Add the state, for example {candidates[0]!r}."
        return AmbiguousPlace(sentence, value=words, candidates=candidates)

    def _build_foreign_region_error(self, words: str, ids: list[str]) -> AmbiguousPlace:
        candidates = [self._format_name(one) for one in ids[:CANDIDATE_LIMIT]]
        sentence = f"{_shorten(words)!r} is a region abroad, which has no place here. For the city write {candidates[0]!r}."
        return AmbiguousPlace(sentence, value=words, candidates=candidates)

    def build_unknown_error(self, words: str) -> UnknownPlace:
        """The refusal of words that no place is called by, with those that are spelled almost like it."""
        return UnknownPlace(
            f"No place called {_shorten(words)!r} is known.",
            suggest=partial(self._suggest_names, words),
            advice="Give a city with its state, a county or a ZIP code.",
            value=words,
        )

    def _suggest_names(self, words: str) -> list[str]:
        key = place_key(words) if len(words) <= MAX_SUGGESTION_QUERY_LENGTH else ""
        return [self._format_name(one) for one in dict.fromkeys(self._find_similar_ids(key))][:SUGGESTION_LIMIT] if key else []

    def _find_similar_ids(self, key: str) -> Iterator[str]:
        """Where a state is given too, its cities first."""
        for name, state in _split_name_and_state(key):
            if state in self._spelling_index_by_state:
                yield from (f"city:{state}:{city}" for city in _find_similar_names(name, self._spelling_index_by_state[state]))
        yield from (min(self._ids_by_name[name], key=self._sort_key) for name in _find_similar_names(key, self._spelling_index))

    @cached_property
    def _spelling_index(self) -> SpellingIndex:
        return SpellingIndex(self._ids_by_name)

    @cached_property
    def _spelling_index_by_state(self) -> dict[str, SpellingIndex]:
        """Of the cities of each state."""
        names: dict[str, list[str]] = {}
        for key in self._codes.cities:
            names.setdefault(key[:5], []).append(key[6:])
        return {state: SpellingIndex(cities) for state, cities in names.items()}


def _find_similar_names(name: str, spellings: SpellingIndex) -> list[str]:
    near = spellings.find_similar(name, SUGGESTION_CUTOFF)
    return [found for found, _ in sorted(near, key=lambda one: (-one[1], one[0]))]


def _is_abbreviation(short: list[str], long: list[str]) -> bool:
    """Whether each word is the other's, or leaves out letters behind its first: "atlantic bch"."""
    return (
        short != long and len(short) == len(long) and all(_is_word_abbreviation(*pair) for pair in zip(short, long, strict=True))
    )


def _is_word_abbreviation(short: str, long: str) -> bool:
    left = iter(long[1:])
    return short[0] == long[0] and all(letter in left for letter in short[1:])


def _shorten(words: str) -> str:
    return words.strip()[:MAX_ECHO_LENGTH]


def _is_home(code: str) -> bool:
    return REGIONS.covers(HOME_COUNTRY, code)


def _make_region_id(region: Region) -> str:
    return f"{_KINDS.get(region.kind, 'region')}:{region.code}"


@lru_cache(maxsize=1)
def _load_state_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for region in REGIONS.list_of_kind(RegionKind.STATE):
        if region.code.startswith("US-"):
            names = (region.code[3:], region.name, region.name_es or region.name)
            found.update({place_key(name): region.code for name in names})
    return found


def _split_name_and_state(key: str) -> Iterator[tuple[str, str]]:
    """Every way to read the key as a name and a state: "atlanta ga" as ("atlanta", "US-GA")."""
    states, words = _load_state_names(), key.split()
    for cut in range(max(1, len(words) - MAX_STATE_WORDS), len(words)):
        state = states.get(" ".join(words[cut:]))
        if state:
            yield " ".join(words[:cut]), state
