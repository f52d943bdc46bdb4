"""Choose among the meanings of a name by the other places of the sentence: "Springfield ... in Illinois"."""

from collections.abc import Callable, Sequence, Set

from msgspec.structs import replace

from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.understanding.mentions import PlaceMention
from directory.understanding.places.phrases import PlaceMeaning
from directory.understanding.places.regions import PlaceOrRegion, find_narrowest_region
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS

MAX_NAMESAKE_RATIO = 8  # postal codes: a city this many times smaller than its namesake needs its state beside it


def resolve_by_context(mention: PlaceMention, mentions: Sequence[PlaceMention]) -> PlaceMention:
    """Return the mention with the one meaning that fits the other places of the sentence, if there is only one.

    A name of several places is the candidate that another place is, contains or shares a state with. A city gives way to one of
    the same name ("Columbus ... in Georgia") or to a state ("Yakima, Washington").
    """
    others = [
        other.meaning.place
        for other in mentions
        if other is not mention and other.meaning.places and (mention.is_excluded or not other.is_excluded)
    ]
    fitting = _list_fitting(mention, others)
    if len(fitting) == 1:
        return replace(mention, meaning=PlaceMeaning((fitting[0],)))
    neighbor = next((other for other in mentions if mention.meaning.candidates and _are_adjacent(mention, other)), None)
    return mention if neighbor is None else replace(mention, meaning=PlaceMeaning((neighbor.meaning.place,)))


def _list_fitting(mention: PlaceMention, others: Sequence[PlaceOrRegion]) -> Sequence[PlaceOrRegion]:
    """Return the meanings of a name that fit other places best; () if none does."""
    codes = [place for place in others if isinstance(place, str)]
    states = {place.state for place in others if isinstance(place, Place)}
    candidates = mention.meaning.candidates
    tests: Sequence[Callable[[PlaceOrRegion], bool]] = (
        lambda place: place in others,
        lambda place: any(REGIONS.covers(code, find_narrowest_region(place)) for code in codes),
        lambda place: isinstance(place, Place) and place.state in states,
    )
    choices = ([place for place in candidates if fits(place)] for fits in tests)
    return next((fitting for fitting in choices if fitting), ()) if candidates else _list_namesakes(mention, codes, states)


def _are_adjacent(ambiguous: PlaceMention, other: PlaceMention) -> bool:
    """Whether a place stands right beside an ambiguous name, which is a part of it then: "the west side of Chicago"."""
    end = ambiguous.start + ambiguous.length
    is_adjacent = other.start in (end, end + 1) or other.start + other.length == ambiguous.start
    return is_adjacent and bool(other.meaning.places) and isinstance(other.meaning.place, Place)


def _list_namesakes(mention: PlaceMention, codes: Sequence[str], states: Set[str | None]) -> list[PlaceOrRegion]:
    """Return the state of the same name that another city lies in or that other states stand beside ("New York and California"),
    or cities of the same name in other states of the sentence.

    Such a city must not be much smaller: Columbus, GA, beside Columbus, OH. `codes` are the regions of the sentence, and `states`
    the states of its cities: "Gallup, Farmington" are both in New Mexico.
    """
    place = mention.meaning.place
    if not isinstance(place, Place) or not place.city or mention.meaning.has_state or place.state in {*codes, *states}:
        return []
    state = next((other for other in mention.meaning.others if isinstance(other, str)), None)
    if state is not None and (state in states or _are_states(codes)):
        return [state]
    others = {code for code in codes if REGIONS.require(code).kind is RegionKind.STATE} | {code for code in states if code}
    cities = (get_gazetteer().find_city(place.city, code) for code in sorted(others))
    return [city for city in cities if city and city.postal_codes * MAX_NAMESAKE_RATIO >= place.postal_codes]


def _are_states(codes: Sequence[str]) -> bool:
    """Whether there are regions, and all are states."""
    return bool(codes) and all(REGIONS.require(code).kind is RegionKind.STATE for code in codes)
