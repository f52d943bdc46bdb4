"""The questions that are measured: each kind as a GraphQL document, and as a Question for searches alone.

Every request has its own variables, drawn from a seed. They are the same at every size, so that sizes can be compared: slugs and
words come from the first records, which are the same in every network.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import cycle, islice
from random import Random
from typing import Any

from msgspec import Struct

from benchmarks.documents import DOCUMENTS
from benchmarks.fictional_networks import build_organizations
from directory.gazetteer.gazetteer import get_gazetteer
from directory.gazetteer.place import Place
from directory.geo import Box, Point
from directory.question import Near, OrderField, Question, RegionFilter, SortOrder, TermFilter
from directory.records import MembershipStatus, Organization
from directory.search.text.analysis import STOP_WORDS, tokenize
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS

RADIUS_KM = 50
WORD_COUNT = 3
MARK_LIMIT = 2_000
LARGEST_CITIES = 300
RECORD_POOL_SIZE = 1_000  # records from which slugs and words are taken
Variables = dict[str, Any]
Records = Sequence[Organization]


class QuestionKind(Struct, frozen=True):
    """One kind of question. `draw` returns the variables of a request, `question` converts them to a Question."""

    key: str
    title: str
    draw: Callable[[Random, Records], Variables]
    question: Callable[[Variables], Question] = lambda _: Question()

    @property
    def document(self) -> str:
        return DOCUMENTS[self.key]

    @property
    def has_variables(self) -> bool:
        return "$" in self.document and self.key != "repeated"


def draw_variables(kind: QuestionKind, count: int, size: int) -> list[Variables]:
    """Return `count` variables, all different unless the directory is too small for that."""
    rng, records, different = Random(kind.key), list_active_records(min(size, RECORD_POOL_SIZE)), dict[str, Variables]()
    for _ in range(count * 20 if kind.has_variables else 1):
        variables = kind.draw(rng, records)
        different[repr(variables)] = variables
        if len(different) == count:
            break
    return list(islice(cycle(different.values()), count))


@cache
def list_active_records(count: int) -> Records:
    """Return the active members among the first `count` records. Searches find only these by default."""
    return [record for record in build_organizations(count) if record.membership.status is MembershipStatus.ACTIVE]


def _draw_slug(rng: Random, records: Records) -> Variables:
    return {"slug": rng.choice(records).slug}


def _draw_theme_and_state(rng: Random, _records: Records) -> Variables:
    return {"theme": rng.choice(_list_themes()), "state": rng.choices(*_list_weighted_states())[0]}


def _draw_populous_state(_rng: Random, _records: Records) -> Variables:
    return {"theme": "housing", "state": "US-CA"}


def _build_theme_question(variables: Variables) -> Question:
    return Question(issue_areas=TermFilter(any_of=(variables["theme"],)), regions=RegionFilter(any_of=(variables["state"],)))


def _draw_circle(rng: Random, _records: Records) -> Variables:
    point = rng.choice(_list_largest_cities()).point
    return {"theme": rng.choice(_list_themes()), "latitude": point.latitude, "longitude": point.longitude, "radius": RADIUS_KM}


def _build_radius_question(variables: Variables) -> Question:
    near = Near(Point(variables["latitude"], variables["longitude"]), RADIUS_KM)
    return Question(issue_areas=TermFilter(any_of=(variables["theme"],)), near=near, order=SortOrder(OrderField.DISTANCE))


def _draw_box(rng: Random, _records: Records) -> Variables:
    point, half = rng.choice(_list_largest_cities()).point, rng.uniform(0.5, 4)
    south, north = max(-90, point.latitude - half), min(90, point.latitude + half)
    west, east = max(-180, point.longitude - 1.5 * half), min(180, point.longitude + 1.5 * half)
    return {"box": {"south": round(south, 4), "west": round(west, 4), "north": round(north, 4), "east": round(east, 4)}}


def build_box(variables: Variables) -> Box:
    return Box(**variables["box"])


def _draw_words(rng: Random, records: Records) -> Variables:
    """Draw three words of one record, so that at least one record matches."""
    while True:
        words = sorted({word for word in _list_tokens(rng.choice(records)) if len(word) > 3 and word not in STOP_WORDS})
        if len(words) >= WORD_COUNT:
            return {"text": " ".join(rng.sample(words, WORD_COUNT))}


def _draw_phrase(rng: Random, records: Records) -> Variables:
    while True:
        words = tokenize(rng.choice(records).summary or "")
        if len(words) > 2:
            start = rng.randrange(len(words) - 2)
            return {"text": f'"{" ".join(words[start : start + 3])}"'}


def _draw_prefix(rng: Random, records: Records) -> Variables:
    word = rng.choice([word for word in tokenize(rng.choice(records).name) if len(word) > 3])
    return {"text": word[: rng.randint(3, len(word))]}


def _draw_misspelled_word(rng: Random, records: Records) -> Variables:
    """Draw a long word of a name and change one letter in the middle."""
    while True:
        words = [word for word in tokenize(rng.choice(records).name) if len(word) > 6 and re.fullmatch("[a-z]+", word)]
        if words:
            word = rng.choice(words)
            position = rng.randrange(2, len(word) - 2)
            return {"text": word[:position] + rng.choice("kqvxz") + word[position + 1 :]}


def _list_tokens(record: Organization) -> list[str]:
    cities = [location.address.city or "" for location in record.locations if location.address]
    return tokenize(" ".join((record.name, record.summary or "", record.description or "", *cities)))


def _build_text_question(variables: Variables) -> Question:
    return Question(text=variables["text"])


def _draw_nothing(_rng: Random, _records: Records) -> Variables:
    return {}


@cache
def _list_themes() -> list[str]:
    return sorted(ISSUE_AREAS.terms)


@cache
def _list_weighted_states() -> tuple[list[str], list[int]]:
    """Return the states and their numbers of postal codes, which approximate their populations."""
    codes = sorted(region.code for region in REGIONS.list_of_kind(RegionKind.STATE) if get_gazetteer().find_state(region.code))
    places = [get_gazetteer().find_state(code) for code in codes]
    return codes, [place.postal_codes for place in places if place]


@cache
def _list_largest_cities() -> list[Place]:
    return sorted(get_gazetteer().iter_cities(), key=lambda city: (-city.postal_codes, city.id))[:LARGEST_CITIES]


MAIN_KINDS = (
    QuestionKind("Q1", "organization by slug, with themes and places", _draw_slug),
    QuestionKind("Q2", "page of 20 by theme (with narrower) and state, total", _draw_theme_and_state, _build_theme_question),
    QuestionKind("Q3", "three words, first 20, total, facets by theme and state", _draw_words, _build_text_question),
    QuestionKind("Q4", "within 50 km on a theme, by distance", _draw_circle, _build_radius_question),
    QuestionKind("Q5", "map points in a box, up to 2,000", _draw_box),
    QuestionKind("Q6", "all facet counts", _draw_nothing),
)
TEXT_KINDS = (
    QuestionKind("phrase", "three quoted words, first 20, total, facets by theme and state", _draw_phrase, _build_text_question),
    QuestionKind(
        "prefix", "the beginning of a word, first 20, total, facets by theme and state", _draw_prefix, _build_text_question
    ),
    QuestionKind(
        "misspelt", "a misspelt word, first 20, total, facets by theme and state", _draw_misspelled_word, _build_text_question
    ),
)
HTTP_KINDS = (
    QuestionKind("typename", "{ __typename }", _draw_nothing),
    QuestionKind("leaves", "page of 20 with 39 leaf values each", _draw_theme_and_state),
    QuestionKind("repeated", "the page by theme and state, repeated", _draw_populous_state),
)
