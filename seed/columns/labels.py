"""What columns are called where people read of them: their headings, told apart, or their positions."""

from collections import Counter
from collections.abc import Sequence

from directory.text import fold


def column_labels(headings: Sequence[str] | None, width: int = 0) -> tuple[str, ...]:
    """One distinct name for each column: its heading, "column 3" where it has none, "City (column 7)" where others have it too.

    Of columns with one heading the first keeps it alone. Positions count from 1. `width` is the number of columns where there
    are no headings, or more of them than headings.
    """
    told = [*(headings or ()), *[""] * (width - len(headings or ()))]
    names = [" ".join(heading.split()) or column_label(position) for position, heading in enumerate(told)]
    seen: Counter[str] = Counter()
    found = []
    for position, name in enumerate(names):
        seen[fold(name)] += 1
        found.append(name if seen[fold(name)] == 1 else f"{name} ({column_label(position)})")
    return tuple(found)


def column_label(column: int) -> str:
    """The name of a column without a heading; `column` counts from 0, the name from 1."""
    return f"column {column + 1}"
