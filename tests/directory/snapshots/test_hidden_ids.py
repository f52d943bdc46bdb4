"""An id of an organization that an audience does not see is, in every part of a search, like an id of none."""

import gc
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from types import FrameType
from typing import Any

import pytest
from msgspec.structs import replace

from directory.errors import BadInput
from directory.filters.filter_parts import FilterPart, list_filter_parts
from directory.filters.query_strings import format_query_string, parse_query_string
from directory.geo import Point
from directory.live import Directory
from directory.question import FACETS, Filter, Near, Question, TermFilter
from directory.records import Audience, StoredOrganization
from directory.search.search_result import Match, SearchResult
from directory.search.snapshot import Snapshot
from directory.store.ledger.edits import Put
from directory.vocabulary.region_files import RegionKind
from tests.builders import NOW, a_stored_location, a_stored_organization, an_id

PUBLIC, MEMBERS, STAFF = Audience.PUBLIC, Audience.MEMBERS, Audience.STAFF
ATLANTA = Near(Point(33.7, -84.4), 50.0)
HOUSING = TermFilter(("housing",))


def a_record(name: str, audience: Audience = PUBLIC, parent: str | None = None) -> StoredOrganization:
    place = a_stored_location("Atlanta", "US-GA")
    return a_stored_organization(
        name,
        audience=audience,
        parent=parent and an_id(parent),
        issue_areas=("housing",),
        sites=(replace(place, id=an_id(name)),),
    )


RECORDS = [
    a_record("Open Parent"),
    a_record("Members Parent", MEMBERS),
    a_record("Staff Parent", STAFF),
    a_record("Hidden Parent", STAFF),
    *(
        a_record(f"{audience.value} branch of {parent}", audience, f"{parent} Parent")
        for parent in ("Open", "Members", "Staff", "Hidden")
        for audience in Audience
    ),
]
# Each audience, and what it does not see: a parent with public branches, a record of its own, and a branch of a public parent.
HIDDEN_FROM = [
    (PUBLIC, "Staff Parent"),
    (PUBLIC, "Members Parent"),
    (PUBLIC, "MEMBERS branch of Open"),
    (PUBLIC, "STAFF branch of Open"),
    (MEMBERS, "Staff Parent"),
    (MEMBERS, "Hidden Parent"),
    (MEMBERS, "STAFF branch of Members"),
]
QUESTIONS: dict[str, Callable[[str], Question]] = {
    "ids": lambda one: Question(ids=(one,)),
    "ids with others": lambda one: Question(ids=(one, an_id("Open Parent"))),
    "parent": lambda one: Question(parent=one),
    "parent and a theme": lambda one: Question(parent=one, issue_areas=HOUSING),
    "an alternative": lambda one: Question(clauses=((Filter(ids=(one,)), Filter(parent=an_id("Open Parent"))),)),
    "an alternative to a theme": lambda one: Question(clauses=((Filter(parent=one), Filter(issue_areas=HOUSING)),)),
    "a required alternative": lambda one: Question(clauses=((Filter(parent=one), Filter(ids=(one,))),), issue_areas=HOUSING),
    "near": lambda one: Question(parent=one, clauses=((Filter(near=ATLANTA), Filter(ids=(one,))),)),
    "words": lambda one: Question(text="of", optional_words=("open",), clauses=((Filter(ids=(one,)), Filter(parent=one)),)),
}


def find_random_id(hidden: str) -> str:
    """Return an id that no organization has ever had, on the same side of the other ids of a list, which is sorted."""
    other = an_id("Open Parent")
    candidates = (an_id(f"nobody {number}") for number in count())
    return next(one for one in candidates if (one < other) == (an_id(hidden) < other))


every_hidden_id = pytest.mark.parametrize(("audience", "hidden"), HIDDEN_FROM)
every_question = pytest.mark.parametrize("name", QUESTIONS)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    """Records that were hidden from the start, and one that was public before."""
    url = f"sqlite:///{tmp_path_factory.mktemp('hidden') / 'directory.db'}"
    with closing(Directory.open(url)) as directory:
        before = [replace(one, audience=PUBLIC) if one.name == "Hidden Parent" else one for one in RECORDS]
        directory.write([Put(one) for one in before], actor="a test", now=NOW, reason="test")
        directory.build_snapshots(Audience)
        hide = [Put(one) for one in RECORDS if one.name == "Hidden Parent"]
        directory.write(hide, actor="a test", now=NOW, reason="test")
        yield directory


