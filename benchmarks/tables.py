"""Figures as people read them."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct


class Table(Struct, frozen=True):
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        lines = [_line(self.columns), _line("---" for _ in self.columns), *(_line(row) for row in self.rows)]
        return f"### {self.title}\n\n" + "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def verdict(measured: float, target: float | None, told: Callable[[float], str], at_least: bool = False) -> tuple[str, str]:
    """The target and whether it was met; two empty cells where nothing was promised."""
    if target is None:
        return "", ""
    met = measured >= target if at_least else measured <= target
    return f"{'≥' if at_least else '≤'} {told(target)}", "met" if met else "**missed**"


def milliseconds(seconds: float) -> str:
    value = seconds * 1e3
    return f"{value:.3f} ms" if value < 1 else f"{value:.2f} ms" if value < 10 else f"{value:,.0f} ms"


def times(ratio: float) -> str:
    return f"{ratio:.2f} ×" if ratio < 10 else f"{ratio:.0f} ×"


def seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:,.0f} s"


def megabytes(value: float) -> str:
    return f"{value:,.0f} MB"
