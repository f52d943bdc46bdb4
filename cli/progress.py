"""A progress bar for long imports, shown only in a terminal and only after a second."""

import time
from collections.abc import Callable, Iterable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from seed.rows import Row

Clock = Callable[[], float]  # returns seconds
RowWatcher = Callable[[Iterable[Row]], Iterator[Row]]

BAR_DELAY_SECONDS = 1.0
CLOCK_CHECK_ROWS = 64  # rows between two readings of the clock; reading it for each row would cost more than the bar


class _RateColumn(TextColumn):
    def __init__(self) -> None:
        super().__init__("{task.fields[rate]:,.0f} rows/s")


def watch_rows(title: str, length: int | None, console: Console, clock: Clock = time.monotonic) -> RowWatcher:
    """Return a function that passes rows through and shows a bar with their number, rate and remaining time.

    `length` is the expected number of rows, None if unknown. Nothing is shown if the console is not a terminal.
    """

    def watch(rows: Iterable[Row]) -> Iterator[Row]:
        if not console.is_terminal:
            yield from rows
            return
        columns = (
            TextColumn(title),
            BarColumn(),
            MofNCompleteColumn(),
            _RateColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        started, bar = clock(), Progress(*columns, console=console, transient=True)
        task = bar.add_task(title, total=length, rate=0.0)
        try:
            for number, row in enumerate(rows):
                if number % CLOCK_CHECK_ROWS == 0 and (elapsed := clock() - started) > BAR_DELAY_SECONDS:
                    bar.start()  # does nothing if it has started
                    bar.update(task, completed=number, rate=number / elapsed)
                yield row
        finally:
            bar.stop()

    return watch
