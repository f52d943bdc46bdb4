"""Which words of two names are one word written in two ways: misspelled, cut off, joined or shortened to initials."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from rapidfuzz.distance import OSA

from directory.matching.rarity import Rarity
from directory.matching.wording import initials_of, is_like_acronym, is_number

TYPO_FROM = 5  # letters; a shorter word with one letter changed is another word: "Lisa", "Lima"
TWO_TYPOS_FROM = 8
TYPO = 0.9  # likeness of a word with a letter changed, left out, added, or two swapped
TWO_TYPOS = 0.8
CUT_OFF_FROM = 4  # letters that are left of a word: "Assoc", "Commun"
CUT_OFF = 0.8
JOINED = 0.95  # "Harbor Light" and "Harborlight"
SHORTENED = 0.9  # "ACLU" for four words of the other name
LEAST = min(TWO_TYPOS, CUT_OFF)


class Pair(Struct, frozen=True, gc=False):
    """Words of the one name that stand for words of the other; `alike` is LEAST to 1."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    alike: float


def paired(left: Sequence[str], right: Sequence[str], rarity: Rarity) -> list[Pair]:
    """The pairs among words that are not the same, likest first, no word in two of them."""
    found = [*_spellings(left, right, rarity), *_runs(left, right), *(_turned(pair) for pair in _runs(right, left))]
    found.sort(key=lambda pair: -pair.alike)
    taken: list[Pair] = []
    for pair in found:
        if not any(set(pair.left) & set(kept.left) or set(pair.right) & set(kept.right) for kept in taken):
            taken.append(pair)
    return taken


def _spellings(left: Sequence[str], right: Sequence[str], rarity: Rarity) -> Iterator[Pair]:
    for one in left:
        for other in right:
            alike = spelled_alike(one, other)
            if alike and rarity.may_be_one(one, other):
                yield Pair((one,), (other,), alike)


def spelled_alike(one: str, other: str) -> float:
    """How likely two different words are one, misspelled or cut off: 0, or LEAST to 1.

    Numbers are never alike, nor are words with another first letter: errors hardly ever touch that (Pollock and Zamora
    1984), and "Oakland" is not "Rockland".
    """
    shorter = len(one) if len(one) < len(other) else len(other)
    if shorter < CUT_OFF_FROM or one[0] != other[0] or is_number(one) or is_number(other):
        return 0.0
    if shorter >= TYPO_FROM:
        most = 2 if shorter >= TWO_TYPOS_FROM else 1
        distance = OSA.distance(one, other, score_cutoff=most)
        if distance <= most:
            return TYPO if distance == 1 else TWO_TYPOS
    return CUT_OFF if one.startswith(other) or other.startswith(one) else 0.0


def _runs(left: Sequence[str], right: Sequence[str]) -> Iterator[Pair]:
    """One word of `left` for several of `right` that follow each other."""
    for position in range(len(right) - 1):
        joined = right[position] + right[position + 1]
        for word in left:  # in the singular only its end is: "castellanosgoldfinch", "castellano goldfinch"
            if word == joined or (len(joined) >= TWO_TYPOS_FROM and spelled_alike(word, joined) == TYPO):
                yield Pair((word,), (right[position], right[position + 1]), JOINED)
    letters = initials_of(right)
    for word in left:
        if is_like_acronym(word) and word in letters:
            begin = letters.index(word)
            yield Pair((word,), tuple(right[begin : begin + len(word)]), SHORTENED)


def _turned(pair: Pair) -> Pair:
    return Pair(pair.right, pair.left, pair.alike)
