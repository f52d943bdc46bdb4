"""Questions made from the records that they are asked of, so that most of them find something."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

from directory.geo import HALF_EARTH_KM, KM_PER_MILE, Box, Point, distance_km
from directory.question import FACETS, Nationwide, Near, Order, OrderField, Question, RegionFilter, RegionMatch, TermFilter
from directory.records import MembershipStatus, Organization
from directory.regions import REGIONS
from tests.directory.search.generated_records import KINDS, TERMS, TEXT_WORDS

Records: TypeAlias = Sequence[Organization]
Clause: TypeAlias = Callable[[Random, Organization, Records], dict[str, Any]]

KILOMETERS = (1.0, 15.0, 500.0)
MILES = (10 * KM_PER_MILE, 300 * KM_PER_MILE)
MISSED = 0.06  # the share of clauses that are made from another record
ORDERS = tuple(Order(field, descending) for field in OrderField for descending in (False, True))
WAYS = tuple((by, nationwide) for by in RegionMatch for nationwide in Nationwide)
NUMBERS_OF_CLAUSES = (0, 1, 1, 1, 1, 2, 2, 3)


def generated_question(rng: Random, records: Records, number: int) -> Question:
    """Most of its clauses hold for one of the records. Successive numbers use each order, and each way to ask for regions."""
    target, order = rng.choice(records), ORDERS[number % len(ORDERS)]
    fields: dict[str, Any] = {"membership": _membership(rng, target)}
    if number % 5 == 0:
        fields["regions"] = _region_filter(rng, target, records, *WAYS[number // 5 % len(WAYS)])
    for clause in rng.sample(CLAUSES, rng.choice(NUMBERS_OF_CLAUSES)):
        fields |= clause(rng, rng.choice(records) if rng.random() < MISSED else target, records)
    if order.field is OrderField.DISTANCE and "near" not in fields:
        fields["near"] = Near(_a_point(rng, target))
    return Question(**fields, order=order)


def _membership(rng: Random, target: Organization) -> tuple[MembershipStatus, ...]:
    status = target.membership.status
    asked = [(status,), tuple(MembershipStatus), tuple({status, rng.choice(list(MembershipStatus))})]
    return rng.choice([*asked, (), ()] if status is MembershipStatus.ACTIVE else asked)


def _terms(facet: str) -> Clause:
    def clause(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
        own: tuple[str, ...] = getattr(target, facet)
        narrower = rng.random() < 0.7
        carried = {above for term in own for above in (term, *(FACETS[facet].ancestors(term) if narrower else ()))}
        others = [term for term in TERMS[facet] if term not in carried]
        has, lacks = sorted(carried), rng.sample(others, min(2, len(others)))
        if not has or rng.random() < 0.2:
            return {facet: TermFilter(none_of=tuple(lacks), narrower=narrower)}
        any_of = (rng.choice(has), *lacks[: rng.randrange(2)])
        all_of = tuple(rng.sample(has, min(len(has), rng.choice((0, 0, 1, 2)))))
        none_of = tuple(term for term in lacks[: rng.choice((0, 0, 1))] if term not in any_of)
        return {facet: TermFilter(any_of if rng.random() < 0.8 else (), all_of, none_of, narrower)}

    return clause


def _kinds(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"kinds": (target.kind, *rng.sample(KINDS, rng.randrange(2)))}


def _regions(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"regions": _region_filter(rng, target, records, *rng.choice(WAYS))}


def _region_filter(rng: Random, target: Organization, records: Records, by: RegionMatch, nationwide: Nationwide) -> RegionFilter:
    if nationwide is Nationwide.ONLY:
        target = rng.choice([one for one in records if "US" in one.service_areas])
    located = [code for location in target.locations for code in location.regions]
    serving = [code for area in target.service_areas for code in (area, *REGIONS.within(area), *REGIONS.contains(area)[:3])]
    codes = sorted({RegionMatch.LOCATED: {*located}, RegionMatch.SERVING: {*serving}}.get(by, {*located, *serving}))
    any_of = tuple(rng.sample(codes, min(len(codes), rng.choice((0, 1, 1, 1, 2)))))
    none_of = tuple(rng.sample(("US-FL", "US-CA", "MX", "US-MA-025"), rng.choice((0, 0, 0, 1))))
    return RegionFilter(any_of, none_of, by, nationwide)


def _near(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    origin = _a_point(rng, rng.choice((target, rng.choice(records))))
    apart = min((distance_km(origin, point) for point in target.points), default=0.0)
    if rng.random() < 0.4:
        return {"near": Near(origin)}
    wide_enough = [radius for radius in (*KILOMETERS, *MILES, HALF_EARTH_KM) if radius > apart]
    exactly = min(HALF_EARTH_KM, apart * (1 + 1e-9) + 1e-6)
    return {"near": Near(origin, rng.choice([*wide_enough, exactly]))}


def _box(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    """The corners are points of records, so that points lie on each of the four edges."""
    one, other = _a_point(rng, target), _a_point(rng, rng.choice((target, rng.choice(records), rng.choice(records))))
    south, north = sorted((one.latitude, other.latitude))
    west, east = rng.choice(((one, other), (other, one)))  # one of the two ways around the earth, maybe over the antimeridian
    return {"within": Box(south, west.longitude, north, east.longitude)}


def _a_point(rng: Random, one: Organization) -> Point:
    return rng.choice(one.points or [Point(33.7, -84.4)])


def _stated(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"location_stated": bool(target.locations)}


def _verified(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"verified_since": (target.verified_at or dt.datetime(2019, 1, 1, tzinfo=dt.UTC)).date()}


def _joined(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"joined_since": target.membership.joined_on or dt.date(2019, 1, 1)}


def _name(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return {"text": rng.choice([target.name, *(other.name for other in target.names)])}


def _prefix(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    words = target.name.split()
    return {"text": " ".join([*words[:-1], words[-1][: rng.randint(2, 4)]])}


def _typo(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    word = max(target.name.split(), key=len)
    at = rng.randrange(1, len(word) - 1)
    return {"text": rng.choice((word[:at] + word[at + 1 :], word[:at] + "x" + word[at:], word[:at] + "x" + word[at + 1 :]))}


def _quoted(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    words = (target.description or target.name).split()
    start = rng.randrange(len(words))
    more = rng.choice(("", target.name.split()[0]))
    return {"text": f'"{" ".join(words[start : start + rng.choice((1, 2, 3))])}" {more}'}


def _words(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    cities = [location.address.city for location in target.locations if location.address and location.address.city]
    labels = [FACETS[facet].require(slug).label() for facet in TERMS for slug in getattr(target, facet)]
    told = [*(target.summary or "").split(), *target.name.split(), *cities, *labels, *TEXT_WORDS[:2]]
    return {"text": " ".join(rng.sample(told, rng.choice((1, 1, 2))))}


TEXTS: Mapping[str, Clause] = {"name": _name, "prefix": _prefix, "typo": _typo, "quoted": _quoted, "words": _words}


def _text(rng: Random, target: Organization, records: Records) -> dict[str, Any]:
    return rng.choice(list(TEXTS.values()))(rng, target, records)


CLAUSES: tuple[Clause, ...] = (
    *(_terms(facet) for facet in FACETS),
    *(_regions, _near, _near, _box, _box, _text, _text, _kinds, _stated, _verified, _joined),
)
