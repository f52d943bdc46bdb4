"""Summarize a revision for the person who made it: what changed, what is public now that was not before, what stays private.

Everything is computed from what `publish` gives before and after, by today's rules, so it is also right for places that a theme
makes coarser and for records that are hidden.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from directory.curation.undo import may_be_undone, require_revision
from directory.geo import Disclosure, Precision
from directory.kinds import get_kind, publish_record
from directory.published_places import determine_disclosure
from directory.records import Audience, Contact, Location, PublishedRecord, StoredRecord
from directory.store.ledger.edits import Change, LedgerKind
from directory.store.read_transaction import ReadTransaction

MAX_NAMES = 100  # records named for each part; the count is exact

RECORDS = "records"  # the part that stands for whole records
_UNREPORTED_FIELDS = frozenset({"id", "slug", "updated_at", "sources", "locations", "contacts"})
_PLACE_LABELS = {
    Precision.EXACT: "places with their exact point",
    Precision.POSTAL_CODE: "places as their ZIP code",
    Precision.CITY: "places as their city",
    Precision.COUNTY: "places as their county",
    Precision.STATE: "places as their state",
    Precision.UNKNOWN: "places as their state or country only",
}
_STREETS = "places with their street"
_PUBLIC_CONTACTS = {True: "contacts of named people", False: "contacts of offices"}
_PRIVATE_CONTACTS = {Audience.MEMBERS: "contacts for members only", Audience.STAFF: "contacts for staff only"}
_PRIVATE_RECORDS = {Audience.MEMBERS: "records for members only", Audience.STAFF: "records for staff only"}
_PRIVATE_STREETS = "streets and exact points"
_ORDERED_LABELS = (RECORDS, *_PRIVATE_RECORDS.values(), _STREETS, *_PLACE_LABELS.values(), *_PUBLIC_CONTACTS.values())
_ORDER = {label: position for position, label in enumerate(_ORDERED_LABELS)}


class RecordName(Struct, frozen=True):
    slug: str
    name: str


class SummaryPart(Struct, frozen=True):
    """A part of records, such as "places as their city", or records with the same fate.

    `count` counts records, and `records` names the first MAX_NAMES of them. `is_main` parts are places, contacts, texts and whole
    records; the others are details such as themes and links.
    """

    label: str
    count: int
    records: tuple[RecordName, ...]
    is_main: bool = True


class RevisionSummary(Struct, frozen=True, kw_only=True):
    """Who changed what, when and why. `public` is what everyone can see since then, and `private` what they cannot.

    `may_be_undone` is False if undo never reverses such a revision, for example one that only hid a record.
    """

    revision: int
    changed_at: dt.datetime
    actor: str
    reason: str
    changes: tuple[SummaryPart, ...]  # "created", "changed", "removed", as far as there are any
    public: tuple[SummaryPart, ...]
    private: tuple[SummaryPart, ...]
    may_be_undone: bool = True

    @property
    def undo_command(self) -> str:
        return f"directory undo {self.revision}"


def summarize_revision(reading: ReadTransaction, revision: int) -> RevisionSummary:
    """Return the summary of a revision. Raises NotFound if the ledger has no such revision."""
    details = require_revision(reading, revision)
    all_changes = reading.load_changes(revision)
    changes = [change for change in all_changes if change.before is not None or change.after is not None]
    changed, public, private = _PartCounter(), _PartCounter(), _PartCounter()
    sees_before, sees_after = _build_visibility_tests(reading, changes)
    for change in changes:
        name = _name_record(change)
        changed.add(_label_change(change), name)
        before = _publish(change.before, change.changed_at, sees_before)
        after = _publish(change.after, change.changed_at, sees_after)
        if after is not None:
            for label, is_main in dict.fromkeys(_list_new_parts(before, after)):
                public.add(label, name, is_main=is_main)
        for label in dict.fromkeys(_list_private_parts(change)):
            private.add(label, name)
    return RevisionSummary(
        revision=revision,
        changed_at=details.changed_at,
        actor=details.actor,
        reason=details.reason,
        changes=changed.parts,
        public=public.parts,
        private=private.parts,
        may_be_undone=may_be_undone(all_changes),
    )


class _PartCounter:
    """Counts the records of each part and remembers the first names."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, bool], list[RecordName]] = {}
        self._counts: dict[tuple[str, bool], int] = {}

    def add(self, label: str, name: RecordName, *, is_main: bool = True) -> None:
        key = label, is_main
        self._counts[key] = self._counts.get(key, 0) + 1
        names = self._names.setdefault(key, [])
        if len(names) < MAX_NAMES:
            names.append(name)

    @property
    def parts(self) -> tuple[SummaryPart, ...]:
        """The parts, main ones first: records, places from exact to vague, contacts, texts; the others in the order of fields."""
        ordered = sorted(self._counts.items(), key=lambda part: (not part[0][1], _ORDER.get(part[0][0], len(_ORDER))))
        return tuple(SummaryPart(label, count, tuple(self._names[label, main]), main) for (label, main), count in ordered)


