"""What marks a table of rows that came back to be corrected: it is a part of its source, and tells of which."""

from collections.abc import Sequence

REASON = "why it came back"
SOURCE = "came from"


def is_part(headings: Sequence[str] | None) -> bool:
    """Whether these are rows that came back: what is not among them has not gone from the source."""
    return headings is not None and REASON in headings and SOURCE in headings


def source_of(headings: Sequence[str] | None, sample: Sequence[Sequence[str]]) -> str:
    """The key of the source they came from; "" where the rows do not agree on one."""
    if headings is None or SOURCE not in headings:
        return ""
    place = headings.index(SOURCE)
    named = {cells[place].strip() for cells in sample if cells[place].strip()}
    return named.pop() if len(named) == 1 else ""
