"""Correct typos in a sentence, against the words of the vocabularies, of places and of the names of organizations."""

from collections.abc import Container, Iterator, Mapping
from functools import cache
from typing import Protocol

from msgspec import Struct
from rapidfuzz.distance import OSA

from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import load_state_names
from directory.text import fold
from directory.understanding.function_words import (
    LANGUAGES,
    STOP_WORDS,
    list_small_words,
    load_ordinary_words,
)
from directory.understanding.places.phrases import get_place_names, match_state
from directory.understanding.record_phrases import RecordPhrases
from directory.understanding.sentence import Sentence
from directory.understanding.terms.meanings import is_known_word, list_written_words
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.spelling_index import SpellingIndex

MIN_WORD_LENGTH = 4  # letters; in a word of four only two letters may be swapped, as one typo is too often another word
LONG_WORD_LENGTH = 9  # letters; a word as long may have two typos
MIN_RATIO = 75  # rapidfuzz ratio, 0 to 100; what two swapped letters leave of a word of four
CANDIDATE_LIMIT = 8
MAX_CORRECTIONS = 4  # of a sentence
PHRASE_WEIGHT = 20  # postal codes: the size of the city that counts as much as a word of a phrase
SMALL_WORD_WEIGHT = 40  # "grops" are groups
MAX_CITY_WORDS = 3  # words of a city's name before a misspelt state
METROPOLIS_POSTAL_CODES = 50  # standard postal codes
MIN_CITY_POSTAL_CODES = 3  # standard postal codes of the cities whose names correct typos
SAME_SOUNDS = ({"b", "v"}, {"s", "c"}, {"s", "z"}, {"c", "k"}, {"g", "j"}, {"f", "p"}, {"i", "y"})  # first letters
PLACE_KINDS = (RegionKind.STATE, RegionKind.CUSTOM, RegionKind.CENSUS_REGION)


class DirectoryWords(Protocol):
    """What one audience's records say about words. All words are folded."""

    @property
    def record_phrases(self) -> RecordPhrases:
        """The phrases that name coalitions and provisions."""

    def is_name(self, words: str) -> bool:
        """Return whether these words are the name, acronym or former name of an organization."""

    def has_word(self, word: str) -> bool:
        """Return whether a record contains the word."""

    def find_name_word(self, word: str) -> str | None:
        """Return the word of an organization's name that is one typo away, None if there is none."""


class WordCorrection(Struct, frozen=True):
    """A word of a sentence that is read as another one."""

    position: int
    original: str
    replacement: str  # as it is written, with accents
    is_name: bool = False  # whether it is a word of an organization's name


def find_corrections(
    sentence: Sentence, language: str, words: DirectoryWords | None, uncorrected: Container[str] = ()
) -> Iterator[WordCorrection]:
    """Yield the words that are not known as anything, with the most similar word of the language, of a place or of a name.

    `uncorrected`: words, as typed, to leave as they are.
    """
    typed = [at for at, token in enumerate(sentence.tokens) if token.text not in uncorrected]
    places = {at: place for at in typed if (place := _find_metropolis(sentence, at) or _find_state_of_city(sentence, at))}
    unknown = [at for at in typed if at not in places and _may_be_typo(sentence.word_at(at), language, words)]
    for at in [*places, *unknown][:MAX_CORRECTIONS]:
        token = sentence.tokens[at]
        similar = places.get(at) or _find_similar(token.word, language)
        replacement = similar or (words.find_name_word(token.word) if words else None)
        if replacement:
            written = replacement.capitalize() if token.text[0].isupper() else replacement
            yield WordCorrection(at, token.text, written, is_name=similar is None)


def _may_be_typo(word: str, language: str, words: DirectoryWords | None) -> bool:
    """Whether a folded word occurs nowhere: not in a phrase, a place, an ordinary text of the language or a record."""
    if len(word) < MIN_WORD_LENGTH or not word.isalpha() or word in _list_known_words(language) or is_known_word(word):
        return False
    return words is None or not words.has_word(word)


@cache
def _list_known_words(language: str) -> frozenset[str]:
    places = frozenset(word for name in get_place_names().meanings for word in name.split())
    return places.union(load_ordinary_words(language), *(list_small_words(other) for other in LANGUAGES))


def _find_metropolis(sentence: Sentence, at: int) -> str | None:
    """Return the very large city that is meant by the name of a tiny town one typo away, unless its state follows: "Huston"."""
    word = sentence.word_at(at)
    is_tiny = word in _list_tiny_towns() and len(word) > MIN_WORD_LENGTH
    if not is_tiny or is_known_word(word) or word in REGIONS.phrases() or match_state(sentence, at + 1)[0]:
        return None
    similar = (city for city in _list_metropolises() if OSA.distance(word, city, score_cutoff=1) == 1)
    return next((city for city in similar if city[0] == word[0]), None)


