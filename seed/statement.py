"""A statement: what a row says of an organization, checked, its places located, before anybody asks whom it is about."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping
from uuid import UUID

from msgspec import Struct

from directory.drafts import OrganizationDraft, draft, entry
from directory.errors import BadInput
from directory.geocode import locate
from directory.problems import Problem
from directory.records import OWN_SCHEME, Entry, Site
from seed.rows import Row

NOBODY = "00000000-0000-0000-0000-000000000000"  # stands for the id until it is known
NO_NAME = "?"  # stands for the name of a row that states none; a new record needs one
LONGEST_SCHEME = 30  # characters that a scheme of identifiers may have
NEW = "new"  # in `same_as`: a person has decided that nobody here is meant

_BESIDE = ("id", "same_as")  # what a row may state that is no field of a draft
_NEEDED = ("kind", "membership", "audience")  # cleared, they fall back to what a draft has without them


class Statement(Struct, frozen=True):
    """`said` is what the row states as an Entry of NOBODY, `fields` those of its fields that are stated; the others mean nothing.

    `weak` are fields that count only where nobody else has stated them (Row.defaults). `id` is the one that the row gives.
    """

    row: Row
    draft: OrganizationDraft
    said: Entry
    fields: frozenset[str]
    weak: frozenset[str]
    id: str | None
    same_as: str | None

    @property
    def names_it(self) -> bool:
        return "name" in self.fields


def statement(row: Row, *, key: str, today: dt.date) -> Statement:
    """What the row of the dataset with that key states. Raises BadInput with every problem, those found on the way included."""
    found = list(row.problems)
    weak = {name: value for name, value in row.defaults.items() if name not in row.stated}
    fields = {**weak, **{name: value for name, value in row.stated.items() if name not in _BESIDE}}
    drafted = _drafted(_with_own_number(fields, row, key), today, found)
    sites = tuple(_located(drafted, found)) if drafted else ()
    id = _id(row.stated.get("id"), found)  # noqa: A001
    if found or drafted is None:
        raise BadInput("This row cannot be used as it is.", problems=found)
    said = entry(drafted, id=NOBODY, slug=drafted.slug or "", sites=sites)
    stated = {"sites" if name == "locations" else name for name in fields}
    stated |= {"identifiers"} if row.source_id else set()
    return Statement(row, drafted, said, frozenset(stated - {"slug"}), frozenset(weak), id, _text(row.stated.get("same_as")))


def problems_of(refusal: BadInput, path: tuple[str | int, ...] = ()) -> tuple[Problem, ...]:
    """The problems that a refusal carries, or the refusal itself as one."""
    several = refusal.params.get("problems")
    if isinstance(several, list):
        return tuple(several)
    argument = refusal.params.get("argument")
    where = (*path, argument) if isinstance(argument, str) else path
    return (Problem(where, refusal.code, refusal.sentence, {**refusal.params}),)


def _drafted(fields: Mapping[str, object], today: dt.date, found: list[Problem]) -> OrganizationDraft | None:
    kept = {name: value for name, value in fields.items() if value is not None or name not in _NEEDED}
    lists = {name: [] if value is None and name in _LISTS else value for name, value in kept.items()}
    try:
        return draft({"name": NO_NAME, **lists}, today=today)
    except BadInput as refusal:
        found += problems_of(refusal)
        return None


_LISTS = frozenset(name for name, field in OrganizationDraft.model_fields.items() if field.default == ())


def _with_own_number(fields: Mapping[str, object], row: Row, key: str) -> Mapping[str, object]:
    """The source's own number of the record joins the identifiers, so that the next import finds the record by it."""
    if row.source_id is None:
        return fields
    own = {"scheme": own_scheme(key), "value": row.source_id}
    listed = fields.get("identifiers") or []
    return {**fields, "identifiers": [*listed, own]} if isinstance(listed, list | tuple) else fields


def own_scheme(key: str) -> str:
    """The scheme of the numbers of the source with that key; a digest stands for what of the key does not go into one."""
    words = "-".join(re.findall(r"[A-Z0-9]+", key.upper()))
    scheme = f"{OWN_SCHEME}{words}"
    if words == key.upper() and len(scheme) <= LONGEST_SCHEME:
        return scheme
    digest = hashlib.sha256(key.encode()).hexdigest()[:8].upper()
    return f"{scheme[: LONGEST_SCHEME - len(digest) - 1].rstrip('-')}-{digest}"


def _located(drafted: OrganizationDraft, found: list[Problem]) -> Iterator[Site]:
    for position, location in enumerate(drafted.locations):
        try:
            yield locate(location, id=str(position))
        except BadInput as refusal:
            found += problems_of(refusal, ("locations", position))


def _id(stated: object, found: list[Problem]) -> str | None:
    if stated is None or stated == "":
        return None
    try:
        return str(UUID(str(stated)))
    except ValueError:
        refusal = BadInput("The id of an organization is a UUID; leave it out for a new one.", argument="id")
        found += problems_of(refusal)
        return None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
