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


def origin_of(id: str) -> tuple[Point, str] | None:
    return (Point(33.7, -84.4), "Somebody") if ORGANIZATION.endswith(id) else None


# ---------------------------------------------------------------- addresses


def test_a_question_that_asks_nothing_has_no_parts_and_an_empty_address() -> None:
    assert list_filter_parts(Question()) == ()
    assert format_query_string(Question()) == ""
    assert parse_query_string("") == parse_query_string("?") == Question()


def test_an_address_is_readable() -> None:
    assert format_query_string(HOUSING_NEAR_ATLANTA) == (
        "q=eviction+%22right+to+counsel%22&issue=housing&issue.not=policing&region=US-GA&by=SERVING&nationwide=EXCLUDE"
        "&near=city:US-GA:atlanta&radius=80.4672&order=DISTANCE"
    )


def test_keys_may_come_in_any_order_and_empty_ones_ask_nothing() -> None:
    asked = parse_query_string("?region=US-GA&kind=&q=+a%20b++&near=&radius=&issue=housing&located=")
    assert asked == Question(text="a b", issue_areas=TermFilter(("housing",)), regions=RegionFilter(("US-GA",)))


@pytest.mark.parametrize(
    "address",
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
def test_what_cannot_be_is_refused(address: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_query_string(address)
    assert type(refused.value) is BadInput


@pytest.mark.parametrize(
    ("address", "refusal"),
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
def test_what_is_not_known_is_refused(address: str, refusal: type[BadInput]) -> None:
    with pytest.raises(refusal):
        parse_query_string(address)


def test_an_organization_is_an_origin_for_whoever_can_find_it() -> None:
    asked = parse_query_string(f"near={ORGANIZATION}&radius=10", origin_of)
    assert asked.near == Near(Point(33.7, -84.4), 10, ORGANIZATION, "Somebody")
    assert format_query_string(asked) == f"near={ORGANIZATION}&radius=10"
    with pytest.raises(UnknownPlace):
        parse_query_string("near=organization:another", origin_of)


def test_a_near_that_was_made_elsewhere_is_written_as_coordinates() -> None:
    assert format_query_string(Question(near=Near(Point(33.750001, -84.39), 5.0))) == "near=33.75,-84.39&radius=5"


def some(vocabulary: object) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(sorted(vocabulary.terms)), max_size=3).map(tuple)  # type: ignore[attr-defined]


def terms(facet: str) -> st.SearchStrategy[TermFilter]:
    slugs = some(FACETS[facet])
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
def test_an_address_leads_back_to_its_question(question: Question) -> None:
    assert parse_query_string(format_query_string(question)) == replace(question, page=Page())


@given(questions)
def test_every_part_reads_in_both_languages(question: Question) -> None:
    for part in list_filter_parts(question):
        assert part.label()
        assert part.label("es-MX") == part.label("es") != ""


@given(questions, st.data())
def test_a_dropped_part_is_gone_and_the_others_stay(question: Question, data: st.DataObject) -> None:
    whole = list_filter_parts(question)
    dropped = set(data.draw(st.lists(st.sampled_from(whole)))) if whole else set()
    left = set(list_filter_parts(remove_filter_parts(question, dropped)))
    modifiers = {part for part in whole if part.field.endswith((".by", ".nationwide", ".narrower")) or part.value == "ACTIVE"}
    assert left <= set(whole) - dropped
    assert set(whole) - dropped - left <= modifiers
    assert remove_filter_parts(question, whole) == (Question() if whole else question)


# ---------------------------------------------------------------- dropping


def drop(question: Question, field: str, value: str) -> Question:
    return remove_filter_parts(question, [FilterPart(field, value)])


def test_dropping_nothing_changes_nothing_not_even_the_page() -> None:
    asked = Question(text='odd "quote', page=Page(first=3))
    assert remove_filter_parts(asked, []) is asked
    assert remove_filter_parts(asked, [FilterPart("issueAreas", "housing")]) is asked


def test_dropping_starts_at_the_first_page() -> None:
    asked = Question(text="tenants", page=Page(first=3, after="somewhere"))
    assert drop(asked, "query", "tenants") == Question()


def test_one_word_or_one_quoted_phrase_of_a_text_can_be_dropped() -> None:
    assert drop(HOUSING_NEAR_ATLANTA, "query", "eviction").text == '"right to counsel"'
    assert drop(HOUSING_NEAR_ATLANTA, "query", '"right to counsel"').text == "eviction"


def test_a_region_takes_along_how_it_was_meant() -> None:
    assert drop(HOUSING_NEAR_ATLANTA, "regions", "US-GA").regions == RegionFilter()
    two = Question(regions=RegionFilter(("US-GA", "US-AL"), by=RegionMatch.SERVING))
    assert drop(two, "regions", "US-AL").regions == RegionFilter(("US-GA",), by=RegionMatch.SERVING)


def test_an_origin_takes_along_the_order_by_distance() -> None:
    left = drop(HOUSING_NEAR_ATLANTA, "near", "city:US-GA:atlanta&radius=80.4672")
    assert (left.near, left.order) == (None, SortOrder())
    by_name = replace(HOUSING_NEAR_ATLANTA, order=SortOrder(OrderField.NAME))
    assert drop(by_name, "near", "city:US-GA:atlanta&radius=80.4672").order == SortOrder(OrderField.NAME)


def test_members_are_what_is_left_when_no_membership_is() -> None:
    asked = Question(membership=(MembershipStatus.PROSPECT,))
    assert [part.value for part in list_filter_parts(asked)] == ["PROSPECT"]
    assert drop(asked, "membership", "PROSPECT") == Question()
