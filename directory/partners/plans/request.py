"""What a coalition plan should cover, as one frozen value, and its one-line form.

The line is a query string with its keys always in the order of `_KEYS` and without default values, so each request has one line:
"issue=housing&region=US-PACIFIC&exclude=harbor-tenants-union&max=4". The filter is a search of its own under the key `filter`.
"""

import re
from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote_plus

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from directory.errors import BadInput, TooComplex
from directory.filters.origins import OriginLookup
from directory.filters.query_strings import format_query_string, parse_query_string
from directory.question import Nationwide, Page, Question, RegionMatch, SortOrder
from directory.question.text_limits import SEARCH_LIMIT
from directory.vocabulary.regions import REGIONS
from directory.vocabulary.terms import ISSUE_AREAS

MAX_ISSUE_AREAS = 20
MAX_REGIONS = 60
MAX_CELLS = 400  # combinations of an issue area and a region
MAX_LISTED = 50  # members to include, and members to exclude
MAX_MEMBERS = 100  # as maximum size
MAX_PER_CELL = 5
MAX_ECHO_LENGTH = 80  # characters of a value that an error message repeats
MEMBER_KEY = re.compile(r"[\w.:-]{1,100}", re.ASCII)  # a slug or id of an organization

_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_KEYS = ("issue", "region", "by", "nationwide", "include", "exclude", "max", "per", "filter")
_SINGLE_KEYS = ("by", "nationwide", "max", "per", "filter")
E = TypeVar("E", RegionMatch, Nationwide)


class PlanRequest(Struct, frozen=True, kw_only=True):
    """A coalition to plan: each issue area in each region needs `per_cell` members.

    `issue_areas` are slugs, each with everything narrower, and `regions` codes; both need at least one. `by` and `nationwide` say
    when a member counts for a region. `include` and `exclude` are slugs or ids of organizations; an included one need not match
    `filter`, which limits the others. Its order and page are ignored. `max_size` limits the number of members; None is no limit.
    Raises BadInput, TooComplex, UnknownTerm or UnknownRegion when it is created.
    """

    issue_areas: tuple[str, ...]
    regions: tuple[str, ...]
    by: RegionMatch = RegionMatch.LOCATED_OR_SERVING
    nationwide: Nationwide = Nationwide.EXCLUDE
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_size: int | None = None
    per_cell: int = 1
    filter: Question = Question()

    def __post_init__(self) -> None:
        for name, argument in (
            ("issue_areas", "issueAreas"),
            ("regions", "regions"),
            ("include", "include"),
            ("exclude", "exclude"),
        ):
            values = getattr(self, name)
            _check_count(argument, values, _LIMITS[argument])
            msgspec.structs.force_setattr(self, name, tuple(sorted(set(values))))
        for slug in self.issue_areas:
            ISSUE_AREAS.require(slug)
        for code in self.regions:
            REGIONS.require(code)
        self._check_size()
        self._check_members()
        msgspec.structs.force_setattr(self, "filter", replace(self.filter, order=SortOrder(), page=Page()))

    def _check_size(self) -> None:
        if not (self.issue_areas and self.regions):
            argument = "regions" if self.issue_areas else "issueAreas"
            raise BadInput("A plan needs at least one issue area and one region. Add what is missing.", argument=argument)
        cells = len(self.issue_areas) * len(self.regions)
        if cells > MAX_CELLS:
            sentence = (
                f"{len(self.issue_areas)} issue areas in {len(self.regions)} regions are {cells} combinations, and a plan can "
                f"have at most {MAX_CELLS}. Choose fewer, or larger regions."
            )
            raise TooComplex(sentence, limit=MAX_CELLS, counted=cells, of="cells")
        for argument, number, most in (("maxSize", self.max_size, MAX_MEMBERS), ("perCell", self.per_cell, MAX_PER_CELL)):
            if number is not None and not 1 <= number <= most:
                raise BadInput(f"`{argument}` must be from 1 to {most}; it is {number}.", argument=argument, limit=most)

    def _check_members(self) -> None:
        for argument, keys in (("include", self.include), ("exclude", self.exclude)):
            if not all(map(MEMBER_KEY.fullmatch, keys)):
                raise BadInput(
                    f"`{argument}` takes slugs or ids of organizations, and this is neither. Pass them unchanged.",
                    argument=argument,
                )
        if both := set(self.include) & set(self.exclude):
            raise contradiction(min(both))
        if self.max_size is not None and len(self.include) > self.max_size:
            sentence = (
                f"{len(self.include)} members are included, but the plan may have at most {self.max_size}. "
                "Include fewer, or raise the maximum size."
            )
            raise BadInput(sentence, argument="maxSize", limit=self.max_size)


