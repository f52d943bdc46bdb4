"""Who may be meant: the few that share rare words, a name, initials or a door with somebody, found without comparing all."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from pyroaring import BitMap

from directory.matching.postings import Postings
from directory.matching.rarity import Rarity
from directory.matching.spelling import Spelling
from directory.matching.traits import Place, Traits
from directory.matching.wording import Wording

FEW = 100  # rows; a word that more have is only followed together with another, or with the city
FOLLOWED = 5  # words of a name, rarest first; the others hardly tell anything beside these
ENOUGH = 0.6  # of the weight of a name's words, which a candidate has to share
NEAR_WEIGHT = 0.8  # of a word that a misspelled one may stand for
FULL = 0.8  # of that weight; whoever shares so much is found, and no misspelling is looked for
MOST = 30  # candidates
NEIGHBORS = 8  # parties in one house that are all looked at; in an office tower only those whose names share something


class Block:
    """Parties that bear identifiers of the same schemes, by what else they can be found by."""

    def __init__(self, rarity: Rarity) -> None:
        self._rarity = rarity
        self._words = Postings()
        self._others = Postings()
        self._spelling = Spelling()

    def add(self, row: int, party: Traits) -> None:
        words = {word for name in party.names for word in name.words}
        self._spelling.add(word for word in words if word not in self._words)
        self._words.add(words, row)
        self._others.add(_keys(party), row)

    def discard(self, row: int, party: Traits) -> None:
        self._words.discard({word for name in party.names for word in name.words}, row)
        self._others.discard(_keys(party), row)

    def near(self, party: Traits) -> dict[int, float]:
        """Rows of candidates, with the share of the name's weight that they are known to have; at most MOST."""
        doors = self._united(key for place in party.places for key in _door_keys(place))
        areas = (self._united(key for place in party.places for key in _town_keys(place)), doors)
        found: dict[int, float] = {}
        for name in party.names:
            for row, share in self._named(name, areas):
                found[row] = max(found.get(row, 0.0), share)
        for row in doors if len(doors) <= NEIGHBORS else ():
            found.setdefault(row, ENOUGH)
        best = sorted(found, key=lambda row: -found[row])[:MOST]
        return {row: found[row] for row in best}

    def _named(self, name: Wording, areas: Sequence[BitMap]) -> Iterator[tuple[int, float]]:
        for rows in self._alike(name):
            yield from ((row, 1.0) for row in self._few(rows, areas))
        yield from self._sharing(name, areas)

    def _alike(self, name: Wording) -> Iterator[BitMap]:
        """Who has the same letters, and whose acronym it is or has."""
        yield self._others.rows(_letters_key(name))
        yield self._words.rows(name.initials)
        if name.is_acronym:
            yield self._others.rows(_initials_key(name.words[0]))

    def _sharing(self, name: Wording, areas: Sequence[BitMap]) -> Iterator[tuple[int, float]]:
        weights = {word: self._rarity.weight(word) for word in name.words}
        words = sorted(weights, key=lambda word: -weights[word])[:FOLLOWED]
        whole = sum(weights[word] for word in words)
        shared: dict[int, float] = {}
        self._follow(words, weights, areas, shared)
        if max(shared.values(), default=0.0) < FULL * whole:
            self._follow_misspelled(words, weights, areas, shared)
        yield from ((row, weight / whole) for row, weight in shared.items() if weight >= ENOUGH * whole)

    def _follow(self, words: Sequence[str], weights: dict[str, float], areas: Sequence[BitMap], shared: dict[int, float]) -> None:
        """Adds up what rows share: first of words that few have, then of pairs of the others."""
        many: list[tuple[str, BitMap]] = []
        for word in words:
            rows = self._words.rows(word)
            if len(rows) > FEW:
                many.append((word, rows))
            else:
                _add(shared, rows, weights[word])
        common: set[int] = set()
        if not shared:
            for (_, ones), (_, others) in combinations(many, 2):
                common.update(self._few(ones & others, areas))
        shared.update(dict.fromkeys(common, 0.0))
        for word, rows in many:
            _add(shared, [row for row in shared if row in rows], weights[word])

    def _follow_misspelled(
        self, words: Iterable[str], weights: dict[str, float], areas: Sequence[BitMap], shared: dict[int, float]
    ) -> None:
        """Adds what rows share if a word is misspelled, and to these what they share besides."""
        followed = {word: self._words.rows(word) for word in words}
        found: dict[int, float] = {}
        for word in words:
            for near in self._spelling.near(word):
                if self._rarity.may_be_one(word, near):
                    _add(found, self._few(self._words.rows(near), areas), NEAR_WEIGHT * weights[word])
        for row, weight in found.items():
            besides = sum(weights[word] for word, rows in followed.items() if row in rows)
            shared[row] = max(shared.get(row, 0.0), weight + besides)

    def _few(self, rows: BitMap, areas: Sequence[BitMap]) -> Iterable[int]:
        """The rows where they are few; of many those in the areas, wide to narrow, and at most FEW."""
        for area in areas:
            if len(rows) <= FEW:
                return rows
            rows = rows & area or rows
        return rows[:FEW]

    def _united(self, keys: Iterable[str]) -> BitMap:
        return BitMap.union(BitMap(), *map(self._others.rows, keys))


def _add(shared: dict[int, float], rows: Iterable[int], weight: float) -> None:
    for row in rows:
        shared[row] = shared.get(row, 0.0) + weight


def _keys(party: Traits) -> set[str]:
    found = {key for name in party.names for key in _name_keys(name)}
    for place in party.places:
        found.update(_town_keys(place))
        found.update(_door_keys(place))
    return found


def _name_keys(name: Wording) -> Iterator[str]:
    yield _letters_key(name)
    if name.initials:
        yield _initials_key(name.initials)


def _letters_key(name: Wording) -> str:
    return f"name {''.join(name.words)}"  # however they are parted


def _initials_key(initials: str) -> str:
    return f"initials {initials}"


def _town_keys(place: Place) -> Iterator[str]:
    if place.postal_code:
        yield f"code {place.postal_code}"
    if place.city:
        yield f"city {place.city} {place.state}"


def _door_keys(place: Place) -> Iterator[str]:
    if place.street:
        for town in _town_keys(place):
            yield f"door {place.street.key} {town}"