def _find_state_of_city(sentence: Sentence, at: int) -> str | None:
    """Return the state that is meant by a word one typo away, if a city of this state stands before it: "portland mane"."""
    word = sentence.word_at(at)
    if at == 0 or len(word) < MIN_WORD_LENGTH or word in STOP_WORDS or word in load_state_names():
        return None
    similar = (state for state in _list_states_by_letter().get(word[0], ()) if OSA.distance(word, state, score_cutoff=1) == 1)
    return next((state for state in similar if _follows_city(sentence, at, load_state_names()[state])), None)


@cache
def _list_states_by_letter() -> Mapping[str, list[str]]:
    """Return the folded names of states, without abbreviations, by their first letter."""
    names = [name for name in load_state_names() if len(name) >= MIN_WORD_LENGTH]
    return {letter: [name for name in names if name[0] == letter] for letter in {name[0] for name in names}}


def _follows_city(sentence: Sentence, at: int, state: str) -> bool:
    names = (" ".join(token.word for token in sentence.tokens[start:at]) for start in range(max(0, at - MAX_CITY_WORDS), at))
    return any(name and get_gazetteer().find_city(name, state) is not None for name in names)


@cache
def _list_tiny_towns() -> frozenset[str]:
    """Return the names of towns with one postal code at most that are not the name of another town."""
    codes_by_name: dict[str, int] = {}
    for name, postal_codes in get_gazetteer().iter_city_sizes():
        codes_by_name[name] = codes_by_name.get(name, 0) + max(postal_codes, 1)
    return frozenset(fold(name) for name, codes in codes_by_name.items() if codes == 1)


@cache
def _list_metropolises() -> tuple[str, ...]:
    """Return the names of very large cities, largest first."""
    sizes = sorted(get_gazetteer().iter_city_sizes(), key=lambda city: -city[1])
    return tuple(fold(name) for name, postal_codes in sizes if postal_codes >= METROPOLIS_POSTAL_CODES)


def _find_similar(word: str, language: str) -> str | None:
    """Return the known word that is the fewest typos away: one, or two in a long word. None if there is none.

    Two swapped letters are likelier than a wrong one.
    """
    limit = 2 if len(word) >= LONG_WORD_LENGTH else 1
    weights, matches = _weigh_words(language), get_spelling_index(language).find_similar(word, MIN_RATIO, limit=CANDIDATE_LIMIT)
    typos = [
        (OSA.distance(word, other, score_cutoff=limit), sorted(word) != sorted(other), -weights[other], -ratio, other)
        for other, ratio in matches
    ]
    best = min((key for key in typos if key[0] <= limit and _may_be_meant(word, key[-1])), default=None)
    return list_written_words(language).get(best[-1], best[-1]) if best else None


def _may_be_meant(word: str, other: str) -> bool:
    """Whether a word may be a typo of another one. Hardly anyone gets the first letter wrong, unless it sounds the same."""
    same_start = word[0] == other[0] or {word[0], other[0]} in SAME_SOUNDS
    return same_start and (len(word) > MIN_WORD_LENGTH or sorted(word) == sorted(other))


@cache
def get_spelling_index(language: str) -> SpellingIndex:
    """Return the words that typos are corrected to in a sentence of a language."""
    return SpellingIndex(sorted(_weigh_words(language)))


@cache
def _weigh_words(language: str) -> Mapping[str, int]:
    """Return the small words, and those of phrases, of larger cities, of states and of known regions, with the weight of each.

    The weight of a city is the number of its postal codes. If two words are as similar, the one with the larger weight is meant.
    """
    weights = dict.fromkeys(list_written_words(language), PHRASE_WEIGHT)
    weights |= dict.fromkeys(list_small_words(language), SMALL_WORD_WEIGHT)
    for region in REGIONS:
        if region.kind in PLACE_KINDS:
            weights |= dict.fromkeys(fold(f"{region.name} {region.name_es or ''}").split(), PHRASE_WEIGHT)
    for name, postal_codes in get_gazetteer().iter_city_sizes():
        if postal_codes >= MIN_CITY_POSTAL_CODES:
            for word in fold(name).split():
                weights[word] = max(weights.get(word, 0), postal_codes)
    return {word: weight for word, weight in weights.items() if len(word) >= MIN_WORD_LENGTH and word.isalpha()}
