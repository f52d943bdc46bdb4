"""The values that go into a write and come out of the ledger: edits, receipts, the head, revisions and changes."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from directory.kinds import get_kind
from directory.publish import VisibleChange
from directory.records import Audience, RecordKind, StoredRecord
from directory.vocabulary.slugs import is_private_slug

KEY_BYTES = 32
IMPORT_ACTOR = "directory seed"  # prefix of the actor of every import, and of no other actor
UNDO_ACTOR = "directory undo"  # prefix of the actor of every undo, and of no other actor


class RecordId(NamedTuple):
    """What identifies a record. Ids are unique across kinds; the kind says where the record is stored."""

    kind: RecordKind
    id: str


class Put(Struct, frozen=True):
    """Create the record if its id is new, else replace the stored one.

    A location whose `private` is None keeps the private place stored under its id, in this record or in one that the same write
    merges into it. An empty PrivatePlace() removes the private place.

    `if_revision` is the revision at which the caller read the record; 0 means that the record must not exist, None that any
    revision will do. It gets the slug of the submitted record, or a private slug if it is not public (see
    store/records/slug_assignment.py). With `allow_other_slug` it gets another one if the slug is taken; with `keep_current_slug`
    an existing record keeps its slug. A hidden record stays hidden, even if it was removed and is created again, unless
    `override_hiding` is set.
    """

    record: StoredRecord
    if_revision: int | None = None
    allow_other_slug: bool = False
    keep_current_slug: bool = False
    override_hiding: bool = False

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def kind(self) -> RecordKind:
        return get_kind(self.record).name


class Remove(Struct, frozen=True):
    """Remove the record. Its history stays in the ledger. `if_revision` works as in Put.

    If the record is a duplicate, `survivor_id` is the id of the record of its kind to merge it into: its slugs and its id lead
    there from now on. Without a survivor its slugs become free. `restores_merge` says that the record had been merged before;
    then its survivor need not exist any more.
    """

    id: str
    if_revision: int | None = None
    survivor_id: str | None = None
    restores_merge: bool = False
    kind: RecordKind = RecordKind.ORGANIZATION


Edit = Put | Remove


class Network(Struct, frozen=True):
    """The network that runs the directory: the id of its own record, if it has one, and whether all records are fictional."""

    organization_id: str | None = None
    fictional: bool = False


class EditOutcome(StrEnum):
    CREATED = "CREATED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"
    REMOVED = "REMOVED"


class LedgerKind(StrEnum):
    """What a row of the ledger records.

    NETWORK is a change of the Network and has no record. ERASED removed private parts from a record's history.
    """

    CREATED = "CREATED"
    CHANGED = "CHANGED"
    REMOVED = "REMOVED"
    ERASED = "ERASED"
    NETWORK = "NETWORK"


class EditResult(Struct, frozen=True):
    id: str
    outcome: EditOutcome


class Receipt(Struct, frozen=True):
    """What a write did.

    `revision` is the directory's revision after the write; a write that changes nothing does not raise it. `results` are in the
    order of the edits. `written_revision` is only set if it was asked for and something has changed. `decision_count` is the
    number of decisions (removal_decisions.py) that were not known before.
    """

    revision: int
    results: tuple[EditResult, ...]
    written_revision: "WrittenRevision | None" = None
    decision_count: int = 0

    def count(self, outcome: EditOutcome) -> int:
        return sum(result.outcome is outcome for result in self.results)


def generate_key() -> bytes:
    """Return a random key for the head."""
    return secrets.token_bytes(KEY_BYTES)


class Head(Struct, frozen=True):
    """The current state of the directory.

    `revision` is the number of the last change, for staff only. `visible_change_counts` counts the changes that each audience
    could see. `key` (KEY_BYTES random bytes, created with the database) keys the hashes that hide both numbers from clients.
    """

    revision: int
    visible_change_counts: dict[Audience, int]
    key: bytes
    network_id: str | None
    fictional: bool


class KeyTargets(Struct, frozen=True):
    """Where the slugs of each kind (`slugs`) and ids of merged records (`merged_ids`) lead one audience: to ids of records.

    See `ReadTransaction.load_key_targets`.
    """

    slugs: Mapping[RecordKind, Mapping[str, str]]
    merged_ids: Mapping[str, str]


class WrittenRevision(Struct, frozen=True):
    """What snapshots need to follow a write without reading the store.

    `head` is the state after the write. `ids` are the records that changed or look different to an audience, and `records` those
    of them that still exist, as `ReadTransaction.load_records` returns them. `visible_changes` are the new ones of
    each audience, oldest first. `key_targets` are None if no slug and no merged id leads elsewhere than before.
    """

    head: Head
    ids: tuple[RecordId, ...]
    records: tuple[StoredRecord, ...]
    visible_changes: Mapping[Audience, Sequence[VisibleChange]]
    key_targets: Mapping[Audience, KeyTargets] | None


class ChangedRecords(Struct, frozen=True):
    """The head, and the records that changed, or look different to an audience, since a revision."""

    head: Head
    ids: tuple[RecordId, ...]


class Revision(Struct, frozen=True):
    """Who made a revision, when and why. `counts` is its number of rows of each kind."""

    revision: int
    changed_at: dt.datetime
    actor: str
    reason: str
    counts: dict[LedgerKind, int]


class Viewing(Struct, frozen=True):
    """A revision in which somebody looked at the private streets of a record. It changed nothing."""

    revision: int
    viewed_at: dt.datetime
    actor: str
    reason: str


class Change(Struct, frozen=True):
    """A row of the ledger.

    `before` and `after` include private parts, unless those were erased (`is_erased`). `merged_into` is the id of the record that
    a removed record was merged into, or that a created record had been merged into until then. `record_kind` and `record_id` are
    None for a change of the network.
    """

    revision: int
    changed_at: dt.datetime
    actor: str
    reason: str
    kind: LedgerKind
    before: StoredRecord | None
    after: StoredRecord | None
    is_erased: bool
    record_kind: RecordKind | None
    record_id: str | None
    merged_into: str | None

    @property
    def id(self) -> str:
        """The record's id. Must not be used on a change of the network."""
        assert self.record_id is not None  # noqa: S101 - required of the caller
        return self.record_id

    @property
    def is_ignored_by_undo(self) -> bool:
        """Whether undo skips the change, because it only hid a record, showed it again, or gave it a private slug."""
        if self.before is None or self.after is None:
            return False
        before, after = self.before, self.after
        expected = replace(before, hidden_since=after.hidden_since, hidden_until=after.hidden_until, slug=after.slug)
        changes_hiding = (before.hidden_since, before.hidden_until) != (after.hidden_since, after.hidden_until)
        has_private_slug = after.effective_audience is not Audience.PUBLIC and is_private_slug(after.slug)
        return expected == after and (changes_hiding or has_private_slug)
