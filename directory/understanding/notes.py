"""Notes for the person who asked: how a name was read, and which words were left out."""

from collections.abc import Iterable
from typing import TypeAlias

from directory.understanding.places.phrases import PlaceMeaning, PlaceReading
from directory.understanding.places.regions import PlaceOrRegion, get_label
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.region_phrases import format_in_sentence
from directory.vocabulary.regions import REGIONS

MAX_LISTED_STATES = 9
Translations: TypeAlias = tuple[str, str]  # English, Spanish

_READING_NOTES: dict[PlaceReading, Translations] = {
    PlaceReading.APPROXIMATE: (
        "“{words}” was read as {places}: the directory does not know its exact borders.",
        "«{words}» se interpretó como {places}: el directorio no conoce sus límites exactos.",
    ),
    PlaceReading.DISPUTED: (
        "“{words}” was read as {places}. People draw its borders in different ways.",
        "«{words}» se interpretó como {places}. No todos trazan sus límites igual.",
    ),
    PlaceReading.LIKELIEST: (
        "“{words}” was read as {places}, the likeliest place of this name. For another one, add its state.",
        "«{words}» se interpretó como {places}, el lugar más probable con este nombre. Para otro, agregue su estado.",
    ),
    PlaceReading.MISSPELLED: ("“{words}” was read as {places}.", "«{words}» se interpretó como {places}."),
    PlaceReading.NEIGHBORHOOD: ("“{words}” was read as its city, {places}.", "«{words}» se interpretó como su ciudad, {places}."),
}
_REFUSED: Translations = (
    "“{words}” was not excluded: the directory cannot search for it, or the search also asks for it.",
    "«{words}» no se excluyó: el directorio no puede buscarlo, o la búsqueda también lo pide.",
)
_UNKNOWN: Translations = (
    "No record contains “{words}”.",
    "Ningún perfil contiene «{words}».",
)


def describe_reading(words: str, meaning: PlaceMeaning, language: str) -> str:
    """Return how the name of a place was read. `meaning.reading` must not be None."""
    if meaning.reading is None:
        raise ValueError("This name was read in the only possible way.")
    places = _join([label for place in meaning.places for label in _list_labels(place, language)], language)
    return _READING_NOTES[meaning.reading][language == "es"].format(words=words, places=places)


def describe_refused(words: str, language: str) -> str:
    """Return that words could not be excluded."""
    return _REFUSED[language == "es"].format(words=words)


def describe_unknown(word: str, language: str) -> str:
    """Return that a word occurs nowhere."""
    return _UNKNOWN[language == "es"].format(words=word)


def _list_labels(place: PlaceOrRegion, language: str) -> Iterable[str]:
    """Return the name of a place. A region of a few whole states is named by its states."""
    states = _list_whole_states(place) if isinstance(place, str) else []
    return [_format_place(one, language) for one in states or (place,)]


def _format_place(place: PlaceOrRegion, language: str) -> str:
    return format_in_sentence(REGIONS.require(place), language) if isinstance(place, str) else get_label(place, language)


def _list_whole_states(code: str) -> list[str]:
    """Return the states that a region consists of; [] if it has many, or parts of states."""
    states = sorted(REGIONS.contained_codes(code, RegionKind.STATE))
    counties = {county for state in states for county in REGIONS.contained_codes(state, RegionKind.COUNTY)}
    is_whole = counties.issuperset(REGIONS.contained_codes(code, RegionKind.COUNTY))
    return states if is_whole and len(states) <= MAX_LISTED_STATES else []


def _join(labels: list[str], language: str) -> str:
    if len(labels) < 2:
        return "".join(labels)
    conjunction = "y" if language == "es" else "and"
    return f"{', '.join(labels[:-1])} {conjunction} {labels[-1]}"
