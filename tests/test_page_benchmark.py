"""The benchmark of pages measures what it claims to measure. Speed is not tested."""

import re

import pytest

from benchmarks.__main__ import main
from benchmarks.pages.in_browser import BrowserMeasurements, Weight, compute_map_share
from benchmarks.pages.page_tables import build_tables
from benchmarks.pages.server_time import PARTS, PageTime, SearchTimes, draw_plans, draw_searches
from tests.conftest import skip_missing

SMALL = Weight(document=8_000, others=30_000, states=8_000, places=100_000)


@pytest.mark.slow
def test_a_small_run_measures_everything(capsys: pytest.CaptureFixture[str]) -> None:
    status, (output, problem) = main(["pages", "--sizes", "300", "--rounds", "2", "--dry-run"]), capsys.readouterr()
    if status:
        skip_missing(f"what this benchmark needs: {problem}")
    for kind in ("a theme", "a theme in a state", "a sentence", "a coalition plan", "a feed", "the calendar of all events"):
        assert re.search(rf"\| {kind} \| 300 \| 2 \|( [\d.,]+ ms \|){{5}}", output), output
    assert re.search(r"\| map of places, if somebody chooses it \| [1-9]\d+\.\d kB", output), output
    assert re.search(r"\| largest contentful paint, on a phone \| 2 \| [1-9][\d,]* ms", output), output
    assert re.search(r"\| a choice, from the click to the new list \| 2 \| [1-9][\d,]* ms", output), output


def test_all_searches_are_different() -> None:
    for searches in draw_searches(10_000).values():
        assert len(searches) >= 40
        assert len(set(searches)) == len(searches)
    assert {len(searches) for searches in draw_searches(5).values()} == {5}
    plans = draw_plans(10_000)
    assert len(set(plans)) == len(plans) >= 40
    assert all(plan.count("issue=") == 6 and plan.count("region=") == 9 for plan in plans)


def test_the_median_page_is_compared_with_the_target() -> None:
    pages = [PageTime(dict.fromkeys(PARTS, seconds), 1) for seconds in (0.1, 0.001, 0.00125)]
    browser = BrowserMeasurements(20, 5, SMALL, [0.5, 2.0, 0.6], [0.0, 0.1, 0.2], [0.1, 0.2, 0.2])
    time, weight, shown = build_tables([SearchTimes("a theme", 20, pages)], browser)
    assert [row[-1] for row in time.rows] == ["met"]
    assert [row[-1] for row in weight.rows if row[-1]] == ["met", "met"]
    assert [row[-1] for row in shown.rows] == ["met", "**missed**", "**missed**"]


def test_the_map_of_states_is_weighed_apart_from_the_document() -> None:
    text = b"<p>" + bytes(range(256)) * 4
    page = text + b'<aside class="map" id="map">' + bytes(reversed(range(256))) + b"</aside>"
    assert 256 <= compute_map_share(page) < 350
    assert compute_map_share(text) == 0
