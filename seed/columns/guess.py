"""A guess what the columns of a table hold, each with its confidence and its reason, for a person to correct."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from seed.columns.alone import alone, looks_like
from seed.columns.candidates import Candidate, Column, candidates
from seed.columns.contents import SAMPLED, sampled
from seed.columns.labels import labels
from seed.columns.rivals import settled

MAPPED_FROM = 0.6  # confidence, 0 to 1, below which a column stays unmapped and is listed


class Guess(Struct, frozen=True):
    """`heading` is the column's label (labels.py). `field` is None where the column stays unmapped: `reason` says why."""

    column: int  # from 0
    heading: str
    field: str | None
    confidence: float  # 0 to 1
    reason: str


def guess(headings: Sequence[str] | None, sample_rows: Sequence[Sequence[str]]) -> tuple[Guess, ...]:
    """One for each column, in their order; no field twice, but for lists whose headings are numbered alike.

    Without headings only what the values say beyond doubt is mapped. A few dozen rows are sample enough; with none the headings
    alone decide.
    """
    columns = list(_columns(headings, sample_rows[:SAMPLED]))
    found = candidates(columns) if headings is not None else alone(columns)
    sure = [one if one.confidence >= MAPPED_FROM else _doubted(one) for one in found]
    return tuple(
        Guess(
            column=one.candidate.column.position,
            heading=one.candidate.column.name,
            field=one.field,
            confidence=round(one.candidate.confidence, 2),
            reason=one.reason,
        )
        for one in settled(sure)
    )


def _columns(headings: Sequence[str] | None, rows: Sequence[Sequence[str]]) -> Iterator[Column]:
    width = max((len(row) for row in rows), default=0)
    for position, name in enumerate(labels(headings, width)):
        heading = headings[position] if headings is not None and position < len(headings) else ""
        cells = [row[position] if position < len(row) else "" for row in rows]
        filled = sum(1 for cell in cells if cell.strip()) / len(cells) if cells else 0.0
        yield Column(position, name, heading, sampled(cells), filled)


def _doubted(one: Candidate) -> Candidate:
    """The same without a field. What the values below an unknown heading look like is told, so that a person can say whose."""
    looks = looks_like(one.column) if one.is_unknown else None
    return replace(one, field=None, reason=f"{one.reason}; its values look like {looks}" if looks else one.reason)
