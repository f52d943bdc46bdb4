"""Guess the field of each column: which one gets a field that several could have, and in which numbered location or contact."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from directory.export.flat_fields import GROUPS, FieldKind, find_field_kind
from seed.mapping.candidates import (
    SURE_CONFIDENCE,
    ColumnCandidate,
    SampledColumn,
    complete_by_values,
    describe_values,
    find_candidates_by_headings,
    find_candidates_by_values,
)
from seed.mapping.headings import OWN_QUALIFIER, add_field_number, column_labels, describe_field
from seed.mapping.value_patterns import SAMPLE_SIZE, sample_values

MIN_MAPPING_CONFIDENCE = 0.6  # confidence, 0 to 1, below which a column stays unmapped and is listed
MIN_FILLED_SHARE_OF_NAMES = 0.5  # of rows; below it, another column that may be the name is preferred
LIST_KINDS = (FieldKind.TERMS, FieldKind.REGIONS)  # several columns with the same numbers may fill one list
LAST_OWNER = "mailing"  # a mailing address is the first location only if there is no other

# Columns with repeated headings describe another location or contact only if they include one of these: a state is not enough.
_DEFINING_FIELDS = {
    "location": frozenset({"location.address", "location.city"}),
    "contact": frozenset({"contact.name", "contact.first_name", "contact.last_name"}),
}


class FieldAssignment(Struct, frozen=True):
    candidate: ColumnCandidate
    field: str | None
    reason: str


def assign_fields(candidates: Sequence[ColumnCandidate]) -> list[FieldAssignment]:
    """Return each column's field with its number, or None with the reason. No field is given twice, except to lists."""
    resolved = [_assign_repeated_contact(one, candidates) for one in candidates]
    assignments = [FieldAssignment(one, None, one.reason) for one in resolved if one.field is None]
    for group in GROUPS:
        members = [one for one in resolved if one.field and one.field.startswith(f"{group}.")]
        assignments += _assign_group_fields(group, members)
    others = [one for one in resolved if one.field and not one.field.startswith(tuple(f"{group}." for group in GROUPS))]
    assignments += _assign_single_fields(others)
    by_position = {assignment.candidate.column.position: assignment for assignment in assignments}
    return [by_position[one.column.position] for one in candidates]


def _assign_repeated_contact(one: ColumnCandidate, candidates: Sequence[ColumnCandidate]) -> ColumnCandidate:
    """Treat a second "Phone" as a contact's, because the organization has only one of its own."""
    if one.field not in ("email", "phone") or not one.number:
        return one
    has_person = any(
        (other.field, other.owner, other.number) == ("contact.name", OWN_QUALIFIER, one.number) for other in candidates
    )
    if one.number < 2 and not has_person:
        return one
    field = f"contact.{one.field}"
    return replace(
        one, field=field, reason=f'heading "{one.column.name}" is read as {describe_field(field)}, number {one.number}'
    )


def _assign_single_fields(members: Iterable[ColumnCandidate]) -> Iterator[FieldAssignment]:
    for field, rivals in _group_by_field(members).items():
        best, *others = sorted(rivals, key=_rank_key)
        yield FieldAssignment(best, field, best.reason)
        for one in others:
            joins_list = find_field_kind(field) in LIST_KINDS and one.number > 1
            yield (
                FieldAssignment(one, field, f"{one.reason}, added to the same list")
                if joins_list
                else _without_assignment(one, best)
            )


def _assign_group_fields(group: str, members: Sequence[ColumnCandidate]) -> Iterator[FieldAssignment]:
    slots = _number_groups(members)
    last = max(slots.values(), default=0)
    # Number of the group and how many columns came before -> the column and the one that got its field.
    repeated: dict[tuple[int, int], list[tuple[ColumnCandidate, ColumnCandidate]]] = {}
    for number in dict.fromkeys(slots.values()):
        group_members = [one for one in members if slots[_group_key(one)] == number]
        for field, rivals in _group_by_field(group_members).items():
            best, *others = sorted(rivals, key=_rank_key)
            yield FieldAssignment(best, add_field_number(field, number), best.reason)
            for times, one in enumerate(others):
                repeated.setdefault((number, times), []).append((one, best))
    for pairs in repeated.values():
        fields = {one.field for one, _ in pairs}
        defines_group = not fields.isdisjoint(_DEFINING_FIELDS[group])
        last += 1 if defines_group else 0
        for one, best in pairs:
            yield _assign_next_number(one, last) if defines_group else _without_assignment(one, best)


