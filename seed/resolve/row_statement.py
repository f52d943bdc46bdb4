"""Parse a row into a statement: a checked draft with geocoded locations, before its record is known."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from directory.drafts.draft_parts import ContactDraft, LocationDraft
from directory.drafts.geocoding import locate
from directory.drafts.organization_draft import OrganizationDraft, build_stored_organization, parse_draft
from directory.drafts.problems import Problem
from directory.errors import BadInput
from directory.fields import FIELDS
from directory.gazetteer.gazetteer import get_gazetteer
from directory.records import SOURCE_SCHEME_PREFIX, MembershipStatus, StoredLocation, StoredOrganization
from directory.vocabulary.region_files import RegionKind
from directory.vocabulary.regions import REGIONS
from seed.rows import Row

PLACEHOLDER_ID = "00000000-0000-0000-0000-000000000000"  # used until the id is known
PLACEHOLDER_NAME = "?"  # used for a row without a name, because drafts require one
MAX_SCHEME_LENGTH = 30  # characters of an identifier scheme
NEW_RECORD = "new"  # in `same_as`: a person decided that the row needs a new record
LEAVE_REMOVED = "removed"  # in `same_as`: a person decided that the removed record of the row stays removed

_NON_DRAFT_FIELDS = ("id", "same_as")  # fields of a row that are not fields of a draft
_FIELDS_WITH_DEFAULTS = frozenset(  # cleared, they get the default of the draft
    {"membership", "audience", *(name for name, field in FIELDS.items() if field.default)}
)
# A row is rejected if one of these is wrong: they say which record it is about, or decide what is shown of it and to whom.
_REQUIRED_FIELDS = frozenset(
    {"name", "id", "slug", "same_as", "source_id", "audience", "search_engines", "rest", "issue_areas", "tags"}
)
_REQUIRED_PARTS = frozenset({"disclosure", "audience"})
_REQUIRED_CONTACT_PARTS = frozenset({"name", "first_name", "last_name"})  # without a name, a number looks like an office's
_PART_FIELDS = {  # parts of which single values can be left out; in other lists, the whole item is
    "locations": frozenset({*LocationDraft.model_fields, "address", "street2", "point"}),
    "contacts": frozenset(ContactDraft.model_fields),
}
_DEPENDENT_FIELDS = {  # by a value that is left out: these have no meaning without it
    "phone": ("phone_extension",),
    "point": ("latitude", "longitude", "known"),
    "latitude": ("longitude", "known"),
    "longitude": ("latitude", "known"),
}
_PARTS_OF_WHOLE_ITEMS = {"locations": "point", "contacts": "phone_extension"}  # what a problem of a whole item is about
_CONTACT_PARTS = ("name", "role", "email", "phone")  # a contact has at least one of these
_UUID = re.compile(r"[0-9a-fA-F-]{32,36}")
MAX_ATTEMPTS = 10  # each finds the problems that an earlier one hid; a row with still more is rejected
_LIST_FIELDS = frozenset(name for name, field in OrganizationDraft.model_fields.items() if field.default == ())
STATUS_FIELD = "membership.status"


FIELD_CACHE_SIZE = 1 << 10  # sets of fields
_OPTIONAL_FIELDS = frozenset(OrganizationDraft.model_fields) | {"as_of"}


class Statement(Struct, frozen=True):
    """What a row states about an organization, as a record.

    `record` has PLACEHOLDER_ID as its id, and the slug in the row or "". Only its `stated_fields` have a meaning; the others hold
    defaults. The same is true of the fields of its membership, and of each location and contact. The `fallback_fields` apply only
    if no other source has stated them (`Row.fallback_fields`); STATUS_FIELD is among them if the row states a membership without
    its status, which then applies only to a new record. `id` is the id in the row. `parent_key` is the slug or id of the parent,
    which may be the record of another row. `left_out` are the problems of values that the statement does not have.
    `equal_rows` is the number of earlier rows of the file with its name and first town.
    """

    row: Row
    record: StoredOrganization
    stated_fields: frozenset[str]
    fallback_fields: frozenset[str]
    membership_fields: frozenset[str]
    location_fields: tuple[frozenset[str], ...]
    contact_fields: tuple[frozenset[str], ...]
    id: str | None
    same_as: str | None
    parent_key: str | None = None
    left_out: tuple[Problem, ...] = ()
    equal_rows: int = 0

    @property
    def slug(self) -> str:
        return self.record.slug

    @property
    def has_name(self) -> bool:
        return "name" in self.stated_fields


def parse_statement(row: Row, *, key: str, today: dt.date, is_strict: bool = False) -> Statement:
    """Parse a row. `key` is the key of its dataset.

    Values that cannot be used are left out, unless `is_strict`. Raises BadInput with all problems, including those of cleaning,
    if it is strict or one of them concerns the name, the id, or what is shown to whom.
    """
    left_out, fields = list(row.problems), {name: value for name, value in row.fields.items() if not _is_parent_slug(name, value)}
    for _ in range(1 if is_strict else MAX_ATTEMPTS):
        _require_optional(left_out, is_strict)
        problems: list[Problem] = []
        statement = _parse_fields(replace(row, fields=fields), key, today, problems)
        if statement is not None:
            parent_key = _strip_text(row.fields.get("parent"))
            return _state_unclear_membership(replace(statement, row=row, parent_key=parent_key, left_out=tuple(left_out)))
        left_out += problems
        _require_optional(left_out, is_strict)
        fields = _remove_values(fields, problems)
    raise BadInput("This row has too many problems; correct them.", problems=left_out)


def _is_parent_slug(field: str, value: object) -> bool:
    """Whether this is the slug of a parent. A draft has its id, which may be known only after earlier rows were planned."""
    return field == "parent" and isinstance(value, str) and bool(value) and not _UUID.fullmatch(value.strip())


def _require_optional(problems: Sequence[Problem], is_strict: bool) -> None:
    if problems and (is_strict or not all(map(_is_optional, problems))):
        raise BadInput("This row has problems; correct them.", problems=list(problems))


def _is_optional(problem: Problem) -> bool:
    """Whether a row can be imported without the value. An unknown field may be a misspelled one that decides who sees what."""
    if not problem.path or problem.path[0] in _REQUIRED_FIELDS or problem.path[-1] in _REQUIRED_PARTS:
        return False
    field, part = problem.path[0], problem.path[2] if len(problem.path) > 2 else None
    if field == "contacts" and part in _REQUIRED_CONTACT_PARTS:
        return False
    if field in _PART_FIELDS and part is not None:
        return part in _PART_FIELDS[str(field)]
    return field in _OPTIONAL_FIELDS


def _remove_values(fields: Mapping[str, object], problems: Iterable[Problem]) -> dict[str, object]:
    """Return the fields without the values that have problems."""
    changed: dict[str, Any] = {name: list(value) if isinstance(value, list | tuple) else value for name, value in fields.items()}
    for problem in problems:
        field, position = str(problem.path[0]), problem.path[1] if len(problem.path) > 1 else None
        value = changed.get(field)
        if isinstance(value, list) and isinstance(position, int):
            value[position] = _remove_part(field, value[position], problem)
        elif field == "membership" and isinstance(value, Mapping):
            parts = {position} if position else {"joined_on", "ended_on"}
            changed[field] = {name: part for name, part in value.items() if name not in parts}
        else:
            changed.pop(field, None)
    kept = {
        name: [item for item in value if item is not None] if isinstance(value, list) else value
        for name, value in changed.items()
    }
    return {name: value for name, value in kept.items() if value or not fields[name]}


def _remove_part(field: str, item: object, problem: Problem) -> object:
    """Return the item of a list without the value; None if nothing useful is left of it.

    A location without its country would be in the United States, so nothing is left of it.
    """
    if field not in _PART_FIELDS or not isinstance(item, Mapping):
        return None
    part = str(problem.path[2]) if len(problem.path) > 2 else _PARTS_OF_WHOLE_ITEMS[field]
    removed = {part, *_DEPENDENT_FIELDS.get(part, ())}
    if part == "postal_code" and "state" in item and not _is_only_in_state(item):
        removed.add("state")
    rest = {name: value for name, value in item.items() if name not in removed}
    is_useful = part != "country" if field == "locations" else any(rest.get(name) for name in _CONTACT_PARTS)
    return rest if is_useful else None


def _is_only_in_state(location: Mapping[str, object]) -> bool:
    """Whether the city is in the stated state and not in that of the ZIP code. Then the ZIP code is wrong and not the state."""
    gazetteer = get_gazetteer()
    city, state, code = (str(location.get(name) or "") for name in ("city", "state", "postal_code"))
    place = gazetteer.find_postal_code(code)
    states = [region.code for region in REGIONS.find(state) if region.kind is RegionKind.STATE]
    if place is None or not states:
        return True
    is_in_both = place.state is not None and gazetteer.find_city(city, place.state) is not None
    return bool(city) and gazetteer.find_city(city, states[0]) is not None and not is_in_both


def list_problems(error: BadInput, path: tuple[str | int, ...] = ()) -> tuple[Problem, ...]:
    """Return the problems in an error, or the error itself as one problem at `path`."""
    problems = error.params.get("problems")
    if isinstance(problems, list):
        return tuple(problems)
    argument = error.params.get("argument")
    argument_path = (*path, argument) if isinstance(argument, str) else path
    return (Problem(argument_path, error.code, error.user_message, {**error.params}),)


def _parse_fields(row: Row, key: str, today: dt.date, problems: list[Problem]) -> Statement | None:
    """Return the statement; None if it has problems, which are added to `problems`."""
    fallback_fields = {name: value for name, value in row.fallback_fields.items() if name not in row.fields}
    fields = {**fallback_fields, **{name: value for name, value in row.fields.items() if name not in _NON_DRAFT_FIELDS}}
    if has_fallback_status := _has_fallback_status(row):
        fields["membership"] = {**row.fallback_fields["membership"], **fields["membership"]}  # type: ignore[dict-item]
    draft = _build_draft(_add_source_identifier(fields, row, key), today, problems)
    sites = tuple(_locate_drafts(draft, problems)) if draft else ()
    id = parse_id(row.fields.get("id"), problems)
    if problems or draft is None:
        return None
    stated_fields = {"sites" if name == "locations" else name for name in fields}
    stated_fields |= {"identifiers"} if row.source_id else set()
    return Statement(
        row=row,
        record=build_stored_organization(draft, id=PLACEHOLDER_ID, slug=draft.slug or "", sites=sites, is_whole=False),
        stated_fields=_share(frozenset(stated_fields - {"slug"})),
        fallback_fields=_share(frozenset({*fallback_fields, STATUS_FIELD} if has_fallback_status else fallback_fields)),
        membership_fields=_share(frozenset(draft.membership.model_fields_set)),
        location_fields=tuple([_share(frozenset(location.model_fields_set)) for location in draft.locations]),
        contact_fields=tuple([_share(_list_contact_fields(contact)) for contact in draft.contacts]),
        id=id,
        same_as=_strip_text(row.fields.get("same_as")),
    )


def _list_contact_fields(contact: ContactDraft) -> frozenset[str]:
    """Return the stated fields. An audience that is stated as None is the default one."""
    return frozenset(contact.model_fields_set - ({"audience"} if contact.audience is None else set()))


@lru_cache(maxsize=FIELD_CACHE_SIZE)
def _share(fields: frozenset[str]) -> frozenset[str]:
    """Return the same set for equal ones: the rows of a list state the same fields, and a set takes more memory than a value."""
    return fields


def _state_unclear_membership(statement: Statement) -> Statement:
    """Return the statement such that a new record is not shown as a member if the row's membership is not understood."""
    is_unclear = any(problem.path[0] == "membership" and problem.path[-1] != "joined_on" for problem in statement.left_out)
    if not is_unclear or "status" in statement.membership_fields:
        return statement
    membership = replace(statement.record.membership, status=MembershipStatus.NONE)
    return replace(statement, record=replace(statement.record, membership=membership))


