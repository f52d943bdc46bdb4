import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from directory.errors import AmbiguousPlace, BadInput, UnknownPlace, UnknownRegion, UnknownTerm
from directory.filters.filter_parts import (
    FilterPart,
    list_filter_parts,
    remove_filter_parts,
)
from directory.filters.origins import resolve_near
from directory.filters.query_strings import format_query_string, parse_query_string
from directory.geo import Box, Point
from directory.question import (
    FACETS,
    Nationwide,
    Near,
    OrderField,
    Page,
    Question,
    RegionFilter,
    RegionMatch,
    SortOrder,
    TermFilter,
)
from directory.records import MembershipStatus, OrganizationKind

HOUSING_NEAR_ATLANTA = Question(
    text='eviction "right to counsel"',
    issue_areas=TermFilter(any_of=("housing",), none_of=("policing",)),
    regions=RegionFilter(("US-GA",), by=RegionMatch.SERVING, nationwide=Nationwide.EXCLUDE),
    near=resolve_near("Atlanta", 80.4672),
    order=SortOrder(OrderField.DISTANCE),
)
ORGANIZATION = "organization:6f1c2f0e-5a57-4a0e-9d5e-000000000001"


def find_origin(id: str) -> tuple[Point, str] | None:
    return (Point(33.7, -84.4), "Somebody") if ORGANIZATION.endswith(id) else None


# ---------------------------------------------------------------- query strings


def test_an_empty_question_has_no_parts_and_an_empty_query_string() -> None:
    assert list_filter_parts(Question()) == ()
    assert format_query_string(Question()) == ""
    assert parse_query_string("") == parse_query_string("?") == Question()


def test_a_query_string_is_readable() -> None:
    assert format_query_string(HOUSING_NEAR_ATLANTA) == (
        "q=eviction+%22right+to+counsel%22&issue=housing&issue.not=policing&region=US-GA&by=SERVING&nationwide=EXCLUDE"
        "&near=city:US-GA:atlanta&radius=80.4672&order=DISTANCE"
    )


def test_keys_may_come_in_any_order_and_empty_ones_are_ignored() -> None:
    question = parse_query_string("?region=US-GA&kind=&q=+a%20b++&near=&radius=&issue=housing&located=")
    assert question == Question(text="a b", issue_areas=TermFilter(("housing",)), regions=RegionFilter(("US-GA",)))


@pytest.mark.parametrize(
    "query_string",
    [
        "colour=red",
        "query=tenants",
        "colour=",
        "tenants",
        "q=%ff",
        "q=a&q=b",
        "by=SERVING&by=LOCATED",
        "kind=worker_center",
        "kind=CLUB",
        "located=maybe",
        "verified=20250131",
        "joined=2025-02-30",
        "within=1,2,3",
        "within=1,2,3,nan",
        "within=5,0,4,1",
        "radius=5",
        "near=33.7,-84.4&radius=1_0",
        "near=33.7,-84.4&radius=0",
        "near=33.7,-84.4&radius=-1",
        "near=33.7,-84.4&radius=1e5",
        "near=133,0",
        "near=33.7,-84.4&near=1,1",
        "order=SIZE",
        "order=DISTANCE",
        "issue.narrower=no",
    ],
)
def test_an_invalid_query_string_is_refused(query_string: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_query_string(query_string)
    assert type(refusal.value) is BadInput


@pytest.mark.parametrize(
    ("query_string", "error"),
    [
        ("issue=housin", UnknownTerm),
        ("language=xx", UnknownTerm),
        ("region=US-ZZ", UnknownRegion),
        ("region.not=Georgia", UnknownRegion),
        ("near=city:US-GA:nowhere", UnknownPlace),
        ("near=Springfield", AmbiguousPlace),
        (f"near={ORGANIZATION}", UnknownPlace),
    ],
)
def test_unknown_values_are_refused(query_string: str, error: type[BadInput]) -> None:
    with pytest.raises(error):
        parse_query_string(query_string)


def test_an_organization_can_be_an_origin() -> None:
    question = parse_query_string(f"near={ORGANIZATION}&radius=10", find_origin)
    assert question.near == Near(Point(33.7, -84.4), 10, ORGANIZATION, "Somebody")
    assert format_query_string(question) == f"near={ORGANIZATION}&radius=10"
    with pytest.raises(UnknownPlace):
        parse_query_string("near=organization:another", find_origin)


def test_a_near_without_a_reference_is_formatted_as_coordinates() -> None:
    assert format_query_string(Question(near=Near(Point(33.750001, -84.39), 5.0))) == "near=33.75,-84.39&radius=5"


def slug_tuples(vocabulary: object) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(sorted(vocabulary.terms)), max_size=3).map(tuple)  # type: ignore[attr-defined]


def terms(facet: str) -> st.SearchStrategy[TermFilter]:
    slugs = slug_tuples(FACETS[facet])
    return st.builds(TermFilter, slugs, slugs, slugs, st.booleans())


