"""The fields of a question that filter parts and query strings consist of, with the text form of their values."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput
from directory.filters.origins import near_point
from directory.geo import Box
from directory.question import Filter, Nationwide, Near, OrderField, Question, RegionMatch, SortOrder, YearRange
from directory.records import MembershipStatus, OrganizationKind

ANY_FIELD = "any"  # of a part: a clause with several alternatives
CLAUSE_KEY = "any"
RADIUS_KEY = "radius"  # kilometers; belongs to `near`
MAX_ECHO_LENGTH = 80  # characters of a value that an error message repeats
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_YEARS = re.compile(r"(?P<first>\d{0,4})-(?P<last>\d{0,4})", re.ASCII)
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
    is_choice: bool = False  # a list of which a record needs only one value
    is_one_part: bool = False  # a list that is shown as a whole

    def get_default(self, condition: Filter) -> Any:
        """Return the value that the field has in this question or alternative if nothing is said about it."""
        if self.path == ("membership",) and not (isinstance(condition, Question) and not condition.names_membership_in_clauses):
            return ()
        return _DEFAULTS[self.path]

    def is_untouched(self, condition: Filter) -> bool:
        """Return whether the field surely has its default: nothing was set in its part of the question."""
        name = self.path[0]
        return name != "membership" and getattr(condition, name) is getattr(_EMPTY_QUESTION, name)

    def get_value(self, condition: Filter) -> Any:
        value: Any = getattr(condition, self.path[0])
        return value if len(self.path) == 1 else getattr(value, self.path[1])

    def list_values(self, condition: Filter) -> list[Any]:
        """Return the values of the field, [] for its default."""
        if self.is_untouched(condition):  # most are
            return []
        value = self.get_value(condition)
        if value == self.get_default(condition):
            return []
        return list(value) if self.is_list else [value]


FilterT = TypeVar("FilterT", bound=Filter)


def replace_values(condition: FilterT, values: dict[tuple[str, ...], Any]) -> FilterT:
    """Return the question or alternative with other values, given by the paths of their fields."""
    changes: dict[str, Any] = {path[0]: value for path, value in values.items() if len(path) == 1}
    for name in {path[0] for path in values if len(path) > 1}:
        inner = {path[1]: value for path, value in values.items() if path[0] == name}
        changes[name] = replace(getattr(condition, name), **inner)
    return replace(condition, **changes)


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


def _parse_time(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value if _TIME.fullmatch(value) else "")
    except ValueError:
        sentence = f'"{value[:MAX_ECHO_LENGTH]}" is not a time. Write it like 2026-01-31T12:00:00Z.'
        raise BadInput(sentence, value=value[:MAX_ECHO_LENGTH]) from None


def _format_time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _parse_years(value: str) -> YearRange:
    years = _YEARS.fullmatch(value if "-" in value else f"{value}-{value}")
    if years is None or value == "-":
        sentence = f'"{value[:MAX_ECHO_LENGTH]}" are no years. Write them like 1990-2000, 1990- or -2000.'
        raise BadInput(sentence, argument="founded", value=value[:MAX_ECHO_LENGTH])
    return YearRange(*(int(year) if year else None for year in years.groups()))


def _format_years(years: YearRange) -> str:
    if years.first == years.last:
        return str(years.first)
    return "-".join("" if year is None else str(year) for year in (years.first, years.last))


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
    yield QuestionField(name, key, (path, "any_of"), is_list=True, is_choice=True)
    yield QuestionField(f"{name}.allOf", f"{key}.all", (path, "all_of"), is_list=True)
    yield QuestionField(f"{name}.noneOf", f"{key}.not", (path, "none_of"), is_list=True)
    yield QuestionField(f"{name}.narrower", f"{key}.narrower", (path, "narrower"), _parse_boolean, _format_boolean)


_parse_kind, _parse_status = partial(_parse_enum, OrganizationKind), partial(_parse_enum, MembershipStatus)
FIELDS = (  # in the order of a query string
    QuestionField("query", "q", ("text",)),
    QuestionField("optionalWords", "optional", ("optional_words",), is_list=True),
    *_build_term_fields("issueAreas", "issue", "issue_areas"),
    *_build_term_fields("communities", "community", "communities"),
    *_build_term_fields("workAreas", "work", "work_areas"),
    *_build_term_fields("languages", "language", "languages"),
    QuestionField("kinds", "kind", ("kinds",), _parse_kind, is_list=True, is_choice=True),
    QuestionField("kinds.noneOf", "kind.not", ("excluded_kinds",), _parse_kind, is_list=True),
    QuestionField("membership", "membership", ("membership",), _parse_status, is_list=True, is_choice=True),
    QuestionField("regions", "region", ("regions", "any_of"), is_list=True, is_choice=True),
    QuestionField("regions.noneOf", "region.not", ("regions", "none_of"), is_list=True),
    QuestionField("regions.by", "by", ("regions", "by"), partial(_parse_enum, RegionMatch)),
    QuestionField("regions.nationwide", "nationwide", ("regions", "nationwide"), partial(_parse_enum, Nationwide)),
    QuestionField("near", "near", ("near",), format=_format_near),  # parsed with its radius, in query_strings.py
    QuestionField("within", "within", ("within",), _parse_box, _format_box),
    QuestionField("locationStated", "located", ("location_stated",), _parse_boolean, _format_boolean),
    QuestionField("verifiedSince", "verified", ("verified_since",), _parse_date),
    QuestionField("verificationDue", "due", ("verification_due",), _parse_boolean, _format_boolean),
    QuestionField("updatedSince", "updated", ("updated_since",), _parse_time, _format_time),
    QuestionField("joinedSince", "joined", ("joined_since",), _parse_date),
    QuestionField("founded", "founded", ("founded",), _parse_years, _format_years),
    QuestionField("parent", "parent", ("parent",)),
    QuestionField("coalition", "coalition", ("coalition",)),
    QuestionField("ids", "id", ("ids",), is_list=True, is_one_part=True),
    QuestionField(ANY_FIELD, CLAUSE_KEY, ("clauses",), is_list=True),  # formatted and parsed in query_strings.py
    QuestionField("orderBy", "order", ("order",), _parse_order, _format_order),
)
_DEFAULTS = {field.path: field.get_value(_EMPTY_QUESTION) for field in FIELDS}
# The fields of an alternative: a text, optional words and an order belong to the question as a whole.
FILTER_FIELDS = tuple(field for field in FIELDS if field.path[0] in Filter.__struct_fields__)
