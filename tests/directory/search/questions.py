"""Made-up organizations and questions, for hypothesis."""

import datetime as dt
from dataclasses import dataclass

from hypothesis import strategies as st

from directory.geo import Box, Point, Precision
from directory.question import (
    Nationwide,
    Near,
    Order,
    OrderField,
    Question,
    RegionFilter,
    RegionMatch,
    TermFilter,
)
from directory.records import Location, Membership, MembershipStatus, Organization, OrganizationKind
from directory.regions import REGIONS
from tests.builders import NOW, an_id

AREAS = [
    "housing",
    "tenants",
    "homelessness",
    "immigration",
    "refugees",
    "incarceration",
    "aging-prison",
    "detention-deportation",
]
COMMUNITIES = ["black", "black-workers", "youth", "immigrants-refugees"]
WORK = ["organizing", "law", "litigation", "education"]
LANGUAGES = ["en", "es", "ht"]
CODES = [
    "US",
    "US-SOUTH",
    "US-SOUTH-ATLANTIC",
    "US-GA",
    "US-GA-121",
    "US-GA-089",
    "US-FL",
    "US-CA",
    "BAY-AREA",
    "US-CA-075",
    "MX",
]
NAMES = ["Alder", "alder", "Álamo", "Birch", "Birch & Co", "Cedar", "Dogwood", "Elm", "Fir", "Zelkova"]
DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2026, 1, 1))
KINDS = [OrganizationKind.COLLECTIVE, OrganizationKind.UNION, OrganizationKind.ARTS]


def some(values: list[str], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=most, unique=True).map(tuple)


points = st.builds(
    Point, st.sampled_from([-20.0, 33.7, 33.8, 37.7, 52.0]), st.sampled_from([-179.5, -122.4, -84.4, -84.3, 179.9])
)
regions_of_a_place = st.sampled_from(CODES).map(lambda code: (code, *REGIONS.within(code)))
locations = st.builds(
    Location,
    id=st.just(an_id("somewhere")),
    precision=st.just(Precision.CITY),
    regions=regions_of_a_place,
    point=st.none() | points,
)


@dataclass(frozen=True)
class Draw:
    """What makes an organization: its number gives the id, so that a second one with the number is a change of the first."""

    number: int
    fields: dict[str, object]

    @property
    def organization(self) -> Organization:
        identity = an_id(str(self.number))
        return Organization(id=identity, slug=f"made-up-{self.number}", **self.fields)  # type: ignore[arg-type]


draws = st.builds(
    Draw,
    number=st.integers(0, 30),
    fields=st.fixed_dictionaries(
        {
            "name": st.sampled_from(NAMES),
            "kind": st.sampled_from(KINDS),
            "founded": st.none() | st.integers(1990, 1993),
            "issue_areas": some(AREAS),
            "communities": some(COMMUNITIES),
            "work_areas": some(WORK),
            "languages": some(LANGUAGES),
            "service_areas": some(CODES),
            "locations": st.lists(locations, max_size=2).map(tuple),
            "membership": st.builds(Membership, st.sampled_from(MembershipStatus), st.none() | DAYS),
            "verified_at": st.none() | DAYS.map(lambda day: dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)),
            "updated_at": st.integers(0, 3).map(lambda hours: NOW + dt.timedelta(hours=hours)),
        }
    ),
)
directories = st.lists(draws, max_size=25, unique_by=lambda draw: draw.number).map(
    lambda made: [draw.organization for draw in made]
)


def term_filters(values: list[str]) -> st.SearchStrategy[TermFilter]:
    asked = st.builds(TermFilter, some(values, 2), some(values, 1), some(values, 1), st.booleans())
    return st.just(TermFilter()) | asked


nears = st.none() | st.builds(Near, points, st.none() | st.sampled_from([1.0, 15.0, 500.0, 5_000.0, 20_000.0]))
boxes = st.none() | st.sampled_from(
    [Box(30, -85, 40, -80), Box(-30, 170, 60, -170), Box(-90, -180, 90, 180), Box(33.7, -84.4, 33.7, -84.4)]
)
region_filters = st.builds(
    RegionFilter, some(CODES, 2), some(CODES, 1), st.sampled_from(RegionMatch), st.sampled_from(Nationwide)
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    near = draw(nears)
    fields = [field for field in OrderField if near is not None or field is not OrderField.DISTANCE]
    return Question(
        issue_areas=draw(term_filters(AREAS)),
        communities=draw(term_filters(COMMUNITIES)),
        work_areas=draw(term_filters(WORK)),
        languages=draw(term_filters(LANGUAGES)),
        kinds=draw(st.sampled_from([(), (), (OrganizationKind.UNION,), tuple(KINDS)])),
        membership=draw(st.sampled_from([(), tuple(MembershipStatus)])),
        regions=draw(st.just(RegionFilter()) | region_filters),
        near=near,
        within=draw(boxes),
        location_stated=draw(st.sampled_from([None, None, True, False])),
        verified_since=draw(st.none() | DAYS),
        joined_since=draw(st.none() | DAYS),
        order=Order(draw(st.sampled_from(fields)), draw(st.booleans())),
    )
