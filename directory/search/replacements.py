"""Questions that replace a part of another one with something wider or likelier, for those who found nothing.

Each function returns questions to try, closest in meaning first; [] if it has none to offer: at most ten together. They change
the question itself and its alternatives alike.
"""

from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from directory.gazetteer.gazetteer import get_gazetteer
from directory.geo import KM_PER_MILE
from directory.question import (
    FACETS,
    Clause,
    Filter,
    Nationwide,
    Near,
    Question,
    RegionFilter,
    RegionMatch,
    TermFilter,
)
from directory.records import MembershipStatus
from directory.understanding.places.regions import find_narrowest_region
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import HOME_COUNTRY, REGIONS

WIDER_RADII_KM = tuple(round(miles * KM_PER_MILE, 4) for miles in (50, 100, 200))
BROADER_FACETS = ("issue_areas", "communities", "work_areas")
MAX_BROADER = 3  # questions about broader terms

FilterT = TypeVar("FilterT", bound=Filter)


def list_likelier_codes(question: Question) -> list[Question]:
    """Return the question about a state of the home country instead of a country with the same code: "GA" is Gabon."""
    states = {code: state for code in _list_region_codes(question) if (state := _find_state_for_country_code(code))}

    def change(condition: Filter) -> Filter:
        any_of = tuple(states.get(code, code) for code in condition.regions.any_of)
        return replace(condition, regions=replace(condition.regions, any_of=any_of))

    return [_change_filters(question, change)] if states else []


def list_serving(question: Question) -> list[Question]:
    """Return the question about those who serve the place, besides those who are located there or within the distance."""

    def change(condition: Filter) -> Filter:
        if condition.regions.any_of and condition.regions.by is RegionMatch.LOCATED:
            return replace(condition, regions=replace(condition.regions, by=RegionMatch.LOCATED_OR_SERVING))
        return condition

    changed = _change_filters(question, change)
    region = _find_region(question.near) if question.near is not None and question.near.radius_km is not None else None
    if region is not None:
        serving = Filter(regions=RegionFilter((region,), by=RegionMatch.SERVING))
        changed = replace(changed, near=None, clauses=(*changed.clauses, (Filter(near=question.near), serving)))
    return [changed] if changed != question else []


def list_wider_circles(question: Question) -> list[Question]:
    """Return the question with each wider radius."""
    radii = [one.near.radius_km for one in question.list_filters() if one.near is not None and one.near.radius_km is not None]

    def widen(radius_km: float) -> Question:
        def change(condition: Filter) -> Filter:
            near = condition.near
            return replace(condition, near=replace(near, radius_km=radius_km)) if near and near.radius_km else condition

        return _change_filters(question, change)

    return [widen(radius_km) for radius_km in WIDER_RADII_KM if radii and radius_km > max(radii)]


def list_broader_themes(question: Question) -> list[Question]:
    """Return the question with a broader term in place of a term, for the first terms that have one."""
    terms = {
        (facet, slug): None
        for one in question.list_filters()
        for facet in BROADER_FACETS
        for slug in (*getattr(one, facet).any_of, *getattr(one, facet).all_of)
    }
    broader = [(facet, slug, parent) for facet, slug in terms for parent in FACETS[facet].require(slug).broader]
    return [_replace_term(question, *replacement) for replacement in broader[:MAX_BROADER]]


def list_nationwide(question: Question) -> list[Question]:
    """Return the question about organizations that serve the whole country of the place, wherever they are."""
    countries = {REGIONS.get_country_code(code) for code in _list_region_codes(question)}
    countries |= {HOME_COUNTRY for one in question.list_filters() if _find_region(one.near)}
    if len(countries) != 1:
        return []
    excluded = Filter(regions=replace(question.regions, any_of=(), nationwide=Nationwide.INCLUDE))
    clauses = [clause for clause in question.clauses if not _consists_of_places(clause)]
    nationwide = RegionFilter(tuple(countries), by=RegionMatch.SERVING, nationwide=Nationwide.ONLY)
    near = question.origin and replace(question.origin, radius_km=None)
    return [replace(question, near=near, regions=nationwide, clauses=(*clauses, (excluded,)))]


def list_all_memberships(question: Question) -> list[Question]:
    """Return the question about all organizations instead of members only, which is the default."""
    if question.membership != (MembershipStatus.ACTIVE,) or question.names_membership_in_clauses:
        return []
    return [replace(question, membership=tuple(MembershipStatus))]


def _change_filters(condition: FilterT, change: Callable[[Filter], Filter]) -> FilterT:
    """Return a filter after a change to itself and to all its alternatives."""
    clauses = tuple(tuple(_change_filters(one, change) for one in clause) for clause in condition.clauses)
    changed: FilterT = change(replace(condition, clauses=clauses))  # type: ignore[assignment]
    return changed


def _replace_term(question: Question, facet: str, slug: str, parent: str) -> Question:
    def change(condition: Filter) -> Filter:
        terms: TermFilter = getattr(condition, facet)
        any_of, all_of = (tuple(parent if one == slug else one for one in listed) for listed in (terms.any_of, terms.all_of))
        return replace(condition, **{facet: replace(terms, any_of=any_of, all_of=all_of)})

    return _change_filters(question, change)


def _consists_of_places(clause: Clause) -> bool:
    return all({"near", "regions", "within"}.issuperset(alternative.list_set_fields()) for alternative in clause)


def _list_region_codes(question: Question) -> list[str]:
    return [code for one in question.list_filters() for code in one.regions.any_of]


def _find_region(near: Near | None) -> str | None:
    """Return the narrowest region that contains the place of an origin; None if the origin is not a place."""
    place = None if near is None else get_gazetteer().get_place(near.reference)
    return find_narrowest_region(place) if place else None


def _find_state_for_country_code(code: str) -> str | None:
    """Return the state whose abbreviation is this country code, such as "US-GA" for "GA"; None if there is none."""
    state = f"{HOME_COUNTRY}-{code}"
    return state if state in REGIONS and REGIONS.require(code).kind is RegionKind.COUNTRY else None
