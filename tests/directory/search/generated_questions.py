"""Random questions built from the records that they search, so most of them find something."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

from directory.geo import HALF_EARTH_KM, KM_PER_MILE, Box, Point, distance_km
from directory.question import FACETS, Nationwide, Near, OrderField, Question, RegionFilter, RegionMatch, SortOrder, TermFilter
from directory.records import MembershipStatus, Organization
from directory.vocabulary.regions import REGIONS
from tests.directory.search.generated_records import KINDS, TERMS, TEXT_WORDS

Records: TypeAlias = Sequence[Organization]
Clause: TypeAlias = Callable[[Random, Organization, Records], dict[str, Any]]

KILOMETERS = (1.0, 15.0, 500.0)
MILES = (10 * KM_PER_MILE, 300 * KM_PER_MILE)
MISS_SHARE = 0.06  # the share of clauses that are made from another record
ORDERS = tuple(SortOrder(field, descending) for field in OrderField for descending in (False, True))
REGION_MATCHES = tuple((by, nationwide) for by in RegionMatch for nationwide in Nationwide)
CLAUSE_COUNTS = (0, 1, 1, 1, 1, 2, 2, 3)


def generate_question(rng: Random, records: Records, number: int) -> Question:
    """Generate a question. Most clauses match one of the records; successive numbers cycle through orders and region filters."""
    target, order = rng.choice(records), ORDERS[number % len(ORDERS)]
    fields: dict[str, Any] = {"membership": _choose_membership(rng, target)}
    if number % 5 == 0:
        fields["regions"] = _generate_region_filter(rng, target, records, *REGION_MATCHES[number // 5 % len(REGION_MATCHES)])
    for clause in rng.sample(CLAUSES, rng.choice(CLAUSE_COUNTS)):
        fields |= clause(rng, rng.choice(records) if rng.random() < MISS_SHARE else target, records)
    if order.field is OrderField.DISTANCE and "near" not in fields:
        fields["near"] = Near(_choose_point(rng, target))
    return Question(**fields, order=order)


def _choose_membership(rng: Random, target: Organization) -> tuple[MembershipStatus, ...]:
    status = target.membership.status
    choices = [(status,), tuple(MembershipStatus), tuple({status, rng.choice(list(MembershipStatus))})]
    return rng.choice([*choices, (), ()] if status is MembershipStatus.ACTIVE else choices)


def _build_term_clause(facet: str) -> Clause:
    def clause(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
        own: tuple[str, ...] = getattr(target, facet)
        narrower = rng.random() < 0.7
        carried = {slug for term in own for slug in (term, *(FACETS[facet].ancestors(term) if narrower else ()))}
        others = [term for term in TERMS[facet] if term not in carried]
        has, lacks = sorted(carried), rng.sample(others, min(2, len(others)))
        if not has or rng.random() < 0.2:
            return {facet: TermFilter(none_of=tuple(lacks), narrower=narrower)}
        any_of = (rng.choice(has), *lacks[: rng.randrange(2)])
        all_of = tuple(rng.sample(has, min(len(has), rng.choice((0, 0, 1, 2)))))
        none_of = tuple(term for term in lacks[: rng.choice((0, 0, 1))] if term not in any_of)
        return {facet: TermFilter(any_of if rng.random() < 0.8 else (), all_of, none_of, narrower)}

    return clause


def _make_kinds_clause(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"kinds": (target.kind, *rng.sample(KINDS, rng.randrange(2)))}


def _make_regions_clause(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"regions": _generate_region_filter(rng, target, records, *rng.choice(REGION_MATCHES))}


def _generate_region_filter(
    rng: Random, target: Organization, records: Records, by: RegionMatch, nationwide: Nationwide
) -> RegionFilter:
    if nationwide is Nationwide.ONLY:
        target = rng.choice([one for one in records if "US" in one.service_areas])
    located = [code for location in target.locations for code in location.regions]
    serving = [
        code
        for area in target.service_areas
        for code in (area, *REGIONS.containing_codes(area), *REGIONS.contained_codes(area)[:3])
    ]
    codes = sorted({RegionMatch.LOCATED: {*located}, RegionMatch.SERVING: {*serving}}.get(by, {*located, *serving}))
    any_of = tuple(rng.sample(codes, min(len(codes), rng.choice((0, 1, 1, 1, 2)))))
    none_of = tuple(rng.sample(("US-FL", "US-CA", "MX", "US-MA-025"), rng.choice((0, 0, 0, 1))))
    return RegionFilter(any_of, none_of, by, nationwide)


def _make_near_clause(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    origin = _choose_point(rng, rng.choice((target, rng.choice(records))))
    apart = min((distance_km(origin, point) for point in target.points), default=0.0)
    if rng.random() < 0.4:
        return {"near": Near(origin)}
    wide_enough = [radius for radius in (*KILOMETERS, *MILES, HALF_EARTH_KM) if radius > apart]
    exactly = min(HALF_EARTH_KM, apart * (1 + 1e-9) + 1e-6)
    return {"near": Near(origin, rng.choice([*wide_enough, exactly]))}


def _make_box_clause(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    """Make a box whose corners are points of records, so points lie on each of the four edges."""
    one, other = _choose_point(rng, target), _choose_point(rng, rng.choice((target, rng.choice(records), rng.choice(records))))
    south, north = sorted((one.latitude, other.latitude))
    west, east = rng.choice(((one, other), (other, one)))  # either way around the earth, possibly across the antimeridian
    return {"within": Box(south, west.longitude, north, east.longitude)}


def _choose_point(rng: Random, one: Organization) -> Point:
    return rng.choice(one.points or [Point(33.7, -84.4)])


def _make_location_stated_clause(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"location_stated": bool(target.locations)}


def _make_verified_clause(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"verified_since": (target.verified_at or dt.datetime(2019, 1, 1, tzinfo=dt.UTC)).date()}


def _make_joined_clause(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"joined_since": target.membership.joined_on or dt.date(2019, 1, 1)}


def _make_name_text(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"text": rng.choice([target.name, *(other.name for other in target.names)])}


def _make_prefix_text(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    words = target.name.split()
    return {"text": " ".join([*words[:-1], words[-1][: rng.randint(2, 4)]])}


def _make_typo_text(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    word = max(target.name.split(), key=len)
    at = rng.randrange(1, len(word) - 1)
    return {"text": rng.choice((word[:at] + word[at + 1 :], word[:at] + "x" + word[at:], word[:at] + "x" + word[at + 1 :]))}


def _make_quoted_text(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    words = (target.description or target.name).split()
    start = rng.randrange(len(words))
    more = rng.choice(("", target.name.split()[0]))
    return {"text": f'"{" ".join(words[start : start + rng.choice((1, 2, 3))])}" {more}'}


def _make_words_text(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    cities = [location.address.city for location in target.locations if location.address and location.address.city]
    labels = [FACETS[facet].require(slug).label() for facet in TERMS for slug in getattr(target, facet)]
    words = [*(target.summary or "").split(), *target.name.split(), *cities, *labels, *TEXT_WORDS[:2]]
    return {"text": " ".join(rng.sample(words, rng.choice((1, 1, 2))))}


TEXTS: Mapping[str, Clause] = {
    "name": _make_name_text,
    "prefix": _make_prefix_text,
    "typo": _make_typo_text,
    "quoted": _make_quoted_text,
    "words": _make_words_text,
}


def _make_text_clause(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return rng.choice(list(TEXTS.values()))(rng, target, records)


CLAUSES: tuple[Clause, ...] = (
    *(_build_term_clause(facet) for facet in FACETS),
    *(
        _make_regions_clause,
        _make_near_clause,
        _make_near_clause,
        _make_box_clause,
        _make_box_clause,
        _make_text_clause,
        _make_text_clause,
        _make_kinds_clause,
        _make_location_stated_clause,
        _make_verified_clause,
        _make_joined_clause,
    ),
)
