"""Optional words match like words of a text, but only order and highlight. test_oracle.py compares whole lists."""

import pytest
from msgspec.structs import replace

from directory.question import Question, RegionFilter, SortOrder, TermFilter
from directory.question.list_page import OrderField
from directory.records import Audience, Organization
from directory.search.search_index import SearchIndex
from directory.search.search_result import SearchResult
from directory.search.searched_fields import ORGANIZATION_FIELDS
from directory.search.text.indexed_fields import INDEXED_FIELDS
from tests.builders import an_organization

RECORDS = [
    an_organization("Alder", summary="Nothing of interest."),
    an_organization("Birch", summary="A law clinic."),
    an_organization("Cedar Laws", description="Radio songs."),
    an_organization("Dogwood", work_areas=("law",)),
    an_organization("Elm", summary="Lawyer", service_areas=("US-GA",)),
]


def list_names(question: Question, records: list[Organization] = RECORDS) -> list[str]:
    return [hit.organization.name for hit in SearchResult(question, SearchIndex.build(records)).page.hits]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("law",), ["Birch", "Cedar Laws", "Dogwood", "Alder", "Elm"]),
        (("law", "radio"), ["Cedar Laws", "Birch", "Dogwood", "Alder", "Elm"]),
        (("clini",), ["Alder", "Birch", "Cedar Laws", "Dogwood", "Elm"]),  # no prefix
        (("cliinic",), ["Alder", "Birch", "Cedar Laws", "Dogwood", "Elm"]),  # no typo
        (("of", "a", "the"), ["Alder", "Birch", "Cedar Laws", "Dogwood", "Elm"]),  # stop words
    ],
)
def test_records_with_more_of_the_words_come_first(words: tuple[str, ...], names: list[str]) -> None:
    assert list_names(Question(optional_words=words)) == names


def test_the_place_comes_before_optional_words_and_these_before_the_text() -> None:
    located = Question(optional_words=("law",), regions=RegionFilter(("US-GA",)))
    assert list_names(located, [*RECORDS, an_organization("Fir Law", service_areas=("US",))]) == ["Elm", "Fir Law"]
    records = [an_organization("Radio"), an_organization("Oak", summary="radio law")]
    assert list_names(Question(text="radio"), records) == ["Radio", "Oak"]
    assert list_names(Question(text="radio", optional_words=("law",)), records) == ["Oak", "Radio"]


def test_other_orders_ignore_them() -> None:
    question = Question(optional_words=("law",), order=SortOrder(OrderField.NAME))
    assert list_names(question) == ["Alder", "Birch", "Cedar Laws", "Dogwood", "Elm"]


def test_optional_words_are_highlighted_with_those_of_the_text() -> None:
    index = SearchIndex.build(RECORDS)

    def mark(question: Question) -> dict[str, list[str]]:
        hits = SearchResult(question, index).page.hits
        return {
            hit.organization.name: [part.text for one in hit.match.highlights for part in one.segments if part.matched]
            for hit in hits
        }

    words = mark(Question(optional_words=("law",)))
    assert words.pop("Dogwood")  # the label of the work area
    assert words == {"Birch": ["law"], "Cedar Laws": ["Laws"], "Alder": [], "Elm": []}
    assert mark(Question(text="radio", optional_words=("law",))) == {"Cedar Laws": ["Laws", "Radio"]}


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.MEMBERS])
def test_hidden_fields_and_records_do_not_count(audience: Audience) -> None:
    texts = {**INDEXED_FIELDS, "summary": replace(INDEXED_FIELDS["summary"], audience=Audience.STAFF)}
    fields = replace(ORGANIZATION_FIELDS, texts=texts)
    index = SearchIndex.build(RECORDS, fields).narrow(audience, RECORDS[1:])
    result = SearchResult(Question(optional_words=("clinic",), issue_areas=TermFilter()), index)
    assert [hit.organization.name for hit in result.page.hits] == ["Birch", "Cedar Laws", "Dogwood", "Elm"]
    assert result.order.optional_match is not None
    assert list(result.order.optional_match.split_by_key(result.rows)) == [((0,), result.rows)]
