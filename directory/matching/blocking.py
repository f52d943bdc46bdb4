"""Who may be meant: the few that share rare words, a name, initials or a door with somebody, found without comparing all."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from pyroaring import BitMap

from directory.matching.match_record import AddressFeatures, MatchFeatures
from directory.matching.normalized_name import NormalizedName
from directory.matching.token_frequency import TokenFrequency
from directory.matching.token_pairs import MisspellingIndex

NO_ROWS = BitMap()


class KeyPostings:
    """Sets of rows by key. Most keys are one row's alone, which is kept as a plain number: a set takes ten times the memory.

    Keys are kept as their hashes, for the same reason. Should two ever have one, somebody is compared who need not be.
    """

    def __init__(self) -> None:
        self._rows_by_key: dict[int, int | BitMap] = {}

    def add(self, keys: Iterable[str], row: int) -> None:
        for key in map(hash, keys):
            kept = self._rows_by_key.setdefault(key, row)
            if isinstance(kept, BitMap):
                kept.add(row)
            elif kept != row:
                self._rows_by_key[key] = BitMap((kept, row))

    def discard(self, keys: Iterable[str], row: int) -> None:
        for key in map(hash, keys):
            kept = self._rows_by_key.get(key)
            if isinstance(kept, BitMap):
                kept.discard(row)
                if not kept:
                    del self._rows_by_key[key]
            elif kept == row:
                del self._rows_by_key[key]

    def __contains__(self, key: str) -> bool:
        return hash(key) in self._rows_by_key

    def find_rows(self, key: str) -> BitMap:
        """The rows with the key, not to be changed; an empty set where nobody has it."""
        kept = self._rows_by_key.get(hash(key))
        if kept is None:
            return NO_ROWS
        return kept if isinstance(kept, BitMap) else BitMap((kept,))


MAX_FOLLOWED_ROWS = 100  # rows; a word that more have is only followed together with another, or with the city
MAX_FOLLOWED_WORDS = 5  # words of a name, rarest first; the others hardly tell anything beside these
MIN_SHARED_WEIGHT = 0.6  # of the weight of a name's words, which a candidate has to share
MISSPELLED_WORD_WEIGHT = 0.8  # of a word that a misspelled one may stand for
SUFFICIENT_SHARED_WEIGHT = 0.8  # of that weight; whoever shares so much is found, and no misspelling is looked for
MAX_CANDIDATES = 30  # candidates
MAX_NEIGHBORS = 8  # parties in one house that are all looked at; in an office tower only those whose names share something


class BlockIndex:
    """Parties that bear identifiers of the same schemes, by what else they can be found by."""

    def __init__(self, frequency: TokenFrequency) -> None:
        self._rarity = frequency
        self._word_postings = KeyPostings()
        self._key_postings = KeyPostings()
        self._misspelling_index = MisspellingIndex()

    def add(self, row: int, features: MatchFeatures) -> None:
        words = {word for name in features.names for word in name.words}
        self._misspelling_index.add(word for word in words if word not in self._word_postings)
        self._word_postings.add(words, row)
        self._key_postings.add(_list_keys(features), row)

    def discard(self, row: int, features: MatchFeatures) -> None:
        self._word_postings.discard({word for name in features.names for word in name.words}, row)
        self._key_postings.discard(_list_keys(features), row)

    def candidates(self, features: MatchFeatures) -> dict[int, float]:
        """Rows of candidates, with the share of the name's weight that they are known to have; at most MOST."""
        doors = self._unite_rows(key for place in features.addresses for key in _list_building_keys(place))
        areas = (self._unite_rows(key for place in features.addresses for key in _list_town_keys(place)), doors)
        found: dict[int, float] = {}
        for name in features.names:
            for row, share in self._find_by_name(name, areas):
                found[row] = max(found.get(row, 0.0), share)
        for row in doors if len(doors) <= MAX_NEIGHBORS else ():
            found.setdefault(row, MIN_SHARED_WEIGHT)
        best = sorted(found, key=lambda row: -found[row])[:MAX_CANDIDATES]
        return {row: found[row] for row in best}

    def _find_by_name(self, name: NormalizedName, areas: Sequence[BitMap]) -> Iterator[tuple[int, float]]:
        for rows in self._find_same_letters(name):
            yield from ((row, 1.0) for row in self._limit_rows(rows, areas))
        yield from self._find_by_shared_words(name, areas)

    def _find_same_letters(self, name: NormalizedName) -> Iterator[BitMap]:
        """Who has the same letters, and whose acronym it is or has."""
        yield self._key_postings.find_rows(_letters_key(name))
        yield self._word_postings.find_rows(name.initials)
        if name.is_acronym:
            yield self._key_postings.find_rows(_initials_key(name.words[0]))

    def _find_by_shared_words(self, name: NormalizedName, areas: Sequence[BitMap]) -> Iterator[tuple[int, float]]:
        weights = {word: self._rarity.weight(word) for word in name.words}
        words = sorted(weights, key=lambda word: -weights[word])[:MAX_FOLLOWED_WORDS]
        whole = sum(weights[word] for word in words)
        shared: dict[int, float] = {}
        self._add_shared_words(words, weights, areas, shared)
        if max(shared.values(), default=0.0) < SUFFICIENT_SHARED_WEIGHT * whole:
            self._add_misspelled_words(words, weights, areas, shared)
        yield from ((row, weight / whole) for row, weight in shared.items() if weight >= MIN_SHARED_WEIGHT * whole)

    def _add_shared_words(
        self, words: Sequence[str], weights: dict[str, float], areas: Sequence[BitMap], shared: dict[int, float]
    ) -> None:
        """Adds up what rows share: first of words that few have, then of pairs of the others."""
        many: list[tuple[str, BitMap]] = []
        for word in words:
            rows = self._word_postings.find_rows(word)
            if len(rows) > MAX_FOLLOWED_ROWS:
                many.append((word, rows))
            else:
                _add_weights(shared, rows, weights[word])
        common: set[int] = set()
        if not shared:
            for (_, ones), (_, others) in combinations(many, 2):
                common.update(self._limit_rows(ones & others, areas))
        shared.update(dict.fromkeys(common, 0.0))
        for word, rows in many:
            _add_weights(shared, [row for row in shared if row in rows], weights[word])

    def _add_misspelled_words(
        self, words: Iterable[str], weights: dict[str, float], areas: Sequence[BitMap], shared: dict[int, float]
    ) -> None:
        """Adds what rows share if a word is misspelled, and to these what they share besides."""
        followed = {word: self._word_postings.find_rows(word) for word in words}
        found: dict[int, float] = {}
        for word in words:
            for near in self._misspelling_index.find_similar(word):
                if self._rarity.may_be_misspelling(word, near):
                    _add_weights(
                        found,
                        self._limit_rows(self._word_postings.find_rows(near), areas),
                        MISSPELLED_WORD_WEIGHT * weights[word],
                    )
        for row, weight in found.items():
            besides = sum(weights[word] for word, rows in followed.items() if row in rows)
            shared[row] = max(shared.get(row, 0.0), weight + besides)

    def _limit_rows(self, rows: BitMap, areas: Sequence[BitMap]) -> Iterable[int]:
        """The rows where they are few; of many those in the areas, wide to narrow, and at most FEW."""
        for area in areas:
            if len(rows) <= MAX_FOLLOWED_ROWS:
                return rows
            rows = rows & area or rows
        return rows[:MAX_FOLLOWED_ROWS]

    def _unite_rows(self, keys: Iterable[str]) -> BitMap:
        return BitMap.union(BitMap(), *map(self._key_postings.find_rows, keys))


def _add_weights(shared: dict[int, float], rows: Iterable[int], weight: float) -> None:
    for row in rows:
        shared[row] = shared.get(row, 0.0) + weight


def _list_keys(features: MatchFeatures) -> set[str]:
    found = {key for name in features.names for key in _list_name_keys(name)}
    for place in features.addresses:
        found.update(_list_town_keys(place))
        found.update(_list_building_keys(place))
    return found


def _list_name_keys(name: NormalizedName) -> Iterator[str]:
    yield _letters_key(name)
    if name.initials:
        yield _initials_key(name.initials)


def _letters_key(name: NormalizedName) -> str:
    return f"name {''.join(name.words)}"  # however they are parted


def _initials_key(initials: str) -> str:
    return f"initials {initials}"


def _list_town_keys(place: AddressFeatures) -> Iterator[str]:
    if place.postal_code:
        yield f"code {place.postal_code}"
    if place.city:
        yield f"city {place.city} {place.state}"


def _list_building_keys(place: AddressFeatures) -> Iterator[str]:
    if place.street:
        for town in _list_town_keys(place):
            yield f"door {place.street.key} {town}"
