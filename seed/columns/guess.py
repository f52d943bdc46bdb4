"""A guess what the columns of a table hold, each with its confidence and its reason, for a person to correct."""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from seed.columns.alone import describe_values, find_candidates_by_values
from seed.columns.candidates import ColumnCandidate, SampledColumn, find_candidates_by_headings
from seed.columns.contents import SAMPLE_SIZE, sample_values
from seed.columns.labels import column_labels
from seed.columns.rivals import assign_fields

MIN_MAPPING_CONFIDENCE = 0.6  # confidence, 0 to 1, below which a column stays unmapped and is listed


class ColumnGuess(Struct, frozen=True):
    """`heading` is the column's label (labels.py). `field` is None where the column stays unmapped: `reason` says why."""

    column: int  # from 0
    heading: str
    field: str | None
    confidence: float  # 0 to 1
    reason: str


def guess_columns(headings: Sequence[str] | None, sample_rows: Sequence[Sequence[str]]) -> tuple[ColumnGuess, ...]:
    """One for each column, in their order; no field twice, but for lists whose headings are numbered alike.

    Without headings only what the values say beyond doubt is mapped. A few dozen rows are sample enough; with none the headings
    alone decide.
    """
    columns = list(_sample_columns(headings, sample_rows[:SAMPLE_SIZE]))
    found = find_candidates_by_headings(columns) if headings is not None else find_candidates_by_values(columns)
    sure = [one if one.confidence >= MIN_MAPPING_CONFIDENCE else _without_field(one) for one in found]
    return tuple(
        ColumnGuess(
            column=one.candidate.column.position,
            heading=one.candidate.column.name,
            field=one.field,
            confidence=round(one.candidate.confidence, 2),
            reason=one.reason,
        )
        for one in assign_fields(sure)
    )


def _sample_columns(headings: Sequence[str] | None, rows: Sequence[Sequence[str]]) -> Iterator[SampledColumn]:
    width = max((len(row) for row in rows), default=0)
    for position, name in enumerate(column_labels(headings, width)):
        heading = headings[position] if headings is not None and position < len(headings) else ""
        cells = [row[position] if position < len(row) else "" for row in rows]
        filled = sum(1 for cell in cells if cell.strip()) / len(cells) if cells else 0.0
        yield SampledColumn(position, name, heading, sample_values(cells), filled)


def _without_field(one: ColumnCandidate) -> ColumnCandidate:
    """The same without a field. What the values below an unknown heading look like is told, so that a person can say whose."""
    looks = describe_values(one.column) if one.is_unknown else None
    return replace(one, field=None, reason=f"{one.reason}; its values look like {looks}" if looks else one.reason)
