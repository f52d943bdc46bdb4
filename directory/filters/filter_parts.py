"""A question as parts that a page can show and remove, and as the query string of an address.

A part's field is named as in the API, its value is the same in the API, in a part and in an address. An address names the
fields by short keys, always in the order of `_FIELDS`, and leaves out what is as it is unless asked: one question, one address.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.filters import labels
from directory.filters.origins import OriginLookup, near_point, resolve_near
from directory.geo import Box
from directory.question import Nationwide, Near, OrderField, Page, Question, RegionMatch, SortOrder
from directory.records import MembershipStatus, OrganizationKind

_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WORD = re.compile(r'"[^"]*"|[^\s"]+')
_RADIUS_KEY = "radius"  # kilometres; belongs to `near`
_Enum = TypeVar("_Enum", bound=StrEnum)


class FilterPart(Struct, frozen=True, eq=False):
    """One part of a question: "issueAreas" with "housing", "regions.noneOf" with "US-TX", "near" with "city:US-GA:atlanta"."""

    field: str
    value: str
    near: Near | None = None  # of the field "near", for its label
    is_additional_term: bool = True  # of "allOf", for its label: whether the question asks for another term of the facet before

    def __eq__(self, other: object) -> bool:
        """What a label needs besides the value sets no parts apart."""
        return isinstance(other, FilterPart) and (self.field, self.value) == (other.field, other.value)

    def __hash__(self) -> int:
        return hash((self.field, self.value))

    def label(self, language: str = "en") -> str:
        """As a person reads it, in English or, for "es", in Spanish: "within 50 miles of Atlanta, GA"."""
        return labels.format_label(self.field, self.value, self.near, language, is_additional_term=self.is_additional_term)


def list_filter_parts(question: Question) -> tuple[FilterPart, ...]:
    """The parts that differ from a question that asks nothing; () for that. The page is no part."""
    return tuple(_mark_leading_terms(part for field in _FIELDS for part in _list_field_parts(field, question)))


def remove_filter_parts(question: Question, dropped: Iterable[FilterPart]) -> Question:
    """The question without these parts, at its first page; what only makes sense with them goes too.

    A part of "query" may also be one word, or one "quoted phrase", of the text. Parts that are not there are passed over.
    """
    gone = {(part.field, part.value) for part in dropped}
    kept = {field: _remove_from_value(field, _get_value(question, field.path), gone) for field in _FIELDS}
    changed = {field.path: value for field, value in kept.items() if value != _get_value(question, field.path)}
    if not changed:
        return question
    for facet in {path[0] for path in changed if len(path) > 1}:
        if not any(value for field, value in kept.items() if field.path[0] == facet and field.is_list):
            changed |= {field.path: field.default for field in _FIELDS if field.path[0] == facet}
    if ("near",) in changed and question.order.field is OrderField.DISTANCE:
        changed["order",] = SortOrder()
    return replace(_replace_values(question, changed), page=Page())


def format_query_string(question: Question) -> str:
    """The query string of an address, without "?": "q=tenants&near=city:US-GA:atlanta&radius=80". "" for no parts."""
    pairs: list[tuple[str, str]] = []
    for field in _FIELDS:
        pairs += [(field.key, part.value) for part in _list_field_parts(field, question)]
        if field.key == "near" and question.near is not None:
            pairs[-1:] = _list_near_pairs(question.near)
    return urlencode(pairs, safe=":,", errors="replace")


def parse_query_string(query_string: str, find_origin: OriginLookup | None = None) -> Question:
    """The question of an address, at its first page, its keys in any order. A key may be repeated, and may be empty.

    `origin_of` is needed for an address that names an organization as the origin. BadInput for unknown keys and values that
    cannot be, and what is below it for terms, regions and places that are not known.
    """
    given = _parse_pairs(query_string)
    radius = _require_single_value(_RADIUS_KEY, given.pop(_RADIUS_KEY, []))
    values = {
        field.path: _read_value(field, given.pop(field.key)) for field in _FIELDS if field.key in given and field.key != "near"
    }
    if "near" in given:
        values["near",] = resolve_near(
            _require_single_value("near", given.pop("near")) or "", None if radius is None else _parse_number(radius), find_origin
        )
    elif radius is not None:
        raise BadInput("A radius needs its centre: give `near`, too.", argument=_RADIUS_KEY)
    if given:
        unknown = next(iter(given))
        raise BadInput(f'No part of a search is called "{unknown[:80]}". Use {", ".join(_KEYS)}.', argument=unknown[:80])
    return _replace_values(Question(), values)


# ---------------------------------------------------------------- fields


class _QuestionField(Struct, frozen=True):
    name: str  # in the API
    key: str  # in an address
    path: tuple[str, ...]  # in a Question
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str
    is_list: bool = False

    @property
    def default(self) -> Any:
        return _get_value(_EMPTY_QUESTION, self.path)


def _parse_enum(kind: type[_Enum], value: str) -> _Enum:
    try:
        return kind(value)
    except ValueError:
        raise BadInput(f'"{value[:80]}" is none of {", ".join(kind)}.', value=value[:80]) from None


def _parse_boolean(value: str) -> bool:
    if value not in ("true", "false"):
        raise BadInput(f'Say true or false; "{value[:80]}" is neither.', value=value[:80])
    return value == "true"


def _format_boolean(value: bool) -> str:
    return "true" if value else "false"


def _parse_number(value: str) -> float:
    if not _NUMBER.fullmatch(value):
        raise BadInput(f'"{value[:80]}" is no number.', value=value[:80])
    return float(value)


def _format_number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _parse_date(value: str) -> date:
    try:
        return date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except ValueError:
        raise BadInput(f'"{value[:80]}" is no day; write it like 2026-01-31.', value=value[:80]) from None


def _parse_box(value: str) -> Box:
    sides = value.split(",")
    if len(sides) != 4:
        raise BadInput("A box is its south, west, north and east in degrees, joined by commas.", argument="within")
    return Box(*map(_parse_number, sides))


def _format_box(box: Box) -> str:
    return ",".join(map(_format_number, (box.south, box.west, box.north, box.east)))


def _parse_order(value: str) -> SortOrder:
    return SortOrder(_parse_enum(OrderField, value.removeprefix("-")), descending=value.startswith("-"))


def _format_order(order: SortOrder) -> str:
    return ("-" if order.descending else "") + order.field


def _list_near_pairs(near: Near) -> list[tuple[str, str]]:
    radius = [] if near.radius_km is None else [(_RADIUS_KEY, _format_number(near.radius_km))]
    return [("near", near.reference or near_point(near.point).reference), *radius]


def _format_near(near: Near) -> str:
    return "&".join((_list_near_pairs(near)[0][1], *(f"{key}={value}" for key, value in _list_near_pairs(near)[1:])))


def _build_term_fields(name: str, key: str, path: str) -> Iterator[_QuestionField]:
    yield _QuestionField(name, key, (path, "any_of"), is_list=True)
    yield _QuestionField(f"{name}.allOf", f"{key}.all", (path, "all_of"), is_list=True)
    yield _QuestionField(f"{name}.noneOf", f"{key}.not", (path, "none_of"), is_list=True)
    yield _QuestionField(f"{name}.narrower", f"{key}.narrower", (path, "narrower"), _parse_boolean, _format_boolean)


_FIELDS = (
    _QuestionField("query", "q", ("text",)),
    *_build_term_fields("issueAreas", "issue", "issue_areas"),
    *_build_term_fields("communities", "community", "communities"),
    *_build_term_fields("workAreas", "work", "work_areas"),
    *_build_term_fields("languages", "language", "languages"),
    _QuestionField("kinds", "kind", ("kinds",), partial(_parse_enum, OrganizationKind), is_list=True),
    _QuestionField("membership", "membership", ("membership",), partial(_parse_enum, MembershipStatus), is_list=True),
    _QuestionField("regions", "region", ("regions", "any_of"), is_list=True),
    _QuestionField("regions.noneOf", "region.not", ("regions", "none_of"), is_list=True),
    _QuestionField("regions.by", "by", ("regions", "by"), partial(_parse_enum, RegionMatch)),
    _QuestionField("regions.nationwide", "nationwide", ("regions", "nationwide"), partial(_parse_enum, Nationwide)),
    _QuestionField("near", "near", ("near",), write=_format_near),
    _QuestionField("within", "within", ("within",), _parse_box, _format_box),
    _QuestionField("locationStated", "located", ("location_stated",), _parse_boolean, _format_boolean),
    _QuestionField("verifiedSince", "verified", ("verified_since",), _parse_date),
    _QuestionField("joinedSince", "joined", ("joined_since",), _parse_date),
    _QuestionField("orderBy", "order", ("order",), _parse_order, _format_order),
)
_KEYS = [key for field in _FIELDS for key in ((field.key, _RADIUS_KEY) if field.key == "near" else (field.key,))]
_EMPTY_QUESTION = Question()


def _get_value(question: Question, path: tuple[str, ...]) -> Any:
    value: Any = question
    for name in path:
        value = getattr(value, name)
    return value


def _replace_values(question: Question, values: dict[tuple[str, ...], Any]) -> Question:
    changes: dict[str, Any] = {path[0]: value for path, value in values.items() if len(path) == 1}
    for name in {path[0] for path in values if len(path) > 1}:
        inner = {path[1]: value for path, value in values.items() if path[0] == name}
        changes[name] = replace(getattr(question, name), **inner)
    return replace(question, **changes)


def _list_field_parts(field: _QuestionField, question: Question) -> Iterator[FilterPart]:
    value = _get_value(question, field.path)
    if value == field.default:
        return
    for one in value if field.is_list else (value,):
        yield FilterPart(field.name, field.write(one), one if isinstance(one, Near) else None)


def _mark_leading_terms(found: Iterable[FilterPart]) -> Iterator[FilterPart]:
    facets: set[str] = set()
    for part in found:
        facet, _, way = part.field.partition(".")
        yield replace(part, is_additional_term=False) if way == "allOf" and facet not in facets else part
        facets.add(facet)


def _remove_from_value(field: _QuestionField, value: Any, gone: set[tuple[str, str]]) -> Any:
    if field.is_list:
        return tuple(one for one in value if (field.name, field.write(one)) not in gone)
    if value == field.default or (field.name, field.write(value)) in gone:
        return field.default
    if field.name == "query" and not gone.isdisjoint((field.name, word) for word in split_words(value)):
        return " ".join(word for word in split_words(value) if (field.name, word) not in gone)
    return value


def split_words(text: str) -> list[str]:
    """The words and "quoted phrases" of a search text that can be dropped one by one."""
    return _WORD.findall(text)


def _parse_pairs(query_string: str) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(query_string.removeprefix("?"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise BadInput("This is no query string: write key=value, joined by &.") from None
    given: dict[str, list[str]] = {}
    for key, value in pairs:
        given.setdefault(key, []).extend([value] if value.strip() else [])
    return {key: values for key, values in given.items() if values or key not in _KEYS}


def _read_value(field: _QuestionField, values: list[str]) -> Any:
    if field.is_list:
        return tuple(field.read(value) for value in values)
    return field.read(_require_single_value(field.key, values) or "")


def _require_single_value(key: str, values: list[str]) -> str | None:
    if len(values) > 1:
        raise BadInput(f"`{key}` can be said once only, and is there {len(values)} times.", argument=key)
    return values[0] if values else None
