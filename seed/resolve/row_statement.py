"""A statement: what a row says of an organization, checked, its places located, before anybody asks whom it is about."""

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
from directory.matching.normalized_name import normalize_name
from directory.records import SOURCE_SCHEME_PREFIX, StoredLocation, StoredOrganization
from seed.rows import Row

PLACEHOLDER_ID = "00000000-0000-0000-0000-000000000000"  # stands for the id until it is known
PLACEHOLDER_NAME = "?"  # stands for the name of a row that states none; a new record needs one
MAX_SCHEME_LENGTH = 30  # characters that a scheme of identifiers may have
NEW_RECORD = "new"  # in `same_as`: a person has decided that nobody here is meant

_NON_DRAFT_FIELDS = ("id", "same_as")  # what a row may state that is no field of a draft
_FIELDS_WITH_DEFAULTS = ("kind", "membership", "audience")  # cleared, they fall back to what a draft has without them


class Statement(Struct, frozen=True):
    """`said` is what the row states as an Entry of NOBODY, `fields` those of its fields that are stated; the others mean nothing.

    `weak` are fields that count only where nobody else has stated them (Row.defaults). `id` is the one that the row gives.
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
    """What the row of the dataset with that key states. Raises BadInput with every problem, those found on the way included."""
    found = list(row.problems)
    weak = {name: value for name, value in row.fallback_fields.items() if name not in row.fields}
    fields = {**weak, **{name: value for name, value in row.fields.items() if name not in _NON_DRAFT_FIELDS}}
    drafted = _build_draft(_add_source_identifier(fields, row, key), today, found)
    sites = tuple(_locate_drafts(drafted, found)) if drafted else ()
    id = _parse_id(row.fields.get("id"), found)
    if found or drafted is None:
        raise BadInput("This row cannot be used as it is.", problems=found)
    said = build_stored_organization(drafted, id=PLACEHOLDER_ID, slug=drafted.slug or "", sites=sites)
    stated = {"sites" if name == "locations" else name for name in fields}
    stated |= {"identifiers"} if row.source_id else set()
    return Statement(
        row, drafted, said, frozenset(stated - {"slug"}), frozenset(weak), id, _strip_text(row.fields.get("same_as"))
    )


def list_problems(refusal: BadInput, path: tuple[str | int, ...] = ()) -> tuple[Problem, ...]:
    """The problems that a refusal carries, or the refusal itself as one."""
    several = refusal.params.get("problems")
    if isinstance(several, list):
        return tuple(several)
    argument = refusal.params.get("argument")
    where = (*path, argument) if isinstance(argument, str) else path
    return (Problem(where, refusal.code, refusal.user_message, {**refusal.params}),)


def _build_draft(fields: Mapping[str, object], today: dt.date, problems: list[Problem]) -> OrganizationDraft | None:
    kept = {name: value for name, value in fields.items() if value is not None or name not in _FIELDS_WITH_DEFAULTS}
    lists = {name: [] if value is None and name in _LIST_FIELDS else value for name, value in kept.items()}
    try:
        return parse_draft({"name": PLACEHOLDER_NAME, **lists}, today=today)
    except BadInput as refusal:
        problems += list_problems(refusal)
        return None


_LIST_FIELDS = frozenset(name for name, field in OrganizationDraft.model_fields.items() if field.default == ())


def _add_source_identifier(fields: Mapping[str, object], row: Row, key: str) -> Mapping[str, object]:
    """The source's own number of the record joins the identifiers, so that the next import finds the record by it."""
    if row.source_id is None:
        return fields
    own = {"scheme": derive_identifier_scheme(key), "value": row.source_id}
    listed = fields.get("identifiers") or []
    return {**fields, "identifiers": [*listed, own]} if isinstance(listed, list | tuple) else fields


def derive_identifier_scheme(key: str) -> str:
    """The scheme of the numbers of the source with that key; a digest stands for what of the key does not go into one."""
    words = "-".join(re.findall(r"[A-Z0-9]+", key.upper()))
    scheme = f"{SOURCE_SCHEME_PREFIX}{words}"
    if words == key.upper() and len(scheme) <= MAX_SCHEME_LENGTH:
        return scheme
    digest = hashlib.sha256(key.encode()).hexdigest()[:8].upper()
    return f"{scheme[: MAX_SCHEME_LENGTH - len(digest) - 1].rstrip('-')}-{digest}"


def _locate_drafts(drafted: OrganizationDraft, problems: list[Problem]) -> Iterator[StoredLocation]:
    for position, location in enumerate(drafted.locations):
        try:
            yield locate(location, id=str(position))
        except BadInput as refusal:
            problems += list_problems(refusal, ("locations", position))


def _parse_id(stated: object, problems: list[Problem]) -> str | None:
    if stated is None or stated == "":
        return None
    try:
        return str(UUID(str(stated)))
    except ValueError:
        refusal = BadInput("The id of an organization is a UUID; leave it out for a new one.", argument="id")
        problems += list_problems(refusal)
        return None


def _strip_text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def is_known_name(name: str, entry: StoredOrganization) -> bool:
    """Whether the record goes, or went, by this name."""
    return _name_words(name) in {_name_words(one) for one in (entry.name, *(other.name for other in entry.names))}


def _name_words(name: str) -> tuple[str, ...]:
    found = normalize_name(name)
    return found.words if found else (name,)