def _assign_next_number(one: ColumnCandidate, number: int) -> FieldAssignment:
    assert one.field is not None  # noqa: S101 - members of groups have a field
    field = add_field_number(one.field, number)
    return FieldAssignment(
        replace(one, confidence=one.confidence * SURE_CONFIDENCE), field, f"{one.reason}, for another one: number {number}"
    )


def _number_groups(members: Sequence[ColumnCandidate]) -> Mapping[tuple[str, int], int]:
    """Return the number, from 1, of the location or contact of each key."""
    keys = list(dict.fromkeys(_group_key(one) for one in members))
    slots = {key: max(key[1], 1) for key in keys if key[0] == OWN_QUALIFIER}
    for key in sorted((key for key in keys if key[0] != OWN_QUALIFIER), key=lambda key: key[0] == LAST_OWNER):
        taken = set(slots.values())
        slots[key] = next(number for number in range(1, len(keys) + len(taken) + 2) if number not in taken)
    return slots


def _group_key(one: ColumnCandidate) -> tuple[str, int]:
    return one.owner, 0 if one.number == 1 and one.owner == OWN_QUALIFIER else one.number


def _group_by_field(members: Iterable[ColumnCandidate]) -> dict[str, list[ColumnCandidate]]:
    groups: dict[str, list[ColumnCandidate]] = {}
    for one in members:
        if one.field:
            groups.setdefault(one.field, []).append(one)
    return groups


def _rank_key(one: ColumnCandidate) -> tuple[bool, float, float, int]:
    """Sort by confidence, then by how full the column is, then by position. A name is not in a column that is nearly empty."""
    is_nearly_empty = one.field == "name" and 0 < one.column.filled_share < MIN_FILLED_SHARE_OF_NAMES
    return is_nearly_empty, -one.confidence, -one.column.filled_share, one.column.position


def _without_assignment(one: ColumnCandidate, best: ColumnCandidate) -> FieldAssignment:
    return FieldAssignment(
        replace(one, confidence=0.0), None, f'{one.reason}, but column "{best.column.name}" already has that field'
    )


class ColumnGuess(Struct, frozen=True):
    """`heading` is the column's label. `field` is None for a column that stays unmapped; `reason` says why."""

    column: int  # from 0
    heading: str
    field: str | None
    confidence: float  # 0 to 1
    reason: str


def guess_columns(headings: Sequence[str] | None, sample_rows: Sequence[Sequence[str]]) -> tuple[ColumnGuess, ...]:
    """Guess the field of each column, in order. No field is given twice, except lists whose headings are numbered alike.

    Without headings, only columns with unmistakable values are mapped. A few dozen rows are enough as a sample; without rows the
    headings alone decide.
    """
    columns = list(_sample_columns(headings, sample_rows[:SAMPLE_SIZE]))
    candidates = (
        find_candidates_by_values(columns) if headings is None else complete_by_values(find_candidates_by_headings(columns))
    )
    sure = [one if one.confidence >= MIN_MAPPING_CONFIDENCE else _without_field(one) for one in candidates]
    return tuple(
        ColumnGuess(
            column=assignment.candidate.column.position,
            heading=assignment.candidate.column.name,
            field=assignment.field,
            confidence=round(assignment.candidate.confidence, 2),
            reason=assignment.reason,
        )
        for assignment in assign_fields(sure)
    )


def _sample_columns(headings: Sequence[str] | None, rows: Sequence[Sequence[str]]) -> Iterator[SampledColumn]:
    width = max((len(row) for row in rows), default=0)
    for position, name in enumerate(column_labels(headings, width)):
        heading = headings[position] if headings is not None and position < len(headings) else ""
        cells = [row[position] if position < len(row) else "" for row in rows]
        filled = sum(1 for cell in cells if cell.strip()) / len(cells) if cells else 0.0
        yield SampledColumn(position, name, heading, sample_values(cells), filled)


def _without_field(one: ColumnCandidate) -> ColumnCandidate:
    """Remove the field. For an unknown heading, the reason says what its values look like, so that a person can map it."""
    likeness = describe_values(one.column) if one.is_unknown else None
    return replace(one, field=None, reason=f"{one.reason}; its values look like {likeness}" if likeness else one.reason)
