"""Tables of the measurements of pages."""

import statistics
from collections.abc import Callable, Sequence

from benchmarks import targets
from benchmarks.pages.in_browser import BrowserMeasurements
from benchmarks.pages.server_time import PARTS, SearchTimes
from benchmarks.tables import Table, compare_with_target, format_milliseconds


def build_tables(searches: Sequence[SearchTimes], browser: BrowserMeasurements) -> list[Table]:
    return [_build_time_table(searches), _build_weight_table(browser), _build_browser_table(browser)]


def _build_time_table(searches: Sequence[SearchTimes]) -> Table:
    rows = [
        (
            each.kind,
            f"{each.records:,}",
            str(len(each.pages)),
            *(format_milliseconds(each.get_part_median(part)) for part in PARTS),
            format_milliseconds(each.median),
            *compare_with_target(each.median, each.target, format_milliseconds),
        )
        for each in searches
    ]
    return Table("CPU time of a search page", ("search for", "records", "searches", *PARTS, "whole page", "target", ""), rows)


def _build_weight_table(browser: BrowserMeasurements) -> Table:
    weight = browser.weight
    before, after = weight.document + weight.others, weight.states + weight.places
    rows = [
        ("document, without the map", _format_size(weight.document), "", ""),
        ("stylesheet, font, script and icon", _format_size(weight.others), "", ""),
        ("**before the map**", _format_size(before), *compare_with_target(before, targets.PAGE_BYTES, _format_size)),
        ("map of states, at the end of the document", _format_size(weight.states), "", ""),
        ("map of places, if somebody chooses it", _format_size(weight.places), "", ""),
        ("**the maps**", _format_size(after), *compare_with_target(after, targets.MAP_BYTES, _format_size)),
    ]
    return Table("Bytes of a search page over the wire, nothing cached", ("part", "size", "target", ""), rows)


def _build_browser_table(browser: BrowserMeasurements) -> Table:
    scale = f"{browser.matches:,} matches of {browser.records:,}"
    rows = [
        ("largest contentful paint, on a phone", *_format_values(browser.paints, targets.PAINT_SECONDS, format_milliseconds)),
        ("layout shift, on a phone", *_format_values(browser.shifts, targets.LAYOUT_SHIFT, "{:.3f}".format)),
        ("a choice, from the click to the new list", *_format_values(browser.clicks, targets.CLICK_SECONDS, format_milliseconds)),
    ]
    return Table(f"In a browser, {scale}", ("what", "times", "median", "maximum", "target", ""), rows)


def _format_values(values: Sequence[float], target: float, format_value: Callable[[float], str]) -> tuple[str, ...]:
    median = statistics.median(values)
    cells = (str(len(values)), format_value(median), format_value(max(values)))
    return *cells, *compare_with_target(median, target, format_value)


def _format_size(size: float) -> str:
    return f"{size / 1e3:,.1f} kB"