def read_everything(snapshot: Snapshot, question: Question) -> dict[str, Any]:
    """Return all parts of a result, with the id that was asked for left out of the texts of the question."""
    result = snapshot.find(question)
    return {
        "total": result.total,
        "hits": [
            (hit.organization.name, hit.distance_km, hit.match.region_reason, hit.match.highlights) for hit in result.page.hits
        ],
        "facets": [result.count_facet(facet) for facet in (*FACETS, "kinds")],
        "regions": result.count_regions(RegionKind.STATE),
        "not stated": result.location_not_stated,
        "map": [(mark.point, mark.count) for mark in result.build_map().marks],
        "relaxations": [(one.kind, one.count, format_query_string(one.question)) for one in result.relaxations],
        "parts": [format_part(part, snapshot) for part in list_filter_parts(question)],
    }


def read_match(match: Match) -> tuple[Any, ...]:
    return match.tier, match.region_reason, match.highlights, match.issue_areas


def format_part(part: FilterPart, snapshot: Snapshot) -> tuple[Any, ...]:
    return part.field, part.value, part.label("en", snapshot.find_name), part.label("es", snapshot.find_name)


def without_id(value: Any, identity: str) -> str:
    return repr(value).replace(identity, "ID")


@every_hidden_id
@every_question
def test_a_hidden_id_gives_the_answers_of_a_random_one(directory: Directory, audience: Audience, hidden: str, name: str) -> None:
    snapshot, ask = directory.get_snapshot(audience), QUESTIONS[name]
    known, unknown = an_id(hidden), find_random_id(hidden)
    answers, expected = (read_everything(snapshot, ask(identity)) for identity in (known, unknown))
    different = {part for part in answers if without_id(answers[part], known) != without_id(expected[part], unknown)}
    assert different == set()


@every_question
def test_staff_get_other_answers(directory: Directory, name: str) -> None:
    """So the test above would notice an audience that finds what it must not see."""
    snapshot, ask = directory.get_snapshot(STAFF), QUESTIONS[name]
    answers = [read_everything(snapshot, ask(an_id(one)))["hits"] for _, one in HIDDEN_FROM]
    expected = read_everything(snapshot, ask(an_id("nobody")))["hits"]
    assert name == "an alternative to a theme" or any(answer != expected for answer in answers)  # all have the theme


@every_hidden_id
@every_question
def test_a_hidden_id_takes_the_same_work(directory: Directory, audience: Audience, hidden: str, name: str) -> None:
    snapshot, ask = directory.get_snapshot(audience), QUESTIONS[name]
    questions = [ask(identity) for identity in (find_random_id(hidden), an_id(hidden))]
    for question in questions:
        SearchResult(question, snapshot.index).count_regions(RegionKind.STATE)  # fills the caches
    work = [count_calls(lambda question=question: read_rows(snapshot, question)) for question in questions]  # type: ignore[misc]
    assert work[0] == work[1]
    assert work[0].total() > 50


def read_rows(snapshot: Snapshot, question: Question) -> None:
    result = snapshot.find(question)
    _ = result.total, [hit.cursor for hit in result.page.hits], result.count_facet("issue_areas")
    result.count_regions(RegionKind.STATE)


def count_calls(action: Callable[[], object]) -> Counter[str]:
    """Count the calls of Python and C functions by name."""
    calls = Counter[str]()

    def count(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            calls[frame.f_code.co_qualname] += 1
        elif event == "c_call":
            calls[argument.__qualname__] += 1

    gc.disable()  # hypothesis counts the time of garbage collection in a function of its own
    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls


@every_hidden_id
def test_a_search_in_a_url_is_read_the_same(directory: Directory, audience: Audience, hidden: str) -> None:
    snapshot, known, unknown = directory.get_snapshot(audience), an_id(hidden), find_random_id(hidden)
    for text in ("id=ID", "parent=ID", "any=id=ID|parent=ID", "any=parent=ID%26issue=housing|kind=UNION"):
        questions = [parse_query_string(text.replace("ID", identity)) for identity in (known, unknown)]
        totals = [snapshot.find(question).total for question in questions]
        assert totals[0] == totals[1], text
        parts = list(map(list_filter_parts, questions))
        assert without_id(parts[0], known) == without_id(parts[1], unknown)


@pytest.mark.parametrize("text", ["id=ID%21", "parent=ID%20", "any=id=ID|q=a", "id=ID&near=organization:ID"])
@every_hidden_id
def test_a_refusal_is_the_same(directory: Directory, audience: Audience, hidden: str, text: str) -> None:
    def read_refusal(identity: str) -> str:
        with pytest.raises(BadInput) as refusal:
            parse_query_string(text.replace("ID", identity), lambda _: None)
        return without_id((str(refusal.value), refusal.value.params), identity)

    assert read_refusal(an_id(hidden)) == read_refusal(find_random_id(hidden))
