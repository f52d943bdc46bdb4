"""What typical requests cost."""

from docs.page_costs import SIZES, build_page_costs_table, compute_office_points
from schema.limits import POINTS_A_MINUTE

LARGEST_BUDGET = 500_000  # points a minute that one client may have


def test_an_office_of_thirty_can_work_with_the_points_of_one_client() -> None:
    needed = [compute_office_points(size) for size in SIZES]
    assert sorted(needed) == needed
    assert 0 < needed[-1] <= POINTS_A_MINUTE <= LARGEST_BUDGET


def test_requests_that_search_cost_more_in_a_large_directory() -> None:
    rows = [line.split("|")[1:-1] for line in build_page_costs_table().splitlines()[2:]]
    costs = {title.strip(): (int(small), int(large)) for title, small, large in rows}
    growing = {title for title, (small, large) in costs.items() if large > small}
    assert growing == {title for title in costs if "list" in title or "page of a search" in title}
