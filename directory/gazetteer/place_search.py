"""Decide which place a name means.

A place is dominant if it has at least DOMINANCE_RATIO times as many standard postal codes as the next one of the same name:
Atlanta is in Georgia, Springfield is ambiguous. Between kinds: a dominant city with at least LARGE_CITY codes comes before a
region of its name ("New York", "Washington"), and a region comes before a smaller city ("Georgia" is the state, not the town
in Vermont). The name of a county includes "County" ("Fulton County").
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Collection, Container, Iterator
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from directory.errors import AmbiguousPlace, UnknownPlace
from directory.gazetteer.place import (
    MAX_STATE_WORDS,
    is_abbreviation,
    load_state_names,
    make_key_from_folded,
    make_place_key,
    parse_postal_code,
    split_name_and_state,
)
from directory.gazetteer.postal_codes import PostalCodes
from directory.vocabulary.region_files import DATA, Region, RegionKind
from directory.vocabulary.regions import HOME_COUNTRY, MAX_ECHO_LENGTH, MAX_SUGGESTION_QUERY_LENGTH, REGIONS
from directory.vocabulary.spelling_index import SpellingIndex

DOMINANCE_RATIO = 4
LARGE_CITY = 10  # standard postal codes
CANDIDATE_LIMIT = 6
SUGGESTION_LIMIT = 3
SUGGESTION_CUTOFF = 84  # rapidfuzz ratio, 0 to 100: one wrong letter in six
_MAX_CHARACTER = "\U0010ffff"
_POSTAL_CODE_PREFIX = re.compile(r"\s*\d{2,4}\s*", re.ASCII)
_ID_PREFIXES = {RegionKind.STATE: "state", RegionKind.COUNTY: "county"}


class PlaceSearch:
    """Finds the ids of places by their names."""

    def __init__(self, codes: PostalCodes, count_region_postal_codes: Callable[[Region], int]) -> None:
        """`count_region_postal_codes` returns the number of standard postal codes in a region."""
        self._codes = codes
        self._count_region_postal_codes = count_region_postal_codes

    def prepare(self) -> None:
        """Build the tables that are otherwise built on first use."""
        _ = self._primary_name_tables, self._spelling_index, self._spelling_index_by_state

    def resolve_id(self, words: str) -> str:
        """Return the id of the place that a name means. Raises UnknownPlace or AmbiguousPlace."""
        groups = [group for group in self._group_candidates(words) if group]
        if not groups:
            raise self.build_unknown_error(words)
        first = groups[0]
        if self._is_town_named_like_foreign_region(first[0], words):
            raise self._build_foreign_region_error(words, first)
        if not self._is_dominant(first):
            raise self._build_ambiguous_error(words, first)
        return first[0]

    def _is_town_named_like_foreign_region(self, id_: str, words: str) -> bool:
        # "Mexico" must not mean a village in Missouri. Foreign regions are regions, but have no place in the gazetteer.
        return id_.startswith("city:") and self._count_postal_codes(id_) < LARGE_CITY and bool(REGIONS.find(words))

    def list_names(self) -> Collection[str]:
        """Return the keys of the names of all cities and regions."""
        return self._ids_by_name.keys()

    def find_exact_ids(self, words: str) -> list[str]:
        """Return the ids of all places with this name, code, or name and state, most likely first."""
        return [id_ for group in self._group_candidates(words) for id_ in group]

    def suggest_ids(self, words: str, limit: int) -> list[str]:
        """Return the ids of places for an incomplete input: exact names first, then names that start with it.

        An alternative postal name of a city must be typed in full. A postal abbreviation is used only if nothing else matches.
        """
        exact_ids = self.find_exact_ids(words)
        full_name_ids = [id_ for id_ in exact_ids if not self._is_abbreviated(id_)]
        return list(dict.fromkeys([*full_name_ids, *self._find_by_prefix(words, limit)])) or exact_ids

    def _find_by_prefix(self, words: str, limit: int) -> list[str]:
        """Return the ids of places whose code, name, or name and state starts like this, largest first."""
        if _POSTAL_CODE_PREFIX.fullmatch(words):
            return self._find_postal_codes_by_prefix(words.strip(), limit)
        key = make_place_key(words)
        if not key:
            return []
        names, ranks, ids_by_size, rank_by_id = self._primary_name_tables
        matches = np.unique(ranks[bisect_left(names, key) : bisect_left(names, key + _MAX_CHARACTER)])[:limit].tolist()
        matches += [rank_by_id[id_] for id_ in self._find_cities_by_state_prefix(key) if id_ in rank_by_id]
        return [ids_by_size[rank] for rank in sorted(set(matches))[:limit]]

    @cached_property
    def _primary_name_tables(self) -> tuple[list[str], NDArray[np.int64], list[str], dict[str, int]]:
        """The sorted primary names of places, the rank by size of the place of each, the ids by rank, and the rank of each id."""
        pairs = sorted((name, id_) for name, ids in self._ids_by_name.items() for id_ in set(ids) if self.is_primary_name(id_))
        ids_by_size = sorted({id_ for _, id_ in pairs}, key=self._sort_key)
        rank_by_id = {id_: rank for rank, id_ in enumerate(ids_by_size)}
        return [name for name, _ in pairs], np.array([rank_by_id[id_] for _, id_ in pairs], np.int64), ids_by_size, rank_by_id

    def is_primary_name(self, id_: str) -> bool:
        """Whether the place of this id has its name from the post, not one that the post only accepts."""
        return not id_.startswith("city:") or self._codes.cities.is_primary_name(id_.removeprefix("city:"))

    def _is_abbreviated(self, id_: str) -> bool:
        return self.find_full_name(id_) is not None

    def find_full_name(self, id_: str) -> str | None:
        """Return the id of the city whose name this one abbreviates: that of Atlanta for "Atl". None if it abbreviates none."""
        if self.is_primary_name(id_):
            return None
        key = id_.removeprefix("city:")
        state, name = key[:5], key[6:]
        primary = self._codes.get_city(int(self._codes.cities[key].rows[0]))
        full_name = make_place_key(primary.name)
        is_full = primary.state == state and is_abbreviation(name.split(), full_name.split())
        return f"city:{state}:{full_name}" if is_full and f"{state}:{full_name}" in self._codes.cities else None

    def _group_candidates(self, words: str) -> list[list[str]]:
        """Return candidates in groups, most likely group first."""
        digits = parse_postal_code(words)
        if digits:
            return [[f"zip:{digits}"] if self._codes.find_row(int(digits)) is not None else []]
        key = make_place_key(words)
        cities = sorted(self._find_cities(key), key=self._sort_key)
        regions = dict.fromkeys([*self._find_home_regions(words), *self._ids_by_name.get(key, ())])
        counties = sorted((id_ for id_ in regions if id_.startswith("county:")), key=self._sort_key)
        others = [[id_] for id_ in regions if not id_.startswith(("county:", "city:"))]
        if cities and self._count_postal_codes(cities[0]) >= LARGE_CITY and self._is_dominant(cities):
            return [cities[:1], *others, counties, cities[1:]]
        return [*others, counties, cities]

    def _find_home_regions(self, words: str) -> list[str]:
        return [_make_region_id(region) for region in REGIONS.find(words) if _is_home(region.code)]

    def _find_cities(self, key: str) -> set[str]:
        ids = {id_ for id_ in self._ids_by_name.get(key, ()) if id_.startswith("city:")}
        for name, state in split_name_and_state(key):
            city_key = f"{state}:{name}"
            if city_key in self._codes.cities:
                ids.add(f"city:{city_key}")
            ids.update(id_ for id_ in self._ids_by_alias.get(name, ()) if id_.startswith(f"city:{state}:"))
        return ids

    def _find_cities_by_state_prefix(self, key: str) -> Iterator[str]:
        words = key.split()
        for cut in range(max(1, len(words) - MAX_STATE_WORDS), len(words)):
            name, prefix = " ".join(words[:cut]), " ".join(words[cut:])
            states = [state for phrase, state in load_state_names().items() if phrase.startswith(prefix)]
            yield from (f"city:{state}:{name}" for state in states if f"{state}:{name}" in self._codes.cities)

    def _find_postal_codes_by_prefix(self, digits: str, limit: int) -> list[str]:
        codes, width = self._codes.codes, 10 ** (5 - len(digits))
        start, end = (bisect_left(codes, bound) for bound in (int(digits) * width, (int(digits) + 1) * width))
        rows = sorted(range(start, end), key=lambda row: not self._codes.standards[row])[:limit]
        return [f"zip:{codes[row]:05}" for row in rows]

    def _sort_key(self, id_: str) -> tuple[int, bool, str]:
        return -self._count_postal_codes(id_), not self.is_primary_name(id_), id_

    def _count_postal_codes(self, id_: str) -> int:
        kind, _, key = id_.partition(":")
        if kind == "city":
            return self._codes.cities.count_standard(key)
        return 0 if kind == "zip" else self._count_region_postal_codes(REGIONS.require(key))

    def _is_dominant(self, ids: list[str]) -> bool:
        """Whether the first of the places, sorted by size, is dominant."""
        return len(ids) == 1 or self._count_postal_codes(ids[0]) >= DOMINANCE_RATIO * max(1, self._count_postal_codes(ids[1]))

    @cached_property
    def _ids_by_name(self) -> dict[str, list[str]]:
        ids_by_name: dict[str, list[str]] = {}
        for key in self._codes.cities:
            ids_by_name.setdefault(key[6:], []).append(f"city:{key}")
        home_codes = (HOME_COUNTRY, *REGIONS.contained_codes(HOME_COUNTRY))
        region_ids = {code: _make_region_id(REGIONS.require(code)) for code in home_codes}
        for phrase, codes in REGIONS.phrases().items():
            if home_ids := [region_ids[code] for code in codes if code in region_ids]:
                ids_by_name.setdefault(make_key_from_folded(phrase), []).extend(home_ids)
        for alias, ids in self._ids_by_alias.items():
            ids_by_name.setdefault(alias, []).extend(ids)
        return ids_by_name

    @cached_property
    def _ids_by_alias(self) -> dict[str, list[str]]:
        return load_city_aliases(DATA / "city_aliases.toml", self._codes.cities)

    def _format_name(self, id_: str) -> str:
        kind, _, key = id_.partition(":")
        if kind == "city":
            city = self._codes.cities[key]
            return f"{city.name}, {city.state[3:]}"
        return REGIONS.require(key).label()

    def _build_ambiguous_error(self, words: str, ids: list[str]) -> AmbiguousPlace:
        sentence = f"There are {len(ids)} places called {_shorten(words)!r}."
        candidates = self._list_candidates(ids)
        return AmbiguousPlace(f"{sentence} Add the state, for example {candidates[0]!r}.", value=words, candidates=candidates)

    def _build_foreign_region_error(self, words: str, ids: list[str]) -> AmbiguousPlace:
        sentence = f"{_shorten(words)!r} is a region outside the United States and cannot be used as a place."
        candidates = self._list_candidates(ids)
        return AmbiguousPlace(f"{sentence} For the city, write {candidates[0]!r}.", value=words, candidates=candidates)

    def _list_candidates(self, ids: list[str]) -> list[str]:
        return [self._format_name(id_) for id_ in ids[:CANDIDATE_LIMIT]]

    def build_unknown_error(self, words: str) -> UnknownPlace:
        """Return the error for a name that no place has, with similar names as suggestions."""
        return UnknownPlace(
            f"There is no place called {_shorten(words)!r}.",
            suggest=partial(self._suggest_names, words),
            advice="Give a city with its state, a county or a ZIP code.",
            value=words,
        )

    def _suggest_names(self, words: str) -> list[str]:
        key = make_place_key(words) if len(words) <= MAX_SUGGESTION_QUERY_LENGTH else ""
        return [self._format_name(id_) for id_ in dict.fromkeys(self._find_similar_ids(key))][:SUGGESTION_LIMIT] if key else []

    def _find_similar_ids(self, key: str) -> Iterator[str]:
        """Yield ids of places with similar names. If the name includes a state, its cities come first."""
        for name, state in split_name_and_state(key):
            if state in self._spelling_index_by_state:
                yield from (f"city:{state}:{city}" for city in _find_similar_names(name, self._spelling_index_by_state[state]))
        yield from (min(self._ids_by_name[name], key=self._sort_key) for name in _find_similar_names(key, self._spelling_index))

    @cached_property
    def _spelling_index(self) -> SpellingIndex:
        return SpellingIndex(self._ids_by_name)

    @cached_property
    def _spelling_index_by_state(self) -> dict[str, SpellingIndex]:
        """The names of cities, by state."""
        names_by_state: dict[str, list[str]] = {}
        for key in self._codes.cities:
            names_by_state.setdefault(key[:5], []).append(key[6:])
        return {state: SpellingIndex(names) for state, names in names_by_state.items()}


def load_city_aliases(path: Path, cities: Container[str]) -> dict[str, list[str]]:
    """Return the ids of cities by the keys of their aliases. `cities` has the keys of all cities, like "US-GA:atlanta".

    Raises ValueError for a city that does not exist, with the names of the file, the city and its aliases.
    """
    ids_by_alias: dict[str, list[str]] = {}
    for name, aliases in tomllib.loads(path.read_text(encoding="utf-8")).items():
        city, _, letters = name.rpartition(", ")
        key = f"US-{letters}:{make_place_key(city)}"
        if key not in cities:
            raise ValueError(
                f'{path.name}: there is no city "{name}", which has the aliases {aliases}. Write city and state as the post does.'
            )
        for alias in aliases:
            ids_by_alias.setdefault(make_place_key(alias), []).append(f"city:{key}")
    return ids_by_alias


def _find_similar_names(name: str, spelling_index: SpellingIndex) -> list[str]:
    matches = spelling_index.find_similar(name, SUGGESTION_CUTOFF)
    return [similar for similar, _ in sorted(matches, key=lambda match: (-match[1], match[0]))]


def _shorten(words: str) -> str:
    return words.strip()[:MAX_ECHO_LENGTH]


def _is_home(code: str) -> bool:
    return REGIONS.covers(HOME_COUNTRY, code)


def _make_region_id(region: Region) -> str:
    return f"{_ID_PREFIXES.get(region.kind, 'region')}:{region.code}"