origins = st.builds(
    resolve_near,
    st.sampled_from(
        ["Atlanta", "30312", "Fulton County, GA", "Georgia", "New York", "US-SOUTH", "33.75,-84.39", "-1.00005,179.9999"]
    ),
    st.none() | st.floats(0.001, 20_000),
)
codes = st.lists(st.sampled_from(["US", "US-GA", "US-GA-121", "US-SOUTH", "BAY-AREA", "MX"]), max_size=3).map(tuple)
latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
boxes = st.builds(lambda a, b, west, east: Box(min(a, b), west, max(a, b), east), latitudes, latitudes, longitudes, longitudes)
questions = st.builds(
    Question,
    text=st.text(max_size=60),
    issue_areas=terms("issue_areas"),
    communities=terms("communities"),
    work_areas=terms("work_areas"),
    languages=terms("languages"),
    kinds=st.lists(st.sampled_from(OrganizationKind), max_size=3).map(tuple),
    membership=st.lists(st.sampled_from(MembershipStatus), max_size=3).map(tuple),
    regions=st.builds(RegionFilter, codes, codes, st.sampled_from(RegionMatch), st.sampled_from(Nationwide)),
    near=st.none() | origins,
    within=st.none() | boxes,
    location_stated=st.sampled_from([None, True, False]),
    verified_since=st.none() | st.dates(),
    joined_since=st.none() | st.dates(),
    order=st.builds(
        SortOrder, st.sampled_from([field for field in OrderField if field is not OrderField.DISTANCE]), st.booleans()
    ),
    page=st.sampled_from([Page(), Page(first=5)]),
)


@given(questions)
def test_parsing_reverses_formatting(question: Question) -> None:
    assert parse_query_string(format_query_string(question)) == replace(question, page=Page())


@given(questions)
def test_every_part_has_a_label_in_both_languages(question: Question) -> None:
    for part in list_filter_parts(question):
        assert part.label()
        assert part.label("es-MX") == part.label("es") != ""


@given(questions, st.data())
def test_removing_parts_keeps_the_others(question: Question, data: st.DataObject) -> None:
    parts = list_filter_parts(question)
    removed = set(data.draw(st.lists(st.sampled_from(parts)))) if parts else set()
    remaining = set(list_filter_parts(remove_filter_parts(question, removed)))
    modifiers = {part for part in parts if part.field.endswith((".by", ".nationwide", ".narrower")) or part.value == "ACTIVE"}
    assert remaining <= set(parts) - removed
    assert set(parts) - removed - remaining <= modifiers
    assert remove_filter_parts(question, parts) == (Question() if parts else question)


# ---------------------------------------------------------------- removing parts


def remove(question: Question, field: str, value: str) -> Question:
    return remove_filter_parts(question, [FilterPart(field, value)])


def test_removing_nothing_changes_nothing_not_even_the_page() -> None:
    question = Question(text='odd "quote', page=Page(first=3))
    assert remove_filter_parts(question, []) is question
    assert remove_filter_parts(question, [FilterPart("issueAreas", "housing")]) is question


def test_removing_a_part_returns_to_the_first_page() -> None:
    question = Question(text="tenants", page=Page(first=3, after="somewhere"))
    assert remove(question, "query", "tenants") == Question()


def test_a_word_or_a_quoted_phrase_of_the_text_can_be_removed() -> None:
    assert remove(HOUSING_NEAR_ATLANTA, "query", "eviction").text == '"right to counsel"'
    assert remove(HOUSING_NEAR_ATLANTA, "query", '"right to counsel"').text == "eviction"


def test_removing_the_last_region_removes_its_modifiers() -> None:
    assert remove(HOUSING_NEAR_ATLANTA, "regions", "US-GA").regions == RegionFilter()
    two = Question(regions=RegionFilter(("US-GA", "US-AL"), by=RegionMatch.SERVING))
    assert remove(two, "regions", "US-AL").regions == RegionFilter(("US-GA",), by=RegionMatch.SERVING)


def test_removing_the_origin_removes_the_order_by_distance() -> None:
    remaining = remove(HOUSING_NEAR_ATLANTA, "near", "city:US-GA:atlanta&radius=80.4672")
    assert (remaining.near, remaining.order) == (None, SortOrder())
    by_name = replace(HOUSING_NEAR_ATLANTA, order=SortOrder(OrderField.NAME))
    assert remove(by_name, "near", "city:US-GA:atlanta&radius=80.4672").order == SortOrder(OrderField.NAME)


def test_without_a_membership_the_question_means_members() -> None:
    question = Question(membership=(MembershipStatus.PROSPECT,))
    assert [part.value for part in list_filter_parts(question)] == ["PROSPECT"]
    assert remove(question, "membership", "PROSPECT") == Question()
