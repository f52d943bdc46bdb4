"""Blocking: find the few candidates that share rare words, a name, initials or a building, without comparing all pairs."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from pyroaring import BitMap

from directory.matching.match_record import AddressFeatures, MatchFeatures
from directory.matching.normalized_name import NormalizedName
from directory.matching.token_frequency import MisspellingIndex, TokenFrequency

MAX_FOLLOWED_ROWS = 100  # rows; a more frequent word is only used together with another word or the city
MAX_FOLLOWED_WORDS = 5  # words of a name, rarest first; the others add little
MIN_SHARED_WEIGHT = 0.6  # the share of the weight of a name's words that a candidate must have
MIN_SHARED_WEIGHT_IN_TOWN = 0.35  # in the same town: one of the names may have a gloss, a place or a misspelling more
MISSPELLED_WORD_WEIGHT = 0.8  # the share of a word's weight that a possible misspelling counts
SUFFICIENT_SHARED_WEIGHT = 0.8  # the share of the weight from which misspellings are not searched
MAX_CANDIDATES = 30
MAX_NEIGHBORS = 8  # records in one building that are all candidates; in an office tower, names must share something
END_LENGTH = 3  # letters; a typing error changes the first or the last letters of a name, not both

NO_ROWS = BitMap()


class SearchedKeys:
    """The keys that lead to records: all of them, or only those that a search will use."""

    def __init__(self) -> None:
        self._hashes: set[int] | None = None

    @property
    def is_restricted(self) -> bool:
        return self._hashes is not None

    def restrict(self, keys: Iterable[str]) -> None:
        """Select only these keys from now on."""
        self._hashes = set(map(hash, keys))

    def allow_all(self) -> None:
        self._hashes = None

    def select(self, keys: Iterable[str]) -> Iterable[int]:
        """Return the hashes of the selected keys."""
        hashes = map(hash, keys)
        return hashes if self._hashes is None else self._hashes.intersection(hashes)

    def __contains__(self, key: str) -> bool:
        return self._hashes is None or hash(key) in self._hashes


class KeyPostings:
    """Sets of rows by key, for the keys that `searched_keys` selects when they are added.

    To save memory, a key with a single row holds a plain number, because a set takes ten times as much, and keys are stored as
    their hashes. A hash collision only adds a candidate.
    """

    def __init__(self, searched_keys: SearchedKeys | None = None) -> None:
        self._searched_keys = searched_keys or SearchedKeys()
        self._rows_by_key: dict[int, int | BitMap] = {}

    def add(self, keys: Iterable[str], row: int) -> None:
        add_first = self._rows_by_key.setdefault
        for key in self._searched_keys.select(keys):
            rows = add_first(key, row)
            if rows is row:
                continue
            if isinstance(rows, BitMap):
                rows.add(row)
            elif rows != row:
                self._rows_by_key[key] = BitMap((rows, row))

    def discard(self, keys: Iterable[str], row: int) -> None:
        for key in map(hash, keys):
            rows = self._rows_by_key.get(key)
            if isinstance(rows, BitMap):
                rows.discard(row)
                if not rows:
                    del self._rows_by_key[key]
            elif rows == row:
                del self._rows_by_key[key]

    def __contains__(self, key: str) -> bool:
        return hash(key) in self._rows_by_key

    def find_rows(self, key: str) -> BitMap:
        """Return the rows with the key, possibly none. The set must not be changed."""
        rows = self._rows_by_key.get(hash(key))
        if rows is None:
            return NO_ROWS
        return rows if isinstance(rows, BitMap) else BitMap((rows,))


class BlockIndex:
    """The records of one block, by the words, names and addresses that lead to them.

    A block holds records whose registered identifiers have the same schemes. `searched_keys` selects the names and addresses.
    """

    def __init__(
        self, frequency: TokenFrequency, misspellings: MisspellingIndex, searched_keys: SearchedKeys | None = None
    ) -> None:
        self._frequency = frequency
        self._misspelling_index = misspellings  # has the words of all records of all blocks
        self._word_postings = KeyPostings()
        self._key_postings = KeyPostings(searched_keys)

    def add(self, row: int, features: MatchFeatures) -> None:
        self._word_postings.add(features.words, row)
        self._key_postings.add(_list_keys(features), row)

    def discard(self, row: int, features: MatchFeatures) -> None:
        self._word_postings.discard(features.words, row)
        self._key_postings.discard(_list_keys(features), row)

    def candidates(self, features: MatchFeatures) -> dict[int, float]:
        """Return at most MAX_CANDIDATES rows, each with the share of the name's weight that it is known to have."""
        neighbors = self._unite_rows(key for place in features.addresses for key in _list_building_keys(place))
        areas = (self._unite_rows(key for place in features.addresses for key in _list_town_keys(place)), neighbors)
        shares: dict[int, float] = {}
        for name in features.names:
            for row, share in self._find_by_name(name, areas):
                shares[row] = max(shares.get(row, 0.0), share)
        if len(neighbors) > MAX_NEIGHBORS:
            neighbors = self._unite_rows(_list_spelling_keys(features))
        for row in neighbors:
            shares.setdefault(row, MIN_SHARED_WEIGHT)
        best = sorted(shares, key=lambda row: -shares[row])[:MAX_CANDIDATES]
        return {row: shares[row] for row in best}

    def find_namesakes(self, features: MatchFeatures, limit: int) -> BitMap:
        """Return the first rows with the same main name: one more than the limit, because one may be the record itself."""
        return self._key_postings.find_rows(_letters_key(features.names[0]))[: limit + 1] if features.names else NO_ROWS

    def _find_by_name(self, name: NormalizedName, areas: Sequence[BitMap]) -> Iterator[tuple[int, float]]:
        for rows in self._find_same_letters(name):
            yield from ((row, 1.0) for row in self._limit_rows(rows, areas))
        yield from self._find_by_shared_words(name, areas)

    def _find_same_letters(self, name: NormalizedName) -> Iterator[BitMap]:
        """Yield the rows whose name has the same letters, and those where one name is the acronym of the other."""
        yield self._key_postings.find_rows(_letters_key(name))
        yield self._word_postings.find_rows(name.initials)
        if name.is_acronym:
            yield self._key_postings.find_rows(_initials_key(name.words[0]))

    def _find_by_shared_words(self, name: NormalizedName, areas: Sequence[BitMap]) -> Iterator[tuple[int, float]]:
        weights = {word: self._frequency.weight(word) for word in name.words}
        words = sorted(weights, key=lambda word: -weights[word])[:MAX_FOLLOWED_WORDS]
        whole = sum(weights[word] for word in words)
        shared: dict[int, float] = {}
        self._add_shared_words(words, weights, areas, shared)
        if max(shared.values(), default=0.0) < SUFFICIENT_SHARED_WEIGHT * whole:
            self._add_misspelled_words(words, weights, areas, shared)
        town, least, least_in_town = areas[0], MIN_SHARED_WEIGHT * whole, MIN_SHARED_WEIGHT_IN_TOWN * whole
        for row, weight in shared.items():
            if weight >= least or (weight >= least_in_town and row in town):
                yield row, weight / whole

    def _add_shared_words(
        self, words: Sequence[str], weights: dict[str, float], areas: Sequence[BitMap], shared: dict[int, float]
    ) -> None:
        """Add the weights of shared words to each row: rare words first, then pairs of frequent words."""
        frequent: list[tuple[str, BitMap]] = []
        for word in words:
            rows = self._word_postings.find_rows(word)
            if len(rows) > MAX_FOLLOWED_ROWS:
                frequent.append((word, rows))
            else:
                _add_weights(shared, rows, weights[word])
        common: set[int] = set()
        if not shared:
            for (_, first_rows), (_, second_rows) in combinations(frequent, 2):
                common.update(self._limit_rows(first_rows & second_rows, areas))
        shared.update(dict.fromkeys(common, 0.0))
        for word, rows in frequent:
            _add_weights(shared, [row for row in shared if row in rows], weights[word])

    def _add_misspelled_words(
        self, words: Iterable[str], weights: dict[str, float], areas: Sequence[BitMap], shared: dict[int, float]
    ) -> None:
        """Add the weights of words that may be misspelled, and of the other words that those rows share."""
        rows_by_word = {word: self._word_postings.find_rows(word) for word in words}
        weight_by_row: dict[int, float] = {}
        for word in words:
            for similar in self._misspelling_index.find_similar(word):
                if self._frequency.may_be_misspelling(word, similar):
                    rows = self._limit_rows(self._word_postings.find_rows(similar), areas)
                    _add_weights(weight_by_row, rows, MISSPELLED_WORD_WEIGHT * weights[word])
        for row, weight in weight_by_row.items():
            other_weight = sum(weights[word] for word, rows_with_word in rows_by_word.items() if row in rows_with_word)
            shared[row] = max(shared.get(row, 0.0), weight + other_weight)

    def _limit_rows(self, rows: BitMap, areas: Sequence[BitMap]) -> Iterable[int]:
        """Return at most MAX_FOLLOWED_ROWS rows. If there are more, prefer those in the areas, which narrow down."""
        for area in areas:
            if len(rows) <= MAX_FOLLOWED_ROWS:
                return rows
            rows = rows & area or rows
        return rows[:MAX_FOLLOWED_ROWS]

    def _unite_rows(self, keys: Iterable[str]) -> BitMap:
        found = [rows for rows in map(self._key_postings.find_rows, keys) if rows]
        return found[0] if len(found) == 1 else BitMap.union(BitMap(), *found)


