"""How much a word, a telephone number or a domain tells: the fewer have it, the more."""

from collections.abc import Iterable
from math import log

from directory.matching.normalized_name import parse_name_variants
from directory.matching.word_lists import WORD_SHARES

PRIOR_NAMES = 2000  # names that the built-in shares count for: more than a small network, much less than a nation's list
UNLISTED_SHARE = 0.0002  # of names, for a word that is not built in
GENERIC_SHARE = 0.1  # of names; a word of so many tells next to nothing: "foundation" among grantmakers
MISSPELLING_RATIO = 20.0  # times as common as a misspelling of it is a word that is misspelled again and again
MIN_WEIGHT = 0.05  # of such a word, as "Foundation" and "Association" are two words all the same

_LOG_SPAN = log(GENERIC_SHARE / UNLISTED_SHARE)


class TokenFrequency:
    """Counts over the parties of an index, blended with what is generally known of names; good from the first party on."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._name_count = 0
        self._count_by_word: dict[str, int] = {}
        self._sharers_by_key: dict[str, int] = {}
        for name in names:
            self.count({word for made in parse_name_variants(name) for word in made.words}, ())

    def count(self, words: Iterable[str], keys: Iterable[str], step: int = 1) -> None:
        """Takes in a party with these distinct words and keys (telephone numbers, domains); with -1 takes it out."""
        self._name_count += step
        for counts, counted in ((self._count_by_word, words), (self._sharers_by_key, keys)):
            for one in counted:
                counts[one] = counts.get(one, 0) + step
                if not counts[one]:
                    del counts[one]

    def weight(self, word: str) -> float:
        """From LEAST_WEIGHT, for a word that every tenth name has, to 1, for one that hardly any has: its inverse document
        frequency, scaled."""
        share = self._blended_count(word) / (self._name_count + PRIOR_NAMES)
        return min(max(log(GENERIC_SHARE / share) / _LOG_SPAN, MIN_WEIGHT), 1.0)

    def is_known_word(self, word: str) -> bool:
        """Whether it is a word on its own, and no misspelling, as several names have it or it is built in."""
        return self._count_by_word.get(word, 0) > 1 or word in WORD_SHARES

    def may_be_misspelling(self, word: str, other: str) -> bool:
        """Whether one of two words that are spelled alike may be the other misspelled.

        That is one that is not known, or as rare beside the other as errors are.
        """
        rarer, commoner = sorted((word, other), key=self._blended_count)
        if rarer in WORD_SHARES:
            return False
        return not self.is_known_word(rarer) or self._blended_count(commoner) >= MISSPELLING_RATIO * self._blended_count(rarer)

    def _blended_count(self, word: str) -> float:
        # the first name with a word is that of the party itself, and does not make it more common
        return max(self._count_by_word.get(word, 0) - 1, 0) + PRIOR_NAMES * WORD_SHARES.get(word, UNLISTED_SHARE)

    def count_sharers(self, key: str) -> int:
        """How many parties have the telephone number or domain."""
        return self._sharers_by_key.get(key, 0)
