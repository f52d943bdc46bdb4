"""Look up what a phrase in running text means as a place: regions, cities, ZIP codes, neighborhoods, names without borders."""

import re
from collections.abc import Iterator
from enum import Enum
from functools import cache

from msgspec import Struct
from rapidfuzz.distance import OSA

from directory.errors import AmbiguousPlace, UnknownPlace
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place, load_state_names, make_key_from_folded, make_place_key
from directory.text import fold
from directory.understanding.function_words import ALL_DETERMINERS, PLACE_WORDS, STATE_ABBREVIATIONS, STOP_WORDS, PhraseTable
from directory.understanding.places.regions import PlaceOrRegion, get_place_or_region, is_in_united_states, is_large
from directory.understanding.sentence import Sentence
from directory.vocabulary.informal_names import AMBIGUOUS_NAMES, APPROXIMATE_NAMES, NEIGHBORHOODS
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import ORDINARY_WORDS, REGIONS

MIN_POSTAL_CODES_BEFORE_COUNTRY = 10  # a smaller city does not come before a country of the same name
LIKELY_RATIO = 2  # postal codes: a city this many times larger than its namesakes is likely meant
STATE_ABBREVIATION_LENGTH = 2
MAX_PLACE_WORDS = 7  # words, as in "San Luis Obispo County", before the name of its state
MAX_CANDIDATES = 6
MAX_MISSPELLED_WORDS = 3  # in the name of a place

_INFORMAL_KINDS = (RegionKind.CUSTOM, RegionKind.METRO_AREA, RegionKind.TRIBAL_AREA)
_POSTAL_CODE = re.compile(r"\d{5}(-\d{4})?", re.ASCII)


class PlaceReading(Enum):
    """How a name was read, where this must be said."""

    APPROXIMATE = "approximate"  # a name without a list of counties, read as its states
    DISPUTED = "disputed"  # people draw the region in several ways; read as the widest list that a source gives
    NEIGHBORHOOD = "neighborhood"  # read as its city
    LIKELIEST = "likeliest"  # read as the largest of several places
    MISSPELLED = "misspelled"  # read as a city of the same state whose name is one typo away


class PlaceMeaning(Struct, frozen=True):
    """What a phrase means: one of `places`. If it may mean several things, `places` is empty and `candidates` lists them."""

    places: tuple[PlaceOrRegion, ...] = ()
    candidates: tuple[PlaceOrRegion, ...] = ()
    reading: PlaceReading | None = None
    others: tuple[PlaceOrRegion, ...] = ()  # less likely: towns named like a region, or the state of a city: "New York"
    has_state: bool = False  # the phrase itself names the state: "Springfield, IL"

    @property
    def place(self) -> PlaceOrRegion:
        """The first place or candidate."""
        return (self.places or self.candidates)[0]

    @property
    def may_name_theme(self) -> bool:
        """Whether the name may also stand for what happens there: "Rikers", "Standing Rock". Names of cities do not."""
        is_informal = isinstance(self.place, str) and REGIONS.require(self.place).kind in _INFORMAL_KINDS
        return is_informal or self.reading in (PlaceReading.APPROXIMATE, PlaceReading.NEIGHBORHOOD)


class PlaceMatch(Struct, frozen=True):
    """A phrase of a sentence that means a place: its length in tokens and its meaning."""

    length: int
    name: str  # folded
    meaning: PlaceMeaning


def match_place(sentence: Sentence, at: int) -> PlaceMatch | None:
    """Return the longest phrase at a token that means a place, None if there is none. Articles belong to names: "El Paso"."""
    if at not in sentence.place_matches:
        sentence.place_matches[at] = _match_place(sentence, at)
    return sentence.place_matches[at]  # type: ignore[no-any-return]


def _match_place(sentence: Sentence, at: int) -> PlaceMatch | None:
    if _POSTAL_CODE.fullmatch(sentence.tokens[at].text):
        return _match_postal_code(sentence.tokens[at].text)
    for length, folded, has_state in _iter_place_phrases(sentence, at):
        is_code = len(folded) <= STATE_ABBREVIATION_LENGTH and not _is_state_code(sentence, at, length)
        meaning = None if is_code else _find_known_meaning(sentence, folded, has_state)
        if meaning is not None and _may_be_corrected_to(sentence, at, length, meaning):
            return PlaceMatch(length, folded, meaning)
    return None


