"""Letters beside places."""

from math import hypot

from hypothesis import given
from hypothesis import strategies as st

from web.maps.badges import RADIUS, Anchor, Badge, Box, place_badges
from web.maps.view import VIEW_HEIGHT, VIEW_WIDTH

MIDDLE = (VIEW_WIDTH / 2, VIEW_HEIGHT / 2)


def test_a_letter_stands_beside_its_place_with_a_line() -> None:
    (badge,) = place_badges([Anchor("A", *MIDDLE, 22)], [])
    assert badge.letter == "A"
    assert hypot(badge.x - MIDDLE[0], badge.y - MIDDLE[1]) >= RADIUS + 22
    assert badge.leader.endswith(f"L{MIDDLE[0]:.0f} {MIDDLE[1]:.0f}")


def test_a_letter_stands_in_a_large_area_without_a_line() -> None:
    (badge,) = place_badges([Anchor("A", *MIDDLE, 150, inside=(MIDDLE,))], [])
    assert (badge.x, badge.y, badge.leader) == (*MIDDLE, "")


def test_a_line_ends_at_the_edge_of_a_circle() -> None:
    (badge,) = place_badges([Anchor("A", *MIDDLE, 60, edge=60)], [])
    assert hypot(badge.end_x - MIDDLE[0], badge.end_y - MIDDLE[1]) - 60 < 1e-9


def test_a_letter_avoids_names() -> None:
    free = place_badges([Anchor("A", *MIDDLE, 22)], [])[0]
    moved = place_badges([Anchor("A", *MIDDLE, 22)], [Box(free.x, free.y, 60, 20)])[0]
    assert (moved.x, moved.y) != (free.x, free.y)


def test_lines_that_cross() -> None:
    line = Badge("A", 0, 0, 300, 300)
    assert line.crosses(Badge("B", 300, 0, 0, 300))
    assert not line.crosses(Badge("B", 300, 0, 600, 0))
    assert line.crosses(Badge("B", 150, 160, 160, 400))  # the line runs under the letter


places = st.tuples(st.floats(160, VIEW_WIDTH - 160), st.floats(130, VIEW_HEIGHT - 130))


@given(st.lists(places, min_size=1, max_size=4))
def test_letters_of_a_few_places_are_in_view_and_apart(spots: list[tuple[float, float]]) -> None:
    badges = place_badges([Anchor(letter, x, y, 22) for letter, (x, y) in zip("ABCD", spots, strict=False)], [])
    assert [badge.letter for badge in badges] == list("ABCD"[: len(spots)])
    for place, badge in enumerate(badges):
        assert RADIUS <= badge.x <= VIEW_WIDTH - RADIUS
        assert RADIUS <= badge.y <= VIEW_HEIGHT - RADIUS
        assert all(hypot(badge.x - other.x, badge.y - other.y) >= 2 * RADIUS for other in badges[:place])
