"""Organizations by coalition, and the names of coalitions and articles in words and suggestions."""

from typing import Any

import pytest
from msgspec.structs import replace

from directory.errors import BadCursor, BadInput
from directory.filters.query_strings import format_query_string
from directory.kinds import get_kind
from directory.question import Page, Question, TermFilter
from directory.question.record_question import KeyFilter, RecordQuestion
from directory.records import Audience, RecordKind
from directory.search.search_index import RecordChanges
from directory.search.snapshot import Snapshot, SnapshotChanges, SnapshotState
from directory.suggestions.suggest import suggest
from directory.understanding.event_words import understand_events
from directory.understanding.understand import understand
from tests.builders import (
    NOW,
    a_stored_coalition,
    a_stored_event,
    a_stored_instrument,
    a_stored_provision,
    an_id,
    an_organization,
    publish_for,
)

HARBOR = an_organization("Harbor Tenants Union", issue_areas=("tenants",))
RIVER = an_organization("River Workers Center", issue_areas=("workers",))
COALITION = publish_for(a_stored_coalition(members=["Harbor Tenants Union", "Somebody unseen"]))
THEME = publish_for(a_stored_coalition("Housing Justice", ["River Workers Center"]))
UDHR = publish_for(a_stored_instrument(acronym="UDHR"))
ARTICLES = [
    publish_for(a_stored_provision(str(number), issue_areas=("housing",) if number == 25 else ())) for number in (9, 10, 25)
]
RECOMMENDATION = publish_for(
    a_stored_provision(
        "26.25", id=an_id("recommendation"), slug="r-26-25", name="End evictions", cycle="3", issue_areas=("workers",)
    )
)
EVENT = publish_for(a_stored_event("Picnic", issue_areas=("housing",)))
RECORDS = [HARBOR, RIVER, COALITION, THEME, UDHR, *ARTICLES, RECOMMENDATION, EVENT]


def a_snapshot() -> Snapshot:
    slugs: dict[RecordKind, dict[str, str]] = {kind: {} for kind in RecordKind}
    for record in RECORDS:
        slugs[get_kind(record).name][record.slug] = record.id
    return Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), RECORDS, slugs, [])


SNAPSHOT = a_snapshot()


def find_names(question: Question, snapshot: Snapshot = SNAPSHOT) -> list[str]:
    return [hit.organization.name for hit in snapshot.find(question).page.hits]


def test_the_members_of_a_coalition_are_found_as_far_as_they_are_seen() -> None:
    assert find_names(Question(coalition="upr-task-force")) == [HARBOR.name]
    assert find_names(Question(coalition="upr-task-force", issue_areas=TermFilter(("workers",)))) == []


def test_an_unknown_coalition_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="Did you mean upr-task-force") as refusal:
        find_names(Question(coalition="upr-taskforce"))
    assert refusal.value.params["suggestions"] == ["upr-task-force"]
    with pytest.raises(BadInput, match="that `coalitions` lists"):
        find_names(Question(coalition="zzzz"))


def test_a_changed_coalition_changes_what_its_members_are() -> None:
    """Results are cached as long as the organizations stay the same, so a coalition must count too."""
    question = Question(coalition="upr-task-force")
    snapshot = a_snapshot()
    assert find_names(question, snapshot) == [HARBOR.name]
    changed = replace(COALITION, members=THEME.members)  # type: ignore[attr-defined]
    changes = {RecordKind.COALITION: RecordChanges((), [changed])}
    advanced = snapshot.with_changes(SnapshotChanges(SnapshotState(2, "v2"), changes, {}, []))
    assert find_names(question, advanced) == [RIVER.name]
    assert find_names(question, snapshot) == [HARBOR.name]
    assert advanced.index.rows is snapshot.index.rows


@pytest.mark.parametrize(
    ("words", "search"),
    [
        ("UPR task force", "coalition=upr-task-force"),
        ("members of the UPR Task Force near Atlanta", "coalition=upr-task-force"),
        ("who works on article 25", "issue=housing"),
        ("article 25 of the UDHR", "issue=housing"),
        ("quienes trabajan en el artículo 25 de la UDHR", "issue=housing"),
        ("UDHR 25", "issue=housing"),
        ("housing justice", "issue=housing"),  # a theme, although a coalition has this name
    ],
)
def test_words_name_coalitions_and_articles(words: str, search: str) -> None:
    assert search in format_query_string(understand(words, SNAPSHOT).question)