_LIMITS = {"issueAreas": MAX_ISSUE_AREAS, "regions": MAX_REGIONS, "include": MAX_LISTED, "exclude": MAX_LISTED}


def contradiction(key: str) -> BadInput:
    """Return the refusal of a plan that includes and excludes the same member."""
    return BadInput(f'"{key}" is both included and excluded. Remove it from one of the lists.', argument="exclude", value=key)


def _check_count(argument: str, values: Sequence[str], limit: int) -> None:
    if len(values) > limit:
        sentence = f"`{argument}` takes at most {limit} values; there are {len(values)}."
        raise BadInput(sentence, argument=argument, limit=limit)


# ---------------------------------------------------------------- the one-line form


def format_plan_line(request: PlanRequest) -> str:
    """Return the line of a request. `parse_plan_line` returns an equal request for it."""
    defaults = [
        ("by", request.by, RegionMatch.LOCATED_OR_SERVING),
        ("nationwide", request.nationwide, Nationwide.EXCLUDE),
        ("max", request.max_size, None),
        ("per", request.per_cell, 1),
        ("filter", format_query_string(request.filter), ""),
    ]
    values: dict[str, list[str]] = {key: [] if value == default else [str(value)] for key, value, default in defaults}
    values |= {"issue": [*request.issue_areas], "region": [*request.regions]}
    values |= {"include": [*request.include], "exclude": [*request.exclude]}
    return "&".join(f"{key}={quote_plus(value, ':,')}" for key in _KEYS for value in values[key])


def format_usable_line(request: PlanRequest) -> str | None:
    """Return the line of a request; None if it is too long for `parse_plan_line`."""
    line = format_plan_line(request)
    return line if len(line) <= SEARCH_LIMIT else None


def parse_plan_line(line: str, find_origin: OriginLookup | None = None) -> PlanRequest:
    """Return the request of a line. Keys may come in any order and may be repeated where several values are possible.

    `find_origin` is needed if an organization is the origin of the filter. Raises BadInput for unknown keys and invalid values,
    and what PlanRequest raises.
    """
    if len(line) > SEARCH_LIMIT:
        sentence = f"A plan can have at most {SEARCH_LIMIT:,} characters in one line, and this one has {len(line):,}. Shorten it."
        raise BadInput(sentence, argument="search", limit=SEARCH_LIMIT, length=len(line))
    values = _parse_pairs(line.removeprefix("?"))
    single: dict[str, Any] = {}
    if "by" in values:
        single["by"] = _parse_enum(RegionMatch, values["by"][0])
    if "nationwide" in values:
        single["nationwide"] = _parse_enum(Nationwide, values["nationwide"][0])
    for key, name in (("max", "max_size"), ("per", "per_cell")):
        if key in values:
            single[name] = _parse_number(key, values[key][0])
    if "filter" in values:
        single["filter"] = parse_query_string(values["filter"][0], find_origin)
    names = (("issue_areas", "issue"), ("regions", "region"), ("include", "include"), ("exclude", "exclude"))
    lists: dict[str, Any] = {name: tuple(values.get(key, ())) for name, key in names}
    return PlanRequest(**lists, **single)


def _parse_pairs(line: str) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(line, keep_blank_values=True, strict_parsing=True, errors="strict") if line else []
    except ValueError:
        raise BadInput("This is not a plan in one line. Write key=value pairs separated by &.", argument="search") from None
    values: dict[str, list[str]] = {}
    for key, value in pairs:
        if key not in _KEYS:
            sentence = f'A plan has no parameter "{key[:MAX_ECHO_LENGTH]}". Use {", ".join(_KEYS)}.'
            raise BadInput(sentence, argument="search", value=key[:MAX_ECHO_LENGTH])
        if value:
            values.setdefault(key, []).append(value)
    for key in _SINGLE_KEYS:
        if len(values.get(key, ())) > 1:
            raise BadInput(f"`{key}` can be used only once, but it is there {len(values[key])} times.", argument="search")
    return values


def _parse_enum(kind: type[E], value: str) -> E:
    try:
        return kind(value)
    except ValueError:
        sentence = f'"{value[:MAX_ECHO_LENGTH]}" is not valid here. Use one of {", ".join(kind)}.'
        raise BadInput(sentence, argument="search", value=value[:MAX_ECHO_LENGTH]) from None


def _parse_number(key: str, value: str) -> int:
    if not _NUMBER.fullmatch(value):
        sentence = f'`{key}` must be a whole number, and it is "{value[:MAX_ECHO_LENGTH]}".'
        raise BadInput(sentence, argument="search", value=value[:MAX_ECHO_LENGTH])
    return int(value)
