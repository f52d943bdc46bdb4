"""Tables of measurements in Markdown, and the format of numbers in them."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct


class Table(Struct, frozen=True):
    """A titled table of formatted cells."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def to_markdown(self) -> str:
        lines = [_format_row(self.columns), _format_row("---" for _ in self.columns), *(_format_row(row) for row in self.rows)]
        return f"### {self.title}\n\n" + "\n".join(lines) + "\n"


def _format_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def compare_with_target(
    measured: float, target: float | None, format_value: Callable[[float], str], at_least: bool = False
) -> tuple[str, str]:
    """Return two cells: the target, and whether it was met. Both are empty if there is no target."""
    if target is None:
        return "", ""
    is_met = measured >= target if at_least else measured <= target
    return f"{'≥' if at_least else '≤'} {format_value(target)}", "met" if is_met else "**missed**"


def format_milliseconds(seconds: float) -> str:
    value = seconds * 1e3
    return f"{value:.3f} ms" if value < 1 else f"{value:.2f} ms" if value < 10 else f"{value:,.0f} ms"


def format_ratio(ratio: float) -> str:
    return f"{ratio:.2f} ×" if ratio < 10 else f"{ratio:.0f} ×"


def format_seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:,.0f} s"


def format_megabytes(value: float) -> str:
    return f"{value:,.0f} MB"