def test_a_recommendation_is_not_an_article() -> None:
    assert "workers" not in format_query_string(understand("article 26.25", SNAPSHOT).question)


def test_without_records_the_words_are_only_words() -> None:
    empty = Snapshot.build(Audience.PUBLIC, SnapshotState(1, "v1"), [HARBOR], {}, [])
    assert "coalition" not in format_query_string(understand("UPR task force", empty).question)


def list_suggestions(words: str) -> list[tuple[str, str]]:
    return [(one.kind.value, one.label()) for one in suggest(SNAPSHOT, words)]


@pytest.mark.parametrize(
    ("words", "suggestion"),
    [
        ("UPR task", ("COALITION", "UPR Task Force")),
        ("article 25", ("INSTRUMENT", "Article 25: Article 25")),
        ("udhr", ("INSTRUMENT", "Universal Declaration")),
        ("26.25", ("INSTRUMENT", "26.25: End evictions")),
        ("pic", ("EVENT", "Picnic")),
        ("events in June 2026", ("EVENT", "Picnic")),
        ("eventos en junio de 2026", ("EVENT", "Picnic")),
    ],
)
def test_records_are_suggested(words: str, suggestion: tuple[str, str]) -> None:
    assert suggestion in list_suggestions(words)


def test_events_of_other_months_are_not_suggested() -> None:
    assert ("EVENT", "Picnic") not in list_suggestions("events in May 2026")


def find(kind: RecordKind, **conditions: Any) -> list[str]:
    return [record.name for record in SNAPSHOT.find_records(RecordQuestion(kind=kind, **conditions)).nodes]


def test_provisions_are_in_the_order_of_their_numbers() -> None:
    assert find(RecordKind.PROVISION) == ["Article 9", "Article 10", "Article 25", "End evictions"]


def test_what_nobody_has_taken_up() -> None:
    assert find(RecordKind.PROVISION, taken_up=True) == ["Article 25", "End evictions"]
    assert find(RecordKind.PROVISION, taken_up=False) == ["Article 9", "Article 10"]
    assert [SNAPSHOT.count_members_with_terms(article.issue_areas) for article in ARTICLES] == [0, 0, 1]  # type: ignore[attr-defined]


def test_words_about_events_are_understood() -> None:
    for words, expected in (
        ("events about housing in June 2026", ["Picnic"]),
        ("events about housing in May 2026", []),
        ("picnic", ["Picnic"]),
        ("events about workers", []),
        ("events", ["Picnic"]),
    ):
        question = understand_events(words, SNAPSHOT, RecordQuestion(kind=RecordKind.EVENT))
        assert [record.name for record in SNAPSHOT.find_records(question).nodes] == expected, words


def test_pages_of_records_neither_skip_nor_repeat() -> None:
    seen, page = [], Page(first=1)
    while True:
        found = SNAPSHOT.find_records(RecordQuestion(kind=RecordKind.PROVISION, page=page))
        seen += [record.name for record in found.nodes]
        if not found.has_next_page:
            break
        page = Page(first=1, after=found.end_cursor)
    assert seen == find(RecordKind.PROVISION)
    backward = SNAPSHOT.find_records(RecordQuestion(kind=RecordKind.PROVISION, page=Page(last=2)))
    assert [record.name for record in backward.nodes] == seen[-2:]
    assert (backward.has_previous_page, backward.has_next_page) == (True, False)
    with pytest.raises(BadCursor):
        SNAPSHOT.find_records(RecordQuestion(kind=RecordKind.COALITION, page=Page(after=page.after)))


def test_a_naive_time_and_a_reversed_range_are_refused() -> None:
    with pytest.raises(BadInput, match="needs a time zone"):
        RecordQuestion(kind=RecordKind.EVENT, from_=NOW.replace(tzinfo=None))
    with pytest.raises(BadInput, match="`until` is before `from`"):
        RecordQuestion(kind=RecordKind.EVENT, from_=NOW, until=NOW.replace(year=2020))


def test_keys_of_sets_are_exact() -> None:
    assert find(RecordKind.COALITION, keys=(KeyFilter("member", (HARBOR.id,)),)) == ["UPR Task Force"]
    assert find(RecordKind.COALITION, keys=(KeyFilter("member", (an_id("Nobody"),)),)) == []
