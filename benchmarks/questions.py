"""The questions that are measured: each kind as a GraphQL document and, for the search itself, as a Question.

Every request has variables of its own, drawn from a seed. They are the same at every size, so that sizes can be compared: slugs
and words come from the first records, which are there at every size.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from random import Random
from typing import Any

from msgspec import Struct

from benchmarks.documents import DOCUMENTS
from benchmarks.networks import organizations
from directory.gazetteer import gazetteer
from directory.geo import Box, Point
from directory.places import Place
from directory.question import Near, Order, OrderField, Question, RegionFilter, TermFilter
from directory.records import MembershipStatus, Organization
from directory.regions import REGIONS, RegionKind
from directory.search.analysis import STOP_WORDS, tokens
from directory.vocabulary import ISSUE_AREAS

RADIUS_KM = 50
WORDS = 3
MARKS = 2_000
LARGEST_CITIES = 300
POOL = 1_000  # records that slugs and words are taken from
Variables = dict[str, Any]
Records = Sequence[Organization]


class Kind(Struct, frozen=True):
    """One kind of question. `draw` makes a request's variables, `question` what they ask of the search."""

    key: str
    title: str
    draw: Callable[[Random, Records], Variables]
    question: Callable[[Variables], Question] = lambda _: Question()

    @property
    def document(self) -> str:
        return DOCUMENTS[self.key]

    @property
    def varies(self) -> bool:
        return "$" in self.document and self.key != "repeated"


def drawn(kind: Kind, count: int, size: int) -> list[Variables]:
    """So many different variables; some again where a small directory has no more."""
    rng, records, found = Random(kind.key), first_records(min(size, POOL)), dict[str, Variables]()
    for _ in range(count * 20 if kind.varies else 1):
        variables = kind.draw(rng, records)
        found[repr(variables)] = variables
        if len(found) == count:
            break
    different = list(found.values())
    return [different[position % len(different)] for position in range(count)]


@cache
def first_records(count: int) -> Records:
    """Those among them that are members, as others are found only when asked for."""
    return [record for record in organizations(count) if record.membership.status is MembershipStatus.ACTIVE]


def _one(rng: Random, records: Records) -> Variables:
    return {"slug": rng.choice(records).slug}


def _theme_and_state(rng: Random, _records: Records) -> Variables:
    return {"theme": rng.choice(_themes()), "state": rng.choices(*_states())[0]}


def _populous(_rng: Random, _records: Records) -> Variables:
    return {"theme": "housing", "state": "US-CA"}


def _by_theme_and_state(variables: Variables) -> Question:
    return Question(issue_areas=TermFilter(any_of=(variables["theme"],)), regions=RegionFilter(any_of=(variables["state"],)))


def _near(rng: Random, _records: Records) -> Variables:
    point = rng.choice(_cities()).point
    return {"theme": rng.choice(_themes()), "latitude": point.latitude, "longitude": point.longitude, "radius": RADIUS_KM}


def _within_radius(variables: Variables) -> Question:
    near = Near(Point(variables["latitude"], variables["longitude"]), RADIUS_KM)
    return Question(issue_areas=TermFilter(any_of=(variables["theme"],)), near=near, order=Order(OrderField.DISTANCE))


def _box(rng: Random, _records: Records) -> Variables:
    point, half = rng.choice(_cities()).point, rng.uniform(0.5, 4)
    south, north = max(-90, point.latitude - half), min(90, point.latitude + half)
    west, east = max(-180, point.longitude - 1.5 * half), min(180, point.longitude + 1.5 * half)
    return {"box": {"south": round(south, 4), "west": round(west, 4), "north": round(north, 4), "east": round(east, 4)}}


def box_of(variables: Variables) -> Box:
    return Box(**variables["box"])


def _words(rng: Random, records: Records) -> Variables:
    """Three words that one record has, so that something is found."""
    while True:
        words = sorted({word for word in _text(rng.choice(records)) if len(word) > 3 and word not in STOP_WORDS})
        if len(words) >= WORDS:
            return {"text": " ".join(rng.sample(words, WORDS))}


def _phrase(rng: Random, records: Records) -> Variables:
    while True:
        words = tokens(rng.choice(records).summary or "")
        if len(words) > 2:
            start = rng.randrange(len(words) - 2)
            return {"text": f'"{" ".join(words[start : start + 3])}"'}


def _prefix(rng: Random, records: Records) -> Variables:
    word = rng.choice([word for word in tokens(rng.choice(records).name) if len(word) > 3])
    return {"text": word[: rng.randint(3, len(word))]}


def _misspelt(rng: Random, records: Records) -> Variables:
    """A long word of a name with one letter in its middle made another."""
    while True:
        words = [word for word in tokens(rng.choice(records).name) if len(word) > 6 and re.fullmatch("[a-z]+", word)]
        if words:
            word = rng.choice(words)
            position = rng.randrange(2, len(word) - 2)
            return {"text": word[:position] + rng.choice("kqvxz") + word[position + 1 :]}


def _text(record: Organization) -> list[str]:
    cities = [location.address.city or "" for location in record.locations if location.address]
    return tokens(" ".join((record.name, record.summary or "", record.description or "", *cities)))


def _by_text(variables: Variables) -> Question:
    return Question(text=variables["text"])


def _nothing(_rng: Random, _records: Records) -> Variables:
    return {}


@cache
def _themes() -> list[str]:
    return sorted(ISSUE_AREAS.terms)


@cache
def _states() -> tuple[list[str], list[int]]:
    """Weighted by their postal codes, as a stand-in for their people."""
    codes = sorted(region.code for region in REGIONS.of_kind(RegionKind.STATE) if gazetteer().state(region.code))
    places = [gazetteer().state(code) for code in codes]
    return codes, [place.postal_codes for place in places if place]


@cache
def _cities() -> list[Place]:
    return sorted(gazetteer().cities(), key=lambda city: (-city.postal_codes, city.id))[:LARGEST_CITIES]


SIX = (
    Kind("Q1", "organization by slug, with themes and places", _one),
    Kind("Q2", "page of 20 by theme (with narrower) and state, total", _theme_and_state, _by_theme_and_state),
    Kind("Q3", "three words, first 20, total, facets by theme and state", _words, _by_text),
    Kind("Q4", "within 50 km on a theme, by distance", _near, _within_radius),
    Kind("Q5", "map points in a box, up to 2,000", _box),
    Kind("Q6", "all facet counts", _nothing),
)
TEXTS = (
    Kind("phrase", "three quoted words, first 20, total, facets by theme and state", _phrase, _by_text),
    Kind("prefix", "the beginning of a word, first 20, total, facets by theme and state", _prefix, _by_text),
    Kind("misspelt", "a misspelt word, first 20, total, facets by theme and state", _misspelt, _by_text),
)
FURTHER = (
    Kind("typename", "{ __typename }", _nothing),
    Kind("leaves", "page of 20 with 39 leaf values each", _theme_and_state),
    Kind("repeated", "the page by theme and state, repeated", _populous),
)