def _has_fallback_status(row: Row) -> bool:
    stated, fallback = row.fields.get("membership"), row.fallback_fields.get("membership")
    return isinstance(stated, dict) and isinstance(fallback, dict) and "status" in fallback and "status" not in stated


def _build_draft(fields: Mapping[str, object], today: dt.date, problems: list[Problem]) -> OrganizationDraft | None:
    without_cleared = {name: value for name, value in fields.items() if value is not None or name not in _FIELDS_WITH_DEFAULTS}
    with_lists = {name: [] if value is None and name in _LIST_FIELDS else value for name, value in without_cleared.items()}
    try:
        return parse_draft({"name": PLACEHOLDER_NAME, **with_lists}, today=today)
    except BadInput as error:
        problems += list_problems(error)
        return None


def _add_source_identifier(fields: Mapping[str, object], row: Row, key: str) -> Mapping[str, object]:
    """Add the record number of the source to the identifiers. The next import finds the record by it."""
    if row.source_id is None:
        return fields
    source_identifier = {"scheme": derive_identifier_scheme(key), "value": row.source_id}
    identifiers = fields.get("identifiers") or []
    return {**fields, "identifiers": [*identifiers, source_identifier]} if isinstance(identifiers, list | tuple) else fields


def derive_identifier_scheme(key: str) -> str:
    """Return the identifier scheme for record numbers of the source with that key.

    A key that does not fit into a scheme is shortened and gets a digest.
    """
    words = "-".join(re.findall(r"[A-Z0-9]+", key.upper()))
    scheme = f"{SOURCE_SCHEME_PREFIX}{words}"
    if words == key.upper() and len(scheme) <= MAX_SCHEME_LENGTH:
        return scheme
    digest = hashlib.sha256(key.encode()).hexdigest()[:8].upper()
    return f"{scheme[: MAX_SCHEME_LENGTH - len(digest) - 1].rstrip('-')}-{digest}"


def _locate_drafts(draft: OrganizationDraft, problems: list[Problem]) -> Iterator[StoredLocation]:
    for position, location in enumerate(draft.locations):
        try:
            yield locate(location, id=str(position))
        except BadInput as error:
            problems += list_problems(error, ("locations", position))


def parse_id(id: object, problems: list[Problem]) -> str | None:
    if id is None or id == "":
        return None
    try:
        return str(UUID(str(id)))
    except ValueError:
        problems += list_problems(BadInput("This id is not a UUID; leave it out for a new organization.", argument="id"))
        return None


def _strip_text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
