"""Parse a row into a statement: a checked draft with geocoded locations, before its record is known."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping
from uuid import UUID

from msgspec import Struct

from directory.drafts.geocoding import locate
from directory.drafts.organization_draft import OrganizationDraft, build_stored_organization, parse_draft
from directory.drafts.problems import Problem
from directory.errors import BadInput
from directory.fields import FIELDS
from directory.matching.normalized_name import normalize_name
from directory.records import SOURCE_SCHEME_PREFIX, StoredLocation, StoredOrganization
from seed.rows import Row

PLACEHOLDER_ID = "00000000-0000-0000-0000-000000000000"  # used until the id is known
PLACEHOLDER_NAME = "?"  # used for a row without a name, because drafts require one
MAX_SCHEME_LENGTH = 30  # characters of an identifier scheme
NEW_RECORD = "new"  # in `same_as`: a person decided that the row needs a new record

_NON_DRAFT_FIELDS = ("id", "same_as")  # fields of a row that are not fields of a draft
_FIELDS_WITH_DEFAULTS = frozenset(  # cleared, they get the default of the draft
    {"membership", "audience", *(name for name, field in FIELDS.items() if field.default)}
)
_LIST_FIELDS = frozenset(name for name, field in OrganizationDraft.model_fields.items() if field.default == ())


class Statement(Struct, frozen=True):
    """What a row states about an organization, as a checked draft and as a record.

    `record` has PLACEHOLDER_ID as its id. Only its `stated_fields` have a meaning; the others hold defaults. The
    `fallback_fields` apply only if no other source has stated them (`Row.fallback_fields`). `id` is the id in the row.
    """

    row: Row
    draft: OrganizationDraft
    record: StoredOrganization
    stated_fields: frozenset[str]
    fallback_fields: frozenset[str]
    id: str | None
    same_as: str | None

    @property
    def has_name(self) -> bool:
        return "name" in self.stated_fields


def parse_statement(row: Row, *, key: str, today: dt.date) -> Statement:
    """Parse a row. `key` is the key of its dataset. Raises BadInput with all problems, including those of cleaning."""
    problems = list(row.problems)
    fallback_fields = {name: value for name, value in row.fallback_fields.items() if name not in row.fields}
    fields = {**fallback_fields, **{name: value for name, value in row.fields.items() if name not in _NON_DRAFT_FIELDS}}
    draft = _build_draft(_add_source_identifier(fields, row, key), today, problems)
    sites = tuple(_locate_drafts(draft, problems)) if draft else ()
    id = parse_id(row.fields.get("id"), problems)
    if problems or draft is None:
        raise BadInput("This row has problems; correct them.", problems=problems)
    stated_fields = {"sites" if name == "locations" else name for name in fields}
    stated_fields |= {"identifiers"} if row.source_id else set()
    return Statement(
        row=row,
        draft=draft,
        record=build_stored_organization(draft, id=PLACEHOLDER_ID, slug=draft.slug or "", sites=sites, is_whole=False),
        stated_fields=frozenset(stated_fields - {"slug"}),
        fallback_fields=frozenset(fallback_fields),
        id=id,
        same_as=_strip_text(row.fields.get("same_as")),
    )


def list_problems(error: BadInput, path: tuple[str | int, ...] = ()) -> tuple[Problem, ...]:
    """Return the problems in an error, or the error itself as one problem at `path`."""
    problems = error.params.get("problems")
    if isinstance(problems, list):
        return tuple(problems)
    argument = error.params.get("argument")
    argument_path = (*path, argument) if isinstance(argument, str) else path
    return (Problem(argument_path, error.code, error.user_message, {**error.params}),)


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


def is_known_name(name: str, record: StoredOrganization) -> bool:
    """Whether the record has, or had, this name."""
    return _name_words(name) in {_name_words(known) for known in (record.name, *(other.name for other in record.names))}


def is_stated_by(record: StoredOrganization, name: str, origin: str) -> bool:
    """Whether the record is known by this name and has the dataset with the key `origin` among its sources."""
    return is_known_name(name, record) and any(source.origin == origin for source in record.sources)


def list_source_rows(record: StoredOrganization, origin: str) -> set[int | None]:
    """Return the numbers of the rows of that dataset which stated the record."""
    return {source.row for source in record.sources if source.origin == origin}


def _name_words(name: str) -> tuple[str, ...]:
    normalized = normalize_name(name)
    return normalized.words if normalized else (name,)
