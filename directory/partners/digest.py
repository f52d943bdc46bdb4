"""What changed in the organizations that a question finds: the difference of its results in two snapshots.

Everything that a digest shows is in the snapshot of today. Of the past it tells only which fields differ, how many values of a
list were dropped, and whether an organization matched.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import cast

from msgspec import Struct

from directory.fields import FIELDS, ValueForm
from directory.kinds.coalition import Coalition
from directory.publish import ChangeKind, VisibleChange
from directory.question import Question
from directory.records import Organization, RecordKind
from directory.search.snapshot import Snapshot
from directory.vocabulary.regions import REGIONS

COALITIONS = "coalitions"  # in place of a field: the organization joined or left one
# Fields that are not compared: the past state has no places, contacts and sources, and the others say nothing to a reader.
_UNCOMPARED_FIELDS = {"id", "slug", "locations", "contacts", "sources", "updated_at"}
_COMPARED_FIELDS = tuple(field for field in Organization.__struct_fields__ if field not in _UNCOMPARED_FIELDS)


class PastAndPresent(Struct, frozen=True):
    """Two snapshots of one audience, which see the same records with the same texts and places (snapshots/past_snapshot.py).

    `past` shows `moment`, without the records that are new to the audience since. `past_states` holds, by id, those organizations
    that changed since and are not new, as the audience saw them then, but without places, contacts and sources. Their texts are
    those of that time, so they may be compared, but neither shown nor searched. `changed_coalitions` are the ids of coalitions
    that changed since.
    """

    moment: dt.datetime
    past: Snapshot
    present: Snapshot
    past_states: Mapping[str, Organization]
    changed_coalitions: frozenset[str]


class DigestKind(StrEnum):
    """Why an organization is in a digest.

    NEW: the audience did not see it at the earlier moment, or not all the time since. MATCHES_NOW: it was there, but did not
    match. CHANGED: it matched then and matches now. NO_LONGER_MATCHES: it is still there, but does not match any more.
    """

    NEW = "NEW"
    MATCHES_NOW = "MATCHES_NOW"
    CHANGED = "CHANGED"
    NO_LONGER_MATCHES = "NO_LONGER_MATCHES"


class FieldChange(Struct, frozen=True):
    """A field that differs. For a list of terms, regions or coalitions: the labels that were added, how many were dropped."""

    field: str
    added_labels: tuple[str, ...] = ()  # of today
    dropped_count: int = 0


class DigestEntry(Struct, frozen=True):
    """An organization of today, and what changed in it. `changed_at`: when the audience last saw something of that change.

    `changes` may be empty: then only places, contacts or sources changed, or it is new.
    """

    kind: DigestKind
    organization: Organization
    changes: tuple[FieldChange, ...]
    changed_at: dt.datetime


class Digest(Struct, frozen=True):
    """What changed since a moment for a question.

    `entries` are in the order of DigestKind, then by name. `removed_count` is the number of organizations that the audience
    cannot see any more, `removed_at` when the last of them was removed, None if there are none. They do not depend on the
    question: otherwise questions could find out what a hidden record was about.
    """

    since: dt.datetime
    entries: tuple[DigestEntry, ...]
    removed_count: int
    removed_at: dt.datetime | None

    def list_entries(self, kind: DigestKind) -> list[DigestEntry]:
        return [entry for entry in self.entries if entry.kind is kind]


def build_digest(snapshots: PastAndPresent, question: Question, today: dt.date) -> Digest:
    """Return what changed in the result of a question. `today` is the day in UTC; both results are those of a search on it.

    Returns a digest without entries if nothing changed. Raises what `Snapshot.find` raises.
    """
    since, changes = snapshots.moment, snapshots.present.feed.iter_after(0)
    feed = [one for one in changes if one.at >= since and one.record_kind is RecordKind.ORGANIZATION]
    removals = [one.at for one in feed if one.kind is ChangeKind.REMOVED]
    last_changes = {one.record_id: one for one in feed if one.kind is not ChangeKind.REMOVED}
    entries = _Comparison(snapshots, last_changes).iter_entries(question, today)
    order = list(DigestKind)
    return Digest(
        since,
        tuple(sorted(entries, key=lambda entry: order.index(entry.kind))),
        len(removals),
        max(removals, default=None),
    )


class MembershipChange(Struct, frozen=True):
    """The names of coalitions that an organization joined, how many it left, and when the last of these coalitions changed."""

    joined_names: tuple[str, ...]
    left_count: int
    changed_at: dt.datetime


class _Comparison:
    """Compares the organizations that changed between two snapshots. `last_changes` are those of the feed, by id."""

    def __init__(self, snapshots: PastAndPresent, last_changes: Mapping[str, VisibleChange]) -> None:
        self._snapshots, self._last_changes = snapshots, last_changes
        self._memberships = _collect_memberships(snapshots)

    def iter_entries(self, question: Question, today: dt.date) -> Iterator[DigestEntry]:
        """Yield the entries by name."""
        present, past = self._snapshots.present, self._snapshots.past
        matches, past_matches = present.find(question, today).rows, past.find(question, today).rows
        rows, past_rows = present.index.rows, past.index.rows
        for row in rows.iter_by_name(rows.find_rows({*self._last_changes, *self._memberships})):
            record = rows[row]
            past_row = past_rows.find_row(record.id)
            kind = _decide_kind(row in matches, past_row is not None, past_row is not None and past_row in past_matches)
            changes = () if past_row is None else tuple(self._iter_changes(record))
            if kind is not None and (kind is not DigestKind.CHANGED or changes or self._was_edited(record.id)):
                yield DigestEntry(kind, record, changes, self._find_time(record.id))

    def _iter_changes(self, record: Organization) -> Iterator[FieldChange]:
        if state := self._snapshots.past_states.get(record.id):
            for field in _COMPARED_FIELDS:
                if getattr(state, field) != getattr(record, field):
                    yield _compare_values(field, getattr(state, field), getattr(record, field))
        if change := self._memberships.get(record.id):
            yield FieldChange(COALITIONS, change.joined_names, change.left_count)

    def _was_edited(self, identity: str) -> bool:
        change = self._last_changes.get(identity)
        return change is not None and change.kind is ChangeKind.CHANGED

    def _find_time(self, identity: str) -> dt.datetime:
        times = [change.at for change in (self._last_changes.get(identity),) if change]
        return max(times + [change.changed_at for change in (self._memberships.get(identity),) if change])


def _decide_kind(matches: bool, existed: bool, matched: bool) -> DigestKind | None:
    """Return None for an organization that neither matches nor matched."""
    if matches:
        return DigestKind.CHANGED if matched else DigestKind.MATCHES_NOW if existed else DigestKind.NEW
    return DigestKind.NO_LONGER_MATCHES if matched else None


def _compare_values(field: str, before: object, after: object) -> FieldChange:
    if field not in FIELDS or not FIELDS[field].is_list:
        return FieldChange(field)
    old, new = cast("tuple[str, ...]", before), cast("tuple[str, ...]", after)
    added = tuple(_label(field, value) for value in new if value not in old)
    return FieldChange(field, added, sum(value not in new for value in old))


def _label(field: str, value: str) -> str:
    if FIELDS[field].form is ValueForm.REGIONS:
        return REGIONS.require(value).label()
    vocabulary = FIELDS[field].vocabulary
    return vocabulary.require(value).label() if vocabulary else value


def _collect_memberships(snapshots: PastAndPresent) -> dict[str, MembershipChange]:
    """Return the organizations that joined or left one of the coalitions that changed, by id."""
    present, past = snapshots.present, snapshots.past
    changes: dict[str, MembershipChange] = {}
    view = present.views[RecordKind.COALITION].index.rows
    for row in view.iter_by_name(view.find_rows(snapshots.changed_coalitions)):
        coalition = cast("Coalition", view[row])
        past_coalition = cast("Coalition | None", past.get_record(RecordKind.COALITION, coalition.id))
        members, past_members = set(coalition.member_ids), set(past_coalition.member_ids if past_coalition else ())
        for identity in members ^ past_members:
            known = changes.get(identity) or MembershipChange((), 0, coalition.updated_at)
            joined = (*known.joined_names, coalition.name) if identity in members else known.joined_names
            left_count = known.left_count + (identity in past_members)
            changes[identity] = MembershipChange(joined, left_count, max(known.changed_at, coalition.updated_at))
    return changes
