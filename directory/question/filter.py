"""Filters: all conditions of a search, without its text, order and page.

The normal form of a filter makes filters with the same conditions equal:
- Alternatives that only choose values of the same field are one alternative with all these values.
- Alternatives and clauses are sorted and occur once. An alternative that is nothing but a clause becomes its alternatives.
- The conditions of a clause with a single alternative move to the filter itself, as far as these fields of it are free.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from directory.errors import BadInput
from directory.geo import Box
from directory.question.conditions import FACETS, Near, RegionFilter, TermFilter, YearRange, normalize_sets
from directory.records import MembershipStatus, OrganizationKind
from directory.vocabulary.slugs import check_slug

MAX_IDS = 100  # in one list
MAX_NESTING = 2  # levels of clauses: an alternative may have clauses whose alternatives have none

_VOCABULARIES = tuple(FACETS.values())
_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)


class Filter(Struct, frozen=True, kw_only=True):
    """Conditions for an organization. It matches if it meets all of them and one alternative of each clause.

    A condition that is None or empty does not restrict. Ids that are unknown or that an audience cannot see match nothing.
    Raises BadInput, UnknownTerm or UnknownRegion when it is created.
    """

    issue_areas: TermFilter = TermFilter()
    communities: TermFilter = TermFilter()
    work_areas: TermFilter = TermFilter()
    languages: TermFilter = TermFilter()
    kinds: tuple[OrganizationKind, ...] = ()
    excluded_kinds: tuple[OrganizationKind, ...] = ()
    membership: tuple[MembershipStatus, ...] = ()
    regions: RegionFilter = RegionFilter()
    near: Near | None = None  # without a radius, it is only the origin of distances
    within: Box | None = None  # contains a published point of the organization
    location_stated: bool | None = None
    verified_since: date | None = None
    verification_due: bool | None = None  # on the day of the search, which is not a part of the question
    updated_since: datetime | None = None  # something that the audience can see has changed since then
    joined_since: date | None = None
    founded: YearRange = YearRange()  # an unknown year is in no range
    parent: str | None = None  # the id of an organization whose branches match
    coalition: str | None = None  # the slug of a coalition whose members match
    ids: tuple[str, ...] = ()  # of organizations
    clauses: tuple["Clause", ...] = ()

    def __post_init__(self) -> None:
        if self.kinds or self.excluded_kinds or self.membership or self.ids:
            normalize_sets(self, "kinds", "excluded_kinds", "membership", "ids")
        term_filters = self.issue_areas, self.communities, self.work_areas, self.languages
        for terms, vocabulary in zip(term_filters, _VOCABULARIES, strict=True):
            if terms.any_of or terms.all_of or terms.none_of:
                for slug in (*terms.any_of, *terms.all_of, *terms.none_of):
                    vocabulary.require(slug)
        if self.ids or self.parent is not None:
            self._check_ids()
        if self.coalition is not None:
            check_slug(self.coalition)
        if self.updated_since is not None:
            msgspec.structs.force_setattr(self, "updated_since", convert_to_utc(self.updated_since, "updatedSince"))
        if self.clauses:
            self._normalize_clauses()

    def list_set_fields(self) -> list[str]:
        """Return the names of the fields that restrict the result or set the origin of distances."""
        values = zip(_DEFAULTS.items(), _get_values(self), strict=True)
        return [field for (field, default), value in values if value is not default and not _is_idle(value, default)]

    @property
    def nesting(self) -> int:
        """The number of levels of clauses; 0 without clauses."""
        return max((1 + alternative.nesting for clause in self.clauses for alternative in clause), default=0)

    def list_filters(self) -> "list[Filter]":
        """Return this filter and, recursively, all its alternatives."""
        if not self.clauses:
            return [self]
        return [self, *(one for clause in self.clauses for alternative in clause for one in alternative.list_filters())]

    def _check_ids(self) -> None:
        if len(self.ids) > MAX_IDS:
            sentence = f"A search can list at most {MAX_IDS} organizations, and this one lists {len(self.ids)}. Split the list."
            raise BadInput(sentence, argument="ids", limit=MAX_IDS)
        for argument, ids in (("ids", self.ids), ("parent", () if self.parent is None else (self.parent,))):
            if not all(map(_ID.fullmatch, ids)):
                raise BadInput("This is not the id of an organization. Pass ids unchanged.", argument=argument)

    def _normalize_clauses(self) -> None:
        remaining = []
        for clause in _list_normal_clauses(self.clauses):
            rest = clause if len(clause) > 1 else self._absorb(clause[0])
            remaining += [rest] if rest else []
        msgspec.structs.force_setattr(self, "clauses", tuple(_sort_clauses(remaining)))
        if self.nesting > MAX_NESTING:
            sentence = f"Alternatives can be nested {MAX_NESTING} levels deep, and these go deeper. Write them in fewer levels."
            raise BadInput(sentence, argument="filter", limit=MAX_NESTING)

    def _absorb(self, alternative: "Filter") -> "Clause":
        """Take over the conditions of the only alternative of a clause. Return a clause of those for which there is no room."""
        remaining = {}
        for field in alternative.list_set_fields():
            merged, rest = _merge_values(field, getattr(self, field), getattr(alternative, field))
            msgspec.structs.force_setattr(self, field, merged)
            if not _is_idle(rest, _DEFAULTS[field]):
                remaining[field] = rest
        return (Filter(**remaining),) if remaining else ()


Clause: TypeAlias = tuple[Filter, ...]
ChoiceKey: TypeAlias = tuple[Any, ...]  # a field and the settings that its values share

_DEFAULTS: dict[str, Any] = {field: getattr(Filter(), field) for field in Filter.__struct_fields__}
_get_values = attrgetter(*_DEFAULTS)
_CHOICE_FIELDS = (*FACETS, "regions", "kinds", "membership")
# Origins come first, because "near Atlanta" reads better than "serving the region, or near Atlanta".
_SORTED_FIELDS = ("near", *(field for field in _DEFAULTS if field != "near"))


def find_choice(alternative: Filter) -> ChoiceKey | None:
    """Return the field that an alternative chooses values of and their settings; None if it has any other condition."""
    fields = alternative.list_set_fields()
    value = getattr(alternative, fields[0]) if len(fields) == 1 and fields[0] in _CHOICE_FIELDS else None
    if isinstance(value, TermFilter):
        return None if value.all_of or value.none_of else (fields[0], value.narrower)
    if isinstance(value, RegionFilter):
        return (fields[0], value.by, value.nationwide) if value.any_of and not value.none_of else None
    return None if value is None else (fields[0],)


# ---------------------------------------------------------------- the normal form


def _list_normal_clauses(clauses: Iterable[Clause]) -> list[Clause]:
    """Return the clauses in their normal form, those that a single alternative contains among them."""
    normal: set[Clause] = set()
    for clause in map(_normalize_clause, clauses):
        if len(clause) == 1:  # its clauses are normal already
            normal.update(clause[0].clauses)
            clause = (msgspec.structs.replace(clause[0], clauses=()),)
        if clause and clause[0].list_set_fields():
            normal.add(clause)
    return _sort_clauses(normal)


def _sort_clauses(clauses: Iterable[Clause]) -> list[Clause]:
    return sorted(set(clauses), key=lambda clause: list(map(_get_sort_key, clause)))


def _normalize_clause(clause: Clause) -> Clause:
    alternatives = [inner for alternative in clause for inner in _replace_by_only_clause(alternative)]
    if len(alternatives) > 1 and not all(map(_restricts, alternatives)):
        sentence = "An alternative without a condition matches everything. Add a condition or remove it."
        raise BadInput(sentence, argument="filter")
    return tuple(sorted(set(_unite_choices(alternatives)), key=_get_sort_key))


def _restricts(alternative: Filter) -> bool:
    fields = alternative.list_set_fields()
    return fields != [] and (fields != ["near"] or (alternative.near is not None and alternative.near.radius_km is not None))


def _replace_by_only_clause(alternative: Filter) -> Clause:
    is_only_clause = len(alternative.clauses) == 1 and alternative.list_set_fields() == ["clauses"]
    return alternative.clauses[0] if is_only_clause else (alternative,)


def _unite_choices(alternatives: Iterable[Filter]) -> Iterator[Filter]:
    values: dict[ChoiceKey, list[Any]] = {}
    for alternative in alternatives:
        choice = find_choice(alternative)
        if choice is None:
            yield alternative
        else:
            values.setdefault(choice, []).append(getattr(alternative, choice[0]))
    for (field, *_), chosen in values.items():
        united: dict[str, Any] = {field: _unite_values(chosen)}
        yield Filter(**united)


def _unite_values(values: list[Any]) -> Any:
    if isinstance(values[0], tuple):
        return tuple(value for listed in values for value in listed)
    return msgspec.structs.replace(values[0], any_of=tuple(value for listed in values for value in listed.any_of))


def _get_sort_key(alternative: Filter) -> tuple[int, bytes]:
    fields = set(alternative.list_set_fields())
    rank = next((rank for rank, field in enumerate(_SORTED_FIELDS) if field in fields), len(_SORTED_FIELDS))
    return rank, msgspec.msgpack.encode(alternative)


def _is_idle(value: Any, default: Any) -> bool:
    """Return whether a value neither restricts the result nor sets the origin of distances."""
    if isinstance(value, TermFilter):
        return not value.has_values
    return not value.restricts if isinstance(value, RegionFilter) else bool(value == default)


def _merge_values(field: str, own: Any, other: Any) -> tuple[Any, Any]:
    """Merge the values of one field of two filters that must both hold. Return one value, and another one for what is left."""
    default = _DEFAULTS[field]
    if _is_idle(own, default) or own == other:
        return other, default
    if field == "excluded_kinds":
        return tuple(sorted({*own, *other})), default
    if isinstance(own, TermFilter) and own.narrower == other.narrower:
        merged = TermFilter(own.any_of or other.any_of, own.all_of + other.all_of, own.none_of + other.none_of, own.narrower)
        return merged, TermFilter(_list_left(own, other), narrower=own.narrower)
    if isinstance(own, RegionFilter) and (own.by, own.nationwide) == (other.by, other.nationwide):
        left = _list_left(own, other)
        regions = RegionFilter(own.any_of or other.any_of, own.none_of + other.none_of, own.by, own.nationwide)
        return regions, RegionFilter(left, (), own.by, own.nationwide) if left else default
    return own, other


def _list_left(own: TermFilter | RegionFilter, other: TermFilter | RegionFilter) -> tuple[str, ...]:
    return other.any_of if own.any_of and own.any_of != other.any_of else ()


def convert_to_utc(moment: datetime, argument: str) -> datetime:
    """Raise BadInput for a time without a time zone, and for one outside of the calendar."""
    try:
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except OverflowError:  # the first or last day of the calendar
        pass
    raise BadInput("This time needs a time zone, as in 2026-01-31T12:00:00Z.", argument=argument, value=str(moment))
