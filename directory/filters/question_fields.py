"""The fields of a question that filter parts and query strings consist of, with the text form of their values."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.filters.origins import near_point
from directory.geo import Box
from directory.question import Nationwide, Near, OrderField, Question, RegionMatch, SortOrder
from directory.records import MembershipStatus, OrganizationKind

RADIUS_KEY = "radius"  # kilometers; belongs to `near`
MAX_ECHO_LENGTH = 80  # characters of a value that an error message repeats
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EMPTY_QUESTION = Question()
_Enum = TypeVar("_Enum", bound=StrEnum)


class QuestionField(Struct, frozen=True):
    """A field that can be a filter part."""

    name: str  # in the API
    key: str  # in a query string
    path: tuple[str, ...]  # in a Question
    parse: Callable[[str], Any] = str
    format: Callable[[Any], str] = str
    is_list: bool = False

    @property
    def default(self) -> Any:
        return self.get_value(_EMPTY_QUESTION)

    def get_value(self, question: Question) -> Any:
        value: Any = question
        for name in self.path:
            value = getattr(value, name)
        return value


def replace_values(question: Question, values: dict[tuple[str, ...], Any]) -> Question:
    """Return the question with other values, given by the paths of their fields."""
    changes: dict[str, Any] = {path[0]: value for path, value in values.items() if len(path) == 1}
    for name in {path[0] for path in values if len(path) > 1}:
        inner = {path[1]: value for path, value in values.items() if path[0] == name}
        changes[name] = replace(getattr(question, name), **inner)
    return replace(question, **changes)


def list_near_pairs(near: Near) -> list[tuple[str, str]]:
    """Return the keys and values of an origin in a query string."""
    radius = [] if near.radius_km is None else [(RADIUS_KEY, _format_number(near.radius_km))]
    return [("near", near.reference or near_point(near.point).reference), *radius]


def parse_number(value: str) -> float:
    """Return the number. Raises BadInput if the text is not one."""
    if not _NUMBER.fullmatch(value):
        raise BadInput(f'"{value[:MAX_ECHO_LENGTH]}" is not a number.', value=value[:MAX_ECHO_LENGTH])
    return float(value)


def _format_number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _parse_enum(kind: type[_Enum], value: str) -> _Enum:
    try:
        return kind(value)
    except ValueError:
        sentence = f'"{value[:MAX_ECHO_LENGTH]}" is not valid here. Use one of {", ".join(kind)}.'
        raise BadInput(sentence, value=value[:MAX_ECHO_LENGTH]) from None


def _parse_boolean(value: str) -> bool:
    if value not in ("true", "false"):
        sentence = f'The value must be true or false, but it is "{value[:MAX_ECHO_LENGTH]}".'
        raise BadInput(sentence, value=value[:MAX_ECHO_LENGTH])
    return value == "true"


def _format_boolean(value: bool) -> str:
    return "true" if value else "false"


def _parse_date(value: str) -> date:
    try:
        return date.fromisoformat(value if _DATE.fullmatch(value) else "")
    except ValueError:
        sentence = f'"{value[:MAX_ECHO_LENGTH]}" is not a date. Write it like 2026-01-31.'
        raise BadInput(sentence, value=value[:MAX_ECHO_LENGTH]) from None


def _parse_box(value: str) -> Box:
    sides = value.split(",")
    if len(sides) != 4:
        raise BadInput("Write a box as south, west, north and east in degrees, separated by commas.", argument="within")
    return Box(*map(parse_number, sides))


def _format_box(box: Box) -> str:
    return ",".join(map(_format_number, (box.south, box.west, box.north, box.east)))


def _parse_order(value: str) -> SortOrder:
    return SortOrder(_parse_enum(OrderField, value.removeprefix("-")), descending=value.startswith("-"))


def _format_order(order: SortOrder) -> str:
    return ("-" if order.descending else "") + order.field


def _format_near(near: Near) -> str:
    (_, reference), *others = list_near_pairs(near)
    return "&".join((reference, *(f"{key}={value}" for key, value in others)))


def _build_term_fields(name: str, key: str, path: str) -> Iterator[QuestionField]:
    yield QuestionField(name, key, (path, "any_of"), is_list=True)
    yield QuestionField(f"{name}.allOf", f"{key}.all", (path, "all_of"), is_list=True)
    yield QuestionField(f"{name}.noneOf", f"{key}.not", (path, "none_of"), is_list=True)
    yield QuestionField(f"{name}.narrower", f"{key}.narrower", (path, "narrower"), _parse_boolean, _format_boolean)


FIELDS = (  # in the order of a query string
    QuestionField("query", "q", ("text",)),
    *_build_term_fields("issueAreas", "issue", "issue_areas"),
    *_build_term_fields("communities", "community", "communities"),
    *_build_term_fields("workAreas", "work", "work_areas"),
    *_build_term_fields("languages", "language", "languages"),
    QuestionField("kinds", "kind", ("kinds",), partial(_parse_enum, OrganizationKind), is_list=True),
    QuestionField("membership", "membership", ("membership",), partial(_parse_enum, MembershipStatus), is_list=True),
    QuestionField("regions", "region", ("regions", "any_of"), is_list=True),
    QuestionField("regions.noneOf", "region.not", ("regions", "none_of"), is_list=True),
    QuestionField("regions.by", "by", ("regions", "by"), partial(_parse_enum, RegionMatch)),
    QuestionField("regions.nationwide", "nationwide", ("regions", "nationwide"), partial(_parse_enum, Nationwide)),
    QuestionField("near", "near", ("near",), format=_format_near),  # parsed with its radius, in query_strings.py
    QuestionField("within", "within", ("within",), _parse_box, _format_box),
    QuestionField("locationStated", "located", ("location_stated",), _parse_boolean, _format_boolean),
    QuestionField("verifiedSince", "verified", ("verified_since",), _parse_date),
    QuestionField("joinedSince", "joined", ("joined_since",), _parse_date),
    QuestionField("orderBy", "order", ("order",), _parse_order, _format_order),
)
