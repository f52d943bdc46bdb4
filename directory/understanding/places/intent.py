"""Whether a name in running text is meant as a place: "in Flint" and "tulsa renters", not "in recovery" or "hope"."""

from directory.gazetteer.place import PlaceKind
from directory.understanding.function_words import (
    DIRECTION_TAILS,
    DIRECTIONS,
    LANGUAGES,
    ORDINARY_CITY_NAMES,
    STOP_WORDS,
    PlaceRelation,
    load_ordinary_words,
)
from directory.understanding.mentions import PlaceMention
from directory.understanding.parser import Parser
from directory.understanding.places.phrases import PlaceMatch, PlaceReading
from directory.understanding.places.regions import is_in_united_states, is_large
from directory.understanding.sentence import Sentence, Token
from directory.understanding.terms.meanings import get_meanings, is_known_word
from directory.vocabulary.regions import ORDINARY_WORDS

MIN_TOWN_POSTAL_CODES = 2  # standard postal codes; a smaller town with a name of ordinary words needs capitals or its state


def may_stand_alone(match: PlaceMatch, sentence: Sentence, at: int) -> bool:
    """Whether a name without a word like "in" is meant as a place: "tulsa renters", not "hope" or "mexico".

    A small town is meant if its name is no ordinary word, or has a word that is none ("benton harbor"); or if it is capitalized
    and not part of a longer name.
    """
    place, meaning = match.meaning.place, match.meaning
    if meaning.has_state:
        return True
    if isinstance(place, str):
        is_word = match.name in ORDINARY_WORDS and at + 1 < len(sentence)
        return is_in_united_states(place) and not is_word and not is_direction(sentence, at, match)
    if place.kind is PlaceKind.POSTAL_CODE:
        return True
    if _is_ordinary_word(match) or match.name in ORDINARY_CITY_NAMES:
        if is_large(place):
            return _stands_where_places_do(match, sentence, at)
        return at > 0 and not _is_ordinary(match.name) and _is_capitalized_alone(match, sentence, at)
    is_town = match.length == 1 or place.postal_codes >= MIN_TOWN_POSTAL_CODES or meaning.reading is PlaceReading.NEIGHBORHOOD
    return is_town or any(not _is_plain_word(word) for word in match.name.split()) or _is_capitalized_alone(match, sentence, at)


def _stands_where_places_do(match: PlaceMatch, sentence: Sentence, at: int) -> bool:
    """Whether an ordinary word is the last one, or the first one with a capital: "health elderly buffalo", "Mobile tenants"."""
    end = at + match.length
    is_first = (
        at == 0 and sentence.tokens[0].text[0].isupper() and end < len(sentence) and sentence.word_at(end) not in STOP_WORDS
    )
    return is_first or 0 < at == len(sentence) - match.length


def _is_ordinary_word(match: PlaceMatch) -> bool:
    """Whether the name is a single word with a meaning or a small word. For a small town, any word of a phrase counts too."""
    if match.length > 1:
        return False
    return _has_meaning(match) or (not is_large(match.meaning.place) and _is_plain_word(match.name))


def _has_meaning(match: PlaceMatch) -> bool:
    return match.name in STOP_WORDS or any(get_meanings(language).has_word(match.name) for language in LANGUAGES)


def _is_plain_word(name: str) -> bool:
    return is_known_word(name) or _is_ordinary(name)


def _is_ordinary(name: str) -> bool:
    return name in ORDINARY_CITY_NAMES or any(name in load_ordinary_words(language) for language in LANGUAGES)


def _is_capitalized_alone(match: PlaceMatch, sentence: Sentence, at: int) -> bool:
    """Whether the words are capitalized and their neighbors are not, or are known words."""
    end = at + match.length
    neighbors = [sentence.tokens[position] for position in (at - 1, end) if 0 <= position < len(sentence)]
    is_longer_name = any(_is_unknown_name(token) for token in neighbors)
    return all(token.text[0].isupper() for token in sentence.tokens[at:end]) and not is_longer_name


def _is_unknown_name(token: Token) -> bool:
    is_word = token.word in STOP_WORDS or is_known_word(token.word)
    return token.text[0].isupper() and not token.follows_break and not is_word


def is_direction(sentence: Sentence, at: int, match: PlaceMatch) -> bool:
    """Whether the words are a part of a place that follows: "the west side of Chicago", "el sur de Texas"."""
    follows = sentence.word_at(at + match.length)
    return match.name.split()[-1] in DIRECTIONS.meanings and follows in DIRECTION_TAILS.meanings


def may_follow_place_word(match: PlaceMatch, sentence: Sentence, at: int, *, is_weak: bool, is_origin: bool) -> bool:
    """Whether a name after a word like "in" is meant as a place: "in Flint", not "in recovery".

    `is_weak`: the word before it is more often used for other things ("de", "by"). `is_origin`: it says where people come from,
    so a country abroad is not where an organization is: "refugees from Haiti".
    """
    place, meaning = match.meaning.place, match.meaning
    if isinstance(place, str):
        return is_in_united_states(place) or not is_origin
    if meaning.has_state or meaning.reading is PlaceReading.NEIGHBORHOOD or place.kind is PlaceKind.POSTAL_CODE:
        return True
    is_capitalized = sentence.tokens[at].text[0].isupper()
    if _is_ordinary_word(match):
        return is_capitalized and not (is_weak and _has_meaning(match))
    return is_large(place) or is_capitalized or not is_weak


def is_rather_term(parser: Parser, at: int, match: PlaceMatch) -> bool:
    """Whether the words are rather a term, or a term before a state: "detention center", "tenants union illinois"."""
    length, meaning = parser.find_term(at)
    if meaning is not None and match.meaning.has_state and not is_large(match.meaning.place):
        return length < match.length and parser.sentence.text_at(at, length).islower()
    if meaning is not None and (length > match.length or (length == match.length and not is_region_or_large(match))):
        return True
    inner = (parser.find_term(at + offset)[0] + offset for offset in range(1, match.length))
    return any(end > match.length for end in inner)  # "el centro de detención"


def is_region_or_large(match: PlaceMatch) -> bool:
    return match.meaning.has_state or bool(match.meaning.candidates) or is_large(match.meaning.place)


def build_place_mention(
    start: int, length: int, match: PlaceMatch, relation: PlaceRelation, radius_km: float | None = None
) -> PlaceMention:
    return PlaceMention(
        start=start, length=length, name_length=match.length, meaning=match.meaning, relation=relation, radius_km=radius_km
    )