def _build_visibility_tests(
    reading: ReadTransaction, changes: Sequence[Change]
) -> tuple[Callable[[str], bool], Callable[[str], bool]]:
    """Return tests for the ids that everyone sees before and after. Records that did not change count as they are now."""
    now = reading.load_audiences()
    before = {**now, **{change.id: change.before.effective_audience for change in changes if change.before}}
    after = {**now, **{change.id: change.after.effective_audience for change in changes if change.after}}
    created = {change.id for change in changes if change.before is None}
    return (
        lambda record_id: record_id not in created and before.get(record_id) is Audience.PUBLIC,
        lambda record_id: after.get(record_id) is Audience.PUBLIC,
    )


def _publish(record: StoredRecord | None, at: dt.datetime, is_visible: Callable[[str], bool]) -> PublishedRecord | None:
    return publish_record(record, Audience.PUBLIC, at, is_visible) if record is not None else None


def _name_record(change: Change) -> RecordName:
    record = change.after or change.before
    assert record is not None  # noqa: S101 - the caller leaves out changes without records
    return RecordName(record.slug, record.name)


def _label_change(change: Change) -> str:
    if change.kind is LedgerKind.REMOVED and change.merged_into:
        return "merged into another"
    return change.kind.value.lower()


def _list_new_parts(before: PublishedRecord | None, after: PublishedRecord) -> Iterator[tuple[str, bool]]:
    """Yield the label of each part that only `after` shows, and whether it is a main one."""
    if before is None:
        yield RECORDS, True
    for label in _list_new_places(before, after):
        yield label, True
    old_contacts: Sequence[Contact] = getattr(before, "contacts", ())
    for contact in getattr(after, "contacts", ()):
        if contact not in old_contacts:
            yield _PUBLIC_CONTACTS[contact.name is not None], True
    unreported = _UNREPORTED_FIELDS | ({"name"} if before is None else set())
    defaults = _list_defaults(type(after))
    texts = {"name", *(name for name, one in get_kind(after).fields.items() if one.is_text)}
    for field in after.__struct_fields__:
        old = getattr(before, field) if before else defaults.get(field)
        if field not in unreported and _adds_something(old, getattr(after, field)):
            yield field.replace("_", " "), field in texts


@cache
def _list_defaults(struct: type[PublishedRecord]) -> Mapping[str, object]:
    """Return the values of fields that say nothing about a new record, such as no founding year."""
    return {field.name: field.default for field in msgspec.structs.fields(struct) if field.default is not msgspec.NODEFAULT}


def _list_new_places(before: PublishedRecord | None, after: PublishedRecord) -> Iterator[str]:
    old = {_describe_place(place) for place in before.locations} if before else set()
    for place in after.locations:
        if _describe_place(place) not in old:
            has_street = place.address is not None and place.address.street is not None
            yield _STREETS if has_street else _PLACE_LABELS[place.precision]


def _describe_place(place: Location) -> tuple[object, ...]:
    """Return what people see of the place, without its id, which follows from its position."""
    return place.precision, place.name, place.address, place.point


def _adds_something(before: Any, after: Any) -> bool:
    if isinstance(after, tuple):
        return any(item not in (before or ()) for item in after)
    return after not in (None, False, "", before)


def _list_private_parts(change: Change) -> Iterator[str]:
    """Yield the label of each part that the change added and that not everyone sees."""
    before, after = change.before, change.after
    if after is None:
        return
    if after.effective_audience is not Audience.PUBLIC and (
        before is None or before.effective_audience is not after.effective_audience
    ):
        yield _PRIVATE_RECORDS[after.effective_audience]
    old_contacts = before.contacts if before else ()
    for contact in after.contacts:
        if contact not in old_contacts and contact.audience is not Audience.PUBLIC:
            yield _PRIVATE_CONTACTS[contact.audience]
    old_sites = before.sites if before else ()
    for site in after.sites:
        has_private = site.private is not None and (site.private.street is not None or site.private.point is not None)
        if site not in old_sites and has_private and determine_disclosure(site, after.issue_areas) is not Disclosure.EXACT:
            yield _PRIVATE_STREETS