def _is_state_code(sentence: Sentence, at: int, length: int) -> bool:
    """Whether two letters are a state: in capitals, or last and not a small word: "tenants tx", not "housing OR tenants"."""
    text, is_last = sentence.text_at(at, length), at + length == len(sentence)
    is_word = text.lower() in STOP_WORDS
    may_be_word = is_word and not is_last and at > 0 and sentence.word_at(at - 1) not in PLACE_WORDS.meanings
    return (text.isupper() and not may_be_word) or (is_last and not is_word)


def _may_be_corrected_to(sentence: Sentence, at: int, length: int, meaning: PlaceMeaning) -> bool:
    """Whether the words were typed, or are a correction to a place that most people know, or to one of several places."""
    is_corrected = any(token.is_corrected for token in sentence.tokens[at : at + length])
    return not is_corrected or meaning.has_state or bool(meaning.candidates) or is_large(meaning.place)


def match_place_after_article(sentence: Sentence, at: int) -> tuple[int, PlaceMatch | None]:
    """Return the place at a token, or the one after an article if it reaches further, with the number of tokens left out."""
    match = match_place(sentence, at)
    if sentence.word_at(at) in ALL_DETERMINERS and at + 1 < len(sentence):
        other = match_place(sentence, at + 1)
        if other and (match is None or other.length + 1 > match.length):
            return 1, other
    return 0, match


def _match_postal_code(text: str) -> PlaceMatch | None:
    place = get_gazetteer().find_postal_code(text)
    return PlaceMatch(1, text, PlaceMeaning((place,))) if place else None


def _iter_place_phrases(sentence: Sentence, at: int) -> Iterator[tuple[int, str, bool]]:
    """Yield phrases that may be places, longest first: length, folded phrase, whether it ends in a state."""
    token = sentence.tokens[at]
    longest = get_place_names().max_words_by_first_word.get(make_key_from_folded(token.first_word), 0)
    phrases: list[tuple[int, str, bool]] = []
    for length, folded in sentence.iter_phrases(at, min(longest, MAX_PLACE_WORDS)):
        if make_key_from_folded(folded) in get_place_names().meanings:
            state_length, state = match_state(sentence, at + length)
            if state_length:
                phrases.append((length + state_length, f"{folded} {state}", True))
            phrases.append((length, folded, False))
    return iter(sorted(phrases, key=lambda phrase: -phrase[0]))


def match_state(sentence: Sentence, at: int) -> tuple[int, str]:
    """Return the length and the name of the state at a position; (0, "") if there is none. "in", "or" and "me" are words."""
    if at >= len(sentence) or sentence.tokens[at].is_quoted:
        return 0, ""
    for length, folded in sentence.iter_phrases(at, 3):
        name = STATE_ABBREVIATIONS.get(folded, folded)
        is_word = length == 1 and folded in STOP_WORDS and not sentence.tokens[at].text.isupper()
        if name in load_state_names() and not is_word:
            return length, name
    return 0, ""


def _find_known_meaning(sentence: Sentence, folded: str, has_state: bool) -> PlaceMeaning | None:
    if folded not in sentence.place_meanings:
        sentence.place_meanings[folded] = _find_meaning(folded, has_state)
    return sentence.place_meanings[folded]  # type: ignore[no-any-return]


def _find_meaning(folded: str, has_state: bool) -> PlaceMeaning | None:
    if folded in AMBIGUOUS_NAMES:
        return PlaceMeaning(candidates=tuple(map(get_place_or_region, AMBIGUOUS_NAMES[folded])))
    if folded in APPROXIMATE_NAMES:
        return PlaceMeaning(APPROXIMATE_NAMES[folded], reading=PlaceReading.APPROXIMATE)
    if folded in NEIGHBORHOODS:
        city = get_place_or_region(NEIGHBORHOODS[folded])
        return PlaceMeaning((city,), reading=PlaceReading.NEIGHBORHOOD, others=_list_towns(folded))
    return _find_known_place(folded, has_state)


