"""Strategies for questions with all fields and with clauses, as hypothesis generates them."""

import datetime as dt
from functools import cache
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from directory.filters.origins import resolve_near
from directory.geo import Box
from directory.question import (
    FACETS,
    Clause,
    Filter,
    Nationwide,
    Near,
    OrderField,
    Page,
    Question,
    RegionFilter,
    RegionMatch,
    SortOrder,
    TermFilter,
    YearRange,
)
from directory.records import MembershipStatus, OrganizationKind
from tests.builders import an_id


def slug_tuples(vocabulary: object) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(sorted(vocabulary.terms)), max_size=3).map(tuple)  # type: ignore[attr-defined]


def terms(facet: str) -> st.SearchStrategy[TermFilter]:
    slugs = slug_tuples(FACETS[facet])
    return st.builds(TermFilter, slugs, slugs, slugs, st.booleans())


ORIGINS = ["Atlanta", "30312", "Fulton County, GA", "Georgia", "New York", "US-SOUTH", "33.75,-84.39", "-1.00005,179.9999"]
codes = st.lists(st.sampled_from(["US", "US-GA", "US-GA-121", "US-SOUTH", "BAY-AREA", "MX"]), max_size=3).map(tuple)
latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
boxes = st.builds(lambda a, b, west, east: Box(min(a, b), west, max(a, b), east), latitudes, latitudes, longitudes, longitudes)
kinds = st.lists(st.sampled_from(OrganizationKind), max_size=3).map(tuple)
ids = st.sampled_from([an_id("a"), an_id("b"), an_id("c")])
FILTER_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "issue_areas": terms("issue_areas"),
    "communities": terms("communities"),
    "work_areas": terms("work_areas"),
    "languages": terms("languages"),
    "kinds": kinds,
    "excluded_kinds": kinds,
    "membership": st.lists(st.sampled_from(MembershipStatus), max_size=3).map(tuple),
    "regions": st.builds(RegionFilter, codes, codes, st.sampled_from(RegionMatch), st.sampled_from(Nationwide)),
    "within": boxes,
    "location_stated": st.booleans(),
    "verified_since": st.dates(),
    "verification_due": st.booleans(),
    "updated_since": st.datetimes(timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=-5))])).filter(
        lambda moment: dt.MINYEAR < moment.year < dt.MAXYEAR
    ),
    "joined_since": st.dates(),
    "founded": st.lists(st.integers(1, 9999), min_size=2, max_size=2).flatmap(
        lambda pair: st.sampled_from([YearRange(min(pair), max(pair)), YearRange(pair[0]), YearRange(last=pair[0]), YearRange()])
    ),
    "parent": ids,
    "ids": st.lists(ids, max_size=3).map(tuple),
}
QUESTION_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(max_size=60),
    "optional_words": st.lists(st.text("abcñé |&=%+", max_size=8), max_size=3).map(tuple),
    "order": st.builds(
        SortOrder, st.sampled_from([field for field in OrderField if field is not OrderField.DISTANCE]), st.booleans()
    ),
    "page": st.sampled_from([Page(), Page(first=5)]),
}


def nears(origin: str) -> st.SearchStrategy[Near | None]:
    return (st.none() | st.floats(0.001, 20_000)).map(lambda radius: resolve_near(origin, radius))


def circles(origin: str) -> st.SearchStrategy[Filter]:
    return st.floats(0.001, 20_000).map(lambda radius: Filter(near=resolve_near(origin, radius)))


def choices() -> st.SearchStrategy[Filter]:
    """Generate alternatives that only choose values of one facet."""
    facets = st.sampled_from(list(FACETS)).flatmap(
        lambda facet: st.builds(TermFilter, slug_tuples(FACETS[facet]), narrower=st.booleans()).map(
            lambda chosen: Filter(**{facet: chosen})  # type: ignore[arg-type]
        )
    )
    regions = st.builds(RegionFilter, codes, by=st.sampled_from(RegionMatch)).map(lambda chosen: Filter(regions=chosen))
    statuses = FILTER_FIELDS["membership"].map(lambda chosen: Filter(membership=chosen))
    return facets | regions | statuses | kinds.map(lambda chosen: Filter(kinds=chosen))


def filters(origin: str, nesting: int) -> st.SearchStrategy[Filter]:
    """Generate alternatives, with clauses of their own if `nesting` is not 0."""
    fields = {**FILTER_FIELDS, "near": nears(origin)}
    names = st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=3, unique=True)
    alternatives = [circles(origin), choices(), names.flatmap(lambda chosen: _build_filters(fields, chosen))]
    if nesting:
        fields |= {"clauses": st.lists(clauses(origin, nesting - 1), min_size=1, max_size=2).map(tuple)}
        alternatives.append(names.flatmap(lambda chosen: _build_filters(fields, [*chosen, "clauses"])))
    return st.one_of(alternatives).filter(lambda one: one.list_set_fields() not in ([], ["near"]) or has_circle(one))


def _build_filters(fields: dict[str, st.SearchStrategy[Any]], names: list[str]) -> st.SearchStrategy[Filter]:
    return st.builds(Filter, **{name: fields[name] for name in names})


def has_circle(one: Filter) -> bool:
    return one.near is not None and one.near.radius_km is not None


def clauses(origin: str, nesting: int = 1) -> st.SearchStrategy[Clause]:
    return st.lists(filters(origin, nesting), max_size=4).map(tuple)


@st.composite
def questions(draw: st.DrawFn, most_clauses: int = 3) -> Question:
    origin = draw(st.sampled_from(ORIGINS))
    optional = {**FILTER_FIELDS, **QUESTION_FIELDS, "near": nears(origin)}
    fields = draw(st.fixed_dictionaries({}, optional=optional))
    listed = draw(st.lists(clauses(origin), max_size=most_clauses))
    return Question(**fields, clauses=tuple(listed))


@cache
def list_typical_questions() -> list[Question]:
    """Return 400 generated questions, the same ones in each run. For tests of what the strategy generates."""
    collected: list[Question] = []

    @settings(max_examples=400, phases=[Phase.generate], derandomize=True, database=None, deadline=None)
    @given(questions())
    def collect(question: Question) -> None:
        collected.append(question)

    collect()
    return collected
