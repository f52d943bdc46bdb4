"""The questions that are measured: each kind as a GraphQL document, and as a Question for searches alone.

Every request has its own variables, drawn from a seed over the whole vocabulary: all themes and states, and the slugs, words and
places of all records. States are drawn by their numbers of postal codes, as people ask about places where people live.
"""

from collections.abc import Callable
from itertools import cycle, islice
from random import Random

from msgspec import Struct

from benchmarks import variables as draws
from benchmarks.documents import DOCUMENTS
from benchmarks.variables import Records, Variables, list_active_records
from directory.geo import Point
from directory.question import Near, OrderField, Question, RegionFilter, SortOrder, TermFilter

MARK_LIMIT = 2_000


class QuestionKind(Struct, frozen=True):
    """One kind of question. `draw` returns the variables of a request, `question` converts them to a Question.

    `vary` returns other variables, whose answer has the same records; None if all answers have the same records or none.
    With the variables `empty`, no record is read.
    """

    key: str
    title: str
    draw: Callable[[Random, Records], Variables]
    question: Callable[[Variables], Question] = lambda _: Question()
    vary: Callable[[Variables], Variables] | None = None
    empty: Variables = {}

    @property
    def document(self) -> str:
        return DOCUMENTS[self.key]

    @property
    def has_variables(self) -> bool:
        return "$" in self.document and self.key != "repeated"


def draw_variables(kind: QuestionKind, count: int, size: int) -> list[Variables]:
    """Return `count` variables in random order, all different unless the directory is too small for that."""
    rng, records, different = Random(kind.key), list_active_records(size), dict[str, Variables]()
    for _ in range(count * 50 if kind.has_variables else 1):
        variables = kind.draw(rng, records)
        different[repr(variables)] = variables
        if len(different) == count:
            break
    shuffled = list(different.values())
    rng.shuffle(shuffled)  # frequent ones are drawn first
    return list(islice(cycle(shuffled), count))


def _build_theme_question(variables: Variables) -> Question:
    return Question(issue_areas=TermFilter(any_of=(variables["theme"],)), regions=RegionFilter(any_of=(variables["state"],)))


def _build_radius_question(variables: Variables) -> Question:
    near = Near(Point(variables["latitude"], variables["longitude"]), variables["radius"])
    return Question(issue_areas=TermFilter(any_of=(variables["theme"],)), near=near, order=SortOrder(OrderField.DISTANCE))


def _build_text_question(variables: Variables) -> Question:
    return Question(text=variables["text"])


_OCEAN = {"south": -40.0, "west": -130.0, "north": -39.0, "east": -129.0}

MAIN_KINDS = (
    QuestionKind(
        "Q1",
        "organization by slug, with themes and places",
        draws.draw_slug,
        vary=dict,  # no other variables show the same record
        empty={"slug": "no-such-organization"},
    ),
    QuestionKind(
        "Q2",
        "page of 20 by theme (with narrower) and state, total",
        draws.draw_page,
        _build_theme_question,
        vary=lambda page: page | {"first": draws.PAGE + 1},
        empty={"theme": "housing", "state": "US-ZZ", "first": draws.PAGE},  # refused
    ),
    QuestionKind(
        "Q3",
        "three words, first 20, total, facets by theme and state",
        draws.draw_words,
        _build_text_question,
        vary=lambda words: {"text": words["text"] + " "},
        empty={"text": "zzqxv qqxzv"},
    ),
    QuestionKind(
        "Q4",
        "within 50 km on a theme, by distance",
        draws.draw_circle,
        _build_radius_question,
        vary=lambda circle: circle | {"radius": draws.RADIUS_KM + 1},
        empty={"theme": "housing", "latitude": _OCEAN["south"], "longitude": _OCEAN["west"], "radius": 1},
    ),
    QuestionKind(
        "Q5",
        "map points in a box, up to 2,000",
        draws.draw_box,
        vary=lambda variables: {"box": variables["box"] | {"north": variables["box"]["north"] - 0.0001}},
        empty={"box": _OCEAN},
    ),
    QuestionKind("Q6", "all facet counts", draws.draw_nothing),
)
TEXT_KINDS = (
    QuestionKind(
        "phrase", "three quoted words, first 20, total, facets by theme and state", draws.draw_phrase, _build_text_question
    ),
    QuestionKind(
        "prefix", "the beginning of a word, first 20, total, facets by theme and state", draws.draw_prefix, _build_text_question
    ),
    QuestionKind(
        "misspelt",
        "a misspelt word, first 20, total, facets by theme and state",
        draws.draw_misspelled_word,
        _build_text_question,
    ),
    QuestionKind("sentence", "understanding a sentence about a theme, a community and a city", draws.draw_sentence),
)
HTTP_KINDS = (
    QuestionKind("typename", "{ __typename }", draws.draw_nothing),
    QuestionKind(
        "leaves",
        "page of 20 with 39 leaf values each",
        draws.draw_theme_and_state,
        empty={"theme": "housing", "state": "US-ZZ"},  # refused
    ),
    QuestionKind("repeated", "the page by theme and state, repeated", draws.draw_populous_state),
)
