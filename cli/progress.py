"""Progress told to a person while rows go by: nothing to a program, and nothing within the first second."""

import time
from collections.abc import Callable, Iterable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from seed.rows import Row

Clock = Callable[[], float]  # seconds
RowWatcher = Callable[[Iterable[Row]], Iterator[Row]]

BAR_DELAY_SECONDS = 1.0  # seconds before a bar appears
CLOCK_CHECK_ROWS = 64  # rows; asking the clock at each costs more than the bar


class _RateColumn(TextColumn):
    def __init__(self) -> None:
        super().__init__("{task.fields[rate]:,.0f} rows/s")


def watch_rows(title: str, length: int | None, console: Console, clock: Clock = time.monotonic) -> RowWatcher:
    """A function that hands rows on and shows a bar with rate and time left.

    `length` is how many are expected, None where nobody knows. Nothing is shown where the console is no terminal.
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
        began, bar = clock(), Progress(*columns, console=console, transient=True)
        task = bar.add_task(title, total=length, rate=0.0)
        try:
            for number, row in enumerate(rows):
                if number % CLOCK_CHECK_ROWS == 0 and (passed := clock() - began) > BAR_DELAY_SECONDS:
                    bar.start()  # again and again does no harm
                    bar.update(task, completed=number, rate=number / passed)
                yield row
        finally:
            bar.stop()

    return watch
