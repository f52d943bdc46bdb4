"""Hide a record from everyone except staff in an emergency.

Hiding is separate from the record's audience. Edits, imports, merges and undos do not end it. It ends with `unhide`, or on the
day that was set when the record was hidden. The record then has the audience that is stored in it at that time.

The end of a hiding is a change in the ledger, made by whichever server notices it first. If it were computed from each process's
clock, versions and ETags would not change with it. If no server can write, the record stays hidden.
"""

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from directory.curation.record_keys import find_record, format_key
from directory.errors import BadInput
from directory.kinds import get_kind
from directory.kinds.instrument import StoredInstrument, StoredProvision
from directory.live import Directory
from directory.records import Audience, RecordKind, StoredRecord
from directory.store.ledger.edits import Put, Receipt, RecordId
from directory.store.read_transaction import ReadTransaction
from directory.store.records.references import find_referrers
from directory.store.store import Store

END_TIME = dt.time(12)  # UTC, on the day a hiding ends: by then that day has begun everywhere on earth
HIDE_ACTOR = "directory hide"
UNHIDE_ACTOR = "directory unhide"
END_ACTOR = "directory: hiding ended"


class HidingChange(Struct, frozen=True):
    """The result of `hide` or `unhide`: the record before the change, its slug and the directory's revision after it.

    `provision_count` is the number of provisions that were hidden or shown with their instrument.
    """

    entry: StoredRecord
    slug: str
    revision: int
    provision_count: int = 0

    @property
    def key(self) -> str:
        """The key that finds the record now (record_keys.py)."""
        return format_key(self.entry, self.slug)


class HiddenRecord(Struct, frozen=True):
    """A hidden record and its key. `hidden_until` is None if it is hidden without an end."""

    key: str
    name: str
    hidden_since: dt.datetime
    hidden_until: dt.date | None


def hide(directory: Directory, key: str, *, now: dt.datetime, until: dt.date | None = None, reason: str = "") -> HidingChange:
    """Hide the record with this key (record_keys.py). A hidden record can be hidden for longer.

    `until`: the day on which the record is shown again, at END_TIME; None: hide it without an end. Raises NotFound for an unknown
    key, and BadInput if the day is not in the future or the record is already hidden for at least as long.
    """
    if until is not None and until <= now.astimezone(dt.UTC).date():
        sentence = (
            f"{until} is not in the future. Enter a later day, or leave out --until to hide the record until you unhide it."
        )
        raise BadInput(sentence, argument="until", value=until.isoformat())
    hidden: list[StoredRecord] = []

    def edits(reading: ReadTransaction) -> Sequence[Put]:
        entry = find_record(reading, key)
        hidden[:] = [entry]
        _require_longer(entry, until)
        own = [one for one in _load_provisions(reading, entry) if one.hidden_since in (None, entry.hidden_since)]
        since = entry.hidden_since or now
        return [Put(replace(one, hidden_since=since, hidden_until=until), override_hiding=True) for one in (entry, *own)]

    receipt = directory.write(edits, actor=HIDE_ACTOR, now=now, reason=reason or "hidden in an emergency")
    return _build_hiding_change(directory.store, hidden[0], receipt)


def unhide(directory: Directory, key: str, *, now: dt.datetime, reason: str = "") -> HidingChange:
    """Show the hidden record with this key to its audience again, under its former slug if that is free.

    Raises NotFound for an unknown key, BadInput for a record that is not hidden.
    """
    unhidden: list[StoredRecord] = []

    def edits(reading: ReadTransaction) -> Sequence[Put]:
        entry = find_record(reading, key)
        unhidden[:] = [entry]
        if not entry.is_hidden:
            sentence = f"{entry.slug} is not hidden; its audience is {entry.audience}."
            raise BadInput(sentence, argument="organization", organization=entry.slug)
        own = [one for one in _load_provisions(reading, entry) if one.hidden_since == entry.hidden_since]
        return [_build_unhide(reading, one) for one in (entry, *own)]

    receipt = directory.write(edits, actor=UNHIDE_ACTOR, now=now, reason=reason or "no longer hidden")
    return _build_hiding_change(directory.store, unhidden[0], receipt)


def end_expired_hidings(directory: Directory, now: dt.datetime) -> int:
    """End every hiding whose day has come, and return their number. Several processes can call it at the same time."""
    day = (now.astimezone(dt.UTC) - dt.timedelta(hours=END_TIME.hour)).date()
    with directory.store.begin_read() as reading:
        if not reading.list_ids_hidden_until(day):
            return 0

    def edits(reading: ReadTransaction) -> Sequence[Put]:
        return [_build_unhide(reading, entry) for entry in reading.load_records_of(reading.list_ids_hidden_until(day))]

    return len(directory.write(edits, actor=END_ACTOR, now=now, reason="the day set with --until was reached").results)


def list_hidden_records(store: Store) -> list[HiddenRecord]:
    """Return all hidden records, the earliest hidden first."""
    with store.begin_read() as reading:
        entries = list(reading.load_records_of(reading.list_hidden_ids()))
    records = [
        HiddenRecord(format_key(entry), entry.name, entry.hidden_since, entry.hidden_until)
        for entry in entries
        if entry.hidden_since
    ]
    return sorted(records, key=lambda record: (record.hidden_since, record.key))


def _load_provisions(reading: ReadTransaction, entry: StoredRecord) -> list[StoredRecord]:
    """Return the provisions of an instrument, which are hidden and shown with it: their slugs and texts may name it."""
    if not isinstance(entry, StoredInstrument):
        return []
    referrers = find_referrers(reading.connection, [RecordId(RecordKind.INSTRUMENT, entry.id)])
    return [one for one in reading.load_records_of(sorted(referrers)) if isinstance(one, StoredProvision)]


def _require_longer(entry: StoredRecord, until: dt.date | None) -> None:
    is_longer = entry.hidden_until is not None and (until is None or until > entry.hidden_until)
    if not entry.is_hidden or is_longer:
        return
    ends = f"until {entry.hidden_until}. To hide it for longer, enter a later day" if entry.hidden_until else "with no end date"
    sentence = f"{entry.slug} is already hidden, {ends}. To show it again, run: directory unhide {format_key(entry)}"
    raise BadInput(sentence, argument="organization", organization=entry.slug)


def _build_unhide(reading: ReadTransaction, entry: StoredRecord) -> Put:
    slug = _find_former_slug(reading, entry) if entry.audience is Audience.PUBLIC else entry.slug
    return Put(replace(entry, hidden_since=None, hidden_until=None, slug=slug), allow_other_slug=True, override_hiding=True)


def _find_former_slug(reading: ReadTransaction, entry: StoredRecord) -> str:
    """Return the public slug the record had when it was hidden, or its current slug if it had none."""
    for change in reversed(reading.load_history(entry.id)):
        before = change.before
        if before is not None and not before.is_hidden and change.after is not None and change.after.is_hidden:
            return before.slug if before.audience is Audience.PUBLIC else entry.slug
    return entry.slug


def _build_hiding_change(store: Store, before: StoredRecord, receipt: Receipt) -> HidingChange:
    with store.begin_read() as reading:
        after = next(reading.load_records_of([RecordId(get_kind(before).name, before.id)]), before)
    return HidingChange(before, after.slug, receipt.revision, len(receipt.results) - 1)
