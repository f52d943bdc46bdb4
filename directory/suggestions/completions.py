"""Complete a sentence whose last words are the start of a name. Each completion leads to what `understand` reads in it."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, islice, zip_longest

from msgspec import Struct
from msgspec.structs import replace

from directory.question import QUERY_LIMIT
from directory.search.snapshot import Snapshot
from directory.suggestions.places import MIN_COUNTRY_LENGTH, MIN_PLACE_LENGTH, complete_after_article, complete_places
from directory.suggestions.suggestion import FACET_KINDS, KIND_FACETS, Suggestion
from directory.suggestions.terms import complete_terms
from directory.text import fold
from directory.understanding.function_words import (
    DETERMINERS,
    EXCLUSIONS,
    LANGUAGES,
    PLACE_WORDS,
    STOP_WORDS,
    Excludable,
    PlaceRelation,
    list_small_words,
)
from directory.understanding.places.regions import find_narrowest_region, is_county, is_large
from directory.understanding.sentence import Sentence
from directory.understanding.spelling import find_corrections
from directory.understanding.understand import Understanding, decide_language, understand
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

MAX_TAILS = 3  # ways to divide a sentence that are tried: before the last three, two and one words
MAX_COMPLETIONS = 5
MAX_READINGS = 6  # completed sentences that are read; some of them do not mean what they should
MIN_TAIL_LENGTH = 2  # letters: one letter is the start of too many names
MIN_BARE_PLACE_LENGTH = 3  # letters of a place without a word such as "near" before it
MAX_PLACE_WORDS = 4  # words of a phrase such as "with an office in"
OPEN_PLACE_WORDS = frozenset(("in", "en", "de", "del"))  # a theme may follow them: "experts in housing"
ORIGIN_WORDS = frozenset(("from", "de", "del"))  # people say after them which country they are from
FACETS_BY_ARTICLE = {  # after other determiners such as "my" no term follows
    **dict.fromkeys(("the", "these", "those"), ("communities",)),
    **dict.fromkeys(("el", "la", "los", "las"), tuple(FACET_KINDS)),
}
STATE_PATTERNS = {"en": "{} State", "es": "el estado de {}"}  # for a state that has the name of a city


class _Gap(Struct, frozen=True):
    """What may follow the first words of a sentence."""

    facets: tuple[str, ...]  # whose terms may follow
    follows_article: bool  # "the": of places only regions such as the South may follow
    follows_place_word: bool  # "near": small places and counties may follow too, and places come first
    min_country_length: int


def suggest_completions(snapshot: Snapshot, words: str, first: int) -> list[Suggestion]:
    """Return at most `first` and MAX_COMPLETIONS suggestions that complete a sentence; [] if there are none.

    The longest end that starts a name is completed, unless it is a small word such as "us". Nothing is completed if all words
    before it are unknown. A completion is left out if its name is not read as what it stands for, or does not change the search.
    """
    sentence = Sentence(words)
    language = decide_language(sentence)
    for cut in range(max(1, len(sentence) - MAX_TAILS), len(sentence)):
        tokens = sentence.tokens[cut:]
        tail = words[tokens[0].start :].strip()
        if len(tail) < MIN_TAIL_LENGTH or (fold(tail) in STOP_WORDS and not tail.istitle()):
            continue
        gap = _find_gap([token.word for token in sentence.tokens[:cut]], language)
        names = list(islice(_list_names(snapshot, gap, tail, language), MAX_READINGS))
        if names:
            start = understand(words[: tokens[0].start].rstrip(), snapshot)
            if _is_start_understood(start) and (
                completions := list(islice(_complete(snapshot, start, names), min(first, MAX_COMPLETIONS)))
            ):
                return completions
    return []


def _find_gap(words: list[str], language: str) -> _Gap:
    """Decide from folded words of a language what may follow them.

    A theme follows an article in Spanish, where most themes have one, but not in English: nobody asks for "the policing".
    """
    determiner = words[-1] if words[-1] in DETERMINERS[language] else ""
    before = words[:-1] if determiner else words
    relation = _match_place_words(before)
    facets = tuple(FACET_KINDS)
    if (relation and determiner) or (relation and relation is not PlaceRelation.SERVING and before[-1] not in OPEN_PLACE_WORDS):
        facets = ()
    elif determiner:
        facets = FACETS_BY_ARTICLE.get(determiner, ())
    min_country_length = MIN_PLACE_LENGTH if words[-1] in ORIGIN_WORDS else MIN_COUNTRY_LENGTH
    return _Gap(facets, bool(determiner), relation is not None, min_country_length)


def _match_place_words(words: list[str]) -> PlaceRelation | None:
    """Return the relation of the words to a place after them; None if they do not end with a word like "near"."""
    for start in range(max(0, len(words) - MAX_PLACE_WORDS), len(words)):
        phrase = " ".join(words[start:])
        if phrase in PLACE_WORDS.meanings:
            return PLACE_WORDS.meanings[phrase]
        if EXCLUSIONS.meanings.get(phrase) is Excludable.PLACE:
            return PlaceRelation.IN
    return None


def _list_names(snapshot: Snapshot, gap: _Gap, tail: str, language: str) -> Iterator[tuple[str, Suggestion]]:
    """Yield names that start with the words, and what they stand for: one of each kind in turn, or places first."""
    folded = fold(tail)
    groups: list[Iterable[tuple[str, Suggestion]]] = [
        complete_terms(snapshot, facet, FACET_KINDS[facet], folded, language) for facet in gap.facets
    ]
    places = (
        complete_after_article(tail, MAX_READINGS, language)
        if gap.follows_article
        else complete_places(tail, MAX_READINGS, gap.min_country_length, language)
    )
    if folded.partition(" ")[0] in DETERMINERS[language]:  # "the South" is completed after "the"
        places = [(name, place) for name, place in places if fold(name).startswith(folded)]
    if gap.follows_place_word:
        yield from places
    elif len(folded) >= MIN_BARE_PLACE_LENGTH:
        groups.append((name, place) for name, place in places if _is_well_known(place))
    yield from (name for name in chain.from_iterable(zip_longest(*groups)) if name is not None)


def _is_well_known(suggestion: Suggestion) -> bool:
    place = suggestion.place or suggestion.region or ""
    return is_large(place) and not is_county(place)


def _complete(snapshot: Snapshot, start: Understanding, names: list[tuple[str, Suggestion]]) -> Iterator[Suggestion]:
    """Yield the sentences that mean what they should, each search once."""
    corrections = {one.original: one.replacement for one in start.corrections}
    before = _replace_words(Sentence(start.words), corrections)
    seen = {start.question}
    for name, suggestion in names:
        texts = (f"{before} {text}" for text in _list_texts(name, suggestion, start.language))
        readings = (understand(text, snapshot) for text in texts if len(text) <= QUERY_LIMIT)
        reading = next((one for one in readings if _asks_for(one, suggestion, start.optional_words)), None)
        if reading is not None and reading.question not in seen:
            seen.add(reading.question)
            yield replace(suggestion, sentence=reading.words, whole_question=reading.question)


def _list_texts(name: str, suggestion: Suggestion, language: str) -> list[str]:
    """Return the name, and for a state also a longer one: "New York" is read as the city."""
    is_state = suggestion.region is not None and REGIONS.require(suggestion.region).kind is RegionKind.STATE
    return [name, STATE_PATTERNS[language].format(name)] if is_state else [name]


def _asks_for(reading: Understanding, suggestion: Suggestion, unknown_words: tuple[str, ...]) -> bool:
    """Whether the question has a condition for what is suggested, and no other words than these are not understood."""
    if reading.text or reading.corrections or not set(reading.optional_words) <= set(unknown_words):
        return False
    filters = reading.question.list_filters()
    if suggestion.term:
        terms = [getattr(one, KIND_FACETS[suggestion.kind]) for one in filters]
        return any(suggestion.term in (*one.any_of, *one.all_of, *one.none_of) for one in terms)
    codes = {code for one in filters for code in (*one.regions.any_of, *one.regions.none_of)}
    origins = {one.near.reference for one in filters if one.near is not None}
    is_origin = suggestion.place is not None and suggestion.place.id in origins
    return is_origin or find_narrowest_region(suggestion.place or suggestion.region or "") in codes


def _is_start_understood(start: Understanding) -> bool:
    """Whether something in the first words is understood, or they are all small words: "who works on"."""
    return not start.text or list_all_small_words().issuperset(fold(start.text).split())


@cache
def list_all_small_words() -> frozenset[str]:
    """Return the words of all languages that are no name by themselves, such as "in" and "que"."""
    return STOP_WORDS.union(*map(list_small_words, LANGUAGES))


def correct_words(words: str, snapshot: Snapshot) -> str | None:
    """Return the words with their typos corrected; None if no typo is known.

    If none is known in the language of the words, the other language is tried, because a single typo does not tell the language.
    """
    sentence = Sentence(words)
    language = decide_language(sentence)
    for other in (language, "en" if language == "es" else "es"):
        if corrections := {one.original: one.replacement for one in find_corrections(sentence, other, snapshot)}:
            return _replace_words(sentence, corrections)
    return None


def _replace_words(sentence: Sentence, replacements: dict[str, str]) -> str:
    """Return the sentence with these words replaced. What stands between the words stays as typed."""
    text, end = "", 0
    for token in sentence.tokens:
        text += sentence.text[end : token.start] + replacements.get(token.text, token.text)
        end = token.end
    return text + sentence.text[end:]
