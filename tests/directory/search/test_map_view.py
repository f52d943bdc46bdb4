import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pyroaring import BitMap

from directory.errors import BadInput
from directory.geo import Box, Point, Precision
from directory.search.map_marks import MapMark
from directory.search.map_view import MapView, MatchingPoints, build_map_view
from directory.search.search_index import RecordChanges, SearchIndex
from tests.builders import a_location_at, an_organization

Degrees = tuple[float, float]

ATLANTA, DECATUR, BOSTON = (33.749, -84.388), (33.7748, -84.2963), (42.3601, -71.0589)
FIJI, SAMOA = (-18.1, 178.4), (-13.8, -171.8)  # on either side of the antimeridian

degrees = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
few_degrees = st.tuples(
    st.sampled_from([-90.0, -10.0, 0.0, 0.01, 33.7, 90.0]), st.sampled_from([-180.0, -84.4, 0.0, 0.01, 179.99])
)
members = st.lists(st.lists(degrees | few_degrees, max_size=3, unique=True), min_size=1, max_size=25)


def an_index(*members: list[Degrees]) -> SearchIndex:
    """Organizations named 00, 01 ... at these points."""
    located = (tuple(a_location_at(*point) for point in points) for points in members)
    return SearchIndex.build([an_organization(f"{number:02}", locations=locations) for number, locations in enumerate(located)])


def build_view(*members: list[Degrees], within: Box | None = None, zoom: float | None = None, limit: int = 500) -> MapView:
    index = an_index(*members)
    return build_map_view(MatchingPoints(index, index.rows.live_rows), within, zoom, limit)


def names(view: MapView) -> list[str | None]:
    return [mark.organization.name if mark.organization else None for mark in view.marks]


@pytest.mark.parametrize("limit", [0, -1, 2001])
def test_a_limit_out_of_range_is_refused(limit: int) -> None:
    with pytest.raises(BadInput) as refused:
        build_view([ATLANTA], limit=limit)
    assert refused.value.params["argument"] == "limit"


@pytest.mark.parametrize("zoom", [-0.1, 24.5, float("nan"), float("inf")])
def test_a_zoom_out_of_range_is_refused(zoom: float) -> None:
    with pytest.raises(BadInput) as refused:
        build_view([ATLANTA], zoom=zoom)
    assert refused.value.params["argument"] == "zoom"


def test_nothing_to_draw() -> None:
    nothing = build_view([], [], [])
    assert (nothing.marks, nothing.bounds, nothing.without_point) == ((), None, 3)
    assert build_view().marks == ()


def test_nothing_in_view_still_tells_where_the_matches_are() -> None:
    empty = build_view([ATLANTA], [], within=Box(0, 0, 1, 1))
    assert empty.marks == ()
    assert empty.bounds == Box(*ATLANTA, *ATLANTA)
    assert empty.without_point == 1


def test_only_what_matches_is_drawn() -> None:
    index = an_index([ATLANTA], [ATLANTA, BOSTON], [], [SAMOA])
    view = build_map_view(MatchingPoints(index, BitMap([1, 2])), None, None, 500)
    assert names(view) == ["01", "01"]
    assert view.bounds == Box(ATLANTA[0], ATLANTA[1], BOSTON[0], BOSTON[1])
    assert view.without_point == 1


def test_a_mark_of_one_organization_names_it() -> None:
    pair, only = build_view([BOSTON], [ATLANTA], [ATLANTA]).marks
    assert only.organization
    assert (only.organization.name, only.point, only.bounds) == ("00", Point(*BOSTON), Box(*BOSTON, *BOSTON))
    assert (pair.organization, pair.precision, pair.count, pair.point) == (None, None, 2, Point(*ATLANTA))


def test_an_organization_with_two_places_has_two_marks_apart_and_counts_once_together() -> None:
    apart = build_view([ATLANTA, DECATUR])
    assert [(mark.count, mark.point) for mark in apart.marks] == [(1, Point(*ATLANTA)), (1, Point(*DECATUR))]
    assert [mark.count for mark in build_view([ATLANTA, DECATUR], [DECATUR], zoom=3).marks] == [2]
    assert names(build_view([ATLANTA, DECATUR], zoom=3)) == ["00"]


def test_the_precision_is_the_coarsest_of_the_places_here() -> None:
    city, street = a_location_at(*ATLANTA, precision=Precision.CITY), a_location_at(*DECATUR, precision=Precision.STREET)
    far = a_location_at(*BOSTON, precision=Precision.STATE)
    index = SearchIndex.build([an_organization(locations=(street, city, far))])
    together = build_map_view(MatchingPoints(index, index.rows.live_rows), None, 3, 500).marks
    assert [mark.precision for mark in together] == [Precision.CITY, Precision.STATE]


