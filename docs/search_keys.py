"""The table of the keys of a query string, from the fields of a question."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from directory.filters.question_fields import FIELDS, RADIUS_KEY, QuestionField
from directory.question import Nationwide, OrderField, RegionMatch
from directory.records import MembershipStatus
from docs.markdown import format_table


def _list_values(kind: type[StrEnum]) -> str:
    return ", ".join(kind)


# The values of each field, by its name, or by the last part of it for those that several fields have.
VALUES: Mapping[str, str] = {
    "query": "search words, taken literally",
    "optionalWords": "a word that need not occur; organizations with it come first",
    "issueAreas": "a slug",
    "communities": "a slug",
    "workAreas": "a slug",
    "languages": "a BCP 47 tag",
    "narrower": "`false`: without narrower terms",
    "kinds": "a value of `OrganizationKind`",
    "membership": f"{_list_values(MembershipStatus)}; ACTIVE by default",
    "regions": "a code",
    "by": f"{_list_values(RegionMatch)}; LOCATED_OR_SERVING by default",
    "nationwide": f"{_list_values(Nationwide)}; INCLUDE by default",
    "near": "a place: its id, `latitude,longitude`, `organization:` and an id, or a name",
    RADIUS_KEY: "kilometers",
    "within": "`south,west,north,east` in degrees",
    "locationStated": "`true` or `false`",
    "verifiedSince": "a date",
    "verificationDue": "`true` or `false`",
    "updatedSince": "a date and time with an offset",
    "joinedSince": "a date",
    "founded": "years: `1990-2000`, `1990-`, `-2000` or `1990`",
    "parent": "the id of an organization whose branches are meant",
    "coalition": "the slug of a coalition whose members are meant",
    "ids": "the id of an organization",
    "any": 'alternatives, separated by "\\|"; each is a query string without `q`, `optional` and `order`',
    "orderBy": f"{_list_values(OrderField)}; with `-` before it, descending",
}
FILTER_NAMES = {"kinds.noneOf": "excludedKinds", "any": "or", "near": "near.place"}  # where the filter has another name
ARGUMENTS = ("query", "orderBy")  # of the field, instead of the filter
WITHOUT_ARGUMENT = ("optionalWords",)


def build_search_keys_table() -> str:
    """The keys in the order of a canonical query string, what their values are, and the arguments that mean the same."""
    rows = [row for field in FIELDS for row in _build_rows(field)]
    return format_table(("key", "value", "can be repeated", "the same in `filter`"), rows)


def _build_rows(field: QuestionField) -> Iterator[tuple[str, ...]]:
    owner, _, setting = field.name.partition(".")
    value = VALUES[setting] if setting in VALUES else VALUES[owner]
    yield f"`{field.key}`", value, "yes" if field.is_list else "", _find_argument(field)
    if field.name == "near":
        yield f"`{RADIUS_KEY}`", VALUES[RADIUS_KEY], "", "`near.radius`"


def _find_argument(field: QuestionField) -> str:
    if field.name in ARGUMENTS:
        return f"the argument `{field.name}`"
    if field.name in WITHOUT_ARGUMENT:
        return ""
    name = f"{field.name}.anyOf" if field.path[-1] == "any_of" else field.name
    return f"`{FILTER_NAMES.get(name, name)}`"
