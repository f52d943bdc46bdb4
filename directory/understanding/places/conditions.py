"""The conditions that places stand for: regions, circles, and "near".

"Near" a city, ZIP code or county means within 50 miles or serving it. "In" and "serving" mean the narrowest region that contains
the whole city, which is then the origin of distances if it is smaller than the region. "In" a city that only a state contains
means near it.
"""

from collections.abc import Iterator, Sequence
from math import ceil

from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.geo import KM_PER_MILE
from directory.question import Filter, Nationwide, Near, RegionFilter, RegionMatch
from directory.understanding.function_words import PlaceRelation
from directory.understanding.mentions import PlaceMention
from directory.understanding.places.regions import PlaceOrRegion, find_city_region, find_narrowest_region, is_county
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS

NEAR_MILES = 50  # "near": about an hour's drive, a distance at which groups still meet in person
MIN_CITY_RADIUS_MILES = 10  # "based in" a city or ZIP code: an organization may be this far from the center of its city
_REGION_MATCHES = {PlaceRelation.LOCATED: RegionMatch.LOCATED, PlaceRelation.SERVING: RegionMatch.SERVING}
_NEAR_RELATIONS = (PlaceRelation.NEAR, PlaceRelation.NAMED)


def near_place(place: Place) -> Filter:
    """Return the condition "near a place": within 50 miles of it, or serving the narrowest region that contains it."""
    circle = Filter(near=_make_near(place, round(NEAR_MILES * KM_PER_MILE, 4)))
    serving = Filter(regions=RegionFilter((find_narrowest_region(place),), by=RegionMatch.SERVING))
    return Filter(clauses=((circle, serving),))


def build_place_filters(mention: PlaceMention, excluded: Sequence[PlaceOrRegion]) -> Iterator[Filter]:
    """Yield the conditions of a single place."""
    place, relation = mention.meaning.place, mention.relation
    none_of = tuple(map(find_narrowest_region, excluded))
    circle = _find_circle(place, relation, mention.radius_km)
    if circle is None:
        by = _REGION_MATCHES.get(relation, RegionMatch.LOCATED_OR_SERVING)
        yield Filter(regions=RegionFilter((find_narrowest_region(place),), none_of, by=by))
        if isinstance(place, Place) and find_city_region(place) is None:
            yield Filter(near=_make_near(place, None))
        return
    if none_of:
        yield Filter(regions=RegionFilter(none_of=none_of))
    is_exact = mention.radius_km is not None or relation is PlaceRelation.LOCATED
    yield (
        Filter(near=_make_near(circle, mention.radius_km or _get_radius_km(circle, relation))) if is_exact else near_place(circle)
    )


def _find_circle(place: PlaceOrRegion, relation: PlaceRelation, radius_km: float | None) -> Place | None:
    """Return the center, if the place stands for a circle: with a radius, or near a city, ZIP code or county."""
    origin = get_gazetteer().find_region(place) if isinstance(place, str) else place
    if radius_km is not None:
        return origin
    if isinstance(place, str):
        return origin if relation is PlaceRelation.NEAR and is_county(place) else None
    if relation in _NEAR_RELATIONS:
        return origin
    is_located = relation is PlaceRelation.LOCATED and find_city_region(place) is None
    return origin if is_located or (relation is PlaceRelation.IN and _is_far_smaller_than_region(place)) else None


def _is_far_smaller_than_region(place: Place) -> bool:
    """Whether the narrowest region that contains a city is a whole state: Tucson has postal codes in several counties."""
    return find_city_region(place) is None and REGIONS.require(find_narrowest_region(place)).kind is RegionKind.STATE


def _get_radius_km(place: Place, relation: PlaceRelation) -> float:
    miles = NEAR_MILES if relation in _NEAR_RELATIONS else max(MIN_CITY_RADIUS_MILES, ceil(place.radius_km / KM_PER_MILE))
    return round(miles * KM_PER_MILE, 4)


def _make_near(place: Place, radius_km: float | None) -> Near:
    return Near(place.point, radius_km, place.id, place.name)


def build_region_filters(
    included: Sequence[PlaceMention], excluded: Sequence[PlaceOrRegion], nationwide: Nationwide
) -> Iterator[Filter]:
    """Yield the conditions of several places, which are alternatives, of excluded places, and of "nationwide"."""
    codes = tuple(dict.fromkeys(find_narrowest_region(place) for mention in included for place in mention.meaning.places))
    none_of = tuple(dict.fromkeys(map(find_narrowest_region, excluded)))
    by = RegionMatch.LOCATED_OR_SERVING
    if nationwide is Nationwide.ONLY:
        by = by if codes else RegionMatch.SERVING
        yield Filter(regions=RegionFilter(codes or (HOME_COUNTRY,), none_of, by=by, nationwide=nationwide))
        return
    relations = {mention.relation for mention in included}
    if len(relations) == 1:
        by = _REGION_MATCHES.get(next(iter(relations)), by)
    if nationwide is Nationwide.INCLUDE and not codes:
        by = RegionMatch.LOCATED
    yield Filter(regions=RegionFilter(codes, none_of, by=by, nationwide=nationwide))
