from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.fields import FIELDS, TEXT_FIELDS
from directory.geo import Precision
from directory.records import Address, Location, Organization
from directory.search.text.analysis import tokenize
from directory.search.text.highlights import ELLIPSIS, MAX_LEAD_LENGTH, WINDOW_LENGTH, Highlight, Highlighter, iter_spans
from directory.search.text.word_index import WordIndex
from tests.builders import an_alternative_name, an_organization
from tests.directory.search.reference_text_match import ReferenceTermRows


def highlights(text: str, organization: Organization) -> tuple[Highlight, ...]:
    match = WordIndex.build([(0, organization)]).match(text, ReferenceTermRows({0: organization}))
    assert match is not None
    return Highlighter([match.highlights]).highlight(organization)


def mark_matches(text: str, organization: Organization) -> list[tuple[str, str]]:
    """Return fields with their texts, with matched segments in brackets."""
    return [
        (one.field, "".join(f"[{part.text}]" if part.matched else part.text for part in one.segments))
        for one in highlights(text, organization)
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Niñez y Juventud", "ninez", "[Niñez] y Juventud"),
        ("Nin\u0303ez, hoy", "niñez", "[Nin\u0303ez], hoy"),
        ("Anti-Eviction Mapping", "eviction", "Anti-[Eviction] Mapping"),
        ("(Housing), rights!", "housing rights", "([Housing]), [rights]!"),
        ("U.S. Network.", "us", "[U.S]. Network."),
        ("R&B Arts", "b", "[R&B] Arts"),
        ("Women’s House", "womens", "[Women’s] House"),
        ("Houses for All", "housing", "[Houses] for All"),
        ("Households", "hous", "[Households]"),
        ("The House of Art", "the house of", "The [House] of Art"),
        ("Fair Fair Housing", '"fair housing"', "Fair [Fair] [Housing]"),
        ("Imigrant Union", "immigrant", "[Imigrant] Union"),
    ],
)
def test_matched_words_of_a_name(name: str, text: str, expected: str) -> None:
    assert mark_matches(text, an_organization(name)) == [("name", expected)]


def test_exactly_the_fields_with_a_match_are_highlighted() -> None:
    atlanta = Location("l", Precision.CITY, ("US-GA",), address=Address("US", "GA", "Fulton County", "Atlanta"))
    one = an_organization(
        "Casa",
        names=(an_alternative_name("Housing Home"), an_alternative_name("Other")),
        issue_areas=("tenants", "policing"),
        communities=("black",),
        work_areas=("law",),
        languages=("es",),
        locations=(atlanta,),
        summary="Black homes.",
        description="Nothing.",
    )
    assert mark_matches("housing black georgia spanish", one) == [
        ("names", "[Housing] Home"),
        ("issueAreas", "[Tenants' rights and eviction]"),
        ("communities", "[Black] communities"),
        ("languages", "[Spanish]"),
        ("locations", "Atlanta, [Georgia]"),
        ("summary", "[Black] homes."),
    ]


def test_every_text_of_the_registry_is_highlighted() -> None:
    one = an_organization("Casa", **dict.fromkeys(TEXT_FIELDS, "Black homes."))
    assert mark_matches("black", one) == [(FIELDS[name].graphql_name, "[Black] homes.") for name in TEXT_FIELDS]


def test_a_quoted_place() -> None:
    location = Location("l", Precision.CITY, ("US-GA",), address=Address("US", "GA", None, "Atlanta"))
    assert mark_matches('"atlanta ga"', an_organization("X", locations=(location,))) == [("locations", "[Atlanta], [GA]")]


def test_a_record_that_does_not_match_has_none() -> None:
    assert highlights("housing", an_organization("Casa")) == ()


def test_a_long_description_is_cut_around_its_first_match() -> None:
    description = "Lorem ipsum dolor. " * 40 + "They stop evictions, every day. " + "Sit amet elit. " * 40
    (found,) = highlights("evictions", an_organization("Casa", description=description))
    shown = "".join(part.text for part in found.segments)
    assert shown.startswith(ELLIPSIS)
    assert shown.endswith(ELLIPSIS)
    assert shown.strip(ELLIPSIS) in description
    assert len(shown) <= WINDOW_LENGTH + 2
    assert [part.text for part in found.segments if part.matched] == ["evictions"]
    assert all(word in description.split() for word in shown.strip(ELLIPSIS).split()[:-1])


def test_a_match_at_either_end_is_cut_at_the_other() -> None:
    middle = "Sit amet elit. " * 40
    (early,) = highlights("evictions", an_organization("Casa", description="Evictions. " + middle))
    (late,) = highlights("evictions", an_organization("Casa", description=middle + "Evictions."))
    assert early.segments[0].text == "Evictions"
    assert early.segments[-1].text.endswith(ELLIPSIS)
    assert late.segments[0].text.startswith(ELLIPSIS)
    assert late.segments[-1].text == "."


WRITTEN = st.text("abñé'’.&-,/ \u0301\u00a0½Ω中_", max_size=30)


@given(WRITTEN)
def test_spans_stand_for_the_words_of_the_text_in_order(text: str) -> None:
    spans = list(iter_spans(text))
    assert [word for span in spans for word in span.words] == tokenize(text)
    assert all(one.start < one.end <= other.start for one, other in pairwise(spans))


@given(WRITTEN, st.sampled_from(["a", "ab", "ne", "b", '"a b"', "and"]))
def test_segments_make_up_the_text_as_it_is_written(summary: str, text: str) -> None:
    one = an_organization("Zzz", summary=summary)
    for found in highlights(text, one):
        assert "".join(part.text for part in found.segments) == summary
        assert any(part.matched for part in found.segments)
        assert all(part.text for part in found.segments)


def test_the_window_holds_whole_words_up_to_its_edges() -> None:
    """The match starts at 160; a word starts MAX_LEAD_LENGTH before it, and another ends at the end of the window."""
    before = "x" * 19 + " "
    last = "y" * (160 - MAX_LEAD_LENGTH + WINDOW_LENGTH - 168)
    text = before * 8 + "gardens " + last + " the end"
    ((_, shown),) = mark_matches("gardens", an_organization("Casa", description=text))
    assert shown == f"{ELLIPSIS}{before * 3}[gardens] {last}{ELLIPSIS}"