def _add_weights(shared: dict[int, float], rows: Iterable[int], weight: float) -> None:
    for row in rows:
        shared[row] = shared.get(row, 0.0) + weight


def _list_keys(features: MatchFeatures) -> list[str]:
    """Return the keys of a record; those that several names or addresses have, more than once."""
    keys = [_letters_key(name) for name in features.names]
    keys += [_initials_key(initials) for name in features.names if (initials := name.initials)]
    for place in features.addresses:
        keys += _list_town_keys(place)
        keys += _list_building_keys(place)
    keys += _list_spelling_keys(features)
    return keys


def list_searched_keys(features: MatchFeatures) -> list[str]:
    """Return the keys by which a search for these features looks in a block."""
    return [*_list_keys(features), *(_initials_key(name.words[0]) for name in features.names if name.is_acronym)]


def _letters_key(name: NormalizedName) -> str:
    return f"name {''.join(name.words)}"  # ignores how the letters are split into words


def _initials_key(initials: str) -> str:
    return f"initials {initials}"


def _list_spelling_keys(features: MatchFeatures) -> Iterator[str]:
    """Yield keys that a misspelling of the main name in the same building has, too."""
    letters = "".join(features.names[0].words) if features.names else ""
    for place in features.addresses if letters else ():
        if place.street:
            door = f"{place.street.key} {place.postal_code or place.city}"
            yield f"start {letters[:END_LENGTH]} {door}"
            yield f"end {letters[-END_LENGTH:]} {door}"


def _list_town_keys(place: AddressFeatures) -> list[str]:
    keys = [f"code {place.postal_code}"] if place.postal_code else []
    return [*keys, f"city {place.city} {place.state}"] if place.city else keys


def _list_building_keys(place: AddressFeatures) -> list[str]:
    return [f"door {place.street.key} {town}" for town in _list_town_keys(place)] if place.street else []
