"""Random questions built from the records that they search, so most of them find something."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

from directory.geo import HALF_EARTH_KM, KM_PER_MILE, Box, Point, distance_km
from directory.question import (
    FACETS,
    Clause,
    Filter,
    Nationwide,
    Near,
    OrderField,
    Question,
    RegionFilter,
    RegionMatch,
    SortOrder,
    TermFilter,
    YearRange,
)
from directory.records import MembershipStatus, Organization
from directory.vocabulary.regions import REGIONS
from tests.builders import an_id
from tests.directory.search.generated_records import KINDS, TERMS, TEXT_WORDS

Records: TypeAlias = Sequence[Organization]
ConditionMaker: TypeAlias = Callable[[Random, Organization, Records], dict[str, Any]]

KILOMETERS = (1.0, 15.0, 500.0)
MILES = (10 * KM_PER_MILE, 300 * KM_PER_MILE)
MISS_SHARE = 0.06  # the share of conditions that are made from another record
ORDERS = tuple(SortOrder(field, descending) for field in OrderField for descending in (False, True))
REGION_MATCHES = tuple((by, nationwide) for by in RegionMatch for nationwide in Nationwide)
CLAUSE_SHARE = 0.35  # of the questions
CONDITION_COUNTS = (0, 1, 1, 1, 1, 2, 2, 3)


def generate_question(rng: Random, records: Records, number: int) -> Question:
    """Generate a question. Most conditions match one of the records; successive numbers cycle through orders and regions."""
    target, order = rng.choice(records), ORDERS[number % len(ORDERS)]
    fields: dict[str, Any] = {"membership": _choose_membership(rng, target)}
    if number % 5 == 0:
        fields["regions"] = _generate_region_filter(rng, target, records, *REGION_MATCHES[number // 5 % len(REGION_MATCHES)])
    for make_condition in rng.sample(CONDITIONS, rng.choice(CONDITION_COUNTS)):
        fields |= make_condition(rng, rng.choice(records) if rng.random() < MISS_SHARE else target, records)
    if order.field is OrderField.DISTANCE and "near" not in fields:
        fields["near"] = Near(_choose_point(rng, target))
    if rng.random() < CLAUSE_SHARE:
        origin = fields["near"].point if "near" in fields else _choose_point(rng, target)
        clauses = [_generate_clause(rng, target, records, origin) for _ in range(rng.choice((1, 1, 2, 3)))]
        facet = rng.choice((*FACETS, "kinds", "regions"))
        if facet == "kinds":
            fields.setdefault("kinds", KINDS)  # otherwise the choices are not a clause of their own
        fields["clauses"] = (*clauses, _generate_choices(rng, target, facet))
        if fields["membership"] == (MembershipStatus.ACTIVE,) or rng.random() < 0.5:
            del fields["membership"]
    return Question(**fields, order=order)


def _generate_clause(rng: Random, target: Organization, records: Records, origin: Point, nesting: int = 1) -> Clause:
    """Generate two or three alternatives, of which the target matches at least one in most cases."""
    if rng.random() < 0.2:
        near = Near(origin, rng.choice((*KILOMETERS, *MILES)))
        regions = _generate_region_filter(rng, target, records, RegionMatch.SERVING, rng.choice(list(Nationwide)))
        return (Filter(near=near), Filter(regions=regions)) if regions.any_of else (Filter(near=near),)
    makers = [rng.choice(FILTER_CONDITIONS)] * 2 if rng.random() < 0.3 else rng.sample(FILTER_CONDITIONS, rng.choice((2, 3)))
    targets = [target, *(rng.choice(records) for _ in makers[1:])]
    alternatives = [
        _generate_alternative(rng, one, records, origin, maker, nesting) for one, maker in zip(targets, makers, strict=True)
    ]
    return tuple(alternative for alternative in alternatives if alternative.list_set_fields()) or (Filter(ids=(target.id,)),)


def _generate_choices(rng: Random, target: Organization, facet: str) -> Clause:
    """Generate a clause of which all alternatives choose values of the facet. A question that has chosen others keeps it."""
    if facet == "kinds":
        return Filter(kinds=(target.kind,)), Filter(kinds=(rng.choice(KINDS),))
    if facet == "regions":
        codes = [*target.service_areas, *(code for location in target.locations for code in location.regions)] or ["US"]
        return tuple(Filter(regions=RegionFilter((rng.choice(codes),), by=by)) for by in RegionMatch)
    own: list[str] = [*getattr(target, facet), rng.choice(TERMS[facet])]
    choices = TermFilter((own[0],)), TermFilter((own[-1],), narrower=False)
    return tuple(Filter(**{facet: choice}) for choice in choices)  # type: ignore[arg-type]


def _generate_alternative(
    rng: Random, target: Organization, records: Records, origin: Point, maker: ConditionMaker, nesting: int
) -> Filter:
    fields: dict[str, Any] = maker(rng, target, records)
    if rng.random() < 0.4:
        fields |= rng.choice(FILTER_CONDITIONS)(rng, target, records)
    if nesting and rng.random() < 0.3:
        fields["clauses"] = (_generate_clause(rng, target, records, origin, nesting - 1),)
    if "near" in fields:
        fields["near"] = Near(origin, fields["near"].radius_km or 500.0)  # without a radius, it would match everything
    return Filter(**fields)


def _choose_membership(rng: Random, target: Organization) -> tuple[MembershipStatus, ...]:
    status = target.membership.status
    choices = [(status,), tuple(MembershipStatus), tuple({status, rng.choice(list(MembershipStatus))})]
    return rng.choice([*choices, (), ()] if status is MembershipStatus.ACTIVE else choices)


def _build_term_maker(facet: str) -> ConditionMaker:
    def make_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
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

    return make_condition


def _make_kinds_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"kinds": (target.kind, *rng.sample(KINDS, rng.randrange(2)))}


def _make_regions_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
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


def _make_near_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    origin = _choose_point(rng, rng.choice((target, rng.choice(records))))
    apart = min((distance_km(origin, point) for point in target.points), default=0.0)
    if rng.random() < 0.4:
        return {"near": Near(origin)}
    wide_enough = [radius for radius in (*KILOMETERS, *MILES, HALF_EARTH_KM) if radius > apart]
    exactly = min(HALF_EARTH_KM, apart * (1 + 1e-9) + 1e-6)
    return {"near": Near(origin, rng.choice([*wide_enough, exactly]))}


def _make_box_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    """Make a box whose corners are points of records, so points lie on each of the four edges."""
    one, other = _choose_point(rng, target), _choose_point(rng, rng.choice((target, rng.choice(records), rng.choice(records))))
    south, north = sorted((one.latitude, other.latitude))
    west, east = rng.choice(((one, other), (other, one)))  # either way around the earth, possibly across the antimeridian
    return {"within": Box(south, west.longitude, north, east.longitude)}


def _choose_point(rng: Random, one: Organization) -> Point:
    return rng.choice(one.points or [Point(33.7, -84.4)])


def _make_location_stated_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"location_stated": bool(target.locations)}


def _make_verified_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"verified_since": (target.verified_at or dt.datetime(2019, 1, 1, tzinfo=dt.UTC)).date()}


def _make_joined_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"joined_since": target.membership.joined_on or dt.date(2019, 1, 1)}


def _make_membership_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"membership": (target.membership.status,)}


def _make_excluded_kinds_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"excluded_kinds": (rng.choice([kind for kind in KINDS if kind != target.kind]),)}


def _make_due_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"verification_due": rng.random() < 0.7}


def _make_updated_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"updated_since": target.updated_at}


def _make_founded_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    year = target.founded or 1992
    return {"founded": rng.choice((YearRange(year), YearRange(last=year), YearRange(year - 1, year + 1)))}


def _make_parent_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"parent": target.parent or records[0].id}


def _make_ids_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"ids": (target.id, an_id("nobody"), *(one.id for one in rng.sample(records, 40)))}


def _make_optional_words(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"optional_words": (*rng.sample(TEXT_WORDS, 3), *target.name.split()[:1])}


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


TEXTS: Mapping[str, ConditionMaker] = {
    "name": _make_name_text,
    "prefix": _make_prefix_text,
    "typo": _make_typo_text,
    "quoted": _make_quoted_text,
    "words": _make_words_text,
}


def _make_text_condition(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return rng.choice(list(TEXTS.values()))(rng, target, records)


FILTER_CONDITIONS: tuple[ConditionMaker, ...] = (
    *(_build_term_maker(facet) for facet in FACETS),
    *(
        _make_regions_condition,
        _make_near_condition,
        _make_near_condition,
        _make_box_condition,
        _make_box_condition,
        _make_kinds_condition,
        _make_location_stated_condition,
        _make_verified_condition,
        _make_joined_condition,
        _make_excluded_kinds_condition,
        _make_due_condition,
        _make_updated_condition,
        _make_founded_condition,
        _make_parent_condition,
        _make_ids_condition,
        _make_membership_condition,
    ),
)
CONDITIONS: tuple[ConditionMaker, ...] = (
    *(maker for maker in FILTER_CONDITIONS if maker is not _make_membership_condition),
    *(_make_text_condition, _make_text_condition, _make_optional_words, _make_optional_words),
)
