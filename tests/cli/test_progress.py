"""A progress bar appears in a terminal during a long import, and nowhere else."""

import io
from collections.abc import Iterator

from rich.console import Console

from cli.progress import BAR_DELAY_SECONDS, CLOCK_CHECK_ROWS, watch_rows
from seed.rows import Row

ROWS = [Row("list.csv", number, {}) for number in range(CLOCK_CHECK_ROWS * 4)]


class Clock:
    """A clock that advances by `step` seconds at each reading."""

    def __init__(self, step: float) -> None:
        self.now, self.step, self.readings = 0.0, step, 0

    def __call__(self) -> float:
        self.readings += 1
        self.now += self.step
        return self.now


def render_bar(clock: Clock, *, is_terminal: bool = True, length: int | None = len(ROWS), rows: list[Row] = ROWS) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=is_terminal, width=120)
    assert list(watch_rows("Planning", length, console, clock)(rows)) == rows
    return out.getvalue()


def test_nothing_is_shown_outside_a_terminal() -> None:
    clock = Clock(step=BAR_DELAY_SECONDS * 100)
    assert render_bar(clock, is_terminal=False) == ""
    assert clock.readings == 0


def test_nothing_is_shown_before_the_delay() -> None:
    assert render_bar(Clock(step=BAR_DELAY_SECONDS / 100)) == ""
    assert render_bar(Clock(step=BAR_DELAY_SECONDS * 100), rows=[]) == ""


def test_a_bar_with_count_and_rate_appears_after_the_delay() -> None:
    output = render_bar(Clock(step=BAR_DELAY_SECONDS * 2))
    assert "Planning" in output
    assert f"/{len(ROWS)}" in output
    assert "rows/s" in output


def test_the_number_of_rows_may_be_unknown_or_wrong() -> None:
    assert "Planning" in render_bar(Clock(step=BAR_DELAY_SECONDS * 2), length=None)
    assert "Planning" in render_bar(Clock(step=BAR_DELAY_SECONDS * 2), length=1)


def test_the_bar_is_removed_when_reading_fails() -> None:
    def yield_then_fail() -> Iterator[Row]:
        yield from ROWS
        raise ValueError

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=120)
    try:
        list(watch_rows("Planning", None, console, Clock(step=BAR_DELAY_SECONDS * 2))(yield_then_fail()))
    except ValueError:
        assert out.getvalue().rstrip().endswith("\x1b[2K"), "the line is cleared"
    else:
        raise AssertionError


def test_the_clock_is_not_read_for_each_row() -> None:
    clock = Clock(step=0)
    render_bar(clock)
    assert clock.readings <= len(ROWS) / CLOCK_CHECK_ROWS + 1