def test_a_cluster_stands_at_the_mean_of_its_points_and_tells_their_bounds() -> None:
    (mark,) = build_view([(10, 20)], [(12, 24)], [(12, 24)], limit=1).marks
    assert mark.point == Point(round(34 / 3, 6), round(68 / 3, 6))
    assert mark.bounds == Box(10, 20, 12, 24)


def test_zooming_in_takes_a_cluster_apart() -> None:
    counts = [len(build_view([ATLANTA], [DECATUR], [BOSTON], zoom=zoom).marks) for zoom in range(25)]
    assert counts[0] == 1
    assert counts[-1] == 3
    assert counts == sorted(counts)


def test_marks_that_do_not_fit_are_gathered_more_widely() -> None:
    index = an_index(*([(latitude / 7, longitude / 7)] for latitude in range(1, 31) for longitude in range(1, 31)))
    for limit in (1, 2, 10, 100, 899, 900):
        marks = build_map_view(MatchingPoints(index, index.rows.live_rows), None, None, limit).marks
        assert 0 < len(marks) <= limit
        assert sum(mark.count for mark in marks) == 900
    assert len(marks) == 900


def test_a_view_across_the_antimeridian() -> None:
    assert sorted(names(build_view([FIJI], [SAMOA], [BOSTON], within=Box(-30, 170, 0, -165)))) == ["00", "01"]  # type: ignore[type-var]
    assert names(build_view([FIJI], [SAMOA], within=Box(-30, -180, 0, 170))) == ["01"]


def test_no_mark_gathers_across_the_antimeridian() -> None:
    assert [mark.count for mark in build_view([(10.0, 179.999)], [(10.0, -179.999)], zoom=0).marks] == [1, 1]


def test_the_mark_of_a_single_point_is_built_once() -> None:
    index = an_index([ATLANTA], [BOSTON], [BOSTON], [SAMOA, FIJI])
    matches = MatchingPoints(index, index.rows.live_rows)
    pair, *once = build_map_view(matches, None, None, 500).marks
    pair_again, *again = build_map_view(matches, None, 24, 500).marks
    assert pair_again == pair
    assert len(once) == 3
    assert all(mark is other for mark, other in zip(once, again, strict=True))


def test_a_mark_shows_the_record_as_it_is_after_an_edit() -> None:
    before, stays = (an_organization(name, locations=(a_location_at(*ATLANTA),)) for name in ("Before", "Stays"))
    index = SearchIndex.build([before])
    assert names(build_map_view(MatchingPoints(index, index.rows.live_rows), None, None, 1)) == ["Before"]
    renamed = index.with_changes(RecordChanges((), (replace(before, summary="New"),)))
    (mark,) = build_map_view(MatchingPoints(renamed, renamed.rows.live_rows), None, None, 1).marks
    assert mark.organization
    assert mark.organization.summary == "New"
    later = renamed.with_changes(RecordChanges((before.id,), (stays,)))
    assert names(build_map_view(MatchingPoints(later, later.rows.live_rows), None, None, 1)) == ["Stays"]


def test_larger_marks_come_first_then_south_before_north_then_west_before_east() -> None:
    marks = build_view([BOSTON], [(10, 5)], [(10, 4)], [ATLANTA], [ATLANTA], [(-5, 9)]).marks
    assert [mark.point for mark in marks] == [Point(*p) for p in (ATLANTA, (-5, 9), (10, 4), (10, 5), BOSTON)]


@given(members, st.none() | st.floats(0, 24), st.integers(1, 50))
def test_every_point_is_in_a_mark(members: list[list[Degrees]], zoom: float | None, limit: int) -> None:
    view = build_view(*members, zoom=zoom, limit=limit)
    assert len(view.marks) <= limit
    assert view.without_point == sum(not points for points in members)
    for number, points in enumerate(members):
        for point in points:
            assert any(Point(*point) in mark.bounds and _may_hold(mark, f"{number:02}") for mark in view.marks)
    assert all(mark.point in mark.bounds for mark in view.marks)
    assert all((mark.organization is None) == (mark.count > 1) for mark in view.marks)
    assert sum(mark.count for mark in view.marks) >= len(members) - view.without_point


def _may_hold(mark: MapMark, name: str) -> bool:
    return mark.organization is None or mark.organization.name == name


@given(members, st.none() | st.floats(0, 24), st.integers(1, 50))
def test_marks_do_not_depend_on_the_order_of_the_rows(members: list[list[Degrees]], zoom: float | None, limit: int) -> None:
    one, other = (build_view(*some, zoom=zoom, limit=limit).marks for some in (members, members[::-1]))
    assert [(mark.point, mark.count, mark.bounds) for mark in one] == [(mark.point, mark.count, mark.bounds) for mark in other]
