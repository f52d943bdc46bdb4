"""Which column gets a field when several mean it, and which numbered place or contact each column belongs to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from seed.columns.candidates import SURE, Candidate
from seed.columns.headings import OWN, means, numbered
from seed.fields import GROUPS, Kind, kind

LISTS = (Kind.TERMS, Kind.REGIONS)  # columns that are numbered alike may fill one list together
LAST = "mailing"  # an address that letters go to is the first place only where there is no other

# What makes a place of its own out of columns that repeat headings: a second state alone is none.
_SUBSTANCE = {
    "location": frozenset({"location.address", "location.city"}),
    "contact": frozenset({"contact.name", "contact.first_name", "contact.last_name"}),
}


class Settled(Struct, frozen=True):
    candidate: Candidate
    field: str | None
    reason: str


def settled(found: Sequence[Candidate]) -> list[Settled]:
    """Each column's field, numbers included, or None with the reason; no field twice, but for lists numbered alike."""
    single = [_as_contact(one, found) for one in found]
    answers: dict[int, Settled] = {one.column.position: Settled(one, None, one.reason) for one in single if one.field is None}
    for group in GROUPS:
        members = [one for one in single if one.field and one.field.startswith(f"{group}.")]
        answers |= {one.candidate.column.position: one for one in _grouped(group, members)}
    others = [one for one in single if one.field and not one.field.startswith(tuple(f"{group}." for group in GROUPS))]
    answers |= {one.candidate.column.position: one for one in _ungrouped(others)}
    return [answers[one.column.position] for one in found]


def _as_contact(one: Candidate, found: Sequence[Candidate]) -> Candidate:
    """A second "Phone" is a contact's: the organization has one of its own."""
    if one.field not in ("email", "phone") or not one.number:
        return one
    has_person = any((other.field, other.whose, other.number) == ("contact.name", OWN, one.number) for other in found)
    if one.number < 2 and not has_person:
        return one
    field = f"contact.{one.field}"
    return replace(one, field=field, reason=f'heading "{one.column.name}" is taken for {means(field)}, number {one.number}')


def _ungrouped(members: Iterable[Candidate]) -> Iterator[Settled]:
    for field, rivals in _by_field(members).items():
        best, *others = sorted(rivals, key=_worth)
        yield Settled(best, field, best.reason)
        for one in others:
            may_join = kind(field) in LISTS and one.number > 1
            yield Settled(one, field, f"{one.reason}, added to the same list") if may_join else _beaten(one, best)


def _grouped(group: str, members: Sequence[Candidate]) -> Iterator[Settled]:
    slots = _slots(members)
    last = max(slots.values(), default=0)
    again: dict[tuple[int, int], list[tuple[Candidate, Candidate]]] = {}  # number, how often before -> the column and who beat it
    for number in dict.fromkeys(slots.values()):
        of_one = [one for one in members if slots[_key(one)] == number]
        for field, rivals in _by_field(of_one).items():
            best, *others = sorted(rivals, key=_worth)
            yield Settled(best, numbered(field, number), best.reason)
            for times, one in enumerate(others):
                again.setdefault((number, times), []).append((one, best))
    for pairs in again.values():
        fields = {one.field for one, _ in pairs}
        last += 1 if (makes_one := not fields.isdisjoint(_SUBSTANCE[group])) else 0
        for one, best in pairs:
            yield _repeated(one, last) if makes_one else _beaten(one, best)


def _repeated(one: Candidate, number: int) -> Settled:
    assert one.field is not None  # noqa: S101 - members of groups have a field
    field = numbered(one.field, number)
    return Settled(replace(one, confidence=one.confidence * SURE), field, f"{one.reason}, here of another one: number {number}")


def _slots(members: Sequence[Candidate]) -> Mapping[tuple[str, int], int]:
    """The number, from 1, of the place or contact that each key means."""
    keys = list(dict.fromkeys(_key(one) for one in members))
    slots = {key: max(key[1], 1) for key in keys if key[0] == OWN}
    for key in sorted((key for key in keys if key[0] != OWN), key=lambda key: key[0] == LAST):
        taken = set(slots.values())
        slots[key] = next(number for number in range(1, len(keys) + len(taken) + 2) if number not in taken)
    return slots


def _key(one: Candidate) -> tuple[str, int]:
    return one.whose, 0 if one.number == 1 and one.whose == OWN else one.number


def _by_field(members: Iterable[Candidate]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for one in members:
        if one.field:
            found.setdefault(one.field, []).append(one)
    return found


def _worth(one: Candidate) -> tuple[float, float, int]:
    """The surest first, then the fullest, then the first."""
    return -one.confidence, -one.column.filled, one.column.position


def _beaten(one: Candidate, best: Candidate) -> Settled:
    return Settled(replace(one, confidence=0.0), None, f'{one.reason}, which "{best.column.name}" holds already')
