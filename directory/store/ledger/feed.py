"""The change feed of each audience: number the changes that it sees, and read them again.

A change of the ledger carries its own numbers. `seen` has the rest: what an audience saw as another kind of change (a hidden
record is removed for the public, but changed for staff), and records that look different without a change of their own. Both
tables only grow.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

from msgspec import Struct
from sqlalchemy import Connection, insert, select, union_all

from directory.publish import ChangeKind, VisibleChange
from directory.records import Audience, RecordKind
from directory.store.database.bulk import AnyUnion, execute_many, stream_rows
from directory.store.ledger.change_log import PendingChange
from directory.store.ledger.edits import LedgerKind
from directory.store.ledger.visible_changes import AudienceChange
from directory.store.records.tables import FEED_COLUMNS, changes, feed_exceptions, revisions

_KIND_IN_FEED = {
    LedgerKind.CREATED.value: ChangeKind.ADDED,
    LedgerKind.CHANGED.value: ChangeKind.CHANGED,
    LedgerKind.REMOVED.value: ChangeKind.REMOVED,
}
_RECORD_KIND_BY_VALUE = {kind.value: kind for kind in RecordKind}
_CHANGE_KIND_BY_VALUE = _KIND_IN_FEED | {kind.value: kind for kind in ChangeKind}


class NumberedChanges(Struct, frozen=True):
    """The changes of a write with their numbers in the feeds.

    `all` holds every change with its number. `own_numbers` are those of changes that an audience sees as what they are, by
    record id, and `exceptions` all others. `counters` are the numbers of the last changes.
    """

    all: list[tuple[AudienceChange, int]]

    own_numbers: dict[str, dict[Audience, int]]
    exceptions: list[tuple[AudienceChange, int]]
    counters: dict[Audience, int]


def number_changes(
    audience_changes: Iterable[AudienceChange], pending: Iterable[PendingChange], counters: Mapping[Audience, int]
) -> NumberedChanges:
    """Number the changes that audiences see from `counters` on. `pending` are the changes of the write."""
    kinds = {change.id: _KIND_IN_FEED[change.kind.value] for change in pending}
    numbered = NumberedChanges([], {}, [], dict(counters))
    for change in audience_changes:
        numbered.counters[change.audience] += 1
        number = numbered.counters[change.audience]
        numbered.all.append((change, number))
        if kinds.get(change.record_id) is change.kind:
            numbered.own_numbers.setdefault(change.record_id, {})[change.audience] = number
        else:
            numbered.exceptions.append((change, number))
    return numbered


def list_visible_changes(numbered: NumberedChanges, changed_at: datetime) -> dict[Audience, list[VisibleChange]]:
    """Return the numbered changes of a write as `load_visible_changes` returns them."""
    visible_changes: dict[Audience, list[VisibleChange]] = {audience: [] for audience in Audience}
    for change, number in numbered.all:
        visible = VisibleChange(number, changed_at.replace(microsecond=0), change.kind, change.record_id, change.record_kind)
        visible_changes[change.audience].append(visible)
    return visible_changes


def append_exceptions(connection: Connection, exceptions: Sequence[tuple[AudienceChange, int]], revision: int) -> None:
    """Append the rows of what the numbers in `changes` do not cover. Executes nothing if there is nothing."""
    rows = [
        {
            "revision": revision,
            "record_kind": change.record_kind.value,
            "record_id": change.record_id,
            "audience": change.audience.value,
            "seq": number,
            "kind": change.kind.value,
        }
        for change, number in exceptions
    ]
    execute_many(connection, insert(feed_exceptions), rows)


def load_visible_changes(connection: Connection, audience: Audience, since_revision: int) -> list[VisibleChange]:
    """Return the last change of each record that the audience could see after that revision, oldest first.

    Times are cut to whole seconds. With microseconds they would identify the write, and so reveal which records changed together.
    """
    times = _load_times(connection, since_revision)
    last_rows: dict[str, tuple[int, int, str, str]] = {}
    for number, revision, kind, record_id, record_kind in stream_rows(connection, _select_feed(audience, since_revision)):
        if record_id not in last_rows or last_rows[record_id][0] < number:
            last_rows[record_id] = number, revision, kind, record_kind
    return [
        VisibleChange(number, times[revision], _CHANGE_KIND_BY_VALUE[kind], record_id, _RECORD_KIND_BY_VALUE[record_kind])
        for record_id, (number, revision, kind, record_kind) in sorted(last_rows.items(), key=itemgetter(1))
        if revision in times  # otherwise the database is damaged, which the consistency check reports
    ]


def _load_times(connection: Connection, since_revision: int) -> dict[int, datetime]:
    query = select(revisions.c.revision, revisions.c.at).where(revisions.c.revision > since_revision)
    return {revision: at.replace(microsecond=0) for revision, at in connection.execute(query)}


def _select_feed(audience: Audience, since_revision: int) -> AnyUnion:
    """Select the number, revision, kind and record of everything that the audience saw change."""
    change, exception = changes.c, feed_exceptions.c
    number = change[FEED_COLUMNS[audience]]
    own = select(number, change.revision, change.kind, change.record_id, change.record_kind)
    exceptions = select(exception.seq, exception.revision, exception.kind, exception.record_id, exception.record_kind)
    own, exceptions = own.where(number.is_not(None)), exceptions.where(exception.audience == audience.value)
    if since_revision:  # without this condition, the index of the feed is read instead of all states in the ledger
        own, exceptions = own.where(change.revision > since_revision), exceptions.where(exception.revision > since_revision)
    return union_all(own, exceptions)
