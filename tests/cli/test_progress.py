"""A bar for a person who watches a long import; nothing for anybody else."""

import io
from collections.abc import Iterator

from rich.console import Console

from cli.progress import BAR_DELAY_SECONDS, CLOCK_CHECK_ROWS, watch_rows
from seed.rows import Row

ROWS = [Row("list.csv", number, {}) for number in range(CLOCK_CHECK_ROWS * 4)]


class Clock:
    """Goes on by `step` seconds each time it is asked."""

    def __init__(self, step: float) -> None:
        self.now, self.step, self.asked = 0.0, step, 0

    def __call__(self) -> float:
        self.asked += 1
        self.now += self.step
        return self.now


def told(clock: Clock, *, is_terminal: bool = True, length: int | None = len(ROWS), rows: list[Row] = ROWS) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=is_terminal, width=120)
    assert list(watch_rows("Planning", length, console, clock)(rows)) == rows
    return out.getvalue()


def test_nothing_is_shown_where_nobody_watches() -> None:
    clock = Clock(step=BAR_DELAY_SECONDS * 100)
    assert told(clock, is_terminal=False) == ""
    assert clock.asked == 0


def test_nothing_is_shown_within_the_patience() -> None:
    assert told(Clock(step=BAR_DELAY_SECONDS / 100)) == ""
    assert told(Clock(step=BAR_DELAY_SECONDS * 100), rows=[]) == ""


def test_a_bar_with_count_and_rate_appears_after_it() -> None:
    shown = told(Clock(step=BAR_DELAY_SECONDS * 2))
    assert "Planning" in shown
    assert f"/{len(ROWS)}" in shown
    assert "rows/s" in shown


def test_a_length_that_nobody_knows_is_no_hindrance() -> None:
    assert "Planning" in told(Clock(step=BAR_DELAY_SECONDS * 2), length=None)
    assert "Planning" in told(Clock(step=BAR_DELAY_SECONDS * 2), length=1)


def test_the_bar_goes_when_rows_break_off() -> None:
    def broken() -> Iterator[Row]:
        yield from ROWS
        raise ValueError

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=120)
    try:
        list(watch_rows("Planning", None, console, Clock(step=BAR_DELAY_SECONDS * 2))(broken()))
    except ValueError:
        assert out.getvalue().rstrip().endswith("\x1b[2K"), "the line is taken back"
    else:
        raise AssertionError


def test_the_clock_is_not_asked_for_each_row() -> None:
    clock = Clock(step=0)
    told(clock)
    assert clock.asked <= len(ROWS) / CLOCK_CHECK_ROWS + 1