def _find_known_place(folded: str, has_state: bool) -> PlaceMeaning | None:
    try:
        place_id = get_gazetteer().find_exact_id(folded)
    except AmbiguousPlace:
        if foreign_code := _find_foreign_code(folded):
            return PlaceMeaning((foreign_code,))
        ids = get_gazetteer().find_exact_ids(folded)[:MAX_CANDIDATES]
        return _choose_candidate(tuple(dict.fromkeys(map(_get_full_place, ids))))
    if place_id is None and has_state:
        return _find_similar_in_state(folded)
    place = None if place_id is None else _get_full_place(place_id)
    foreign_code = _find_foreign_code(folded)
    if foreign_code and not (isinstance(place, Place) and place.postal_codes >= MIN_POSTAL_CODES_BEFORE_COUNTRY):
        return PlaceMeaning((foreign_code,))
    if place is None or (has_state and _is_state_list(place, folded)):
        return None
    if isinstance(place, str):
        region = REGIONS.require(place)
        others = _list_towns(folded) if region.kind in _INFORMAL_KINDS else ()
        return PlaceMeaning((place,), reading=PlaceReading.DISPUTED if region.is_disputed else None, others=others)
    state = load_state_names().get(folded)
    return PlaceMeaning((place,), has_state=has_state, others=(state,) if state else ())


def _get_full_place(place_id: str) -> PlaceOrRegion:
    """Return a place by its id; the city if its name is abbreviated: Atlanta for "Atl"."""
    place = get_place_or_region(place_id)
    return get_gazetteer().find_full_name(place) if isinstance(place, Place) else place


def _list_towns(folded: str) -> tuple[PlaceOrRegion, ...]:
    return get_gazetteer().list_cities_named(folded)[:MAX_CANDIDATES]


def _choose_candidate(candidates: tuple[PlaceOrRegion, ...]) -> PlaceMeaning:
    """Return the first of several places, which is the largest, if none of the others is nearly as likely, else all of them."""
    first, others = candidates[0], candidates[1:]
    if isinstance(first, Place) and others and not any(_is_as_likely(other, first) for other in others):
        return PlaceMeaning((first,), reading=PlaceReading.LIKELIEST, others=others)
    return PlaceMeaning(candidates=candidates)


def _is_as_likely(other: PlaceOrRegion, first: Place) -> bool:
    """Whether a place is about as large as the first one, and has its name from the post if the first one has."""
    if not isinstance(other, Place):
        return True
    is_postal_name = get_gazetteer().is_primary_name(other) or not get_gazetteer().is_primary_name(first)
    return is_postal_name and first.postal_codes < LIKELY_RATIO * max(other.postal_codes, 1)


def _find_similar_in_state(folded: str) -> PlaceMeaning | None:
    """Return the city one typo away from a name with its state: "pittsburg pa"."""
    try:
        return PlaceMeaning((get_gazetteer().resolve(folded),), has_state=True)
    except AmbiguousPlace:
        return None
    except UnknownPlace as refusal:
        similar = (name for name in refusal.suggestions if OSA.distance(folded, make_place_key(name), score_cutoff=1) <= 1)
        name = next(similar, None)
        reading = PlaceReading.MISSPELLED
        return PlaceMeaning((get_gazetteer().resolve(name),), reading=reading, has_state=True) if name else None


def _is_state_list(place: PlaceOrRegion, folded: str) -> bool:
    """Whether the name is more likely two states: "Florida, New York", not "Washington, DC"."""
    return isinstance(place, Place) and not is_large(place) and fold(place.city or "") in load_state_names()


def _find_foreign_code(folded: str) -> str | None:
    codes = REGIONS.phrases().get(folded, ())
    return codes[0] if codes and not is_in_united_states(codes[0]) else None


@cache
def get_place_names() -> PhraseTable[None]:
    """Return the keys of all names that `match_place` can look up."""
    names = [*get_gazetteer().list_names(), *map(make_key_from_folded, REGIONS.phrases()), *load_state_names(), *ORDINARY_WORDS]
    names += [make_key_from_folded(name) for table in (AMBIGUOUS_NAMES, APPROXIMATE_NAMES, NEIGHBORHOODS) for name in table]
    return PhraseTable(dict.fromkeys(name for name in names if name))


def suggest_places(words: str) -> tuple[PlaceOrRegion, ...]:
    """Return the places spelled like the first words, nearest first; () if there are none. Takes milliseconds."""
    word_list = words.split()[:MAX_MISSPELLED_WORDS]
    for length in range(len(word_list), 0, -1):
        try:
            get_gazetteer().resolve(" ".join(word_list[:length]))
        except UnknownPlace as refusal:
            if names := refusal.params["suggestions"]:
                return tuple(get_place_or_region(get_gazetteer().resolve(name).id) for name in names)  # type: ignore[attr-defined]
        except AmbiguousPlace:
            continue
    return ()
